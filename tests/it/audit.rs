//! The log of changes and looks: what stands in it, and that nobody touches it unseen.

use crate::house::{Base, House, lines};
use crate::on_both;
use reqwest::Method;
use serde_json::json;

async fn complains(house: &House, person: &str) -> String {
    let made = house
        .says(
            person,
            &format!("{person}-1"),
            "Your porter shouted at my mother on Maple ward yesterday",
        )
        .await;
    made["complaint"].as_str().expect("on record").to_owned()
}

/// The last line of the verification, and its exit code.
fn verified(house: &House) -> (String, Option<i32>) {
    let output = house.run(&["audit", "verify"], "");
    let last = lines(&output).pop().unwrap_or_default();
    (last, output.status.code())
}

fn whole(house: &House) -> bool {
    let (last, code) = verified(house);
    code == Some(0) && last.ends_with(" entries, chain whole")
}

/// What verification says first of something that was changed behind the program's back.
fn found(house: &House, what: &str) {
    let (last, code) = verified(house);
    assert!(code == Some(1) && last.contains(what), "{what}: {last}");
}

/// A house in which things were changed and looked at.
async fn busy(base: Base) -> (House, String) {
    let house = House::open(base).await;
    let priya = house.agent("Priya Shah", "agent");
    let reference = complains(&house, "a").await;
    complains(&house, "b").await;
    let path = format!("complaints/{reference}");
    house
        .call(
            &priya,
            Method::PATCH,
            &path,
            Some(json!({"where": "Oak ward", "why": "She rang."})),
        )
        .await;
    house.get(&priya, &path).await;
    (house, reference)
}

