//! Reading scenarios: everything that is wrong with them, with its place.

use super::{
    conditions::Conditions,
    file::{EndFile, FactFile, RuleFile, RulesFile, SaidFile, ScenarioFile, Wordings},
    scenario::{Fact, Feelings, OPENING, Rule, Said, Scenario},
};
use crate::{
    assist::{Item, Rubric},
    flow::{FlowError, Texts},
};
use regex::Regex;
use serde_saphyr::{Location, Spanned};
use std::{collections::BTreeMap, sync::LazyLock};

const FOLDER: &str = "drills";
const RULES: &str = "drills/rules.yaml";
/// The longest thing that a person says at once, in characters.
const LONGEST: usize = 700;
/// How far one rule may move a feeling.
const FURTHEST: i8 = 5;
/// The most facts of a scenario.
const MOST_FACTS: usize = 12;

/// Names of facts that a condition looks for.
static LOOKED_FOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"['"](\w+)['"] (?:not )?in (?:told|taken_up)"#).expect("written here")
});

/// What the files of a folder say.
pub(super) struct Loaded {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) conditions: Conditions,
    pub(super) rules: RulesFile,
}

pub(super) fn load(texts: &Texts, rubric: &Rubric) -> Result<Loaded, Vec<FlowError>> {
    let shared: RulesFile = texts.yaml(RULES).map_err(|e| vec![e])?;
    let mut reader = Reader {
        rubric,
        conditions: Conditions::new(),
        items: Item::ALL.iter().map(|i| i.name()).collect(),
        errors: Vec::new(),
        file: RULES.to_owned(),
    };
    reader.condition(&shared.tells, &[]);
    if !(0.0..=1.0).contains(&shared.pass_mark.value) {
        reader.wrong(
            shared.pass_mark.referenced,
            "the pass mark is a share from 0 to 1",
        );
    }
    if !(2..=30).contains(&shared.most_turns.value) {
        reader.wrong(
            shared.most_turns.referenced,
            "a drill has 2 to 30 turns at most",
        );
    }
    let rules = reader.rules(&shared.rules, &[]);
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (file, text) in texts.in_folder(FOLDER) {
        if file == RULES {
            continue;
        }
        file.clone_into(&mut reader.file);
        match serde_saphyr::from_str::<ScenarioFile>(text) {
            Ok(raw) => scenarios.push(reader.scenario(raw, &rules)),
            Err(e) => reader.errors.push(FlowError::yaml(file, &e)),
        }
    }
    let Reader {
        errors, conditions, ..
    } = reader;
    if !errors.is_empty() {
        return Err(errors);
    }
    scenarios.sort_by(|a, b| (a.level, &a.id).cmp(&(b.level, &b.id)));
    Ok(Loaded {
        scenarios,
        conditions,
        rules: shared,
    })
}

