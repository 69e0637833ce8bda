//! Weighted patterns, read from the packs of languages, matched all at once.

use super::{
    clause_rules::ClauseRules,
    clauses::Clauses,
    compile::{RuleError, compile, spell_out},
    finders::Finders,
    fold::{fold, small},
    normalise::normalise,
    packs::PACKS,
    patterns::{Matches, Patterns, Use},
};
use crate::domain::{
    Category, Emotion, Entities, Intent, Relation,
    interpretation::{Clause, Cue, Found},
};
use regex::Regex;
use serde::{Deserialize, de::IgnoredAny};
use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};
use unicode_segmentation::UnicodeSegmentation;

type Weighted = BTreeMap<String, BTreeMap<u8, Vec<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: BTreeMap<String, String>,
    intent: Weighted,
    category: Weighted,
    relation: BTreeMap<String, Vec<String>>,
    emotion: Weighted,
    cue: BTreeMap<String, Vec<String>>,
    desired: Vec<String>,
    topic: Vec<TopicRule>,
    /// Words that say nothing beside an address, a name or a day.
    filler: Vec<String>,
    /// What leads to the right words in a correction.
    meant: Vec<String>,
    /// What stands between two things said in one message.
    joins: Vec<String>,
    /// Where a sentence turns from one thing to its contrary.
    turns: Vec<String>,
    /// What makes a wish of a sentence.
    wishes: Vec<String>,
    /// How messages fall into parts.
    clauses: ClauseRules,
    /// Words by which a short message shows its language; `language.rs` reads them.
    #[serde(rename = "tells")]
    _tells: IgnoredAny,
    /// Words that turn what follows into its contrary.
    denials: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRule {
    name: String,
    patterns: Vec<String>,
}

impl File {
    /// Each pattern with the label that it speaks for.
    fn patterns(
        &self,
        patterns: &mut Vec<String>,
        labels: &mut Vec<Label>,
    ) -> Result<(), RuleError> {
        let mut add = |pattern: &str, label: Label| {
            patterns.push(spell_out(pattern, &self.words));
            labels.push(label);
        };
        for (name, weights) in &self.intent {
            let intent = known(Intent::from_name, name)?;
            each(weights, |w, p| add(p, Label::Intent(intent, w)));
        }
        for (name, weights) in &self.category {
            let category = known(Category::from_name, name)?;
            each(weights, |w, p| add(p, Label::Category(category, w)));
        }
        for (name, weights) in &self.emotion {
            let emotion = known(Emotion::from_name, name)?;
            each(weights, |w, p| add(p, Label::Emotion(emotion, w)));
        }
        for (name, list) in &self.relation {
            let relation = known(Relation::from_name, name)?;
            for p in list {
                add(p, Label::Relation(relation));
            }
        }
        for (name, list) in &self.cue {
            let cue = known(Cue::from_name, name)?;
            for p in list {
                add(p, Label::Cue(cue));
            }
        }
        for TopicRule { name, patterns } in &self.topic {
            for p in patterns {
                add(p, Label::Topic(name.clone()));
            }
        }
        Ok(())
    }
}

/// The label of that name.
fn known<T>(find: fn(&str) -> Option<T>, name: &str) -> Result<T, RuleError> {
    find(name).ok_or_else(|| RuleError::Label(name.to_owned()))
}

/// What a pattern speaks for.
#[derive(Clone, Debug)]
enum Label {
    Intent(Intent, u8),
    Category(Category, u8),
    Relation(Relation),
    Emotion(Emotion, u8),
    Cue(Cue),
    Topic(String),
}

/// Everything that matched in one message.
#[derive(Debug)]
pub(super) struct Hits {
    pub(super) intents: BTreeMap<Intent, u32>,
    pub(super) categories: BTreeMap<Category, u32>,
    pub(super) relation: Relation,
    pub(super) emotions: BTreeMap<Emotion, u32>,
    pub(super) cues: Vec<Cue>,
    pub(super) topic: Option<String>,
}

/// Compiled rules of all languages.
#[derive(Debug)]
pub(super) struct Rules {
    set: Patterns,
    labels: Vec<Label>,
    /// What says what the writer wants done.
    desired: Finders,
    filler: HashSet<String>,
    meant: Vec<Regex>,
    joins: Regex,
    turns: Regex,
    wishes: Regex,
    denials: HashSet<String>,
    pub(super) clauses: Clauses,
}

