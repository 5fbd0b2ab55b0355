//! The rows that one click wrote, read from a database on which it was made, to be written again under fresh keys.

use std::sync::Arc;

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Row as _};

/// A value of a row that a click wrote.
#[derive(Clone)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    /// A key that must be a new one each time: the text with a number behind it.
    Fresh(String),
    /// A number that must be a new one each time.
    Number,
}

/// The rows of one click, as statements.
#[derive(Clone)]
pub struct Rows(pub Arc<Vec<(&'static str, Vec<Value>)>>);

/// How a column is read and written.
#[derive(Clone, Copy)]
enum Column {
    Int,
    Text,
    Fresh,
    Number,
}
use Column::{Fresh, Int, Number, Text};

/// A table, its columns, and which of its rows are of the click.
type Table = (
    &'static str,
    &'static [(&'static str, Column)],
    &'static str,
);

/// The tables that a click writes, with their columns, and which rows are of the click: `$1` is its case.
const TABLES: [Table; 7] = [
    (
        "inbox",
        &[
            ("id", Fresh),
            ("stream", Fresh),
            ("key", Fresh),
            ("origin", Text),
            ("actor", Text),
            ("at", Int),
            ("body", Text),
            ("reply_to", Text),
            ("status", Text),
            ("answer", Text),
            ("claimed_by", Text),
            ("attempts", Int),
        ],
        "stream = $1 ORDER BY position DESC LIMIT 1",
    ),
    (
        "content",
        &[
            ("sealed", Fresh),
            ("stream", Fresh),
            ("kind", Text),
            ("salt", Text),
            ("text", Text),
        ],
        "stream = $1 AND kind = 'standing'",
    ),
    (
        "journal",
        &[
            ("stream", Fresh),
            ("seq", Int),
            ("at", Int),
            ("actor", Text),
            ("cause", Text),
            ("kind", Text),
            ("body", Text),
            ("prev_hash", Text),
            ("hash", Text),
        ],
        "stream = $1 AND cause = (SELECT id FROM inbox WHERE stream = $1 ORDER BY position DESC LIMIT 1)",
    ),
    (
        "outbox",
        &[
            ("id", Fresh),
            ("stream", Fresh),
            ("body", Text),
            ("due_at", Int),
            ("priority", Int),
            ("coalesce_key", Fresh),
            ("tells", Fresh),
            ("outward", Int),
            ("status", Text),
        ],
        "stream = $1 AND status = 'waiting' AND attempts = 0",
    ),
    (
        "requests",
        &[
            ("request_id", Fresh),
            ("case_id", Fresh),
            ("rule", Text),
            ("state", Text),
            ("tier", Text),
            ("action", Text),
            ("batch_id", Text),
            ("due_at", Int),
            ("asked_at", Int),
            ("changed_at", Int),
        ],
        "case_id = $1 AND state = 'approved'",
    ),
    (
        "examples",
        &[
            ("position", Number),
            ("request_id", Fresh),
            ("case_id", Fresh),
            ("number", Int),
            ("action", Text),
            ("headline", Text),
            ("proposed", Text),
            ("outcome", Text),
            ("words", Text),
        ],
        "case_id = $1",
    ),
    (
        "cases",
        &[
            ("case_id", Fresh),
            ("number", Number),
            ("stage", Text),
            ("severity", Int),
            ("category", Text),
            ("queue", Text),
            ("role", Text),
            ("headline", Text),
            ("waiting_on", Text),
            ("taken_by", Text),
            ("due_at", Int),
            ("opened_at", Int),
            ("changed_at", Int),
            ("source", Text),
            ("external", Text),
        ],
        "case_id = $1",
    ),
];

impl Rows {
    /// Those of the newest click of a case.
    pub async fn of_click(url: &str, case: &str) -> Self {
        let mut statements = vec![];
        for (table, columns, filter) in TABLES {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let texts: Vec<String> = names
                .iter()
                .map(|name| format!("CAST({name} AS text)"))
                .collect();
            let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
            let insert = format!(
                "INSERT INTO {table} ({}) VALUES ({})",
                names.join(", "),
                places.join(", ")
            );
            // Seven texts for the life of the process, so that no request pays for a copy.
            let insert: &'static str = insert.leak();
            let asked = format!("SELECT {} FROM {table} WHERE {filter}", texts.join(", "));
            for row in read(url, &asked, case, names.len()).await {
                let value =
                    |(text, (_, column)): (Option<String>, &(&str, Column))| match (column, text) {
                        (Int, text) => Value::Int(text.map(|text| text.parse().unwrap())),
                        (Number, _) => Value::Number,
                        (Fresh, Some(text)) => Value::Fresh(text),
                        (Fresh | Text, text) => Value::Text(text),
                    };
                statements.push((insert, row.into_iter().zip(columns).map(value).collect()));
            }
        }
        Self(Arc::new(statements))
    }

    /// How many rows go into which table.
    pub fn told(&self) -> String {
        let count = |(table, ..): &Table| {
            let into = format!("INSERT INTO {table} ");
            let rows = self
                .0
                .iter()
                .filter(|(sql, _)| sql.starts_with(&into))
                .count();
            format!("{rows} {table}")
        };
        TABLES.iter().map(count).collect::<Vec<_>>().join(", ")
    }
}

/// The rows of one statement as text.
async fn read(url: &str, sql: &str, case: &str, columns: usize) -> Vec<Vec<Option<String>>> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite") {
        let pool = SqlitePool::connect(url).await.unwrap();
        let rows = sqlx::query(sql).bind(case).fetch_all(&pool).await.unwrap();
        pool.close().await;
        rows.iter()
            .map(|row| (0..columns).map(|at| row.get(at)).collect())
            .collect()
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        let rows = sqlx::query(sql).bind(case).fetch_all(&pool).await.unwrap();
        pool.close().await;
        rows.iter()
            .map(|row| (0..columns).map(|at| row.get(at)).collect())
            .collect()
    }
}
