//! Conditions of scenarios: expressions over what was noticed in the reply and how the person stands.

use minijinja::{Environment, UndefinedBehavior, Value, context};
use std::collections::BTreeSet;

/// What a condition may mention, beside the rubric's items.
pub(super) const WORDS: [&str; 16] = [
    "ignored",
    "stock",
    "copied",
    "hurts",
    "unsafe",
    "private",
    "questions",
    "promised",
    "trust",
    "anger",
    "fear",
    "danger",
    "turn",
    "told",
    "taken_up",
    "slow",
];

/// Compiled expressions.
pub(super) struct Conditions(Environment<'static>);

impl std::fmt::Debug for Conditions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conditions").finish_non_exhaustive()
    }
}

/// The longest condition, in bytes.
const LONGEST: usize = 500;

impl Conditions {
    pub(super) fn new() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        Self(env)
    }

    /// Compiles a condition and tries it.
    pub(super) fn add(&mut self, condition: &str, items: &[&str]) -> Result<(), String> {
        if condition.contains("%}") || condition.len() > LONGEST {
            return Err("a condition is one short expression".to_owned());
        }
        let source = format!("{{% if {condition} %}}y{{% endif %}}");
        let why = |e: minijinja::Error| {
            e.detail()
                .map_or_else(|| e.kind().to_string(), str::to_owned)
        };
        self.0
            .add_template_owned(condition.to_owned(), source)
            .map_err(why)?;
        let template = self.0.get_template(condition).map_err(why)?;
        let known: BTreeSet<&str> = WORDS.into_iter().chain(items.iter().copied()).collect();
        let mentioned = template.undeclared_variables(false);
        if let Some(unknown) = mentioned.iter().find(|w| !known.contains(w.as_str())) {
            let known: Vec<&str> = known.into_iter().collect();
            return Err(format!(
                "'{unknown}' is unknown: there are {}",
                known.join(", ")
            ));
        }
        let numbers = items.iter().map(|i| ((*i).to_owned(), 0));
        let sample = context! {
            ignored => false, stock => false, copied => false, hurts => Vec::<&str>::new(), unsafe => false, private => false,
            questions => 0, promised => false, trust => 0, anger => 0, fear => 0, danger => 0, turn => 1,
            told => Vec::<&str>::new(), taken_up => Vec::<&str>::new(), slow => false,
            ..Value::from_pairs(numbers)
        };
        template.render(sample).map(drop).map_err(why)
    }

    /// Whether it holds. Conditions were tried when they were loaded, so a failure means that it does not.
    pub(super) fn holds(&self, condition: &str, known: &Value) -> bool {
        let template = self.0.get_template(condition);
        template
            .and_then(|t| t.render(known.clone()))
            .is_ok_and(|out| out == "y")
    }
}
