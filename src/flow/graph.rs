//! Flows drawn: in Mermaid's language, and as SVG.

use super::{Action, Audience, Flow, Flows, Rung, RungStep, Vars, phrases::FALLBACK};
use std::fmt::Write;

/// One box of a drawing.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Which kind of box: `flow`, `say`, `ask`, `person` or `call`.
    pub kind: &'static str,
    /// What stands on top.
    pub title: String,
    /// What stands below.
    pub text: String,
    /// What stands on the line that leads to it.
    pub unless: Option<String>,
}

/// One row of a drawing: a flow, or a scenario for practice.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Its boxes, in order.
    pub shapes: Vec<Shape>,
    /// The others that it goes on with.
    pub calls: Vec<String>,
}

/// Longest stretch of a phrase in a box, in characters.
const WORDS: usize = 90;

impl Flows {
    fn said(&self, key: &str) -> String {
        let text = self
            .phrases
            .written(FALLBACK)
            .find(|w| w.key == key)
            .map_or(key, |w| w.text);
        let line = shown(text);
        if line.chars().count() <= WORDS {
            return line;
        }
        let cut: String = line.chars().take(WORDS).collect();
        format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(l, _)| l))
    }

    /// What a flow is made of, in order.
    fn shapes(&self, flow: &Flow) -> Vec<Shape> {
        let shape = |kind, title: &str, text: String, unless| Shape {
            kind,
            title: title.to_owned(),
            text,
            unless,
        };
        let mut shapes = vec![shape(
            "flow",
            &flow.name,
            flow.when
                .clone()
                .unwrap_or_else(|| "opened by other flows".to_owned()),
            None,
        )];
        if let Some(opening) = &flow.opening {
            shapes.push(shape("say", "say", self.said(opening), None));
        }
        for ask in &flow.collect {
            let skip = ask.skip_if.as_ref().map(|c| format!("unless {c}"));
            shapes.push(shape("ask", ask.slot.name(), self.said(&ask.phrase), skip));
        }
        for step in &flow.then {
            let (kind, title, text) = match &step.action {
                Action::Say(key) => ("say", "say", self.said(key)),
                Action::Handoff(team) => ("person", "to a person", team.team.clone()),
                Action::PassOn(team) => ("person", "passed on", team.team.clone()),
                Action::CallBack(team) => ("person", "to be rung by", team.team.clone()),
                Action::AnswerFacts => ("say", "answer", "facts.yaml".to_owned()),
                Action::AnswerStatus => ("say", "answer", "how the complaint stands".to_owned()),
                Action::Tell(topic) => ("say", "tell", format!("facts.yaml: {topic}")),
                Action::Call(name) => ("call", "goes on with", name.clone()),
            };
            let when = step.condition.as_ref().map(|c| format!("if {c}"));
            shapes.push(shape(kind, title, text, when));
        }
        shapes
    }

    /// All flows, or the one of that name, to be drawn.
    pub fn drawn(&self, only: Option<&str>) -> Vec<Drawn> {
        let wanted = |f: &&Flow| only.is_none_or(|name| f.name == name);
        let one = |flow: &Flow| Drawn {
            name: flow.name.clone(),
            about: flow.about.clone(),
            shapes: self.shapes(flow),
            calls: flow.calls.clone(),
        };
        self.flows.iter().filter(wanted).map(one).collect()
    }

    /// The ladder of contingencies: a row for each rung, from the mildest to the gravest.
    pub fn drawn_ladder(&self) -> Vec<Drawn> {
        let rungs = &self.ladder.rungs;
        let shape = |kind, title: &str, text: String| Shape {
            kind,
            title: title.to_owned(),
            text,
            unless: None,
        };
        let step = |step: &RungStep| match step {
            RungStep::Notice(key)
            | RungStep::OfferCallBacks(key)
            | RungStep::IntakeOnly(key)
            | RungStep::Apart(key) => shape("say", step.name(), self.said(key)),
            RungStep::CallIn(role) => shape("person", step.name(), role.name().to_owned()),
            RungStep::Review(what) => {
                shape("call", step.name(), what.in_language(FALLBACK).to_owned())
            }
        };
        let row = |(n, rung): (usize, &Rung)| Drawn {
            name: rung.name.clone(),
            about: rung.about.in_language(FALLBACK).to_owned(),
            shapes: std::iter::once(shape("flow", &rung.name, rung.when.clone()))
                .chain(rung.steps.iter().map(step))
                .collect(),
            calls: rungs
                .get(n + 1)
                .map(|next| next.name.clone())
                .into_iter()
                .collect(),
        };
        rungs.iter().enumerate().map(row).collect()
    }

    /// All flows, or the one of that name, in the language of Mermaid.
    pub fn mermaid(&self, only: Option<&str>) -> String {
        mermaid(&self.drawn(only))
    }

    /// All flows, or the one of that name, as a drawing: a row for each, or several.
    pub fn svg(&self, only: Option<&str>) -> String {
        svg(&self.drawn(only))
    }

    /// How a phrase sounds to somebody of whom nothing is known.
    pub fn sample(&self, key: &str, language: &str) -> String {
        self.phrases.say(&Audience::of(language), key, 0, Vars::new)
    }
}

