//! JSON from outside, read strictly: a name that is given twice is an error, and errors tell nothing of our own types.

use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The longest name that an error repeats, in characters.
const NAME: usize = 40;

/// A value in which every name is given once.
struct Once(Value);

impl<'de> serde::Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(value)) = all.next_element()? {
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = all.next_key::<String>()? {
            if map.contains_key(&name) {
                let name: String = name.chars().take(NAME).collect();
                return Err(A::Error::custom(format!("{name}: is given twice")));
            }
            let Once(value) = all.next_value()?;
            map.insert(name, value);
        }
        Ok(map.into())
    }
}

/// Reads one object. Some programs write a mark before the first letter of a file; it says nothing.
pub(super) fn object<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let Once(value) = serde_json::from_slice(text).map_err(|e| plain(&e))?;
    if !value.is_object() {
        return Err("must be a JSON object".to_owned());
    }
    serde_json::from_value(value).map_err(|e| plain(&e))
}

/// The reader's message without its own line number, which would be confused with ours, and without names of types.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    match text.split_once(", expected struct ") {
        Some((found, _)) => format!("{found}, expected an object"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        b: u8,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Outer {
        a: Vec<Inner>,
    }

    #[test]
    fn a_mark_before_the_text_is_passed_over_and_errors_name_no_type() {
        let right = Outer {
            a: vec![Inner { b: 1 }],
        };
        assert_eq!(object("\u{feff}{\"a\":[{\"b\":1}]}".as_bytes()), Ok(right));
        for (text, error) in [
            ("[]", "must be a JSON object"),
            ("null", "must be a JSON object"),
            ("{", "EOF while parsing an object"),
            (
                r#"{"a":[5]}"#,
                "invalid type: integer `5`, expected an object",
            ),
            (r#"{"a":[{"b":1,"b":2}]}"#, "b: is given twice"),
            (r#"{"a":[],"a":[]}"#, "a: is given twice"),
        ] {
            assert_eq!(
                object::<Outer>(text.as_bytes()),
                Err(error.to_owned()),
                "{text}"
            );
        }
    }
}
