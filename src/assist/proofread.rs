//! The bot's own words, held against the coach's rules and read for how hard they are: what we ask of agents holds for
//! the bot.

use super::{Coach, reading::Reading};
use crate::flow::{FlowError, Flows, Texts, Written};
use regex::Regex;
use std::sync::LazyLock;

/// The highest reading grade of a phrase, in years of schooling.
const HIGHEST_GRADE: f32 = 8.0;
/// In fewer words than these a grade says nothing.
const WORDS_TO_JUDGE: usize = 8;

static FACT: LazyLock<Regex> = LazyLock::new(|| own(r"\{\{[^}]*\}\}"));
static ALTERNATIVE: LazyLock<Regex> = LazyLock::new(|| own(r"\{%[^%]*%\}"));

fn own(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the program's own patterns are tested")
}

/// What is wrong with the words of the bot, each with its place: every phrase that people read, in every language in
/// which conversations are held.
///
/// # Errors
/// The coach's file cannot be read.
pub fn proofread(texts: &Texts, flows: &Flows) -> Result<Vec<FlowError>, FlowError> {
    let coach = Coach::load(texts)?;
    let mut found = Vec::new();
    for language in flows.phrases.conversed() {
        for phrase in flows.phrases.written(language).filter(|p| is_read(p.key)) {
            let plain = spoken(phrase.text);
            for (rule, words) in coach.hurts(&plain, language) {
                let words = &plain[words];
                let text = format!("'{}' breaks the rule {rule}: \"{words}\"", phrase.key);
                found.push(FlowError::at(phrase.file, phrase.at, text));
            }
            found.extend(too_hard(&phrase, &plain));
        }
    }
    Ok(found)
}

/// Whether the people who write to us read this, rather than agents or programs.
fn is_read(key: &str) -> bool {
    let not = [
        "summary.",
        "slot.",
        "undelivered.",
        "note.",
        "gist.",
        "why.ack",
        "why.ask",
        "why.close",
        "why.privacy",
        "why.danger",
        "suggest.ask.",
        "canned_title.",
        "weekday.",
        "month.",
        "date.",
        "opens.",
        "by.",
        "wait.minute",
        "wait.hours",
        "choice.",
        "state.",
        "command.",
        "wish.",
    ];
    !not.iter().any(|n| key.starts_with(n))
}

fn too_hard(phrase: &Written<'_>, plain: &str) -> Option<FlowError> {
    let reading = Reading::of(plain);
    let grade = reading.grade_in(phrase.language);
    (reading.words >= WORDS_TO_JUDGE && grade > HIGHEST_GRADE).then(|| {
        let text = format!(
            "'{}' reads like grade {grade:.1}; {HIGHEST_GRADE:.0} is the most: shorter sentences, shorter words",
            phrase.key
        );
        FlowError::at(phrase.file, phrase.at, text)
    })
}

/// A phrase as it sounds: a name in the place of each fact, and every alternative one after the other.
fn spoken(template: &str) -> String {
    let with_facts = FACT.replace_all(template, "Ann");
    ALTERNATIVE.replace_all(&with_facts, " ").into_owned()
}
