//! A reply, judged item by item.

use super::{
    Item, Rubric, Stems,
    hurting::{APOLOGY, OFFICIAL, PRIVACY, PROMISES, Places, VAGUE, hurting},
    lexicon::Lexicon,
    sentences::{Compared, Sentence, sentences},
    situation::Situation,
};
use crate::assist::reading::Reading;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range};

/// The words that earned or lost an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Span {
    /// Which.
    pub item: Item,
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Whether they earned it, or lost it.
    pub earned: bool,
}

/// What else was noticed, for what the person makes of it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a cue of its own, which rules of scenarios ask for by name"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cues {
    /// Nothing that this person said is taken up: the reply would fit anybody, or is copied.
    pub ignored: bool,
    /// A sentence that fits everybody.
    pub stock: bool,
    /// Words of theirs, or one's own earlier ones, pasted.
    pub copied: bool,
    /// The coach's rules that hurt, with the place of the words.
    pub hurts: Places,
    /// Danger was told and passed over.
    pub unsafe_reply: bool,
    /// Somebody's care was confirmed or denied.
    pub private_told: bool,
    /// Which words did one or the other.
    pub place: Option<Range<usize>>,
    /// Questions in it.
    pub questions: usize,
}

/// A reply, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// Each item that is judged here, from 0 to 2.
    pub items: BTreeMap<Item, u8>,
    /// Why.
    pub spans: Vec<Span>,
    /// What else was noticed.
    pub cues: Cues,
    /// Which points are taken up by now.
    pub points: Vec<bool>,
}

/// Words and reading grade up to which a reply is plain, and up to which it is nearly so.
const PLAIN: (usize, f32) = (90, 8.0);
const NEARLY: (usize, f32) = (130, 10.5);
/// Fewer words have no reading grade.
const GRADED: usize = 20;
/// Seconds of a quick answer, and of a slow one.
const QUICK: u32 = 60;
const SLOW: u32 = 120;

impl Scored {
    /// Without what agents are not shown.
    #[must_use]
    pub fn shown(mut self) -> Self {
        self.items.retain(|item, _| item.is_shown());
        self.spans.retain(|span| span.item.is_shown());
        self
    }
}

impl Rubric {
    /// The stems of words that take something up, in a language.
    pub fn stems<'t>(&self, language: &str, words: impl IntoIterator<Item = &'t str>) -> Stems {
        let lexicon = self.languages.get(language);
        lexicon.map_or_else(Stems::default, |l| l.words.stems(words))
    }

    /// Judges a reply. A language that the rubric does not know gives no items.
    pub fn score(&self, at: &Situation<'_>, draft: &str) -> Scored {
        let Some(lexicon) = self.languages.get(at.language) else {
            return Scored::default();
        };
        let said = lexicon.words.stems(at.said.iter().map(String::as_str));
        let last = lexicon.words.stems(at.said.last().map(String::as_str));
        let sources: Vec<&str> = at
            .said
            .iter()
            .chain(at.earlier)
            .map(String::as_str)
            .collect();
        let rules = self.coach.hurts(draft, at.language);
        let hurting = hurting(at, draft, &rules);
        let compared = Compared {
            said: &said,
            last: &last,
            sources: &sources,
            earlier: at.earlier,
            hurting: &hurting,
        };
        let judge = Judge {
            lexicon,
            at,
            draft,
            sentences: sentences(draft, lexicon, &compared),
            hurting,
            rules,
        };
        judge.scored()
    }
}

struct Judge<'a> {
    lexicon: &'a Lexicon,
    at: &'a Situation<'a>,
    draft: &'a str,
    sentences: Vec<Sentence<'a>>,
    hurting: Places,
    rules: Places,
}

type Level = (u8, Option<Range<usize>>);

fn place(sentence: &Sentence<'_>) -> Range<usize> {
    sentence.start..sentence.end
}

