//! Secret words on their way: made before a message is decided, put in their place on the way to the person, and
//! gone when they have arrived. What stays is the hash in the record.

use super::{Store, StoreError, jobs::Worked, rows::Writes, sealing};
use crate::{
    clock,
    domain::{Author, ConversationId, Effect, EventKind, Message, SecretWord, Snapshot, Timestamp},
};
use serde::Serialize;

const KIND: &str = "secret_word";
/// For how long a word can be read again where nobody can tell whether it has arrived, in seconds.
const KEPT: i64 = 86_400;

/// A word that may be given out with the answer to this message; its hash goes into the event. None where no
/// record waits for its end.
pub(super) fn lend(snapshot: &Snapshot, kind: &mut EventKind) -> Option<SecretWord> {
    let EventKind::Message(inbound) = kind else {
        return None;
    };
    inbound.lent = None;
    let record = snapshot.complaint.as_ref();
    if record.is_some_and(|r| r.case.secret.is_some()) {
        return None;
    }
    let word = SecretWord::of(clock::random());
    inbound.lent = Some(word.kept(clock::random()));
    Some(word)
}

/// The word, if it was given out; else its hash leaves the event.
pub(super) fn given(
    word: Option<SecretWord>,
    kind: &mut EventKind,
    after: &Snapshot,
) -> Option<SecretWord> {
    let EventKind::Message(inbound) = kind else {
        return None;
    };
    let record = after.complaint.as_ref();
    let kept = record.and_then(|r| r.case.secret.as_ref());
    if kept.is_some() && kept == inbound.lent.as_ref() {
        return word;
    }
    inbound.lent = None;
    None
}

/// Words that are given out, beside the messages that tell them.
pub(super) fn words(worked: &[Worked], writes: &mut Writes) {
    let told = worked.iter().filter_map(|w| Some((w, w.word.as_ref()?)));
    let rows: Vec<WordRow> = told
        .flat_map(|(w, word)| {
            let hidden = w.messages.iter().filter(|(_, m)| is_hidden(m));
            hidden.map(|(_, m)| WordRow {
                w: sealing::close(KIND, &m.id.to_string(), word.shown()),
                m: m.id.to_string(),
                c: w.after.id,
                t: w.event.at.0,
            })
        })
        .collect();
    writes.put("INSERT INTO secret_words (message, conversation, word, at) SELECT j.value->>'m', j.value->>'c', j.value->>'w', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &rows);
}

/// Words that have arrived are gone.
pub(super) fn arrived(worked: &[Worked], writes: &mut Writes) {
    let upto = |w: &Worked| {
        w.effects.iter().rev().find_map(|e| match e {
            Effect::Arrived { upto, .. } => Some(upto.to_string()),
            _ => None,
        })
    };
    let rows: Vec<WordRow> = (worked.iter())
        .filter_map(|w| {
            Some(WordRow {
                m: upto(w)?,
                c: w.after.id,
                w: String::new(),
                t: 0,
            })
        })
        .collect();
    writes.put("DELETE FROM secret_words WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'c' = secret_words.conversation AND j.value->>'m' >= secret_words.message)", &rows);
}

fn is_hidden(message: &Message) -> bool {
    message.from == Author::Bot && SecretWord::was_in(&message.text)
}

#[derive(Serialize)]
struct WordRow {
    m: String,
    c: ConversationId,
    w: String,
    t: i64,
}

impl Store {
    /// Puts the secret word in its place, for the person themselves: nobody else is shown a message that went through
    /// this. Where the word is gone it stays hidden.
    pub async fn reveal(&self, message: &mut Message) -> Result<(), StoreError> {
        if !is_hidden(message) {
            return Ok(());
        }
        let word: Option<String> =
            sqlx::query_scalar("SELECT word FROM secret_words WHERE message = $1")
                .bind(message.id.to_string())
                .fetch_optional(&self.readers)
                .await?;
        if let Some(word) = word {
            let word = sealing::open(KIND, &message.id.to_string(), &word)?;
            message.text = message.text.replace(SecretWord::HIDDEN, &word);
        }
        Ok(())
    }

    /// Words that were given out a day ago are gone, whether they have arrived or not.
    pub async fn forget_secret_words(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM secret_words WHERE at < $1")
            .bind(now.plus_seconds(-KEPT).0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
