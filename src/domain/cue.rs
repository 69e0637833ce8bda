//! What a message does in the talk.

use super::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// What a message does in the talk, beside what it is about.
    Cue {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Does not know.
        DontKnow = "dont_know",
        /// Would rather not say, or go on to the next.
        Skip = "skip",
        /// Nothing more to add.
        NothingMore = "nothing_more",
        /// Wishes to stay anonymous.
        Anonymous = "anonymous",
        /// "No name", which may be the writer's or that of whoever is complained of.
        NoName = "no_name",
        /// Asks whether this is a person.
        AsksIfBot = "asks_if_bot",
        /// Asks why a thing is wanted.
        AsksWhy = "asks_why",
        /// Asks whether someone is a patient, or after their care.
        AsksAboutPatient = "asks_about_patient",
        /// Asks whether they may complain at all.
        AsksStanding = "asks_standing",
        /// Puts right what was said before.
        Corrects = "corrects",
        /// Somebody else is spoken of: "he", "her permission".
        OfAnother = "of_another",
        /// Puts right the last figures of a number.
        CorrectsTail = "corrects_tail",
        /// Breaks off.
        GivesUp = "gives_up",
        /// A question.
        Question = "question",
        /// Tells that something went wrong, in more than a word.
        TellsStory = "tells_story",
        /// The danger spoken of is denied.
        DeniesDanger = "denies_danger",
        /// Says that they have told this already.
        AlreadyTold = "already_told",
        /// Has the affected person's agreement, or authority.
        HasConsent = "has_consent",
        /// Asks to hear it once more.
        Repeat = "repeat",
        /// Wants to go on with what was left.
        Resume = "resume",
        /// Goes on with what was begun elsewhere: "I wrote to you on Telegram".
        CarriesOn = "carries_on",
        /// Takes a complaint back.
        Withdraws = "withdraws",
        /// Takes back a complaint that was made before, in so many words.
        WithdrawsEarlier = "withdraws_earlier",
        /// Asks what would come of a complaint, for them or for others.
        AsksIfComplains = "asks_if_complains",
        /// Wants everything that was written to be removed.
        AsksToForget = "asks_to_forget",
        /// Small talk.
        ChitChat = "chit_chat",
        /// Tells of a death in the family or among friends.
        Bereaved = "bereaved",
        /// Asks what to do now, or whom to tell.
        AsksWhatNext = "asks_what_next",
        /// Is not of age.
        Minor = "minor",
        /// Abuses whoever reads this.
        Abusive = "abusive",
        /// Is angry at the bot, without abuse.
        AngryAtBot = "angry_at_bot",
        /// Somebody else is at the keyboard now.
        NewWriter = "new_writer",
        /// The models see danger in it, and are not sure; no phrase speaks of it.
        DangerUnsure = "danger_unsure",
        /// Long and clear enough to be sure of its language.
        SureOfLanguage = "sure_of_language",
        /// Asks what becomes of what they write.
        AsksAboutData = "asks_about_data",
        /// Takes back a number: "please delete my number", "don't call me".
        RetractsPhone = "retracts_phone",
        /// Takes back an e-mail address: "instead of the e-mail", "don't e-mail me".
        RetractsEmail = "retracts_email",
        /// Takes back every way to be reached.
        RetractsContact = "retracts_contact",
        /// Wants the talk to end: "stop", "exit", "unsubscribe".
        Stops = "stops",
        /// Says that nothing is to be complained of.
        NoComplaint = "no_complaint",
        /// Says that what was told was not meant as a complaint.
        NotMeant = "not_meant",
        /// Speaks well of somebody, or takes the blame from them.
        Exonerates = "exonerates",
        /// Says something good of the person spoken of just before: "she was good, it isn't her".
        Vouches = "vouches",
        /// Part of a stretch that speaks well of whoever is named in it, as the models read it.
        Praises = "praises",
        /// Somebody who was named has nothing to do with it after all.
        Clears = "clears",
        /// Somebody knows, or agrees; whose agreement that is, the question says.
        Agrees = "agrees",
        /// Something is done to somebody ("… bullies him").
        DoneTo = "done_to",
        /// The writer speaks of their own wish ("I don't want …").
        OwnWish = "own_wish",
        /// It speaks of death, injury or worse.
        Grave = "grave",
        /// Nobody has asked the person whom it is about.
        NotAskedThem = "not_asked_them",
        /// Says in so many words that it is a complaint, or is to be recorded as one.
        IsComplaint = "is_complaint",
        /// Says that it is none.
        IsNoComplaint = "is_no_complaint",
        /// Somebody does not know, or does not agree.
        Disagrees = "disagrees",
        /// Says that the matter is the writer's own.
        OwnMatter = "own_matter",
        /// Names a number that they rang: nobody's own.
        OthersNumber = "others_number",
        /// Says that this is all: nothing more is to be asked.
        Ends = "ends",
        /// Says in so many words that they complain.
        SaysComplaint = "says_complaint",
        /// Says how or when somebody is to be reached: "text only", "after four".
        HowReached = "how_reached",
        /// Gives something in addition: "also", "another number".
        Adds = "adds",
        /// Greets.
        Greets = "greets",
        /// Thanks.
        Thanks = "thanks",
        /// Asks for a person and nothing else: "human", "agent please".
        WantsPerson = "wants_person",
    }
);
