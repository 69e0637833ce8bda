//! How well messages are read that were not learned from: shares and tables, by writer.

use crate::{
    sources::{Label, Labelled, SETTING},
    tally::Tally,
};
use nohold::{
    domain::{Category, Intent, Interpretation, RedFlag},
    nlu::{
        Interpreter,
        model::{Head, likeliest},
    },
};
use std::{collections::BTreeMap, fmt::Write};

/// A count of what was right among what was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were.
    pub right: usize,
    /// Of how many.
    pub of: usize,
}

impl Share {
    /// One more.
    pub const fn add(&mut self, right: bool) {
        self.right += right as usize;
        self.of += 1;
    }

    /// From 0 to 1; 0 of nothing.
    pub fn value(self) -> f64 {
        self.right as f64 / self.of.max(1) as f64
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.of == 0 {
            return f.write_str("–");
        }
        write!(f, "{:.3}", self.value())
    }
}

/// What was found on messages of one kind.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Of those in danger, seen.
    pub danger_recall: Share,
    /// Of those seen, in danger.
    pub danger_precision: Share,
    /// Of dangers seen, the right kind.
    pub danger_kind: Share,
    /// Any danger seen, of all messages.
    pub alarms: Share,
    /// The right intent, unsure ones counted by what they were likeliest.
    pub intent: Share,
    /// For each question, by name, what was right and what was found.
    pub tables: BTreeMap<&'static str, Tally>,
    /// The right relation.
    pub relation: Share,
    /// The right feeling.
    pub emotion: Share,
    /// Of complaints, the right domain.
    pub domain: Share,
    /// Of complaints, the right category.
    pub category: Share,
    /// Of complaints, taken as one.
    pub heard: Share,
    /// Of complaints, taken as one or as perhaps one.
    pub heard_or_unsure: Share,
    /// Of praise, taken as praise.
    pub praise: Share,
    /// Of what is no complaint, taken as one.
    pub false_complaints: Share,
    /// Of what is no complaint, asked about.
    pub asked: Share,
}

impl Report {
    /// Reads messages and counts.
    pub fn of<'a>(reader: &Interpreter, messages: impl Iterator<Item = &'a Labelled>) -> Self {
        let mut report = Self::default();
        for message in messages {
            report.add(message, &reader.read(&message.text, SETTING));
        }
        report
    }

    fn add(&mut self, message: &Labelled, found: &Interpretation) {
        let unsure = !found.unsure.is_empty();
        let complains = found.intent == Intent::Complaint && !unsure;
        if message.red_flag != Label::NotJudged {
            self.danger(message.red_flag, found.red_flag);
            let right = match message.red_flag {
                Label::Is(flag) => flag.name(),
                _ => NONE,
            };
            self.table(
                "red_flag",
                right,
                found.red_flag.map_or(NONE, RedFlag::name),
            );
        }
        if let [intent] = message.intents[..] {
            self.intent.add(found.intent == intent);
            self.table("intent", intent.name(), found.intent.name());
            if intent == Intent::Complaint {
                self.heard.add(complains);
                let perhaps = unsure && found.unsure.contains(&Intent::Complaint);
                self.heard_or_unsure.add(complains || perhaps);
            } else {
                self.false_complaints.add(complains);
                self.asked.add(unsure);
            }
            if intent == Intent::Compliment {
                self.praise.add(found.intent == intent && !unsure);
            }
        }
        if let Some(relation) = message.relation {
            self.relation.add(found.relation == relation);
            self.table("relation", relation.name(), found.relation.name());
        }
        if let Some(emotion) = message.emotion {
            self.emotion.add(found.emotion == emotion);
            self.table("emotion", emotion.name(), found.emotion.name());
        }
        let right = match &message.categories {
            Label::NotJudged => None,
            Label::None => Some(None),
            Label::Is(all) => Some(all.first().copied()),
        };
        if let Some(right) = right {
            // As the program gives it: to what complains, and to nothing else.
            let given = found.category.filter(|_| complains);
            let domain = |c: Option<Category>| c.map_or(NONE, |c| c.domain().name());
            self.table("domain", domain(right), domain(given));
            let name = |c: Option<Category>| c.map_or(NONE, Category::name);
            self.table("category", name(right), name(given));
        }
        if let Label::Is(all) = &message.categories
            && message.intents == [Intent::Complaint]
        {
            let domain = |c: Category| all.iter().any(|a| a.domain() == c.domain());
            self.domain.add(found.category.is_some_and(domain));
            self.category
                .add(found.category.is_some_and(|c| all.contains(&c)));
        }
    }

    fn table(&mut self, question: &'static str, right: &str, found: &str) {
        self.tables.entry(question).or_default().add(right, found);
    }

    fn danger(&mut self, right: Label<RedFlag>, found: Option<RedFlag>) {
        self.alarms.add(found.is_some());
        if let Label::Is(flag) = right {
            self.danger_recall.add(found.is_some());
            if let Some(found) = found {
                self.danger_kind.add(found == flag);
            }
        }
        if found.is_some() {
            self.danger_precision.add(right != Label::None);
        }
    }

    /// A row of the table that [`HEAD`] heads.
    pub fn row(&self, name: &str) -> String {
        let mut out = String::new();
        let alarms = 1000.0 * self.alarms.value();
        let wrongly = 1000.0 * self.false_complaints.value();
        let _ = writeln!(
            out,
            "| {name} | {} | {} / {} / {} | {alarms:.1} | {} | {} | {} | {} / {} | {} / {} | {} | {wrongly:.1} / {} |",
            self.alarms.of.max(self.intent.of).max(self.emotion.of),
            self.danger_recall,
            self.danger_precision,
            self.danger_kind,
            self.intent,
            self.relation,
            self.emotion,
            self.heard,
            self.heard_or_unsure,
            self.domain,
            self.category,
            self.praise,
            self.asked,
        );
        out
    }
}

