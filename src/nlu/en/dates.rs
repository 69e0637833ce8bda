//! Days as they are said in English.

use super::day_names::{COUNTS, FEASTS, MONTHS, ORDINALS, PARTS, UNITS, WEEKDAYS};
use crate::nlu::entities::dates::{
    days::Days,
    read,
    words::{Caught, DayWords, WorkOut, any_of},
};

pub(super) static DAYS: DayWords = DayWords {
    weekdays: WEEKDAYS,
    months: MONTHS,
    ordinals: ORDINALS,
    twenty: Some("twenty"),
    counts: COUNTS,
    units: UNITS,
    parts: PARTS,
    feasts: FEASTS,
    near: &[
        (
            1,
            "yesterday's|yesterdays|yesterday|last night|last evening",
        ),
        (
            2,
            "the day before yesterday|day before yesterday|the night before last|night before last|the day before last|day before last",
        ),
    ],
    weeks: &[
        (0, "this week|earlier this week"),
        (2, "the week before last|week before last"),
    ],
    nth: &[
        (1, "first|1st"),
        (2, "second|2nd"),
        (3, "third|3rd"),
        (4, "fourth|4th"),
        (-1, "last"),
    ],
    last: &["last", "the previous"],
    this: &["this"],
    gone: &["gone", "just gone", "past"],
    rolling: &["past"],
    any: "yesterday|today|tonight|evenin|mornin|afternoon|arvo|lunchtime|now|christmas|xmas",
    to: "(?:right |up |all the way )?(?:to|til|till|'til|until|untill|through|thru|into)",
    and: "and|&|or|then|and then|and again|and also|or maybe|or possibly|or perhaps",
    between: "(?:sometime |any ?time )?between",
    from: "from",
    since: "(?:ever since|since)(?: about| around| roughly| approximately| maybe| at least)?",
    onwards: "onwards?",
    article: "the|on the|on",
    clock: r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)|noon|midnight",
    names,
    decoys: DECOYS,
    ways: WAYS,
};

/// A time of the day that belongs to the day before it.
const CLOCK: &str = r"(?:,? ?(?:(?:at |around |about |at about |at around |roughly |approximately |just after |just before |after |before |by |round |~)?(?:\d{1,2}(?:[:.]\d\d)? ?(?:(?:am|pm|o['’]?clock)\b|a\.m\.|p\.m\.)|\d{1,2}[:.]\d\d\b|\d{1,2} ?(?:ish|in the (?:morning|afternoon|evening))\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: o'?clock| thirty| in the (?:morning|afternoon|evening))\b|(?:half past|quarter past|quarter to|half) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b(?: in the (?:morning|afternoon|evening))?|noon\b|midday\b|midnight\b|lunch ?time\b|tea ?time\b|dinner ?time\b)|(?:at|around|about|at about|at around|just after|just before|after|before|by|round) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)|,? (?:in the |at |during the |first thing in the )?(?:early |late |middle of the )?(?:morning|afternoon|evening|night|early hours|small hours)\b| overnight\b| first thing\b)*";
/// What may come after "the 12th" where it is a day and no floor, time or bed.
const GO_ON: &str = r"(?:[ ]*(?:[.,;:!?)\n–—-]|$)|[ ](?:not|please|instead|actually|sorry|i|i've|we|he|she|they|it|my|our|his|her|their|your|you|the|a|an|and|but|when|where|at|around|about|in|by|with|to|till|until|because|as|so|for|from|just|mum|dad|someone|somebody|nobody|no[ ]one|dr|doctor|mr|mrs|ms|miss|nurse|sister)\b)";

fn names() -> Vec<(&'static str, String)> {
    let sided = |names: String| format!(r"{names}\b");
    vec![
        ("CLOCK", CLOCK.to_owned()),
        (
            "INYEAR",
            r"(?:,? (?:of )?(?<year>\d{4})\b| (?:of )?(?<lastyear>last) year\b)?".to_owned(),
        ),
        ("[- ]", r"[-\x20]".to_owned()),
        ("GOON", GO_ON.replace("[ ]", r"[\x20]")),
        ("DAY", sided(any_of(WEEKDAYS))),
        ("MONTH", sided(any_of(MONTHS))),
        ("COUNT", format!("(?:{}|\\d{{1,3}})", any_of(COUNTS))),
        ("UNIT", sided(any_of(UNITS))),
        ("PART", any_of(PARTS)),
        ("FEAST", sided(any_of(FEASTS))),
        ("ORDINAL", format!("(?:twenty[-\\x20]{0}|{0})", any_of(ORDINALS))),
        ("TH", "(?:st|nd|rd|th)".to_owned()),
        ("YEAR", r"(?:19|20)\d\d".to_owned()),
        ("AT", r"(?:the (?:morning|afternoon|evening|night|early hours) of (?:the )?|on the |on |last |this |the )?".to_owned()),
        ("STREET", "(?:road|street|avenue|lane|rd|hill|way|close|drive|court|gardens|terrace|crescent|place|grove|square|row|mews|park|walk|green|house|lodge)".to_owned()),
        // "This mornin'" is written as it is said. Last, since the others speak of it.
        ("morning", r"mornin(?:g|['’])?".to_owned()),
        ("evening", r"evenin(?:g|['’])?".to_owned()),
    ]
}

