//! A malware scanner of the owner's: what it refuses reaches nobody, and the words beside it do.

use crate::fakes::telegram::Telegram;
use crate::house::{Base, House, TOKEN};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt};

/// What every scanner calls malware, and is none.
const EICAR: &str = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

fn file(text: &str) -> Value {
    json!({"name": "letter.txt", "media_type": "text/plain", "content": BASE64_STANDARD.encode(text)})
}

/// The program with a scanner that is this script.
async fn house(script: &str, more: &[(&str, &str)]) -> House {
    let mut house = House::prepare(Base::Sqlite, more).await;
    let path = house.folder.path().join("scanner");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("changed");
    house.set("NOHOLD_SCAN_COMMAND", &path.to_string_lossy());
    house.start().await;
    house
}

const LOOKS: &str = "if grep -q EICAR; then exit 1; fi";

/// A message with that file; what was replied, and the conversation as an agent sees it.
async fn sends(house: &House, token: &str, id: &str, text: &str, content: &str) -> (String, Value) {
    let sent =
        json!({"id": id, "sender": {"id": "ann"}, "text": text, "attachments": [file(content)]});
    let (status, body) = house.post(TOKEN, "inboxes/http/messages", sent).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let path = format!(
        "conversations/{}",
        body["conversation"].as_str().expect("an id")
    );
    (body["replies"].to_string(), house.get(token, &path).await)
}

const FILES: &str = "SELECT id FROM attachments";

#[tokio::test(flavor = "multi_thread")]
async fn malware_is_not_kept_the_person_is_told_and_the_agent_sees_that_there_was_some() {
    let house = house(LOOKS, &[]).await;
    let priya = house.agent("Priya Shah", "agent");
    let (said, seen) = sends(
        &house,
        &priya,
        "1",
        "your nurse shouted at me yesterday",
        EICAR,
    )
    .await;
    assert!(said.contains("harmful software"), "{said}");
    assert_eq!(seen["complaint"]["channel"], "http", "the words are taken");
    let shown = seen["messages"].to_string();
    assert!(
        shown.contains("The malware scanner refused a file"),
        "{shown}"
    );
    assert!(house.rows(FILES).await.is_empty());
    let (said, seen) = sends(&house, &priya, "2", "", EICAR).await;
    assert!(said.contains("harmful software"), "{said}");
    assert!(
        seen["messages"]
            .to_string()
            .contains("[a file that the check"),
        "{seen}"
    );
    sends(&house, &priya, "3", "and this is my letter", "Dear team").await;
    assert_eq!(house.rows(FILES).await.len(), 1, "others are kept");
    // An agent's own.
    let path = format!("conversations/{}", seen["id"].as_str().expect("an id"));
    house
        .post(&priya, &format!("{path}/claim"), json!({}))
        .await;
    let reply = json!({"id": "r", "text": "Here is our form.", "attachments": [file("a form"), file(EICAR)]});
    let (status, body) = house.post(&priya, &format!("{path}/messages"), reply).await;
    assert_eq!(
        (status, body["error"]["field"].as_str()),
        (StatusCode::BAD_REQUEST, Some("attachments"))
    );
    assert_eq!(house.rows(FILES).await.len(), 1, "nothing of it stays");
    assert!(!house.log().contains("letter.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_fails_or_hangs_lets_words_pass_and_no_file() {
    for script in ["exit 2", "sleep 600", "kill -9 $$"] {
        let house = house(script, &[("NOHOLD_SCAN_SECONDS", "1")]).await;
        let priya = house.agent("Priya Shah", "agent");
        let (said, seen) =
            sends(&house, &priya, "1", "my father fell yesterday", "Dear team").await;
        assert!(
            said.contains("couldn't fetch that file"),
            "{script}: {said}"
        );
        assert_eq!(seen["messages"][0]["text"], "my father fell yesterday");
        assert!(house.rows(FILES).await.is_empty(), "{script}");
        assert!(house.log().contains("scanner did not answer"), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_by_a_channel_is_scanned_as_well() {
    let telegram = Telegram::open().await;
    let house = house(LOOKS, &telegram.settings()).await;
    let id = telegram.file(EICAR.as_bytes());
    telegram.sends(20, json!({"caption": "this is the letter", "document": {"file_id": id, "file_unique_id": "d", "file_name": "letter.txt", "mime_type": "text/plain", "file_size": EICAR.len()}}));
    let sent = telegram.last(20, 1).await;
    assert!(sent.text.contains("harmful software"), "{}", sent.text);
    assert!(house.rows(FILES).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_that_the_scanner_is_not_there() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    house.set("NOHOLD_SCAN_COMMAND", "/nowhere/clamdscan -");
    let checked = house.run(&["check"], "");
    let said = String::from_utf8_lossy(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said.contains("scan_command: there is no program /nowhere/clamdscan"),
        "{said}"
    );
}
