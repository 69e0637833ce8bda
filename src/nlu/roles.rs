//! Who and where in a message: which of the people in it is complained of, which it happened to, which only stood
//! there; which of the places and days are those of the incident.
//!
//! Rules find names, roles and days; the encoder, which learned from messages in which people marked them
//! (`training/roles`), says what each of them is in the story. Rules alone cannot: in "Raúl insulted my neighbour. My
//! neighbour is Andrés Sanz" nothing but the sense tells who is who.

use super::{
    entities::{capital, described, is_courtesy, says_kin, says_role},
    ordinary::is_ordinary,
};
use crate::domain::{
    Entities,
    interpretation::{Found, FoundAffected, FoundDate, FoundStaff},
};
use std::ops::Range;

/// What a stretch of a message names. The order is that of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The writer, by name.
    Own,
    /// Whoever is complained of.
    Blamed,
    /// Whoever it happened to.
    Affected,
    /// Anybody else.
    Other,
    /// Where it happened.
    Place,
    /// Another place.
    Elsewhere,
    /// When it happened.
    When,
    /// Another time.
    OtherWhen,
}

impl Role {
    const ALL: [Self; 8] = [
        Self::Own,
        Self::Blamed,
        Self::Affected,
        Self::Other,
        Self::Place,
        Self::Elsewhere,
        Self::When,
        Self::OtherWhen,
    ];
}

/// Outside every stretch; then for each role its first piece and its others.
pub(super) const TAGS: usize = 1 + 2 * Role::ALL.len();

/// From how likely on a role is given to words that no rule found.
const FOUND: f32 = 0.85;
/// The same for a name of whom it happened to, where it is known that it happened to somebody else and not yet to whom.
const NAMED: f32 = 0.5;
/// From how likely on another role takes words away from the one that a rule gave them.
const TAKEN: f32 = 0.85;
/// How likely the role that a rule gave may be at most for that.
const LEFT: f32 = 0.1;

/// A piece of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its number in the vocabulary.
    pub(super) number: i32,
    /// The byte of the text at which it begins.
    pub(super) start: usize,
    /// Whether it goes on with the word of the piece before.
    pub(super) continues: bool,
}

/// One word and how likely each role of it is.
#[derive(Clone, Debug)]
struct Word {
    start: usize,
    /// The most likely tag, of its first piece.
    tag: usize,
    likely: [f32; Role::ALL.len()],
}

/// The roles of all words of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles(Vec<Word>);

impl Roles {
    /// Adds the pieces of one stretch, with how likely each tag of each is.
    pub(super) fn extend(&mut self, pieces: &[Piece], tags: &[f32]) {
        for (piece, of_piece) in pieces.iter().zip(tags.chunks_exact(TAGS)) {
            // A word is what its first piece is.
            if piece.continues {
                continue;
            }
            let mut likely = [0.0; Role::ALL.len()];
            for (n, share) in likely.iter_mut().enumerate() {
                *share = of_piece[1 + 2 * n] + of_piece[2 + 2 * n];
            }
            let tag = (0..TAGS).max_by(|a, b| of_piece[*a].total_cmp(&of_piece[*b]));
            self.0.push(Word {
                start: piece.start,
                tag: tag.unwrap_or(0),
                likely,
            });
        }
    }

    /// The same with the places of another text, from which stretches were cut before this one was read.
    pub(super) fn moved(mut self, cut: &[Range<usize>]) -> Self {
        for word in &mut self.0 {
            for cut in cut {
                if cut.start <= word.start {
                    word.start += cut.len();
                }
            }
        }
        self
    }

    /// How likely a stretch has a role: the mean over its words.
    fn likely(&self, at: Range<usize>, role: Role) -> f32 {
        let words = || self.0.iter().filter(|w| at.contains(&w.start));
        let count = words().count();
        if count == 0 {
            return 0.0;
        }
        words().map(|w| w.likely[role as usize]).sum::<f32>() / count as f32
    }

