//! A run: reply in, the person's next words out.

use super::{
    book::Drills,
    result::{Outcome, Verdict, best, summed},
    scenario::{Fact, Feelings, OPENING, Said, Scenario},
};
use crate::{
    assist::{Feedback, Item, Material, Scored, Situation, Span, Stems},
    domain::RedFlag,
};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest reply, in characters.
const LONGEST: usize = 4_000;
/// After so many seconds an answer is slow.
const SLOW: u32 = 120;

/// A run as it stands: everything that the next step depends on.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is told apart in the result"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Which of the wordings are said: a repeat has another variant than the one before.
    pub variant: u32,
    /// What the person feels.
    pub feelings: Feelings,
    /// What they said, the opening first.
    pub said: Vec<String>,
    /// What they were answered.
    pub replies: Vec<String>,
    /// What they told, by name, in order.
    pub told: Vec<String>,
    /// What was taken up of it.
    pub taken_up: BTreeSet<String>,
    /// Danger that was told and is not answered yet.
    pub pending: Option<RedFlag>,
    /// The scores of the replies.
    pub scores: Vec<BTreeMap<Item, u8>>,
    /// Whether every danger was answered.
    pub safe: bool,
    /// Whether nobody's care was confirmed or denied.
    pub private: bool,
    /// Whether the person got what they came for.
    pub solved: bool,
    /// Whether it is over.
    pub done: bool,
}

/// What follows from a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Turn {
    /// From 1.
    pub turn: usize,
    /// What the person says.
    pub person: String,
    /// What they feel now.
    pub state: Feelings,
    /// The reply's items.
    pub score: BTreeMap<Item, u8>,
    /// The words that earned or lost them.
    pub spans: Vec<Span>,
    /// What worked, and one thing to change.
    pub feedback: Vec<Feedback>,
    /// Which rules moved the person.
    pub rules: Vec<String>,
    /// What went through their head.
    pub thought: String,
    /// Whether it is over.
    pub done: bool,
}

/// A reply that was judged and moved nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Judged {
    /// Its items.
    pub score: BTreeMap<Item, u8>,
    /// The words that earned or lost them.
    pub spans: Vec<Span>,
    /// What worked, and one thing to change.
    pub feedback: Vec<Feedback>,
}

/// Why a reply is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The conversation is over.
    Over,
    /// There are no words in it.
    Empty,
    /// It is too long.
    TooLong,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Over => write!(f, "reply: the conversation is over"),
            Self::Empty => write!(f, "reply: must have words"),
            Self::TooLong => write!(f, "reply: must have {LONGEST} characters at most"),
        }
    }
}

impl std::error::Error for Refused {}

/// A scenario with all that is needed to play it.
#[derive(Clone, Copy, Debug)]
pub struct Drill<'d> {
    drills: &'d Drills,
    scenario: &'d Scenario,
}

impl Drills {
    /// The scenario of that name, to be played.
    pub fn drill(&self, id: &str) -> Option<Drill<'_>> {
        let scenario = self.by_id(id)?;
        Some(Drill {
            drills: self,
            scenario,
        })
    }
}

impl<'d> Drill<'d> {
    /// A new run: the person has said their first words.
    pub fn begin(&self, variant: u32) -> Run {
        let mut run = Run {
            variant,
            feelings: self.scenario.start,
            said: Vec::new(),
            replies: Vec::new(),
            told: Vec::new(),
            taken_up: BTreeSet::new(),
            pending: None,
            scores: Vec::new(),
            safe: true,
            private: true,
            solved: false,
            done: false,
        };
        let opening = &self.scenario.facts[0];
        Self::tell(&mut run, opening);
        run
    }

    /// Judges a reply as the next one of a run, and moves nothing.
    ///
    /// # Errors
    /// The run is over, or the reply is empty or too long.
    pub fn judge(&self, run: &Run, reply: &str, seconds: Option<u32>) -> Result<Judged, Refused> {
        let (scored, feedback) = self.judged(run, checked(run, reply)?, seconds);
        let scored = scored.shown();
        Ok(Judged {
            score: scored.items,
            spans: scored.spans,
            feedback,
        })
    }

