//! Where it happened.

use super::own;
use crate::domain::interpretation::Found;
use regex::Regex;

#[derive(Debug)]
pub(super) struct Places(Vec<Regex>);

impl Places {
    pub(super) fn new() -> Self {
        Self(vec![
            own(
                r"\b(?i:at |on |in |outside )?\d{1,4}[a-zA-Z]? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)* ?(?i:street|st|road|rd|avenue|ave|lane|ln|way|close|drive|court|gardens|terrace|crescent|place|grove|hill|square|row|mews|park|walk|green|boulevard|blvd|rise|croft|view|parade|quay|wharf|bank|yard|drove|path|broadway|villas|cottages|circle|parkway|turnpike|pike)\b",
            ),
            own(
                r"\b(?i:on|in|at) (?i:the )?(?:\p{Lu}[\p{L}'’-]+ )+(?i:ward|unit|wing|clinic|hospital|surgery|centre|center|house|lodge|suite|department|hospice|infirmary|court)\b",
            ),
            own(r"(?i)\b(?:on |in )?(?:the )?ward \d{1,3}[a-z]?\b"),
            own(
                r"\b(?i:at|in|outside) (?:St\.? )?\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,3} (?i:hospital|surgery|clinic|centre|house|lodge|hospice|infirmary|pharmacy|medical centre|health centre|care home|nursing home)\b",
            ),
            own(r"\b(?i:at|in) St\.? \p{Lu}[\p{L}'’-]+"),
            own(
                r"(?i)\b(?:in|at|outside|on|near|by) (?:the |your |our |my |his |her |their |my neighbou?r's |next door's |a )?(?:\w+ )?(?:a ?& ?e|a and e|accident and emergency|emergency (?:room|department)|casualty|waiting room|waiting area|reception(?: area| desk)?|main entrance|front desk|car ?park(?: (?:(?-i:[B-Z])|\d{1,2})\b)?|maternity(?: ward| unit)?|children's ward|x-?ray(?: department)?|outpatients?|icu|intensive care|theatre|pharmacy|canteen|cafe|corridor|lift|driveway|front garden|back garden|front door|doorstep|landing|stairwell|hallway|kitchen|bedroom|day room|dining room|lounge|care home|nursing home|clinic|surgery|supermarket|school|bus stop|high street|own home)\b",
            ),
            own(
                r"(?i)\b(?:at (?:home|my (?:\w+(?:'s)? )?(?:house|flat|home|place)|(?:her|his|their) (?:house|flat|home|place|own home)|work)|in (?:my|her|his|our) (?:street|road|building|block|house|flat|home)|over the phone|on the (?:stairs|pavement|street))\b",
            ),
            // Spanish.
            own(
                r"(?i)\b(?:en|de|delante de|frente a|junto a) (?:el |la |los |las |su |mi |nuestr[oa] |una? )?(?:planta|habitaci[oó]n|consulta|sala|box|pasillo|ala|unidad) (?:\d{1,4}[a-z]?\b|(?:de )?(?:espera|partos|urgencias|recuperaci[oó]n|curas|maternidad|pediatr[ií]a|oncolog[ií]a|cardiolog[ií]a|geriatr[ií]a|cirug[ií]a|rayos))\b",
            ),
            own(
                r"\b(?i:en|delante de|frente a) (?i:el |la )?(?i:hospital|cl[ií]nica|residencia|centro(?: de salud| de d[ií]a| m[eé]dico)?|ambulatorio|consultorio|unidad|planta|ala) (?i:de |del |la |el |san |santa )*\p{Lu}[\p{L}'’-]+(?: (?i:de |del |la |el )?\p{Lu}[\p{L}'’-]+){0,2}",
            ),
            own(
                r"(?i)\b(?:en|delante de|frente a|junto a|por) (?:el |la |los |las |su |mi |nuestr[oa] |una? )?(?:urgencias|recepci[oó]n|aparcamiento|estacionamiento|garaje|escaleras?|portal|pasillo|ascensor|entrada(?: principal)?|cafeter[ií]a|comedor|sala de espera|habitaci[oó]n|jard[ií]n|ambulatorio|hospital|cl[ií]nica|residencia|centro de salud|consulta|farmacia|tel[eé]fono|rellano|calle|acera|parada|ambulancia)\b",
            ),
            own(
                r"(?i)\ben (?:su|mi|nuestra|la) (?:propia )?casa(?: de mi \w+)?\b|\ben casa(?: de mi \w+)?\b",
            ),
            own(
                r"\b(?i:en )?(?i:la |el )?(?i:calle|avenida|avda\.?|plaza|paseo|camino) (?i:de |del |la |el |los |las )*\p{Lu}[\p{L}'’-]+(?: (?i:de |del |la )?\p{Lu}[\p{L}'’-]+){0,2}(?:,? (?:n[uú]mero )?\d{1,4})?",
            ),
        ])
    }

    pub(super) fn read(&self, text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for pattern in &self.0 {
            for place in pattern.find_iter(text) {
                if found
                    .iter()
                    .any(|f| f.start < place.end() && place.start() < f.end)
                {
                    continue;
                }
                let words = place.as_str().trim();
                let bare = ["at ", "on ", "in ", "near ", "by ", "en ", "por "]
                    .iter()
                    .find_map(|p| {
                        words
                            .get(..p.len())
                            .filter(|w| w.eq_ignore_ascii_case(p))
                            .map(|w| &words[w.len()..])
                    });
                found.push(Found {
                    text: bare.unwrap_or(words).to_owned(),
                    start: place.start(),
                    end: place.end(),
                });
            }
        }
        found.sort_by_key(|f| f.start);
        found.truncate(6);
        found
    }
}
