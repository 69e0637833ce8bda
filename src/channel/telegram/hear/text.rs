//! Words of a message as they read at the desk: with the links that hide behind them, and those of rich messages, polls
//! and checklists.
//!
//! Offsets are Telegram's, in UTF-16 units. They are looked up here and not by the library, which panics where one is
//! wrong.

use serde_json::Value;
use std::ops::Range;

/// Longest text that is made of one message, in characters, as elsewhere.
const LONGEST: usize = 16_384;
/// Longest link that is shown, in characters.
const LONGEST_LINK: usize = 2_048;
/// How deep parts of a rich message are followed.
const DEEPEST: usize = 32;

/// The piece of the text that an entity is about, in bytes. None where its offsets do not fit the text.
pub(super) fn range(text: &str, entity: &Value) -> Option<Range<usize>> {
    let offset = usize::try_from(entity["offset"].as_u64()?).ok()?;
    let length = usize::try_from(entity["length"].as_u64()?).ok()?;
    let end = offset.checked_add(length)?;
    let mut units = 0;
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        if units == offset {
            start = Some(at);
        }
        if units == end {
            return Some(start?..at);
        }
        units += c.len_utf16();
    }
    None
}

/// The text, with each link that hides behind words in brackets after them.
pub(super) fn with_links(text: &str, entities: &Value) -> String {
    let mut links: Vec<(usize, &str)> = entities
        .as_array()
        .into_iter()
        .flatten()
        .filter(|e| e["type"] == "text_link")
        .filter_map(|e| {
            let range = range(text, e)?;
            let url = e["url"].as_str()?;
            (!says_the_same(&text[range.clone()], url)).then_some((range.end, url))
        })
        .collect();
    // From the last to the first, so that the offsets before stay true.
    links.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    let mut whole = text.to_owned();
    for (end, url) in links {
        if whole.len() + url.len() <= LONGEST {
            let at = whole[..end].trim_end().len();
            whole.insert_str(at, &in_brackets(url));
        }
    }
    whole
}

fn in_brackets(url: &str) -> String {
    format!(" ({})", bounded(url, LONGEST_LINK))
}

/// Whether the words are the link itself, as people read it.
fn says_the_same(words: &str, url: &str) -> bool {
    let bare = |t: &str| {
        let t = t.trim().trim_end_matches('/');
        let t = t.strip_prefix("https://").or(t.strip_prefix("http://"));
        t.map(str::to_owned)
    };
    let words = words.trim();
    bare(url).is_some_and(|b| b == words.trim_end_matches('/') || bare(words) == Some(b))
        || words == url
}

fn bounded(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A poll: its question, what is said about it, the answers to choose from, and what explains the right one.
pub(super) fn poll(poll: &Value) -> String {
    let words = |key: &str| poll[key].as_str().map(str::to_owned);
    let head = ["question", "description"].into_iter().filter_map(words);
    let answers = poll["options"].as_array().into_iter().flatten();
    let answers = answers.filter_map(|o| Some(format!("– {}", o["text"].as_str()?)));
    let lines: Vec<String> = head.chain(answers).chain(words("explanation")).collect();
    bounded(lines.join("\n").trim(), LONGEST)
}

/// A checklist: its title and its tasks, with a tick where one is done.
pub(super) fn checklist(list: &Value) -> String {
    let tasks = list["tasks"].as_array().into_iter().flatten();
    let tasks = tasks.filter_map(|t| {
        let done = t["completion_date"].as_i64().is_some_and(|at| at > 0);
        let words = with_links(t["text"].as_str()?, &t["text_entities"]);
        Some(format!("{} {words}", tick(done)))
    });
    let title = list["title"].as_str().map(str::to_owned);
    let lines: Vec<String> = title.into_iter().chain(tasks).collect();
    bounded(lines.join("\n").trim(), LONGEST)
}

fn tick(done: bool) -> &'static str {
    if done { "☑" } else { "☐" }
}

/// A rich message: its blocks, one below the other.
pub(super) fn rich(message: &Value) -> String {
    let mut lines = Vec::new();
    blocks(&message["blocks"], &mut lines, 0);
    bounded(lines.join("\n").trim(), LONGEST)
}

/// Whether a rich message has pictures, sound or video in it.
pub(super) fn rich_has_media(message: &Value) -> bool {
    fn any(value: &Value, depth: usize) -> bool {
        const MEDIA: [&str; 5] = ["photo", "video", "animation", "audio", "voice_note"];
        match value {
            _ if depth > DEEPEST => false,
            Value::Array(all) => all.iter().any(|v| any(v, depth + 1)),
            Value::Object(block) => {
                let of = block.get("type").and_then(Value::as_str);
                let inner = ["blocks", "items"].iter().filter_map(|k| block.get(*k));
                of.is_some_and(|t| MEDIA.contains(&t))
                    || inner.into_iter().any(|v| any(v, depth + 1))
            }
            _ => false,
        }
    }
    any(&message["blocks"], 0)
}

