//! A message in parts: sentences, and in them the stretches that say one thing each.
//!
//! What a form is told depends on the part and not on the whole: "Peter Holm, your van hit my fence" has a name in one
//! part and a story in the other. A part with a finite verb tells something; it never names a person, a place, a day or
//! an address. Without a parser, verbs are known by closed lists (pronouns, auxiliaries, the irregular verbs of every
//! day) and by the endings of regular ones, from the packs of languages.

use super::{
    clause_rules::ClauseRules,
    compile::{RuleError, compile},
    finders::{Finders, Look},
    fold::{fold, small},
    grammar::Grammar,
    normalise::normalise,
};
use crate::domain::interpretation::{Clause, Lead};
use regex::{Match, Regex};
use std::collections::{BTreeSet, HashSet};
use unicode_segmentation::UnicodeSegmentation;

/// More parts than these are no message; what follows stays in the last one.
const MOST: usize = 60;

/// Patterns are written with straight apostrophes and read the curly ones of telephones too.
fn quotes(pattern: &str) -> String {
    pattern.replace('\'', "['’]")
}

/// Where a question mark stands.
#[derive(Clone, Copy)]
struct Sign {
    /// At the end of the sentence.
    sentence: bool,
    /// At the end of this part of it.
    own: bool,
}

// Numbers of patterns within their finders.
const OPENER: usize = 0;
const TAIL: usize = 1;
const FIRST_LEAD: usize = 2;
const QUESTIONS: usize = 0;
const PRESENT: usize = 1;
const PAST: usize = 2;
const RHETORIC: usize = 3;
const WISHES: usize = 4;
const LOOKS: usize = 0;
const TIMES: usize = 1;

/// The packs of all languages, compiled.
#[derive(Debug)]
pub(super) struct Clauses {
    grammars: Vec<Grammar>,
    leads: Vec<Lead>,
    /// In the words of a clause: [`OPENER`], [`TAIL`], then what leads to an answer, in the order of `leads`.
    edges: Finders,
    turn: Regex,
    abbreviations: HashSet<String>,
    /// What is named only to say that it is not meant.
    excludes: Finders,
    /// In a clause as it is normalised: [`QUESTIONS`] and what follows there.
    tone: Finders,
    /// In a clause without accents: [`LOOKS`] and [`TIMES`].
    matters: Finders,
    pub(super) no_names: HashSet<String>,
    greets: Regex,
    pub(super) filler: HashSet<String>,
    goes_on: HashSet<String>,
}

impl Clauses {
    pub(super) fn compile(languages: Vec<(&str, ClauseRules)>) -> Result<Self, RuleError> {
        let grammars = Grammar::all(&languages);
        let packs: Vec<ClauseRules> = languages.into_iter().map(|(_, pack)| pack).collect();
        let set = |list: fn(&ClauseRules) -> &Vec<String>| -> HashSet<String> {
            packs.iter().flat_map(list).map(|w| fold(w)).collect()
        };
        let any = |list: fn(&ClauseRules) -> &Vec<String>, before: &str, after: &str| {
            let all: Vec<&str> = packs.iter().flat_map(list).map(String::as_str).collect();
            quotes(&format!("(?i){before}(?:{}){after}", all.join("|")))
        };
        let mut edges = vec![
            any(|p| &p.openers, r"^(?:", r"[\s,.:!]+)+"),
            any(|p| &p.tails, r"[\s,.]+", r"[\s.!?]*$"),
        ];
        let mut leads = Vec::new();
        for pack in &packs {
            for (name, patterns) in &pack.leads {
                let lead =
                    Lead::from_name(name).ok_or_else(|| RuleError::Label(name.to_owned()))?;
                let all = patterns.join("|");
                leads.push(lead);
                edges.push(quotes(&format!(r"(?i)^(?:{all})[:,]?(?:\s+|$)")));
            }
        }
        let excludes = packs.iter().flat_map(|p| &p.excludes);
        let excludes: Vec<String> = excludes.map(|e| quotes(&format!("(?i){e}"))).collect();
        Ok(Self {
            grammars,
            leads,
            edges: Finders::compile(&edges)?,
            turn: compile(&any(|p| &p.turns, "", ""))?,
            abbreviations: set(|p| &p.abbreviations),
            excludes: Finders::compile(&excludes)?,
            tone: Finders::compile(&[
                any(|p| &p.questions, "", ""),
                any(|p| &p.present, "", ""),
                any(|p| &p.past, "", ""),
                any(|p| &p.rhetoric, "", ""),
                any(|p| &p.wishes, "", ""),
            ])?,
            matters: Finders::compile(&[
                any(|p| &p.looks, r"\b", r"\b"),
                any(|p| &p.times, r"\b", r"\b"),
            ])?,
            no_names: set(|p| &p.no_names),
            greets: compile(&any(|p| &p.greets, r"^\s*", r"\s+"))?,
            filler: set(|p| &p.filler),
            goes_on: set(|p| &p.goes_on),
        })
    }

