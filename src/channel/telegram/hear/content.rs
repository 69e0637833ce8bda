//! What a message holds: words, a file, or something that we cannot take.

use super::{Said, Wanted, text};
use crate::domain::{Borrowed, BorrowedHow, event::Unkept};
use serde::de::DeserializeOwned;
use serde_json::Value;
use teloxide::types::{
    Animation, Audio, Contact, Document, FileMeta, Location, PhotoSize, Sticker, Venue, Video,
    VideoNote, Voice,
};

/// What Telegram tells of by a message although nobody said anything (Bot API 10.1).
const SERVICE: &[&str] = &[
    "new_chat_members",
    "left_chat_member",
    "chat_owner_left",
    "chat_owner_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "direct_message_price_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway_completed",
    "managed_bot_created",
    "paid_message_price_changed",
    "poll_option_added",
    "poll_option_deleted",
    "suggested_post_approved",
    "suggested_post_approval_failed",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
];

/// What people send and we cannot take, or cannot make out this time.
const UNTAKEN: &[&str] = &[
    "animation",
    "audio",
    "checklist",
    "contact",
    "document",
    "live_photo",
    "location",
    "photo",
    "poll",
    "rich_message",
    "sticker",
    "venue",
    "video",
    "video_note",
    "voice",
    "dice",
    "game",
    "story",
    "paid_media",
    "invoice",
    "giveaway",
    "giveaway_winners",
];

/// Whether a message says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// It does.
    Something,
    /// It tells of something that happened in the chat; nobody said anything.
    Service,
    /// Nobody knows what it is, and there are no words with it.
    Unknown,
}

/// Reads the words and the file of a message.
pub(super) fn content(message: &Value, said: &mut Said) -> Content {
    let has = |names: &[&str]| names.iter().any(|n| message.get(n).is_some());
    if let Some(words) = message["text"].as_str() {
        said.text = text::with_links(words, &message["entities"]);
        return Content::Something;
    }
    let caption = message["caption"].as_str().unwrap_or_default();
    said.text = text::with_links(caption, &message["caption_entities"]);
    said.album = message["media_group_id"].as_str().map(str::to_owned);
    if takes(message, said) {
        return Content::Something;
    }
    if said.text.is_empty() && has(SERVICE) {
        return Content::Service;
    }
    said.unkept = Some(Unkept::Kind);
    if said.text.is_empty() && !has(UNTAKEN) {
        return Content::Unknown;
    }
    Content::Something
}

/// A part of a message, where it is there and can be read.
fn part<T: DeserializeOwned>(message: &Value, name: &str) -> Option<T> {
    serde_json::from_value(message.get(name)?.clone()).ok()
}

/// Reads what is not plain text. False where nothing of it can be taken.
fn takes(message: &Value, said: &mut Said) -> bool {
    if let Some(file) = file(message) {
        said.file = Some(file);
        return true;
    }
    let spoken = spoken(message, said);
    match spoken {
        // A card is all that there is, and nobody's words.
        None if said.borrowed.iter().any(|b| b.how == BorrowedHow::Card) => true,
        Some(words) if !words.is_empty() => {
            said.text = words;
            true
        }
        _ => false,
    }
}

/// What stands for words.
fn spoken(message: &Value, said: &mut Said) -> Option<String> {
    if let Some(rich) = message.get("rich_message") {
        said.unkept = text::rich_has_media(rich).then_some(Unkept::Kind);
        return Some(text::rich(rich));
    }
    if let Some(poll) = message.get("poll") {
        return Some(text::poll(poll));
    }
    if let Some(list) = message.get("checklist") {
        return Some(text::checklist(list));
    }
    // A sticker says what its emoji says.
    if let Some(sticker) = part::<Sticker>(message, "sticker") {
        return sticker.emoji;
    }
    // A venue comes with its location.
    if let Some(venue) = part::<Venue>(message, "venue") {
        return Some(format!("{}, {}", venue.title, venue.address));
    }
    if let Some(location) = part::<Location>(message, "location") {
        return Some(format!(
            "{:.5}, {:.5}",
            location.latitude, location.longitude
        ));
    }
    let contact = part::<Contact>(message, "contact")?;
    let number = contact.phone_number.trim_start_matches('+');
    let sender = message["from"]["id"].as_u64();
    // A card that was passed on is somebody's, also where it is the sender's own.
    let passed_on = message.get("forward_origin").is_some();
    said.own_number = !passed_on && sender.is_some() && contact.user_id.map(|id| id.0) == sender;
    if said.own_number {
        return Some(format!("+{number}"));
    }
    let last = contact.last_name.as_deref().unwrap_or_default();
    let name = format!("{} {last}", contact.first_name);
    let card = format!("{}, +{number}", name.trim());
    // Somebody else's: how to reach the writer, or how they are called, is not told by it.
    said.borrowed
        .push(Borrowed::new(BorrowedHow::Card, None, card));
    None
}

fn file(message: &Value) -> Option<Wanted> {
    // An animation and a live photo come with a document or a photo beside them, for programs that do not know them.
    if let Some(a) = part::<Animation>(message, "animation") {
        return wanted(
            &a.file,
            a.file_name,
            "animation.mp4",
            a.mime_type.as_ref(),
            "video/mp4",
        );
    }
    if let Some(sizes) = part::<Vec<PhotoSize>>(message, "photo") {
        // The sizes rise; the largest is the last.
        return wanted(&sizes.last()?.file, None, "photo.jpg", None, "image/jpeg");
    }
    if let Some(d) = part::<Document>(message, "document") {
        let usual = "application/octet-stream";
        return wanted(&d.file, d.file_name, "file", d.mime_type.as_ref(), usual);
    }
    if let Some(v) = part::<Voice>(message, "voice") {
        return wanted(
            &v.file,
            None,
            "voice.ogg",
            v.mime_type.as_ref(),
            "audio/ogg",
        );
    }
    if let Some(a) = part::<Audio>(message, "audio") {
        let about: Vec<String> = a.title.into_iter().chain(a.performer).collect();
        let usual = ("audio.mp3", "audio/mpeg");
        let kind = a.mime_type.as_ref();
        let wanted = wanted(&a.file, a.file_name, usual.0, kind, usual.1)?;
        return Some(Wanted {
            about: (!about.is_empty()).then(|| about.join(", ")),
            ..wanted
        });
    }
    if let Some(v) = part::<Video>(message, "video") {
        return wanted(
            &v.file,
            v.file_name,
            "video.mp4",
            v.mime_type.as_ref(),
            "video/mp4",
        );
    }
    let note = part::<VideoNote>(message, "video_note")?;
    wanted(&note.file, None, "video.mp4", None, "video/mp4")
}

fn wanted(
    meta: &FileMeta,
    name: Option<String>,
    usual_name: &str,
    media_type: Option<&mime::Mime>,
    usual_type: &str,
) -> Option<Wanted> {
    let media_type = media_type.map_or(usual_type, |m| m.essence_str());
    (!meta.id.0.is_empty()).then(|| Wanted {
        id: meta.id.0.clone(),
        name: name.unwrap_or_else(|| usual_name.to_owned()),
        media_type: media_type.to_owned(),
        about: None,
        // The types put the largest number where Telegram tells no size.
        size: (meta.size != u32::MAX && meta.size > 0).then_some(u64::from(meta.size)),
    })
}
