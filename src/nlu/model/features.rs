//! What the model sees of a message.

use super::Head;
use crate::{
    domain::{Category, Emotion, Intent, Interpretation, interpretation::Cue},
    nlu::{compile::RuleError, packs::PACKS, rules::Hits},
};
use aho_corasick::{
    AhoCorasick, AhoCorasickKind, Anchored, Input, StartKind, automaton::OverlappingState,
};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Longest stretch of a message that the model reads, in bytes: its beginning and its end, where people say what they
/// want.
const HEAD: usize = 1_600;
const TAIL: usize = 400;

/// Slots for what the rules found. Slots are written into model files: new ones go to the end.
pub const SLOTS: usize = 128;

/// What the rules say of a message, for the model to weigh.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What the rules alone would have answered.
    pub answered: &'a Interpretation,
    /// Weights of the patterns that matched.
    pub(in crate::nlu) hits: &'a Hits,
}

/// One message as the model sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Hash of a word, a pair of words, or a sequence of letters, and how much it counts. Each of the two kinds has
    /// length one.
    pub hashed: Vec<(u32, f32)>,
    /// Slot and strength of what the rules found.
    pub evidence: Vec<(u8, f32)>,
}

impl Features {
    /// Of a normalised text.
    pub(in crate::nlu) fn of(
        plain: &str,
        lexicon: &Lexicon,
        evidence: Option<&Evidence<'_>>,
    ) -> Self {
        let (head, tail) = clip(plain);
        let mut kinds = [
            Vec::with_capacity(head.len() / 3),
            Vec::with_capacity(head.len() * 3),
            Vec::with_capacity(head.len() * 2),
        ];
        for part in [head, tail] {
            tokens(part, lexicon, &mut kinds);
        }
        let mut hashed = Vec::with_capacity(kinds.iter().map(Vec::len).sum());
        for mut kind in kinds {
            kind.sort_unstable();
            kind.dedup();
            let each = 1.0 / (kind.len().max(1) as f32).sqrt();
            hashed.extend(kind.into_iter().map(|hash| (hash, each)));
        }
        Self {
            hashed,
            evidence: evidence.map(slots).unwrap_or_default(),
        }
    }
}

/// Beginning and end of a long text; all of a short one, and nothing.
fn clip(plain: &str) -> (&str, &str) {
    if plain.len() <= HEAD + TAIL {
        return (plain, "");
    }
    let head = &plain[..plain.floor_char_boundary(HEAD)];
    let tail = &plain[plain.ceil_char_boundary(plain.len() - TAIL)..];
    (head, tail)
}

/// FNV-1a over 32 bits: small, fast, and the same for ever.
const fn mix(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}

/// The hash of words that belong together, as a feature of a kind of its own.
pub fn hash(kind: u32, words: &[&str]) -> u32 {
    let all = words.iter();
    finish(all.fold(kind, |hash, word| mix(mix(hash, word.as_bytes()), b" ")))
}

/// Spreads the bits, since tables use the lowest ones.
const fn finish(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x7feb_352d);
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x846c_a68b);
    hash ^ (hash >> 16)
}

/// Families of words (`lexicon.yaml` of each language): what was learned of one holds for its cousins.
#[derive(Debug)]
pub(in crate::nlu) struct Lexicon {
    whole: HashMap<String, Vec<u8>>,
    /// Finds all that a word begins with.
    beginnings: AhoCorasick,
    of_beginnings: Vec<Vec<u8>>,
}

impl Lexicon {
    pub(in crate::nlu) fn load() -> Result<Self, RuleError> {
        let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pack in PACKS {
            let own: BTreeMap<String, Vec<String>> = serde_saphyr::from_str(pack.lexicon())
                .map_err(|e| RuleError::Shape(e.to_string()))?;
            for (name, words) in own {
                families.entry(name).or_default().extend(words);
            }
        }
        let mut whole: HashMap<String, Vec<u8>> = HashMap::new();
        let mut beginnings: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (number, words) in families.into_values().enumerate() {
            for word in words {
                let entry = match word.strip_suffix('*') {
                    // One letter begins too many words to tell anything of them.
                    Some(letter) if letter.chars().count() < 2 => {
                        whole.entry(letter.to_owned()).or_default()
                    }
                    Some(beginning) => beginnings.entry(beginning.to_owned()).or_default(),
                    None => whole.entry(word).or_default(),
                };
                if !entry.contains(&(number as u8)) {
                    entry.push(number as u8);
                }
            }
        }
        Ok(Self {
            whole,
            beginnings: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .start_kind(StartKind::Anchored)
                .build(beginnings.keys())
                .map_err(|error| RuleError::Shape(error.to_string()))?,
            of_beginnings: beginnings.into_values().collect(),
        })
    }

    /// The families of a word.
    fn of(&self, word: &str) -> Vec<u8> {
        let mut found = self.whole.get(word).cloned().unwrap_or_default();
        let word = Input::new(word).anchored(Anchored::Yes);
        let mut state = OverlappingState::start();
        loop {
            self.beginnings.find_overlapping(word.clone(), &mut state);
            let Some(beginning) = state.get_match() else {
                return found;
            };
            // Within a beginning it also tells of those that only end there: "eat" in "breath".
            if beginning.start() == 0 {
                found.extend(&self.of_beginnings[beginning.pattern().as_usize()]);
            }
        }
    }
}

