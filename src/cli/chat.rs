//! `nohold chat`: talk to the bot in the terminal. Nothing is kept.

use super::Failure;
use crate::{
    clock::Clock,
    complaint::PublishedComplaint,
    config::Settings,
    dialogue::{Policy, Simulator},
    domain::{Author, Choice, Message, interpretation::Cue},
    flow::{CHANNELS, Flows},
};
use anstyle::{AnsiColor, Style};
use std::{
    fmt::Write as _,
    io::{BufRead, Write},
    path::Path,
    process::ExitCode,
};

const BOT: Style = Style::new();
const FAINT: Style = Style::new().dimmed();
const CHOICE: Style = AnsiColor::Cyan.on_default();
const WRONG: Style = AnsiColor::Red.on_default();

const HELP: &str = "\
Write as somebody would write to you. A number takes an offered answer. An empty line ends it.
  /why           why it said that: flow, question, signals, phrases
  /as CHANNEL    begin anew as if by web, http, telegram, discord or email
  /undo          take the last turn back
  /save FILE     keep the talk so far as a test for `nohold flows test`
  /record        the complaint as it stands on record
  /help          this";

/// One turn, as it was and as it came out.
#[derive(Clone)]
struct Turn {
    says: String,
    chooses: Option<String>,
    awaiting: Option<String>,
    status: &'static str,
    phrases: Vec<String>,
}

struct Chat<'a> {
    rules: &'a Policy,
    clock: Clock,
    play: Simulator<'a>,
    channel: String,
    /// How it stood before each turn.
    before: Vec<Simulator<'a>>,
    turns: Vec<Turn>,
    choices: Vec<Choice>,
}