/// Rows in the language of Mermaid.
pub fn mermaid(drawn: &[Drawn]) -> String {
    let quote = |text: &str| {
        text.replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut out = String::from("flowchart LR\n");
    for flow in drawn {
        let _ = writeln!(out, "  subgraph {0}[\"{0}\"]", flow.name);
        for (n, shape) in flow.shapes.iter().enumerate() {
            let label = format!("<b>{}</b><br/>{}", quote(&shape.title), quote(&shape.text));
            let node = match shape.kind {
                "flow" => format!("([\"{label}\"])"),
                "person" => format!("[[\"{label}\"]]"),
                "call" => format!("[/\"{label}\"/]"),
                _ => format!("[\"{label}\"]"),
            };
            let _ = writeln!(out, "    {}_{n}{node}", flow.name);
            if n > 0 {
                let line = shape
                    .unless
                    .as_ref()
                    .map_or_else(|| "-->".to_owned(), |u| format!("-- \"{}\" -->", quote(u)));
                let _ = writeln!(out, "    {0}_{1} {line} {0}_{n}", flow.name, n - 1);
            }
        }
        out.push_str("  end\n");
    }
    for flow in drawn {
        for called in &flow.calls {
            if drawn.iter().any(|f| f.name == *called) {
                let _ = writeln!(out, "  {} -.-> {called}", flow.name);
            }
        }
    }
    out
}

/// Rows as a drawing.
pub fn svg(drawn: &[Drawn]) -> String {
    const WIDE: usize = 226;
    const GAP: usize = 46;
    const LINE: usize = 16;
    const ROW: usize = 26;
    /// Boxes beside each other; the rest of a long flow goes on below.
    const ACROSS: usize = 5;
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let mut body = String::new();
    let (mut top, mut widest) = (ROW, 0);
    for flow in drawn {
        let boxes: Vec<(&Shape, Vec<String>, Vec<String>)> = flow
            .shapes
            .iter()
            .map(|s| {
                let lines = wrapped(&s.text, 28);
                let above = s
                    .unless
                    .as_deref()
                    .map_or_else(Vec::new, |u| wrapped(u, 30));
                (s, lines, above)
            })
            .collect();
        let _ = writeln!(
            body,
            "<g role=\"listitem\" aria-label=\"{}\"><title>{}</title>",
            escape(&flow.name),
            escape(&flow.about)
        );
        for (row, boxes) in boxes.chunks(ACROSS).enumerate() {
            let above = boxes.iter().map(|(_, _, a)| a.len()).max().unwrap_or(0) * (LINE - 3);
            let tall = boxes.iter().map(|(_, l, _)| l.len()).max().unwrap_or(1) * LINE + 30;
            let y = top + above;
            for (n, (shape, lines, unless)) in boxes.iter().enumerate() {
                let x = GAP + n * (WIDE + GAP);
                widest = widest.max(x + WIDE + 20);
                if row + n > 0 {
                    let _ = writeln!(
                        body,
                        "<path d=\"M{} {} h{}\" marker-end=\"url(#to)\"/>",
                        x - GAP + 4,
                        y + 20,
                        GAP - 10
                    );
                }
                for (m, line) in unless.iter().enumerate() {
                    let _ = writeln!(
                        body,
                        "<text class=\"if\" x=\"{x}\" y=\"{}\">{}</text>",
                        y - 6 - (unless.len() - 1 - m) * (LINE - 3),
                        escape(line)
                    );
                }
                let _ = writeln!(
                    body,
                    "<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"{WIDE}\" height=\"{}\" rx=\"{}\"/><text class=\"title\" x=\"{}\" y=\"{}\">{}</text>",
                    shape.kind,
                    lines.len() * LINE + 30,
                    if shape.kind == "flow" { 18 } else { 6 },
                    x + 10,
                    y + 19,
                    escape(&shape.title)
                );
                for (m, line) in lines.iter().enumerate() {
                    let _ = writeln!(
                        body,
                        "<text x=\"{}\" y=\"{}\">{}</text>",
                        x + 10,
                        y + 19 + (m + 1) * LINE,
                        escape(line)
                    );
                }
            }
            top = y + tall + LINE;
        }
        body.push_str("</g>\n");
        top += ROW;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"list\" viewBox=\"0 0 {widest} {top}\" width=\"{widest}\" height=\"{top}\">\n<style>{STYLE}</style>\n<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n<rect class=\"paper\" width=\"{widest}\" height=\"{top}\"/>\n{body}</svg>\n"
    )
}

/// Colours for light and dark; text keeps at least 7:1 against its box.
const STYLE: &str = ":root{color-scheme:light dark}.paper{fill:#fff}text{font:13px system-ui,sans-serif;fill:#1b1b1b}.title{font-weight:600}.if{font-size:11px;font-style:italic;fill:#444}path{stroke:#555;fill:none}marker path{fill:#555;stroke:none}rect{stroke:#777;fill:#f4f4f4}.flow{fill:#dcebfb}.ask{fill:#fdf3d8}.say{fill:#e9f5e4}.person{fill:#f6e3ee}.call{fill:#eee;stroke-dasharray:4 3}@media(prefers-color-scheme:dark){.paper{fill:#161616}text{fill:#f2f2f2}.if{fill:#ccc}path{stroke:#aaa}marker path{fill:#aaa}rect{stroke:#888;fill:#2a2a2a}.flow{fill:#17324d}.ask{fill:#43370f}.say{fill:#1f3a17}.person{fill:#43203a}.call{fill:#2a2a2a}}";

/// A phrase without the notation of its template: facts in brackets, alternatives one after the other.
fn shown(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, brace) = rest.split_at(at);
        out.push_str(before);
        let end = |close: &str| brace.find(close).map(|e| (e, e + close.len()));
        let (inner, after) = match (brace.starts_with("{{"), brace.starts_with("{%")) {
            (true, _) => end("}}").map_or(("", 1), |(e, after)| (&brace[2..e], after)),
            (_, true) => end("%}").map_or(("", 1), |(_, after)| ("", after)),
            _ => ("{", 1),
        };
        if brace.starts_with("{{") {
            out.push('[');
            out.push_str(inner.trim());
            out.push(']');
        } else {
            out.push_str(inner);
        }
        rest = &brace[after..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines of at most so many characters, broken between words.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > most {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
