//! A statement that is put together from texts of this program; what users write is bound.

use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};

/// Conditions, and the values that they name.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) conditions: Vec<String>,
    values: Vec<Value>,
}

/// What is bound.
pub(super) enum Value {
    Text(String),
    Number(i64),
}

impl Statement {
    /// The name of a parameter with this value.
    pub(super) fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// The name of a parameter with this text.
    pub(super) fn text(&mut self, text: impl Into<String>) -> String {
        self.bind(Value::Text(text.into()))
    }

    /// The name of a parameter with this number.
    pub(super) fn number(&mut self, number: i64) -> String {
        self.bind(Value::Number(number))
    }

    /// Only where the column has this value.
    pub(super) fn is(&mut self, column: &str, value: impl Into<String>) {
        let name = self.text(value);
        self.conditions.push(format!("{column} = {name}"));
    }

    /// All conditions, as they stand behind a table; none, nothing.
    pub(super) fn wherever(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.conditions.join(" AND "))
        }
    }

    /// The query of this text, with everything that was bound.
    pub(super) fn query(self, text: String) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(text));
        self.values.into_iter().fold(query, |q, value| match value {
            Value::Text(text) => q.bind(text),
            Value::Number(number) => q.bind(number),
        })
    }
}
