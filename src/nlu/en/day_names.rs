//! The names of days, months, counts and units in English, with the ways in which they are often misspelt.

use crate::nlu::entities::dates::{
    calendar::{Feast, Part, Unit},
    words::Names,
};
use jiff::civil::Weekday;

pub(super) const WEEKDAYS: &Names<Weekday> = &[
    (
        Weekday::Monday,
        "monday|mon|munday|moday|mondy|monady|mnoday",
    ),
    (
        Weekday::Tuesday,
        "tuesday|tues|tue|tuesdya|teusday|tusday|tuseday|tuesdy|tuesady|tueday|tuedsay",
    ),
    (
        Weekday::Wednesday,
        "wednesday|weds|wed|wensday|wednseday|wendsday|wendesday|wednesdy|wedensday|wednesady|wednsday|wedesday|wednesdya|wenesday",
    ),
    (
        Weekday::Thursday,
        "thursday|thurs|thur|thu|thrusday|thursdy|thurday|thusday|thirsday|thursdya|thurdsay|thursady",
    ),
    (
        Weekday::Friday,
        "friday|fri|firday|frday|fridy|frdiay|fridya|friady",
    ),
    (
        Weekday::Saturday,
        "saturday|sat|saterday|satuday|saturdy|satruday|saturdya|satrday|staurday|saturady",
    ),
    (
        Weekday::Sunday,
        "sunday|sun|sundy|sunady|snuday|sundya|suday",
    ),
];
pub(super) const MONTHS: &Names<i8> = &[
    (1, "january|jan|janury|janaury|januray"),
    (2, "february|feb|febuary|feburary|febraury|februray"),
    (3, "march|mar|marhc"),
    (4, "april|apr|apirl|arpil"),
    (5, "may"),
    (6, "june|jun"),
    (7, "july|jul"),
    (8, "august|aug|agust|augst|augsut|auguest"),
    (
        9,
        "september|sept|sep|septmber|setpember|septemeber|septembr|sepetember",
    ),
    (10, "october|oct|octber|octobre|ocotber|octobr|octover"),
    (
        11,
        "november|nov|novemeber|novmber|novembr|novemebr|novmeber|nobember|novemer|novenber",
    ),
    (
        12,
        "december|dec|decemeber|decmber|decembr|deceber|decemebr|desember",
    ),
];
pub(super) const ORDINALS: &Names<i8> = &[
    (1, "first"),
    (2, "second"),
    (3, "third"),
    (4, "fourth"),
    (5, "fifth"),
    (6, "sixth"),
    (7, "seventh"),
    (8, "eighth"),
    (9, "ninth"),
    (10, "tenth"),
    (11, "eleventh"),
    (12, "twelfth"),
    (13, "thirteenth"),
    (14, "fourteenth"),
    (15, "fifteenth"),
    (16, "sixteenth"),
    (17, "seventeenth"),
    (18, "eighteenth"),
    (19, "nineteenth"),
    (20, "twentieth"),
    (30, "thirtieth"),
];
pub(super) const COUNTS: &Names<i64> = &[
    (1, "a|an|one"),
    (2, "two|a couple of|a couple|couple of|the last couple of"),
    (3, "three|a few|few|several"),
    (4, "four"),
    (5, "five"),
    (6, "six"),
    (7, "seven"),
    (8, "eight"),
    (9, "nine"),
    (10, "ten"),
    (11, "eleven"),
    (12, "twelve"),
    (14, "fourteen"),
    (20, "twenty"),
];
pub(super) const UNITS: &Names<Unit> = &[
    (Unit::Minute, "minute|minutes|min|mins"),
    (Unit::Hour, "hour|hours|hr|hrs"),
    (Unit::Day, "day|days|night|nights"),
    (Unit::Weekend, "weekend|weekends"),
    (Unit::Week, "week|weeks|wk|wks"),
    (Unit::Fortnight, "fortnight|fortnights"),
    (Unit::Month, "month|months"),
    (Unit::Year, "year|years|yr|yrs"),
];
pub(super) const PARTS: &Names<Part> = &[
    (Part::Start, "early|start|beginning|the start|the beginning"),
    (Part::Middle, "mid|middle|the middle"),
    (
        Part::End,
        "late|end|the end|back end|the back end|tail end|the tail end",
    ),
];
pub(super) const FEASTS: &Names<Feast> = &[
    (Feast::Fixed(12, 24, 24), "christmas eve|xmas eve"),
    (Feast::Fixed(12, 25, 25), "christmas day|xmas day"),
    (Feast::Fixed(12, 26, 26), "boxing day"),
    (
        Feast::Fixed(12, 31, 31),
        "new year's eve|new year’s eve|new years eve|hogmanay",
    ),
    (
        Feast::Fixed(1, 1, 1),
        "new year's day|new year’s day|new years day",
    ),
    (Feast::Fixed(11, 5, 5), "bonfire night|guy fawkes night"),
    (Feast::Fixed(10, 31, 31), "halloween|hallowe'en"),
    (
        Feast::Fixed(7, 4, 4),
        "fourth of july|4th of july|independence day",
    ),
    (Feast::Easter(-2), "good friday"),
    (Feast::Easter(0), "easter sunday|easter day"),
    (Feast::Easter(1), "easter monday"),
    (
        Feast::Nth(11, 4, Weekday::Thursday),
        "thanksgiving day|thanksgiving",
    ),
    (
        Feast::Nth(5, -1, Weekday::Monday),
        "memorial day|spring bank holiday|whitsun bank holiday",
    ),
    (
        Feast::Nth(5, 1, Weekday::Monday),
        "may day bank holiday|early may bank holiday",
    ),
    (Feast::Nth(8, -1, Weekday::Monday), "august bank holiday"),
    (Feast::Nth(11, 2, Weekday::Sunday), "remembrance sunday"),
    (
        Feast::Fixed(11, 11, 11),
        "remembrance day|armistice day|veterans day|poppy day",
    ),
    (
        Feast::Fixed(2, 14, 14),
        "valentine's day|valentine’s day|valentines day|valentines",
    ),
    (Feast::Fixed(1, 25, 25), "burns night"),
    (
        Feast::Fixed(3, 17, 17),
        "st patrick's day|st patrick’s day|st patricks day|paddy's day",
    ),
    (Feast::Easter(-47), "shrove tuesday|pancake day"),
    (Feast::Easter(-46), "ash wednesday"),
    (Feast::Easter(-21), "mothering sunday"),
    (Feast::Easter(-7), "palm sunday"),
    (
        Feast::Nth(6, 3, Weekday::Sunday),
        "father's day|father’s day|fathers day",
    ),
    (Feast::Nth(9, 1, Weekday::Monday), "labor day"),
];
