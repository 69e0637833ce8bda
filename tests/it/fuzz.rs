//! The parsers, fed with everything that could come: real updates, events and mails, damaged in every way, and what
//! nobody meant.
//!
//! A short run is part of the tests. For a long one: `PROPTEST_CASES=1000000 cargo test --release --test it fuzz`.

use crate::fakes::{
    email::{ADDRESS, Written},
    telegram::{person, private},
};
use nohold::{
    channel::{discord, email, telegram},
    flow::{Flows, Texts},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn me() -> telegram::Me {
    telegram::Me {
        id: 1,
        username: "willowbrook_bot".into(),
    }
}

/// Updates and events as they come on good days.
fn good() -> Vec<Value> {
    let file = json!({"file_id": "f", "file_unique_id": "u", "file_size": 9, "width": 1, "height": 1, "duration": 1});
    let mut all: Vec<Value> = [
        json!({"text": "/start complaint"}),
        json!({"text": "@willowbrook_bot hello", "entities": [{"type": "mention", "offset": 0, "length": 16}]}),
        json!({"photo": [file], "caption": "see"}),
        json!({"document": file}),
        json!({"voice": file}),
        json!({"location": {"latitude": 1.0, "longitude": 2.0}}),
        json!({"contact": {"phone_number": "1", "first_name": "A", "user_id": 7}}),
        json!({"text": "x", "edit_date": 5}),
        json!({"text": "see 😀 this", "entities": [{"type": "text_link", "offset": 4, "length": 2, "url": "https://x.example"}]}),
        json!({"text": "x", "forward_origin": {"type": "user", "date": 1, "sender_user": person(8)}}),
        json!({"text": "x", "quote": {"text": "y", "position": 0}, "reply_to_message": private(7, 1, json!({"text": "y"}))}),
        json!({"text": "x", "business_connection_id": "b"}),
        json!({"rich_message": {"blocks": [{"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": ["a", {"type": "bold", "text": "b"}]}]}]}]}}),
        json!({"poll": {"question": "?", "options": [{"text": "a"}]}}),
        json!({"checklist": {"title": "t", "tasks": [{"id": 1, "text": "a"}]}}),
    ]
    .into_iter()
    .map(|content| json!({"update_id": 5, "message": private(7, 1, content.clone()), "edited_message": private(7, 1, content)}))
    .collect();
    all.push(json!({"update_id": 6, "callback_query": {"id": "1", "from": person(7), "chat_instance": "1", "data": "yes", "message": private(7, 1, json!({"text": "?"}))}}));
    let chat = private(7, 1, json!({}))["chat"].clone();
    all.push(json!({"update_id": 7, "my_chat_member": {"chat": chat, "old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}}));
    all.push(json!({"update_id": 8, "message_reaction": {"chat": chat, "message_id": 1, "new_reaction": [{"type": "emoji", "emoji": "x"}]}}));
    all.push(json!({"update_id": 9, "business_connection": {"id": "b", "user": person(9), "is_enabled": true, "rights": {"can_reply": true}}}));
    all.push(json!({"update_id": 10, "deleted_business_messages": {"business_connection_id": "b", "chat": chat, "message_ids": [1]}}));
    let author = json!({"id": "7", "username": "ann", "global_name": null});
    all.push(json!({"id": "1", "channel_id": "2", "author": author, "content": "hello", "type": 0, "attachments": [{"filename": "a", "size": 1, "url": "http://x"}], "edited_timestamp": "t"}));
    all.push(json!({"id": "1", "channel_id": "2", "author": author, "content": "", "type": 0, "poll": {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}]}, "message_snapshots": [{"message": {"content": "x"}}]}));
    all.push(json!({"user_id": "7", "channel_id": "2", "message_id": "1", "emoji": {"id": null, "name": "x"}}));
    all.push(json!({"id": "1", "channel_id": "2", "token": "t", "type": 2, "user": author, "data": {"name": "status", "options": [{"value": "NH"}]}}));
    all.push(json!({"id": "1", "channel_id": "2", "token": "t", "type": 5, "member": {"user": author}, "data": {"custom_id": "form:complain", "components": [{"components": [{"value": "x"}]}]}}));
    all
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("9".repeat(400))),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("(id|type|chat|from|text|data|[a-z_]{1,9})", inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// Puts `other` somewhere into `value`: in the place of the `n`-th of its parts.
fn damage(value: &mut Value, n: &mut usize, other: &Value) {
    if *n == 0 {
        value.clone_from(other);
        *n = usize::MAX;
        return;
    }
    *n -= 1;
    match value {
        Value::Array(parts) => parts.iter_mut().for_each(|p| damage(p, n, other)),
        Value::Object(parts) => parts.values_mut().for_each(|p| damage(p, n, other)),
        _ => {}
    }
}

/// Some thousands of cases, or as many as `PROPTEST_CASES` says.
fn thorough() -> ProptestConfig {
    let set = ProptestConfig::default();
    let usual = ProptestConfig::with_cases(256).cases;
    ProptestConfig {
        cases: if set.cases == usual { 4_000 } else { set.cases },
        failure_persistence: None,
        ..set
    }
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn nothing_that_comes_makes_a_parser_fall(seed in prop::sample::select(good()), places in prop::collection::vec((0_usize..40, any_json()), 0..4)) {
        let mut value = seed;
        for (mut n, other) in places {
            damage(&mut value, &mut n, &other);
        }
        let message = |name: &str| value[name]["chat"]["id"].as_i64();
        match telegram::hear(&value, &me()) {
            // Whoever is answered is whoever wrote: the chat is the update's own.
            telegram::Heard::Said(said) => prop_assert_eq!(Some(said.place.chat), message("message")),
            telegram::Heard::Edited(said, _) => prop_assert_eq!(Some(said.place.chat), message("edited_message")),
            _ => {}
        }
        for name in ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE", "MESSAGE_REACTION_ADD", "THREAD_UPDATE", "GUILD_CREATE", "ELSE"] {
            let heard = discord::hear(name, &value);
            if name == "ELSE" {
                prop_assert_eq!(heard, discord::Heard::Nothing);
            }
        }
    }

    #[test]
    fn words_in_private_are_never_lost_whatever_else_the_update_holds(text in "w\\PC{0,59}", more in any_json()) {
        let mut message = private(7, 3, json!({"text": text}));
        message["new_in_next_year"] = more.clone();
        message["reply_markup"] = more;
        let update = json!({"update_id": 9, "message": message});
        match telegram::hear(&update, &me()) {
            telegram::Heard::Said(said) => prop_assert_eq!(said.text, text),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

/// Mails as they come on good days.
fn mails() -> Vec<String> {
    let written = Written::from("Ann Lee <ann@home.example>").subject("Re: the nurse");
    vec![
        written.clone().text("She shouted.\n\nOn Mon, 1 Jun 2026 at 9:00, Care <support@care.example> wrote:\n> What happened?\n\n-- \nAnn").raw(),
        written.clone().body("Content-Type: text/html\n\n<p>She <a href=\"https://x.example\">shouted</a> &amp; left<blockquote>why?</blockquote><!-- x --><img alt='😢'></p>").raw(),
        written.clone().body("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee\n--b\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b\nContent-Type: message/rfc822\n\nFrom: t@x.example\n\nbye\n--b--\n").raw(),
        written.header("Auto-Submitted: auto-replied").body("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n--b--\n").raw(),
    ]
}

fn mailbox() -> email::Mailbox {
    email::Mailbox {
        address: ADDRESS.to_owned(),
        authserv_id: Some("mx.care.example".to_owned()),
    }
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn no_mail_makes_its_parser_fall_and_only_a_sender_is_answered(seed in prop::sample::select(mails()), places in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, prop::collection::vec(any::<u8>(), 0..30)), 0..4)) {
        let mut mail = seed.into_bytes();
        for (at, length, other) in places {
            let at = at.index(mail.len() + 1);
            let end = mail.len().min(at + length);
            mail.splice(at..end, other);
        }
        if let email::Heard::Said(said) = email::hear(&mail, &mailbox()) {
            prop_assert!(!said.sender.contains(char::is_control) && said.sender.contains('@'));
            prop_assert!(!said.subject.contains(char::is_control) && !said.id.contains(char::is_control));
        }
    }

    #[test]
    fn words_of_a_mail_are_never_lost_whatever_they_look_like(lines in prop::collection::vec("([-> *_]{0,3}|On |El |From: |De: |-- |Sent: )?[a-z<>@:0-9é]{0,12}( [a-z]{1,9}){0,6}( wrote:)?", 0..12), answers in any::<bool>(), sent_on in any::<bool>(), said in 0_usize..12) {
        let text = lines.join("\n");
        let mut known = email::Known::default();
        lines.iter().skip(said).for_each(|line| known.add(line));
        let cut = email::cut(&text, email::About { answers, sent_on, known: &known });
        let forwarded = cut.forwarded.clone().map(|f| format!("{} {}", f.from.unwrap_or_default(), f.text)).unwrap_or_default();
        let kept = format!("{} {} {forwarded}", cut.own, cut.quoted);
        let signed = lines.iter().any(|l| l.trim() == "--");
        // So is the line that introduces a quote, which programs break over up to three.
        let introduces = |n: usize| lines.iter().skip(n).take(3).any(|l| l.ends_with("wrote:"));
        let told = lines.iter().enumerate().filter(|(n, l)| l.starts_with(|c: char| c.is_ascii_lowercase()) && !introduces(*n));
        for word in told.flat_map(|(_, l)| l.split_whitespace()) {
            // A signature is left out too.
            prop_assert!(signed || kept.contains(word), "{word} of {text:?} in {cut:?}");
        }
    }
}

/// The shipped files of flows, by path from their folder on.
fn flows() -> std::collections::BTreeMap<String, String> {
    fn walk(
        folder: &std::path::Path,
        root: &std::path::Path,
        all: &mut std::collections::BTreeMap<String, String>,
    ) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, all);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy();
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                all.insert(name.replace('\\', "/"), text);
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("flows");
    let mut all = std::collections::BTreeMap::new();
    walk(&root, &root, &mut all);
    all
}

/// One line of a file deleted, doubled, moved in, cut off, or put in the place of another.
fn spoil(text: &str, line: usize, how: u8, other: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = line % lines.len().max(1);
    match how {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines[at].insert_str(0, "  "),
        3 => {
            let middle = lines[at].floor_char_boundary(lines[at].len() / 2);
            lines[at].truncate(middle);
        }
        4 => other.clone_into(&mut lines[at]),
        _ => lines[at].push_str(other),
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever an owner does to a file of flows: it is loaded, or every mistake names its file.
    #[test]
    fn damaged_flows_are_loaded_or_refused_with_their_place(
        file in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<usize>(), 0_u8..6, "(\\PC{0,24}|: [a-z]{1,8}|- x: \\{|&a|\\*a|!!|\"|\\{\\{ x|%\\}| {1,9}when: x)"), 1..4),
    ) {
        let mut files = flows();
        let name = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let spoilt = damages.iter().fold(files[&name].clone(), |text, (line, how, other)| spoil(&text, *line, *how, other));
        files.insert(name, spoilt);
        match Flows::load(&Texts::of(files), "GB") {
            Ok(flows) => drop(flows.lint()),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|e| !e.file.is_empty() && !e.message.is_empty()), "{errors:?}");
            }
        }
    }
}
