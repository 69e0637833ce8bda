//! Numbers and addresses as they are spoken in English, and what sums and numbers are called.

use crate::nlu::pack::{FigureWords, SpokenWords};

pub(super) static SPOKEN: SpokenWords = SpokenWords {
    digits: &[
        ("zero", '0'),
        ("oh", '0'),
        ("o", '0'),
        ("nought", '0'),
        ("one", '1'),
        ("two", '2'),
        ("three", '3'),
        ("four", '4'),
        ("five", '5'),
        ("six", '6'),
        ("seven", '7'),
        ("eight", '8'),
        ("nine", '9'),
    ],
    tens: &[
        ("twenty", '2'),
        ("thirty", '3'),
        ("forty", '4'),
        ("fifty", '5'),
        ("sixty", '6'),
        ("seventy", '7'),
        ("eighty", '8'),
        ("ninety", '9'),
    ],
    times: &[("double", 2), ("treble", 3), ("triple", 3)],
    hundred: &["hundred"],
    and: &[],
    at: "at",
    dot: &["dot", "point"],
    signs: &[("underscore", "_"), ("dash", "-"), ("hyphen", "-")],
};

pub(super) static FIGURES: FigureWords = FigureWords {
    money: "pounds?|quid|dollars?|bucks|pence|cents|rupees",
    numbered: "case|ref(?:erence)?|invoice|bill|account|policy|order|incident|ticket|patient|nhs|hospital|mrn|claim|file",
    number: "number|no|nr|id|ref",
    copula: "is|was",
};
