//! A document as a page that people read: nothing that anybody wrote becomes HTML.

use serde_json::Value;
use std::fmt::Write;

/// The page.
pub(super) fn of(document: &Value) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>nohold</title></head><body>\n",
    );
    write_value(&mut page, document);
    page.push_str("</body></html>\n");
    page
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>"),
            c => out.push(c),
        }
    }
    out
}

/// A key as words.
fn titled(key: &str) -> String {
    escaped(&key.replace('_', " "))
}

fn write_value(page: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            page.push_str("<dl>\n");
            for (key, value) in fields.iter().filter(|(_, v)| !is_nothing(v)) {
                // Writing to a string does not fail.
                let _ = write!(page, "<dt>{}</dt>\n<dd dir=\"auto\">", titled(key));
                write_value(page, value);
                page.push_str("</dd>\n");
            }
            page.push_str("</dl>\n");
        }
        Value::Array(all) => {
            page.push_str("<ol>\n");
            for value in all {
                page.push_str("<li dir=\"auto\">");
                write_value(page, value);
                page.push_str("</li>\n");
            }
            page.push_str("</ol>\n");
        }
        Value::String(text) => page.push_str(&escaped(text)),
        other => page.push_str(&escaped(&other.to_string())),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_somebody_wrote_is_text_and_what_is_empty_is_left_out() {
        let page = of(&json!({"when_text": "<script>alert(1)</script>\n&", "name": null}));
        assert!(page.contains("<dt>when text</dt>\n<dd dir=\"auto\">&lt;script&gt;alert(1)&lt;/script&gt;<br>&amp;</dd>"), "{page}");
        assert!(!page.contains("name</dt>"));
    }
}
