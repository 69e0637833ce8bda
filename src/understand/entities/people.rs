//! The writer, the staff, and the person it happened to.

use super::{
    dates_pattern::named,
    dates_words::{MONTHS, MONTHS_ES, WEEKDAYS, WEEKDAYS_ES},
    names::{KIN, KIN_ES, NOT_NAMES, ROLES, ROLES_ES},
    own,
};
use crate::{
    domain::interpretation::{Found, FoundAffected, FoundStaff},
    understand::ordinary::is_ordinary,
};
use regex::Regex;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

#[derive(Debug)]
pub(in crate::understand) struct People {
    self_name: Vec<Regex>,
    staff: Vec<Regex>,
    staff_es: Vec<Regex>,
    kin_es: Regex,
    kin_name_es: Regex,
    myself_es: Regex,
    kin: Regex,
    bare_kin: Regex,
    other: Regex,
    kin_name: Regex,
    myself: Regex,
}

/// A capitalised name of one to four words, titles and particles included.
const NAME: &str = r"((?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Sir)\.? )?\p{Lu}[\p{L}'’-]+(?: (?:de|da|di|van|von|der|bin|al|el|la|le|O'|Mc|st\.?|\p{Lu}[\p{L}'’.-]*)){0,3})";

impl People {
    pub(super) fn new() -> Self {
        let name = NAME;
        let roles = ROLES;
        Self {
            self_name: vec![
                own(&format!(
                    r"(?:(?i:\bmy (?:full )?name(?: is|'s|’s|:)|\bname:|\bi am called|\bi'm called|\bcall me))\s+{name}"
                )),
                own(&format!(
                    r"(?:(?i:\bi'm|\bi’m|\bi am|\bim|\bthis is|\bit's|\bit’s))\s+{name}(?:[.,!\n]|$| (?i:and|here|from|speaking|calling|writing|the|her|his|a)\b)"
                )),
                own(&format!(r"(?:^|[.!?\n] ?){name},? (?i:here|speaking)\b")),
                own(&format!(
                    r"(?:(?i:\bme llamo|\bmi nombre(?: completo)? es|\bmi nombre:|\bnombre:|\bsoy))\s+{name}"
                )),
                own(&format!(
                    r"(?m)(?i:\b(?:atentamente|un saludo|saludos|gracias|cordialmente|firmado)),?[ \n]+{name}[. ]*$"
                )),
                own(&format!(
                    r"(?m)(?i:\b(?:regards|yours|sincerely|faithfully|thanks|thank you|cheers|best wishes|signed)),?[ \n]+{name}[. ]*$"
                )),
            ],
            staff: vec![
                own(&format!(
                    r"\b((?i:{roles}))s?,? (?i:(?:is |was )?(?:called|named|by the name of),? ){name}"
                )),
                own(&format!(r"\b((?i:{roles})),? {name}")),
                own(&format!(
                    r"\b{name},? (?i:(?:is|was|who is|who was)?,? ?(?:the|a|an|my|your|her|his|our|one of your) )((?i:{roles}))"
                )),
                own(
                    r"\b((?:Dr|Doctor|Nurse|Sister|Matron|Professor|Prof)\.? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)",
                ),
                own(&format!(
                    r"(?i:\b(?:your|the|one of your|a|an|her|his|my \w+'s|their|this|that|another|some) )((?i:{roles}))s?\b"
                )),
            ],
            staff_es: vec![
                own(&format!(
                    r"\b(?i:la|el|una?|su|sus|esa?|esta?|del|al|vuestr[oa]|de sus) ((?i:{ROLES_ES}))(?i: de (?:noche|d[ií]a|guardia|planta|turno))?,? (?i:(?:que se llama|se llama|llamad[oa]|de nombre) )?{name}"
                )),
                own(&format!(
                    r"\b((?i:{ROLES_ES}))(?i: que se llama| se llama| llamad[oa])? {name}"
                )),
                own(&format!(
                    r"\b{name},? (?i:la|el|una?|su) ((?i:{ROLES_ES}))\b"
                )),
                own(r"\b((?:Dra?|Doctora?)\.? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)"),
                own(&format!(
                    r"\b(?i:la|el|una?|su|sus|esa?|esta?|del|al|vuestr[oa]|de sus|otr[oa]) ((?i:{ROLES_ES})(?i: de (?:noche|d[ií]a|guardia|planta|turno))?)s?\b"
                )),
            ],
            kin_es: own(&format!(
                r"(?i)\b(?:mi|nuestr[oa]|mis) (?:pobre |querid[oa] |difunt[oa] )?({KIN_ES})\b"
            )),
            kin_name_es: own(&format!(
                r"\b(?i:mi|nuestr[oa]) (?:\w+ )?(?i:{KIN_ES}),? (?i:(?:que se llama|se llama|llamad[oa]) )?{name}"
            )),
            myself_es: own(
                r"(?i)\bme (?:grit|insult|empuj|trat|ignor|dej|atend|dij|colg|ca[ií]|resbal|peg|humill|habl|mir|mand|cobr|operaron|pus|hici|hizo|amenaz|contest|echaron|golpe|tropec|hab[ií]an?|han?\b|tuvieron|tiene|dieron|dio\b|neg|oblig|respond|tir[oó]|atropell)|\b(?:esper[eé]|llevo esperando|estuve (?:esperando|horas))\b|\bmi (?:cita|operaci[oó]n|coche|bici|puerta|jard[ií]n|pierna|factura|receta|historial|tratamiento)\b|^(?:(?:pues|bueno|solo|s[oó]lo|nada m[aá]s)[, ]+)?(?:a m[ií]|soy yo|fui yo)\b|^(?:(?:pues|bueno)[, ]+)?yo (?:no m[aá]s|nom[aá]s|sol[oa]|mism[oa]|nada m[aá]s)\b",
            ),
            bare_kin: own(
                r"(?i)\b(mum(?:my)?|mom(?:my)?|mam|dad(?:dy)?|nana?|gran|granny|grandma|grandad|granddad)\b",
            ),
            kin: own(
                r"(?i)\b(?:my|our) (?:late |elderly |poor |little |older |younger |disabled |dear |own |\d+[- ]year[- ]old )*((?:mum(?:my)?|mom(?:my)?|mam|mother|dad(?:dy)?|father|husband|wife|son|daughter|brother|sister|nana?|gran(?:ny)?|grandma|grandmother|grandad|granddad|grandpa|grandfather|aunt(?:ie|y)?|uncle|cousin|niece|nephew|partner|fianc[eé]e?|boyfriend|girlfriend|baby|child|kids?|parents?|grandson|granddaughter|neighbou?r|friend|flatmate|mate|client|tenant|resident|lodger|colleague|pupil)(?:[- ]in[- ]law)?)\b",
            ),
            other: own(
                r"(?i)\b(?:an?|the|another|one of your|some|this) (?:old(?:er)? |elderly |young |little |poor |frail |confused |disabled )*(patient|lady|gentleman|resident|service user|old man|old woman|stranger)\b",
            ),
            kin_name: own(&format!(
                r"\b(?:(?i:my|our) (?:\w+ )?(?i:{KIN}),? (?:(?i:called|named|is called) )?|(?i:{KIN}(?:'s name)? (?:is|was|is called|was called) )){name}"
            )),
            myself: own(
                r"(?i)\b(?:i (?:slipped|fell|tripped|was (?:shouted|sworn|yelled|ignored|treated|left|refused|told|given|pushed|hit|sent|charged|discharged|turned|nearly|kept|made|put|spoken)|waited|have been|'ve been|had (?:to|my)|couldn't|got (?:hurt|shouted|the))|(?:shouted|swore|yelled|screamed|snapped|laughed|spat) at me|(?:hit|pushed|ignored|refused|treated|told|called|kept|left|gave|hurt|nearly hit|hung up on|humiliated|insulted|threatened|charged|woke|wakes|talked over|fobbed) me|me\b(?:[.! ]*$)|^(?:me|myself|it was me|to me|just me|i was|a m[ií](?: misma| mismo)?|soy yo|fui yo)\b|^(?:i|mine)[.! ]*$|^yo(?: misma| mismo)?(?:[.,!]|$)|my (?:appointment|operation|results|car|bike|door|driveway|drive|garden|wall|sleep|treatment|records|prescription))",
            ),
        }
    }