/// The order in which relations win over each other.
const RELATION_ORDER: [Relation; 10] = [
    Relation::LegalRepresentative,
    Relation::Employee,
    Relation::Professional,
    Relation::Carer,
    Relation::Visitor,
    Relation::Neighbour,
    Relation::Friend,
    Relation::Relative,
    Relation::Patient,
    Relation::Public,
];

impl Rules {
    /// The rules of all languages together: a message is held against both, since many are written in a mixture.
    pub(super) fn load() -> Result<Self, RuleError> {
        let mut patterns = Vec::new();
        let mut labels = Vec::new();
        let mut desired = Vec::new();
        let mut filler = HashSet::new();
        let mut meant = Vec::new();
        let (mut joins, mut turns, mut wishes) = (Vec::new(), Vec::new(), Vec::new());
        let mut packs = Vec::new();
        let mut denials = HashSet::new();
        for pack in PACKS {
            let file: File = serde_saphyr::from_str(pack.rules())
                .map_err(|e| RuleError::Shape(e.to_string()))?;
            file.patterns(&mut patterns, &mut labels)?;
            for p in &file.desired {
                desired.push(format!("(?i){}", spell_out(p, &file.words)));
            }
            for p in &file.meant {
                meant.push(compile(&format!("(?i){p}"))?);
            }
            filler.extend(file.filler.iter().map(|w| fold(w)));
            joins.extend(file.joins);
            turns.extend(file.turns);
            wishes.extend(file.wishes);
            denials.extend(file.denials);
            packs.push((pack.code(), file.clauses));
        }
        let use_ = |label: &Label| match label {
            Label::Cue(_) => Use::Cue,
            _ => Use::Subject,
        };
        let patterns: Vec<(String, Use)> = (patterns.into_iter())
            .zip(labels.iter().map(use_))
            .collect();
        Ok(Self {
            set: Patterns::compile(&patterns)?,
            labels,
            desired: Finders::compile(&desired)?,
            filler,
            meant,
            joins: compile(&format!("(?:{})", joins.join("|")))?,
            turns: compile(&format!("(?:{})", turns.join("|")))?,
            wishes: compile(&format!("(?:{})", wishes.join("|")))?,
            denials,
            clauses: Clauses::compile(packs)?,
        })
    }