const NONE: &str = "none";

/// The head of a table of reports.
pub const HEAD: &str = "| words of | messages | danger: recall / precision / right kind | alarms per 1,000 | intent | relation | feeling | complaints heard / heard or unsure | domain / category | praise as praise | complaints where none per 1,000 / asked |\n|---|---|---|---|---|---|---|---|---|---|---|\n";

/// For one question: how well each label is told, and rows as expected against columns as found.
pub fn confusion(question: &str, tally: &Tally) -> String {
    let share = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
    let labels: Vec<&str> = tally.labels().into_iter().collect();
    let mut out = format!(
        "\n## {question}: {} messages, macro-F1 {}, accuracy {}\n\n| label | messages | precision | recall | F1 |\n|---|---|---|---|---|\n",
        tally.total(),
        share(tally.macro_f1()),
        share(tally.accuracy()),
    );
    for label in &labels {
        let score = tally.score(label);
        let (precision, recall) = (share(score.precision), share(score.recall));
        let _ = writeln!(
            out,
            "| {label} | {} | {precision} | {recall} | {:.3} |",
            score.count,
            score.f1()
        );
    }
    let _ = writeln!(out, "\n| expected ↓ found → | {} |", labels.join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(labels.len()));
    for expected in &labels {
        let row: Vec<String> = (labels.iter())
            .map(|found| tally.count(expected, found).to_string())
            .collect();
        let _ = writeln!(out, "| {expected} | {} |", row.join(" | "));
    }
    out
}

/// Danger at thresholds: for each, recall and precision of the classifier alone on messages that are not the
/// training part's.
pub fn thresholds(reader: &Interpreter, messages: &[&Labelled]) -> String {
    let mut out = String::from("| threshold | recall | precision |\n|---|---|---|\n");
    let likely: Vec<(f32, bool)> = messages
        .iter()
        .filter(|m| m.red_flag != Label::NotJudged)
        .filter_map(|m| {
            let [_, _, p, _, _] = reader.probabilities(&m.text, SETTING)?;
            Some((1.0 - p[0], m.red_flag != Label::None))
        })
        .collect();
    for at in [
        0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ] {
        let (mut recall, mut precision) = (Share::default(), Share::default());
        for (p, danger) in &likely {
            if *danger {
                recall.add(*p >= at);
            }
            if *p >= at {
                precision.add(*danger);
            }
        }
        let _ = writeln!(out, "| {at} | {recall} | {precision} |");
    }
    out
}

/// How many shares of likelihood the table of reliability has.
const BINS: usize = 10;

/// Whether probabilities mean what they say: for each question and each tenth of likelihood, how likely the models
/// found their first answer, and how often it was right. Under each question the mean difference, weighted by messages.
pub fn reliability(reader: &Interpreter, messages: &[&Labelled]) -> String {
    let mut bins = [[(0.0_f64, Share::default()); BINS]; Head::ALL.len()];
    for message in messages {
        let Some(answers) = reader.probabilities(&message.text, SETTING) else {
            continue;
        };
        let all = message.answers();
        for head in Head::ALL {
            let right = &all[head.index()];
            if right.is_empty() {
                continue;
            }
            let of = &answers[head.index()];
            let first = likeliest(of);
            let likely = f64::from(of[first]);
            let bin = ((likely * BINS as f64) as usize).min(BINS - 1);
            let (sum, share) = &mut bins[head.index()][bin];
            *sum += likely;
            share.add(right.contains(&(first as u8)));
        }
    }
    let mut out = String::from("| likelihood of the first answer |");
    for head in Head::ALL {
        let _ = write!(out, " {} |", head.name());
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(Head::ALL.len()));
    for bin in 0..BINS {
        let (from, to) = (bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64);
        let _ = write!(out, "| {from:.1} to {to:.1} |");
        for row in &bins {
            let (sum, share) = row[bin];
            let said = sum / share.of.max(1) as f64;
            let _ = match share.of {
                0 => write!(out, " – |"),
                of => write!(out, " {said:.2} said, {share} right ({of}) |"),
            };
        }
        out.push('\n');
    }
    out.push_str("| mean difference |");
    for row in &bins {
        let all: usize = row.iter().map(|(_, share)| share.of).sum();
        let off = |(sum, share): &(f64, Share)| (sum - share.right as f64).abs();
        let total: f64 = row.iter().map(off).sum();
        let _ = write!(out, " {:.3} |", total / all.max(1) as f64);
    }
    out.push('\n');
    out
}