pub(super) fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let (_, rules) = super::knowledge(settings)?;
    let clock = Clock::system();
    let play = Simulator::new(&rules, clock.event_id(), "web", clock.now());
    let mut chat = Chat {
        rules: &rules,
        clock,
        play,
        channel: "web".to_owned(),
        before: Vec::new(),
        turns: Vec::new(),
        choices: Vec::new(),
    };
    let mut out = anstream::stdout();
    writeln!(
        out,
        "Talking to {}. An empty line ends it; a number takes an offered answer; /help tells more.",
        rules.flows.facts.organisation
    )?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            break;
        }
        let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let told = match word {
            "/help" => HELP.to_owned(),
            "/why" => chat.why(),
            "/as" => chat.begin_as(rest.trim()),
            "/undo" => chat.undo(),
            "/save" => chat.save(Path::new(rest.trim())),
            "/record" => chat.record()?,
            _ => {
                chat.says(&line, &mut out)?;
                continue;
            }
        };
        writeln!(out, "{FAINT}{told}{FAINT:#}\n")?;
        out.flush()?;
    }
    if chat.play.snapshot.complaint.is_some() {
        writeln!(out, "{}", chat.record()?)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Chat<'_> {
    /// The record so far, as it is published.
    fn record(&self) -> serde_json::Result<String> {
        let complaint = self.play.snapshot.complaint.clone();
        serde_json::to_string_pretty(&complaint.map(PublishedComplaint::from))
    }

    fn says(&mut self, line: &str, out: &mut impl Write) -> Result<(), Failure> {
        let number = line.trim().parse::<usize>().ok();
        let offered = number.and_then(|n| self.choices.get(n.checked_sub(1)?));
        let choice = offered.map(|c| c.value.clone());
        if choice.is_none() && number.is_some() && !self.choices.is_empty() {
            writeln!(
                out,
                "{WRONG}There is no answer {line}: 1 to {} are offered. It is taken as written.{WRONG:#}",
                self.choices.len()
            )?;
        }
        let text = if choice.is_some() { "" } else { line };
        self.before.push(self.play.clone());
        let (id, now) = (self.clock.event_id(), self.clock.now());
        let written = self.play.says(text, choice.clone(), id, now)?;
        let state = &self.play.snapshot.conversation;
        self.turns.push(Turn {
            says: text.to_owned(),
            chooses: choice,
            awaiting: state.awaiting().map(|s| s.name().to_owned()),
            status: state.status.name(),
            phrases: self.play.phrases.clone(),
        });
        self.choices.clear();
        for message in written {
            self.show(message, out)?;
        }
        writeln!(out)?;
        out.flush()?;
        Ok(())
    }

    fn show(&mut self, message: Message, out: &mut impl Write) -> Result<(), Failure> {
        match message.from {
            Author::Bot => writeln!(out, "\n{BOT}{}{BOT:#}", message.text)?,
            Author::Note => writeln!(out, "\n{FAINT}(for the desk) {}{FAINT:#}", message.text)?,
            Author::Contact | Author::Agent => return Ok(()),
        }
        for (n, choice) in message.choices.iter().enumerate() {
            writeln!(out, "  {CHOICE}{}. {}{CHOICE:#}", n + 1, choice.title)?;
        }
        if !message.choices.is_empty() {
            self.choices = message.choices;
        }
        Ok(())
    }

    /// Why it said that.
    fn why(&self) -> String {
        let state = &self.play.snapshot.conversation;
        let signals = &self.play.signals;
        let mut out = String::new();
        let mut line = |name: &str, value: String| {
            if !value.is_empty() {
                let _ = writeln!(out, "{name:<9} {value}");
            }
        };
        line("rule", self.play.decided_by.join(", "));
        line("said", self.play.phrases.join(", "));
        if let Some(run) = &state.run {
            line(
                "flow",
                format!("{}{}", run.flow, at(&self.rules.flows, &run.flow)),
            );
            if let Some(slot) = &run.awaiting {
                let asked = format!("{}, asked {} time(s)", slot.name(), run.asked);
                line("question", asked);
            }
        }
        line(
            "asked",
            format!(
                "{} so far{}",
                state.questions,
                if state.reduced_questions {
                    ", spared from now on"
                } else {
                    ""
                }
            ),
        );
        if let Some(queue) = &state.queue {
            line("waits for", format!("{} ({})", queue.team, queue.reason));
        }
        line("intent", signals.intent.name().to_owned());
        let also: Vec<&str> = signals.also.iter().map(|i| i.name()).collect();
        line("also", also.join(", "));
        line(
            "feeling",
            format!("{} {}", signals.emotion.name(), signals.intensity.0),
        );
        line("language", signals.language.clone());
        let cues: Vec<&str> = signals.cues.iter().map(|c: &Cue| c.name()).collect();
        line("cues", cues.join(", "));
        let told: Vec<String> = state
            .slots
            .iter()
            .map(|(slot, filled)| {
                let no = if filled.value.is_missing() {
                    " (declined)"
                } else {
                    ""
                };
                format!("{}{no}", slot.name())
            })
            .collect();
        line("told", told.join(", "));
        out.trim_end().to_owned()
    }

    fn begin_as(&mut self, channel: &str) -> String {
        if !CHANNELS.contains(&channel) {
            return format!("there is no channel '{channel}': {}", CHANNELS.join(", "));
        }
        channel.clone_into(&mut self.channel);
        self.play = Simulator::new(self.rules, self.clock.event_id(), channel, self.clock.now());
        self.before.clear();
        self.turns.clear();
        self.choices.clear();
        format!("a new talk, as if by {channel}")
    }

    fn undo(&mut self) -> String {
        match self.before.pop() {
            None => "there is nothing to take back".to_owned(),
            Some(play) => {
                self.play = play;
                self.choices.clear();
                let turn = self.turns.pop();
                let said = turn.map(|t| t.chooses.unwrap_or(t.says));
                format!("taken back: {}", said.unwrap_or_default())
            }
        }
    }

    /// The talk so far as a conversation for `flows test`, with what was said as what is expected.
    fn save(&self, file: &Path) -> String {
        if file.as_os_str().is_empty() {
            return "name a file: /save tests/conversations/mine.yaml".to_owned();
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        // JSON strings are YAML strings.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut out = format!("conversation: {}\n", quoted(&name));
        let _ = writeln!(out, "channel: {}\nturns:", self.channel);
        for turn in &self.turns {
            let said: Vec<String> = turn.phrases.iter().map(|p| quoted(p)).collect();
            let what = match &turn.chooses {
                Some(value) => format!("chooses: {}", quoted(value)),
                None => format!("says: {}", quoted(&turn.says)),
            };
            let _ = writeln!(
                out,
                "  - {what}\n    said: [{}]\n    awaiting: {}\n    status: {}",
                said.join(", "),
                turn.awaiting.as_deref().unwrap_or("nothing"),
                turn.status
            );
        }
        // Never over somebody's file.
        let opened = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(file);
        match opened.and_then(|mut f| f.write_all(out.as_bytes())) {
            Ok(()) => format!("kept in {}", file.display()),
            Err(e) => format!("{}: {e}", file.display()),
        }
    }
}

fn at(flows: &Flows, name: &str) -> String {
    flows.by_name(name).map_or_else(String::new, |f| {
        format!(" ({}:{})", f.place.file, f.place.at.line())
    })
}
