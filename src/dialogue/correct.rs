//! What is put right or taken back: which slot, and the value that takes the place of the old one.

use super::{
    acts::DialogueAct,
    correct_contact::contact,
    correction::Correction,
    known::{
        all_day, answers_the_question, corrected_person, denies, excluded_in, extends,
        in_the_known_month, same_weekday, same_words, starred,
    },
    names::{named_as, names_beside, staff_denied},
    slots,
    source::{Source, count},
};
use crate::{
    domain::{
        Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    flow::Kind,
    nlu::names_in,
};

/// A correction is short: longer messages tell.
const LONGEST: usize = 30;

/// What the open clauses of a message put right.
pub(crate) fn corrections(source: &Source<'_>, open: &[usize]) -> Vec<Correction> {
    let said = source.said;
    let reached = contact(source, open);
    if count(source.text) > LONGEST {
        return reached.into_iter().collect();
    }
    let marked = said.has(Cue::Corrects)
        || source.text.trim_start().starts_with('*')
        || said
            .excluded
            .iter()
            .any(|(s, _)| clause_at(source, *s).is_some());
    let mut found: Vec<Correction> = reached.into_iter().collect();
    found.extend(consent(source, open));
    found.extend(super::correct_spelling::respelt(source, open));
    for slot in [
        Slot::IncidentWhen,
        Slot::IncidentWhere,
        Slot::StaffInvolved,
        Slot::ComplainantName,
        Slot::AffectedPerson,
    ] {
        let respelt = found.iter().any(|f| f.act.slot() == Some(slot));
        if !respelt && let Some(one) = typed(source, open, slot, marked) {
            found.push(one);
        }
    }
    let of_staff = |f: &Correction| matches!(f.act, DialogueAct::Correct(Slot::StaffInvolved, _));
    if !found.iter().any(of_staff) {
        found.extend(another(source, open).or_else(|| cleared(source, open)));
    }
    // "It was Sunday, and it was Lark ward, not Larch": what is denied is put right besides.
    let left: Vec<usize> = (open.iter().copied())
        .filter(|n| !found.iter().any(|f| f.clauses.contains(n)))
        .collect();
    let denied = said.excluded.iter().any(|(s, _)| {
        let at = clause_at(source, *s).map(|c| c.start);
        left.iter().any(|n| Some(said.clauses[*n].start) == at)
    });
    if (found.is_empty() || denied)
        && marked
        && let Some(one) = in_words(source, &left)
        && !found.iter().any(|f| f.act.slot() == one.act.slot())
    {
        found.push(one);
    }
    if !found.is_empty() {
        // The words that announce a correction belong to it.
        let taken: Vec<usize> = found.iter().flat_map(|f| f.clauses.clone()).collect();
        let announces = |n: &usize| {
            let clause = &said.clauses[*n];
            let excludes = |(s, _): &(usize, usize)| clause.start <= *s && *s < clause.end;
            let denies = !clause.finite && said.excluded.iter().any(excludes);
            let words = clause.words(source.text);
            let few = count(words) <= 6;
            let marks = clause.has(Cue::Corrects) && (!clause.finite || few);
            let figures = few && !words.contains(char::is_alphabetic);
            !taken.contains(n) && (clause.filler || denies || marks || figures)
        };
        let more: Vec<usize> = open.iter().copied().filter(announces).collect();
        found[0].clauses.extend(more);
    }
    found
}

/// "Delete what I said about Jean": whoever is cleared by name is complained of no more.
fn cleared(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let Some(SlotValue::People(known)) = source.state.value(Slot::StaffInvolved) else {
        return None;
    };
    let clears = |n: &&usize| source.said.clauses[**n].has(Cue::Clears);
    let n = *open.iter().find(clears)?;
    let words = source.text.to_lowercase();
    let meant = |name: &str| {
        let said = |part: &str| {
            words
                .split(|c: char| !c.is_alphanumeric())
                .any(|w| w == part)
        };
        let parts = name.to_lowercase();
        parts.split_whitespace().any(said)
    };
    let left: Vec<_> = (known.iter())
        .filter(|p| !p.name.as_deref().is_some_and(meant))
        .cloned()
        .collect();
    let act = match left.len() {
        all if all == known.len() => return None,
        0 => DialogueAct::Retract(
            Slot::StaffInvolved,
            SlotValue::Unknown(source.said.clauses[n].words(source.text).to_owned()),
        ),
        _ => DialogueAct::Correct(Slot::StaffInvolved, SlotValue::People(left)),
    };
    // Why they are cleared is told, and stays with the story.
    Some(Correction {
        act,
        clauses: vec![n],
    })
}

/// "No, Beverley is on days; the one with the tablets was Bernadette": somebody who was named is named again, to be
/// told apart from another.
fn another(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let denies = said.has(Cue::Corrects) || said.clauses.first().is_some_and(|c| c.has(Cue::No));
    let asked = source.ask.is_some_and(|a| a.slot == Slot::StaffInvolved);
    let Some(SlotValue::People(known)) = source.state.value(Slot::StaffInvolved) else {
        return None;
    };
    if !denies || asked {
        return None;
    }
    let names: Vec<String> = (names_in(source.text).into_iter())
        .map(|(_, name)| name)
        .collect();
    let among = |name: &String| known.iter().position(|p| p.name.as_ref() == Some(name));
    let at = names.iter().find_map(among)?;
    let writer = source
        .state
        .value(Slot::ComplainantName)
        .map(SlotValue::text);
    let new = names
        .iter()
        .rfind(|n| among(n).is_none() && Some(*n) != writer.as_ref())?;
    let mut people = known.clone();
    people[at].name = Some(new.clone());
    Some(Correction {
        act: DialogueAct::Correct(Slot::StaffInvolved, SlotValue::People(people)),
        clauses: open.to_vec(),
    })
}

fn clause_at<'a>(source: &Source<'a>, at: usize) -> Option<&'a Clause> {
    let mut clauses = source.said.clauses.iter();
    clauses.find(|c| c.start <= at && at < c.end)
}