/// What looks like a day and is none: habits, days to come, streets, rooms, shares and marks.
const DECOYS: &[&str] = &[
    r"\b24/7\b",
    r"\bthe DAY (?:\p{L}+ )?(?:clinic|surgery|club|group|session|service|team|choir|class)\b",
    // "On his last night on Willow ward, 8 November".
    r"\b(?:his|her|their) last (?:nights?|days?|weeks?|months?|hours?|morning|evening)\b(?: (?:on|in|at|alive|with|here|there))",
    r"\b\d{1,2}/(?:10|5)\b (?:for |on the )?(?:pain|pains|stars?|score|agony|headache)\b",
    r"\b(?:pain|score|scale|rated?|rating|stars?)\b(?: \p{L}+){0,4} \d{1,2}/(?:10|5)\b",
    r"\b(?:1/2|1/3|2/3|1/4|3/4|1/8) (?:a|an|of|tablets?|pills?|pints?|dose|doses|hours?|full|empty)\b",
    r"\b(?:give|gave|giving|rate)(?: \p{L}+){0,2} \d{1,2}/(?:10|5)\b",
    r"\b(?:bp|blood pressure)(?: \p{L}+){0,3} \d{1,3}/\d{1,3}\b",
    r"\b\d+(?:(?:[.-]\d+){3,}|(?:/\d+){3,})\b",
    r"\b(?:ward|room|bed|bay|floor|unit|flat|level|clinic|bus|route|page|cubicle|house) \d{1,3}[a-z]?\b",
    r"\b(?:dob|d\.o\.b\.?|date of birth)(?: is| was|:)* ?(?:[\d/.-]+TH?(?: (?:of )?MONTH)?(?: \d{4})?|MONTH \d{1,2}TH?,?(?: \d{4})?)",
    r"\b(?:every|each|most|alternate|any|some|next|coming|following|upcoming|bank holiday|black)(?: other| single| second| week on)? DAY(?:(?:,| and|,? or| &) DAY)*",
    r"\bDAY,? (?:next|coming)\b",
    r"\b(?:on )?DAY (?:mornings|afternoons|evenings|nights|roast|school|times|mirror|mail)\b",
    r"\b(?:DAY|MONTH)(?-i:(?: (?:Road|Street|Avenue|Lane|Rd|Hill|Way|Close|Drive|Court|Gardens|Terrace|Crescent|Place|Grove|Square|Row|Mews|Park|Walk|Green|House|Lodge))+)\b",
    r"\b(?:DAY|MONTH)(?: STREET)? (?:road|street|avenue|lane)\b",
    r"\b(?:once|twice|times|days|nights|hours|visits) (?:a|per) week,?(?: on)? DAY(?:(?:,| and|,? or| &| to| -|-) ?DAY)*",
    r"\bthe other day (?:room|centre|center|nurse|ward|unit|shift|staff|case|care|patient)\b",
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:days|nights) (?:running|in a row)\b",
];

