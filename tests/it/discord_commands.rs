//! Commands and buttons: where they are shown, in which language, and what is missing on the server.

use crate::discord::{open, talks, theirs};
use crate::fakes::discord::{Discord, GUILD};
use crate::house::{Base, House};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn commands(discord: &Discord) -> Vec<Value> {
    let named = |api: &mut crate::fakes::discord::Api| {
        (!api.commands.is_empty()).then(|| api.commands.clone())
    };
    discord.api.until("the commands", named).await
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_for_servers_and_for_direct_messages_with_the_bot_alone() {
    let discord = Discord::open().await;
    let _house = open(Base::Sqlite, &discord).await;
    let places: BTreeMap<String, (Value, Value)> = commands(&discord)
        .await
        .iter()
        .map(|c| {
            let name = c["name"].as_str().expect("a name").to_owned();
            (
                name,
                (c["contexts"].clone(), c["integration_types"].clone()),
            )
        })
        .collect();
    let (server_and_bot, installed_on_servers) = (json!([0, 1]), json!([0]));
    let all = ["agent", "complain", "forget", "help", "receipt", "status"];
    let expected = all.map(|name| {
        let places = (server_and_bot.clone(), installed_on_servers.clone());
        (name.to_owned(), places)
    });
    assert_eq!(places, BTreeMap::from(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_described_in_spanish_too() {
    let discord = Discord::open().await;
    let _house = open(Base::Sqlite, &discord).await;
    let all = commands(&discord).await;
    let of = |name: &str| all.iter().find(|c| c["name"] == name).expect("named");
    let agent = of("agent");
    assert_eq!(agent["description"], "Talk with a person");
    let spanish = json!({"es-ES": "Hablar con una persona", "es-419": "Hablar con una persona"});
    assert_eq!(agent["description_localizations"], spanish);
    let reference = &of("status")["options"][0];
    assert_eq!(
        reference["description_localizations"]["es-419"],
        "La referencia de su queja; empieza por NH"
    );
    for command in &all {
        let told = command["description_localizations"].as_object();
        assert_eq!(told.map(serde_json::Map::len), Some(2), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_another_program_is_nobodys_words() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(80);
    discord.says(80, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    let data = json!({"custom_id": "ticket_close_confirm", "component_type": 2});
    let pressed = discord.acts(80, place, 3, data);
    assert_eq!(discord.answer(&pressed).await["type"], 7, "acknowledged");
    let told = discord.whispered(&pressed, 1).await;
    assert!(told[0].text.contains("no longer does anything"), "{told:?}");
    discord.says(80, "I'm a neighbour");
    discord.sent(place, 2).await;
    let all = talks(&house, &token).await;
    assert_eq!(
        theirs(&all[0]),
        ["your nurse shouted at me yesterday", "I'm a neighbour"]
    );
}

/// The warnings of the line, once it is up.
async fn warnings(discord: &Discord) -> String {
    let house = House::open_with(Base::Sqlite, &discord.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    let up = |v: &Value| v["inboxes"][0]["state"] == "up";
    let lines = house.until(&token, "inboxes", up).await;
    lines["inboxes"][0]["warnings"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_right_that_the_bot_lacks_is_named_alone() {
    let rights = [
        (16, "Read Message History"),
        (36, "Create Private Threads"),
        (38, "Send Messages in Threads"),
        (15, "Attach Files"),
        (13, "Manage Messages"),
    ];
    for (bit, name) in rights {
        let discord = Discord::open().await;
        discord.api.change(|api| api.rights &= !(1 << bit));
        // What everybody may the bot may too.
        discord.api.change(|api| api.everybody &= !(1 << bit));
        let told = warnings(&discord).await;
        let lacks = format!("the bot's role lacks \\\"{name}\\\"");
        assert!(told.contains(&lacks), "{name}: {told}");
        assert_eq!(told.matches("the bot's role lacks").count(), 1, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_taken_or_given_meanwhile_is_seen_without_a_restart() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let told = |v: &Value| v["inboxes"][0]["warnings"].to_string();
    let create_private_threads = 1 << 36;
    let role = json!({"guild_id": GUILD.to_string(), "role": {"id": "77"}});
    discord
        .api
        .change(|api| api.rights &= !create_private_threads);
    discord.event("GUILD_ROLE_UPDATE", role.clone());
    let lacks = |v: &Value| told(v).contains("Create Private Threads");
    house.until(&token, "inboxes", lacks).await;
    discord
        .api
        .change(|api| api.rights |= create_private_threads);
    discord.event("GUILD_ROLE_UPDATE", role);
    house.until(&token, "inboxes", |v| told(v) == "[]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_in_which_no_private_thread_can_be_opened_is_named() {
    for kind in [2, 4, 5, 13, 15] {
        let discord = Discord::open().await;
        discord.api.change(|api| api.support_kind = kind);
        let told = warnings(&discord).await;
        assert!(told.contains("no text channel"), "{kind}: {told}");
    }
    let discord = Discord::open().await;
    assert_eq!(warnings(&discord).await, "[]", "nothing is missing");
}
