//! Who and where in a message: which of the people in it is complained of, which it happened to, which only stood
//! there; which of the places and days are those of the incident.
//!
//! Rules find names, roles and days; the encoder, which learned from messages in which people marked them
//! (`training/roles`), says what each of them is in the story. Rules alone cannot: in "Raúl insulted my neighbour. My
//! neighbour is Andrés Sanz" nothing but the sense tells who is who.

use super::{
    entities::{
        PARTICLES, capital, described, is_courtesy, names_in, says_kin, says_role,
        without_named_days,
    },
    given_names::names_somebody,
    ordinary::is_ordinary,
    roles::{Role, Roles},
};
use crate::domain::{
    Entities,
    interpretation::{Found, FoundAffected, FoundDate, FoundStaff},
};
use std::ops::Range;

/// From how likely on a role is given to words that no rule found.
const FOUND: f32 = 0.85;
/// The same for a name of whom it happened to, where it is known that it happened to somebody else and not yet to whom.
const NAMED: f32 = 0.5;
/// A text of so few words is hardly told by somebody who says who they are and whom they complain of.
const FEW_WORDS: usize = 12;
/// From how likely on another role takes words away from the one that a rule gave them.
const TAKEN: f32 = 0.85;
/// The same of whom a rule found by what they do or are to the writer: rules are seldom wrong there.
const TAKEN_PERSON: f32 = 0.95;
/// How likely the role that a rule gave may be at most for that.
const LEFT: f32 = 0.1;

/// Puts right who and where the rules found. `excluded` are stretches that are named only to say that they are not
/// meant.
pub(super) fn settle(roles: &Roles, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
    let told = Told {
        roles,
        text,
        excluded,
    };
    told.own_name(found);
    told.staff(found);
    told.affected(found);
    told.places(found);
    told.more_places(found);
    told.dates(found);
    without_named_days(found);
}

/// A message, and the roles of its words.
struct Told<'a> {
    roles: &'a Roles,
    text: &'a str,
    excluded: &'a [(usize, usize)],
}

