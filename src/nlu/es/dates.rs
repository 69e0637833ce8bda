//! Days as they are said in Spanish. The same rules as in English: a weekday is the last one, a day without a year
//! the last that has been.

use super::day_names::{COUNTS, FEASTS, MONTHS, ORDINALS, PARTS, UNITS, WEEKDAYS};
use crate::nlu::entities::dates::{
    read,
    words::{DayWords, WorkOut, any_of},
};

pub(super) static DAYS: DayWords = DayWords {
    weekdays: WEEKDAYS,
    months: MONTHS,
    ordinals: ORDINALS,
    twenty: None,
    counts: COUNTS,
    units: UNITS,
    parts: PARTS,
    feasts: FEASTS,
    near: &[
        (1, "ayer|anoche"),
        (
            2,
            "anteayer|antes de ayer|antier|anteanoche|antenoche|antes de anoche",
        ),
        (3, "trasanteayer|trasantier"),
    ],
    weeks: &[(0, "esta semana"), (2, "la semana antepasada")],
    nth: &[
        (1, "primer|primera"),
        (2, "segundo|segunda"),
        (3, "tercer|tercera"),
        (4, "cuarto|cuarta"),
        (-1, "último|ultimo|última|ultima"),
    ],
    last: &[
        "pasado",
        "pasada",
        "anterior",
        "último",
        "ultimo",
        "el pasado",
        "este pasado",
    ],
    this: &["este"],
    gone: &[],
    rolling: &[],
    any: "ayer|hoy|anoche|mañana|madrugada|tarde|mediod[ií]a|ahora|navidad|(?:tras)?ant(?:e|es de )?(?:ayer|anoche)|(?:tras)?antier",
    to: "al|a la|hasta",
    and: "y|e|o|y luego|y otra vez|y de nuevo|y tambi[eé]n|y despu[eé]s",
    between: "entre",
    from: "del?",
    since: "desde|a partir de",
    onwards: "en adelante",
    article: "el|la",
    clock: r"\d{1,2}(?:[:.]\d\d)? ?h",
    names,
    decoys: DECOYS,
    ways: WAYS,
};

/// A time of the day that belongs to the day before it.
const CLOCK: &str = r"(?:,? ?(?:a eso de |sobre |hacia |alrededor de |como |a )?las? (?:\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)\b(?:[:.]\d\d)?(?: y (?:media|cuarto|pico)| menos cuarto)?(?: ?h\b)?(?: de la (?:mañana|tarde|noche|madrugada))?|,? (?:por|x|de|en|a) la (?:mañana|tarde|noche|madrugada)| (?:noche|tarde)\b|,? (?:al|a) (?:mediod[ií]a|medianoche))*";
/// What may come after "el día 12" where it is a day.
const GO_ON: &str = r"(?:\s*(?:[.,;:!?)\n–—-]|$)|\s(?:a|al|y|en|por|pero|cuando|mi|su|la|el|los|las|me|nos|no|le|se|que|fue|fui|estaba|con|sobre|desde|hasta|vino|de este|del mes)\b)";

fn names() -> Vec<(&'static str, String)> {
    vec![
        (
            "INYEAR",
            r"(?: del? (?:(?<year>\d{4})\b|(?<lastyear>año pasado)\b))?".to_owned(),
        ),
        ("CLOCK", CLOCK.to_owned()),
        ("GOON", GO_ON.replace(' ', r"\s")),
        ("DAY", format!(r"{}\b", any_of(WEEKDAYS))),
        ("MONTH", format!(r"{}\b", any_of(MONTHS))),
        ("COUNT", format!(r"(?:\d{{1,3}}|{}\b)", any_of(COUNTS))),
        ("UNIT", format!(r"{}\b", any_of(UNITS))),
        ("PART", any_of(PARTS)),
        ("FEAST", format!(r"{}\b", any_of(FEASTS))),
        ("YEAR", r"(?:19|20)\d\d".to_owned()),
        (
            "AT",
            r"(?:la (?:mañana|tarde|noche|madrugada) del |el d[ií]a |el pasado |el )?".to_owned(),
        ),
    ]
}

