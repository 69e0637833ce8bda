//! What an answer in somebody's own words means, by the answers that people gave before.

use super::{acts::DialogueAct, reader::Reader, source::count};
use crate::{
    domain::{
        Slot, SlotValue,
        interpretation::{Clause, Cue},
    },
    flow::{Ask, Meant},
};

/// A longer sentence is more than one answer, in words.
const LONG: usize = 24;
/// How likely it must be that they cannot say, where rules find a yes or a no.
const SURELY_UNKNOWN: f32 = 0.85;
/// How likely it must be that words agree where nobody asked.
const UNASKED: f32 = 0.85;
/// So few words agree to nothing where nobody asked.
const FEWEST: usize = 4;

impl Reader<'_> {
    /// "She's given me the nod": what alike answers meant, sentence by sentence; of long ones clause by clause. The
    /// likeliest counts; where somebody does not know, and in another clause does not agree, it is a refusal.
    pub(super) fn by_example(&mut self, ask: &Ask) {
        // "I have power of attorney": rules know the words of law.
        let all = self.clauses();
        let any = |cues: &[Cue]| {
            let open = self.open();
            open.iter()
                .any(|n| cues.iter().any(|cue| all[*n].has(*cue)))
        };
        let refuses = any(&[Cue::Disagrees, Cue::No]);
        if any(&[Cue::HasConsent]) && !refuses {
            return;
        }
        let ruled = refuses || any(&[Cue::Yes, Cue::HasConsent]);
        let parts = self.parts();
        let mut meant: Vec<(Meant, f32, &Vec<usize>)> = Vec::new();
        for clauses in &parts {
            let found = self.meant(ask, clauses).filter(|(m, _)| *m != Meant::None);
            meant.extend(found.map(|(m, likely)| (m, likely, clauses)));
        }
        let likeliest = meant.iter().max_by(|(_, a, _), (_, b, _)| a.total_cmp(b));
        let Some((meant, likely, clauses)) = likeliest else {
            return;
        };
        if *meant == Meant::Unknown && *likely < SURELY_UNKNOWN && ruled {
            return;
        }
        let refuses = |n: &usize| self.meant(ask, &[*n]).is_some_and(|(m, _)| m == Meant::No);
        let meant = match meant {
            Meant::Unknown if clauses.len() > 1 && clauses.iter().any(refuses) => Meant::No,
            meant => *meant,
        };
        // "I don't know, she can't understand": nobody agrees by that.
        let cannot_say = any(&[Cue::DontKnow, Cue::NotAskedThem]);
        // "She doesn't want me to make a fuss": whatever it is like, nobody agrees by that.
        let against = any(&[Cue::Disagrees]);
        let meant = match meant {
            Meant::Yes if against => Meant::No,
            Meant::Yes if cannot_say => Meant::Unknown,
            meant => meant,
        };
        let said = self.words_of(clauses).to_owned();
        let value = match meant {
            Meant::Yes => SlotValue::YesNo { yes: true, said },
            Meant::No => SlotValue::YesNo { yes: false, said },
            Meant::Unknown | Meant::None => SlotValue::Unknown(said),
        };
        for n in *clauses {
            self.taken[*n] = Some(DialogueAct::Answer(ask.slot, value.clone()));
        }
    }

    /// "She knows and told me to go on", told where nobody asked: only where rules find it too. Whoever is not heard to
    /// agree is asked for; a consent that nobody gave would stand in the record.
    pub(super) fn agrees_unasked(&self, clause: &Clause) -> bool {
        let words = clause.words(self.heard.text);
        let found = (self.heard.answers).and_then(|a| a.meant(&Slot::Consent, words));
        // "I looked it up" says nothing of anybody else.
        clause.has(Cue::OfAnother)
            && clause.has(Cue::Agrees)
            && (FEWEST..=LONG).contains(&count(words))
            && found.is_some_and(|(m, likely)| m == Meant::Yes && likely >= UNASKED)
    }

    fn meant(&self, ask: &Ask, clauses: &[usize]) -> Option<(Meant, f32)> {
        self.heard.answers?.meant(&ask.slot, self.words_of(clauses))
    }

    /// The words from the first of these clauses to the last.
    fn words_of(&self, clauses: &[usize]) -> &str {
        let all = self.clauses();
        let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else {
            return "";
        };
        &self.heard.text[all[*first].start..all[*last].end]
    }

    /// The clauses that nobody has taken, by sentences; those of long sentences one by one.
    fn parts(&self) -> Vec<Vec<usize>> {
        let all = self.clauses();
        let wanted = self.heard.said.entities.desired_outcome.as_ref();
        // "I want to know why", "can you?": their own wish, and not what the other agrees to.
        let wishes = |c: &Clause| {
            c.wishes || c.asks || wanted.is_some_and(|w| c.start <= w.start && w.start < c.end)
        };
        let mut open = self.open();
        open.retain(|n| !wishes(&all[*n]));
        let sentences = open.chunk_by(|a, b| all[*a].sentence == all[*b].sentence && b - a == 1);
        let mut parts = Vec::new();
        for sentence in sentences {
            let words: usize = (sentence.iter())
                .map(|n| count(all[*n].words(self.heard.text)))
                .sum();
            if words <= LONG {
                parts.push(sentence.to_vec());
            } else {
                parts.extend(sentence.iter().map(|n| vec![*n]));
            }
        }
        parts
    }
}
