//! Feedback on a reply: what worked, and one thing to change, with a better wording made from this conversation.

use super::{Item, Rubric, lexicon::Lexicon, scoring::Scored, situation::Situation};
use minijinja::context;
use serde::{Deserialize, Serialize};

/// What a better wording is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// What was told so far, each as "you waited two hours", the last one last.
    pub reflect: &'a [&'a str],
    /// A question that leaves room for what was not told yet; none where all was told.
    pub ask: Option<&'a str>,
    /// Who does what, by when.
    pub next: &'a str,
    /// What to say to somebody in danger.
    pub safe: &'a str,
}

/// One thing that worked, or one to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Feedback {
    /// What worked: an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worked: Option<String>,
    /// What to change: an item, safety, privacy, or a rule of the coach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Why.
    pub why: String,
    /// A better wording; null for what worked.
    pub better: Option<String>,
}

/// What is worth praising first.
const WORTH: [Item; 9] = [
    Item::FeelingNamed,
    Item::Reflection,
    Item::Apology,
    Item::NextStep,
    Item::OpenQuestion,
    Item::EveryPoint,
    Item::PlainWords,
    Item::NoOverpromise,
    Item::Pace,
];

/// What is worth changing first, while something is still to be told.
const FIRST: [Item; 9] = [
    Item::NoOverpromise,
    Item::Reflection,
    Item::FeelingNamed,
    Item::Apology,
    Item::OpenQuestion,
    Item::Pace,
    Item::PlainWords,
    Item::EveryPoint,
    Item::NextStep,
];

impl Rubric {
    /// At most one thing that worked and one to change. `done` are items that were done well before: they need not
    /// be done again.
    pub fn feedback(
        &self,
        at: &Situation<'_>,
        scored: &Scored,
        done: &[Item],
        material: &Material<'_>,
    ) -> Vec<Feedback> {
        let Some(lexicon) = self.languages.get(at.language) else {
            return Vec::new();
        };
        let worded = Worded {
            lexicon,
            at,
            material,
        };
        let level = |item: &Item| scored.items.get(item).copied();
        let worked = WORTH.iter().find(|i| level(i) == Some(2));
        let worked = worked.map(|item| Feedback {
            worked: Some(item.name().to_owned()),
            why: worded.why(item.name(), 2),
            ..Feedback::default()
        });
        let fix = self.urgent(&worded, scored).or_else(|| {
            let open = |item: &&Item| {
                let level = level(item);
                let once = done.contains(item) && !item.in_every_reply();
                // Nobody need ask where all was told.
                let asked = **item == Item::OpenQuestion && material.ask.is_none();
                level.is_some_and(|l| l < 2) && !once && !asked
            };
            let lowest = FIRST.iter().filter(open).min_by_key(|i| level(i))?;
            Some(Feedback {
                fix: Some(lowest.name().to_owned()),
                why: worded.why(lowest.name(), level(lowest).unwrap_or(0)),
                better: worded.better(lowest.name()),
                ..Feedback::default()
            })
        });
        worked.into_iter().chain(fix).collect()
    }

    /// What comes before every item: danger, privacy, what hurts, what would fit anybody.
    fn urgent(&self, worded: &Worded<'_>, scored: &Scored) -> Option<Feedback> {
        let cues = &scored.cues;
        let fixed = |name: &str, why: String, better: &str| Feedback {
            fix: Some(name.to_owned()),
            why,
            better: worded.better(better),
            ..Feedback::default()
        };
        if cues.unsafe_reply {
            return Some(fixed("safety", worded.why("safety", 0), "safety"));
        }
        if cues.private_told {
            return Some(fixed("privacy", worded.why("privacy", 0), "privacy"));
        }
        if let Some((rule, _)) = cues.hurts.first() {
            let page = self
                .coach
                .pages(worded.at.language)
                .find(|p| p.rule == rule);
            let why = page.map_or_else(|| worded.why("hurts", 0), |p| p.why.to_owned());
            return Some(fixed(rule, why, Item::NextStep.name()));
        }
        if cues.ignored {
            let name = Item::Reflection.name();
            return Some(fixed(
                name,
                worded.why("ignored", 0),
                Item::FeelingNamed.name(),
            ));
        }
        None
    }
}

struct Worded<'a> {
    lexicon: &'a Lexicon,
    at: &'a Situation<'a>,
    material: &'a Material<'a>,
}

impl Worded<'_> {
    fn why(&self, name: &str, level: u8) -> String {
        let texts = self.lexicon.why.get(name);
        let text = texts.and_then(|all| all.get(usize::from(level)));
        text.cloned().unwrap_or_default()
    }

    fn better(&self, name: &str) -> Option<String> {
        let all = self.material.reflect.join(&self.lexicon.and);
        let feeling = self.at.feelings.first();
        let feeling = feeling.and_then(|f| self.lexicon.feelings.get(f));
        // A wording that needs a question has the next step where nothing is left to ask.
        let ask = self.material.ask.unwrap_or(self.material.next);
        let known = context! {
            reflect => self.material.reflect.last().copied(),
            all => all,
            ask => ask,
            next => self.material.next,
            safe => self.material.safe,
            feeling => feeling.map(|f| f.word.as_str()),
        };
        let template = self.lexicon.better.get_template(name).ok()?;
        template.render(known).ok()
    }
}