    /// Stretches of the text that have a role, from how likely on.
    fn stretches(&self, text: &str, role: Role, from: f32) -> Vec<Range<usize>> {
        let (begins, goes_on) = (1 + 2 * role as usize, 2 + 2 * role as usize);
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut open = false;
        for (n, word) in self.0.iter().enumerate() {
            let end = self.0.get(n + 1).map_or(text.len(), |next| next.start);
            if word.tag == begins || open && word.tag == goes_on {
                match found.last_mut().filter(|_| word.tag == goes_on) {
                    Some(last) => last.end = end,
                    None => found.push(word.start..end),
                }
                open = true;
            } else {
                open = false;
            }
        }
        let bare = |at: Range<usize>| {
            let words = text.get(at.clone()).unwrap_or_default();
            let loose = |c: char| !c.is_alphanumeric() && c != '.' || c.is_whitespace();
            let start = at.start + words.len() - words.trim_start_matches(loose).len();
            let words = words.trim_matches(loose).trim_end_matches('.');
            // "Kelly-Ann": words end at a blank, whatever the encoder cut them into.
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
            let end = start + words.len();
            let rest = text.get(end..).unwrap_or_default();
            let more = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            let more = rest[..more].trim_end_matches(['-', '\'', '’']);
            start..end + more.len()
        };
        let sure = |at: &Range<usize>| self.likely(at.clone(), role) >= from;
        (found.into_iter().map(bare))
            .filter(|at| !at.is_empty() && sure(at))
            .collect()
    }

    /// Whether a stretch that rules took for one thing is surely another.
    fn is_rather(&self, at: Range<usize>, not: Role, rather: &[Role]) -> bool {
        let others: f32 = (rather.iter())
            .map(|role| self.likely(at.clone(), *role))
            .sum();
        self.likely(at, not) <= LEFT && others >= TAKEN
    }

    /// Puts right who and where the rules found.
    pub(super) fn settle(&self, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
        self.settle_own_name(text, excluded, found);
        self.settle_staff(text, excluded, found);
        self.settle_affected(text, excluded, found);
        self.settle_places(found);
        self.add_places(text, excluded, found);
        self.settle_dates(found);
    }

    /// Another place leaves where that of the incident is told too: alone it may be an answer, or an address.
    fn settle_places(&self, found: &mut Entities) {
        let at = |f: &Found| f.start..f.end;
        let there = |f: &Found| self.likely(at(f), Role::Place) >= TAKEN;
        if found.places.iter().any(there) {
            let others = [Role::Elsewhere, Role::Other];
            found
                .places
                .retain(|f| !self.is_rather(at(f), Role::Place, &others));
        }
    }

    /// Another day leaves where that of the incident is told too.
    fn settle_dates(&self, found: &mut Entities) {
        let at = |d: &FoundDate| d.start..d.end;
        let then = |d: &FoundDate| self.likely(at(d), Role::When) >= TAKEN;
        if found.dates.iter().any(then) {
            found
                .dates
                .retain(|d| !self.is_rather(at(d), Role::When, &[Role::OtherWhen]));
        }
    }

    fn settle_own_name(&self, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
        // "Anne, not Ann": a correction is read by its words.
        if found.self_name.is_none() && excluded.is_empty() {
            let name = |at: &Range<usize>| {
                let words = &text[at.clone()];
                is_name(words) && !words.split_whitespace().all(is_ordinary)
            };
            let mut all = self.stretches(text, Role::Own, FOUND).into_iter();
            let told = all.find(name);
            found.self_name = told.map(|at| Found {
                text: text[at.clone()].to_owned(),
                start: at.start,
                end: at.end,
            });
        }
    }