impl<'a> Told<'a> {
    fn words(&self, at: &Range<usize>) -> &'a str {
        self.text.get(at.clone()).unwrap_or_default()
    }

    /// Stretches that have a role from how likely on, without those that are not meant.
    fn stretches(&self, role: Role, from: f32) -> Vec<Range<usize>> {
        let excluded = |at: &Range<usize>| {
            (self.excluded.iter()).any(|(start, end)| (*start..*end).contains(&at.start))
        };
        let mut all = self.roles.stretches(self.text, role, from);
        all.retain(|at| !excluded(at));
        all
    }

    /// "Lark ward, not Larch", "Anne, not Ann": a correction is read by its words, and no role adds to it.
    fn corrects(&self) -> bool {
        !self.excluded.is_empty()
    }

    /// Whether an address or a number follows: "Peter Holm peter.holm@example.com" is whoever writes.
    fn signs(&self, at: &Range<usize>) -> bool {
        // The encoder does not see addresses: a name in front of one goes on to its end.
        if self.words(at).contains('@') {
            return true;
        }
        let after = self.text.get(at.end..).unwrap_or_default();
        let loose = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '(');
        let next = after.trim_start_matches(loose).split_whitespace().next();
        let number = |w: &str| {
            w.starts_with(['0', '+']) && w.chars().filter(char::is_ascii_digit).count() > 3
        };
        next.is_some_and(|w| w.contains('@') || number(w))
    }

    /// Whether a stretch that rules took for one thing is surely another.
    fn is_rather(&self, at: Range<usize>, not: Role, rather: &[Role], from: f32) -> bool {
        let others: f32 = (rather.iter())
            .map(|role| self.roles.likely(at.clone(), *role))
            .sum();
        self.roles.likely(at, not) <= LEFT && others >= from
    }

    /// Another place leaves where that of the incident is told too: alone it may be an answer, or an address.
    fn places(&self, found: &mut Entities) {
        if self.corrects() {
            return;
        }
        let at = |f: &Found| f.start..f.end;
        let there = |f: &Found| self.roles.likely(at(f), Role::Place) >= TAKEN;
        if found.places.iter().any(there) {
            let others = [Role::Elsewhere, Role::Other];
            found
                .places
                .retain(|f| !self.is_rather(at(f), Role::Place, &others, TAKEN));
        }
    }

    /// Another day leaves where that of the incident is told too.
    fn dates(&self, found: &mut Entities) {
        let at = |d: &FoundDate| d.start..d.end;
        let then = |d: &FoundDate| self.roles.likely(at(d), Role::When) >= TAKEN;
        if found.dates.iter().any(then) {
            found
                .dates
                .retain(|d| !self.is_rather(at(d), Role::When, &[Role::OtherWhen], TAKEN));
        }
    }

    /// "Craig", of "Craig Bewley.": a name is taken whole.
    fn whole_name(&self, at: Range<usize>) -> Range<usize> {
        let whole = names_in(self.text)
            .into_iter()
            .map(|(from, name)| from..from + name.len())
            .find(|name| name.start == at.start && at.end < name.end);
        whole.unwrap_or(at)
    }

    fn own_name(&self, found: &mut Entities) {
        // "Lee Craddock, he is the supervisor": few words that say what somebody does name that one.
        let few = self.text.split_whitespace().count() <= FEW_WORDS;
        let of_staff = few && found.staff.iter().any(|s| s.name.is_none());
        if found.self_name.is_none() && !self.corrects() && !of_staff {
            let name = |at: &Range<usize>| {
                let words = self.words(at);
                // "Larst nite": misspelt words are no name, unless they are written as one, or begin with a known one.
                let written = words.chars().any(char::is_uppercase) || names_somebody(words);
                written && is_name(words) && !words.split_whitespace().all(is_ordinary)
            };
            let mut all = self.stretches(Role::Own, FOUND).into_iter();
            let told = all.find(name);
            found.self_name = told.map(|at| Found {
                text: self.words(&at).to_owned(),
                start: at.start,
                end: at.end,
            });
        }
    }

    fn staff(&self, found: &mut Entities) {
        let others = [Role::Own, Role::Affected, Role::Other];
        let of_another = |s: &FoundStaff| {
            let from = if s.role.is_some() {
                TAKEN_PERSON
            } else {
                TAKEN
            };
            self.is_rather(s.start..s.end, Role::Blamed, &others, from)
        };
        found.staff.retain(|s| !of_another(s));
        if self.corrects() {
            return;
        }
        for at in self.stretches(Role::Blamed, FOUND) {
            let at = self.whole_name(at);
            let own =
                (found.self_name.as_ref()).is_some_and(|n| n.start < at.end && at.start < n.end);
            let known = (found.staff.iter()).any(|s| s.start < at.end && at.start < s.end);
            if own || known || self.signs(&at) {
                continue;
            }
            let words = self.words(&at);
            let (mut name, mut role) = described(words);
            if name.is_none() && is_name(words) {
                (name, role) = (Some(capitals(words)), None);
            }
            // "The lady", "the nurse": rules know those who are called by what they do, and the rest is asked for.
            if name.is_none() {
                continue;
            }
            found.staff.push(FoundStaff {
                name,
                role,
                start: at.start,
                end: at.end,
            });
        }
        found.staff.sort_by_key(|s| s.start);
    }

    fn affected(&self, found: &mut Entities) {
        let others = [Role::Blamed, Role::Own, Role::Other];
        let told = found.affected.as_ref().and_then(|a| a.start.zip(a.end));
        if told.is_some_and(|(start, end)| {
            self.is_rather(start..end, Role::Affected, &others, TAKEN_PERSON)
        }) {
            found.affected = None;
        }
        let from = if found.affected.is_some() {
            NAMED
        } else {
            FOUND
        };
        // The same words are not two people.
        let named = |at: &Range<usize>| {
            let one = |s: &FoundStaff| s.name.is_some() && s.start < at.end && at.start < s.end;
            found.staff.iter().any(one)
        };
        let own = |at: &Range<usize>| {
            (found.self_name.as_ref()).is_some_and(|n| n.start < at.end && at.start < n.end)
        };
        let mut all = self.stretches(Role::Affected, from);
        all.retain(|at| !named(at) && !own(at) && !self.opens_with(at));
        let words = |at: &Range<usize>| self.words(at);
        let kin = all.iter().find(|at| says_kin(words(at)));
        let name = (all.iter()).find(|at| is_name(words(at)));
        match &mut found.affected {
            Some(known) if known.relation.as_deref() != Some("self") => {
                if let Some(name) = name.filter(|_| known.name.is_none()) {
                    known.name = Some(capitals(words(name)));
                }
            }
            Some(_) => {}
            None => {
                let first = kin.or(name);
                found.affected = first.map(|at| FoundAffected {
                    name: name.map(|at| capitals(words(at))),
                    relation: (name != Some(at)).then(|| words(at).to_lowercase()),
                    start: Some(at.start),
                    end: Some(at.end),
                });
            }
        }
    }

    /// "Foster mum here": a word of every day that has its capital from the start of a sentence.
    fn opens_with(&self, at: &Range<usize>) -> bool {
        let before = self.text.get(..at.start).unwrap_or_default().trim_end();
        let opens = before.is_empty() || before.ends_with(['.', '!', '?', '\n', '¡', '¿']);
        let words = self.words(at);
        opens && !words.contains(' ') && is_ordinary(words) && !says_kin(words)
    }

    fn more_places(&self, found: &mut Entities) {
        for at in self.stretches(Role::Place, FOUND) {
            let known = (found.places.iter()).any(|p| p.start < at.end && at.start < p.end);
            if known {
                continue;
            }
            found.places.push(Found {
                text: self.words(&at).to_owned(),
                start: at.start,
                end: at.end,
            });
        }
        found.places.sort_by_key(|p| p.start);
    }
}

