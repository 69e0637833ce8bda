//! The writer, the staff, and the person it happened to.

use super::{
    described::{ROLE, clean_name, has_title_of_work, name_pattern},
    own,
};
use crate::{
    domain::interpretation::{Found, FoundAffected, FoundStaff},
    nlu::{
        entities::dates::words::named,
        finders::{Finders, Leading, Look},
        ordinary::is_ordinary,
        pack::{Language, PeopleWords, StaffGroups},
        packs::PACKS,
    },
};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

#[derive(Debug)]
pub(in crate::nlu) struct People {
    /// All patterns that stand below by their numbers.
    finders: Finders,
    self_name: Range<usize>,
    perhaps_own: Range<usize>,
    staff: Range<usize>,
    staff_groups: Vec<StaffGroups>,
    /// What the person it happened to is to the writer.
    affected: Range<usize>,
    strangers: Range<usize>,
    of_whom: Range<usize>,
    kin_name: Range<usize>,
    told_of_writer: Range<usize>,
    myself: Range<usize>,
    by_kin: Vec<Regex>,
    told: Vec<Leading>,
    speaks: Vec<Regex>,
}

/// A pattern of a pack, with its lists and names put in.
fn spelt(words: &PeopleWords, pattern: &str) -> String {
    pattern
        .replace("NAME", &name_pattern())
        .replace("ROLE", words.roles)
        .replace("KIN", words.kin)
}

impl People {
    pub(super) fn new() -> Self {
        let packs = || PACKS.iter().map(|p| p.people());
        let mut all: Vec<String> = Vec::new();
        let mut each = |list: fn(&'static PeopleWords) -> Vec<&'static str>| {
            let first = all.len();
            let of = |w: &'static PeopleWords| list(w).into_iter().map(|p| spelt(w, p));
            all.extend(packs().flat_map(of));
            first..all.len()
        };
        let self_name = each(|w| w.own_name.to_vec());
        let perhaps_own = each(|w| w.perhaps_own.to_vec());
        let staff = each(|w| w.staff.iter().map(|(_, p)| *p).collect());
        let affected = each(|w| w.affected.to_vec());
        let strangers = each(|w| w.strangers.into_iter().collect());
        let of_whom = each(|w| w.of_whom.to_vec());
        let kin_name = each(|w| vec![w.kin_name]);
        let told_of_writer = each(|w| vec![w.told_of_writer]);
        let myself = each(|w| vec![w.myself]);
        Self {
            finders: Finders::own(&all),
            self_name,
            perhaps_own,
            staff,
            staff_groups: packs()
                .flat_map(|w| w.staff.iter().map(|(k, _)| *k))
                .collect(),
            affected,
            strangers,
            of_whom,
            kin_name,
            told_of_writer,
            myself,
            by_kin: packs().map(|w| own(&spelt(w, w.by_kin))).collect(),
            told: packs().map(|w| Leading::own(&spelt(w, w.told))).collect(),
            speaks: packs().map(|w| own(&spelt(w, w.speaks))).collect(),
        }
    }

    /// Looks for what may tell of people.
    pub(super) fn look<'t>(&self, text: &'t str) -> Look<'_, 't> {
        self.finders.look(text)
    }

    pub(super) fn self_name(&self, look: &Look<'_, '_>) -> Option<Found> {
        let both = self.self_name.clone().chain(self.perhaps_own.clone());
        both.into_iter().find_map(|pattern| {
            let name = look.captures_iter(pattern).next()?.get(1)?;
            let cut = clean_name(name.as_str())?;
            // "It's Dr Coyle": of whoever writes, people say it without the title of their work.
            if self.perhaps_own.contains(&pattern) && has_title_of_work(&cut) {
                return None;
            }
            // "Pharmacist here.": what they do, and not how they are called.
            if ROLE.find(&cut).is_some_and(|m| m.len() == cut.len()) {
                return None;
            }
            Some(Found {
                start: name.start(),
                end: name.start() + cut.len(),
                text: cut,
            })
        })
    }

