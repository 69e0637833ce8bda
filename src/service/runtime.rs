//! Everything that is read from the folder of flows, in one piece; and the watch that swaps it when the folder changes.

use super::Service;
use crate::{
    assist::{Coach, Suggester},
    complaint::Letters,
    config::Settings,
    dialogue::Policy,
    drill::Drills,
    flow::{FlowError, Texts},
};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How often the folder is looked at. Its files are compared whole, so that no kind of file system, editor or mounted
/// volume slips past.
const EVERY: Duration = Duration::from_secs(1);

/// What is decided by, and what helps the agents.
#[derive(Debug)]
pub struct Runtime {
    /// Flows, complaint rules, the reader.
    pub rules: Policy,
    /// The coach under an agent's draft.
    pub coach: Coach,
    /// Replies to start from.
    pub suggester: Suggester,
    /// Scenarios for practice.
    pub drills: Drills,
    /// Letters to complainants, by language.
    pub letters: BTreeMap<String, Letters>,
}

impl Runtime {
    /// With rules that were loaded already.
    ///
    /// # Errors
    /// All that is wrong with the files that help agents.
    pub fn with(rules: Policy, texts: &Texts) -> Result<Self, Vec<FlowError>> {
        let shown = |e: FlowError| vec![e.with_line(texts)];
        Ok(Self {
            rules,
            coach: Coach::load(texts).map_err(shown)?,
            suggester: Suggester::load(texts).map_err(shown)?,
            drills: Drills::load(texts)?,
            letters: letters_of(texts).map_err(shown)?,
        })
    }

    /// The same house with other texts: everything is checked before anything is taken.
    fn reload(&self, texts: &Texts, settings: &Settings) -> Result<Self, Vec<FlowError>> {
        let rules = self.rules.reload(texts, settings.profile.as_deref())?;
        Self::with(rules, texts)
    }
}

/// The letters of every language that has any.
///
/// # Errors
/// What is wrong with a file of them.
pub fn letters_of(texts: &Texts) -> Result<BTreeMap<String, Letters>, FlowError> {
    let mut all = BTreeMap::new();
    for language in texts.languages() {
        let file = format!("letters/{language}.yaml");
        if let Ok(text) = texts.get(&file) {
            let read = Letters::parse(text).map_err(|why| FlowError::whole(&file, why))?;
            all.insert(language, read);
        }
    }
    Ok(all)
}

impl Service {
    /// What is decided by at this moment. Whoever holds it keeps what they began with.
    pub fn runtime(&self) -> Arc<Runtime> {
        Arc::clone(&self.runtime.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The organisation's name.
    pub fn organisation(&self) -> String {
        self.runtime().rules.flows.facts.organisation.clone()
    }

    fn swap(&self, runtime: Runtime) {
        let mut held = self.runtime.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(runtime);
    }
}

/// Watches the folder of flows. A change is checked whole and then swapped; a broken one is refused with its reasons,
/// and the old flows stay.
pub(super) async fn watch(
    service: Arc<Service>,
    folder: PathBuf,
    mut known: Texts,
    mut stopped: watch::Receiver<bool>,
) {
    let mut refused: Vec<FlowError> = Vec::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        let (at, seen) = (folder.clone(), known.clone());
        let (book, settings) = (service.runtime(), service.settings.clone());
        let looked = tokio::task::spawn_blocking(move || {
            let texts = Texts::folder(&at)?;
            if texts == seen {
                return Ok(None);
            }
            let fresh = book.reload(&texts, &settings);
            Ok(Some((texts, fresh)))
        });
        let wrong = match looked.await {
            Ok(Ok(None)) => {
                // Unreadable for a while, and now as it was.
                refused.clear();
                continue;
            }
            Ok(Ok(Some((texts, fresh)))) => {
                known = texts;
                match fresh {
                    Ok(runtime) => {
                        service.swap(runtime);
                        service.metrics.flows("taken");
                        tracing::info!(
                            "the flows have changed: the new ones are taken from here on"
                        );
                        refused.clear();
                        continue;
                    }
                    Err(errors) => errors,
                }
            }
            Ok(Err(errors)) => errors,
            Err(_) => continue,
        };
        if wrong != refused {
            service.metrics.flows("refused");
            let reasons: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            tracing::error!(
                mistakes = wrong.len(),
                "the changed flows are refused, and the old ones stay:\n{}",
                reasons.join("\n")
            );
            refused = wrong;
        }
    }
}