    pub(super) fn self_name(&self, text: &str) -> Option<Found> {
        self.self_name.iter().find_map(|pattern| {
            let name = pattern.captures(text)?.get(1)?;
            let cut = clean_name(name.as_str())?;
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

    pub(super) fn staff(&self, text: &str) -> Vec<FoundStaff> {
        let mut found: Vec<FoundStaff> = Vec::new();
        let patterns = (self.staff.iter().enumerate()).chain(self.staff_es.iter().enumerate());
        for (kind, pattern) in patterns {
            for captures in pattern.captures_iter(text) {
                let whole = captures.get_match();
                let part = |n: usize| captures.get(n).map(|m| m.as_str().to_owned());
                let (name, role) = match kind {
                    0 | 1 => (part(2), part(1)),
                    2 => (part(1), part(2)),
                    3 => (part(1), None),
                    _ => (None, part(1)),
                };
                // "…in Oak Lodge. The cleaner…": two sentences, and no name of hers.
                if kind == 2 && name.as_deref().is_some_and(|n| n.ends_with('.')) {
                    continue;
                }
                if kind == 2
                    && let Some(found) = captures.get(1)
                    && (opens_sentence(text, found.start(), found.as_str())
                        || is_calendar(found.as_str()))
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
        excluded: &[(usize, usize)],
    ) -> Option<FoundAffected> {
        let counts = |c: &regex::Captures<'_>| {
            let at = c.get(1).map_or(0, |m| m.start());
            !excluded.iter().any(|(s, e)| (*s..*e).contains(&at))
        };
        let kin = [&self.kin, &self.bare_kin, &self.kin_es]
            .into_iter()
            .find_map(|r| r.captures_iter(text).find(&counts));
        let myself = self.myself.is_match(text) || self.myself_es.is_match(text);
        if let Some(kin) = kin.and_then(|c| c.get(1)) {
            let relation = kin.as_str().to_lowercase();
            let beside = matches!(
                relation.as_str(),
                "neighbour"
                    | "neighbor"
                    | "friend"
                    | "sister"
                    | "mate"
                    | "vecino"
                    | "vecina"
                    | "amigo"
                    | "amiga"
            );
            // "my neighbour's nurse shouted at me" and "I slipped visiting my sister": it happened to the writer.
            if beside && myself {
                return Some(oneself());
            }
            let name = self
                .kin_name
                .captures(text)
                .or_else(|| self.kin_name_es.captures(text))
                .and_then(|c| c.get(1))
                .and_then(|m| clean_name(m.as_str()));
            return Some(FoundAffected {
                name,
                relation: Some(relation),
                start: Some(kin.start()),
                end: Some(kin.end()),
            });
        }
        if myself {
            return Some(oneself());
        }
        let other = self.other.captures(text)?.get(1)?;
        Some(FoundAffected {
            name: None,
            relation: Some(other.as_str().to_lowercase()),
            start: Some(other.start()),
            end: Some(other.end()),
        })
    }
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

static CAPITALS: LazyLock<Regex> = LazyLock::new(|| own(NAME));
/// "A midwife called tess": a name, whatever letters it is written in.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    own(
        r"(?i)\b(?:called|named|by the name of|name of|goes by|se llama(?:ba)?|llamad[oa]|de nombre) (\p{L}[\p{L}'’-]+)\b",
    )
});
/// What is left of it without the name.
static CALLED_NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    own(
        r"(?i)[ ,]*\b(?:(?:is|was|she's|he's|who is|que) )?(?:called|named|by the name of|name of|goes by|se llama(?:ba)?|llamad[oa]|de nombre)(?: *$| )",
    )
});
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    own(r"^(?i:it|he|she|that|this|who|there|i|they|we|you)['’](?:s|m|re|d|ve|ll)(?: |$)")
});
/// Words beside a role that tell nobody apart.
const LITTLE: [&str; 38] = [
    "a", "an", "the", "your", "one", "of", "our", "my", "her", "his", "it", "was", "is", "that",
    "this", "some", "i", "think", "on", "in", "at", "by", "duty", "who", "just", "and", "or", "un",
    "una", "el", "la", "los", "las", "de", "del", "su", "fue", "era",
];
static ROLE: LazyLock<Regex> = LazyLock::new(|| own(&format!(r"(?i)\b(?:{ROLES}|{ROLES_ES})\b")));

