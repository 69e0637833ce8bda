//! What kind of complaint it is, as a person sees it: what a machine had proposed stays beside it.

use super::amending::Amending;
use crate::domain::{
    Complaint, ComplaintPatch, ProblemPatch,
    complaint::{Classification, Problem, Proposal},
};

/// Puts a person's judgement over the machine's.
pub(super) fn judge(complaint: &mut Complaint, patch: &ComplaintPatch, with: &Amending<'_>) {
    let class = &mut complaint.classification;
    if patch.category.is_some() || patch.severity.is_some() {
        confirm(class);
    }
    if let Some(category) = patch.category {
        class.category = Some(category);
        class.domain = Some(category.domain());
    }
    if let Some(severity) = patch.severity {
        class.severity = severity;
    }
    if let Some(harm) = patch.harm {
        class.harm = Some(harm);
    }
    if let Some(problems) = &patch.problems {
        let before = std::mem::take(&mut class.problems);
        let seen = |p: &ProblemPatch| problem(p, &before, &with.by.name);
        class.problems = problems.iter().map(seen).collect();
    }
}

/// From here on it is a person's; what the machine had proposed is remembered.
fn confirm(class: &mut Classification) {
    if class.by == "machine" {
        class.proposed = Some(Proposal {
            category: class.category,
            severity: (class.severity > 0).then_some(class.severity),
        });
    }
    "person".clone_into(&mut class.by);
}

/// A problem as a person sees it, with what a machine proposed for the same words.
fn problem(seen: &ProblemPatch, before: &[Problem], by: &str) -> Problem {
    let same = before.iter().find(|p| p.words == seen.words);
    let proposed = same.and_then(|p| match (&p.by, &p.proposed) {
        (None, _) => Some(Proposal {
            category: Some(p.category),
            severity: p.severity,
        }),
        (Some(_), proposed) => proposed.clone(),
    });
    let unchanged = same.filter(|p| {
        p.by.is_some()
            && (p.category, p.severity, p.stage) == (seen.category, seen.severity, seen.stage)
    });
    if let Some(problem) = unchanged {
        return problem.clone();
    }
    Problem {
        words: seen.words.clone(),
        category: seen.category,
        severity: seen.severity,
        stage: seen.stage,
        by: Some(by.to_owned()),
        proposed,
    }
}
