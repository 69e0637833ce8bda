//! The log of changes and looks: added to and read. No statement here changes an entry.

use super::{
    Store, StoreError,
    jobs::Worked,
    rows::{Writes, json},
};
use crate::domain::{
    AuditDetail, AuditEntry, AuditNote, Deed, Effect, Timestamp, complaint::Reference,
    digest_of_change,
};
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row, any::AnyRow};

#[derive(Serialize)]
struct AuditRow<'a> {
    n: i64,
    t: i64,
    w: &'a str,
    d: &'a str,
    a: &'a str,
    p: i64,
    x: &'a str,
    h: &'a str,
}

#[derive(Serialize)]
struct EndRow<'a> {
    n: i64,
    h: &'a str,
}

const INSERT: &str = "INSERT INTO audit (number, at, who, what, about, place, detail, hash) SELECT CAST(j.value->>'n' AS BIGINT), CAST(j.value->>'t' AS BIGINT), j.value->>'w', j.value->>'d', j.value->>'a', CAST(j.value->>'p' AS BIGINT), j.value->>'x', j.value->>'h' FROM {rows}";
const MOVE_END: &str = "UPDATE audit_end SET number = (SELECT CAST(j.value->>'n' AS BIGINT) FROM {rows}), hash = (SELECT j.value->>'h' FROM {rows}) WHERE name = 'end'";
pub(super) const COLUMNS: &str =
    "a.number, a.at, a.who, a.what, a.about, a.place, a.detail, a.hash";

/// The salt of the change that an event makes: its id, which nobody can guess.
pub(super) fn salt(worked: &Worked) -> String {
    worked.event.id.to_string()
}

/// What a batch changed, to be noted.
pub(super) fn of_changes(worked: &[Worked]) -> Vec<AuditNote> {
    let noted = |w: &Worked| {
        let record = w.record.as_ref()?;
        let reference = record.reference.to_string();
        let change = w.effects.iter().find_map(|e| match e {
            Effect::Changed(change) => Some(change),
            _ => None,
        })?;
        Some(AuditNote {
            at: w.event.at,
            who: change.by.clone(),
            what: Deed::Changed,
            about: reference,
            place: w.position,
            detail: AuditDetail {
                fields: change.fields.iter().map(|f| f.field.clone()).collect(),
                digest: Some(digest_of_change(&salt(w), &json(change))),
                record: Some(digest_of_change(&salt(w), &json(record))),
                ..AuditDetail::default()
            },
        })
    };
    worked.iter().filter_map(noted).collect()
}

/// Adds entries behind the last one. Only under the lock of all writers.
pub(super) async fn append(
    db: &mut AnyConnection,
    notes: Vec<AuditNote>,
    writes: &mut Writes,
) -> Result<(), StoreError> {
    if notes.is_empty() {
        return Ok(());
    }
    let end = sqlx::query("SELECT number, hash FROM audit_end WHERE name = 'end'")
        .fetch_one(&mut *db)
        .await?;
    let (mut number, mut hash): (i64, String) = (end.try_get(0)?, end.try_get(1)?);
    let mut entries = Vec::with_capacity(notes.len());
    for note in notes {
        number += 1;
        let mut entry = AuditEntry {
            number,
            at: note.at,
            who: note.who,
            what: note.what.name().to_owned(),
            about: note.about,
            place: note.place,
            detail: json(&note.detail),
            hash: String::new(),
        };
        entry.hash = entry.hash_after(&hash);
        hash.clone_from(&entry.hash);
        entries.push(entry);
    }
    let rows: Vec<AuditRow<'_>> = entries
        .iter()
        .map(|e| AuditRow {
            n: e.number,
            t: e.at.0,
            w: &e.who,
            d: &e.what,
            a: &e.about,
            p: e.place,
            x: &e.detail,
            h: &e.hash,
        })
        .collect();
    writes.put(INSERT, &rows);
    writes.put(
        MOVE_END,
        &[EndRow {
            n: number,
            h: &hash,
        }],
    );
    Ok(())
}

pub(super) fn entry(row: &AnyRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        number: row.try_get(0)?,
        at: Timestamp(row.try_get(1)?),
        who: row.try_get(2)?,
        what: row.try_get(3)?,
        about: row.try_get(4)?,
        place: row.try_get(5)?,
        detail: row.try_get(6)?,
        hash: row.try_get(7)?,
    })
}

impl Store {
    /// Notes looks and what was given out. When this returns, it is on disk.
    pub async fn note(&self, notes: Vec<AuditNote>) -> Result<(), StoreError> {
        let mut connection = self.writer.lend().await?;
        let noted = async move {
            let mut transaction = connection.begin().await?;
            self.note_within(&mut transaction, notes).await?;
            transaction.commit().await?;
            connection.give_back();
            Ok(())
        };
        self.writer.in_time(noted).await
    }

    /// The same, within a transaction that writes what the notes tell of.
    pub(super) async fn note_within(
        &self,
        transaction: &mut AnyConnection,
        notes: Vec<AuditNote>,
    ) -> Result<(), StoreError> {
        // The lock of all writers.
        sqlx::query("UPDATE counter SET value = value WHERE name = 'position'")
            .execute(&mut *transaction)
            .await?;
        let mut writes = Writes::default();
        append(transaction, notes, &mut writes).await?;
        for (text, rows) in writes.0 {
            let sql = self.dialect.sql(text);
            sqlx::query(sql)
                .bind(rows)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(())
    }

    /// What was done with a complaint, in order.
    pub async fn audit_of(&self, reference: &Reference) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM audit a WHERE a.about = $1 ORDER BY a.number");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(reference.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(entry).collect()
    }
}
