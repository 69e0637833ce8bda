//! Days as they are said in Spanish. The same rules as in English: a weekday is the last one, a day without a year the last that has been.

use super::{
    super::Setting,
    dates::{
        Pattern, ago_of, group, last_weekday, number, one, past, pattern, period_of, weekend_of,
    },
};
use jiff::{ToSpan, civil::Date, civil::Weekday};
use regex::Captures;

const MONTHS: [&str; 12] = [
    "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("lun", Weekday::Monday),
    ("mar", Weekday::Tuesday),
    ("mi", Weekday::Wednesday),
    ("jue", Weekday::Thursday),
    ("vie", Weekday::Friday),
    ("s", Weekday::Saturday),
    ("dom", Weekday::Sunday),
];
const NUMBERS: [&str; 13] = [
    "un", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
    "once", "doce",
];

macro_rules! clock {
    () => {
        r"(?:,? ?(?:a eso de |sobre |hacia |alrededor de |como |a )?las? (?:\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)(?:[:.]\d\d)?(?: y (?:media|cuarto|pico)| menos cuarto)?(?: ?h\b)?(?: de la (?:mañana|tarde|noche|madrugada))?|,? (?:por|de|en) la (?:mañana|tarde|noche|madrugada)|,? (?:al|a) (?:mediod[ií]a|medianoche))*"
    };
}
macro_rules! count {
    () => {
        r"(una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|un par de|unos|unas|varios|varias|\d{1,3})"
    };
}
macro_rules! unit {
    () => {
        r"(horas?|d[ií]as?|noches?|semanas?|quincenas?|mes(?:es)?|años?)"
    };
}

pub(super) fn patterns() -> Vec<Pattern> {
    vec![
        pattern(
            concat!(
                r"\b(?:el |desde el |del )?(?:(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo),? )?(?:d[ií]a )?(\d{1,2}) de (enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b(?: del? (\d{4}))?",
                clock!()
            ),
            day_month,
        ),
        pattern(
            concat!(
                r"\b(antes de ayer|anteayer|antier|ayer|anoche|hoy|esta mañana|esta tarde|esta noche|ahora mismo|hace un rato|hace un momento)\b",
                clock!()
            ),
            near,
        ),
        pattern(
            concat!(
                r"\b(?:desde hace|durante(?: los| las)?(?: [uú]ltim[oa]s)?) ",
                count!(),
                " ",
                unit!(),
                r"\b"
            ),
            lasting,
        ),
        pattern(
            concat!(
                r"\bhace (?:ya |casi |unas? |como )?",
                count!(),
                " ",
                unit!(),
                r"\b",
                clock!()
            ),
            ago,
        ),
        pattern(
            r"\b(el|este|durante el|desde el) (?:pasado )?fin de semana(?: pasado)?\b",
            weekend,
        ),
        pattern(
            r"\b(la|el|esta|este) (?:pasad[oa] )?(semana|mes|año)(?: pasad[oa])?\b",
            period,
        ),
        pattern(
            concat!(
                r"\b(?:(desde el|el pasado|el|este|los) )?(lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)s?\b(?: pasado)?",
                clock!()
            ),
            weekday,
        ),
        pattern(
            r"\b(?:en|desde|a (?:principios|finales|mediados) de) (enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b(?: del? (\d{4}))?",
            whole_month,
        ),
    ]
}

fn month(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    MONTHS
        .iter()
        .position(|m| name.starts_with(m))
        .map(|i| i as i8 + 1)
}

fn day_month(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    past(
        number(c, 3),
        month(group(c, 2)?)?,
        number(c, 1)? as i8,
        s.today,
    )
    .map(one)
}

fn near(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let days = match group(c, 1)?.to_lowercase().as_str() {
        "ayer" | "anoche" => 1,
        "antes de ayer" | "anteayer" | "antier" => 2,
        _ => 0,
    };
    s.today.checked_sub(days.days()).ok().map(one)
}

fn count(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    match word.as_str() {
        "un" | "una" => Some(1),
        "un par de" => Some(2),
        "unos" | "unas" | "varios" | "varias" => Some(3),
        w => NUMBERS
            .iter()
            .position(|n| *n == w)
            .map(|i| i as i64)
            .or_else(|| w.parse().ok()),
    }
}

/// The unit by its English name, as the English rules count it.
fn unit(word: &str) -> &'static str {
    let word = word.to_lowercase();
    match word.as_str() {
        w if w.starts_with("semana") => "week",
        w if w.starts_with("quincena") => "fortnight",
        w if w.starts_with("mes") => "month",
        w if w.starts_with("año") => "year",
        w if w.starts_with("hora") => "hour",
        _ => "day",
    }
}

fn ago(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let unit = unit(group(c, 2)?);
    let count = if unit == "hour" {
        0
    } else {
        count(group(c, 1)?)?
    };
    ago_of(count, unit, s).map(one)
}

fn lasting(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    Some((
        ago_of(count(group(c, 1)?)?, unit(group(c, 2)?), s)?,
        s.today,
    ))
}

fn weekend(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    weekend_of(group(c, 1)?.to_lowercase().starts_with("desde"), s)
}

fn period(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let whole = c.get_match().as_str().to_lowercase();
    let this = whole.starts_with("est");
    // "la semana" alone is any week.
    if !this && !whole.contains("pasad") {
        return None;
    }
    period_of(this, unit(group(c, 2)?), s)
}

fn weekday(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let name = group(c, 2)?.to_lowercase();
    let (_, weekday) = WEEKDAYS.iter().find(|(n, _)| name.starts_with(n))?;
    let prefix = group(c, 1).unwrap_or_default().to_lowercase();
    let day = last_weekday(*weekday, prefix == "este", s)?;
    Some((day, if prefix == "desde el" { s.today } else { day }))
}

fn whole_month(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let first = past(number(c, 2), month(group(c, 1)?)?, 1, s.today)?;
    Some((first, first.last_of_month().min(s.today)))
}

#[cfg(test)]
mod tests {
    use super::super::{super::Setting, dates::dates};
    use crate::domain::{DateOrder, interpretation::FoundDate};

    /// As said on Tuesday 24 November 2026.
    fn read(text: &str) -> Vec<FoundDate> {
        dates(
            text,
            Setting {
                today: jiff::civil::date(2026, 11, 24),
                country: "ES",
                order: DateOrder::DayFirst,
            },
        )
    }

    #[test]
    fn days_are_read_in_spanish() {
        for (text, from, to) in [
            ("fue ayer por la tarde", "2026-11-23", "2026-11-23"),
            ("anteayer a las 5", "2026-11-22", "2026-11-22"),
            ("hace tres días", "2026-11-21", "2026-11-21"),
            ("desde hace dos semanas", "2026-11-10", "2026-11-24"),
            ("el martes pasado", "2026-11-17", "2026-11-17"),
            ("desde el viernes", "2026-11-20", "2026-11-24"),
            ("el 15 de noviembre", "2026-11-15", "2026-11-15"),
            ("el 3 de diciembre de 2025", "2025-12-03", "2025-12-03"),
            ("la semana pasada", "2026-11-16", "2026-11-22"),
            ("el fin de semana", "2026-11-21", "2026-11-22"),
            ("en octubre", "2026-10-01", "2026-10-31"),
        ] {
            let dates = read(text);
            assert_eq!(dates.len(), 1, "{text}: {dates:?}");
            assert_eq!(
                (dates[0].from.as_str(), dates[0].to.as_str()),
                (from, to),
                "{text}"
            );
        }
        assert!(read("dos veces por semana").is_empty());
    }
}