fn blocks(all: &Value, lines: &mut Vec<String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for block in all.as_array().into_iter().flatten() {
        for key in ["summary", "text", "expression"] {
            push(lines, &inline(&block[key], depth));
        }
        for row in block["cells"].as_array().into_iter().flatten() {
            let cells = row.as_array().into_iter().flatten();
            let cells: Vec<String> = cells.map(|c| inline(&c["text"], depth)).collect();
            push(lines, &cells.join(" | "));
        }
        for item in block["items"].as_array().into_iter().flatten() {
            let mut inner = Vec::new();
            blocks(&item["blocks"], &mut inner, depth + 1);
            let label = item["label"].as_str().unwrap_or("–");
            let checked = item["is_checked"].as_bool().unwrap_or_default();
            let has_box = item["has_checkbox"].as_bool().unwrap_or_default();
            let label = if has_box { tick(checked) } else { label };
            push(lines, &format!("{label} {}", inner.join("\n")));
        }
        blocks(&block["blocks"], lines, depth + 1);
        for key in ["caption", "credit"] {
            push(lines, &inline(&block[key], depth));
        }
    }
}

fn push(lines: &mut Vec<String>, line: &str) {
    if !line.trim().is_empty() {
        lines.push(line.to_owned());
    }
}

/// The words of a rich text, whatever their dress.
fn inline(text: &Value, depth: usize) -> String {
    match text {
        _ if depth > DEEPEST => String::new(),
        Value::String(words) => words.clone(),
        Value::Array(parts) => parts.iter().map(|p| inline(p, depth + 1)).collect(),
        Value::Object(part) => {
            let of = |key: &str| {
                part.get(key)
                    .map_or_else(String::new, |v| inline(v, depth + 1))
            };
            let words = ["text", "alternative_text", "expression", "credit"]
                .map(of)
                .concat();
            match part.get("url").and_then(Value::as_str) {
                Some(url) if !says_the_same(&words, url) => words + &in_brackets(url),
                _ => words,
            }
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_link_behind_words_is_shown_after_them() {
        let text = "😀 see the leaflet, and nhs.uk";
        let link = |offset: u32, length: u32, url: &str| json!({"type": "text_link", "offset": offset, "length": length, "url": url});
        let entities = json!([
            link(7, 11, "https://example.org/x?y=1"),
            link(24, 6, "https://nhs.uk/")
        ]);
        assert_eq!(
            with_links(text, &entities),
            "😀 see the leaflet (https://example.org/x?y=1), and nhs.uk"
        );
    }

    #[test]
    fn an_entity_that_does_not_fit_its_text_is_passed_over() {
        let inside_a_character = json!({"offset": 1, "length": 3});
        let too_long = json!({"offset": 0, "length": 99});
        let overflows = json!({"offset": u64::MAX, "length": u64::MAX});
        for entity in [inside_a_character, too_long, overflows, json!(null)] {
            assert_eq!(range("😀 hello", &entity), None, "{entity}");
        }
        assert_eq!(
            range("😀 hello", &json!({"offset": 3, "length": 5})),
            Some(5..10)
        );
    }

    #[test]
    fn a_rich_message_is_read_as_text() {
        let message = json!({"blocks": [
            {"type": "heading", "size": 1, "text": "What happened"},
            {"type": "paragraph", "text": ["The nurse ", {"type": "bold", "text": "shouted"}, {"type": "url", "text": " at me", "url": "https://a.example/b"}]},
            {"type": "list", "items": [
                {"label": "1.", "blocks": [{"type": "paragraph", "text": "on Monday"}]},
                {"label": "", "has_checkbox": true, "is_checked": true, "blocks": [{"type": "paragraph", "text": "rang"}]}]},
            {"type": "table", "cells": [[{"text": "a"}, {"text": "b"}]]},
            {"type": "details", "summary": "more", "blocks": [{"type": "photo", "photo": [], "caption": {"text": "bruise", "credit": " mine"}}]}
        ]});
        assert_eq!(
            rich(&message),
            "What happened\nThe nurse shouted at me (https://a.example/b)\n1. on Monday\n☑ rang\na | b\nmore\nbruise mine"
        );
        assert!(rich_has_media(&message));
        assert!(!rich_has_media(&json!({"blocks": [{"type": "divider"}]})));
    }
}
