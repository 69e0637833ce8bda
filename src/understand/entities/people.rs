//! The writer, the staff, and the person it happened to.

use super::{
    dates_pattern::named,
    dates_words::{MONTHS, MONTHS_ES, WEEKDAYS, WEEKDAYS_ES},
    described::{NAME, ROLE, clean_name},
    names::{KIN, KIN_ES, ROLES, ROLES_ES},
    own,
};
use crate::{
    domain::interpretation::{Found, FoundAffected, FoundStaff},
    understand::ordinary::is_ordinary,
};
use regex::Regex;

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
                r"(?i)\b(?:my|our) (?:late |elderly |poor |little |older |younger |disabled |dear |own |best |closest |good |old |\d+[- ]year[- ]old )*((?:mum(?:my)?|mom(?:my)?|mam|mother|dad(?:dy)?|father|husband|wife|son|daughter|brother|sister|nana?|gran(?:ny)?|grandma|grandmother|grandad|granddad|grandpa|grandfather|aunt(?:ie|y)?|uncle|cousin|niece|nephew|partner|fianc[eé]e?|boyfriend|girlfriend|baby|child|kids?|parents?|grandson|granddaughter|neighbou?r|friend|flatmate|mate|client|tenant|resident|lodger|colleague|pupil)(?:[- ]in[- ]law)?)\b",
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

fn ends_alike(a: Option<&str>, b: Option<&str>) -> bool {
    let last = |t: Option<&str>| t.and_then(|t| t.split_whitespace().last().map(str::to_owned));
    last(a) == last(b)
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