/// How days are told, most exact first.
const WAYS: &[(&str, WorkOut)] = &[
    (
        r"\b(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)\bCLOCK",
        read::iso,
    ),
    (r"\b(?:on |last )?(?<feast>FEAST)INYEARCLOCK", read::feast),
    (
        r"\b(?:over|at|during|since|last|around) (?:christmas|xmas)\bINYEAR",
        read::christmas,
    ),
    (
        r"\b(?:between |from )?AT(?:DAY,? (?:the )?)?(?<from>\d{1,2})TH?(?:, ?\d{1,2}TH?)*(?: (?:and|to|into|til|till|until|or|through) (?:DAY,? )?| ?[-–—&] ?)(?:the )?(?<to>\d{1,2})TH? (?:of )?(?<month>MONTH)\.?INYEARCLOCK",
        read::day_range,
    ),
    (
        r"\b(?:between |from )?(?:on )?(?:DAY,? )?(?<month>MONTH)\.? (?:the )?(?<from>\d{1,2})TH?(?: (?:and|to|til|till|until|or|through) | ?[-–—&] ?)(?:the )?(?<to>\d{1,2})TH?\bINYEAR",
        read::day_range,
    ),
    (
        r"\b(?:on )?(?:the )?(?:(?<day>\d{1,2})TH|(?<ordinal>ORDINAL)) of (?<which>this|last) month\b",
        read::day_of_month,
    ),
    (
        r"\b(?:between |from )the (?<from>\d{1,2})TH (?:and|to|til|till|until|through) (?:the )?(?<to>\d{1,2})TH\b",
        read::bare_range,
    ),
    (
        r"\b(?<words>(?:(?:between|from|(?:the )?(?:nights?|days?|mornings?|evenings?) of|on|the) )*(?<from>\d{1,2})TH(?:, ?(?:the )?\d{1,2}TH)*,? (?:and|to|into|til|till|until|through)(?: the)? (?<to>\d{1,2})TH)GOON",
        read::bare_range,
    ),
    (
        r"\b(?:in )?(?:the )?(?:week (?:of|beginning|commencing|starting)|w/c) (?:the )?(?:DAY )?(?<day>\d{1,2})TH? (?:of )?(?<month>MONTH)INYEAR",
        read::week_of_day,
    ),
    (
        r"\b(?<words>AT(?:DAY,? (?:the )?)?(?:(?<day>\d{1,2})(?<th>TH)? (?:of )?|(?<ordinal>ORDINAL) of )(?<month>MONTH)\.?INYEARCLOCK)(?<verb> (?:be|have|not|well|need|also|still)\b)?",
        sure_day_month,
    ),
    (
        r"\b(?<words>(?<on>on )?(?:DAY,? )?(?<month>MONTH)\.? (?:the )?(?<day>\d{1,2})(?<th>TH)?\bINYEARCLOCK)(?<unit> (?:UNIT|times|of us|of them|people|patients|nurses))?",
        sure_day_month,
    ),
    (
        r"(?<lead>\b(?:on|since|from|between|dated|el|desde|del) )?\b(?<words>(?:DAY,? )?(?<a>\d{1,2})[/.](?<b>\d{1,2})(?:[/.](?<year>\d{4}|\d\d))?\bCLOCK)",
        read::numeric,
    ),
    (
        r"\b(?<words>(?<a>\d{1,2})-(?<b>\d{1,2})-(?<year>\d{4})\bCLOCK)",
        read::numeric,
    ),
    (
        r"\b(?<n>COUNT) years?(?: ago)? (?:last|past|this past) (?<month>MONTH)",
        read::years_before_month,
    ),
    (
        r"\b(?<n>COUNT) (?<unit>UNIT)(?: ago)?(?: on)? (?<near>yesterday|today|last night)\bCLOCK",
        read::before_near,
    ),
    (
        r"\b(?<near>(?:the )?day before yesterday|(?:the )?night before last|(?:the )?day before last|yesterday'?s?|today|tonight|last night|last evening|this morning|this afternoon|this arvo|this evening|this lunchtime|earlier on today|earlier today|just now|right now|half an hour ago)\bCLOCK",
        read::near,
    ),
    (
        r"\b(?:just )?the other (?:day|night|morning|afternoon|evening)\b",
        read::other_day,
    ),
    (
        r"\b(?<words>(?:on )?DAY(?: (?:morning|afternoon|evening|night))?,? (?:the )?(?<day>\d{1,2})TH)GOON",
        read::day_of_month,
    ),
    (
        r"\b(?<words>(?:on )?(?<which>DAY)(?: (?:morning|afternoon|evening|night))?,? (?<day>\d{1,2}))GOON",
        read::day_of_that_number,
    ),
    (
        r"\b(?<words>(?:on )?DAY(?: (?:morning|afternoon|evening|night))?,? the (?<ordinal>ORDINAL))GOON",
        read::day_of_month,
    ),
    (
        r"\b(?<words>the (?:(?<day>\d{1,2})TH|(?<ordinal>ORDINAL)),? (?:(?:a|on a|which was a|that was a|a) )?DAY)GOON",
        read::day_of_month,
    ),
    (
        r"\b(?:this|the same|same) (?:day|time) last (?<unit>week|month|year)\b",
        read::ago,
    ),
    (
        r"\b(?:in )?the (?<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) week (?:of|in) (?<month>MONTH)INYEAR",
        read::week_of_month,
    ),
    (
        r"\b(?:on )?(?:the )?(?:very )?(?<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) (?<day>DAY) (?:of|in) (?:(?<month>MONTH)INYEAR|(?<which>this|last|the) month)CLOCK",
        read::weekday_of_month,
    ),
    (
        r"\b(?<n>COUNT) (?<unit>week|weeks|wk|wks|fortnight|fortnights)(?: ago| back)?(?:,? (?:(?<last>last)|past|this past|this|on|ago|back))(?: on)? (?<day>DAY)CLOCK",
        read::weeks_day,
    ),
    (
        r"\b(?:a|one) (?<unit>week|fortnight) (?<day>DAY)CLOCK",
        read::weeks_day,
    ),
    (
        r"\b(?:on |the )?(?<day>DAY),? (?<n>COUNT) (?<unit>weeks?|wks?|fortnights?) (?:ago|back)\bCLOCK",
        read::weeks_day,
    ),
    (
        r"\b(?:on |(?<last>last) )?(?<day>DAY) (?<unit>week|fortnight)\b(?: (?:ago|back|past|gone))?CLOCK",
        read::weeks_day,
    ),
    (
        r"\bnot (?:this|last) (?:past )?(?<day>DAY)(?: just)?(?: gone)?,? (?:but )?the (?:one|week) before(?: that| last)?\b",
        read::weekday_before,
    ),
    (
        r"\b(?:on )?(?:the )?(?<day>DAY)(?: (?:morning|afternoon|evening|night))? before last\bCLOCK",
        read::day_before_last,
    ),
    (
        r"\b(?:on )?(?<day>DAY)(?: (?:morning|afternoon|evening|night))?,? (?:of |in )?(?<week>last week|this week|(?:the )?week before last|the previous week)\bCLOCK",
        read::day_of_week,
    ),
    (
        r"\b(?<week>last week|earlier this week|this week|(?:the )?week before last),?(?: on)?(?: the)? (?<day>DAY)CLOCK",
        read::day_of_week,
    ),
    (
        r"\b(?<n>COUNT) (?<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s ago\bCLOCK",
        read::weekdays_ago,
    ),
    (
        r"\b(?:(?:in|over|at|during) )?the (?<unit>week|weekend|month|year) before last\b",
        read::unit_before_last,
    ),
    (
        r"\b(?:in |at |towards |around |from |since )*(?:the )?(?:very )?(?<part>PART)(?: of| in)?[- ](?<which>last|this|the)[- ](?<unit>week|month|year)\b",
        read::part_of_unit,
    ),
    (
        r"\b(?:a bit |a little )?(?:earlier|earlier on) (?:this|in the) (?<unit>week|month|year)\b",
        read::earlier,
    ),
    (
        r"\b(?:about |around |roughly |maybe )?(?<n>COUNT) (?:or|to) (?<m>COUNT|so) (?<unit>UNIT) (?:ago|back)\bCLOCK",
        read::ago,
    ),
    (
        r"\b(?<n>COUNT) (?<unit>UNIT) and (?<half>a half) (?:ago|back)\bCLOCK",
        read::ago,
    ),
    (
        r"\b(?<n>COUNT) and (?<half>a half) (?<unit>UNIT) (?:ago|back)\bCLOCK",
        read::ago,
    ),
    (
        r"\b(?<n>COUNT) (?<unit>UNIT) or (?<m>so|two) (?:ago|back)\bCLOCK",
        read::ago,
    ),
    (
        r"\b(?<n>COUNT) (?<unit>UNIT) (?:ago|back|(?<before>before))\bCLOCK",
        read::ago,
    ),
    (r"\b(?<unit>week|fortnight) (?:ago|back)\b", read::ago),
    (
        r"\b(?:been )?(?:going on|happening)(?: for)?(?: about| over| nearly| almost)? (?<n>COUNT) (?<unit>UNIT)",
        read::lasting,
    ),
    (
        r"\b(?:on )?(?:the |these )?(?:last|past) (?<n>COUNT) (?<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b",
        read::last_weekdays,
    ),
    (
        r"\bfor (?:about |over |at least |nearly |almost )*the (?:last|past) (?:about |over )?(?<n>COUNT) (?<unit>UNIT)",
        read::lasting,
    ),
    (
        // "Ignored me for two days" tells how long, and not when.
        r"\b(?:been|(?:ha(?:ve|s)|['’](?:ve|s))(?: not|n['’]?t)?|haven['’]?t|hasn['’]?t|waiting|still)\b[^.!?\n]{0,40}?(?<words>\bfor (?:about |over |at least |nearly |almost )*(?<n>COUNT) (?<unit>UNIT))",
        read::lasting,
    ),
    (
        r"\bfor (?:about |over |at least |nearly |almost )*(?<n>COUNT) (?<unit>UNIT) (?:now|already|and counting|running|straight)\b",
        read::lasting,
    ),
    (
        r"\b(?:(?:over|in|within|during|for|all) )?(?:the|this|these) (?:last|past) (?:(?<n>COUNT|couple of) )(?<unit>UNIT)",
        read::lasting,
    ),
    (
        r"\b(?:(?:over|in|within|during|for) the last|(?:(?:over|in|within|during|for) )?the past) (?<unit>week|fortnight|month|year)\b",
        read::lasting,
    ),
    (
        r"\b(?<lead>since|over|at|on|during|last|this|all)(?: the| last| this)?(?: (?:past|whole))? weekend\b",
        read::weekend,
    ),
    (
        r"\b(?:in |at |towards |around |about |from |since )*(?:the )?(?:very )?(?<part>PART)(?: of| in)?[- ](?<month>MONTH)INYEAR",
        read::month,
    ),
    (
        r"\b(?:in|back in|during|since|throughout|last)(?: about| around| roughly)? (?<month>MONTH)INYEAR(?<own>['’]s)?",
        read::month,
    ),
    (
        r"\b(?<month>MONTH)(?:,? (?:of )?(?<year>YEAR)\b| (?:of )?(?<lastyear>last) year\b)",
        read::month,
    ),
    (
        r"\b(?<which>last|this|past) (?<unit>week|month|year)\b",
        read::period,
    ),
    (
        r"\b(?:(?<lead>last|on the|on|this past|this|past|the previous|the morning of|the afternoon of|the evening of|the night of|in the early hours of|the early hours of) )?(?<day>DAY)(?: (?<tail>just gone|gone|last|past)\b)?CLOCK",
        whole_weekday,
    ),
    (
        r"\b(?:between|from) (?<from>MONTH) (?:and|to|til|till|until) (?<to>MONTH)INYEAR",
        read::months,
    ),
    (
        r"\b(?:(?:back )?in|during|since|throughout) (?:(?<part>early|mid|late)[- ])?(?<year>YEAR)\b",
        read::year,
    ),
    (
        r"\b(?<words>(?:the (?:morning|afternoon|evening|night) of |on )the (?<day>\d{1,2})TH)GOON",
        read::day_of_month,
    ),
    (
        r"(?:\b(?:since|from|around|about|till|until|by|happened|was|it's|it’s|dated|actually|rather|sorry|mean|meant|think) |^|[:.,!?;]\x20)(?<words>the (?<day>\d{1,2})TH)GOON",
        read::day_of_month,
    ),
];

/// "May", "Mar" and "Jan" are other things too: they are months beside a number where nothing speaks against it.
fn sure_day_month(c: &Caught<'_>) -> Option<Days> {
    let month = c.groups.name("month")?;
    let sure = c.has("th") || c.has("year") || c.has("on");
    let after_number = month.start() > c.groups.name("day").map_or(0, |d| d.start());
    if month.as_str() == "may" && (c.has("verb") || !(sure || after_number)) {
        return None;
    }
    read::day_month(c)
}

/// Short names of days stand for other things too ("she sat", "the sun").
fn whole_weekday(c: &Caught<'_>) -> Option<Days> {
    let name = c.written("day")?;
    let lead = c.said("lead").unwrap_or_default();
    let title = name.starts_with(char::is_uppercase) && name.ends_with(char::is_lowercase);
    let is_a_day = match name.to_lowercase().as_str() {
        "sun" => title && !lead.is_empty() && lead != "on the",
        "sat" => !lead.is_empty() && (title || lead == "on"),
        "wed" | "mon" => (title && name != "Wed") || !lead.is_empty(),
        "thu" | "fri" | "tue" => title || !lead.is_empty(),
        _ => true,
    };
    is_a_day.then(|| read::weekday(c)).flatten()
}
