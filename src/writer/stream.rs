//! An answer as it comes: server-sent events, each with a piece of the text, `[DONE]` at the end.

use reqwest::{Response, StatusCode};
use serde::Deserialize;

/// The most bytes that are read of an answer.
const MOST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamError {
    /// It took too long.
    Late,
    /// They say that we ask too much.
    TheirLimit,
    /// Anything else; what exactly is nobody's secret, but may hold one.
    Failed,
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    /// Tokens of question and answer, where they were told.
    pub(super) tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Piece {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
}

#[derive(Default, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    total_tokens: u64,
}

/// Reads an answer to its end. One that is cut off is none.
pub(super) async fn read(sent: Result<Response, reqwest::Error>) -> Result<Answer, StreamError> {
    let trouble = |e: reqwest::Error| {
        if e.is_timeout() {
            StreamError::Late
        } else {
            StreamError::Failed
        }
    };
    let mut response = sent.map_err(trouble)?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::TOO_MANY_REQUESTS | StatusCode::PAYMENT_REQUIRED => {
            return Err(StreamError::TheirLimit);
        }
        _ => return Err(StreamError::Failed),
    }
    let (mut answer, mut pending, mut total) = (Answer::default(), Vec::new(), 0);
    while let Some(bytes) = response.chunk().await.map_err(trouble)? {
        total += bytes.len();
        if total > MOST {
            return Err(StreamError::Failed);
        }
        pending.extend_from_slice(&bytes);
        while let Some(end) = pending.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            if take(&line, &mut answer)? {
                return Ok(answer);
            }
        }
    }
    Err(StreamError::Failed)
}

/// One line. Whether it was the last.
fn take(line: &[u8], answer: &mut Answer) -> Result<bool, StreamError> {
    let line = std::str::from_utf8(line).map_err(|_| StreamError::Failed)?;
    let Some(data) = line.trim().strip_prefix("data:") else {
        return Ok(false);
    };
    let data = data.trim();
    if data == "[DONE]" {
        return Ok(true);
    }
    let piece: Piece = serde_json::from_str(data).map_err(|_| StreamError::Failed)?;
    for choice in piece.choices {
        answer.text += choice.delta.content.as_deref().unwrap_or_default();
    }
    if let Some(usage) = piece.usage {
        answer.tokens = Some(usage.total_tokens);
    }
    Ok(false)
}
