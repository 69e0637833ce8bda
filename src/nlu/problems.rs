//! The things that went wrong in a message, one by one.

use super::{
    decide,
    model::{Features, Head, Model},
};
use crate::domain::{
    Interpretation,
    interpretation::{Clause, FoundProblem},
};
use std::ops::Range;

/// Sentences of fewer words tell no problem by themselves.
const WORDS_OF_PROBLEM: usize = 4;

/// "Nobody washed him for days. And the girl at the desk laughed at me.": two things that went wrong, each of its
/// kind. Sentences that follow each other and tell of the same kind are one.
pub(super) fn told(
    text: &str,
    model: &Model,
    features: impl Fn(&str) -> Features,
    said: &mut Interpretation,
) {
    let several = |c: &[Clause]| c.first().map(|c| c.sentence) != c.last().map(|c| c.sentence);
    if said.category.is_none() || !several(&said.clauses) {
        return;
    }
    let mut found: Vec<(Range<usize>, FoundProblem)> = Vec::new();
    let mut last = None;
    for sentence in said.clauses.chunk_by(|a, b| a.sentence == b.sentence) {
        let (Some(first), Some(end)) = (sentence.first(), sentence.last()) else {
            continue;
        };
        let at = first.start..end.end;
        let words = text.get(at.clone()).unwrap_or_default();
        let enough = words.split_whitespace().count() >= WORDS_OF_PROBLEM;
        if !enough || !sentence.iter().any(|c| c.finite) {
            continue;
        }
        let features = features(words);
        if !decide::goes_wrong(&model.ask(Head::Intent, &features)) {
            last = None;
            continue;
        }
        let answers = model.ask(Head::Category, &features);
        let Some(category) = decide::category(&answers) else {
            continue;
        };
        let sure = decide::sure_of(&answers, category);
        let before = found.last_mut().filter(|_| last == Some(category));
        if let Some((before, problem)) = before {
            before.end = at.end;
            problem.sure |= sure;
        } else {
            let problem = FoundProblem {
                words: String::new(),
                category,
                sure,
            };
            found.push((at, problem));
        }
        last = Some(category);
    }
    if found.len() < 2 {
        return;
    }
    let whole = |(at, problem): (Range<usize>, FoundProblem)| FoundProblem {
        words: text.get(at).unwrap_or_default().trim().to_owned(),
        ..problem
    };
    said.problems = found.into_iter().map(whole).collect();
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{Category, DateOrder},
        nlu::{Interpreter, Setting},
    };
    use std::sync::LazyLock;

    static READER: LazyLock<Interpreter> =
        LazyLock::new(|| Interpreter::built_in().expect("rules and model are built in"));

    fn problems(text: &str) -> Vec<(String, Category)> {
        let setting = Setting {
            today: jiff::civil::date(2026, 11, 24),
            country: "GB",
            order: DateOrder::DayFirst,
        };
        let said = READER.read(text, setting);
        let told = said.problems.into_iter();
        told.map(|p| (p.words, p.category)).collect()
    }

    #[test]
    fn two_things_that_went_wrong_are_two_problems() {
        let text = "Nobody washed my dad for four days and his dressing was never changed. The receptionist laughed at me and called me a liar.";
        let (first, second) = text.split_at(71);
        let found = problems(text);
        assert_eq!(
            found,
            [
                (first.trim().to_owned(), Category::Quality),
                (second.trim().to_owned(), Category::RespectAndPatientRights)
            ]
        );
    }

    #[test]
    fn one_thing_told_in_two_sentences_is_one_problem() {
        let text = "The nurse shouted at me in front of everybody. She called me a stupid old woman and laughed.";
        let found = problems(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, text);
    }

    #[test]
    fn what_does_not_complain_has_no_problem() {
        assert_eq!(
            problems("When does visiting start? I come from far away."),
            []
        );
    }
}