/// What looks like a day and is none: habits, and days to come.
const DECOYS: &[&str] = &[
    r"\b(?:cada|todos los|los|el pr[oó]ximo|pr[oó]ximo|de) (?:DAY|s[aá]bados|domingos)(?:(?:,| y|,? o| a| e) (?:los )?(?:DAY|s[aá]bados|domingos))*",
    r"\b(?:el |este )?DAY (?:que viene|pr[oó]ximo|siguiente)\b",
    r"\b(?:semana|mes|año) que viene\b",
    r"\b(?:calle|plaza|avenida|avda|paseo|hospital|barrio|estaci[oó]n)(?: del?| la)* (?:\d{1,2}|COUNT) de MONTH",
    r"\b(?:planta|habitaci[oó]n|cama|box|sala|piso|consulta|puerta) \d{1,3}\b",
    r"\b(?:COUNT) (?:d[ií]as|noches) seguid[oa]s\b",
];

/// How days are told, most exact first.
const WAYS: &[(&str, WorkOut)] = &[
    (r"\b(?<feast>FEAST)INYEARCLOCK", read::feast),
    (
        r"\b(?:entre el |entre |del |desde el |entre los d[ií]as |los d[ií]as |el )?(?<from>\d{1,2})(?:, ?\d{1,2})* ?(?:y|al|hasta|y el|hasta el|o|o el|-|–) ?(?:d[ií]a )?(?<to>\d{1,2}) (?:de )?(?<month>MONTH)INYEARCLOCK",
        read::day_range,
    ),
    (
        r"\b(?:entre los d[ií]as|los d[ií]as|entre el d[ií]a|del d[ií]a|desde el d[ií]a) (?<from>\d{1,2}) (?:y|y el|al|hasta|hasta el) (?:d[ií]a )?(?<to>\d{1,2})\b",
        read::bare_range,
    ),
    (
        r"\bAT(?:DAY,? )?(?:d[ií]a )?(?:(?<day>\d{1,2})(?<th>º|°)?|(?<ordinal>COUNT|uno|primero)) (?:de |d )(?<month>MONTH)INYEARCLOCK",
        read::day_month,
    ),
    (
        r"\b(?:hace (?<n>COUNT) (?<unit>UNIT),? )(?<near>ayer|hoy|anoche)\bCLOCK",
        read::before_near,
    ),
    (
        r"\b(?<near>ayer|hoy|anoche) (?:hace|hizo|hac[ií]a) (?<n>COUNT) (?<unit>UNIT)",
        read::before_near,
    ),
    (
        r"\b(?:el )?(?:d[ií]a )?(?<day>\d{1,2}) de(?: este mes|l mes (?<which>pasado))\b",
        read::day_of_month,
    ),
    (
        r"\b(?<near>antes de ayer|antes de anoche|anteayer|antier|anteanoche|antenoche|trasanteayer|trasantier|ayer|anoche|hoy|esta mañana|esta madrugada|esta tarde|esta noche|este mediod[ií]a|ahora mismo)\bCLOCK",
        read::near,
    ),
    (
        r"\b(?:el otro d[ií]a|la otra (?:noche|mañana|tarde))\b",
        read::other_day,
    ),
    (
        r"\bhace (?:ya )?(?<n>COUNT) (?<unit>semanas?|quincenas?),? (?:desde )?(?:el|este) (?:(?<last>pasado) )?(?<day>DAY)(?: (?:pasado)\b)?CLOCK",
        read::weeks_day,
    ),
    (
        r"\b(?:el )?(?<day>DAY)(?: pasado)?,? (?:hace|hizo) (?<n>COUNT) (?<unit>semanas?|quincenas?)\bCLOCK",
        read::weeks_day,
    ),
    (
        r"\b(?:el )?(?:antepasado (?<day>DAY))CLOCK",
        read::day_before_last,
    ),
    (
        r"\b(?:el )?(?<day>DAY)(?: por la (?:mañana|tarde|noche))? antepasado\bCLOCK",
        read::day_before_last,
    ),
    (
        r"\bAT(?<day>DAY)(?: por la (?:mañana|tarde|noche))?,? de (?<week>la semana pasada|la pasada semana|la semana anterior|la semana antepasada|esta semana)\bCLOCK",
        read::day_of_week,
    ),
    (
        r"\b(?<week>la semana pasada|la pasada semana|la semana antepasada|esta semana),? el (?<day>DAY)CLOCK",
        read::day_of_week,
    ),
    (
        r"\b(?<words>(?:el )?DAY (?:d[ií]a )?(?<day>\d{1,2}))GOON",
        read::day_of_month,
    ),
    (
        r"\b(?:en |durante )?(?:la|el) (?<unit>semana|mes|año|fin de semana|finde) antepasad[oa]\b",
        read::unit_before_last,
    ),
    (
        r"\b(?:a |al |hacia |desde |sobre )(?<part>PART) de (?<month>MONTH)INYEAR",
        read::month,
    ),
    (
        r"\b(?:a|al|hacia|desde|sobre) (?<part>PART) de(?:l| la| este| esta)? (?<unit>semana|mes|año)\b(?<which> pasad[oa]| anterior)?",
        read::part_of_unit,
    ),
    (
        r"\b(?:el )?(?<nth>primer|segundo|tercer|cuarto|[uú]ltimo) (?<day>DAY) (?:de (?<month>MONTH)INYEAR|del? (?:este mes|mes (?<which>pasado)|mes))",
        read::weekday_of_month,
    ),
    (
        r"\b(?:en |durante )?la (?<nth>primera|segunda|tercera|cuarta|[uú]ltima) semana de (?<month>MONTH)INYEAR",
        read::week_of_month,
    ),
    (
        r"\b(?:desde hace|durante(?: los| las)?(?: [uú]ltim[oa]s)?|(?:en |estos |estas )?(?:los |las )?[uú]ltim[oa]s) (?<n>COUNT) (?<unit>UNIT)",
        read::lasting,
    ),
    (
        r"\b(?:en |durante )?(?:la|el) [uú]ltim[oa] (?<unit>semana|mes|año)\b",
        read::lasting,
    ),
    (
        r"\bhace (?:ya |casi |como )?(?<n>COUNT) (?<unit>UNIT) y (?<half>medi[oa])\b",
        read::ago,
    ),
    (
        r"\bhace (?:ya |casi |unas? |como |aproximadamente )?(?<n>COUNT) o (?<m>COUNT) (?<unit>UNIT)CLOCK",
        read::ago,
    ),
    (
        r"\bhace (?:ya |casi |como |aproximadamente |m[aá]s o menos |(?:unos|unas) )?(?<n>COUNT) (?<unit>UNIT)CLOCK",
        read::ago,
    ),
    (
        r"\b(?:el|este|durante el|desde el) (?:pasado )?(?:fin de semana|finde)(?: pasado)?\b",
        read::weekend,
    ),
    (
        r"\b(?:la|el) (?<which>pasad[oa]) (?<unit>semana|mes|año)\b",
        read::period,
    ),
    (
        r"\b(?:en|desde|durante) (?:el mes de )?(?<month>MONTH)(?: pasado\b)?INYEAR",
        read::month,
    ),
    (
        r"\b(?<month>MONTH) del? (?:(?<year>YEAR)\b|(?<lastyear>año pasado)\b)",
        read::month,
    ),
    (
        r"\b(?:la|el) (?<unit>semana|mes|año) (?<which>pasad[oa])\b",
        read::period,
    ),
    (
        r"\b(?<which>esta|este) (?<unit>semana|mes|año)\b",
        read::period,
    ),
    (
        r"\b(?:este|el) (?:pasado )?(?<day>DAY)(?: pasado)? no,? (?:sino )?el (?:anterior|de antes|de la semana anterior)\b",
        read::weekday_before,
    ),
    (
        r"\b(?:(?<lead>el pasado|este pasado|el|este|la (?:mañana|tarde|noche|madrugada) del) )?(?<day>DAY)(?: (?<tail>pasado|anterior|[uú]ltimo)\b)?CLOCK",
        read::weekday,
    ),
    (
        r"\bDAY(?: pasado)?,? (?<words>el (?:d[ií]a )?(?<day>\d{1,2}))GOON",
        read::day_of_month,
    ),
    (
        r"\b(?:entre|desde|de) (?<from>MONTH) (?:y|a|hasta) (?<to>MONTH)INYEAR",
        read::months,
    ),
    (
        r"\b(?:en|desde|durante) (?:el )?(?:año )?(?<year>YEAR)\b",
        read::year,
    ),
    (
        r"\b(?<words>(?:la (?:mañana|tarde|noche|madrugada) del|el|el pasado) d[ií]a (?<day>\d{1,2}))GOON",
        read::day_of_month,
    ),
    (
        r"(?:\b(?:fue|ocurri[oó]|pas[oó]|sucedi[oó]|desde|perd[oó]n|mejor dicho|bueno|no|creo que|otro d[ií]a|pasad[oa]),? |^)(?<words>el (?<day>\d{1,2}))GOON",
        read::day_of_month,
    ),
];
