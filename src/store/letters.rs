//! Letters to complainants, as they were drawn up.

use super::{Store, StoreError, rows::json, sealing};
use crate::{
    clock::random,
    domain::{AuditNote, Timestamp, complaint::Reference, digest_of_change, hexadecimal},
};
use sqlx::{Connection, Row, any::AnyRow};

/// What a letter is within an envelope.
const SEALED: &str = "letter";

/// All letters as they are compared with the log.
pub(super) const SALTED: &str =
    "SELECT salt, id, kind, language, text, written_by, at, reference FROM letters";

/// The digest of a letter: kind, language, text and writer, when, and on which complaint.
pub(super) fn digest(salt: &str, words: [&str; 4], at: i64, reference: &str) -> String {
    digest_of_change(salt, &json(&(words, at, reference)))
}

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its id.
    pub id: String,
    /// Which letter: `acknowledgement`, `holding` or `response`.
    pub kind: String,
    /// In which language, ISO 639-1.
    pub language: String,
    /// Its words.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

fn letter(row: &AnyRow) -> Result<Letter, StoreError> {
    Ok(Letter {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        language: row.try_get(2)?,
        text: sealing::open(SEALED, row.try_get(0)?, row.try_get(3)?)?.into_owned(),
        by: row.try_get(4)?,
        at: Timestamp(row.try_get(5)?),
    })
}

impl Store {
    /// Keeps a letter, with the entry that it was drawn up.
    pub async fn keep_letter(
        &self,
        reference: &Reference,
        letter: &Letter,
        mut note: AuditNote,
    ) -> Result<(), StoreError> {
        let salt = hexadecimal(&random::<16>());
        let text = letter.text.replace('\0', "\u{fffd}");
        let (kind, language) = (letter.kind.as_str(), letter.language.as_str());
        let words = [kind, language, &text, &letter.by];
        let digest = digest(&salt, words, letter.at.0, reference.as_str());
        note.detail.letter = Some((letter.id.clone(), digest));
        let mut connection = self.writer.lend().await?;
        let kept = async move {
            let mut all = connection.begin().await?;
            sqlx::query("INSERT INTO letters (id, reference, kind, language, text, written_by, at, salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(&letter.id)
                .bind(reference.as_str())
                .bind(&letter.kind)
                .bind(&letter.language)
                .bind(sealing::close(SEALED, &letter.id, text))
                .bind(&letter.by)
                .bind(letter.at.0)
                .bind(salt)
                .execute(&mut *all)
                .await?;
            self.note_within(&mut all, vec![note]).await?;
            all.commit().await?;
            connection.give_back();
            Ok(())
        };
        self.writer.in_time(kept).await
    }

    /// The letters of a complaint, in order.
    pub async fn letters(&self, reference: &Reference) -> Result<Vec<Letter>, StoreError> {
        let rows = sqlx::query("SELECT id, kind, language, text, written_by, at FROM letters WHERE reference = $1 ORDER BY at, id")
            .bind(reference.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(letter).collect()
    }
}
