//! Backups: taken while the program runs, whole, and restored to the same.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::Method;
use serde_json::{Value, json};

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

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

on_both! {
    async fn what_is_restored_is_what_was_there_while_the_program_ran(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house, "a").await;
        let file = json!([{"name": "leg.txt", "media_type": "text/plain", "content": "aGVsbG8="}]);
        house.post(TOKEN, "inboxes/http/messages", json!({"id": "f", "sender": {"id": "a"}, "text": "here is a file", "attachments": file})).await;
        let before = house.get(&priya, &format!("complaints/{reference}")).await;
        // Taken in the middle of things.
        let talk = async {
            for n in 0..20 {
                house.says(&format!("other{n}"), "1", "hello").await;
            }
        };
        let backup = house.folder.path().join("all.backup");
        let taken = async {
            let command = house.command(&["backup", "all.backup"]).output();
            tokio::task::spawn_blocking(move || command.expect("runs")).await.expect("ended")
        };
        let ((), output) = tokio::join!(talk, taken);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let mut other = House::prepare(base, &[]).await;
        let path = backup.to_str().expect("a path");
        let output = other.run(&["restore", path], "");
        assert!(output.status.success() && text(&output.stdout).contains("chain whole"), "{}{}", text(&output.stdout), text(&output.stderr));
        other.start().await;
        let after = other.get(&priya, &format!("complaints/{reference}")).await;
        assert_eq!(after, before, "the record, its history and the token that reads it");
        for query in ["q=shouted", "relation=relative"] {
            assert_eq!(other.get(&priya, &format!("complaints?{query}")).await["complaints"][0]["reference"], json!(reference), "{query}");
        }
        let said = other.says("a", "a-1", "Your porter shouted at my mother on Maple ward yesterday").await;
        assert_eq!(said["complaint"], json!(reference), "a repeat is known");
        other.says("a", "a-2", "He also threw the keys at her").await;
        assert_eq!(other.get(&priya, "complaints?q=threw").await["complaints"][0]["reference"], json!(reference), "and it goes on");
        assert!(text(&other.run(&["audit", "verify"], "").stdout).contains("chain whole"));
    }

    async fn a_backup_that_is_not_whole_leaves_everything_as_it_was(base: Base) {
        let mut house = House::open(base).await;
        complains(&house, "a").await;
        assert!(house.run(&["backup", "all.backup"], "").status.success());
        let path = house.folder.path().join("all.backup");
        let whole = std::fs::read_to_string(&path).expect("the backup");
        let cut: Vec<&str> = whole.lines().take(20).collect();
        let cut = format!("{}\n", cut.join("\n"));
        let altered = whole.replacen("porter", "doctor", 1);
        let states = house.rows("SELECT state FROM conversations").await;
        let running = house.run(&["restore", "all.backup"], "");
        assert!(!running.status.success(), "a server runs on it");
        house.stop();
        for (name, content) in [("cut", cut), ("altered", altered), ("none", "hello\n".to_owned())] {
            std::fs::write(house.folder.path().join(name), content).expect("written");
            let output = house.run(&["restore", name], "");
            assert!(!output.status.success() && text(&output.stderr).contains("nothing was restored"), "{name}: {}", text(&output.stderr));
            assert!(!text(&output.stderr).contains("porter"), "no words in the message");
        }
        assert_eq!(house.rows("SELECT state FROM conversations").await, states);
        house.start().await;
        house.says("b", "1", "hello").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stood_there_before_is_put_aside() {
    let mut house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let reference = complains(&house, "a").await;
    assert!(house.run(&["backup", "all.backup"], "").status.success());
    let path = format!("complaints/{reference}");
    house
        .call(
            &priya,
            Method::PATCH,
            &path,
            Some(json!({"where": "Oak ward"})),
        )
        .await;
    house.stop();
    let output = house.run(&["restore", "all.backup"], "");
    let said = text(&output.stdout);
    assert!(
        output.status.success() && said.contains("what stood there before is in "),
        "{said}"
    );
    house.start().await;
    let record: Value = house.get(&priya, &path).await;
    assert_ne!(
        record["incident"]["where"], "Oak ward",
        "as it was when the backup was taken"
    );
    let aside = std::fs::read_dir(house.folder.path()).expect("the folder");
    let aside = aside
        .filter_map(Result::ok)
        .find(|e| e.file_name().to_string_lossy().contains(".before-"));
    assert!(aside.is_some(), "nothing was thrown away");
}
