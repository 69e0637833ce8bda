//! The register in short rows: how lists are filtered, ordered and paged.

use super::{
    Store, StoreError,
    register_rows::{NAMES, NEVER},
    sealing, shapes,
    statement::Statement,
    viewer::Viewer,
    words::Words,
};
use crate::domain::{
    Case, Category, Complaint, ComplaintStatus, Conclusion, Relation, Timestamp,
    complaint::Reference, conversation::Priority,
};
use sqlx::{Row, any::AnyRow};
use std::borrow::Cow;

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By when they were received.
    Received,
    /// By the next clock that runs out; those without one are last.
    Due,
    /// By how pressing they are, then by when they were received.
    Priority,
}

impl Sort {
    const fn column(self) -> &'static str {
        match self {
            Self::Received => "r.received",
            Self::Due => "r.due",
            Self::Priority => "r.priority",
        }
    }
}

/// From where a list goes on: behind this complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What the list is ordered by.
    pub key: i64,
    /// When it was received.
    pub received: Timestamp,
    /// Which it is.
    pub reference: Reference,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.key, self.received.0, self.reference)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, rest) = text.split_once('.').ok_or(())?;
        let (received, reference) = rest.split_once('.').ok_or(())?;
        Ok(Self {
            key: key.parse().map_err(drop)?,
            received: Timestamp(received.parse().map_err(drop)?),
            reference: reference.parse().map_err(drop)?,
        })
    }
}

/// Which complaints, in which order: those that fit everything that is named.
#[derive(Clone, Debug)]
pub struct Selection {
    /// How far it is.
    pub status: Option<ComplaintStatus>,
    /// Received at this moment or later.
    pub from: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
    /// Whether a clock has run out, at the moment beside it.
    pub overdue: Option<(bool, Timestamp)>,
    /// What the complainant is to us.
    pub relation: Option<Relation>,
    /// What kind it is.
    pub category: Option<Category>,
    /// Words of the place.
    pub place: Option<Words>,
    /// Words in the record: names, the story, the place, how to reach them.
    pub words: Option<Words>,
    /// Who looks: what they may not see is left out; nobody where it is a command.
    pub viewer: Option<Viewer>,
    /// By what they are ordered.
    pub sort: Sort,
    /// Whether the highest comes first.
    pub descending: bool,
    /// Only what comes behind this.
    pub after: Option<Place>,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            status: None,
            from: None,
            until: None,
            overdue: None,
            relation: None,
            category: None,
            place: None,
            words: None,
            viewer: None,
            sort: Sort::Received,
            descending: true,
            after: None,
        }
    }
}

/// One complaint of a list, without its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortRow {
    /// Its reference.
    pub reference: Reference,
    /// When it was received.
    pub received_at: Timestamp,
    /// How far it is.
    pub status: ComplaintStatus,
    /// How pressing it is.
    pub priority: Priority,
    /// What the complainant is to us.
    pub relation: Relation,
    /// What kind it is.
    pub category: Option<Category>,
    /// Where it happened.
    pub place: Option<String>,
    /// The next clock that runs out.
    pub due_at: Option<Timestamp>,
    /// The complainant's name.
    pub complainant: Option<String>,
    /// Whom it happened to, where that is somebody else.
    pub affected: Option<String>,
    /// By which inbox it came.
    pub channel: String,
    /// Everything that must be known is.
    pub complete: bool,
    /// When it was acknowledged, answered and closed, and what it came to.
    pub case: Case,
}

impl ShortRow {
    /// Whether a clock has run out.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due| due < now)
    }

    /// Where a list goes on behind it.
    pub fn place_in(&self, sort: Sort) -> Place {
        let key = match sort {
            Sort::Received => self.received_at.0,
            Sort::Due => self.due_at.map_or(NEVER, |d| d.0),
            Sort::Priority => self.priority as i64,
        };
        Place {
            key,
            received: self.received_at,
            reference: self.reference.clone(),
        }
    }
}

const SHORT: &str = "r.reference, r.received, r.status, r.priority, r.relation, r.category, r.place, r.due, r.complainant, r.affected, r.channel, r.acknowledged, r.responded, r.closed, r.conclusion, r.complete";

impl Store {
    /// At most `limit` complaints in short rows.
    ///
    /// A search for words looks through the latest 5,000 records that have all of them.
    pub async fn register(
        &self,
        which: &Selection,
        limit: i64,
    ) -> Result<Vec<ShortRow>, StoreError> {
        let rows = self.selected(which, SHORT, "", limit).await?;
        rows.iter().map(short).collect()
    }

    /// The same, whole.
    pub async fn records(
        &self,
        which: &Selection,
        limit: i64,
    ) -> Result<Vec<Complaint>, StoreError> {
        let join = "JOIN complaints k ON k.reference = r.reference";
        let rows = self
            .selected(which, "k.body, k.reference", join, limit)
            .await?;
        rows.iter()
            .map(|row| shapes::complaint(row.try_get(1)?, row.try_get(0)?))
            .collect()
    }

