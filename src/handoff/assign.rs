//! Who is given a conversation where the desk gives them out itself: danger first, whoever talked with the person
//! before, else whoever has the least to do.

use crate::domain::{AgentId, AssignedBy, Conversation, QueueEntry};

/// How many open conversations somebody has at most, where nothing else is said.
const USUAL_CAPACITY: i64 = 5;

/// Somebody who is at the desk.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub id: AgentId,
    /// The teams for which they work; none: for all.
    pub teams: Vec<String>,
    /// The languages that they write, as codes; none: all.
    pub languages: Vec<String>,
    /// How many open conversations they have at most.
    pub capacity: Option<i64>,
    /// How many they have.
    pub open: i64,
}

impl Candidate {
    fn knows(&self, conversation: &Conversation, entry: &QueueEntry) -> bool {
        let has = |all: &[String], one: &str| all.is_empty() || all.iter().any(|a| a == one);
        has(&self.teams, &entry.team) && has(&self.languages, &conversation.language)
    }

    fn has_room(&self) -> bool {
        self.open < self.capacity.unwrap_or(USUAL_CAPACITY)
    }
}

/// Who is given this conversation, and by which rule; nobody, where none fits. Somebody in danger is given to
/// whoever knows most of what is needed, however much
/// they have to do.
pub fn choose(
    conversation: &Conversation,
    entry: &QueueEntry,
    candidates: &[Candidate],
) -> Option<(AgentId, AssignedBy)> {
    let danger = conversation.red_flag.is_some();
    let mut fit: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| !conversation.passed_by.contains(&c.id))
        .filter(|c| danger || (c.knows(conversation, entry) && c.has_room()))
        .collect();
    fit.sort_by_key(|c| {
        let unknowing = danger && !c.knows(conversation, entry);
        (unknowing, c.open, c.id)
    });
    let least = fit.first()?;
    if danger {
        return Some((least.id, AssignedBy::Danger));
    }
    let known = |c: &&&Candidate| Some(c.id) == conversation.last_agent;
    match fit.iter().find(known) {
        Some(previous) => Some((previous.id, AssignedBy::Previous)),
        None => Some((least.id, AssignedBy::LeastLoaded)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ConversationId, RedFlag, Timestamp,
        conversation::{Priority, Waiting},
    };

    fn id(n: u128) -> AgentId {
        AgentId(uuid::Uuid::from_u128(n))
    }

    fn candidate(n: u128, open: i64) -> Candidate {
        Candidate {
            id: id(n),
            teams: Vec::new(),
            languages: Vec::new(),
            capacity: None,
            open,
        }
    }

    fn chosen(conversation: &Conversation, all: &[Candidate]) -> Option<(AgentId, AssignedBy)> {
        let entry = QueueEntry {
            since: Timestamp(0),
            entered: None,
            priority: Priority::Routine,
            team: "front desk".to_owned(),
            reason: "speak_to_human".to_owned(),
            waiting: Waiting::Stay,
            check_ins: 0,
            overdue: false,
        };
        choose(conversation, &entry, all)
    }

    fn talk() -> Conversation {
        let nil = ConversationId(uuid::Uuid::nil());
        Conversation::new(nil, "web", "x", Timestamp(0))
    }

    #[test]
    fn whoever_has_the_least_to_do_is_given_it() {
        let all = [candidate(1, 3), candidate(2, 1), candidate(3, 2)];
        assert_eq!(
            chosen(&talk(), &all),
            Some((id(2), AssignedBy::LeastLoaded))
        );
        assert_eq!(chosen(&talk(), &[]), None);
    }

    #[test]
    fn whoever_talked_with_them_before_comes_first() {
        let mut known = talk();
        known.last_agent = Some(id(1));
        let all = [candidate(1, 3), candidate(2, 1)];
        assert_eq!(chosen(&known, &all), Some((id(1), AssignedBy::Previous)));
        let full = [candidate(1, 5), candidate(2, 1)];
        assert_eq!(
            chosen(&known, &full),
            Some((id(2), AssignedBy::LeastLoaded))
        );
    }

    #[test]
    fn nobody_is_given_more_than_they_can_do_or_what_they_do_not_know() {
        let mut spanish = talk();
        spanish.language = "es".to_owned();
        let mut one = candidate(1, 0);
        one.languages = vec!["en".to_owned()];
        let mut two = candidate(2, 0);
        two.teams = vec!["billing".to_owned()];
        let mut three = candidate(3, 2);
        three.capacity = Some(2);
        let mut all = vec![one, two, three];
        assert_eq!(chosen(&spanish, &all), None);
        all[2].open = 1;
        assert_eq!(
            chosen(&spanish, &all),
            Some((id(3), AssignedBy::LeastLoaded))
        );
    }

    #[test]
    fn danger_waits_for_no_room_and_takes_whoever_knows_most() {
        let mut endangered = talk();
        endangered.red_flag = Some(RedFlag::SelfHarm);
        let mut other = candidate(1, 0);
        other.teams = vec!["billing".to_owned()];
        let all = [other, candidate(2, 9)];
        assert_eq!(chosen(&endangered, &all), Some((id(2), AssignedBy::Danger)));
        endangered.passed_by = vec![id(2)];
        assert_eq!(chosen(&endangered, &all), Some((id(1), AssignedBy::Danger)));
    }
}
