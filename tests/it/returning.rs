//! Whoever left no name and no way to be reached: a secret word, a receipt, and news on any channel.

use crate::answers::tells_and_no_more;
use crate::fakes::telegram::Telegram;
use crate::house::{Base, House, words};
use crate::{on_both, telegram};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const HIDDEN: &str = "*****-*****-*****-*****";

/// The word that stands before this mark in a text, and after another one.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no '{before}': {text}"));
    rest.split_once(after)
        .unwrap_or_else(|| panic!("no '{after}': {rest}"))
        .0
}

/// Somebody tells of something and answers nothing else; what they were told at the end.
async fn files(house: &House, person: &str) -> (String, String) {
    let told = "Your porter shouted at my mother on Maple ward yesterday";
    tells_and_no_more(house, person, told).await
}

on_both! {
    async fn with_a_secret_word_they_come_back_on_any_channel_without_a_name(base: Base) {
        let fake = Telegram::open().await;
        let house = telegram::open(base, &fake).await;
        let priya = house.agent("Priya Shah", "complaints_manager");
        let (reference, told) = files(&house, "a").await;
        let word = between(&told, "with your reference: ", ".").to_owned();
        assert_eq!((word.len(), word.matches('-').count()), (23, 3), "{told}");

        // The same again gives the same answer, the desk and the database never see the word.
        let again = house.get(crate::house::TOKEN, "inboxes/http/conversations/a/messages").await;
        assert!(again.to_string().contains(&word), "{again}");
        let detail = house.get(&priya, &format!("conversations/{}", again["conversation"].as_str().expect("an id"))).await;
        assert!(detail.to_string().contains(HIDDEN) && !detail.to_string().contains(&word));
        let record = house.get(&priya, &format!("complaints/{reference}")).await;
        assert_eq!((&record["secret_word"], record.get("secret")), (&json!(true), None));
        for sql in ["SELECT text FROM messages", "SELECT body FROM events", "SELECT state FROM conversations", "SELECT body FROM complaints", "SELECT body FROM complaint_changes"] {
            assert!(!house.rows(sql).await.join("\n").contains(&word), "{sql}");
        }

        // The receipt proves that it was filed, and says nothing of what.
        let code = between(&told, "Code: ", ".");
        let receipt = house.get("", &format!("receipts/{reference}/{}", code.to_lowercase())).await;
        assert_eq!(receipt["reference"], reference, "{receipt}");
        assert_eq!(receipt.as_object().map(serde_json::Map::len), Some(3), "{receipt}");
        let wrong = house.call("", Method::GET, &format!("receipts/{reference}/AAAA-AAAA-AAAA-AAAA"), None).await;
        assert_eq!(wrong.status(), StatusCode::NOT_FOUND);

        // The desk asks, and changes something.
        let patch = json!({"question": "Which shift was it?", "learning": "Porters now have a colleague with them at night"});
        let path = format!("complaints/{reference}");
        assert_eq!(house.call(&priya, Method::PATCH, &path, Some(patch)).await.status(), StatusCode::OK);
        let long = json!({"question": "a".repeat(1001)});
        let refused = house.call(&priya, Method::PATCH, &path, Some(long)).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);

        // On Telegram, months later, by nothing but the two.
        fake.says(7, &format!("{reference} {}", word.to_uppercase().replace('-', " ")));
        let news = fake.last(7, 1).await.text;
        for part in [reference.as_str(), "Porters now have a colleague", "Which shift was it?"] {
            assert!(news.contains(part), "{part}: {news}");
        }
        fake.says(7, "the night shift, about eleven");
        let thanks = fake.last(7, 2).await.text;
        assert!(thanks.contains("Your answer is on record"), "{thanks}");
        let record = house.get(&priya, &path).await;
        assert_eq!(record["question"]["answer"], "the night shift, about eleven", "{record}");
        assert_eq!(record["complainant"]["name"], Value::Null);
        assert!(!house.rows("SELECT text FROM messages").await.join("\n").to_lowercase().contains(&word.replace('-', " ")));

    }

    async fn on_a_channel_that_we_send_to_the_word_is_gone_once_it_has_arrived(base: Base) {
        let fake = Telegram::open().await;
        let house = telegram::open(base, &fake).await;
        fake.says(8, "Your porter shouted at my mother on Maple ward yesterday");
        let mut heard = 1;
        while !fake.last(8, heard).await.text.contains("with your reference: ") {
            fake.says(8, "I'd rather not say");
            heard += 1;
            assert!(heard < 20, "the form ends");
        }
        let told = fake.last(8, heard).await.text;
        assert!(!told.contains(HIDDEN), "{told}");
        house.until_rows("SELECT message FROM secret_words", <[String]>::is_empty).await;
    }

    async fn a_wrong_secret_word_opens_nothing_and_says_nothing(base: Base) {
        let house = House::open(base).await;
        let (reference, _) = files(&house, "a").await;
        let guess = |n: usize| json!({"id": n.to_string(), "text": format!("{reference} babab-babab-babab-babab")});
        let mut said = Vec::new();
        for n in 1..=4 {
            let (status, answer) = house.post(SECRET, "inboxes/web/messages", guess(n)).await;
            assert_eq!((status, &answer["complaint"]), (StatusCode::OK, &Value::Null), "{answer}");
            said.push(words(&answer));
        }
        assert!(said[0].contains("doesn't match") && said[3].contains("can't open it here today"), "{said:?}");
    }
}