/// "Yes he knows." "No, he doesn't, actually.": the last word counts.
fn consent(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let known = source.state.value(Slot::Consent)?;
    let last = source.state.run.as_ref().and_then(|r| r.last);
    let marked = source.said.has(Cue::Corrects) || last == Some(Slot::Consent);
    if !marked || source.ask.is_some_and(|a| a.slot == Slot::Consent) {
        return None;
    }
    open.iter().find_map(|n| {
        let clause = &source.said.clauses[*n];
        // "I don't want money": their own wish, and not what the other agrees to.
        let wished = source.ask.is_some_and(|a| a.slot == Slot::DesiredOutcome);
        let no = clause.has(Cue::Disagrees) && !(wished && clause.has(Cue::OwnWish));
        let yes = !no && (clause.has(Cue::HasConsent) || clause.has(Cue::Agrees));
        let said = clause.words(source.text).to_owned();
        let value = SlotValue::YesNo { yes, said };
        let same = matches!(known, SlotValue::YesNo { yes: before, .. } if *before == yes);
        ((yes || no) && !same && count(source.text) <= 10).then(|| Correction {
            act: DialogueAct::Correct(Slot::Consent, value),
            clauses: vec![*n],
        })
    })
}

/// A slot whose value can be pointed at: a day, a place, a name.
fn typed(source: &Source<'_>, open: &[usize], slot: Slot, marked: bool) -> Option<Correction> {
    let state = source.state;
    let known = state.value(slot)?;
    if source.ask.is_some_and(|a| a.slot == slot) {
        return None;
    }
    let row = slots::row(slot, Kind::Text);
    let said = source.said;
    // Where nothing says that something is wrong, what is not meant must be what was told.
    let marked =
        marked && (said.has(Cue::Corrects) || starred(source) || denies(source, slot, known));
    let telling: Vec<&usize> = open.iter().filter(|n| !said.clauses[**n].filler).collect();
    for n in open {
        let clause = &said.clauses[*n];
        let lead = clause.lead;
        if clause.question || answers_the_question(source, clause) {
            continue;
        }
        // "El doctor no es Salgado, es Delgado": who it was stands in the clause after.
        let denied_here = said
            .excluded
            .iter()
            .any(|(s, _)| clause.start <= *s && *s < clause.end);
        let put_after = || {
            open.iter().any(|m| {
                let after = &said.clauses[*m];
                m > n && after.sentence == clause.sentence && after.lead == Some(Lead::Copula)
            })
        };
        if slot == Slot::StaffInvolved && denied_here && put_after() {
            continue;
        }
        let again = match slot {
            Slot::ComplainantName => lead == Some(Lead::OwnName) || extends(source, clause, known),
            // A day by itself, where one is known and another thing was asked.
            Slot::IncidentWhen
                if !clause.finite && telling.first() == Some(&n) && lead.is_none() =>
            {
                all_day(source, clause)
            }
            Slot::IncidentWhen | Slot::IncidentWhere => {
                !clause.finite
                    && lead == Some(Lead::Copula)
                    && count(clause.core_words(source.text)) <= 6
            }
            _ => false,
        };
        if !marked && !again {
            continue;
        }
        // A story that happens to have a day in it is no correction of the day.
        let few = count(clause.core_words(source.text)) <= 3;
        let tells =
            clause.finite && lead != Some(Lead::Copula) && !few || lead == Some(Lead::OwnRole);
        let moved = matches!(slot, Slot::IncidentWhen | Slot::IncidentWhere) && tells;
        if (moved || clause.finite && count(clause.core_words(source.text)) > 7)
            && said.excluded.is_empty()
        {
            continue;
        }
        let longer = || {
            extends(source, clause, known)
                .then(|| (row.loose)(source, clause))
                .flatten()
        };
        // "Sorry, it was Sharon on Tuesday".
        let renamed = || {
            let named = names_beside(source, clause);
            let asked_name = source
                .ask
                .is_some_and(|a| matches!(a.slot, Slot::ComplainantName | Slot::AffectedPerson));
            let short = count(clause.words(source.text)) <= 5;
            let denied = short && staff_denied(source);
            let tells = slot == Slot::StaffInvolved
                && (denied
                    || lead == Some(Lead::Copula) && !asked_name && said.excluded.is_empty());
            // "El doctor no es Salgado, es Delgado": a surname may be a word of every day.
            let core = clause.core_words(source.text);
            let capital = core.starts_with(char::is_uppercase);
            let points = clause.core.0 > clause.start && count(core) <= 3;
            let instead = denied && named.is_empty() && points && capital;
            let named = if instead { vec![named_as(core)] } else { named };
            (tells && !named.is_empty()).then_some(SlotValue::People(named))
        };
        let found = (row.exact)(source, clause).or_else(longer).or_else(renamed);
        let Some(value) = found else {
            continue;
        };
        let value = in_the_known_month(known, value);
        let named = match &value {
            SlotValue::People(all) => all.iter().any(|p| p.name.is_some() || p.role.is_some()),
            SlotValue::Oneself => lead.is_some() || count(source.text) <= 6,
            _ => true,
        };
        if same_weekday(known, &value) {
            continue;
        }
        if !named || value == *known || same_words(&value, known) {
            continue;
        }
        let value = excluded_in(source, known, &value)
            .unwrap_or_else(|| corrected_person(source, known, value.clone(), slot));
        return Some(Correction {
            act: DialogueAct::Correct(slot, value),
            clauses: vec![*n],
        });
    }
    None
}