    /// The parts of a text. `fixed` are stretches that are never cut: addresses, numbers, days.
    pub(super) fn read(
        &self,
        text: &str,
        fixed: &[(usize, usize)],
        language: Option<&str>,
    ) -> Vec<Clause> {
        let grammar = Grammar::of_text(&self.grammars, text, language);
        let mut clauses: Vec<Clause> = Vec::new();
        for (sentence, (start, end, asks)) in self.sentences(text, fixed).into_iter().enumerate() {
            let parts = self.parts(text, start, end, fixed);
            let last = parts.len().saturating_sub(1);
            for (n, (from, to)) in parts.into_iter().enumerate() {
                let sign = Sign {
                    sentence: asks,
                    own: asks && n == last,
                };
                let mut clause = self.clause(text, (from, to), sign, grammar);
                clause.sentence = u16::try_from(sentence).unwrap_or(u16::MAX);
                if clauses.len() < MOST {
                    clauses.push(clause);
                } else if let Some(rest) = clauses.last_mut() {
                    rest.end = to;
                    rest.core.1 = to;
                    rest.finite = true;
                }
            }
        }
        clauses
    }

    /// Stretches that are named only to say that they are not meant: "not Tuesday", "instead of the e-mail".
    pub(super) fn excluded(&self, text: &str) -> Vec<(usize, usize)> {
        let look = self.excludes.look(text);
        let mut found: Vec<(usize, usize)> = (self.excludes.numbers())
            .flat_map(|n| look.captures_iter(n))
            .filter_map(|c| c.get(1).map(|m| (m.start(), m.end())))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Sentences: first byte, one past the last, and whether it ends in a question mark.
    fn sentences(&self, text: &str, fixed: &[(usize, usize)]) -> Vec<(usize, usize, bool)> {
        let inside = |at: usize| fixed.iter().any(|(s, e)| (*s..*e).contains(&at));
        let mut found = Vec::new();
        let mut start = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let ends = match c {
                '\n' | ';' | '!' | '?' | '…' | '。' | '？' | '！' => true,
                '.' => {
                    // "…414": dots before a figure stand for what is left out.
                    let rest = text[at..].trim_start_matches('.');
                    rest.chars().next().is_none_or(char::is_whitespace)
                        && !inside(at)
                        && !self.abbreviated(text.get(start..at).unwrap_or_default(), rest)
                }
                _ => false,
            };
            if ends {
                let mut end = at + c.len_utf8();
                let mut asks = matches!(c, '?' | '？');
                while let Some((at, c)) = chars.next_if(|(_, c)| matches!(c, '.' | '!' | '?' | '…'))
                {
                    end = at + c.len_utf8();
                    asks |= c == '?';
                }
                found.push((start, end, asks));
                start = end;
            }
        }
        found.push((start, text.len(), false));
        found.retain(|(s, e, _)| text[*s..*e].chars().any(char::is_alphanumeric));
        if found.is_empty() && !text.trim().is_empty() {
            found.push((0, text.len(), text.contains('?')));
        }
        found
    }

    fn abbreviated(&self, before: &str, after: &str) -> bool {
        let word = before
            .rsplit(|c: char| c.is_whitespace() || c == '(')
            .next()
            .unwrap_or_default();
        // "P. Novak": an initial.
        let mut chars = word.chars();
        if chars.next().is_some_and(char::is_uppercase) && chars.next().is_none() {
            return true;
        }
        let word = small(word);
        // "No. 12", and "No. I'd rather not."
        let figure = after.trim_start().starts_with(|c: char| c.is_ascii_digit());
        self.abbreviations.contains(&word) && (figure || !self.filler.contains(&word))
    }

    /// Where a sentence is cut: at commas, dashes, and where it turns to another subject.
    fn parts(
        &self,
        text: &str,
        start: usize,
        end: usize,
        fixed: &[(usize, usize)],
    ) -> Vec<(usize, usize)> {
        let inside = |at: usize| fixed.iter().any(|(s, e)| *s < at && at < *e);
        let sentence = &text[start..end];
        let mut cuts: Vec<usize> = sentence
            .char_indices()
            .filter(|(_, c)| matches!(c, ',' | '–' | '—' | '，'))
            .map(|(at, c)| start + at + c.len_utf8())
            .collect();
        for dash in [" - ", " -- ", ": "] {
            cuts.extend(
                sentence
                    .match_indices(dash)
                    .map(|(at, d)| start + at + d.len()),
            );
        }
        // "Alberto Sanz (el yerno)": what stands in brackets is said besides.
        cuts.extend(sentence.match_indices(" (").map(|(at, _)| start + at));
        cuts.extend(self.turn.find_iter(sentence).map(|m| start + m.start()));
        // "Hello I clean in the hospital": a greeting is no part of what is told.
        let greeting = self.greets.find(sentence).filter(|_| start == 0);
        cuts.extend(greeting.map(|m| m.end()));
        cuts.retain(|at| !inside(*at) && *at > start && *at < end);
        cuts.sort_unstable();
        cuts.dedup();
        let mut parts = Vec::new();
        let mut from = start;
        for at in cuts.into_iter().chain([end]) {
            if text[from..at].chars().any(char::is_alphanumeric) {
                parts.push((from, at));
                from = at;
            }
        }
        match parts.last_mut() {
            Some(last) => last.1 = end,
            None => parts.push((start, end)),
        }
        parts
    }

