//! The names of days, months, counts and units in Spanish, with the ways in which they are often misspelt.

use crate::nlu::entities::dates::{
    calendar::{Feast, Part, Unit},
    words::Names,
};
use jiff::civil::Weekday;

pub(super) const WEEKDAYS: &Names<Weekday> = &[
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
pub(super) const MONTHS: &Names<i8> = &[
    (1, "enero|ene"),
    (2, "febrero|febero|feb"),
    (3, "marzo|marso"),
    (4, "abril|abr"),
    (5, "mayo|may"),
    (6, "junio|jun"),
    (7, "julio|jul"),
    (8, "agosto|ago"),
    (9, "septiembre|setiembre|septienbre|setienbre|sept|sep"),
    (10, "octubre|otubre|octuvre|oct"),
    (11, "noviembre|novienbre|nobiembre|nov"),
    (12, "diciembre|dicienbre|disiembre|dic"),
];
pub(super) const COUNTS: &Names<i64> = &[
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
pub(super) const UNITS: &Names<Unit> = &[
    (Unit::Minute, "minuto|minutos|rato|ratito|momento"),
    (Unit::Hour, "hora|horas"),
    (Unit::Day, "día|dia|días|dias|noche|noches"),
    (Unit::Weekend, "fin de semana|fines de semana|finde|findes"),
    (Unit::Week, "semana|semanas"),
    (Unit::Fortnight, "quincena|quincenas"),
    (Unit::Month, "mes|meses"),
    (Unit::Year, "año|años"),
];
pub(super) const PARTS: &Names<Part> = &[
    (
        Part::Start,
        "primeros|principios|principio|comienzos|inicios",
    ),
    (Part::Middle, "mediados"),
    (Part::End, "finales|fines|final"),
];
pub(super) const FEASTS: &Names<Feast> = &[
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
/// Days of the month in words, beside the counts.
pub(super) const ORDINALS: &Names<i8> = &[(1, "uno|primero")];