/// Whether words are a name, in whatever letters, rather than what somebody does or is to the writer.
fn is_name(words: &str) -> bool {
    let written = words.starts_with(char::is_uppercase);
    let no_word = || !words.split_whitespace().any(is_ordinary);
    // "Grans arms": the apostrophe is often left out.
    let kin = says_kin(words) || says_kin(words.trim_end_matches(['s', 'S']));
    words.chars().count() > 1
        && !kin
        && !says_role(words)
        && (written || no_word() || says_courtesy(words))
}

/// "Don Andrés": a name after a title.
fn says_courtesy(words: &str) -> bool {
    let mut all = words.split_whitespace();
    all.next().is_some_and(is_courtesy) && all.next().is_some()
}

/// A name in small letters, with its capitals.
fn capitals(name: &str) -> String {
    if let Some(first) = name.find(char::is_uppercase) {
        // "freind Maureen": what stands before a name that has its capital is none of it.
        let before = name.get(..first).unwrap_or_default();
        let part = |w: &str| is_courtesy(w) || PARTICLES.contains(&w);
        let belongs = before.split_whitespace().all(part);
        return if belongs { name } else { &name[first..] }.to_owned();
    }
    let words: Vec<String> = name.split_whitespace().map(capital).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_did_it_and_whom_it_happened_to_are_told_apart() {
        let text = "Raúl insulted my neighbour. My neighbour is Andrés Sanz, he is 80";
        let roles = Roles::told(
            text,
            &[
                ("Raúl", Role::Blamed),
                ("neighbour", Role::Affected),
                ("Andrés Sanz", Role::Affected),
            ],
        );
        let mut found = Entities::default();
        settle(&roles, text, &[], &mut found);
        let staff: Vec<_> = found.staff.iter().map(|s| s.name.as_deref()).collect();
        assert_eq!(staff, [Some("Raúl")]);
        let affected = found.affected.expect("the neighbour");
        assert_eq!(affected.name.as_deref(), Some("Andrés Sanz"));
        assert_eq!(affected.relation.as_deref(), Some("neighbour"));
    }

    #[test]
    fn whoever_only_looked_on_is_not_complained_of() {
        let text = "Nurse Amy saw it all";
        let roles = Roles::told(text, &[("Nurse Amy", Role::Other)]);
        let amy = FoundStaff {
            name: Some("Amy".to_owned()),
            role: Some("nurse".to_owned()),
            start: 0,
            end: 9,
        };
        let mut found = Entities {
            staff: vec![amy.clone()],
            ..Entities::default()
        };
        settle(&roles, text, &[], &mut found);
        assert_eq!(found.staff, []);
        // Where nothing is known of the words, the rule stands.
        found.staff.push(amy.clone());
        settle(&Roles::told(text, &[]), text, &[], &mut found);
        assert_eq!(found.staff, [amy]);
    }

    #[test]
    fn places_are_those_of_the_text_before_addresses_were_cut_out() {
        let roles = Roles::told("I am and Tom hit me", &[("Tom", Role::Blamed)]);
        let text = "I am ann@example.org and Tom hit me";
        let mut found = Entities::default();
        let at = 5..21;
        let roles = roles.moved(std::slice::from_ref(&at));
        settle(&roles, text, &[], &mut found);
        assert_eq!(&text[found.staff[0].start..found.staff[0].end], "Tom");
    }

    #[test]
    fn a_description_without_name_or_work_is_asked_for() {
        let text = "the lady threw it at me";
        let roles = Roles::told(text, &[("lady", Role::Blamed)]);
        let mut found = Entities::default();
        settle(&roles, text, &[], &mut found);
        assert_eq!(found.staff, []);
    }
}
