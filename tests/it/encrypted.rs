//! Encryption at rest: whoever takes the database alone reads no word, and the keys can follow each other.

use crate::browser::Browser;
use crate::house::{Base, House, TOKEN};
use crate::on_both;
use crate::second_factor::set_up;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const STORY: &str =
    "I'm Zebediah Quill, your nurse Denise Hartley shouted at Ottoline. Ring 07700 900123";
const FILE: &str = "RGVuaXNlIEhhcnRsZXkgc2hvdXRlZA==";

/// Everything that the database holds in its texts, as one.
async fn dump(house: &House) -> String {
    let columns = [
        "SELECT text FROM messages",
        "SELECT coalesce(extra, '') FROM messages",
        "SELECT body FROM events",
        "SELECT state || who FROM conversations",
        "SELECT body FROM complaints",
        "SELECT body FROM complaint_changes",
        "SELECT name || content FROM attachments",
        "SELECT secret FROM second_factors",
    ];
    let mut all = String::new();
    for sql in columns {
        all.push_str(&house.rows(sql).await.join("\n"));
    }
    all.to_lowercase()
}

const WORDS: [&str; 8] = [
    "zebediah", "quill", "denise", "hartley", "ottoline", "900123", "shouted", "rgvuaxnl",
];

fn words_in(text: &str) -> Vec<&'static str> {
    WORDS.into_iter().filter(|w| text.contains(w)).collect()
}

