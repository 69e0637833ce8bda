//! An open line to the program, as its pages have one.

use futures_util::StreamExt;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

/// An open WebSocket.
pub(crate) type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// The next frame that says something.
pub(crate) async fn next(socket: &mut Socket) -> Value {
    loop {
        if let Message::Text(text) = socket
            .next()
            .await
            .expect("the line stays")
            .expect("a frame")
        {
            return serde_json::from_str(&text).expect("JSON");
        }
    }
}
