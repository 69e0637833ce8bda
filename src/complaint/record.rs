//! What the complainant says becomes the record.

use super::profile::Profile;
use crate::domain::{
    Complaint, ComplaintStatus, Conversation, Emotion, MessageId, Person, RedFlag, Relation, Slot,
    SlotValue, Timestamp,
    complaint::{
        Added, AffectedPerson, Classification, Complainant, Consent, Fragment, Incident, Problem,
        PublicStatus, Reading, Reference, Subject,
    },
    conversation::Priority,
    interpretation::{Category, FoundProblem, Intensity},
};
use std::collections::BTreeSet;

/// A new record, opened by somebody's first sentence.
pub fn open(
    reference: Reference,
    conversation: &Conversation,
    at: Timestamp,
    profile: &Profile,
) -> Complaint {
    Complaint {
        reference,
        received_at: at,
        channel: conversation.inbox.clone(),
        conversation: conversation.id,
        status: ComplaintStatus::Open,
        priority: Priority::Routine,
        complainant: Complainant {
            name: None,
            anonymous: false,
            relation: conversation.relation,
            is_customer: conversation.relation.is_customer(),
            contact: Vec::new(),
            authority: None,
            consent: Consent::NotAsked,
            vulnerable: false,
        },
        affected_person: None,
        subjects: Vec::new(),
        incident: Incident::default(),
        classification: Classification {
            domain: None,
            category: None,
            severity: 0,
            problems: Vec::new(),
            by: "machine".to_owned(),
            proposed: None,
            harm: None,
        },
        desired_outcome: None,
        safeguarding: false,
        complete: false,
        deadlines: profile.deadlines(at),
        attachments: Vec::new(),
        fragments: Vec::new(),
        case: crate::domain::Case::default(),
    }
}

/// From how many words on the same words are the same story.
const TWICE: usize = 4;

/// Adds words to the narrative, verbatim; `added` says when and how, where several conversations add to the
/// record.
pub fn add_words(complaint: &mut Complaint, message: MessageId, text: &str, added: Option<Added>) {
    if text.trim().is_empty() {
        return;
    }
    let said = |f: &Fragment| f.text.trim() == text.trim();
    if text.split_whitespace().count() >= TWICE && complaint.fragments.iter().any(said) {
        // The same story sent twice is one story.
        return;
    }
    let printed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    complaint.fragments.push(Fragment {
        message,
        text: text.chars().filter(printed).collect(),
        added,
    });
    narrate(complaint);
}

/// The words of an edited message take the place of the old ones. Whether the message was part of the narrative.
pub fn reword(complaint: &mut Complaint, message: MessageId, text: &str) -> bool {
    let Some(fragment) = complaint
        .fragments
        .iter_mut()
        .find(|f| f.message == message)
    else {
        return false;
    };
    text.clone_into(&mut fragment.text);
    narrate(complaint);
    true
}

/// The words of a deleted message leave the narrative. Whether it was part of it.
pub fn drop_words(complaint: &mut Complaint, message: MessageId) -> bool {
    let before = complaint.fragments.len();
    complaint.fragments.retain(|f| f.message != message);
    narrate(complaint);
    complaint.fragments.len() != before
}

fn narrate(complaint: &mut Complaint) {
    let mut lines: Vec<String> = Vec::new();
    let mut before: Option<&Added> = None;
    for fragment in &complaint.fragments {
        if let Some(added) = fragment.added.as_ref().filter(|a| before != Some(a)) {
            lines.push(format!("[{}, {}]", added.day, added.channel));
        }
        before = fragment.added.as_ref();
        lines.push(fragment.text.clone());
    }
    complaint.incident.narrative = lines.join("\n");
}

/// What the record is written from.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The slots, and how things stand.
    pub conversation: &'a Conversation,
    /// What the last message shows of how the person is.
    pub emotion: Emotion,
    /// How strongly.
    pub intensity: Intensity,
    /// What the whole narrative is about, as far as a machine can tell: proposed, and never put over a person's word.
    pub category: Option<Category>,
    /// The things that went wrong in the message of this turn, one by one.
    pub problems: &'a [FoundProblem],
    /// Whether it tells of a death.
    pub death: bool,
}

