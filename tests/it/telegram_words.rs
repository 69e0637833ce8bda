//! Telegram: what a message says, in whatever dress it comes, and what says nothing.

use crate::fakes::telegram::{Api, BOT, Telegram, USERNAME, person, private};
use crate::house::{Base, House};
use crate::telegram::{detail, open, theirs};
use serde_json::{Value, json};

/// All conversations that the bot has.
async fn with_the_bot(house: &House) -> Value {
    let token = house.agent("Mo Bell", "supervisor");
    house.get(&token, "conversations?status=bot").await["conversations"].clone()
}

/// Waits until all that was said to a chat has these words in it.
pub(crate) async fn until_said(telegram: &Telegram, chat: i64, words: &[&str]) {
    let said = |api: &mut Api| {
        let said = api.sent.iter().filter(|s| s.chat == chat);
        let said: Vec<&str> = said.map(|s| s.text.as_str()).collect();
        let said = said.join("\n");
        words.iter().all(|w| said.contains(w)).then_some(())
    };
    telegram.api.until(&words.join(" and "), said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_behind_words_is_readable_at_the_desk() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let link = |offset: u32, length: u32, url: &str| json!([{"type": "text_link", "offset": offset, "length": length, "url": url}]);
    telegram.sends(
        10,
        json!({"text": "😀 here is what they wrote about my mother", "entities": link(11, 4, "https://reviews.example/42")}),
    );
    telegram.sent(10, 1).await;
    let pdf = telegram.file(b"%PDF-1.4 0000");
    telegram.sends(10, json!({"document": {"file_id": pdf, "file_unique_id": "u", "mime_type": "application/pdf", "file_name": "a.pdf", "file_size": 13},
        "caption": "the same letter", "caption_entities": link(4, 4, "https://letters.example/7")}));
    telegram.sent(10, 2).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 10).await;
    assert_eq!(
        theirs(&detail),
        [
            "😀 here is what (https://reviews.example/42) they wrote about my mother",
            "the same (https://letters.example/7) letter"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rich_messages_polls_and_checklists_are_read_as_text() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.sends(11, json!({"rich_message": {"blocks": [
        {"type": "heading", "size": 1, "text": "My complaint"},
        {"type": "paragraph", "text": ["Your nurse ", {"type": "bold", "text": "shouted at me"}, " yesterday"]}]}}));
    assert!(telegram.last(11, 1).await.text.contains("NH-"));
    telegram.sends(11, json!({"poll": {"id": "1", "question": "Which ward was it?", "options": [
        {"persistent_id": "a", "text": "Ward 4", "voter_count": 0}, {"persistent_id": "b", "text": "Ward 5", "voter_count": 0}],
        "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular", "allows_multiple_answers": false, "correct_option_ids": []}}));
    telegram.sent(11, 2).await;
    telegram.sends(11, json!({"checklist": {"title": "What I told them", "tasks": [
        {"id": 1, "text": "that it hurt", "completion_date": 1_795_514_400, "completed_by_user": person(11)}, {"id": 2, "text": "that I want a call"}]}}));
    telegram.sent(11, 3).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 11).await;
    assert_eq!(
        theirs(&detail),
        [
            "My complaint\nYour nurse shouted at me yesterday",
            "Which ward was it?\n– Ward 4\n– Ward 5",
            "What I told them\n☑ that it hurt\n☐ that I want a call"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_beside_a_caption_is_said() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.sends(12, json!({"caption": "your nurse shouted at me yesterday", "paid_media": {"star_count": 1, "paid_media": []}}));
    until_said(&telegram, 12, &["can't open", "NH-"]).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 12).await;
    assert_eq!(theirs(&detail), ["your nurse shouted at me yesterday"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_with_a_reference_tells_how_that_complaint_stands() {
    let telegram = Telegram::open().await;
    let _house = open(Base::Sqlite, &telegram).await;
    telegram.says(14, "your nurse shouted at me yesterday");
    let told = telegram.last(14, 1).await.text;
    let at = told.find("NH-").expect("a reference");
    let reference = &told[at..at + "NH-7K4M-92QX-C".len()];
    telegram.says(15, &format!("/start {reference}"));
    until_said(&telegram, 15, &[reference, "received on"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_is_ignored_and_what_nobody_knows_opens_no_conversation() {
    let telegram = Telegram::open().await;
    for (n, kind) in [
        "channel_post",
        "inline_query",
        "poll",
        "chat_boost",
        "guest_message",
        "managed_bot",
    ]
    .iter()
    .enumerate()
    {
        telegram.raw(json!({"update_id": 5000 + n, *kind: private(16, 1, json!({"text": "not for the bot"}))}));
    }
    let house = open(Base::Sqlite, &telegram).await;
    for content in [
        json!({"pinned_message": private(16, 1, json!({"text": "pinned"}))}),
        json!({"gift": {"gift": {"id": "1"}}}),
        json!({"checklist_tasks_done": {"marked_as_done_task_ids": [1]}}),
        json!({"happened_next_year": {"of": "a new kind"}}),
    ] {
        telegram.sends(16, content);
    }
    telegram.all_confirmed().await;
    telegram.says(17, "hello");
    telegram.sent(17, 1).await;
    let boss = house.agent("Priya Shah", "supervisor");
    let lines = house.get(&boss, "inboxes").await;
    assert_eq!(lines["inboxes"][0]["unread"], 0, "{lines}");
    let all = with_the_bot(&house).await;
    assert_eq!(all.as_array().expect("a list").len(), 1, "{all}");
    // Whoever talks with the bot already is told that it could not be read.
    telegram.sends(17, json!({"happened_next_year": {"of": "a new kind"}}));
    until_said(&telegram, 17, &["can't open"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_an_old_bot_is_nobodys_words_and_every_press_is_acknowledged() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let old = |title: &str, data: &str| json!({"message_id": 3, "date": 1, "chat": {"id": 18, "type": "private", "first_name": "Ann"}, "from": {"id": BOT, "is_bot": true, "first_name": "W"}, "text": "Menu", "reply_markup": {"inline_keyboard": [[{"text": title, "callback_data": data}]]}});
    telegram.says(18, "your nurse shouted at me yesterday");
    let asked = telegram.last(18, 1).await;
    let foreign = telegram.presses_in(18, old("Opening hours", "menu:12"), "menu:12");
    let title = "Neighbours of ours";
    let same_value = telegram.presses_in(18, old(title, "neighbour"), "neighbour");
    let group = json!({"message_id": 4, "date": 1, "chat": {"id": -5, "type": "group", "title": "G"}, "text": "x"});
    let in_group = telegram.presses_in(18, group, "neighbour");
    let inline = telegram.presses_in(18, Value::Null, "x");
    let ours = telegram.presses(18, asked.id, "neighbour");
    for press in [&foreign, &same_value, &in_group, &inline, &ours] {
        telegram
            .api
            .until("the press acknowledged", |api| {
                api.pressed_answered.contains(press).then_some(())
            })
            .await;
    }
    let toasts = telegram.api.look().toasts.clone();
    assert!(toasts[&foreign].contains("no longer"), "{toasts:?}");
    assert!(
        toasts.contains_key(&same_value) && toasts.len() == 2,
        "{toasts:?}"
    );
    telegram.sent(18, 2).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 18).await;
    assert_eq!(
        theirs(&detail),
        ["your nurse shouted at me yesterday", "I'm a neighbour"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_that_do_not_fit_their_text_hurt_nobody_and_no_words_reach_the_log() {
    let telegram = Telegram::open().await;
    telegram.api.change(|api| {
        api.chats.insert(-100);
    });
    let house = open(Base::Sqlite, &telegram).await;
    let broken = json!([
        {"type": "mention", "offset": 0, "length": USERNAME.len() + 1},
        {"type": "text_link", "offset": USERNAME.len() + 3, "length": 1, "url": "https://x.example"},
        {"type": "mention", "offset": 900, "length": 7},
        {"type": "mention", "offset": u64::MAX, "length": u64::MAX}]);
    let text = format!("@{USERNAME} 😀 my diagnosis is diabetes");
    let mut message = private(19, 60, json!({"text": text, "entities": broken}));
    message["chat"] = json!({"id": -100, "type": "supergroup", "title": "Neighbours"});
    telegram.update("message", message);
    telegram.sent(-100, 1).await;
    telegram.sends(19, json!({"text": text, "entities": broken}));
    telegram.sent(19, 1).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(theirs(&detail(&house, &token, 19).await), [text]);
    let lines = house.get(&token, "inboxes").await;
    assert_eq!(lines["inboxes"][0]["unread"], 0, "{lines}");
    assert!(!house.log().contains("diabetes"), "{}", house.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_forwards_of_their_own_is_answered_as_their_own() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let origin = json!({"type": "user", "date": 1, "sender_user": person(18)});
    telegram.sends(18, json!({"text": "I want to kill myself tonight, my number is 07700 900111", "forward_origin": origin}));
    let said = telegram.last(18, 1).await.text;
    assert!(
        said.contains("116 123") && !said.contains("If they might"),
        "{said}"
    );
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 18).await;
    assert_eq!(theirs(&seen), [""], "nothing in it counts as told here");
    let beside = &seen["messages"][0]["borrowed"][0];
    assert!(
        beside
            .as_str()
            .is_some_and(|b| b.starts_with("Forwarded, their own words")),
        "{beside}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_heard_in_an_answer_that_is_explained_in_a_card_and_in_another_chats_poll() {
    let telegram = Telegram::open().await;
    let _house = open(Base::Sqlite, &telegram).await;
    let quiz = json!({"id": "1", "question": "Guess", "explanation": "I want to kill myself", "options": [{"text": "a", "voter_count": 0}], "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "quiz", "allows_multiple_answers": false});
    telegram.sends(19, json!({"poll": quiz}));
    assert!(telegram.last(19, 1).await.text.contains("116 123"));
    telegram.sends(20, json!({"contact": {"phone_number": "+447700900111", "first_name": "I want to", "last_name": "kill myself"}}));
    assert!(telegram.last(20, 1).await.text.contains("116 123"));
    let chat = json!({"id": -100, "type": "channel", "title": "News"});
    telegram.sends(21, json!({"text": "look", "external_reply": {"origin": {"type": "channel", "date": 1, "chat": chat, "message_id": 4}, "chat": chat, "poll": {"question": "Should I kill myself?", "options": []}}}));
    assert!(telegram.last(21, 1).await.text.contains("116 123"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sticker_without_its_sign_is_told_to_be_closed_to_us() {
    let telegram = Telegram::open().await;
    let _house = open(Base::Sqlite, &telegram).await;
    telegram.sends(22, json!({"sticker": {"file_id": "x", "file_unique_id": "y", "type": "regular", "width": 1, "height": 1, "is_animated": false, "is_video": false}}));
    until_said(&telegram, 22, &["can't open"]).await;
}