on_both! {
    async fn every_change_look_and_export_is_noted_without_a_word_that_was_said(base: Base) {
        let (house, reference) = busy(base).await;
        let priya = house.run(&["tokens", "create", "--agent", "Priya Shah"], "");
        let priya = String::from_utf8(priya.stdout).expect("text").split_whitespace().last().expect("a token").to_owned();
        house.get(&priya, &format!("complaints/{reference}/history")).await;
        house.get(&priya, "complaints?q=oduya&relation=relative").await;
        house.run(&["complaints", "export"], "");
        house.run(&["complaints", "show", &reference], "");
        let shown = house.run(&["audit", "show", &reference], "");
        let told = lines(&shown);
        let what: Vec<String> = told.iter().map(|l| l.split("  ").skip(2).take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(what, ["complainant changed", "Priya Shah changed", "Priya Shah looked", "Priya Shah looked_at_history", "command line looked"], "{told:#?}");
        assert!(told[1].contains("incident.where"), "{}", told[1]);
        let details = house.rows("SELECT detail FROM audit").await.join("\n");
        for said in ["Maple", "Oak", "rang", "oduya"] {
            assert!(!details.contains(said), "{said} is in the log: {details}");
        }
        assert!(details.contains(r#""fields":["q","relation"]"#) && details.contains(r#""format":"jsonl""#), "{details}");
        assert!(whole(&house), "{:?}", verified(&house));
    }

    async fn a_record_or_letter_that_is_not_as_it_was_left_is_found(base: Base) {
        let (house, reference) = busy(base).await;
        let priya = house.run(&["tokens", "create", "--agent", "Priya Shah"], "");
        let priya = String::from_utf8(priya.stdout).expect("text").split_whitespace().last().expect("a token").to_owned();
        let path = format!("complaints/{reference}/letters");
        let (status, letter) = house.post(&priya, &path, json!({"kind": "acknowledgement", "keep": true})).await;
        assert!(status.is_success(), "{letter}");
        // Somebody whose record is in work after that, and somebody whose words are erased.
        house.says("a", "a-2", "He also threw the keys at her").await;
        let erased = complains(&house, "c").await;
        assert!(house.run(&["person", "erase", &erased], "").status.success());
        assert!(whole(&house), "{:?}", verified(&house));
        let record = format!("WHERE reference = '{reference}'");
        for (change, back, what) in [
            (format!("UPDATE complaints SET body = replace(body, 'Oak ward', 'Elm ward') {record}"), format!("UPDATE complaints SET body = replace(body, 'Elm ward', 'Oak ward') {record}"), "the record that it tells of is not as it was left"),
            (format!("UPDATE complaints SET body = body || ' ' WHERE reference = '{erased}'"), format!("UPDATE complaints SET body = trim(body) WHERE reference = '{erased}'"), "the record that it tells of is not as it was left"),
            (format!("UPDATE register SET protected = 1 - protected {record}"), format!("UPDATE register SET protected = 1 - protected {record}"), "the record's row in the register is not as the record is"),
            ("UPDATE letters SET text = text || '!'".to_owned(), "UPDATE letters SET text = substr(text, 1, length(text) - 1)".to_owned(), "the letter that it tells of is not as it was written"),
            ("UPDATE letters SET salt = NULL, id = id || 'x'".to_owned(), String::new(), "the letter that it tells of is missing"),
            ("DELETE FROM letters".to_owned(), String::new(), "the letter that it tells of is missing"),
            (format!("DELETE FROM complaints {record}"), String::new(), "the record that it tells of is missing"),
        ] {
            house.change(&change).await;
            found(&house, what);
            if !back.is_empty() {
                house.change(&back).await;
                assert!(whole(&house), "put back: {:?}", verified(&house));
            }
        }
    }

    async fn an_entry_that_is_altered_missing_or_reordered_is_found(base: Base) {
        let (house, _) = busy(base).await;
        assert!(whole(&house), "{:?}", verified(&house));
        for (number, change, back) in [
            (2, "UPDATE audit SET who = 'Somebody Else' WHERE number = 2", "UPDATE audit SET who = 'complainant' WHERE number = 2"),
            (1, "UPDATE audit SET at = at + 1 WHERE number = 1", "UPDATE audit SET at = at - 1 WHERE number = 1"),
            (1, "UPDATE audit SET number = -number WHERE number = 1", "UPDATE audit SET number = 1 WHERE number = -1"),
            (2, "UPDATE audit SET number = CASE number WHEN 2 THEN 1003 WHEN 3 THEN 1002 END WHERE number IN (2, 3)", "UPDATE audit SET number = CASE number WHEN 1003 THEN 2 WHEN 1002 THEN 3 END WHERE number > 1000"),
            (1, "UPDATE complaint_changes SET salt = salt || 'x' WHERE position = (SELECT min(position) FROM complaint_changes)", "UPDATE complaint_changes SET salt = substr(salt, 1, length(salt) - 1) WHERE position = (SELECT min(position) FROM complaint_changes)"),
        ] {
            house.change(change).await;
            if change.contains("1003") {
                house.change("UPDATE audit SET number = number - 1000 WHERE number > 1000").await;
            }
            let (last, code) = verified(&house);
            assert!(code == Some(1) && last.starts_with(&format!("entry {number}: ")), "{change}: {last}");
            if change.contains("1003") {
                house.change("UPDATE audit SET number = number + 1000 WHERE number IN (2, 3)").await;
            }
            house.change(back).await;
            assert!(whole(&house), "put back: {:?}", verified(&house));
        }
        // The last one is missed too, though the rest is whole without it; and so is a change that was emptied without
        // a word of it.
        let count: i64 = verified(&house).0.split(' ').next().expect("a count").parse().expect("a number");
        house.change("UPDATE complaint_changes SET body = '{}', salt = NULL WHERE position = (SELECT max(position) FROM complaint_changes)").await;
        let (last, code) = verified(&house);
        assert!(code == Some(1) && last.contains("emptied"), "{last}");
        house.change("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)").await;
        let (last, code) = verified(&house);
        assert_eq!((last, code), (format!("entry {count}: it is missing"), Some(1)));
    }
}