    /// The parts of a message that might each say a thing of their own.
    pub(super) fn parts<'a>(&self, plain: &'a str) -> Vec<&'a str> {
        self.joins
            .split(plain)
            .map(str::trim)
            .filter(|p| p.contains(' '))
            .collect()
    }

    /// A sentence where it turns: "the physio was lovely, but the porter dropped my bag".
    pub(super) fn turns<'a>(&'a self, sentence: &'a str) -> impl Iterator<Item = &'a str> {
        self.turns.split(sentence)
    }

    /// Where the stretches between its turns begin and end.
    pub(super) fn stretches(&self, sentence: &str) -> Vec<Range<usize>> {
        let small = sentence.to_lowercase();
        if small.len() != sentence.len() {
            return std::iter::once(0..sentence.len()).collect();
        }
        let turns: Vec<_> = self.turns.find_iter(&small).collect();
        let begins = std::iter::once(0).chain(turns.iter().map(regex::Match::end));
        let ends = turns.iter().map(regex::Match::start);
        begins
            .zip(ends.chain([sentence.len()]))
            .map(|(from, to)| from..to)
            .collect()
    }

    /// Whether a part of a message says that the writer wants something.
    pub(super) fn wishes(&self, part: &str) -> bool {
        self.wishes.is_match(part)
    }

    /// The words that a correction puts in the place of others.
    pub(super) fn meant(&self, text: &str) -> Option<Found> {
        let lead = (self.meant.iter())
            .filter_map(|r| r.find(text))
            .max_by_key(regex::Match::end)?;
        let rest = text[lead.end()..].trim_end();
        let words = rest
            .split([',', ';', '\n'])
            .next()
            .unwrap_or_default()
            .trim()
            .trim_end_matches(['.', '!']);
        let start = lead.end() + rest.find(words)?;
        (!words.is_empty()).then(|| Found {
            text: words.to_owned(),
            start,
            end: start + words.len(),
        })
    }

    /// Whether a message holds an address, a name, a day or a place, and says nothing besides.
    pub(super) fn bare(&self, text: &str, entities: &Entities) -> bool {
        let found = (entities.emails.iter())
            .chain(&entities.phones)
            .chain(&entities.places)
            .chain(&entities.references)
            .chain(&entities.self_name)
            .map(|f| (f.start, f.end));
        let days = entities.dates.iter().map(|d| (d.start, d.end));
        let staff = entities.staff.iter().filter(|s| s.name.is_some());
        let spans: Vec<(usize, usize)> = found
            .chain(days)
            .chain(staff.map(|s| (s.start, s.end)))
            .collect();
        if spans.is_empty() || text.len() > 400 {
            return false;
        }
        let inside = |at: usize| spans.iter().any(|(from, to)| (*from..*to).contains(&at));
        let mut words = text.unicode_word_indices();
        words.all(|(at, word)| inside(at) || self.filler.contains(&small(word)))
    }

    #[cfg(test)]
    pub(super) fn patterns(&self) -> &Patterns {
        &self.set
    }

    /// The patterns that match in a whole message, normalised and folded.
    pub(super) fn matches(&self, folded: &str) -> Matches {
        self.set.matches(folded)
    }

    /// What a part of a message is about.
    pub(super) fn hits_in(&self, part: &str, whole: &Matches) -> Hits {
        self.hits(&self.set.matches_in(&fold(part), whole, Use::Subject))
    }

    /// The clauses of a message, with what each does in the talk.
    pub(super) fn clauses(
        &self,
        text: &str,
        fixed: &[(usize, usize)],
        language: Option<&str>,
        whole: &Matches,
    ) -> Vec<Clause> {
        let mut clauses = self.clauses.read(text, fixed, language);
        for clause in &mut clauses {
            let words = fold(&normalise(clause.said(text)));
            let found = self.set.matches_in(&words, whole, Use::Cue);
            clause.cues = (found.into_iter())
                .filter_map(|n| match self.labels[n] {
                    Label::Cue(cue) => Some(cue),
                    _ => None,
                })
                .collect();
        }
        clauses
    }

    /// What the patterns of those numbers say together.
    pub(super) fn hits(&self, numbers: &[usize]) -> Hits {
        let mut hits = Hits {
            intents: BTreeMap::new(),
            categories: BTreeMap::new(),
            relation: Relation::Unknown,
            emotions: BTreeMap::new(),
            cues: Vec::new(),
            topic: None,
        };
        let mut relations = Vec::new();
        for number in numbers {
            match &self.labels[*number] {
                Label::Intent(i, w) => *hits.intents.entry(*i).or_default() += u32::from(*w),
                Label::Category(c, w) => *hits.categories.entry(*c).or_default() += u32::from(*w),
                Label::Emotion(e, w) => *hits.emotions.entry(*e).or_default() += u32::from(*w),
                Label::Relation(r) => relations.push(*r),
                Label::Cue(c) => hits.cues.push(*c),
                Label::Topic(t) => {
                    hits.topic.get_or_insert_with(|| t.clone());
                }
            }
        }
        if let Some(strongest) = RELATION_ORDER.into_iter().find(|r| relations.contains(r)) {
            hits.relation = strongest;
        }
        hits
    }

    /// Whether what stands before ends in a word that turns what follows into its contrary.
    fn denied(&self, before: &str) -> bool {
        let last = before.split_whitespace().next_back().unwrap_or_default();
        self.denials.contains(&last.to_lowercase())
    }

    /// The words that say what the writer wants done.
    pub(super) fn desired(&self, text: &str) -> Option<Found> {
        let look = self.desired.look(text);
        let found = (self.desired.numbers())
            .filter_map(|n| look.find_iter(n).next())
            // "No quiero que me llamen": the contrary of a wish.
            .filter(|m| !self.denied(&text[..m.start()]))
            .min_by_key(regex::Match::start)?;
        Some(Found {
            text: found.as_str().trim().to_owned(),
            start: found.start(),
            end: found.end(),
        })
    }
}

fn each(weights: &BTreeMap<u8, Vec<String>>, mut f: impl FnMut(u8, &str)) {
    for (weight, list) in weights {
        for p in list {
            f(*weight, p);
        }
    }
}
