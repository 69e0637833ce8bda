//! Where labelled messages come from, each in the shape of one: our own lines, the hands, comments of NHS
//! patients, everyday queries, comments of `GoEmotions`.

use crate::learn::Example;
use nohold::{
    domain::{Category, DateOrder, Emotion, Intent, RedFlag, Relation},
    nlu::{Interpreter, Setting, held_out},
};
use serde::Deserialize;
use std::{
    fmt::Display,
    io::Read,
    path::{Path, PathBuf},
};

/// The day on which labelled messages are read: any will do, but always the same.
pub const SETTING: Setting<'_> = Setting {
    today: jiff::civil::date(2026, 11, 24),
    country: "GB",
    order: DateOrder::DayFirst,
};

/// How much a line counts of a hand that answers our questions: most messages of every talk do.
const ANSWERS: f32 = 3.0;

/// A file that cannot be used, with the line where there is one.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

impl Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

pub(crate) fn at(file: &Path, what: impl Display) -> Wrong {
    Wrong(format!("{}: {what}", file.display()))
}

/// A question that was labelled, or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Label<T> {
    /// Nobody labelled it.
    #[default]
    NotJudged,
    /// There is none.
    None,
    /// This.
    Is(T),
}

/// One labelled message.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Its words.
    pub text: String,
    /// The writer or the source, which is what parts are split by.
    pub hand: String,
    /// What it is for; of several each is half right.
    pub intents: Vec<Intent>,
    /// Who writes.
    pub relation: Option<Relation>,
    /// The strongest feeling.
    pub emotion: Option<Emotion>,
    /// Danger.
    pub red_flag: Label<RedFlag>,
    /// What went wrong; of several each is half right.
    pub categories: Label<Vec<Category>>,
    /// How the source calls it: the sentiment of the NHS.
    pub note: String,
    /// How much it counts in training.
    pub weight: f32,
}

impl Labelled {
    /// The right answers, as the model numbers them.
    pub fn answers(&self) -> [Vec<u8>; 5] {
        [
            self.intents.iter().map(|i| *i as u8).collect(),
            self.relation.iter().map(|r| *r as u8).collect(),
            match self.red_flag {
                Label::NotJudged => vec![],
                Label::None => vec![0],
                Label::Is(flag) => vec![flag as u8 + 1],
            },
            // What is asked of a complaint is learned from complaints; "none" is one that does not say yet what
            // it is about.
            match &self.categories {
                Label::NotJudged => vec![],
                Label::None if self.intents != [Intent::Complaint] => vec![],
                Label::None => vec![0],
                Label::Is(all) => all.iter().map(|c| *c as u8 + 1).collect(),
            },
            self.emotion.iter().map(|e| *e as u8).collect(),
        ]
    }

    /// Itself as the training of the encoder reads it.
    pub fn exported(&self) -> serde_json::Value {
        serde_json::json!({
            "text": self.text,
            "hand": self.hand,
            "note": self.note,
            "answers": self.answers(),
            "weight": self.weight,
        })
    }

    /// What is learned from it; nothing of a message without a word or sign.
    pub fn example(&self, reader: &Interpreter, with_rules: bool) -> Option<Example> {
        Some(Example {
            features: reader.features(&self.text, SETTING, with_rules)?,
            answers: self.answers(),
            weight: self.weight,
        })
    }
}

pub(crate) fn read(file: &Path) -> Result<String, Wrong> {
    std::fs::read_to_string(file).map_err(|e| at(file, e))
}

fn unpack(file: &Path) -> Result<String, Wrong> {
    let packed = std::fs::File::open(file).map_err(|e| at(file, e))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .map_err(|e| at(file, e))?;
    Ok(text)
}

/// A label of that name, or what is wrong.
fn named<T>(
    find: fn(&str) -> Option<T>,
    file: &Path,
    line: usize,
    column: &str,
    name: &str,
) -> Result<T, Wrong> {
    find(name).ok_or_else(|| at(file, format!("line {line}: {column}: '{name}' is no label")))
}

