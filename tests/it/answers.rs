//! What the program answered, in the form in which stories look at it.

use crate::house::House;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::Output,
};

/// The words of all replies of an answer.
pub(crate) fn words(answer: &Value) -> String {
    answer["replies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|r| r["text"].as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Somebody tells of something and answers nothing that is asked: the complaint's reference, and what they were told at
/// the end.
pub(crate) async fn tells_and_no_more(house: &House, person: &str, told: &str) -> (String, String) {
    let mut answer = house.says(person, "1", told).await;
    let reference = answer["complaint"].as_str().expect("on record").to_owned();
    for n in 2..20 {
        if answer["awaiting"].is_null() {
            break;
        }
        answer = house
            .says(person, &n.to_string(), "I'd rather not say")
            .await;
    }
    (reference, words(&answer))
}

/// The lines of an output.
pub(crate) fn lines(output: &Output) -> Vec<String> {
    BufReader::new(output.stdout.as_slice())
        .lines()
        .map_while(Result::ok)
        .collect()
}

/// A complaint's record as it is kept for review: without what each run makes anew.
pub(crate) fn reviewed(record: &str) -> String {
    let mut record: Value = serde_json::from_str(record).expect("a record");
    if let Some(record) = record.as_object_mut() {
        for made in ["reference", "conversation", "received_at", "deadlines"] {
            record.remove(made);
        }
        for fragment in record["fragments"].as_array_mut().into_iter().flatten() {
            fragment["message"] = Value::Null;
        }
        for file in record["attachments"].as_array_mut().into_iter().flatten() {
            file["id"] = Value::Null;
        }
    }
    serde_json::to_string_pretty(&record).expect("plain data")
}
