//! Letters to complainants, as they were drawn up.

use super::{Store, StoreError, sealing};
use crate::domain::{Timestamp, complaint::Reference};
use sqlx::{Row, any::AnyRow};

/// What a letter is within an envelope.
const SEALED: &str = "letter";

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
        text: sealing::open(SEALED, row.try_get(3)?)?.into_owned(),
        by: row.try_get(4)?,
        at: Timestamp(row.try_get(5)?),
    })
}

impl Store {
    /// Keeps a letter.
    pub async fn keep_letter(
        &self,
        reference: &Reference,
        letter: &Letter,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO letters (id, reference, kind, language, text, written_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&letter.id)
            .bind(reference.as_str())
            .bind(&letter.kind)
            .bind(&letter.language)
            .bind(sealing::close(SEALED, letter.text.replace('\0', "\u{fffd}")))
            .bind(&letter.by)
            .bind(letter.at.0)
            .execute(&self.writer)
            .await?;
        Ok(())
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
