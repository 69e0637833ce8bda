//! An open line to the program, as its pages have one.

use crate::house::House;
use futures_util::StreamExt;
use serde_json::Value;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

/// An open WebSocket.
pub(crate) type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// The desk's feed, as that token opens it.
pub(crate) async fn open_feed(house: &House, token: &str, query: &str) -> Socket {
    let mut request = format!("{}/api/v1/events{query}", house.url.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    tokio_tungstenite::connect_async(request)
        .await
        .expect("a line")
        .0
}

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
