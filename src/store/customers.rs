//! The directory of customers: replaced whole by an import, looked up by keys.

use super::{Store, StoreError, rows::json, sealing};
use crate::{
    complaint::{customer_keys, sought_keys},
    domain::{Customer, Sought},
};
use serde::Serialize;
use sqlx::{AnyConnection, Connection};
use std::collections::BTreeMap;

const KIND: &str = "customer";
/// How many are written by one statement.
const AT_ONCE: usize = 1000;
/// How many are looked at for one question.
const MOST: i64 = 500;

/// What an import changes in the directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryChange {
    /// Were not in it.
    pub new: usize,
    /// Stand otherwise now.
    pub changed: usize,
    /// Are as they were.
    pub same: usize,
    /// Are not in it any more.
    pub gone: usize,
}

#[derive(Serialize)]
struct CustomerRow<'a> {
    i: &'a str,
    b: String,
}

#[derive(Serialize)]
struct KeyRow<'a> {
    k: String,
    i: &'a str,
}

#[derive(Serialize)]
struct Key {
    k: String,
}

/// A key as it is kept.
fn kept(key: &str) -> String {
    let marks = sealing::marks(key);
    marks.into_iter().next().unwrap_or_else(|| key.to_owned())
}

fn read(id: &str, text: &str) -> Result<Customer, StoreError> {
    let text = sealing::open(KIND, id, text)?;
    serde_json::from_str(&text).map_err(StoreError::document("a customer"))
}

impl Store {
    /// What it would change if these were the directory.
    pub async fn compare_directory(&self, all: &[Customer]) -> Result<DirectoryChange, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, body FROM customers")
            .fetch_all(&self.readers)
            .await?;
        let mut before = BTreeMap::new();
        for (id, row) in &rows {
            let customer = read(id, row)?;
            before.insert(customer.id.clone(), customer);
        }
        let mut change = DirectoryChange::default();
        for customer in all {
            match before.remove(&customer.id) {
                None => change.new += 1,
                Some(known) if known == *customer => change.same += 1,
                Some(_) => change.changed += 1,
            }
        }
        change.gone = before.len();
        Ok(change)
    }

    /// Makes these the directory, all of them or none.
    pub async fn replace_directory(&self, all: &[Customer]) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let db: &mut AnyConnection = &mut transaction;
        for sql in ["DELETE FROM customer_keys", "DELETE FROM customers"] {
            sqlx::query(sql).execute(&mut *db).await?;
        }
        for part in all.chunks(AT_ONCE) {
            let customers: Vec<CustomerRow<'_>> = (part.iter())
                .map(|c| CustomerRow {
                    i: &c.id,
                    b: sealing::close(KIND, &c.id, json(c)),
                })
                .collect();
            let sql = self.dialect.sql(
                "INSERT INTO customers (id, body) SELECT j.value->>'i', j.value->>'b' FROM {rows}",
            );
            sqlx::query(sql)
                .bind(json(&customers))
                .execute(&mut *db)
                .await?;
            let keys: Vec<KeyRow<'_>> = (part.iter())
                .flat_map(|c| {
                    let keys = customer_keys(c).into_iter();
                    keys.map(|k| KeyRow {
                        k: kept(&k),
                        i: &c.id,
                    })
                })
                .collect();
            let sql = self.dialect.sql("INSERT INTO customer_keys (key, customer) SELECT j.value->>'k', j.value->>'i' FROM {rows} WHERE true ON CONFLICT DO NOTHING");
            sqlx::query(sql).bind(json(&keys)).execute(&mut *db).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Those who may fit: they share the most with what is known.
    pub async fn customers_like(&self, sought: &Sought) -> Result<Vec<Customer>, StoreError> {
        let keys: Vec<Key> = (sought_keys(sought).iter())
            .map(|k| Key { k: kept(k) })
            .collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let sql = self.dialect.sql("SELECT c.id, c.body FROM (SELECT k.customer, count(*) AS shared FROM customer_keys k WHERE k.key IN (SELECT j.value->>'k' FROM {rows}) GROUP BY k.customer ORDER BY shared DESC, k.customer LIMIT $2) f JOIN customers c ON c.id = f.customer");
        let rows: Vec<(String, String)> = sqlx::query_as(sql)
            .bind(json(&keys))
            .bind(MOST)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|(id, row)| read(id, row)).collect()
    }
}