    fn settle_staff(&self, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
        let others = [Role::Own, Role::Affected, Role::Other];
        let of_another = |s: &FoundStaff| self.is_rather(s.start..s.end, Role::Blamed, &others);
        found.staff.retain(|s| !of_another(s));
        for at in self.stretches(text, Role::Blamed, FOUND) {
            let own =
                (found.self_name.as_ref()).is_some_and(|n| n.start < at.end && at.start < n.end);
            let known = (found.staff.iter()).any(|s| s.start < at.end && at.start < s.end);
            if own || known || is_excluded(excluded, &at) {
                continue;
            }
            let words = &text[at.clone()];
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

    fn settle_affected(&self, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
        let others = [Role::Blamed, Role::Own, Role::Other];
        let told = found.affected.as_ref().and_then(|a| a.start.zip(a.end));
        if told.is_some_and(|(start, end)| self.is_rather(start..end, Role::Affected, &others)) {
            found.affected = None;
        }
        let from = if found.affected.is_some() {
            NAMED
        } else {
            FOUND
        };
        let mut all = self.stretches(text, Role::Affected, from);
        all.retain(|at| !is_excluded(excluded, at));
        let words = |at: &Range<usize>| &text[at.clone()];
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

    fn add_places(&self, text: &str, excluded: &[(usize, usize)], found: &mut Entities) {
        for at in self.stretches(text, Role::Place, FOUND) {
            let known = (found.places.iter()).any(|p| p.start < at.end && at.start < p.end);
            if known || is_excluded(excluded, &at) {
                continue;
            }
            found.places.push(Found {
                text: text[at.clone()].to_owned(),
                start: at.start,
                end: at.end,
            });
        }
        found.places.sort_by_key(|p| p.start);
    }
}

fn is_excluded(excluded: &[(usize, usize)], at: &Range<usize>) -> bool {
    excluded.iter().any(|(s, e)| (*s..*e).contains(&at.start))
}

/// Whether words are a name, in whatever letters, rather than what somebody does or is to the writer.
fn is_name(words: &str) -> bool {
    let written = words.starts_with(char::is_uppercase);
    let no_word = || !words.split_whitespace().any(is_ordinary);
    !says_kin(words) && !says_role(words) && (written || no_word() || says_courtesy(words))
}

/// "Don Andrés": a name after a title.
fn says_courtesy(words: &str) -> bool {
    let mut all = words.split_whitespace();
    all.next().is_some_and(is_courtesy) && all.next().is_some()
}

/// A name in small letters, with its capitals.
fn capitals(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let words: Vec<String> = name.split_whitespace().map(capital).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roles of a text in which some words surely have one.
    fn told(text: &str, marks: &[(&str, Role)]) -> Roles {
        let mut words: Vec<Word> = Vec::new();
        let mut from = 0;
        for word in text.split_inclusive(' ') {
            let start = from;
            from += word.len();
            let mut one = Word {
                start,
                tag: 0,
                likely: [0.0; Role::ALL.len()],
            };
            for (marked, role) in marks {
                let Some(at) = text
                    .find(marked)
                    .filter(|at| (*at..at + marked.len()).contains(&start))
                else {
                    continue;
                };
                one.tag = 1 + 2 * *role as usize + usize::from(at != start);
                one.likely[*role as usize] = 0.95;
            }
            words.push(one);
        }
        Roles(words)
    }

    #[test]
    fn who_did_it_and_whom_it_happened_to_are_told_apart() {
        let text = "Raúl insulted my neighbour. My neighbour is Andrés Sanz, he is 80";
        let roles = told(
            text,
            &[
                ("Raúl", Role::Blamed),
                ("neighbour", Role::Affected),
                ("Andrés Sanz", Role::Affected),
            ],
        );
        let mut found = Entities::default();
        roles.settle(text, &[], &mut found);
        let staff: Vec<_> = found.staff.iter().map(|s| s.name.as_deref()).collect();
        assert_eq!(staff, [Some("Raúl")]);
        let affected = found.affected.expect("the neighbour");
        assert_eq!(affected.name.as_deref(), Some("Andrés Sanz"));
        assert_eq!(affected.relation.as_deref(), Some("neighbour"));
    }

    #[test]
    fn whoever_only_looked_on_is_not_complained_of() {
        let text = "Nurse Amy saw it all";
        let roles = told(text, &[("Nurse Amy", Role::Other)]);
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
        roles.settle(text, &[], &mut found);
        assert_eq!(found.staff, []);
        // Where nothing is known of the words, the rule stands.
        found.staff.push(amy.clone());
        told(text, &[]).settle(text, &[], &mut found);
        assert_eq!(found.staff, [amy]);
    }

    #[test]
    fn places_are_those_of_the_text_before_addresses_were_cut_out() {
        let roles = told("I am and Tom hit me", &[("Tom", Role::Blamed)]);
        let text = "I am ann@example.org and Tom hit me";
        let mut found = Entities::default();
        let at = 5..21;
        roles
            .moved(std::slice::from_ref(&at))
            .settle(text, &[], &mut found);
        assert_eq!(&text[found.staff[0].start..found.staff[0].end], "Tom");
    }

    #[test]
    fn a_description_without_name_or_work_is_asked_for() {
        let text = "the lady threw it at me";
        let roles = told(text, &[("lady", Role::Blamed)]);
        let mut found = Entities::default();
        roles.settle(text, &[], &mut found);
        assert_eq!(found.staff, []);
    }
}