    pub(super) fn staff(&self, text: &str, look: &Look<'_, '_>) -> Vec<FoundStaff> {
        let mut found: Vec<FoundStaff> = Vec::new();
        for (pattern, kind) in self.staff.clone().zip(&self.staff_groups) {
            for captures in look.captures_iter(pattern) {
                let whole = captures.get_match();
                let part = |n: usize| captures.get(n).map(|m| m.as_str().to_owned());
                let (name, role) = match kind {
                    StaffGroups::RoleName => (part(2), part(1)),
                    StaffGroups::NameRole => (part(1), part(2)),
                    StaffGroups::Name => (part(1), None),
                    StaffGroups::Role => (None, part(1)),
                };
                // "…in Oak Lodge. The cleaner…": two sentences, and no name of hers.
                let name_first = *kind == StaffGroups::NameRole;
                if name_first && name.as_deref().is_some_and(|n| n.ends_with('.')) {
                    continue;
                }
                if name_first
                    && let Some(found) = captures.get(1)
                    && (opens_sentence(text, found.start(), found.as_str())
                        || is_calendar(found.as_str())
                        || stands_apart(found.as_str()))
                {
                    continue;
                }
                let name = match name {
                    Some(n) => match clean_name(&n) {
                        Some(n) => Some(n),
                        None => continue,
                    },
                    None => None,
                };
                if found
                    .iter()
                    .any(|f| f.start < whole.end() && whole.start() < f.end)
                {
                    continue;
                }
                let role = role.map(|r| r.to_lowercase());
                // "the nurse" after "the nurse called Ann" is the same one.
                if name.is_none()
                    && found
                        .iter()
                        .any(|f| f.role.is_some() && ends_alike(f.role.as_deref(), role.as_deref()))
                {
                    continue;
                }
                found.push(FoundStaff {
                    name,
                    role,
                    start: whole.start(),
                    end: whole.end(),
                });
            }
        }
        found.sort_by_key(|f| f.start);
        found.truncate(8);
        found
    }

    /// Whom it happened to. What is named only to say that it is not meant does not count.
    pub(super) fn affected(
        &self,
        text: &str,
        look: &Look<'_, '_>,
        excluded: &[(usize, usize)],
    ) -> Option<FoundAffected> {
        // "The doc told my mum about my pills": it is the writer of whom was told.
        let told_of_writer: Vec<Range<usize>> = (self.told_of_writer.clone())
            .flat_map(|n| look.find_iter(n).map(|m| m.range()).collect::<Vec<_>>())
            .collect();
        let counts = |c: &regex::Captures<'_>| {
            let (whole, end) = (c.get_match().start(), c.get_match().end());
            if told_of_writer.iter().any(|told| told.contains(&whole)) {
                return false;
            }
            let told = (self.told.iter()).any(|words| words.before(text, whole).is_some());
            if told || self.speaks.iter().any(|r| r.is_match(&text[end..])) {
                return false;
            }
            let at = c.get(1).map_or(0, |m| m.start());
            !excluded.iter().any(|(s, e)| (*s..*e).contains(&at))
        };
        let mut affected = self.affected.clone();
        let kin = affected.find_map(|n| look.captures_iter(n).find(&counts));
        let myself = !told_of_writer.is_empty() || self.myself.clone().any(|n| look.is_match(n));
        let kin = kin.and_then(|c| c.get(1));
        // "My husband hits me": it happens to the writer.
        let follows = kin.map(|k| text.get(k.end()..).unwrap_or_default());
        if follows.is_some_and(|words| self.by_kin.iter().any(|r| r.is_match(words))) {
            return Some(oneself());
        }
        if let Some(kin) = kin {
            let relation = kin.as_str().to_lowercase();
            let beside = (PACKS.iter()).any(|p| p.people().beside.contains(&relation.as_str()));
            // "my neighbour's nurse shouted at me" and "I slipped visiting my sister": it happened to the writer.
            if beside && myself {
                return Some(oneself());
            }
            let name = (self.kin_name.clone())
                .find_map(|n| look.captures_iter(n).next()?.get(1))
                .and_then(|m| clean_name(m.as_str()));
            return Some(FoundAffected {
                name,
                relation: Some(relation),
                start: Some(kin.start()),
                end: Some(kin.end()),
            });
        }
        // "I'm Doris Webb's daughter": it is her of whom they write.
        let whose = (self.of_whom.clone()).find_map(|n| look.captures_iter(n).next()?.get(1));
        if let Some(whose) = whose {
            return Some(FoundAffected {
                name: clean_name(whose.as_str()),
                relation: None,
                start: Some(whose.start()),
                end: Some(whose.end()),
            });
        }
        if myself {
            return Some(oneself());
        }
        let mut strangers = self.strangers.clone();
        let other = strangers.find_map(|n| look.captures_iter(n).next()?.get(1))?;
        Some(FoundAffected {
            name: None,
            relation: Some(other.as_str().to_lowercase()),
            start: Some(other.start()),
            end: Some(other.end()),
        })
    }
}

