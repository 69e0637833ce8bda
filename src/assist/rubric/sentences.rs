//! A reply in sentences, and what each of them may earn.

use super::{
    frames::Frame,
    lexicon::Lexicon,
    order::is_sentence,
    uptake::{Stems, Word, copied, stem, words},
};
use std::ops::Range;

/// A sentence of fewer words is a label and no reflection.
const SHORTEST: usize = 4;
/// In a sentence that somebody wrote more than this share of words is grammar; a list of keywords has less.
const GRAMMAR: f32 = 0.25;

/// One sentence.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a finding of its own about one sentence"
)]
#[derive(Debug)]
pub(super) struct Sentence<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: &'t str,
    /// The words that take something up, with whether it was said last.
    pub(super) taken_up: Vec<Word>,
    pub(super) from_last: bool,
    pub(super) stock: bool,
    pub(super) copied: bool,
    /// Something in it hurts: such a sentence earns nothing.
    pub(super) hurts: bool,
    listed: bool,
    /// It was said before, with other things put into it.
    rote: bool,
    short: bool,
    /// How many words it must take up to earn anything.
    least: usize,
}

impl Sentence<'_> {
    /// Whether it takes up what this person said, in words of the writer's own.
    pub(super) fn earns(&self) -> bool {
        !self.hurts
            && !self.listed
            && !self.rote
            && !self.short
            && !self.copied
            && self.taken_up.len() >= self.least
    }

    /// How many different things it takes up.
    pub(super) fn uptake(&self) -> usize {
        if self.earns() { self.taken_up.len() } else { 0 }
    }

    /// Whether it may be about the sentence beside it: words of somebody's own that would not fit everybody.
    pub(super) fn is_own(&self) -> bool {
        !self.hurts && !self.listed && !self.rote && !self.copied && (!self.stock || self.earns())
    }

    /// Whether it counts as a question. "What happened?" need take nothing up.
    pub(super) fn may_ask(&self) -> bool {
        !self.hurts && !self.rote && !self.copied && !self.stock
    }

    /// Whether it fits everybody, or was said before to this person.
    pub(super) fn is_stock(&self) -> bool {
        (self.stock || self.rote) && !self.earns()
    }

    /// Whether it may say what happens now.
    pub(super) fn may_act(&self) -> bool {
        !self.copied && !self.stock && !self.rote && !self.asks()
    }

    pub(super) fn asks(&self) -> bool {
        self.text.trim_end().ends_with('?')
    }
}

/// What sentences are compared with.
pub(super) struct Compared<'a> {
    pub(super) said: &'a Stems,
    pub(super) last: &'a Stems,
    pub(super) sources: &'a [&'a str],
    /// What they were answered before.
    pub(super) earlier: &'a [String],
    /// Where words stand that hurt.
    pub(super) hurting: &'a [(String, Range<usize>)],
}

/// Takes a reply apart.
pub(super) fn sentences<'t>(
    draft: &'t str,
    lexicon: &Lexicon,
    with: &Compared<'_>,
) -> Vec<Sentence<'t>> {
    let all = words(draft);
    let mut dense = 0;
    let marks = copied(&all, with.sources);
    let before: Vec<Frame> = (with.earlier.iter())
        .flat_map(|reply| spans(reply).map(|(start, end)| &reply[start..end]))
        .map(|sentence| Frame::of(sentence, lexicon, with.said))
        .collect();
    let mut found: Vec<Sentence<'t>> = spans(draft)
        .map(|(start, end)| {
            let inside = || {
                all.iter()
                    .zip(&marks)
                    .filter(move |(w, _)| w.start >= start && w.end <= end)
            };
            let count = inside().count();
            let grammar = inside()
                .filter(|(w, _)| lexicon.words.is_grammar(&w.small))
                .count();
            let copies = inside().filter(|(_, copied)| **copied).count();
            let mut taken_up: Vec<Word> = Vec::new();
            for (word, copied) in inside() {
                let stem_of = |w: &Word| stem(&w.small).to_owned();
                let new = taken_up.iter().all(|t| stem_of(t) != stem_of(word));
                if !copied
                    && new
                    && lexicon.words.says_something(word)
                    && with.said.has(stem(&word.small))
                {
                    taken_up.push(word.clone());
                }
            }
            let text = &draft[start..end];
            let dense_words = (grammar as f32) <= GRAMMAR * count as f32;
            let keywords = count >= SHORTEST && dense_words;
            let listed = keywords || count >= SHORTEST && !is_sentence(text, lexicon);
            let frame = Frame::of(text, lexicon, with.said);
            let short = count < SHORTEST;
            if (keywords || short) && !text.ends_with('?') {
                dense += count;
            }
            // "I will ring you today" happens to take up the ringing that they told of.
            let acts = lexicon.who.is_match(text) && lexicon.action.is_match(text);
            Sentence {
                start,
                end,
                text,
                from_last: taken_up.iter().any(|w| with.last.has(stem(&w.small))),
                stock: lexicon.stock.iter().any(|p| p.is_match(text)),
                copied: copies * 2 > count,
                hurts: with
                    .hurting
                    .iter()
                    .any(|(_, place)| place.start < end && place.end > start),
                listed,
                rote: before.iter().any(|b| b.is_like(&frame)),
                short,
                least: 1 + usize::from(acts),
                taken_up,
            }
        })
        .collect();
    // Where most of it is a list, the rest is part of the list.
    if dense * 2 > all.len() {
        for sentence in &mut found {
            sentence.listed = true;
        }
    }
    found
}

/// The places of sentences, without the spaces around them.
fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    let pieces: Vec<(usize, usize)> = text
        .split_inclusive(['.', '!', '?', '\n'])
        .map(|piece| {
            let start = at + (piece.len() - piece.trim_start().len());
            at += piece.len();
            (
                start,
                start.max(at - (piece.len() - piece.trim_end().len())),
            )
        })
        .collect();
    pieces
        .into_iter()
        .filter(move |(start, end)| text[*start..*end].chars().any(char::is_alphanumeric))
}