/// Writes the record anew from the slots. What was said stays in the narrative; everything else is what the slots hold
/// now, so that a correction takes the old value away here too.
pub fn write(complaint: &mut Complaint, told: &Told<'_>) {
    let conversation = told.conversation;
    let value = |slot: Slot| conversation.value(slot);
    complainant(&mut complaint.complainant, told);
    complaint.affected_person = match value(Slot::AffectedPerson) {
        Some(SlotValue::Person(person)) => Some(AffectedPerson {
            name: person.name.clone(),
            relation: person.role.clone(),
        }),
        _ => None,
    };
    complaint.subjects = match value(Slot::StaffInvolved) {
        Some(SlotValue::People(people)) => people.iter().map(subject).collect(),
        _ => Vec::new(),
    };
    let incident = &mut complaint.incident;
    if let Some(SlotValue::Dates(dates)) = value(Slot::IncidentWhen) {
        incident.when_text = Some(dates.said.clone());
        incident.from.clone_from(&dates.from);
        incident.to.clone_from(&dates.to);
        incident.other_reading = dates.other.clone().map(|(from, to)| Reading { from, to });
    } else {
        incident.when_text = None;
        incident.from = None;
        incident.to = None;
        incident.other_reading = None;
    }
    incident.place = value(Slot::IncidentWhere).map(SlotValue::text);
    complaint.desired_outcome = value(Slot::DesiredOutcome).map(SlotValue::text);
    weigh(complaint, told);
}

/// How grave and how pressing it is, as far as a machine can tell.
pub(super) fn weigh(complaint: &mut Complaint, told: &Told<'_>) {
    let conversation = told.conversation;
    complaint.safeguarding |= matches!(
        conversation.red_flag,
        Some(RedFlag::Abuse | RedFlag::SelfHarm | RedFlag::Violence)
    );
    add_problems(complaint, told);
    if complaint.classification.by == "machine" {
        if let Some(category) = told.category {
            complaint.classification.category = Some(category);
            complaint.classification.domain = Some(category.domain());
        }
        complaint.classification.severity = severity(complaint, conversation);
    }
    complaint.priority = complaint.priority.max(priority(complaint, conversation));
}

fn complainant(complainant: &mut Complainant, told: &Told<'_>) {
    let conversation = told.conversation;
    // What a person has put right of it stays until they turn out to be somebody else.
    if complainant.relation != conversation.relation {
        complainant.relation = conversation.relation;
        complainant.is_customer = conversation.relation.is_customer();
    }
    complainant.name = conversation
        .value(Slot::ComplainantName)
        .map(SlotValue::text);
    complainant.anonymous = (conversation.slots.get(&Slot::ComplainantName))
        .is_some_and(|f| matches!(f.value, SlotValue::Declined(_)));
    complainant.contact = match conversation.value(Slot::ContactMethod) {
        Some(SlotValue::Contacts(all)) => all.clone(),
        _ => Vec::new(),
    };
    complainant.consent = match conversation.slots.get(&Slot::Consent).map(|f| &f.value) {
        Some(SlotValue::YesNo { yes: true, .. }) => Consent::Given,
        // "Not applicable", "I'd rather not say", "I don't know": nobody has said no.
        None | Some(SlotValue::Declined(_) | SlotValue::Unknown(_)) => Consent::NotAsked,
        Some(_) => Consent::Refused,
    };
    if conversation.relation == Relation::LegalRepresentative && complainant.authority.is_none() {
        complainant.authority = conversation.value(Slot::Relation).map(SlotValue::text);
    }
    complainant.vulnerable |= is_vulnerable(told);
}

/// They may need more help to be heard.
pub(super) fn is_vulnerable(told: &Told<'_>) -> bool {
    let distressed =
        matches!(told.emotion, Emotion::Sad | Emotion::Anxious) && told.intensity.0 >= 70;
    distressed || told.conversation.red_flag == Some(RedFlag::SelfHarm)
}