    fn judged(&self, run: &Run, reply: &str, seconds: Option<u32>) -> (Scored, Vec<Feedback>) {
        let points = self.points(run);
        let situation = Situation {
            language: &self.scenario.language,
            said: &run.said,
            earlier: &run.replies,
            feelings: &self.scenario.feelings,
            points: &points,
            danger: run.pending,
            third_party: self.scenario.third_party,
            never: &self.scenario.never,
            skipped: &self.scenario.skip,
            seconds,
        };
        let rubric = &self.drills.rubric;
        let scored = rubric.score(&situation, reply);
        let all = Item::ALL.iter().copied();
        let done_well: Vec<Item> = all.filter(|i| best(&run.scores, *i) == 2).collect();
        let reflect: Vec<&str> = self.told(run).map(|f| f.reflect.as_str()).collect();
        let material = Material {
            reflect: &reflect,
            ask: self.next_fact(run).and_then(|f| f.ask.as_deref()),
            next: &self.scenario.next,
            safe: &self.scenario.safe,
        };
        let feedback = rubric.feedback(&situation, &scored, &done_well, &material);
        (scored, feedback)
    }

    /// Judges a reply and moves the run on.
    ///
    /// # Errors
    /// The run is over, or the reply is empty or too long; nothing is changed then.
    pub fn step(&self, run: &mut Run, reply: &str, seconds: Option<u32>) -> Result<Turn, Refused> {
        let reply = checked(run, reply)?;
        let (scored, feedback) = self.judged(run, reply, seconds);
        Self::take(run, reply, &scored);
        let known = Self::known(run, &scored, seconds);
        let mut rules = Vec::new();
        for rule in &self.scenario.rules {
            if self.drills.conditions.holds(&rule.when, &known) {
                run.feelings = run.feelings.moved(rule);
                rules.push(rule.name.clone());
            }
        }
        let known = Self::known(run, &scored, seconds);
        let thought = self.chosen(&self.scenario.thoughts, &known, run);
        let person = self.answer(run, &known);
        let scored = scored.shown();
        Ok(Turn {
            turn: run.replies.len(),
            person,
            state: run.feelings,
            score: scored.items,
            spans: scored.spans,
            feedback,
            rules,
            thought,
            done: run.done,
        })
    }

    /// What the run came to so far.
    pub fn outcome(&self, run: &Run) -> Outcome {
        let (rule_score, items) = summed(&run.scores);
        Outcome {
            rule_score,
            items,
            safety: Verdict::of(run.safe),
            privacy: Verdict::of(run.private),
            solved: run.solved,
            passed: run.solved && run.safe && run.private && rule_score >= self.drills.pass_mark,
        }
    }

    /// What the reply changes before the person feels anything.
    fn take(run: &mut Run, reply: &str, scored: &Scored) {
        let taken = run
            .told
            .iter()
            .zip(&scored.points)
            .filter(|(_, taken)| **taken);
        let taken: Vec<String> = taken.map(|(name, _)| name.clone()).collect();
        run.taken_up.extend(taken);
        run.safe &= !scored.cues.unsafe_reply;
        run.private &= !scored.cues.private_told;
        if !scored.cues.unsafe_reply {
            run.pending = None;
        }
        run.scores.push(scored.items.clone());
        run.replies.push(reply.to_owned());
    }

    /// What the person says, and whether that ends it.
    fn answer(&self, run: &mut Run, known: &Value) -> String {
        let ends = |end: &Said| {
            end.when
                .as_ref()
                .is_some_and(|c| self.drills.conditions.holds(c, known))
        };
        if ends(&self.scenario.leaves) {
            return Self::end(run, &self.scenario.leaves);
        }
        if ends(&self.scenario.solved) {
            run.solved = true;
            return Self::end(run, &self.scenario.solved);
        }
        if run.replies.len() >= usize::from(self.drills.most_turns) {
            return Self::end(run, &self.scenario.leaves);
        }
        let ready = |fact: &&Fact| {
            let fits = fact
                .when
                .as_ref()
                .is_none_or(|c| self.drills.conditions.holds(c, known));
            fits && fact.trust <= run.feelings.trust
        };
        let next = self.untold(run).find(ready);
        if let Some(fact) = next.filter(|_| self.drills.conditions.holds(&self.drills.tells, known))
        {
            return Self::tell(run, fact);
        }
        let words = self.chosen(&self.scenario.replies, known, run);
        run.said.push(words.clone());
        words
    }