async fn tells(house: &House, id: &str) -> Value {
    let file = json!({"name": "quill-leg.txt", "media_type": "text/plain", "content": FILE});
    let sent = json!({"id": id, "sender": {"id": "at-home", "name": "Zebediah Quill"}, "text": STORY, "attachments": [file]});
    let (status, body) = house.post(TOKEN, "inboxes/http/messages", sent).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// What an agent sees of it all, which must not depend on how it is kept.
async fn seen(house: &House, token: &str, told: &Value) -> Value {
    let id = told["conversation"].as_str().expect("an id");
    let detail = house.get(token, &format!("conversations/{id}")).await;
    let reference = told["complaint"].as_str().expect("a reference");
    let record = house.get(token, &format!("complaints/{reference}")).await;
    let history = house
        .get(token, &format!("complaints/{reference}/history"))
        .await;
    let file = detail["messages"][0]["attachments"][0]["id"]
        .as_str()
        .expect("a file")
        .to_owned();
    let answer = house
        .call(token, Method::GET, &format!("attachments/{file}"), None)
        .await;
    let content = answer.text().await.expect("the file");
    json!([detail["messages"], record, history, content])
}

fn key(house: &House) -> String {
    let made = house.run(&["keys", "new"], "");
    String::from_utf8(made.stdout)
        .expect("text")
        .trim()
        .to_owned()
}

fn rotate(house: &House, more: &[&str]) -> String {
    let args = [&["keys", "rotate"][..], more].concat();
    let done = house.run(&args, "");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("text")
}

on_both! {
    async fn whoever_takes_the_database_reads_nothing_and_the_desk_reads_everything(base: Base) {
        let mut house = House::prepare(base, &[]).await;
        let key = key(&house);
        house.set("NOHOLD_ENCRYPTION_KEYS", &key);
        house.start().await;
        let priya = house.agent("Priya Shah", "agent");
        let (_, secret, _) = set_up(&house, "Priya Shah").await;
        let told = tells(&house, "1").await;
        let kept = dump(&house).await;
        assert_eq!(words_in(&kept), Vec::<&str>::new());
        assert!(!kept.contains(&secret.to_lowercase()), "nor the second factor");
        let shown = seen(&house, &priya, &told).await;
        assert_eq!(shown[0][0]["text"], STORY);
        assert_eq!(shown[1]["complainant"]["name"], "Zebediah Quill");
        assert_eq!(shown[3], "Denise Hartley shouted");
        let id = told["conversation"].as_str().expect("an id");
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        let list = house.get(&priya, "conversations?holder=me").await;
        assert!(list.to_string().contains("shouted at Ottoline"), "{list}");
        // What cannot be looked for is said, and a reference is found.
        let refused = house.call(&priya, Method::GET, "conversations?q=Ottoline", None).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let reference = told["complaint"].as_str().expect("a reference");
        let found = house.get(&priya, &format!("conversations?q={reference}")).await;
        assert_eq!(found["conversations"][0]["id"], *id);
        let repeated = tells(&house, "1").await;
        assert_eq!(repeated["replies"], told["replies"], "a repeat is answered from what is kept");
    }

    async fn without_its_key_the_database_is_left_alone(base: Base) {
        let mut house = House::prepare(base, &[]).await;
        let (first, other) = (key(&house), key(&house));
        house.set("NOHOLD_ENCRYPTION_KEYS", &first);
        house.start().await;
        tells(&house, "1").await;
        house.stop();
        for keys in ["", other.as_str()] {
            house.set("NOHOLD_ENCRYPTION_KEYS", keys);
            for args in [&["serve"][..], &["complaints", "list"]] {
                let refused = house.run(args, "");
                let said = String::from_utf8_lossy(&refused.stderr).into_owned();
                assert_eq!(refused.status.code(), Some(1), "{said}");
                assert!(said.contains("is not among the keys"), "{said}");
                assert!(!said.contains(&other[10..]), "{said}");
            }
        }
        house.set("NOHOLD_ENCRYPTION_KEYS", &first);
        house.start().await;
    }

    async fn what_was_in_clear_is_encrypted_then_by_another_key_and_in_clear_again(base: Base) {
        let mut house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        set_up(&house, "Priya Shah").await;
        let told = tells(&house, "1").await;
        let shown = seen(&house, &priya, &told).await;
        assert_eq!(words_in(&dump(&house).await).len(), WORDS.len(), "in clear");
        house.stop();
        let (first, second) = (key(&house), key(&house));
        house.set("NOHOLD_ENCRYPTION_KEYS", &first);
        assert!(rotate(&house, &[]).contains("were encrypted anew"));
        assert_eq!(words_in(&dump(&house).await), Vec::<&str>::new());
        if base == Base::Sqlite {
            // Nor is it in what was overwritten.
            let bytes = std::fs::read(house.folder.path().join("nohold.db")).expect("the file");
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert_eq!(words_in(&text), Vec::<&str>::new());
        }
        house.start().await;
        assert_eq!(seen(&house, &priya, &told).await, shown);
        house.stop();
        house.set("NOHOLD_ENCRYPTION_KEYS", &format!("{second},{first}"));
        house.start().await;
        rotate(&house, &[]);
        assert!(rotate(&house, &[]).starts_with("0 texts"), "all of it was, beside a running program");
        house.stop();
        house.set("NOHOLD_ENCRYPTION_KEYS", &second);
        house.start().await;
        assert_eq!(seen(&house, &priya, &told).await, shown, "the first key is needed no more");
        house.stop();
        rotate(&house, &["--off"]);
        house.set("NOHOLD_ENCRYPTION_KEYS", "");
        house.start().await;
        assert_eq!(seen(&house, &priya, &told).await, shown);
        let found = house.get(&priya, "conversations?q=Ottoline").await;
        assert_eq!(found["conversations"][0]["id"], told["conversation"], "and words are found again");
        let mut desk = Browser::new(&house);
        assert_eq!(desk.sign_in("Priya Shah", "a long password").await, StatusCode::UNAUTHORIZED, "the second factor is still asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_to_another_row_is_not_shown_there() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    let key = key(&house);
    house.set("NOHOLD_ENCRYPTION_KEYS", &key);
    house.start().await;
    let priya = house.agent("Priya Shah", "agent");
    let told = tells(&house, "1").await;
    let other = house
        .says("bo", "1", "Your porter lost my coat on Oak ward yesterday")
        .await;
    let [from, to] = [&told, &other].map(|t| t["complaint"].as_str().expect("on record"));
    let [talk, other_talk] = [&told, &other].map(|t| t["conversation"].as_str().expect("an id"));
    // The words first: a conversation shows its record, too.
    for (change, path) in [
        (
            format!(
                "UPDATE messages SET text = (SELECT text FROM messages WHERE conversation = '{talk}' ORDER BY position LIMIT 1) WHERE conversation = '{other_talk}'"
            ),
            format!("conversations/{other_talk}"),
        ),
        (
            format!(
                "UPDATE complaints SET body = (SELECT body FROM complaints WHERE reference = '{from}') WHERE reference = '{to}'"
            ),
            format!("complaints/{to}"),
        ),
    ] {
        assert_eq!(
            house.call(&priya, Method::GET, &path, None).await.status(),
            StatusCode::OK
        );
        house.change(&change).await;
        let answer = house.call(&priya, Method::GET, &path, None).await;
        assert!(answer.status().is_server_error(), "{path}");
        let text = answer.text().await.expect("text").to_lowercase();
        assert_eq!(words_in(&text), Vec::<&str>::new(), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_name_one_and_files_that_are_taken_back_are_read_with_keys_too() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    let key = key(&house);
    house.set("NOHOLD_ENCRYPTION_KEYS", &key);
    house.start().await;
    let (priya, tom) = (
        house.agent("Priya Shah", "agent"),
        house.agent("Tom Reed", "agent"),
    );
    let told = tells(&house, "1").await;
    let id = told["conversation"].as_str().expect("an id");
    let note = json!({"id": "n", "text": "@Tom Reed please ring her"});
    assert_eq!(
        house
            .post(&priya, &format!("conversations/{id}/notes"), note)
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(
        house.get(&tom, "mentions").await["mentions"][0]["text"],
        "@Tom Reed please ring her"
    );
    // In the web chat a message with a file is taken back, and the file with it.
    let visitor = "visitor-of-the-encrypted-house-000001";
    let file = json!({"name": "leg.txt", "media_type": "text/plain", "content": FILE});
    let sent = json!({"id": "1", "text": "here is a file", "attachments": [file]});
    assert_eq!(
        house.post(visitor, "inboxes/web/messages", sent).await.0,
        StatusCode::OK
    );
    let files = "SELECT id FROM attachments WHERE inbox = 'web'";
    assert_eq!(house.rows(files).await.len(), 1);
    let seen = house.get(visitor, "inboxes/web/messages").await;
    let message = seen["messages"][0]["id"].as_str().expect("an id");
    let path = format!("inboxes/web/messages/{message}");
    let done = house.call(visitor, Method::DELETE, &path, None).await;
    assert!(done.status().is_success(), "{}", done.status());
    assert!(house.rows(files).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_looks_like_an_envelope_is_a_text() {
    let mut house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let forged = "\u{2}nh1.k00000000.AAAA";
    let said = house.says("eve", "1", forged).await;
    let path = format!(
        "conversations/{}",
        said["conversation"].as_str().expect("an id")
    );
    assert_eq!(
        house.get(&priya, &path).await["messages"][0]["text"],
        forged
    );
    house.stop();
    let key = key(&house);
    house.set("NOHOLD_ENCRYPTION_KEYS", &key);
    rotate(&house, &[]);
    house.start().await;
    assert_eq!(
        house.get(&priya, &path).await["messages"][0]["text"],
        forged
    );
}
