//! Numbers and addresses as they are spoken in Spanish, and what sums and numbers are called.

use crate::nlu::pack::{FigureWords, SpokenWords};

pub(super) static SPOKEN: SpokenWords = SpokenWords {
    digits: &[
        ("cero", '0'),
        ("uno", '1'),
        ("dos", '2'),
        ("tres", '3'),
        ("cuatro", '4'),
        ("cinco", '5'),
        ("seis", '6'),
        ("siete", '7'),
        ("ocho", '8'),
        ("nueve", '9'),
    ],
    tens: &[
        ("veinte", '2'),
        ("treinta", '3'),
        ("cuarenta", '4'),
        ("cincuenta", '5'),
        ("sesenta", '6'),
        ("setenta", '7'),
        ("ochenta", '8'),
        ("noventa", '9'),
    ],
    times: &[("doble", 2), ("triple", 3)],
    hundred: &["cientos"],
    and: &["y"],
    at: "arroba",
    dot: &["punto"],
    signs: &[
        ("guión bajo", "_"),
        ("guion bajo", "_"),
        ("guión", "-"),
        ("guion", "-"),
    ],
};

pub(super) static FIGURES: FigureWords = FigureWords {
    money: "euros?|pesos?|soles|céntimos",
    numbered: "expediente|factura|historia|póliza|poliza|caso|referencia|cita",
    number: "número|numero|n[uú]m|nº",
    copula: "es|era",
};
