//! `nohold drill`: practise with made-up people, in the terminal or through a pipe.

use super::{Failure, lines, mistakes, said::say, strict, texts};
use crate::{
    assist::Item,
    config::Settings,
    drill::{Drill, Drills, Run, Turn, agreement},
};
use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Every scenario, a JSON line each.
    List,
    /// Talk to one of them. Through a pipe it reads {"reply"} a line and answers a JSON line each.
    Play {
        /// The scenario's name.
        id: String,
        /// Which of the wordings: another number, another run.
        #[arg(long, default_value_t = 0)]
        variant: u32,
    },
    /// How far two people's labels of the same replies agree with each other and with the rule score.
    Agree {
        /// The first labeller's file.
        first: PathBuf,
        /// The second labeller's file.
        second: PathBuf,
    },
}

pub(super) fn run(command: &Command, settings: &Settings) -> Result<ExitCode, Failure> {
    let drills = Drills::load(&texts(settings)?).map_err(|errors| mistakes(&errors))?;
    match command {
        Command::List => {
            let mut out = std::io::stdout().lock();
            for scenario in drills.all() {
                let row = json!({"id": scenario.id, "title": scenario.title, "level": scenario.level,
                    "persona": scenario.persona, "language": scenario.language, "opening": scenario.opening(0)});
                writeln!(out, "{row}")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Agree { first, second } => agree(&drills, first, second),
        Command::Play { id, variant } => {
            let drill = drills.drill(id).ok_or_else(|| {
                let known: Vec<&str> = drills.all().map(|s| s.id.as_str()).collect();
                format!("there is no drill '{id}': there are {}", known.join(", "))
            })?;
            if std::io::stdin().is_terminal() {
                talk(&drill, *variant)
            } else {
                piped(&drill, *variant)
            }
        }
    }
}

/// A reply to the first words of a scenario, with somebody's labels.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    id: String,
    drill: String,
    #[serde(rename = "said")]
    _said: String,
    reply: String,
    scores: BTreeMap<Item, u8>,
}

fn labelled(file: &Path) -> Result<BTreeMap<String, Labelled>, Failure> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| format!("{name}: {e}"))?;
    let mut all = BTreeMap::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let at = |e: &dyn std::fmt::Display| format!("{name}:{}: {e}", n + 1);
        let read: Labelled = strict::object(line.as_bytes()).map_err(|e| at(&e))?;
        if let Some((item, _)) = read.scores.iter().find(|(_, level)| **level > 2) {
            return Err(at(&format!("{}: is 0, 1 or 2", item.name())).into());
        }
        all.insert(read.id.clone(), read);
    }
    Ok(all)
}

fn agree(drills: &Drills, first: &Path, second: &Path) -> Result<ExitCode, Failure> {
    let (first, second) = (labelled(first)?, labelled(second)?);
    let mut levels: BTreeMap<Item, Vec<(u8, u8, u8)>> = BTreeMap::new();
    for (id, one) in &first {
        let Some(other) = second.get(id) else {
            continue;
        };
        let unknown = || format!("{id}: there is no drill '{}'", one.drill);
        let drill = drills.drill(&one.drill).ok_or_else(unknown)?;
        let mut run = drill.begin(0);
        let turn = drill.step(&mut run, &one.reply, None);
        turn.map_err(|e| format!("{id}: {e}"))?;
        // Also what is not shown.
        for (item, rule) in run.scores.pop().unwrap_or_default() {
            if let (Some(a), Some(b)) = (one.scores.get(&item), other.scores.get(&item)) {
                levels.entry(item).or_default().push((*a, *b, rule));
            }
        }
    }
    for item in Item::ALL {
        let given = levels.get(item).map_or(&[][..], Vec::as_slice);
        say!("{}", serde_json::to_string(&agreement(item.name(), given))?);
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
struct ReplyLine {
    reply: String,
    #[serde(default)]
    seconds: Option<u32>,
}

fn piped(drill: &Drill<'_>, variant: u32) -> Result<ExitCode, Failure> {
    let mut run = drill.begin(variant);
    let code = lines::each_until(|line: ReplyLine| {
        let turn = drill.step(&mut run, &line.reply, line.seconds);
        turn.map(|t| (shown(&t), t.done)).map_err(|e| e.to_string())
    })?;
    say!("{}", json!({"result": drill.outcome(&run)}));
    Ok(code)
}

fn shown(turn: &Turn) -> Value {
    serde_json::to_value(turn).unwrap_or(Value::Null)
}

/// A conversation in the terminal: feedback after every turn, the result at the end.
fn talk(drill: &Drill<'_>, variant: u32) -> Result<ExitCode, Failure> {
    let mut run: Run = drill.begin(variant);
    let mut out = std::io::stdout().lock();
    writeln!(out, "> {}\n", run.said.join("\n"))?;
    for line in std::io::stdin().lock().lines() {
        match drill.step(&mut run, &line?, None) {
            Err(refused) => writeln!(out, "({refused})")?,
            Ok(turn) => {
                for one in &turn.feedback {
                    let what = one.worked.as_ref().map_or("-", |_| "+");
                    writeln!(out, "  {what} {}", one.why)?;
                    if let Some(better) = &one.better {
                        writeln!(out, "    {better}")?;
                    }
                }
                writeln!(out, "\n> {}\n", turn.person)?;
            }
        }
        if run.done {
            break;
        }
    }
    writeln!(out, "{}", json!({"result": drill.outcome(&run)}))?;
    Ok(ExitCode::SUCCESS)
}