    fn end(run: &mut Run, end: &Said) -> String {
        run.done = true;
        let words = worded(&end.says, run.variant);
        run.said.push(words.clone());
        words
    }

    fn tell(run: &mut Run, fact: &Fact) -> String {
        let words = worded(&fact.says, run.variant);
        run.told.push(fact.name.clone());
        run.said.push(words.clone());
        run.pending = fact.danger.or(run.pending);
        words
    }

    /// The first wordings whose condition holds; another one each time.
    fn chosen(&self, from: &[Said], known: &Value, run: &Run) -> String {
        let holds = |s: &&Said| {
            s.when
                .as_ref()
                .is_none_or(|c| self.drills.conditions.holds(c, known))
        };
        let said = from.iter().find(holds);
        said.map_or_else(String::new, |s| {
            worded(&s.says, run.variant + run.replies.len() as u32)
        })
    }

    fn told<'r>(&self, run: &'r Run) -> impl Iterator<Item = &'d Fact> + use<'r, 'd> {
        let scenario = self.scenario;
        let by_name = move |name: &String| scenario.facts.iter().find(|f| f.name == *name);
        run.told.iter().filter_map(by_name)
    }

    /// What is not told yet and may be, as far as other facts go.
    fn untold<'r>(&self, run: &'r Run) -> impl Iterator<Item = &'d Fact> + use<'r, 'd> {
        let facts = self.scenario.facts.iter();
        facts
            .filter(|f| !run.told.contains(&f.name) && f.after.iter().all(|a| run.told.contains(a)))
    }

    fn next_fact(&self, run: &Run) -> Option<&'d Fact> {
        self.untold(run).next()
    }

    fn points(&self, run: &Run) -> Vec<(Stems, bool)> {
        let one = |fact: &Fact| (fact.takes_up.clone(), run.taken_up.contains(&fact.name));
        self.told(run).map(one).collect()
    }

    /// What conditions may mention.
    fn known(run: &Run, scored: &Scored, seconds: Option<u32>) -> Value {
        let level = |item: &Item| (item.name(), scored.items.get(item).copied().unwrap_or(0));
        let items = Item::ALL.iter().map(level);
        let cues = &scored.cues;
        let taken_up: Vec<String> = run.taken_up.iter().cloned().collect();
        let hurts: Vec<String> = cues.hurts.iter().map(|(rule, _)| rule.clone()).collect();
        context! {
            ignored => cues.ignored, stock => cues.stock, copied => cues.copied, hurts => hurts,
            unsafe => cues.unsafe_reply, private => cues.private_told, questions => cues.questions,
            promised => best(&run.scores, Item::NextStep) == 2,
            trust => run.feelings.trust, anger => run.feelings.anger, fear => run.feelings.fear,
            danger => run.feelings.danger, turn => run.replies.len(),
            told => run.told.clone(), taken_up => taken_up, slow => seconds.is_some_and(|s| s > SLOW),
            ..Value::from_pairs(items)
        }
    }
}

impl Scenario {
    /// Their first words, in that variant.
    pub fn opening(&self, variant: u32) -> String {
        worded(&self.facts[0].says, variant)
    }

    /// How many different openings there are.
    pub fn variants(&self) -> u32 {
        self.facts[0].says.len() as u32
    }

    /// The names of what they may tell, without the opening.
    pub fn fact_names(&self) -> impl Iterator<Item = &str> {
        let names = self.facts.iter().map(|f| f.name.as_str());
        names.filter(|n| *n != OPENING)
    }
}

fn worded(says: &[String], turn: u32) -> String {
    says[turn as usize % says.len()].clone()
}

/// A reply that has words and is not too long, to a run that goes on.
fn checked<'r>(run: &Run, reply: &'r str) -> Result<&'r str, Refused> {
    let trimmed = reply.trim();
    if trimmed.chars().count() > LONGEST {
        return Err(Refused::TooLong);
    }
    if !trimmed.chars().any(char::is_alphanumeric) {
        return Err(Refused::Empty);
    }
    if run.done {
        return Err(Refused::Over);
    }
    Ok(trimmed)
}
