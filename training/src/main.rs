//! `nohold-training`: makes the model that is built in, always the same bytes from the same data; or judges how
//! strangers are read.

use clap::{Args, Parser, Subcommand};
use nohold::{
    assist::{Coach, Rubric},
    dialogue::Policy,
    domain::Slot,
    flow::Texts,
    nlu::{Interpreter, encoder::Encoder, model::Model},
};
use nohold_training::{
    answers,
    drafts::{self, Reviewed},
    empathy::{self, Reply},
    entities, facts,
    judge::{self, HEAD, Report, confusion, thresholds},
    learn::{Example, Plan, train},
    order,
    sources::{Labelled, everyday, feelings, hands, nhs, own},
};
use std::{
    error::Error,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Trains and judges the reader.
#[derive(Debug, Parser)]
struct Options {
    #[command(flatten)]
    data: Data,
    #[command(subcommand)]
    command: Command,
}

/// Where the data are. What is not given is not learned from.
#[derive(Debug, Args)]
struct Data {
    /// Our own lines; may be given several times.
    #[arg(long = "own", value_name = "FILE")]
    own: Vec<PathBuf>,
    /// The folder of hands.
    #[arg(long, value_name = "FOLDER")]
    hands: Option<PathBuf>,
    /// The packed comments of NHS patients.
    #[arg(long, value_name = "FILE")]
    nhs: Option<PathBuf>,
    /// The packed everyday queries of CLINC150.
    #[arg(long, value_name = "FILE")]
    everyday: Option<PathBuf>,
    /// The folder of `GoEmotions`.
    #[arg(long, value_name = "FOLDER")]
    goemotions: Option<PathBuf>,
    /// The encoder to read with, beside the linear model: a network in ONNX. Its vocabulary lies beside it.
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// Leave out what the rules find, to see what the model is worth alone.
    #[arg(long)]
    without_rules: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a model of all but the hands that are kept aside.
    Train {
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Hands that are not learned from: the numbers that their names begin with.
        #[arg(long, value_delimiter = ',')]
        aside: Vec<String>,
    },
    /// Learns from the others and reads these hands, the second phase of the NHS and a third of the everyday queries.
    Cross {
        /// Hands to judge on.
        #[arg(long, value_delimiter = ',')]
        aside: Vec<String>,
        /// Hands that are neither learned from nor read: they are for the end.
        #[arg(long, value_delimiter = ',')]
        locked: Vec<String>,
        /// The phase of the NHS to judge on.
        #[arg(long, default_value = "phase 2")]
        phase: String,
        /// Where to keep the model that was learned, to be judged again.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
        /// Show how danger does at other thresholds.
        #[arg(long)]
        thresholds: bool,
    },
    /// Says how many marked spans the reader finds, kind by kind.
    Entities {
        /// Messages with their spans, one a line.
        #[arg(long, value_name = "FILE")]
        messages: PathBuf,
    },
    /// Says how many of strangers' questions the shipped facts answer.
    Facts {
        /// Questions with their topics, one a line.
        #[arg(long, value_name = "FILE")]
        questions: PathBuf,
    },
    /// Says how often the meaning of strangers' answers to a question of yes or no is found.
    Answers {
        /// The question, as flows name it.
        #[arg(long, value_name = "SLOT")]
        question: String,
        /// Answers with their meaning, one a line.
        #[arg(long, value_name = "FILE")]
        answers: PathBuf,
    },
    /// Says how well the coach reviews labelled drafts.
    Coach {
        /// Drafts with their labels, one JSON object a line.
        #[arg(long, value_name = "FILE")]
        drafts: PathBuf,
    },
    /// Makes the scorer of empathy from pairs of a message and a reply; and says how well it agrees with those that
    /// are kept aside.
    Empathy {
        /// The folder of pairs.
        #[arg(long, value_name = "FOLDER")]
        pairs: PathBuf,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Files that are not learned from: the numbers that their names begin with.
        #[arg(long, value_delimiter = ',')]
        aside: Vec<String>,
    },
    /// Makes the model that tells sentences from words thrown together, of the hands and these.
    Order {
        /// The folder of pairs of a message and a reply.
        #[arg(long, value_name = "FOLDER")]
        pairs: PathBuf,
        /// The folder of frames.
        #[arg(long, value_name = "FOLDER")]
        frames: PathBuf,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Writes what is learned from as JSON lines for the training of the encoder: the text, its hand, the numbers
    /// of the right answers to each question, its weight.
    Export,
    /// Reads data with the model that is built in, or another.
    Judge {
        /// Hands to read.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// A model in the place of the one that is built in.
        #[arg(long, value_name = "FILE")]
        model: Option<PathBuf>,
        /// Show for each question how well each label is told, and what is taken for what.
        #[arg(long)]
        tables: bool,
        /// Show whether probabilities mean what they say.
        #[arg(long)]
        reliability: bool,
        /// Rules alone.
        #[arg(long, conflicts_with = "model")]
        without_model: bool,
    },
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn load(data: &Data) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut all = Vec::new();
    for file in &data.own {
        all.extend(own(file)?);
    }
    if let Some(folder) = &data.hands {
        all.extend(hands(folder)?);
    }
    if let Some(file) = &data.nhs {
        all.extend(nhs(file)?);
    }
    if let Some(file) = &data.everyday {
        all.extend(everyday(file)?);
    }
    if let Some(folder) = &data.goemotions {
        all.extend(feelings(folder, "train.tsv.gz")?);
    }
    eprintln!("{} messages", all.len());
    Ok(all)
}

/// An encoder from a file, if one is named.
fn encoder(file: Option<&Path>) -> Result<Option<Encoder>, Box<dyn Error>> {
    let Some(file) = file else { return Ok(None) };
    let told = |e: std::io::Error| format!("{}: {e}", file.display());
    let network = std::fs::read(file).map_err(told)?;
    let words = std::fs::read_to_string(file.with_extension("vocabulary.txt")).map_err(told)?;
    Ok(Some(Encoder::new(network.leak(), &words)?))
}

/// Whether a hand's name begins with one of the numbers.
fn among(message: &Labelled, numbers: &[String]) -> bool {
    let hand = message.hand.split('-').next().unwrap_or_default();
    numbers.iter().any(|n| n == hand)
}

fn learn(reader: &Interpreter, messages: &[&Labelled], with_rules: bool) -> Model {
    let examples: Vec<Example> = messages
        .iter()
        .filter_map(|m| m.example(reader, with_rules))
        .collect();
    eprintln!("learning from {} examples", examples.len());
    train(&examples, with_rules, Plan::STANDARD)
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let all = load(&options.data)?;
    let rules = Interpreter::by_rules()?;
    let with_rules = !options.data.without_rules;
    match &options.command {
        Command::Train { out, aside } => {
            let messages: Vec<&Labelled> = all
                .iter()
                .filter(|m| !among(m, aside) && m.hand != "own, kept aside")
                .collect();
            let bytes = learn(&rules, &messages, with_rules).to_bytes();
            std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
            eprintln!("{}: {} bytes", out.display(), bytes.len());
        }
        Command::Cross {
            aside,
            locked,
            phase,
            keep,
            thresholds: sweep,
        } => {
            let judged = |m: &&Labelled| {
                among(m, aside)
                    || m.hand == format!("nhs, {phase}")
                    || m.hand.ends_with("kept aside")
            };
            let messages: Vec<&Labelled> = (all.iter())
                .filter(|m| !judged(m) && !among(m, locked))
                .collect();
            let model = learn(&rules, &messages, with_rules);
            if let Some(file) = keep {
                std::fs::write(file, model.to_bytes())
                    .map_err(|e| format!("{}: {e}", file.display()))?;
            }
            let reader = rules
                .with_model(Some(model))
                .with_encoder(encoder(options.data.encoder.as_deref())?);
            let read: Vec<&Labelled> = all.iter().filter(judged).collect();
            show(&reader, &read);
            if *sweep {
                let hands: Vec<&Labelled> =
                    read.iter().copied().filter(|m| among(m, aside)).collect();
                print!("\n{}", thresholds(&reader, &hands));
            }
        }
        Command::Entities { messages } => {
            let messages = entities::marked(messages)?;
            println!("| kind | marked | recall | precision |\n|---|---|---|---|");
            for (kind, found) in entities::judge(&rules, &messages) {
                let share = |of: usize| found.right as f32 / of.max(1) as f32;
                let (recall, precision) = (share(found.marked), share(found.given));
                println!(
                    "| {kind} | {} | {recall:.2} | {precision:.2} |",
                    found.marked
                );
            }
        }
        Command::Coach { drafts } => {
            let coach = Coach::load(&Texts::built_in())?;
            let reader = Interpreter::built_in()?;
            let reviewed = Reviewed::of(&coach, &reader, &drafts::drafts(drafts)?);
            print!("{}", reviewed.table());
            if !reviewed.wrong.is_empty() {
                print!("\n## Wrong\n\n{}", reviewed.wrong);
            }
        }
        Command::Facts { questions } => {
            let policy = Policy::load(&Texts::built_in(), "GB", None)
                .map_err(|wrong| format!("the built-in flows: {wrong:?}"))?;
            let now = "2026-11-25T10:00:00Z".parse::<jiff::Timestamp>()?.into();
            println!(
                "| questions | right | wrong | asked which of two (right among them) | of others: answered / asked |\n|---|---|---|---|---|"
            );
            for chosen_on in [true, false] {
                let all = facts::judge(&policy, now, &facts::asked(questions, chosen_on)?);
                let share = |n: usize, of: usize| n as f32 / of.max(1) as f32;
                let of = |n: usize| share(n, all.questions);
                let words = if chosen_on {
                    "chosen on"
                } else {
                    "not chosen on"
                };
                println!(
                    "| {} ({words}), {} others | {:.3} | {:.3} | {:.3} ({:.3}) | {:.3} / {:.3} |",
                    all.questions,
                    all.others,
                    of(all.right),
                    of(all.wrong),
                    of(all.asked),
                    of(all.asked_right),
                    share(all.others_answered, all.others),
                    share(all.others_asked, all.others)
                );
            }
        }
        Command::Answers { question, answers } => {
            let slot = Slot::from_name(question)
                .ok_or_else(|| format!("'{question}' is no name of a thing to find out"))?;
            let policy = Policy::load(&Texts::built_in(), "GB", None)
                .map_err(|wrong| format!("the built-in flows: {wrong:?}"))?;
            let labelled = answers::labelled(answers)?;
            print!(
                "{}",
                answers::table(&policy.flows.answers, &slot, &labelled)
            );
        }
        Command::Empathy { pairs, out, aside } => {
            let all = empathy::replies(pairs)?;
            let kept = |r: &&Reply| aside.iter().any(|a| r.hand.split('-').next() == Some(a));
            let (judged, others): (Vec<&Reply>, Vec<&Reply>) = all.iter().partition(kept);
            let tables = empathy::learn(&others);
            if let Some(out) = out {
                let mut bytes = Vec::new();
                for table in &tables {
                    table.to_bytes(&mut bytes);
                }
                std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
            }
            let share = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
            for (name, tally) in empathy::judge(&tables, &judged) {
                let (same, kappa) = (share(tally.accuracy()), share(tally.weighted_kappa()));
                println!(
                    "{name}: the same {same}, quadratic kappa {kappa} ({} replies)",
                    tally.total()
                );
            }
        }
        Command::Order { pairs, frames, out } => {
            let rubric = Rubric::load(&Texts::built_in())
                .map_err(|wrong| format!("the built-in flows: {wrong:?}"))?;
            let replies = empathy::replies(pairs)?;
            let frames = order::Frames::of(frames)?;
            let (learned, aside) = order::examples(&rubric, &all, &replies, &frames);
            let table = order::learn(&learned);
            for bound in [0.1, 0.2, 0.25, 0.3, 0.4] {
                let [lost, found] = order::under(&table, &aside, bound);
                println!(
                    "under {bound}: {lost:.3} of sentences, {found:.3} of words thrown together"
                );
            }
            let mut bytes = Vec::new();
            table.to_bytes(&mut bytes);
            std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
        }
        Command::Export => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            for message in &all {
                serde_json::to_writer(&mut out, &message.exported())?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        Command::Judge {
            only,
            model,
            tables,
            reliability,
            without_model,
        } => {
            let reader = match model {
                Some(file) => {
                    let bytes =
                        std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
                    rules
                        .with_model(Some(Model::from_bytes(&bytes)?))
                        .with_encoder(encoder(options.data.encoder.as_deref())?)
                }
                None if *without_model => rules,
                None => Interpreter::built_in()?,
            };
            let read: Vec<&Labelled> = all
                .iter()
                .filter(|m| only.is_empty() || among(m, only) || m.hand.contains(','))
                .collect();
            show(&reader, &read);
            if *reliability {
                println!("{}", judge::reliability(&reader, &read));
            }
            if *tables {
                for (question, tally) in &Report::of(&reader, read.iter().copied()).tables {
                    print!("{}", confusion(question, tally));
                }
            }
        }
    }
    Ok(())
}

/// One row a hand, and one for all hands together.
fn show(reader: &Interpreter, messages: &[&Labelled]) {
    let mut names: Vec<String> = Vec::new();
    for message in messages {
        let name = group(message);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    print!("{HEAD}");
    for name in names {
        let group = messages.iter().copied().filter(|m| group(m) == name);
        print!("{}", Report::of(reader, group).row(&name));
    }
    let hands = messages
        .iter()
        .copied()
        .filter(|m| m.hand.starts_with(|c: char| c.is_ascii_digit()));
    print!("{}", Report::of(reader, hands).row("all hands"));
}

/// What a message is shown under: its hand, and what the NHS called it.
fn group(message: &Labelled) -> String {
    if message.hand.starts_with("nhs") {
        format!("{}, {}", message.hand, message.note)
    } else {
        message.hand.clone()
    }
}