/// "It's Anne, not Ann"; "sorry, Anna Lee": the words alone say what is meant. In a known value that has the excluded
/// words, or in the answer given last.
fn in_words(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let state = source.state;
    let last = state.run.as_ref().and_then(|r| r.last);
    let meant = |n: &&usize| {
        let c = &said.clauses[**n];
        let refuses = [Cue::Skip, Cue::DontKnow, Cue::Anonymous, Cue::NothingMore];
        !c.filler
            && !refuses.iter().any(|cue| c.has(*cue))
            && !c.finite
            && !c.question
            && !said.is_excluded(c.core.0)
            && !c.core_words(source.text).is_empty()
            && !said
                .excluded
                .iter()
                .any(|(s, _)| c.core.0 <= *s && *s < c.core.1 && *s < c.core.0 + 12)
    };
    let n = *open.iter().find(meant)?;
    let clause = &said.clauses[n];
    let right = clause
        .core_words(source.text)
        .trim_start_matches('*')
        .trim()
        .to_owned();
    let wrong = (said.excluded.first())
        .and_then(|(s, e)| source.text.get(*s..*e))
        .map(|w| w.trim().trim_matches(['.', '…', '"', '\'']).to_owned());
    let candidates = last.into_iter().chain([
        Slot::ComplainantName,
        Slot::IncidentWhere,
        Slot::StaffInvolved,
        Slot::AffectedPerson,
        Slot::ContactMethod,
    ]);
    let clauses: Vec<usize> = open
        .iter()
        .copied()
        .filter(|m| {
            *m == n || said.is_excluded(said.clauses[*m].core.0) || !said.clauses[*m].finite
        })
        .collect();
    let wrong = wrong.filter(|w| !w.is_empty());
    if let Some(wrong) = &wrong {
        let right = right
            .split(['…'])
            .next_back()
            .unwrap_or(&right)
            .trim_start_matches('.')
            .trim();
        for slot in candidates {
            let value = state
                .value(slot)
                .and_then(|known| slots::patched(known, wrong, right));
            if let Some(value) = value {
                return Some(Correction {
                    act: DialogueAct::Correct(slot, value),
                    clauses,
                });
            }
        }
    }
    // "Not made": something is not so, and yet nothing that was said is wrong.
    let slot = last.filter(|_| said.has(Cue::Corrects) || starred(source))?;
    // "Sorry, Anna Lee" puts right what was said just before; a longer message tells something else.
    let short = count(source.text) <= 8 && slot != Slot::ContactMethod;
    // "Sorry, I'm a mess": no name, unless it is written as one.
    let named = slot != Slot::ComplainantName || right.chars().any(char::is_uppercase);
    if !short
        || !named
        || clause.lead == Some(Lead::OwnRole)
        || clause.asks
        || source.ask.is_some_and(|a| a.slot == slot)
    {
        return None;
    }
    let known = state.value(slot)?;
    let row = slots::row(slot, Kind::Text);
    let value = (row.exact)(source, clause).or_else(|| (row.loose)(source, clause))?;
    // What is asked for comes first: "sorry, Anna Lee" answers "what name?" where that was the question.
    let asked_fits = source.ask.is_some_and(|a| {
        let row = slots::row(a.slot, a.kind);
        let names = matches!(
            a.slot,
            Slot::ComplainantName | Slot::StaffInvolved | Slot::AffectedPerson
        );
        (row.exact)(source, clause).is_some() || names && clause.name_like && wrong.is_none()
    });
    if asked_fits || same_words(&value, known) || matches!(value, SlotValue::YesNo { .. }) {
        return None;
    }
    Some(Correction {
        act: DialogueAct::Correct(slot, value),
        clauses,
    })
}