/// Somebody described in answer to "who was it?": the name in it, where there is one, and the role, or else the description itself.
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
        clean_name(found.as_str()).filter(|_| !opens)
    });
    let called = || {
        let word = CALLED.captures(words)?.get(1)?;
        let ordinary = is_ordinary(word.as_str()) || NOT_NAMES.contains(&word.as_str());
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
        words.to_owned()
    };
    let rest = rest(name.as_deref());
    let says_more = rest
        .unicode_words()
        .filter(|w| !LITTLE.contains(&w.to_lowercase().as_str()))
        .count()
        > role.map_or(0, |r| r.as_str().unicode_words().count());
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

fn capital(word: &str) -> String {
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

fn ends_alike(a: Option<&str>, b: Option<&str>) -> bool {
    let last = |t: Option<&str>| t.and_then(|t| t.split_whitespace().last().map(str::to_owned));
    last(a) == last(b)
}

/// Whether a capitalised word is none; where all of it is in capitals, the capitals say nothing.
fn no_name(word: &str) -> bool {
    let shouted = word.chars().count() > 2 && word.chars().all(char::is_uppercase);
    NOT_NAMES.contains(&word)
        || shouted && (is_ordinary(word) || NOT_NAMES.iter().any(|n| n.to_uppercase() == word))
}

/// "On 4 November the nurse…": a month or a weekday, and nobody's name.
fn is_calendar(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or_default();
    let months = named(MONTHS, first).or_else(|| named(MONTHS_ES, first));
    let days = named(WEEKDAYS, first).or_else(|| named(WEEKDAYS_ES, first));
    months.is_some() || days.is_some()
}

/// Whether a word has its capital from the start of a sentence only: "Will my manager…", "Mind you".
fn opens_sentence(text: &str, at: usize, name: &str) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end();
    let first = name.split_whitespace().next().unwrap_or_default();
    (before.is_empty() || before.ends_with(['.', '!', '?', '\n', ':', '¡', '¿']))
        && is_ordinary(first)
}

/// The name without trailing words that only look like one; none where nothing is left.
fn clean_name(name: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in name.split_whitespace() {
        if no_name(word.trim_end_matches(['.', ',', '!'])) {
            break;
        }
        words.push(word);
    }
    while words.last().is_some_and(|w| {
        matches!(
            *w,
            "de" | "da" | "di" | "van" | "von" | "der" | "al" | "el" | "la" | "le" | "st" | "st."
        )
    }) {
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
