//! Names as they are written, and somebody who is described in answer to "who was it?".

use crate::nlu::compile::own;
use crate::nlu::{ordinary::is_ordinary, pack::PeopleWords, packs::PACKS};
use regex::Regex;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// Small words inside the names of all countries.
pub(crate) const PARTICLES: [&str; 18] = [
    "de", "del", "la", "las", "los", "da", "di", "dos", "van", "von", "der", "den", "ter", "ten",
    "bin", "al", "el", "y",
];

/// A capitalised name of one to four words, titles and particles included, in a group.
pub(super) fn name_pattern() -> String {
    let titles = any_of(|w| w.titles);
    let small = "de|del|da|di|dos|van|von|der|den|ter|ten|bin|al|el|la|las|los|le";
    format!(
        r"((?:\b(?i:{titles})\.? (?:(?:{small}) )*)?\p{{Lu}}[\p{{L}}'’-]+(?: (?:{small}|O'|Mc|st\.?|\p{{Lu}}\.|\p{{Lu}}[\p{{L}}'’-]*)){{0,5}})"
    )
}

/// What all packs have of something, as alternatives.
fn any_of(part: fn(&'static PeopleWords) -> &'static str) -> String {
    let all = PACKS.iter().map(|p| part(p.people()));
    let all: Vec<&str> = all.filter(|words| !words.is_empty()).collect();
    format!("(?:{})", all.join("|"))
}

/// Whether a word is in a list of any pack.
fn listed(list: fn(&'static PeopleWords) -> &'static [&'static str], word: &str) -> bool {
    PACKS.iter().any(|p| list(p.people()).contains(&word))
}

static CAPITALS: LazyLock<Regex> = LazyLock::new(|| own(&name_pattern()));
/// "A midwife called tess": a name, whatever letters it is written in.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    let called = any_of(|w| w.called);
    own(&format!(r"(?i)\b{called} (\p{{L}}[\p{{L}}'’-]+)\b"))
});
/// What is left of it without the name.
static CALLED_NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    let (who, called) = (any_of(|w| w.who_is), any_of(|w| w.called));
    own(&format!(r"(?i)[ ,]*\b(?:{who} )?{called}(?: *$| )"))
});
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    let shortened = any_of(|w| w.shortened);
    own(&format!(r"^(?i:{shortened})(?: |$)"))
});
pub(super) static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    let roles = any_of(|w| w.roles);
    own(&format!(r"(?i)\b{roles}(?:e?s)?\b"))
});

/// Whether words say what somebody does ("the night nurse").
pub fn says_role(words: &str) -> bool {
    ROLE.is_match(words)
}

/// Whether a word stands before or after a name out of courtesy ("Mrs", "don").
pub fn is_courtesy(word: &str) -> bool {
    listed(|w| w.courtesy, word)
}

static OWN_THINGS: LazyLock<Regex> = LazyLock::new(|| {
    let all = any_of(|w| w.own_things);
    own(&format!("(?i){all}"))
});

/// Whether words name what belongs to the writer, and nobody: "only my washing".
pub fn is_own_thing(words: &str) -> bool {
    let person = |w: &str| listed(|p| p.persons, w.to_lowercase().as_str());
    OWN_THINGS.is_match(words)
        && !super::says_kin(words)
        && !says_role(words)
        && !words.unicode_words().any(person)
}

/// Whether words speak of somebody, if only as "staff" or "two men".
pub fn names_persons(words: &str) -> bool {
    let person = |w: &str| listed(|p| p.persons, w.to_lowercase().as_str());
    words.unicode_words().any(person)
}

static TITLED: LazyLock<Vec<(Regex, Regex)>> = LazyLock::new(|| {
    let titled = PACKS.iter().flat_map(|p| p.people().titled);
    let pair = |(titles, roles): &(&str, &str)| {
        let title = own(&format!(r"(?i)^(?:{titles})\b"));
        (title, own(&format!(r"(?i)\b(?:{roles})\b")))
    };
    titled.map(pair).collect()
});

/// Whether a name begins with a title that says what its bearer does: "Dr Coyle".
pub(super) fn has_title_of_work(name: &str) -> bool {
    TITLED.iter().any(|(title, _)| title.is_match(name))
}

/// Whether somebody of that name may be who is told by that role: "Dr Patel" is no nurse. None where the name has no
/// title that says what they do.
pub fn title_fits(name: &str, role: &str) -> Option<bool> {
    let (_, roles) = TITLED.iter().find(|(title, _)| title.is_match(name))?;
    Some(roles.is_match(role))
}

/// Somebody described in answer to "who was it?": the name in it, where there is one, and the role, or else the
/// description itself.
pub fn described(words: &str) -> (Option<String>, Option<String>) {
    described_beside(words, None)
}