struct Reader<'r> {
    rubric: &'r Rubric,
    conditions: Conditions,
    items: Vec<&'static str>,
    errors: Vec<FlowError>,
    file: String,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Location, text: impl Into<String>) {
        self.errors.push(FlowError::at(&self.file, at, text));
    }

    fn condition(&mut self, condition: &Spanned<String>, facts: &[String]) -> String {
        if let Err(why) = self.conditions.add(&condition.value, &self.items) {
            let text = format!(
                "the condition '{}' cannot be worked out: {why}",
                condition.value
            );
            self.wrong(condition.referenced, text);
        }
        for name in LOOKED_FOR
            .captures_iter(&condition.value)
            .map(|c| c[1].to_owned())
        {
            if !facts.contains(&name) {
                self.wrong(condition.referenced, format!("there is no fact '{name}'"));
            }
        }
        condition.value.clone()
    }

    fn wordings(&mut self, says: &Wordings) -> Vec<String> {
        let bad = |text: &String| text.trim().is_empty() || text.chars().count() > LONGEST;
        if says.value.is_empty() || says.value.iter().any(bad) {
            let text = format!(
                "'says' needs at least one wording, none of them empty or over {LONGEST} characters"
            );
            self.wrong(says.referenced, text);
        }
        says.value
            .iter()
            .map(|s| s.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    fn rules(&mut self, raw: &[RuleFile], facts: &[String]) -> Vec<Rule> {
        let mut rules: Vec<Rule> = Vec::new();
        for rule in raw {
            let mut moved =
                BTreeMap::from([("trust", 0), ("anger", 0), ("fear", 0), ("danger", 0)]);
            for (feeling, by) in &rule.moves.value {
                match moved.get_mut(feeling.as_str()) {
                    None => self.wrong(
                        rule.moves.referenced,
                        format!("'{feeling}' is none of trust, anger, fear, danger"),
                    ),
                    Some(_) if by.abs() > FURTHEST => self.wrong(
                        rule.moves.referenced,
                        format!("a rule moves a feeling by {FURTHEST} at most"),
                    ),
                    Some(slot) => *slot = *by,
                }
            }
            if rules.iter().any(|r| r.name == rule.rule.value) {
                self.wrong(
                    rule.rule.referenced,
                    format!("there is another rule '{}'", rule.rule.value),
                );
            }
            rules.push(Rule {
                name: rule.rule.value.clone(),
                when: self.condition(&rule.when, facts),
                trust: moved["trust"],
                anger: moved["anger"],
                fear: moved["fear"],
                danger: moved["danger"],
            });
        }
        rules
    }

    fn said(&mut self, raw: Vec<SaidFile>, facts: &[String]) -> Vec<Said> {
        let one = |said: SaidFile| Said {
            when: said.when.as_ref().map(|c| self.condition(c, facts)),
            says: self.wordings(&said.says),
        };
        raw.into_iter().map(one).collect()
    }

    fn end(&mut self, raw: &EndFile, facts: &[String]) -> Said {
        Said {
            when: Some(self.condition(&raw.when, facts)),
            says: self.wordings(&raw.says),
        }
    }

    fn text(&mut self, text: &Spanned<String>) -> String {
        if text.value.trim().is_empty() {
            self.wrong(text.referenced, "this text is empty");
        }
        text.value.trim().to_owned()
    }

    /// One fact; `before` are those that stand above it.
    fn fact(&mut self, raw: FactFile, before: &[String], language: &str) -> Fact {
        let place = raw.says.referenced;
        let name = raw.fact.as_ref().map_or(OPENING, |f| &f.value).to_owned();
        if let Some(fact) = &raw.fact
            && (fact.value == OPENING || before.contains(&fact.value))
        {
            self.wrong(
                fact.referenced,
                format!("there is another fact '{}'", fact.value),
            );
        }
        for after in raw.after.iter().filter(|a| !before.contains(&a.value)) {
            self.wrong(
                after.referenced,
                format!("there is no fact '{}' above this one", after.value),
            );
        }
        if raw.fact.is_none() && !before.is_empty() {
            self.wrong(place, "this fact needs a name: fact");
        }
        if raw.fact.is_some() && raw.ask.is_none() {
            self.wrong(
                place,
                "this fact needs 'ask', the question that leads to it",
            );
        }
        if raw.trust > 10 {
            self.wrong(place, "trust is at most 10");
        }
        let takes_up = self
            .rubric
            .stems(language, raw.takes_up.value.iter().map(String::as_str));
        if takes_up == self.rubric.stems(language, []) {
            let text = "'takes_up' needs words that show that this was heard, none of them one that everybody uses";
            self.wrong(raw.takes_up.referenced, text);
        }
        Fact {
            trust: raw.trust,
            after: raw.after.into_iter().map(|a| a.value).collect(),
            when: raw.when.as_ref().map(|c| self.condition(c, before)),
            says: self.wordings(&raw.says),
            takes_up,
            reflect: self.text(&raw.reflect),
            ask: raw.ask,
            danger: raw.danger,
            name,
        }
    }

    fn scenario(&mut self, raw: ScenarioFile, shared: &[Rule]) -> Scenario {
        let id = raw.id.value.clone();
        if self.file != format!("{FOLDER}/{id}.yaml") {
            self.wrong(
                raw.id.referenced,
                format!("the file of '{id}' is named {id}.yaml"),
            );
        }
        if !(1..=2).contains(&raw.level.value) {
            self.wrong(raw.level.referenced, "the level is 1 or 2");
        }
        let language = raw.language.value;
        if !self.rubric.knows(&language) {
            let text = format!(
                "there is no {language}/rubric.yaml, so replies in '{language}' cannot be judged"
            );
            self.wrong(raw.language.referenced, text);
        }
        if raw.feelings.value.is_empty() {
            self.wrong(raw.feelings.referenced, "at least one feeling fits");
        }
        for feeling in &raw.feelings.value {
            if !self.rubric.knows_feeling(&language, &feeling.value) {
                let text = format!(
                    "'{}' is none of the feelings in {language}/rubric.yaml",
                    feeling.value
                );
                self.wrong(feeling.referenced, text);
            }
        }
        let at = raw.state.referenced;
        let start = Feelings {
            trust: raw.state.value.trust,
            anger: raw.state.value.anger,
            fear: raw.state.value.fear,
            danger: raw.state.value.danger,
        };
        if [start.trust, start.anger, start.fear, start.danger]
            .iter()
            .any(|f| *f > 10)
        {
            self.wrong(at, "trust, anger, fear and danger are from 0 to 10");
        }
        if raw.facts.len() > MOST_FACTS {
            self.wrong(at, format!("a scenario has {MOST_FACTS} facts at most"));
        }
        let mut facts = vec![self.fact(raw.opening, &[], &language)];
        let mut names = vec![OPENING.to_owned()];
        for fact in raw.facts {
            let fact = self.fact(fact, &names, &language);
            names.push(fact.name.clone());
            facts.push(fact);
        }
        let own = self.rules(&raw.rules, &names);
        // A rule of the scenario's own takes the place of the shared one of its name.
        let kept = shared
            .iter()
            .filter(|s| own.iter().all(|o| o.name != s.name));
        let rules = kept.cloned().chain(own.iter().cloned()).collect();
        let dangerous = facts.iter().any(|f| f.danger.is_some());
        if dangerous && raw.safe.is_none() {
            self.wrong(
                at,
                "where somebody tells of danger, 'safe' says what to answer",
            );
        }
        let mut replies = self.said(raw.replies, &names);
        let mut thoughts = self.said(raw.thoughts, &names);
        for (list, what) in [(&mut replies, "replies"), (&mut thoughts, "thoughts")] {
            if list.last().is_none_or(|last| last.when.is_some()) {
                self.errors.push(FlowError::at(
                    &self.file,
                    at,
                    format!("the last of '{what}' has no 'when', so that there is always one"),
                ));
            }
        }
        let mut never = Vec::new();
        for pattern in &raw.never {
            match Regex::new(&format!("(?i){}", pattern.value)) {
                Ok(compiled) => never.push(compiled),
                Err(e) => self.wrong(pattern.referenced, format!("this is no pattern: {e}")),
            }
        }
        Scenario {
            title: raw.title,
            level: raw.level.value,
            persona: raw.persona,
            third_party: raw.third_party,
            feelings: raw.feelings.value.into_iter().map(|f| f.value).collect(),
            start,
            skip: raw.skip,
            facts,
            replies,
            thoughts,
            rules,
            leaves: self.end(&raw.leaves, &names),
            solved: self.end(&raw.solved, &names),
            next: self.text(&raw.next),
            safe: raw.safe.as_ref().map_or_else(String::new, |s| self.text(s)),
            never,
            id,
            language,
        }
    }
}
