//! Who in the directory of customers somebody may be: from what was imported, and from a server of FHIR where the owner
//! has one. For staff; the person in the chat learns nothing from it.

use super::Service;
use crate::{
    clock::Stopwatch,
    complaint::{Fit, LEAST_FIT, fhir_patient, fit},
    config::PatientSettings,
    domain::{Customer, Sought},
    store::StoreError,
};
use reqwest::{Client, header, redirect::Policy};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// For how long an answer is good, and how many are kept.
const GOOD_FOR: Duration = Duration::from_mins(10);
const KEPT: usize = 200;
/// Largest answer that is read, in bytes.
const LARGEST: usize = 1 << 20;
/// Most that are shown.
const SHOWN: usize = 20;

/// Where somebody was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundIn {
    /// What was imported.
    Directory,
    /// The server.
    Fhir,
}

/// Somebody who may be it.
#[derive(Clone, Debug)]
pub struct Match {
    /// Who.
    pub customer: Customer,
    /// How well they fit.
    pub fit: Fit,
    /// Where they were found.
    pub found_in: FoundIn,
}

/// Who may be it, the best first; and whether the server did not answer.
#[derive(Debug, Default)]
pub struct Matches {
    /// The best first.
    pub all: Vec<Match>,
    /// Why the server told nothing, where it did not.
    pub unanswered: Option<String>,
}

/// A server of patients, and what it said of late.
#[derive(Debug)]
pub(super) struct Patients {
    settings: PatientSettings,
    http: Option<Client>,
    kept: Mutex<BTreeMap<String, (Stopwatch, Vec<Customer>)>>,
}

impl Patients {
    pub(super) fn new(settings: PatientSettings) -> Self {
        let http = Client::builder()
            .timeout(settings.patience)
            .redirect(Policy::none())
            .build();
        Self {
            settings,
            http: http.ok(),
            kept: Mutex::default(),
        }
    }

    async fn ask(&self, sought: &Sought, now: Stopwatch) -> Result<Vec<Customer>, String> {
        let asked = fhir_patient::query(sought);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let key = format!("{asked:?}");
        if let Some(known) = self.known(&key) {
            return Ok(known);
        }
        let found = self.fetch(&asked).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| since.elapsed() < GOOD_FOR);
        if kept.len() < KEPT {
            kept.insert(key, (now, found.clone()));
        }
        Ok(found)
    }

    fn known(&self, key: &str) -> Option<Vec<Customer>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, found) = kept.get(key)?;
        (since.elapsed() < GOOD_FOR).then(|| found.clone())
    }

    async fn fetch(&self, asked: &[(&'static str, String)]) -> Result<Vec<Customer>, String> {
        let http = self.http.as_ref().ok_or("this machine cannot ask by TLS")?;
        let mut url = self.settings.url.clone();
        url.path_segments_mut()
            .map_err(|()| "its address has no path")?
            .pop_if_empty()
            .push("Patient");
        url.query_pairs_mut().extend_pairs(asked);
        let mut request = http
            .get(url)
            .header(header::ACCEPT, "application/fhir+json");
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.reveal());
        }
        let failed = |e: reqwest::Error| {
            let why = if e.is_timeout() {
                "did not answer in time"
            } else {
                "cannot be reached"
            };
            why.to_owned()
        };
        let mut answer = request.send().await.map_err(failed)?;
        if !answer.status().is_success() {
            return Err(format!("answered {}", answer.status().as_u16()));
        }
        let mut text = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            text.extend_from_slice(&piece);
            if text.len() > LARGEST {
                return Err("answered more than is read".to_owned());
            }
        }
        fhir_patient::patients(&text)
    }
}

impl Service {
    /// Who somebody may be, the best first. Nobody is linked with anybody by it: a person decides.
    ///
    /// # Errors
    /// The database; where the server does not answer, what was imported is told all the same.
    pub async fn customers_like(&self, sought: &Sought) -> Result<Matches, StoreError> {
        let mut matches = Matches::default();
        let found = self.store.customers_like(sought).await?;
        let mut add = |all: Vec<Customer>, found_in| {
            let fits = all.into_iter().map(|customer| Match {
                fit: fit(&customer, sought),
                customer,
                found_in,
            });
            matches
                .all
                .extend(fits.filter(|m| m.fit.score >= LEAST_FIT));
        };
        add(found, FoundIn::Directory);
        if let Some(patients) = &self.patients {
            match patients.ask(sought, self.clock.stopwatch()).await {
                Ok(found) => add(found, FoundIn::Fhir),
                Err(why) => {
                    tracing::warn!(why, "the server of patients told nothing");
                    matches.unanswered = Some(why);
                }
            }
        }
        matches.all.sort_by(|a, b| {
            b.fit
                .score
                .cmp(&a.fit.score)
                .then(a.customer.id.cmp(&b.customer.id))
        });
        matches.all.truncate(SHOWN);
        Ok(matches)
    }
}