/// A role, or else the description.
pub(super) fn subject(person: &Person) -> Subject {
    let described = match (&person.role, &person.description) {
        (Some(role), Some(looks)) => Some(format!("{role}, {looks}")),
        (role, looks) => role.clone().or_else(|| looks.clone()),
    };
    Subject {
        name: person.name.clone(),
        role: described,
    }
}

/// Adds what went wrong in words that stand in the narrative, and drops what no longer does.
fn add_problems(complaint: &mut Complaint, told: &Told<'_>) {
    let narrative = &complaint.incident.narrative;
    let problems = &mut complaint.classification.problems;
    for problem in told.problems {
        let words = as_narrated(&complaint.fragments, narrative, &problem.words);
        let known = problems.iter().any(|p| p.words == words);
        if !known {
            problems.push(Problem {
                words: words.to_owned(),
                category: problem.category,
                severity: match (told.death, problem.sure) {
                    (true, _) => Some(HIGH),
                    (false, true) => Some(usual_severity(problem.category)),
                    (false, false) => None,
                },
                stage: None,
                by: None,
                proposed: None,
            });
        }
    }
    // What a person has confirmed or added stays.
    problems.retain(|p| p.by.is_some() || narrative.contains(&p.words));
}

/// Words as they stand in the narrative: without a greeting or an address that they were told with.
fn as_narrated<'a>(fragments: &'a [Fragment], narrative: &str, words: &'a str) -> &'a str {
    if narrative.contains(words) {
        return words;
    }
    let all: BTreeSet<&str> = words.split_whitespace().collect();
    let part = |f: &&Fragment| f.text.split_whitespace().all(|w| all.contains(w));
    let longest = fragments.iter().filter(part).max_by_key(|f| f.text.len());
    longest.map_or(words, |f| f.text.as_str())
}

/// HCAT's highest severity: lasting harm, or a death.
const HIGH: u8 = 3;

/// What a problem of a category is where nothing more is known: care comes before comfort.
const fn usual_severity(category: Category) -> u8 {
    match category {
        Category::Safety | Category::Quality | Category::RespectAndPatientRights => 2,
        _ => 1,
    }
}

/// HCAT's 1 to 3, as a proposal: danger is high, else the worst problem of whose kind the machine is sure, and a
/// strong feeling weighs. 0 where it is sure of none.
fn severity(complaint: &Complaint, conversation: &Conversation) -> u8 {
    if conversation.red_flag.is_some() || complaint.safeguarding {
        return HIGH;
    }
    let problems = &complaint.classification.problems;
    let worst = problems.iter().filter_map(|p| p.severity).max();
    match worst {
        Some(worst) if conversation.intensity.0 >= 70 => worst.max(2),
        Some(worst) => worst,
        None => 0,
    }
}

fn priority(complaint: &Complaint, conversation: &Conversation) -> Priority {
    match conversation.red_flag {
        Some(RedFlag::MedicalEmergency | RedFlag::SelfHarm | RedFlag::Violence) => {
            Priority::Emergency
        }
        Some(RedFlag::Abuse) => Priority::Urgent,
        None if complaint.safeguarding => Priority::Urgent,
        None if complaint.classification.category == Some(Category::Safety)
            || conversation.intensity.0 >= 85
            || complaint.complainant.vulnerable =>
        {
            Priority::Soon
        }
        None => Priority::Routine,
    }
}

/// How it stands, without a word of what it is about.
pub fn public_status(complaint: &Complaint) -> PublicStatus {
    let next = complaint
        .deadlines
        .iter()
        .filter(|d| d.met_at.is_none())
        .min_by_key(|d| d.due_at)
        .map(|d| (d.name.clone(), d.due_at));
    let next = next.filter(|_| {
        !matches!(
            complaint.status,
            ComplaintStatus::Closed | ComplaintStatus::Withdrawn | ComplaintStatus::Responded
        )
    });
    PublicStatus {
        reference: complaint.reference.clone(),
        status: Some(complaint.status),
        received_at: complaint.received_at,
        next,
    }
}