/// The tab-separated files in a folder, in the order of their names.
pub(crate) fn tables(folder: &Path) -> Result<Vec<PathBuf>, Wrong> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|e| at(folder, e))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    Ok(files)
}

/// The hands in a folder, in the order of their names.
pub fn hands(folder: &Path) -> Result<Vec<Labelled>, Wrong> {
    let mut all = Vec::new();
    for file in tables(folder)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        for (n, line) in read(&file)?.lines().enumerate().skip(1) {
            all.push(hand_line(&file, n + 1, line, &name)?);
        }
    }
    Ok(all)
}

fn hand_line(file: &Path, n: usize, line: &str, hand: &str) -> Result<Labelled, Wrong> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [text, intent, relation, emotion, red_flag, category] = fields[..] else {
        return Err(at(
            file,
            format!("line {n}: {} columns, not 6", fields.len()),
        ));
    };
    let red_flag = match red_flag {
        "none" => Label::None,
        flag => Label::Is(named(RedFlag::from_name, file, n, "red_flag", flag)?),
    };
    let categories = match category {
        "none" => Label::None,
        one => Label::Is(vec![named(Category::from_name, file, n, "category", one)?]),
    };
    Ok(Labelled {
        text: text.to_owned(),
        hand: hand.to_owned(),
        intents: vec![named(Intent::from_name, file, n, "intent", intent)?],
        relation: Some(named(Relation::from_name, file, n, "relation", relation)?),
        emotion: Some(named(Emotion::from_name, file, n, "emotion", emotion)?),
        red_flag,
        categories,
        note: String::new(),
        weight: if hand.ends_with("answers") {
            ANSWERS
        } else {
            1.0
        },
    })
}

/// A line of our own messages.
#[derive(Deserialize)]
struct OwnLine {
    text: String,
    #[serde(default)]
    intent: Option<Intent>,
    #[serde(default)]
    relation: Option<Relation>,
    #[serde(default)]
    emotion: Option<Emotion>,
    #[serde(default)]
    red_flag: Label<RedFlag>,
    #[serde(default)]
    category: Label<Category>,
}

/// A field that is there and `null`: there is none.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Label<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::None, Self::Is))
    }
}

/// Our own lines: JSON, one a line. One in five, by a hash of its text, is called `own, kept aside`.
pub fn own(file: &Path) -> Result<Vec<Labelled>, Wrong> {
    let mut all = Vec::new();
    for (n, line) in read(file)?.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let line: OwnLine =
            serde_json::from_str(line).map_err(|e| at(file, format!("line {}: {e}", n + 1)))?;
        let aside = if held_out(&line.text) {
            "own, kept aside"
        } else {
            "own"
        };
        all.push(Labelled {
            hand: aside.to_owned(),
            intents: line.intent.into_iter().collect(),
            relation: line.relation,
            emotion: line.emotion,
            red_flag: line.red_flag,
            categories: match line.category {
                Label::NotJudged => Label::NotJudged,
                Label::None => Label::None,
                Label::Is(category) => Label::Is(vec![category]),
            },
            note: String::new(),
            weight: 0.5,
            text: line.text,
        });
    }
    Ok(all)
}

#[derive(Deserialize)]
struct Comment {
    text: String,
    source: String,
    sentiment: String,
    categories: Vec<String>,
}