const FAMILY: u32 = 0x510e_527f;
const NEAR: u32 = 0x1f83_d9ab;
const FOLLOWS: u32 = 0x5be0_cd19;

const WORD: u32 = 0x811c_9dc5;
const PAIR: u32 = 0x3c6e_f372;
const LETTERS: u32 = 0xa54f_f53a;

fn tokens(text: &str, lexicon: &Lexicon, into: &mut [Vec<u32>; 3]) {
    let [words, letters, families] = into;
    let mut before: &str = "<";
    // The families of the last words: which stand near each other says more than which there are.
    let mut recent: VecDeque<Vec<u8>> = VecDeque::with_capacity(4);
    let mut padded = String::with_capacity(24);
    let mut starts: Vec<usize> = Vec::with_capacity(24);
    let keeps = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '?' | '!');
    for word in text.split(|c: char| !keeps(c)).filter(|w| !w.is_empty()) {
        // "what?" is a word and a question.
        let core = word.trim_end_matches(['?', '!']);
        let marks = &word[core.len()..];
        for token in [core, &marks[..marks.len().min(1)]] {
            if token.is_empty() {
                continue;
            }
            words.push(finish(mix(WORD, token.as_bytes())));
            words.push(finish(mix(
                mix(mix(PAIR, before.as_bytes()), b" "),
                token.as_bytes(),
            )));
            let own = lexicon.of(token);
            for family in &own {
                families.push(finish(mix(FAMILY, &[*family])));
                families.push(finish(mix(mix(FOLLOWS, before.as_bytes()), &[0, *family])));
                for (far, earlier) in recent.iter().enumerate() {
                    for other in earlier {
                        families.push(finish(mix(NEAR, &[*other, *family])));
                        if far == 0 {
                            families.push(finish(mix(FOLLOWS, &[*other, *family])));
                        }
                    }
                }
            }
            if let Some(last) = recent.front() {
                for other in last {
                    families.push(finish(mix(mix(NEAR, token.as_bytes()), &[0, *other])));
                }
            }
            if recent.len() == 4 {
                recent.pop_back();
            }
            recent.push_front(own);
            before = token;
        }
        if core.is_empty() || core.len() > 64 {
            continue;
        }
        padded.clear();
        padded.push(' ');
        padded.push_str(core);
        padded.push(' ');
        starts.clear();
        starts.extend(padded.char_indices().map(|(i, _)| i));
        starts.push(padded.len());
        for n in 3..=5 {
            for window in starts.windows(n + 1) {
                letters.push(finish(mix(
                    LETTERS,
                    &padded.as_bytes()[window[0]..window[n]],
                )));
            }
        }
    }
    words.push(finish(mix(mix(mix(PAIR, before.as_bytes()), b" "), b">")));
}

/// What the rules found, each thing in its own slot.
fn slots(evidence: &Evidence<'_>) -> Vec<(u8, f32)> {
    let (said, hits) = (evidence.answered, evidence.hits);
    let mut out = Vec::with_capacity(24);
    let mut next = 0_u8;
    let mut one_of = |width: usize, chosen: usize| {
        out.push((next + chosen as u8, 1.0));
        next += width as u8;
    };
    one_of(Head::Intent.answers(), said.intent as usize);
    one_of(Head::Relation.answers(), said.relation as usize);
    one_of(
        Head::RedFlag.answers(),
        said.red_flag.map_or(0, |f| f as usize + 1),
    );
    one_of(
        Head::Category.answers(),
        said.category.map_or(0, |c| c as usize + 1),
    );
    one_of(Head::Emotion.answers(), said.emotion as usize);
    let mut strength = |weight: u32| {
        if weight > 0 {
            out.push((next, weight.min(12) as f32 / 6.0));
        }
        next += 1;
    };
    for intent in Intent::ALL {
        strength(hits.intents.get(intent).copied().unwrap_or(0));
    }
    for category in Category::ALL {
        strength(hits.categories.get(category).copied().unwrap_or(0));
    }
    for emotion in Emotion::ALL {
        strength(hits.emotions.get(emotion).copied().unwrap_or(0));
    }
    let found = &said.entities;
    for yes in [
        said.has(Cue::Question),
        found.topic.is_some(),
        !found.references.is_empty() || !found.broken_references.is_empty(),
        !found.emails.is_empty() || !found.phones.is_empty(),
        !found.dates.is_empty(),
        !found.places.is_empty(),
        found.self_name.is_some(),
        !found.staff.is_empty(),
        found.affected.is_some(),
        found.desired_outcome.is_some(),
        said.has(Cue::AsksStanding),
        said.has(Cue::AsksIfBot),
        said.has(Cue::AsksWhy),
        said.language == PACKS[0].code(),
    ] {
        strength(if yes { 6 } else { 0 });
    }
    debug_assert!(usize::from(next) <= SLOTS);
    out
}