static KIN: LazyLock<Regex> = LazyLock::new(|| {
    let all: Vec<&str> = PACKS.iter().map(|p| p.people().kin).collect();
    own(&format!(r"(?i)\b(?:{})\b", all.join("|")))
});

/// Whether words say what somebody is to the writer ("my neighbour").
pub fn says_kin(words: &str) -> bool {
    KIN.is_match(words)
}

static THEIR_KIN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let all = PACKS.iter().map(|p| p.people());
    all.map(|w| own(&spelt(w, w.their_kin))).collect()
});

/// Whether what follows a name says that its bearer is kin of somebody: ", his son".
pub fn follows_as_kin(after: &str) -> bool {
    THEIR_KIN.iter().any(|r| r.is_match(after))
}

static MINE: LazyLock<Vec<Leading>> = LazyLock::new(|| {
    let all = PACKS.iter().map(|p| p.people());
    all.map(|w| Leading::own(&spelt(w, w.mine))).collect()
});

/// Whether somebody who is told of at a place in a text is the writer's own: "my dispenser".
pub fn is_mine(text: &str, at: usize) -> bool {
    MINE.iter().any(|words| words.before(text, at).is_some())
}

static GENDERS: LazyLock<Vec<[(Regex, Regex); 2]>> = LazyLock::new(|| {
    let word = |w: &str| own(&format!(r"(?i)\b(?:{w})\b"));
    let all = PACKS.iter().filter_map(|p| p.people().genders);
    all.map(|both| both.map(|(says, kin)| (word(says), word(kin))))
        .collect()
});

/// Whether words can be of somebody who is that to the writer: "his name is Rhodri" is not of a sister.
pub fn may_be_of(words: &str, kin: &str) -> bool {
    GENDERS.iter().all(|[men, women]| {
        let of = |a: &(Regex, Regex), b: &(Regex, Regex)| {
            a.0.is_match(words) && !b.0.is_match(words) && b.1.is_match(kin)
        };
        !of(men, women) && !of(women, men)
    })
}

/// It happened to the writer.
fn oneself() -> FoundAffected {
    FoundAffected {
        name: None,
        relation: Some("self".to_owned()),
        start: None,
        end: None,
    }
}

fn ends_alike(a: Option<&str>, b: Option<&str>) -> bool {
    let last = |t: Option<&str>| t.and_then(|t| t.split_whitespace().last().map(str::to_owned));
    last(a) == last(b)
}

/// "On 4 November the nurse…": a month or a weekday, and nobody's name.
pub fn is_calendar(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or_default();
    let known = |pack: &&dyn Language| {
        let days = pack.days();
        named(days.months, first).is_some() || named(days.weekdays, first).is_some()
    };
    PACKS.iter().any(known)
}

/// "MRS HOBBS HAS NOT BEEN VISITED BY YOUR NURSES": what is left of a name does not stand beside the work.
fn stands_apart(name: &str) -> bool {
    clean_name(name).is_none_or(|n| n.len() + 2 < name.len())
}

/// Whether a word has its capital from the start of a sentence only: "Will my manager…", "Mind you".
fn opens_sentence(text: &str, at: usize, name: &str) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end();
    let first = name.split_whitespace().next().unwrap_or_default();
    (before.is_empty() || before.ends_with(['.', '!', '?', '\n', ':', '¡', '¿']))
        && is_ordinary(first)
}