/// The same beside a name that is known already.
pub fn described_beside(words: &str, known: Option<&str>) -> (Option<String>, Option<String>) {
    let words = words.trim().trim_end_matches('.');
    let names = CAPITALS.captures_iter(words).filter_map(|c| {
        let found = c.get(1)?;
        // The first word of a sentence has its capital from there, unless more capitals follow or it is all there is.
        let opens = found.start() == 0
            && !found.as_str().contains(' ')
            && words.contains(' ')
            && (words.split_whitespace().count() > 2 || is_ordinary(found.as_str()));
        // "The deputy manager at Rosewood": where somebody works.
        let before = words.get(..found.start()).unwrap_or_default();
        let workplace = (before.split_whitespace().next_back())
            .is_some_and(|w| listed(|p| p.workplace, w.to_lowercase().as_str()));
        let role = |name: &String| ROLE.find(name).is_some_and(|r| r.len() == name.len());
        clean_name(found.as_str()).filter(|name| !opens && !workplace && !role(name))
    });
    let called = || {
        let word = CALLED.captures(words)?.get(1)?;
        let ordinary = is_ordinary(word.as_str()) || listed(|w| w.not_names, word.as_str());
        (!ordinary).then(|| capital(word.as_str()))
    };
    let found = || names.max_by_key(String::len).or_else(called);
    let name = known.map(str::to_owned).or_else(found);
    let role = ROLE.find(words);
    // "Receptionist with the pink glasses": all of it says who.
    let rest = |name: Option<&str>| {
        let without = name.map_or_else(|| words.to_owned(), |n| left_of(words, n));
        let without = CALLED_NOBODY.replace(&without, "");
        let words = without.trim_matches(|c: char| c.is_whitespace() || ",.;:-".contains(c));
        // "The driver of the white van": the article tells nothing.
        let articles = PACKS.iter().flat_map(|p| p.people().articles);
        let words = articles
            .into_iter()
            .find_map(|article| {
                let (first, rest) = words.split_at_checked(article.len())?;
                first.eq_ignore_ascii_case(article).then_some(rest)
            })
            .unwrap_or(words);
        words.to_owned()
    };
    let rest = rest(name.as_deref());
    let telling = |words: &str| {
        let told = |w: &&str| !listed(|p| p.little, w.to_lowercase().as_str());
        words.unicode_words().filter(told).count()
    };
    let says_more = telling(&rest) > role.map_or(0, |r| telling(r.as_str()));
    match (name, role) {
        (None, None) => (None, Some(words.to_owned())),
        (name, Some(_)) if says_more && rest.unicode_words().count() <= 9 => (name, Some(rest)),
        (name, role) => (name, role.map(|r| r.as_str().to_lowercase())),
    }
}

/// A text without a name in it, however that is written.
fn left_of(words: &str, name: &str) -> String {
    let at = words.to_lowercase().find(&name.to_lowercase());
    match at.and_then(|at| Some((words.get(..at)?, words.get(at + name.len()..)?))) {
        Some((before, after)) => [before, after].concat(),
        None => words.to_owned(),
    }
}

/// A word with a capital.
pub(in crate::nlu) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Names that stand in words which say who somebody is: capitalised, and no words of every day.
pub fn names_in(words: &str) -> Vec<(usize, String)> {
    let name = |c: regex::Captures<'_>| {
        let found = c.get(1)?;
        // "It's Denise": the verb has the capital of the sentence.
        let bare = VERB.replace(found.as_str(), "");
        let name = clean_name(&bare)?;
        let ordinary = name.split_whitespace().all(is_ordinary);
        // "KLT": a number plate among words in small letters.
        let code = name.chars().all(char::is_uppercase) && words.chars().any(char::is_lowercase);
        let at = found.start() + found.len() - bare.len();
        (!ordinary && !code && ROLE.find(&name).is_none()).then_some((at, name))
    };
    CAPITALS.captures_iter(words).filter_map(name).collect()
}

/// Whether a capitalised word is none; where all of it is in capitals, the capitals say nothing.
fn no_name(word: &str) -> bool {
    let shouted = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let in_capitals = |list: &[&str]| list.iter().any(|n| n.to_uppercase() == word);
    let listed_so = || PACKS.iter().any(|p| in_capitals(p.people().not_names));
    listed(|w| w.not_names, word) || shouted && (is_ordinary(word) || listed_so())
}

/// The name without trailing words that only look like one; none where nothing is left.
pub(super) fn clean_name(name: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in name.split_whitespace() {
        if no_name(word.trim_end_matches(['.', ',', '!'])) {
            break;
        }
        words.push(word);
    }
    while words
        .last()
        .is_some_and(|w| PARTICLES.contains(w) || matches!(*w, "le" | "st" | "st."))
    {
        words.pop();
    }
    let joined = words.join(" ");
    let joined = joined
        .trim_end_matches(['.', ',', '!', '\'', '’'])
        .trim_end_matches("'s")
        .trim_end_matches("’s")
        .to_owned();
    (joined.chars().count() >= 2).then_some(joined)
}