impl Judge<'_> {
    fn scored(&self) -> Scored {
        let points = self.points();
        let safety = self
            .at
            .danger
            .and_then(|flag| self.lexicon.safety.get(&flag));
        // Words that hurt keep nobody safe, whatever number stands beside them.
        let kind = self.hurting.is_empty();
        let safe = safety.map(|any| kind && any.iter().any(|p| self.says(p)));
        let earns = self.sentences.iter().any(Sentence::earns);
        let mut cues = Cues {
            // Whoever asks after the danger first need take up nothing else in that reply.
            ignored: !earns && safe != Some(true),
            stock: self.sentences.iter().any(Sentence::is_stock),
            copied: self.sentences.iter().any(|s| s.copied),
            questions: self.questions(),
            unsafe_reply: safe == Some(false),
            ..Cues::default()
        };
        cues.hurts.clone_from(&self.hurting);
        cues.place = self.told();
        cues.private_told = cues.place.is_some();
        let mut scored = Scored {
            points: points.clone(),
            ..Scored::default()
        };
        for item in Item::ALL.iter().filter(|i| !self.at.skipped.contains(i)) {
            let (level, span) = self.item(*item, &points);
            // What would fit anybody earns nothing, however it is put.
            let level = if cues.ignored { 0 } else { level };
            scored.items.insert(*item, level);
            scored.spans.extend(span.map(|r| Span {
                item: *item,
                start: r.start,
                end: r.end,
                earned: level > 0,
            }));
        }
        scored.cues = cues;
        scored
    }

    fn item(&self, item: Item, points: &[bool]) -> Level {
        match item {
            Item::FeelingNamed => self.feeling(),
            Item::EffortAcknowledged => self.tied(|s| self.lexicon.effort.is_match(s.text)),
            Item::Reflection => self.reflection(),
            Item::OpenQuestion => self.open_question(),
            Item::Apology => self.apology(),
            Item::EveryPoint => {
                let done = points.iter().filter(|done| **done).count();
                let all = points.len();
                (u8::from(done * 2 >= all) + u8::from(done == all), None)
            }
            Item::NextStep => self.next_step(),
            Item::PlainWords => self.plain(),
            Item::Pace => self.pace(),
            Item::NoOverpromise => match self.broken(&PROMISES) {
                Some(words) => (0, Some(words)),
                None => (2, None),
            },
        }
    }

    /// Whether it is said anywhere, and not taken back by the words before it.
    fn says(&self, pattern: &Regex) -> bool {
        let denied = |at: usize| self.lexicon.safety_denied.is_match(&self.draft[..at]);
        pattern.find_iter(self.draft).any(|m| !denied(m.start()))
    }

    /// The place of the words that break one of these rules.
    fn broken(&self, rules: &[&str]) -> Option<Range<usize>> {
        let mut all = self.rules.iter();
        let found = all.find(|(rule, _)| rules.contains(&rule.as_str()));
        found.map(|(_, words)| words.clone())
    }

    /// Where somebody's care is confirmed to a third party.
    fn told(&self) -> Option<Range<usize>> {
        if !self.at.third_party {
            return None;
        }
        let own = self.lexicon.privacy.iter().find_map(|p| p.find(self.draft));
        own.map(|m| m.range()).or_else(|| self.broken(&[PRIVACY]))
    }

    /// What is of this kind: 2 in a sentence that takes something up, 1 beside one.
    fn tied(&self, is_so: impl Fn(&Sentence<'_>) -> bool) -> Level {
        let all = &self.sentences;
        let with = all.iter().find(|s| s.earns() && is_so(s));
        if let Some(sentence) = with {
            return (2, Some(place(sentence)));
        }
        let beside = all.iter().find(|s| s.is_own() && is_so(s));
        beside.map_or((0, None), |s| (1, Some(place(s))))
    }

    fn feeling(&self) -> Level {
        if let Some(claim) = self.lexicon.claims_feeling.find(self.draft) {
            return (0, Some(claim.range()));
        }
        let families = self.at.feelings.iter();
        let fits: Vec<&Regex> = families
            .filter_map(|f| self.lexicon.feelings.get(f))
            .map(|f| &f.pattern)
            .collect();
        let names = |s: &Sentence<'_>| {
            self.lexicon.feeling_frame.is_match(s.text) && fits.iter().any(|p| p.is_match(s.text))
        };
        // The cause may stand in the sentence before or after.
        let all = &self.sentences;
        for (n, sentence) in all.iter().enumerate() {
            if sentence.is_own() && names(sentence) {
                let before = n.checked_sub(1).and_then(|b| all.get(b));
                let near = [Some(sentence), before, all.get(n + 1)];
                let caused = near.into_iter().flatten().any(Sentence::earns);
                return (1 + u8::from(caused), Some(place(sentence)));
            }
        }
        (0, None)
    }

    fn reflection(&self) -> Level {
        let best = self.sentences.iter().max_by_key(|s| s.uptake());
        let Some(best) = best.filter(|s| s.earns()) else {
            return (0, None);
        };
        let from_last = self.sentences.iter().any(|s| s.earns() && s.from_last);
        (
            1 + u8::from(best.uptake() >= 2 && from_last),
            Some(place(best)),
        )
    }

    fn questions(&self) -> usize {
        self.sentences.iter().filter(|s| s.asks()).count()
    }

    fn open_question(&self) -> Level {
        let asked = || self.sentences.iter().filter(|s| s.asks() && s.may_ask());
        let open = asked().find(|s| self.lexicon.open_question.is_match(s.text));
        match (open, asked().next()) {
            (Some(open), _) => (2, Some(place(open))),
            (None, Some(closed)) => (1, Some(place(closed))),
            _ => (0, None),
        }
    }

    fn apology(&self) -> Level {
        if let Some(spoilt) = self.lexicon.apology_spoilt.find(self.draft) {
            return (0, Some(spoilt.range()));
        }
        if let Some(words) = self.broken(&APOLOGY) {
            return (0, Some(words));
        }
        self.tied(|s| self.lexicon.apology.is_match(s.text))
    }

    fn next_step(&self) -> Level {
        let lexicon = self.lexicon;
        let acts = |s: &&Sentence<'_>| {
            s.may_act() && lexicon.who.is_match(s.text) && lexicon.action.is_match(s.text)
        };
        let dated =
            |s: &&Sentence<'_>| lexicon.when.is_match(s.text) && !lexicon.vague.is_match(s.text);
        let all = || self.sentences.iter().filter(acts);
        if let Some(whole) = all().find(dated) {
            return (2, Some(place(whole)));
        }
        let Some(half) = all().next() else {
            return (0, None);
        };
        let vague = lexicon.vague.is_match(half.text) || self.broken(&VAGUE).is_some();
        (u8::from(!vague), Some(place(half)))
    }

    fn plain(&self) -> Level {
        let reading = Reading::of(self.draft);
        let grade = if reading.words < GRADED {
            0.0
        } else {
            reading.grade_in(self.at.language)
        };
        let within = |(words, most): (usize, f32)| reading.words <= words && grade <= most;
        let hard = self.lexicon.hard_words.find(self.draft).map(|m| m.range());
        let official = hard.or_else(|| self.broken(&OFFICIAL));
        match (within(PLAIN), within(NEARLY), official) {
            (_, true, Some(words)) => (1, Some(words)),
            (true, ..) => (2, None),
            (false, true, None) => (1, None),
            (_, false, words) => (0, words),
        }
    }

    fn pace(&self) -> Level {
        let asked = self.questions();
        let second = self.sentences.iter().filter(|s| s.asks()).nth(1);
        let seconds = self.at.seconds.unwrap_or(0);
        let level = match (asked, seconds) {
            (0 | 1, ..=QUICK) => 2,
            (0..=2, ..=SLOW) => 1,
            _ => 0,
        };
        (level, second.map(place))
    }

    /// Which points are taken up by now.
    fn points(&self) -> Vec<bool> {
        let now = |stems: &Stems| {
            let own = self.sentences.iter().filter(|s| s.earns());
            own.flat_map(|s| &s.taken_up)
                .any(|w| stems.has(super::uptake::stem(&w.small)))
        };
        let points = self.at.points.iter();
        points
            .map(|(stems, before)| *before || now(stems))
            .collect()
    }
}
