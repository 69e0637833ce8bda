//! Whether something printed is what a page says.

use regex::Regex;
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

const REFERENCE: &str = "NH-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]";

static PARTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?m)^[ \t]*…[ \t]*\n?|…|{REFERENCE}")).expect("a pattern")
});

/// What the references of a page stand for in this run.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// The page's text as it is typed in this run.
    pub(super) fn typed(&self, text: &str) -> String {
        (self.0.iter()).fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    /// Whether `actual` is what the page says; references that appear for the first time are remembered.
    pub(super) fn fits(&mut self, said: &str, actual: &str) -> bool {
        let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
        let json = said.trim_start().starts_with(['{', '[']);
        match json.then(|| parsed(said)).flatten() {
            Some(said) => parsed(actual).is_some_and(|actual| self.same(&said, &actual)),
            None => self.alike(&lines(said), &lines(actual), "[^\n]*?"),
        }
    }

    fn same(&mut self, said: &Value, actual: &Value) -> bool {
        match (said, actual) {
            (Value::String(said), _) if said == "…" => true,
            (Value::String(said), Value::String(actual)) => self.alike(said, actual, "(?s:.*?)"),
            (Value::Array(said), Value::Array(actual)) => {
                said.len() == actual.len() && said.iter().zip(actual).all(|(s, a)| self.same(s, a))
            }
            (Value::Object(said), Value::Object(actual)) => {
                let more = said.contains_key("…");
                (more || said.len() == actual.len())
                    && (said.iter().filter(|(key, _)| *key != "…"))
                        .all(|(key, s)| actual.get(key).is_some_and(|a| self.same(s, a)))
            }
            (said, actual) => said == actual,
        }
    }

    /// `inside` is the pattern of what `…` stands for that has no line for itself.
    fn alike(&mut self, said: &str, actual: &str, inside: &str) -> bool {
        let mut pattern = String::from(r"\A");
        let mut made: Vec<&str> = Vec::new();
        let mut from = 0;
        for part in PARTS.find_iter(said) {
            pattern.push_str(&regex::escape(&said[from..part.start()]));
            from = part.end();
            match part.as_str() {
                "…" if !alone(said, part.start(), part.end()) => pattern.push_str(inside),
                name if name.starts_with("NH-") => {
                    if let Some(value) = self.0.get(name) {
                        pattern.push_str(&regex::escape(value));
                    } else {
                        made.push(name);
                        pattern.extend(["(", REFERENCE, ")"]);
                    }
                }
                _ => pattern.push_str("(?s:.*?)"),
            }
        }
        pattern.push_str(&regex::escape(&said[from..]));
        pattern.push_str(r"\z");
        let pattern = Regex::new(&pattern).expect("made of escaped parts");
        let Some(found) = pattern.captures(actual) else {
            return false;
        };
        for (n, name) in made.iter().enumerate() {
            let value = &found[n + 1];
            let known = (self.0)
                .entry((*name).to_owned())
                .or_insert_with(|| value.to_owned());
            if known != value {
                return false;
            }
        }
        true
    }
}

/// Whether a part has its line, or the whole text, for itself.
fn alone(text: &str, start: usize, end: usize) -> bool {
    (start == 0 || text[..start].ends_with('\n')) && text[end..].starts_with('\n')
}

/// Lines without blanks at their ends and without empty ones at the end of all.
fn lines(text: &str) -> String {
    let mut out = String::new();
    for line in text.trim_end().lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn an_ellipsis_stands_for_a_part_of_a_line_or_for_lines() {
    let fits = |said, actual| Names::default().fits(said, actual);
    assert!(fits("one … three", "one two three\n"));
    assert!(!fits("one … three", "one\ntwo three"));
    assert!(fits("one\n…\nfour", "one\ntwo\nthree\nfour"));
    assert!(fits("one\n…\nfour", "one\nfour"));
    assert!(!fits("one\n…\nfour", "one\ntwo\nfive"));
    assert!(fits("one\n…", "one\ntwo"));
    assert!(!fits("one", "one\ntwo"));
    assert!(!fits("", "something"));
    assert!(
        fits("a.c", "a.c") && !fits("a.c", "abc"),
        "nothing else is a pattern"
    );
}

#[test]
fn json_is_compared_as_json() {
    let fits = |said, actual| Names::default().fits(said, actual);
    assert!(fits(
        "{\n \"a\": 1,\n \"b\": \"x…\"\n}",
        "{\"b\":\"xyz\",\"a\":1}"
    ));
    assert!(!fits("{\"a\": 1}", "{\"a\": 2}"));
    assert!(
        !fits("{\"a\": 1}", "{\"a\": 1, \"b\": 2}"),
        "fields that the page hides are said to be hidden"
    );
    assert!(fits("{\"a\": 1, \"…\": \"…\"}", "{\"a\": 1, \"b\": 2}"));
    assert!(!fits("{\"a\": 1, \"…\": \"…\"}", "{\"b\": 2}"));
    assert!(fits("{\"a\": \"…\"}", "{\"a\": [1, 2]}"));
    assert!(fits("{\"a\": \"x …\"}", "{\"a\": \"x y\\nz\"}"));
    assert!(!fits("[1]", "[1, 2]"));
    assert!(!fits("{\"a\": 1}", "no JSON"));
}

#[test]
fn a_reference_stands_for_the_same_one_all_over_the_page() {
    let mut names = Names::default();
    assert!(names.fits("it is NH-7K4M-92QX-C", "it is NH-AAAA-BBBB-0"));
    assert_eq!(names.typed("show NH-7K4M-92QX-C"), "show NH-AAAA-BBBB-0");
    assert!(names.fits("NH-7K4M-92QX-C again", "NH-AAAA-BBBB-0 again"));
    assert!(!names.fits("NH-7K4M-92QX-C again", "NH-CCCC-DDDD-0 again"));
    assert!(!names.fits(
        "NH-1111-2222-3, NH-1111-2222-3",
        "NH-AAAA-BBBB-1, NH-AAAA-BBBB-2"
    ));
}
