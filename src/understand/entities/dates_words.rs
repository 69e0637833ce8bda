//! The names of days, months, counts and units, English and Spanish, with the ways in which they are often misspelt.

use super::dates_calendar::{Feast, Part, Unit};
use super::dates_pattern::Names;
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

pub(super) const WEEKDAYS_ES: &Names<Weekday> = &[
    (Weekday::Monday, "lunes|lunez"),
    (Weekday::Tuesday, "martes|martez"),
    (
        Weekday::Wednesday,
        "miércoles|miercoles|miercloes|miercole|miércole",
    ),
    (Weekday::Thursday, "jueves|juebes|jueve"),
    (Weekday::Friday, "viernes|biernes|viernez|vienes|virnes"),
    (Weekday::Saturday, "sábado|sabado|savado|sávado"),
    (Weekday::Sunday, "domingo|dominngo|domigo"),
];
pub(super) const MONTHS_ES: &Names<i8> = &[
    (1, "enero"),
    (2, "febrero|febero"),
    (3, "marzo|marso"),
    (4, "abril"),
    (5, "mayo"),
    (6, "junio"),
    (7, "julio"),
    (8, "agosto"),
    (9, "septiembre|setiembre|septienbre|setienbre"),
    (10, "octubre|otubre|octuvre"),
    (11, "noviembre|novienbre|nobiembre"),
    (12, "diciembre|dicienbre|disiembre"),
];
pub(super) const COUNTS_ES: &Names<i64> = &[
    (1, "un|una"),
    (2, "dos|un par de"),
    (
        3,
        "tres|unos|unas|varios|varias|unos pocos|unas pocas|pocos|pocas",
    ),
    (4, "cuatro"),
    (5, "cinco"),
    (6, "seis"),
    (7, "siete"),
    (8, "ocho"),
    (9, "nueve"),
    (10, "diez"),
    (11, "once"),
    (12, "doce"),
    (13, "trece"),
    (14, "catorce"),
    (15, "quince"),
    (20, "veinte"),
    (30, "treinta"),
];
pub(super) const UNITS_ES: &Names<Unit> = &[
    (Unit::Minute, "minuto|minutos|rato|ratito|momento"),
    (Unit::Hour, "hora|horas"),
    (Unit::Day, "día|dia|días|dias|noche|noches"),
    (Unit::Weekend, "fin de semana|fines de semana|finde|findes"),
    (Unit::Week, "semana|semanas"),
    (Unit::Fortnight, "quincena|quincenas"),
    (Unit::Month, "mes|meses"),
    (Unit::Year, "año|años"),
];
pub(super) const PARTS_ES: &Names<Part> = &[
    (
        Part::Start,
        "primeros|principios|principio|comienzos|inicios",
    ),
    (Part::Middle, "mediados"),
    (Part::End, "finales|fines|final"),
];
pub(super) const FEASTS_ES: &Names<Feast> = &[
    (Feast::Fixed(12, 24, 24), "nochebuena"),
    (
        Feast::Fixed(12, 25, 25),
        "el día de navidad|el dia de navidad",
    ),
    (Feast::Fixed(12, 24, 26), "en navidad|las navidades"),
    (Feast::Fixed(12, 31, 31), "nochevieja|noche vieja"),
    (
        Feast::Fixed(1, 1, 1),
        "el día de año nuevo|el dia de año nuevo",
    ),
    (Feast::Fixed(1, 6, 6), "el día de reyes|el dia de reyes"),
    (
        Feast::Fixed(11, 1, 1),
        "el día de todos los santos|el dia de todos los santos|todos los santos",
    ),
    (
        Feast::Fixed(2, 14, 14),
        "el día de san valentín|el dia de san valentin|san valentín|san valentin",
    ),
    (Feast::Fixed(6, 23, 24), "la noche de san juan"),
    (
        Feast::Easter(-46),
        "miércoles de ceniza|miercoles de ceniza",
    ),
    (Feast::Easter(-7), "domingo de ramos"),
    (
        Feast::Easter(0),
        "domingo de pascua|domingo de resurrección|domingo de resurreccion",
    ),
    (Feast::Easter(-3), "jueves santo"),
    (Feast::Easter(-2), "viernes santo"),
];