    fn clause(
        &self,
        text: &str,
        (start, end): (usize, usize),
        sign: Sign,
        grammar: &Grammar,
    ) -> Clause {
        let raw = &text[start..end];
        let blank = |c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '–' | '—' | '-' | '*' | '(' | ')')
        };
        let from = start + (raw.len() - raw.trim_start_matches(blank).len());
        let to = start + raw.trim_end_matches(|c: char| blank(c) || c == '.').len();
        let (from, to) = if from < to { (from, to) } else { (start, end) };
        let (core, lead) = self.core(text, from, to, grammar);
        let words = &text[from..to];
        let plain = normalise(words);
        let folded = fold(&plain);
        let first = folded.split(' ').next().unwrap_or_default();
        let tone = self.tone.look(&plain);
        let matters = self.matters.look(&folded);
        // "When I fell on the third" has the word of a question, and asks nothing.
        let over = tone.is_match(PAST);
        let question = sign.own || tone.is_match(QUESTIONS);
        Clause {
            start,
            end,
            sentence: 0,
            lead,
            core,
            finite: grammar.finite(&text[core.0..core.1]),
            question,
            asks: question
                && (tone.is_match(PRESENT) || sign.sentence && !over)
                && !tone.is_match(RHETORIC),
            past: over,
            goes_on: self.goes_on.contains(first),
            looks: matters.is_match(LOOKS),
            times: matters.is_match(TIMES),
            name_like: self.name_like(&text[core.0..core.1], grammar),
            wishes: tone.is_match(WISHES),
            wants: None,
            filler: (words.unicode_words()).all(|w| self.filler.contains(&small(w))),
            cues: BTreeSet::new(),
        }
    }

    /// Whether words after a name say that it is somebody else's.
    fn names_another(&self, edges: &Look<'_, '_>, tail: &str) -> bool {
        let words = tail.trim_matches(|c: char| c.is_whitespace() || ",.".contains(c));
        let from = edges.find_in(OPENER, words).map_or(0, |m| m.end());
        let words = &words[from..];
        let leads = |(n, lead): (usize, &Lead)| {
            let whole = |m: Match<'_>| m.end() == words.len();
            *lead == Lead::OtherName && edges.find_in(n, words).is_some_and(whole)
        };
        (FIRST_LEAD..).zip(&self.leads).any(leads)
    }

    /// Without openers, lead, hedges.
    fn core(
        &self,
        text: &str,
        mut from: usize,
        mut to: usize,
        grammar: &Grammar,
    ) -> ((usize, usize), Option<Lead>) {
        let mut lead = None;
        let edges = self.edges.look(&text[from..to]);
        let excludes = self.excludes.look(&text[from..to]);
        for _ in 0..4 {
            let part = &text[from..to];
            let opens = |m: &Match<'_>| m.end() < part.len() && grammar.opens(m.as_str());
            if let Some(opener) = edges.find_in(OPENER, part).filter(opens) {
                from += opener.end();
                continue;
            }
            // "She called me fat" leads to no name.
            let nobody = |lead: Lead, rest: &str| {
                let first = rest.split_whitespace().next().unwrap_or_default();
                lead == Lead::OtherName && self.no_names.contains(&small(first))
            };
            let found = (FIRST_LEAD..).zip(&self.leads).find_map(|(n, lead)| {
                let matched = edges.find_in(n, part)?;
                (!nobody(*lead, &part[matched.end()..])).then_some((*lead, matched))
            });
            if let Some((kind, matched)) = found
                && (matched.end() < part.len() || kind == Lead::Copula)
                && lead.is_none_or(|l| l == Lead::Copula)
            {
                lead = Some(kind);
                from += matched.end();
                continue;
            }
            break;
        }
        // "Anne not Ann": what is meant stands before what is not.
        let part = &text[from..to];
        let denied = (self.excludes.numbers())
            .filter_map(|n| excludes.find_in(n, part))
            .min_by_key(Match::start);
        if let Some(denied) = denied {
            let meant = part[..denied.start()].trim_end();
            let few = meant.split_whitespace().count() <= 3;
            if few && !meant.is_empty() && !grammar.finite(meant) {
                to = from + meant.len();
            }
        }
        for _ in 0..3 {
            let tail = edges.find_in(TAIL, &text[from..to]);
            let Some(tail) = tail.filter(|t| t.start() > 0) else {
                break;
            };
            // "Dr Patel I think he is called": what follows says whose name it is.
            if lead.is_none() && self.names_another(&edges, tail.as_str()) {
                lead = Some(Lead::OtherName);
            }
            to = from + tail.start();
        }
        ((from, to), lead)
    }
}
