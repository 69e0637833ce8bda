//! Whether a part of a message may be somebody's name.

use super::{
    clauses::Clauses,
    entities::{PARTICLES, is_calendar},
    fold::small,
    grammar::Grammar,
    ordinary::is_ordinary,
};

impl Clauses {
    /// Whether words may be somebody's name: few, of letters, and none that stands in no name.
    pub(super) fn name_like(&self, words: &str, grammar: &Grammar) -> bool {
        let all: Vec<&str> = words.split_whitespace().collect();
        let letters = |w: &&str| {
            w.chars().any(char::is_alphabetic)
                && w.chars().all(|c| {
                    c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | '"' | '“' | '”')
                })
        };
        // "C-o-r-a-l": how it is spelt.
        let spelt = |w: &&&str| {
            let letters: Vec<&str> = w.split(['-', '.']).filter(|l| !l.is_empty()).collect();
            letters.len() >= 3 && letters.iter().all(|l| l.chars().count() == 1)
        };
        if all.iter().any(|w| spelt(&w)) {
            return false;
        }
        let capitals = words.chars().any(char::is_uppercase);
        let most = if capitals { 6 } else { 3 };
        // "Wednesday Blackwood": a day before a surname is what somebody is called.
        let written = |w: &&str| w.starts_with(char::is_uppercase);
        let surnamed = all.len() > 1
            && all.iter().all(written)
            && all
                .last()
                .is_some_and(|w| !is_ordinary(w) && !is_calendar(w));
        let mut first = true;
        let mut no_name = |w: &&str| {
            // "Fátima El Idrissi", "Ludwig van Beethoven".
            let lower = w.to_lowercase();
            let opens = std::mem::take(&mut first);
            let particle = !opens && capitals && PARTICLES.contains(&lower.as_str());
            let word = small(w.trim_matches(|c: char| !c.is_alphanumeric()));
            let given = opens && surnamed && is_calendar(w);
            !particle
                && !given
                && (self.no_names.contains(&word)
                    || self.filler.contains(&word)
                    || grammar.verbs.contains(&word) && !w.starts_with(char::is_uppercase)
                    || grammar.subjects.contains(&word))
        };
        // "A treasure", "bald fella": nothing but words of every day, whatever the first one's capital says.
        let lower = |w: &&&str| {
            let small = !w.starts_with(char::is_uppercase) && !PARTICLES.contains(*w);
            small || w.chars().all(char::is_uppercase)
        };
        let ordinary = all.len() > 1
            && all.iter().all(|w| is_ordinary(w))
            && all.iter().skip(1).any(|w| lower(&w));
        !all.is_empty()
            && all.len() <= most
            && all.iter().all(letters)
            && !all.iter().copied().any(|w| no_name(&w))
            && !ordinary
    }
}
