//! What was begun in one channel is carried on in another, by whoever proves that it is theirs, and by nobody
//! else.

use crate::fakes::{discord::Discord, email::Email, telegram::Telegram};
use crate::house::{Base, House};
use crate::on_both;
use crate::{discord, email, telegram};
use nohold::{
    dialogue::{Policy, step},
    domain::{Conversation, Snapshot, complaint::Reference},
    flow::Texts,
    store::{Opener, Store},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

const SECRET: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const STORY: &str = "Your home nurse shouted at my neighbour last Tuesday and slammed the door. My number is 07700 900123";

/// The reference that a text names.
fn reference(text: &str) -> String {
    let at = text
        .find("NH-")
        .unwrap_or_else(|| panic!("no reference: {text}"));
    text[at..at + "NH-0000-0000-0".len()].to_owned()
}

/// Somebody writes in the web chat; what they are answered.
async fn says(house: &House, id: &str, text: &str) -> Value {
    let message = json!({"id": id, "text": text});
    let (status, answer) = house.post(SECRET, "inboxes/web/messages", message).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// All that was said in an answer.
fn words(answer: &Value) -> String {
    let replies = answer["replies"].as_array().expect("a list");
    let texts: Vec<&str> = replies.iter().filter_map(|r| r["text"].as_str()).collect();
    texts.join("\n")
}

/// The other conversations of the same person, as the desk shows them.
fn linked(detail: &Value) -> Vec<(&str, &str, &str)> {
    let all = detail["linked"].as_array().expect("a list");
    all.iter()
        .map(|l| {
            let of = |name: &str| l[name].as_str().expect("text");
            (of("conversation"), of("inbox"), of("reference"))
        })
        .collect()
}

on_both! {
    async fn what_was_begun_on_telegram_is_carried_on_in_the_web_chat_and_back(base: Base) {
        let fake = Telegram::open().await;
        let house = telegram::open(base, &fake).await;
        let priya = house.agent("Priya Shah", "agent");
        fake.says(7, STORY);
        let reference = reference(&fake.last(7, 1).await.text);
        let asked = says(&house, "1", &format!("I wrote to you on Telegram about {reference}")).await;
        assert!(words(&asked).contains("which phone number or e-mail address"), "{asked}");
        assert_eq!(asked["complaint"], Value::Null, "nothing is theirs yet");
        let found = says(&house, "2", "it was 07700 900123").await;
        assert!(words(&found).contains("that matches"), "{found}");
        assert_eq!((&found["complaint"], &found["status"]), (&json!(reference), &json!("queued")));
        let notice = fake.last(7, 2).await;
        assert!(notice.text.contains("If it wasn't") && notice.text.contains(&reference), "{notice:?}");
        says(&house, "3", "She shouted at him again this morning, in front of the children").await;

        let here = found["conversation"].as_str().expect("an id").to_owned();
        let old = telegram::detail(&house, &priya, 7).await;
        let there = old["id"].as_str().expect("an id").to_owned();
        let new = house.get(&priya, &format!("conversations/{here}")).await;
        assert_eq!(linked(&new), [(there.as_str(), "telegram", reference.as_str())]);
        assert_eq!(linked(&old), [(here.as_str(), "web", reference.as_str())]);
        assert_eq!(old["complaint"], new["complaint"], "one record");
        let record = &new["complaint"];
        let narrative = record["incident"]["narrative"].as_str().expect("words");
        let (before, added) = narrative.split_once("\n[").expect("an addition");
        assert!(STORY.contains(before), "{narrative}");
        assert!(added.ends_with(", web]\nShe shouted at him again this morning, in front of the children"), "{narrative}");
        let reached = record["complainant"]["contact"].as_array().expect("a list");
        assert_eq!(reached[1], json!({"kind": "conversation", "value": here, "note": "web"}));

        // An agent who has the old one open writes to where they wrote last.
        let (status, sent) = house.post(&priya, &format!("conversations/{there}/messages"), json!({"id": "r1", "text": "I'm so sorry. I'll ring the team today."})).await;
        assert_eq!((status, &sent["conversation"]), (StatusCode::OK, &json!(here)), "{sent}");
        let new = house.get(&priya, &format!("conversations/{here}")).await;
        assert_eq!(email::by(&new, "agent"), ["I'm so sorry. I'll ring the team today."]);
        assert_eq!(new["holder"], "Priya Shah");

        // They go back to where they began: the next words go there.
        fake.says(7, "I'm on Telegram again");
        fake.sent(7, 3).await;
        let (status, sent) = house.post(&priya, &format!("conversations/{here}/messages"), json!({"id": "r2", "text": "Then I write to you here."})).await;
        assert_eq!((status, &sent["conversation"]), (StatusCode::OK, &json!(there)), "{sent}");
        let sent = fake.sent(7, 5).await;
        assert_eq!(sent[4].text, "Then I write to you here.");
    }

    async fn what_was_begun_by_mail_is_carried_on_on_discord(base: Base) {
        let (post, fake) = (Email::open().await, Discord::open().await);
        let mut settings = post.settings();
        settings.extend(fake.settings());
        let house = House::open_with(base, &settings).await;
        post.ready().await;
        fake.api.until("the session", |api| (api.identified > 0).then_some(())).await;
        let priya = house.agent("Priya Shah", "agent");
        let nora = "nora@home.example";
        post.says("Nora Bell <nora@home.example>", "Your nurse", &format!("{STORY}\n\nNora Bell"));
        let reference = reference(&post.last(nora, 1).await.text());
        let place = fake.direct(9);
        fake.says(9, &format!("I complained by e-mail, it's {reference}, can I go on here?"));
        let asked = fake.last(place, 1).await;
        assert!(asked.text.contains("which phone number"), "{asked:?}");
        fake.says(9, "+44 7700 900123");
        let found = fake.last(place, 2).await;
        assert!(found.text.contains("that matches"), "{found:?}");
        let notice = post.last(nora, 2).await;
        assert!(notice.text().contains("If it wasn't"), "{}", notice.text());
        let old = email::detail(&house, &priya, nora).await;
        let new = email::detail(&house, &priya, "9").await;
        assert_eq!(linked(&new)[0].1, "email");
        assert_eq!(linked(&old)[0].1, "discord");
        let there = old["id"].as_str().expect("an id");
        house.post(&priya, &format!("conversations/{there}/messages"), json!({"id": "r", "text": "I've rung the team."})).await;
        assert_eq!(fake.last(place, 4).await.text, "I've rung the team.");
        assert!(discord::theirs(&new).contains(&"+44 7700 900123"));
        post.all_right();
    }

    async fn guesses_are_counted_over_channels_and_restarts_and_tell_nothing(base: Base) {
        let mut house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let made = house.says("victim", "1", STORY).await;
        let known = made["complaint"].as_str().expect("a reference").to_owned();
        let unknown = Reference::from_bits(77).to_string();
        let mut heard: Vec<Vec<String>> = Vec::new();
        for (n, reference) in [&known, &unknown].into_iter().enumerate() {
            let claim = format!("I wrote to you on Telegram about {reference}");
            let mut all = Vec::new();
            let thief = format!("thief {n}");
            all.push(words(&house.says(&thief, &format!("c{n}"), &claim).await));
            all.push(words(&house.says(&thief, &format!("g{n}"), "07700 900111").await));
            house.stop();
            house.start().await;
            all.push(words(&says(&house, &format!("c{n}"), &claim).await));
            all.push(words(&says(&house, &format!("g1{n}"), "Nora Bell").await));
            all.push(words(&says(&house, &format!("g2{n}"), "last Tuesday").await));
            // Not even the right one opens it now, by whomever.
            all.push(words(&house.says(&thief, &format!("r{n}"), "07700 900123").await));
            all.push(words(&house.says(&format!("another {n}"), &format!("a{n}"), &claim).await));
            heard.push(all.into_iter().map(|text| text.replace(reference.as_str(), "NH-…")).collect());
        }
        // The web visitor is greeted the first time.
        let greeted = heard[0][2].ends_with(&heard[1][2]);
        assert!(greeted, "{heard:?}");
        let told = heard[1][2].clone();
        heard[0][2].clone_from(&told);
        assert_eq!(heard[0], heard[1], "an unknown reference is answered like a wrong detail");
        assert_ne!(heard[0][1], heard[0][4]);
        assert!(heard[0][4].contains("Tomorrow you can try again"), "{heard:?}");
        assert_eq!(heard[0][4], heard[0][5]);

        let id = made["conversation"].as_str().expect("an id");
        let victim = house.get(&priya, &format!("conversations/{id}")).await;
        let notes = email::by(&victim, "note");
        assert_eq!(notes.iter().filter(|n| n.contains("by web") && n.contains("refused for today")).count(), 1, "{notes:?}");
        assert_eq!(linked(&victim), []);
        let tries = house.rows("SELECT reference || ' ' || CAST(tries AS TEXT) FROM proof_tries ORDER BY tries, reference").await;
        let mut expected = [format!("{known} 3"), format!("{unknown} 3")];
        expected.sort();
        assert_eq!(tries, expected);

        // Another day: whoever it is tries again.
        house.change("UPDATE proof_tries SET day = '2026-01-01'").await;
        house.says("another 0", "later", &format!("I wrote to you on Telegram about {known}")).await;
        let found = house.says("another 0", "right", "07700 900123").await;
        assert_eq!(found["complaint"], json!(known), "{found}");
    }

    async fn the_logs_of_both_conversations_replay_by_themselves(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let made = house.says("old", "1", STORY).await;
        let reference = made["complaint"].as_str().expect("a reference").to_owned();
        house.says("new", "1", &format!("I lost my phone, I want to go on with {reference} here")).await;
        let found = house.says("new", "2", "07700 900123").await;
        house.says("new", "3", "She also threw the keys at him").await;
        house.says("old", "2", "And then she laughed at us and walked away").await;
        house.says("new", "4", "please use 07700 900456 instead").await;
        let amended = house.call(&priya, reqwest::Method::PATCH, &format!("complaints/{reference}"), Some(json!({"severity": 2}))).await;
        assert_eq!(amended.status(), StatusCode::OK);
        house.says("old", "3", "He is 80 years old").await;
        house.says("new", "5", "And it was raining, they left him in the rain").await;
        let store = Store::open(&house.database, Opener::Tool).await.expect("beside the server");
        let rules = Policy::load(&Texts::built_in(), "GB", None).expect("shipped flows");
        let record = store.complaint(&reference.parse().expect("a reference")).await.expect("reads");
        let mut ends = Vec::new();
        for (answer, sender) in [(&made, "old"), (&found, "new")] {
            let id = answer["conversation"].as_str().expect("an id").parse().expect("an id");
            let log = store.log_of(id).await.expect("reads");
            let mut snapshot = Snapshot { conversation: Conversation::new(id, "http", sender, log[0].at), complaint: None };
            for event in &log {
                snapshot = step(&snapshot, event, &rules.context()).expect("it happened").snapshot;
            }
            let on_disk = store.conversation(id).await.expect("reads").expect("there");
            assert_eq!(serde_json::to_string(&snapshot.conversation).expect("JSON"), serde_json::to_string(&on_disk).expect("JSON"));
            ends.push(snapshot.complaint);
        }
        // Whoever wrote last has the record as it is.
        assert_eq!(serde_json::to_string(&ends[1]).expect("JSON"), serde_json::to_string(&record).expect("JSON"));
        let narrative = record.expect("a record").incident.narrative;
        for told in ["threw the keys", "laughed at us", "left him in the rain"] {
            assert!(narrative.contains(told), "{told}: {narrative}");
        }
        store.close().await;
    }

    async fn a_mail_that_nobody_can_vouch_for_claims_nothing(base: Base) {
        let post = Email::open().await;
        let house = email::open(base, &post).await;
        let made = house.says("victim", "1", STORY).await;
        let reference = made["complaint"].as_str().expect("a reference").to_owned();
        let forged = crate::fakes::email::Written::from("Nora Bell <nora@home.example>").found("spf=fail smtp.mailfrom=home.example; dmarc=fail header.from=home.example");
        post.delivers(forged.text(&format!("I wrote to you in the web chat about {reference}, my number is 07700 900123")).raw());
        let receipt = post.last("nora@home.example", 1).await;
        assert!(!receipt.text().contains("NH-") && !receipt.text().contains("phone number"), "{}", receipt.text());
        assert_eq!(house.rows("SELECT reference FROM proof_tries").await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_and_its_proof_in_one_batch_are_weighed_one_after_the_other() {
    let house = House::open(Base::Sqlite).await;
    let made = house.says("old", "1", STORY).await;
    let reference = made["complaint"].as_str().expect("a reference").to_owned();
    let claim = format!("I wrote to you on Telegram about {reference}");
    let thieves = (0..20).map(|n| {
        let (house, claim) = (&house, claim.clone());
        async move {
            let thief = format!("thief {n}");
            house.says(&thief, &format!("c{n}"), &claim).await;
            house
                .says(&thief, &format!("g{n}"), &format!("07700 9002{n:02}"))
                .await
        }
    });
    let answers = futures_util::future::join_all(thieves).await;
    let asked_again = |a: &&Value| words(a).contains("Could you look once more");
    assert_eq!(
        answers.iter().filter(asked_again).count(),
        2,
        "the third is refused"
    );
    assert_eq!(
        house
            .rows("SELECT CAST(tries AS TEXT) FROM proof_tries")
            .await,
        ["3"]
    );
}
