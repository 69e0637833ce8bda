//! Discord's own signs in a text, as people see them: who and what is mentioned, emoji of a server, moments.

use super::raw::{NamedChannel, User, each};
use regex::{Captures, Regex};
use serde_json::Value;
use std::sync::LazyLock;

static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
    let signs = r"<(?:(?<who>@!?|@&|\#)(?<id>\d{1,20})|a?(?<emoji>:\w{1,32}:)\d{1,20}|t:(?<moment>-?\d{1,13})(?::[tTdDfFR])?|(?<command>/[\w\- ]{1,100}):\d{1,20})>";
    Regex::new(signs).expect("a pattern that compiles")
});

/// The text with `<@1>` as `@Ann`, `<#2>` as `#ward`, `<:sad:3>` as `:sad:`, `<t:4:R>` as a date and time. `mentions`
/// and `channels` are the message's own lists.
pub(super) fn readable(text: &str, mentions: &Value, channels: &Value) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let people: Vec<User> = each(mentions);
    let places: Vec<NamedChannel> = each(channels);
    let sign = |found: &Captures<'_>| -> String {
        let whole = || found[0].to_owned();
        if let Some(emoji) = found.name("emoji") {
            return emoji.as_str().to_owned();
        }
        if let Some(moment) = found.name("moment") {
            let at = moment.as_str().parse().ok();
            let at = at.and_then(|s| jiff::Timestamp::from_second(s).ok());
            return at.map_or_else(whole, |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        }
        if let Some(command) = found.name("command") {
            return command.as_str().to_owned();
        }
        let (who, id) = (&found["who"], &found["id"]);
        let is = |known: u64| id.parse() == Ok(known);
        match who {
            "@" | "@!" => {
                let name = people.iter().find(|p| is(p.id.0)).and_then(User::name);
                format!("@{}", name.as_deref().unwrap_or(id))
            }
            "#" => {
                let place = places.iter().find(|c| is(c.id.0));
                format!("#{}", place.map_or(id, |c| c.name.as_str()))
            }
            _ => format!("@{id}"),
        }
    };
    SIGNS.replace_all(text, sign).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn signs_are_read_as_people_see_them() {
        let mentions =
            json!([{"id": "7", "username": "ann", "global_name": "Ann Smith"}, {"id": 5}]);
        let channels = json!([{"id": "9", "name": "ward-3"}]);
        let read = |text: &str| readable(text, &mentions, &channels);
        assert_eq!(
            read("<@7> and <@!8> in <#9>"),
            "@Ann Smith and @8 in #ward-3"
        );
        assert_eq!(read("so <:sad:123> <a:wave:4>"), "so :sad: :wave:");
        assert_eq!(read("at <t:1795514400:F>"), "at 2026-11-24 10:00 UTC");
        assert_eq!(read("</complain:55> <@&3>"), "/complain @3");
        for plain in ["a < b > c", "<@>", "<script>", "<t:99999999999999>", "<@7"] {
            assert_eq!(read(plain), plain);
        }
    }
}
