//! Sums of money, and numbers that other people gave: cases, invoices, policies, patients.

use super::own;
use crate::domain::interpretation::Found;
use regex::Regex;

#[derive(Debug)]
pub(super) struct Numbers {
    amount: Regex,
    number: Regex,
}

impl Numbers {
    pub(super) fn new() -> Self {
        Self {
            amount: own(
                r"(?i)(?:[£$€]\s?\d{1,3}(?:[,.]?\d{3})*(?:[.,]\d{2})?\b|\b\d{1,3}(?:[,.]?\d{3})*(?:[.,]\d{2})?\s?(?:pounds?|quid|dollars?|bucks|euros?|pence|cents|rupees|gbp|usd|eur|€))",
            ),
            number: own(
                r"(?i)\b(?:case|ref(?:erence)?|invoice|bill|account|policy|order|incident|ticket|patient|nhs|hospital|mrn|claim|file)(?:\s(?:number|no|nr|id|ref)\b\.?|\s?#|\s?:)+(?:\s(?:is|was))?\s?:?\s?#?([a-z]{0,4}[-/]?\d[\da-z/-]*(?: \d{2,4}){0,3})",
            ),
        }
    }

    pub(super) fn amounts(&self, text: &str) -> Vec<Found> {
        self.amount.find_iter(text).map(found).collect()
    }

    /// The number itself, without the words before it.
    pub(super) fn numbers(&self, text: &str) -> Vec<Found> {
        self.number
            .captures_iter(text)
            .filter_map(|c| c.get(1))
            .map(found)
            .collect()
    }
}

fn found(at: regex::Match<'_>) -> Found {
    Found {
        text: at.as_str().to_owned(),
        start: at.start(),
        end: at.end(),
    }
}