    async fn selected(
        &self,
        which: &Selection,
        columns: &str,
        join: &str,
        limit: i64,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut sql = self.narrowed(which);
        let (column, turn) = (
            which.sort.column(),
            if which.descending { "DESC" } else { "ASC" },
        );
        if let Some(after) = &which.after {
            let key = sql.number(after.key);
            let received = sql.number(after.received.0);
            let reference = sql.text(after.reference.as_str());
            let behind = if which.descending { "<" } else { ">" };
            sql.conditions.push(format!(
                "({column}, r.received, r.reference) {behind} ({key}, {received}, {reference})"
            ));
        }
        let conditions = sql.wherever();
        let limit = sql.number(limit);
        let text = format!(
            "SELECT {columns} FROM register r {join} {conditions} ORDER BY {column} {turn}, r.received {turn}, r.reference {turn} LIMIT {limit}"
        );
        Ok(sql.query(text).fetch_all(&self.readers).await?)
    }

    fn narrowed(&self, which: &Selection) -> Statement {
        let mut sql = Statement::default();
        if let Some(viewer) = &which.viewer {
            viewer.narrow(&mut sql);
        }
        if let Some(status) = which.status {
            sql.is("r.status", status.name());
        }
        if let Some(relation) = which.relation {
            sql.is("r.relation", relation.name());
        }
        if let Some(category) = which.category {
            sql.is("r.category", category.name());
        }
        if let Some(from) = which.from {
            let from = sql.number(from.0);
            sql.conditions.push(format!("r.received >= {from}"));
        }
        if let Some(until) = which.until {
            let until = sql.number(until.0);
            sql.conditions.push(format!("r.received < {until}"));
        }
        if let Some((overdue, now)) = which.overdue {
            let now = sql.number(now.0);
            let compared = if overdue { "<" } else { ">=" };
            sql.conditions.push(format!("r.due {compared} {now}"));
        }
        if let Some(place) = &which.place {
            for pattern in place.patterns() {
                let pattern = sql.text(pattern);
                sql.conditions.push(format!("r.place_words LIKE {pattern}"));
            }
        }
        if let Some(words) = &which.words {
            if sealing::is_on() {
                // There is no index of words: they are encrypted. A reference is found all the same.
                for pattern in words.patterns() {
                    let pattern = sql.text(pattern);
                    let found = format!("' ' || lower(r.reference) LIKE {pattern}");
                    sql.conditions.push(found);
                }
            } else {
                let query = sql.text(self.dialect.word_query(words));
                let told = self.dialect.recorded(&query);
                sql.conditions.push(format!("r.reference IN ({told})"));
            }
        }
        sql
    }
}

fn short(row: &AnyRow) -> Result<ShortRow, StoreError> {
    let unknown = |what: &str| StoreError::Refused(format!("a {what} of the register is unknown"));
    let reference: String = row.try_get(0)?;
    let row_name = reference.as_str();
    let category: Option<String> = row.try_get(5)?;
    let conclusion: Option<String> = row.try_get(14)?;
    let due: i64 = row.try_get(7)?;
    let moment = |column: usize| {
        let at: i64 = row.try_get(column)?;
        Ok::<_, StoreError>((at != 0).then_some(Timestamp(at)))
    };
    let name = |column: usize| {
        let kept: Option<String> = row.try_get(column)?;
        let opened = kept.map(|kept| sealing::open(NAMES, row_name, &kept).map(Cow::into_owned));
        opened.transpose()
    };
    Ok(ShortRow {
        reference: reference.parse().map_err(|_| unknown("reference"))?,
        received_at: Timestamp(row.try_get(1)?),
        status: ComplaintStatus::from_name(row.try_get(2)?).ok_or_else(|| unknown("status"))?,
        priority: usize::try_from(row.try_get::<i64, _>(3)?)
            .ok()
            .and_then(|at| Priority::ALL.get(at).copied())
            .ok_or_else(|| unknown("priority"))?,
        relation: Relation::from_name(row.try_get(4)?).ok_or_else(|| unknown("relation"))?,
        category: category.as_deref().and_then(Category::from_name),
        place: row.try_get(6)?,
        due_at: (due != NEVER).then_some(Timestamp(due)),
        complainant: name(8)?,
        affected: name(9)?,
        channel: row.try_get(10)?,
        complete: row.try_get::<i64, _>(15)? != 0,
        case: Case {
            acknowledged_at: moment(11)?,
            responded_at: moment(12)?,
            closed_at: moment(13)?,
            conclusion: conclusion.as_deref().and_then(Conclusion::from_name),
            ..Case::default()
        },
    })
}
