//! Whether the log of changes and looks is whole, and whether history, records and letters are as it says.

use super::{
    Store, StoreError,
    audit::{COLUMNS, entry},
    letters, sealing, shapes,
};
use crate::domain::{AuditDetail, AuditEntry, Deed, digest_of_change};
use futures_util::TryStreamExt;
use sqlx::{AnyConnection, Connection, Row, any::AnyRow};
use std::{borrow::Cow, collections::BTreeMap};

/// What is wrong with the log, or that nothing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many entries, and the hash of the last.
    Whole(i64, String),
    /// The first entry that is not as it was written, or of which something else is not, and what is wrong with it.
    Broken(i64, String),
}

impl Store {
    /// Goes through the whole log: whether each entry is there, in its place and as it was written, and whether each
    /// change is in the history as it was noted, and each record and letter as the last entry on it has it.
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
        if let Some((number, why)) = told_otherwise(&mut db, &changes).await? {
            return Ok(Verdict::Broken(number, why.to_owned()));
        }
        Ok(Verdict::Whole(last, hash))
    }
}

/// A digest that the log has, and the entry that has it.
struct Noted {
    number: i64,
    digest: String,
}

/// The first record or letter that is not as the log has it.
async fn told_otherwise(
    db: &mut AnyConnection,
    changes: &Changes,
) -> Result<Option<(i64, &'static str)>, StoreError> {
    let mut records: BTreeMap<&str, &(Noted, String)> = changes
        .records
        .iter()
        .map(|(k, v)| (k.as_str(), v))
        .collect();
    let sql = "SELECT k.reference, k.body, r.protected, r.status FROM complaints k LEFT JOIN register r ON r.reference = k.reference";
    let mut rows = sqlx::query(sql).fetch(&mut *db);
    while let Some(row) = rows.try_next().await? {
        let reference: &str = row.try_get(0)?;
        let Some((noted, salt)) = records.remove(reference) else {
            continue;
        };
        let body = opened("complaint", reference, row.try_get(1)?)?;
        if digest_of_change(salt, &body) != noted.digest {
            let why = "the record that it tells of is not as it was left";
            return Ok(Some((noted.number, why)));
        }
        let record = shapes::complaint(reference, &body)?;
        let (protected, status): (Option<i64>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
        let row = (protected.map(|p| p != 0), status.as_deref());
        if row != (Some(record.case.protected), Some(record.status.name())) {
            let why = "the record's row in the register is not as the record is";
            return Ok(Some((noted.number, why)));
        }
    }
    drop(rows);
    if let Some((noted, _)) = records.values().next() {
        return Ok(Some((
            noted.number,
            "the record that it tells of is missing",
        )));
    }
    let mut letters: BTreeMap<&str, &Noted> = changes
        .letters
        .iter()
        .map(|((_, id), n)| (id.as_str(), n))
        .collect();
    let mut rows = sqlx::query(letters::SALTED).fetch(&mut *db);
    while let Some(row) = rows.try_next().await? {
        let (salt, id): (Option<String>, &str) = (row.try_get(0)?, row.try_get(1)?);
        let Some(noted) = letters.remove(id) else {
            // Letters from before have no salt.
            if salt.is_some() {
                return Ok(Some((
                    changes.last,
                    "there is a letter that no entry tells of",
                )));
            }
            continue;
        };
        let text = opened("letter", id, row.try_get(4)?)?;
        let digest = letters::digest(
            &salt.unwrap_or_default(),
            [row.try_get(2)?, row.try_get(3)?, &text, row.try_get(5)?],
            row.try_get(6)?,
            row.try_get(7)?,
        );
        if digest != noted.digest {
            let why = "the letter that it tells of is not as it was written";
            return Ok(Some((noted.number, why)));
        }
    }
    let missing = letters.values().map(|noted| noted.number).min();
    Ok(missing.map(|number| (number, "the letter that it tells of is missing")))
}

/// A text that is kept. One that no key opens any more was changed by somebody; a key that is missing is said.
fn opened<'a>(kind: &str, row: &str, kept: &'a str) -> Result<Cow<'a, str>, StoreError> {
    match sealing::open(kind, row, kept) {
        Err(StoreError::Refused(_)) => Ok(Cow::Borrowed("")),
        opened => opened,
    }
}

/// The changes that were met on the way.
#[derive(Default)]
struct Changes {
    /// How many are as they were written.
    told: i64,
    /// Complaints with changes whose words are gone, and the entry of the first, until an entry says that they were
    /// erased.
    emptied: BTreeMap<String, i64>,
    /// How each record was left, with its salt.
    records: BTreeMap<String, (Noted, String)>,
    /// The letters that were drawn up, by complaint and id.
    letters: BTreeMap<(String, String), Noted>,
    /// The last entry.
    last: i64,
}

impl Changes {
    /// What is wrong with the change that an entry tells of, where anything is. One whose words were erased has no
    /// salt.
    fn changed_since(
        &mut self,
        entry: &AuditEntry,
        row: &AnyRow,
    ) -> Result<Option<String>, StoreError> {
        let detail: AuditDetail =
            serde_json::from_str(&entry.detail).map_err(StoreError::document("audit"))?;
        let number = entry.number;
        self.last = number;
        if entry.what == Deed::Erased.name() {
            self.emptied.remove(&entry.about);
            self.records.remove(&entry.about);
            self.letters.retain(|(about, _), _| *about != entry.about);
            if let Some(digest) = detail.record.clone() {
                let left = (Noted { number, digest }, String::new());
                self.records.insert(entry.about.clone(), left);
            }
        }
        if let Some((id, digest)) = detail.letter.clone() {
            self.letters
                .insert((entry.about.clone(), id), Noted { number, digest });
        }
        if entry.place == 0 {
            return Ok(None);
        }
        let (salt, body): (Option<String>, Option<String>) = (row.try_get(8)?, row.try_get(9)?);
        let Some(body) = body else {
            return Ok(Some("the change that it tells of is missing".to_owned()));
        };
        let Some(salt) = salt else {
            self.records.remove(&entry.about);
            self.emptied
                .entry(entry.about.clone())
                .or_insert(entry.number);
            return Ok(None);
        };
        self.told += 1;
        if let Some(digest) = detail.record {
            let left = (Noted { number, digest }, salt.clone());
            self.records.insert(entry.about.clone(), left);
        }
        let body = opened("change", &sealing::row(&entry.about, entry.place), &body)?;
        let same = detail.digest.as_deref() == Some(digest_of_change(&salt, &body).as_str());
        Ok((!same).then(|| "the change that it tells of is not as it was written".to_owned()))
    }
}
