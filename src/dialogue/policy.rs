//! Which rule decides: ordered lists as data. The first rule that fits, and does not pass, decides what follows from a
//! message.
//!
//! To add a rule, write its module in `rules/` and put its row where it belongs in the order: above what it is to win
//! over.

use super::{
    rule::Rule,
    rules::{always, asked, awaited, open},
};

/// A row of a list.
macro_rules! rules {
    ($module:ident: $($name:ident = $about:literal),+ $(,)?) => {
        &[$(Rule {
            name: stringify!($name),
            when: $module::$name::when,
            then: $module::$name::then,
            about: $about,
        }),+]
    };
}

/// Whatever is going on.
pub(super) const ALWAYS: &[Rule] = rules!(always:
    pressed_late = "Pressed a button of a question that is gone: said so, and an open question is put again",
    nothing_said = "A file, or nothing at all: thanked for, or asked for words",
    same_again = "The same words again under another id: not taken for an answer, nothing is added twice",
    minor = "A child or young person: heard, and brought to a person who knows what to do",
    new_writer = "Somebody else is at the keyboard: what is true of the first person is not taken to be true of them",
    says_it_is_one = "Says that it is a complaint, whatever it was taken for: on record, with what was told before",
    abuse = "Abuse: patience first, then a person",
    impatience = "Anger at the bot: patience first, then a person",
    chose_how_to_wait = "Somebody who waits says how they would like to hear from us",
    wants_person = "Wants a person: gets one",
    forgets = "Wants what was written to be removed: done where nobody relies on it, else a person settles it",
    not_meant = "What was read as a complaint was none: marked as withdrawn, nothing more is asked",
    withdraws = "Takes the complaint back: a person settles it, the record stays",
    resumes = "Goes on with what was left",
    hear_again = "Asks to hear it once more",
    data = "Asks what becomes of what they write",
    small_talk = "Talks of nothing in particular",
);

/// Something was asked.
pub(super) const ASKED: &[Rule] = rules!(asked:
    gives_up = "Breaks off: what was told is kept and read by a person",
    already_told = "Has told this already: the question is let go at once",
    own_number = "Shared their number by the channel's means, whatever was asked",
    puts_right = "Puts something right that was told before: the old value goes, the question stays",
    mistyped = "A reference with a typing slip",
    not_of_its_kind = "An answer that is not of the kind that the flow checks for: said so",
    changes_subject = "Wants something else in the middle of something that is no complaint: gone along with, since minds change",
    answers = "Answers the question; what else the message asks is answered too",
    complains_after_all = "A complaint in the middle of something else: followed",
    asks_back = "A question to the bot: answered, and the open question stays",
    wants_else = "Wants something else: noted in a complaint, followed elsewhere",
    tells_otherwise = "Tells something else that is missing: kept, the question stays",
    tells_more = "Tells more of the story: kept, the question stays",
    no_answer = "A greeting, thanks, a bare yes or no that answers nothing: the question is put again",
);

/// Nothing was asked, and nobody is awaited.
pub(super) const OPEN: &[Rule] = rules!(open:
    chose = "Pressed one of the offered ways to go on",
    placed = "Says what the held message was: complaint, praise or question",
    unclear = "May be complaint, praise or question: one question with three buttons, nothing on record until it is answered",
    own_number = "Shared their number by the channel's means",
    asks_if_bot = "Asks whether this is a person",
    asks_about_patient = "Asks after somebody's care: nothing is confirmed",
    stops = "Wants the talk to end",
    asks_standing = "Asks whether they may complain: yes, and what happened?",
    complains = "Complains: on record from this sentence on",
    puts_right = "Puts right what is on record",
    adds = "Adds an address, a name or a day to what is on record",
    opens = "Opens the flow whose condition it fits",
    tells_in_pieces = "Pieces of a story that come one by one: kept until they can be placed",
    begins = "Draws breath before a story: listened to",
    not_understood = "Not understood: an offer the first time, a person the second",
);

/// A person is awaited, and nothing was asked.
pub(super) const AWAITED: &[Rule] = rules!(awaited:
    chose = "Pressed one of the offered ways to go on",
    own_number = "Shared their number by the channel's means",
    asks_if_bot = "Asks whether this is a person",
    asks_about_patient = "Asks after somebody's care: nothing is confirmed",
    stops = "Wants the talk to end: the place in the queue is kept",
    complains = "Complains: on record, or added to what is on record",
    puts_right = "Puts right what is on record",
    adds = "Adds an address, a name or a day to what is on record",
    stays_in_danger = "A life may be in danger: whatever is wished next, the safety words stay",
    hello_again = "Asks whether anybody is there: an honest word, and no second welcome",
    opens = "Opens the flow whose condition it fits",
    waits = "Asks how long it takes: an honest word",
    tells_in_pieces = "Goes on with a story that comes piece by piece: on record once the pieces are a complaint",
    kept = "Anything else is kept for the person who takes over",
);

/// The lists in which rules are looked for, each with its situation.
pub(super) fn lists() -> [(&'static str, &'static [Rule]); 4] {
    [
        ("always", ALWAYS),
        ("asked", ASKED),
        ("open", OPEN),
        ("awaited", AWAITED),
    ]
}
