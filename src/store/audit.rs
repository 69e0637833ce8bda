//! The log of changes and looks: added to, read, and verified. No statement here changes an entry.

use super::{
    Store, StoreError,
    jobs::Worked,
    rows::{Writes, json},
    sealing,
};
use crate::domain::{
    AuditDetail, AuditEntry, AuditNote, Deed, Effect, Timestamp, complaint::Reference,
    digest_of_change,
};
use futures_util::TryStreamExt;
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row, any::AnyRow};
use std::{borrow::Cow, collections::BTreeMap};

/// What is wrong with the log, or that nothing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many entries, and the hash of the last.
    Whole(i64, String),
    /// The first entry that is not as it was written, and what is wrong with it.
    Broken(i64, String),
}

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
const COLUMNS: &str = "a.number, a.at, a.who, a.what, a.about, a.place, a.detail, a.hash";

/// The salt of the change that an event makes: its id, which nobody can guess.
pub(super) fn salt(worked: &Worked) -> String {
    worked.event.id.to_string()
}

/// What a batch changed, to be noted.
pub(super) fn of_changes(worked: &[Worked]) -> Vec<AuditNote> {
    let noted = |w: &Worked| {
        let reference = w.record.as_ref()?.reference.to_string();
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

fn entry(row: &AnyRow) -> Result<AuditEntry, StoreError> {
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
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        // The lock of all writers.
        sqlx::query("UPDATE counter SET value = value WHERE name = 'position'")
            .execute(&mut *transaction)
            .await?;
        let mut writes = Writes::default();
        append(&mut transaction, notes, &mut writes).await?;
        for (text, rows) in writes.0 {
            let sql = self.dialect.sql(text);
            sqlx::query(sql)
                .bind(rows)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
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

    /// Goes through the whole log: whether each entry is there, in its place and as it was written, and whether each
    /// change is in the history as it was noted.
    pub async fn verify_audit(&self) -> Result<Verdict, StoreError> {
        let mut connection = self.readers.acquire().await?;
        // One look at everything, whatever is written meanwhile.
        let mut db = connection.begin_with(self.dialect.snapshot()).await?;
        let sql = format!(
            "SELECT {COLUMNS}, h.salt, h.body, h.position FROM audit a LEFT JOIN complaint_changes h ON a.place <> 0 AND h.reference = a.about AND h.position = a.place ORDER BY a.number"
        );
        let (mut last, mut hash, mut changes) = (0, String::new(), Changes::default());
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(&mut *db);
        while let Some(row) = rows.try_next().await? {
            let entry = entry(&row)?;
            if entry.number != last + 1 {
                return Ok(Verdict::Broken(last + 1, "it is missing".to_owned()));
            }
            if entry.hash != entry.hash_after(&hash) {
                let why = "it is not as it was written, or not in its place";
                return Ok(Verdict::Broken(entry.number, why.to_owned()));
            }
            if let Some(why) = changes.changed_since(&entry, &row)? {
                return Ok(Verdict::Broken(entry.number, why));
            }
            (last, hash) = (entry.number, entry.hash);
        }
        drop(rows);
        let end = sqlx::query("SELECT number, hash, (SELECT CAST(count(*) AS BIGINT) FROM complaint_changes WHERE salt IS NOT NULL) FROM audit_end WHERE name = 'end'")
            .fetch_one(&mut *db)
            .await?;
        let (number, ends, salted): (i64, String, i64) =
            (end.try_get(0)?, end.try_get(1)?, end.try_get(2)?);
        if number > last {
            return Ok(Verdict::Broken(last + 1, "it is missing".to_owned()));
        }
        if number < last || ends != hash {
            let why = "it stands behind what was the end";
            return Ok(Verdict::Broken(last, why.to_owned()));
        }
        if let Some(number) = changes.emptied.values().min() {
            let why = "the change that it tells of was emptied, and no entry says by whom";
            return Ok(Verdict::Broken(*number, why.to_owned()));
        }
        if salted != changes.told {
            let why = "the history has a change that no entry tells of";
            return Ok(Verdict::Broken(last + 1, why.to_owned()));
        }
        Ok(Verdict::Whole(last, hash))
    }
}

/// The changes that were met on the way.
#[derive(Default)]
struct Changes {
    /// How many are as they were written.
    told: i64,
    /// Complaints with changes whose words are gone, and the entry of the first, until an entry says that they were erased.
    emptied: BTreeMap<String, i64>,
}

impl Changes {
    /// What is wrong with the change that an entry tells of, where anything is. One whose words were erased has no salt.
    fn changed_since(
        &mut self,
        entry: &AuditEntry,
        row: &AnyRow,
    ) -> Result<Option<String>, StoreError> {
        if entry.what == Deed::Erased.name() {
            self.emptied.remove(&entry.about);
        }
        if entry.place == 0 {
            return Ok(None);
        }
        let (salt, body): (Option<String>, Option<String>) = (row.try_get(8)?, row.try_get(9)?);
        let Some(body) = body else {
            return Ok(Some("the change that it tells of is missing".to_owned()));
        };
        let Some(salt) = salt else {
            self.emptied
                .entry(entry.about.clone())
                .or_insert(entry.number);
            return Ok(None);
        };
        self.told += 1;
        let detail: AuditDetail =
            serde_json::from_str(&entry.detail).map_err(StoreError::document("audit"))?;
        // One that no key opens any more was changed by somebody; a key that is missing is said.
        let body = match sealing::open("change", &body) {
            Err(StoreError::Refused(_)) => Cow::Borrowed(""),
            opened => opened?,
        };
        let same = detail.digest.as_deref() == Some(digest_of_change(&salt, &body).as_str());
        Ok((!same).then(|| "the change that it tells of is not as it was written".to_owned()))
    }
}
