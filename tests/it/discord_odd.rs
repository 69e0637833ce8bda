//! What Discord documents and people seldom send, and what it refuses now and then.

use crate::discord::{only, open, talks, theirs};
use crate::fakes::discord::{Discord, GUILD, SUPPORT};
use crate::house::{Base, House};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_read_as_the_words_that_it_is() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(100);
    let poll = json!({"question": {"text": "Should I just kill myself?"}, "answers": [{"answer_id": 1, "poll_media": {"text": "yes"}}, {"answer_id": 2, "poll_media": {"text": "no", "emoji": {"name": "🙏"}}}], "allow_multiselect": false, "layout_type": 1, "expiry": null});
    discord.writes(100, place, "", json!({"poll": poll}));
    assert!(discord.last(place, 1).await.text.contains("116 123"));
    let all = talks(&house, &token).await;
    assert_eq!(theirs(&all[0]), ["Should I just kill myself?\n– yes\n– no"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_can_make_out_does_not_take_the_words_along() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(109);
    let strange = json!({"attachments": [{"id": "1", "upload_filename": "x"}]});
    discord.writes(109, place, "I want to die", strange);
    assert!(discord.last(place, 1).await.text.contains("116 123"));
    assert_eq!(theirs(&talks(&house, &token).await[0]), ["I want to die"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_message_is_kept() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(101);
    let mut voice = discord.attachment(
        "voice-message.ogg",
        "audio/ogg",
        b"OggS\0\x02\0\0\0\0\0\0\0\0",
    );
    voice["duration_secs"] = json!(3.2);
    voice["waveform"] = json!("AAAA");
    discord.writes(
        101,
        place,
        "",
        json!({"flags": 1 << 13, "attachments": [voice]}),
    );
    discord.sent(place, 1).await;
    let id = only(&house, &token).await;
    let seen = house.get(&token, &format!("conversations/{id}")).await;
    assert_eq!(
        seen["messages"][0]["attachments"][0]["name"],
        "voice-message.ogg"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_itself_says_in_somebodys_name_is_nobodys_word() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(102);
    discord.says(102, "hello");
    discord.sent(place, 1).await;
    // Joined, boosted, pinned, called, thread begun, a command's echo, a poll's result, a purchase, and what is yet to
    // come.
    for kind in (1..=18).chain(20..=60) {
        discord.writes(102, place, "I want to die", json!({"type": kind}));
    }
    discord.says(102, "/status");
    discord.sent(place, 2).await;
    let all = talks(&house, &token).await;
    assert_eq!(theirs(&all[0]), ["hello", "/status"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_that_discord_adds_is_no_change() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(103);
    let said = discord.says(103, "see https://example.org about your nurse");
    discord.sent(place, 1).await;
    let edited = "2026-11-24T10:05:00Z";
    for more in [
        json!({"embeds": [{"type": "link"}]}),
        json!({"author": {"id": "103", "username": "ann"}, "embeds": [], "edited_timestamp": edited, "type": 0}),
        json!({"author": {"id": "103", "username": "ann"}, "content": "see https://example.org about your nurse", "pinned": true, "edited_timestamp": null, "type": 0}),
    ] {
        let mut content = json!({"id": said.to_string(), "channel_id": place.to_string()});
        content
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        discord.event("MESSAGE_UPDATE", content);
    }
    discord.says(103, "/status");
    discord.sent(place, 2).await;
    let all = talks(&house, &token).await;
    assert_eq!(
        theirs(&all[0]),
        ["see https://example.org about your nurse", "/status"]
    );
    assert_eq!(all[0]["messages"][0]["edited"], json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_messages_that_are_opened_too_fast_are_opened_later_and_nobody_is_given_up() {
    let discord = Discord::open().await;
    discord.api.change(|api| {
        api.content_granted = false;
        api.no_direct.insert(104, (403, 40_003));
    });
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let form = json!({"custom_id": "form:complain", "components": [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "your nurse shouted at me"}]}]});
    let sent = discord.acts(104, SUPPORT, 5, form);
    discord.answer(&sent).await;
    discord.whispered(&sent, 1).await;
    // The quarter of an hour is over: nothing but a direct message is left.
    discord.api.change(|api| api.answered.clear());
    let id = only(&house, &token).await;
    house
        .post(&token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    let refused = |api: &mut crate::fakes::discord::Api| {
        let opened = api
            .refused
            .iter()
            .filter(|(path, _)| path == "users/@me/channels");
        (opened.count() > 2).then_some(())
    };
    discord.api.until("direct messages refused", refused).await;
    discord.api.change(|api| api.no_direct.clear());
    let place = discord.direct(104);
    assert!(discord.last(place, 1).await.text.contains("Priya"));
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_refuses_a_thread_leads_to_a_direct_message() {
    // No permission; no access; a thread for this message already; too many threads; the channel is gone; Discord does
    // not say.
    for (status, code) in [
        (403, 50_013),
        (403, 50_001),
        (400, 160_004),
        (400, 160_006),
        (404, 10_003),
        (403, 0),
    ] {
        let discord = Discord::open().await;
        discord
            .api
            .change(|api| api.no_thread = Some((status, code)));
        let house = open(Base::Sqlite, &discord).await;
        let public = discord.writes(105, SUPPORT, "I want to die", Value::Null);
        let place = discord.direct(105);
        assert!(
            discord.last(place, 1).await.text.contains("116 123"),
            "{code}"
        );
        crate::discord_private::gone(&discord, public).await;
        discord.never_in_public();
        drop(house);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn things_that_belong_to_others_or_to_nobody_open_no_conversation() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let guild = GUILD.to_string();
    for (kind, content) in [
        (
            "MESSAGE_POLL_VOTE_ADD",
            json!({"user_id": "1", "channel_id": "2", "message_id": "3", "answer_id": 1}),
        ),
        (
            "MESSAGE_REACTION_ADD",
            json!({"user_id": "1", "channel_id": "600", "message_id": "3", "guild_id": guild, "emoji": {"id": null, "name": "👍"}}),
        ),
        (
            "MESSAGE_REACTION_REMOVE_ALL",
            json!({"channel_id": "600", "message_id": "3", "guild_id": guild}),
        ),
        (
            "MESSAGE_DELETE",
            json!({"id": "3", "channel_id": "999", "guild_id": guild}),
        ),
        (
            "THREAD_DELETE",
            json!({"id": "999", "guild_id": guild, "parent_id": "600", "type": 12}),
        ),
        (
            "THREAD_MEMBERS_UPDATE",
            json!({"id": "999", "guild_id": guild, "member_count": 1, "removed_member_ids": ["5"]}),
        ),
        (
            "CHANNEL_DELETE",
            json!({"id": "999", "guild_id": guild, "type": 0}),
        ),
        ("GUILD_DELETE", json!({"id": guild, "unavailable": true})),
        (
            "INTERACTION_CREATE",
            json!({"id": "1", "application_id": "1", "type": 4, "token": "t", "channel_id": "600", "guild_id": guild, "member": {"user": {"id": "5"}}, "data": {"name": "status"}}),
        ),
        (
            "INTERACTION_CREATE",
            json!({"id": "2", "application_id": "1", "type": 1, "token": "t"}),
        ),
        (
            "TYPING_START",
            json!({"channel_id": "600", "user_id": "5", "timestamp": 1}),
        ),
    ] {
        discord.event(kind, content);
    }
    let place = discord.direct(106);
    discord.says(106, "hello");
    discord.sent(place, 1).await;
    assert_eq!(talks(&house, &token).await.len(), 1);
    let lines = house.get(&token, "inboxes").await;
    assert_eq!(lines["inboxes"][0]["unread"], 0, "known, and not ours");
}

/// The notes that the desk sees of the only conversation, once there are so many.
async fn notes(house: &House, token: &str, count: usize) -> Vec<String> {
    let id = only(house, token).await;
    let of = |v: &Value| -> Vec<String> {
        let all = v["messages"].as_array().into_iter().flatten();
        let notes = all.filter(|m| m["from"] == "note");
        notes
            .filter_map(|m| m["text"].as_str().map(str::to_owned))
            .collect()
    };
    let path = format!("conversations/{id}");
    let seen = house.until(token, &path, |v| of(v).len() >= count).await;
    of(&seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_to_our_messages_and_their_end_are_shown_at_the_desk() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.writes(
        107,
        SUPPORT,
        "your nurse shouted at me yesterday",
        Value::Null,
    );
    let thread = discord.thread(107).await;
    let ours = discord.last(thread, 2).await.id;
    let id = only(&house, &token).await;
    let arrived = |v: &Value| {
        let all = v["messages"].as_array().expect("a list");
        all.iter().all(|m| m["delivery"] == "done")
    };
    house
        .until(&token, &format!("conversations/{id}"), arrived)
        .await;
    let own = discord.writes(107, thread, "I'm her daughter", Value::Null);
    discord.sent(thread, 3).await;
    let thanks = json!({"id": null, "name": "🙏"});
    let their_own = json!({"id": "9", "name": "sad_cat", "animated": false});
    discord.reacts(107, thread, own, thanks.clone(), true);
    discord.reacts(108, thread, ours, thanks.clone(), true);
    discord.reacts(107, thread, ours, thanks.clone(), true);
    discord.reacts(107, thread, ours, thanks.clone(), false);
    // The same once more is another one.
    discord.reacts(107, thread, ours, thanks, true);
    discord.break_connections();
    discord.reacts(107, thread, ours, their_own, true);
    let told = [
        "They reacted to our message: 🙏",
        "A reaction to our message was taken back: 🙏",
        "They reacted to our message: 🙏",
        "They reacted to our message: :sad_cat:",
    ];
    assert_eq!(notes(&house, &token, 4).await, told);
}

/// What is forwarded, as Discord tells it.
fn snapshot(content: &Value) -> Value {
    json!({"message_reference": {"type": 1, "channel_id": "1", "message_id": "2"}, "message_snapshots": [{"message": content}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_forwarded_without_a_word_is_somebody_elses() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(110);
    let photo = discord.attachment("a.png", "image/png", b"\x89PNG\r\n\x1a\n0000");
    let content = json!({"content": "", "attachments": [photo], "embeds": [], "type": 0});
    discord.writes(110, place, "", snapshot(&content));
    assert!(discord.last(place, 1).await.text.contains("passed on"));
    let seen = talks(&house, &token).await;
    assert_eq!(seen[0]["messages"][0]["borrowed"], json!(["Forwarded"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_wrote_in_a_frame_is_read_where_it_is_forwarded() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(111);
    let frame = json!({"type": "rich", "title": "Anonymous", "description": "I want to kill myself tonight", "fields": [{"name": "Room", "value": "12"}]});
    let preview = json!({"type": "link", "title": "I want to die", "description": "A song"});
    let content = json!({"content": "", "attachments": [], "embeds": [frame, preview], "type": 0});
    discord.writes(111, place, "", snapshot(&content));
    assert!(discord.last(place, 1).await.text.contains("116 123"));
    let seen = talks(&house, &token).await;
    let told = "Forwarded: Anonymous\nI want to kill myself tonight\nRoom\n12";
    assert_eq!(seen[0]["messages"][0]["borrowed"], json!([told]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_forwarded_message_shows_its_words() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(112);
    let mut answered = snapshot(&json!({"content": "visiting is cancelled", "embeds": []}));
    answered["content"] = json!("");
    answered["author"] = json!({"id": "112", "username": "ann"});
    let more = json!({"type": 19, "referenced_message": answered});
    discord.writes(112, place, "when was this decided?", more);
    discord.sent(place, 1).await;
    let seen = talks(&house, &token).await;
    let told = "In answer to ann: visiting is cancelled";
    assert_eq!(seen[0]["messages"][0]["borrowed"], json!([told]));
}