/// Comments of NHS patients, by their phase.
pub fn nhs(file: &Path) -> Result<Vec<Labelled>, Wrong> {
    let mut all = Vec::new();
    for (n, line) in unpack(file)?.lines().enumerate() {
        let told = |e: &dyn Display| at(file, format!("line {}: {e}", n + 1));
        let comment: Comment = serde_json::from_str(line).map_err(|e| told(&e))?;
        let categories = comment
            .categories
            .iter()
            .map(|c| named(Category::from_name, file, n + 1, "categories", c))
            .collect::<Result<Vec<_>, _>>()?;
        // What is mild or mixed is a wish in a form, mostly, and no complaint: half of each, so that the honest
        // answer is "unsure".
        let (intents, emotion) = match comment.sentiment.as_str() {
            "critical" => (vec![Intent::Complaint], None),
            "praise" => (vec![Intent::Compliment], Some(Emotion::Positive)),
            "mild" => (vec![Intent::Complaint, Intent::Other], None),
            _ => (vec![], None),
        };
        all.push(Labelled {
            text: comment.text,
            hand: format!("nhs, {}", comment.source),
            intents,
            relation: None,
            emotion,
            red_flag: Label::None,
            categories: if categories.is_empty() {
                Label::NotJudged
            } else {
                Label::Is(categories)
            },
            note: comment.sentiment,
            weight: 0.25,
        });
    }
    Ok(all)
}

#[derive(Deserialize)]
struct Query {
    text: String,
    intent: String,
}

/// Everyday queries; one in three is called `everyday, kept aside`.
pub fn everyday(file: &Path) -> Result<Vec<Labelled>, Wrong> {
    let mut all = Vec::new();
    for (n, line) in unpack(file)?.lines().enumerate() {
        let query: Query =
            serde_json::from_str(line).map_err(|e| at(file, format!("line {}: {e}", n + 1)))?;
        let intent = match query.intent.as_str() {
            "greeting" => Intent::Greeting,
            "goodbye" => Intent::Goodbye,
            "thank_you" => Intent::Thanks,
            _ => Intent::Other,
        };
        let aside = if n % 3 == 2 {
            "everyday, kept aside"
        } else {
            "everyday"
        };
        all.push(Labelled {
            text: query.text,
            hand: aside.to_owned(),
            intents: vec![intent],
            relation: None,
            emotion: None,
            red_flag: Label::None,
            categories: Label::NotJudged,
            note: query.intent,
            weight: 0.3,
        });
    }
    Ok(all)
}

/// `GoEmotions`' 28 labels in our six groups.
fn group(name: &str) -> Emotion {
    match name {
        "anger" | "annoyance" | "disapproval" | "disgust" => Emotion::Upset,
        "fear" | "nervousness" => Emotion::Anxious,
        "sadness" | "grief" | "disappointment" | "remorse" | "embarrassment" => Emotion::Sad,
        "confusion" | "curiosity" => Emotion::Confused,
        "neutral" | "realization" | "surprise" => Emotion::Neutral,
        _ => Emotion::Positive,
    }
}

/// Comments of `GoEmotions`: the comment, a tab, its labels' numbers with commas. Only those with one feeling of ours.
pub fn feelings(folder: &Path, file: &str) -> Result<Vec<Labelled>, Wrong> {
    let names = folder.join("labels.txt");
    let groups: Vec<Emotion> = read(&names)?.split_whitespace().map(group).collect();
    let file = folder.join(file);
    let mut all = Vec::new();
    for (n, line) in unpack(&file)?.lines().enumerate() {
        let wrong = || {
            at(
                &file,
                format!("line {}: not a comment and its labels", n + 1),
            )
        };
        let mut fields = line.split('\t');
        let (text, labels) = fields.next().zip(fields.next()).ok_or_else(wrong)?;
        let mut right = Vec::new();
        for label in labels.split(',') {
            let label: usize = label.parse().map_err(|_| wrong())?;
            let emotion = *groups.get(label).ok_or_else(wrong)?;
            if !right.contains(&emotion) {
                right.push(emotion);
            }
        }
        let [emotion] = right[..] else { continue };
        all.push(Labelled {
            text: text.to_owned(),
            hand: "goemotions".to_owned(),
            intents: vec![],
            relation: None,
            emotion: Some(emotion),
            red_flag: Label::NotJudged,
            categories: Label::NotJudged,
            note: String::new(),
            weight: 0.25,
        });
    }
    Ok(all)
}
