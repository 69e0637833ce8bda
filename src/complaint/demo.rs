//! Made-up complaints, for trying and measuring: the same number always gives the same one.

use super::{Profile, add_words, amending::Amending, open, steps::act};
use crate::domain::{
    ActionName, AgentRef, Category, Complaint, Conclusion, Conversation, MessageId, Relation,
    Timestamp,
    complaint::{AffectedPerson, Consent, Contact, Problem, Reference, Subject},
    conversation::Priority,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Seconds of a day, and over how many days complaints are spread.
const DAY: i64 = 86_400;
const DAYS: u64 = 730;

/// What made-up people are called and tell: `flows/demo/people.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    given: Vec<String>,
    family: Vec<String>,
    places: Vec<String>,
    roles: Vec<String>,
    wishes: Vec<String>,
    questions: Vec<String>,
    /// What is answered.
    pub answer: String,
    stories: BTreeMap<Category, Vec<String>>,
}

/// Numbers that look like chance.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.roll(all.len() as u64) as usize;
        &all[at]
    }
}

impl People {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_saphyr::from_str(text)
            .map_err(|e| format!("demo/people.yaml: {}", e.without_snippet()))?;
        let lists = [
            &read.given,
            &read.family,
            &read.places,
            &read.roles,
            &read.wishes,
            &read.questions,
        ];
        let empty = |all: &Vec<String>| all.is_empty();
        if lists.into_iter().chain(read.stories.values()).any(empty) || read.stories.is_empty() {
            return Err("demo/people.yaml: a list is empty".to_owned());
        }
        Ok(read)
    }

    fn name(&self, dice: &mut Dice) -> String {
        format!("{} {}", dice.of(&self.given), dice.of(&self.family))
    }

    /// What somebody asks who does not complain, and their name.
    pub fn asks(&self, number: u64) -> (String, String) {
        let mut dice = Dice(number ^ 0xA5A5);
        (self.name(&mut dice), dice.of(&self.questions).clone())
    }

    /// A complaint, received at some time in the two years before now, as far as it would have come by now.
    pub fn complains(
        &self,
        number: u64,
        conversation: &mut Conversation,
        message: MessageId,
        now: Timestamp,
        by: &AgentRef,
        profile: &Profile,
    ) -> Complaint {
        let mut dice = Dice(number.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let age = dice.roll(DAYS * DAY as u64) as i64;
        let received = now.plus_seconds(-age);
        let relations = Relation::ALL;
        conversation.relation = *dice.of(relations);
        let name = self.name(&mut dice);
        conversation.name = Some(name.clone());
        let bits = (number.wrapping_mul(0x5851_F42D_4C95_7F2D) ^ number) & ((1 << 40) - 1);
        let mut c = open(Reference::from_bits(bits), conversation, received, profile);
        let categories: Vec<&Category> = self.stories.keys().collect();
        let category = **dice.of(&categories);
        let place = dice.of(&self.places).clone();
        let role = dice.of(&self.roles).clone();
        let staff = self.name(&mut dice);
        let story = dice.of(&self.stories[&category]);
        let story = story
            .replace("{place}", &place)
            .replace("{staff}", &format!("the {role}, {staff},"));
        add_words(&mut c, message, &story, None);
        c.complainant.anonymous = dice.roll(12) == 0;
        if !c.complainant.anonymous {
            let address = name.to_lowercase().replace(' ', ".");
            c.complainant.contact = vec![Contact {
                kind: "email".to_owned(),
                value: format!("{address}{number}@example.org"),
                note: None,
            }];
            c.complainant.name = Some(name);
        }
        if c.complainant.relation != Relation::Patient {
            c.affected_person = Some(AffectedPerson {
                name: Some(self.name(&mut dice)),
                relation: None,
            });
            c.complainant.consent = *dice.of(Consent::ALL);
        }
        c.subjects.push(Subject {
            name: Some(staff),
            role: Some(role),
        });
        c.incident.place = Some(place);
        c.desired_outcome = Some(dice.of(&self.wishes).clone());
        c.classification.category = Some(category);
        c.classification.domain = Some(category.domain());
        c.classification.severity = dice.roll(4) as u8;
        c.classification.problems.push(Problem {
            words: story,
            category,
            severity: None,
            stage: None,
            by: None,
            proposed: None,
        });
        let pressing = [
            Priority::Routine,
            Priority::Routine,
            Priority::Soon,
            Priority::Urgent,
        ];
        c.priority = *dice.of(&pressing);
        c.complete = dice.roll(4) != 0;
        goes_on(&mut c, &mut dice, age / DAY, by, profile);
        c
    }
}

/// What was done about it in so many days.
fn goes_on(c: &mut Complaint, dice: &mut Dice, days: i64, by: &AgentRef, profile: &Profile) {
    let mut day = 0;
    let steps = [
        (ActionName::Acknowledge, 5),
        (ActionName::Investigate, 10),
        (ActionName::Respond, 60),
        (ActionName::Close, 30),
    ];
    for (action, most) in steps {
        day += 1 + dice.roll(most) as i64;
        if day >= days || dice.roll(25) == 0 {
            return;
        }
        let with = Amending {
            at: c.received_at.plus_seconds(day * DAY),
            by,
            profile,
        };
        if act(c, &action.into(), None, &with).is_err() {
            return;
        }
    }
    c.case.conclusion = Some(*dice.of(Conclusion::ALL));
}
