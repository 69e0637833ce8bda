//! Sums of money, and numbers that other people gave: cases, invoices, policies, patients.

use crate::nlu::compile::own;
use crate::{
    domain::interpretation::Found,
    nlu::{pack::FigureWords, packs::PACKS},
};
use regex::Regex;

#[derive(Debug)]
pub(super) struct Numbers {
    amount: Regex,
    number: Regex,
}

impl Numbers {
    pub(super) fn new() -> Self {
        let any = |part: fn(&FigureWords) -> &'static str| {
            let all: Vec<&str> = PACKS.iter().map(|p| part(p.figures())).collect();
            format!("(?:{})", all.join("|"))
        };
        let (money, numbered, number) = (any(|w| w.money), any(|w| w.numbered), any(|w| w.number));
        let copula = any(|w| w.copula);
        Self {
            amount: own(&format!(
                r"(?i)(?:[£$€]\s?\d{{1,3}}(?:[,.]?\d{{3}})*(?:[.,]\d{{2}})?\b|\b\d{{1,3}}(?:[,.]?\d{{3}})*(?:[.,]\d{{2}})?\s?(?:{money}|gbp|usd|eur|€))"
            )),
            number: own(&format!(
                r"(?i)\b{numbered}(?:\s{number}\b\.?|\s?#|\s?:)+(?:\s{copula})?\s?:?\s?#?([a-z]{{0,4}}[-/]?\d[\da-z/-]*(?: \d{{2,4}}){{0,3}})"
            )),
        }
    }

    pub(super) fn amounts(&self, text: &str) -> Vec<Found> {
        if !has_figures(text) {
            return Vec::new();
        }
        self.amount.find_iter(text).map(found).collect()
    }

    /// The number itself, without the words before it.
    pub(super) fn numbers(&self, text: &str) -> Vec<Found> {
        if !has_figures(text) {
            return Vec::new();
        }
        self.number
            .captures_iter(text)
            .filter_map(|c| c.get(1))
            .map(found)
            .collect()
    }
}

/// Most messages have none, and no sum or number without.
fn has_figures(text: &str) -> bool {
    text.contains(char::is_numeric)
}

fn found(at: regex::Match<'_>) -> Found {
    Found {
        text: at.as_str().to_owned(),
        start: at.start(),
        end: at.end(),
    }
}
