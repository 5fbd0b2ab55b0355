//! Any number of rows in few statements: rows to be written, or keys to be looked for.

use sqlx::AssertSqlSafe;

use super::{Pools, Row, Sql, Tx, Value};
use crate::store::error::StoreError;

/// The most rows of one statement on SQLite, as a power of two: 64 rows bind well under what it takes.
const MOST_ROWS_LOG2: u32 = 6;

impl Tx {
    /// Waits until no other transaction works under any of these names, and lets none do so before this one ends.
    /// Everybody names them in the same order, so that no two ever wait for each other.
    pub(in crate::store) async fn lock(
        &mut self,
        names: impl IntoIterator<Item = &str>,
    ) -> Result<(), StoreError> {
        if let Some((head, tail)) = self.dialect().lock() {
            let names = names.into_iter().map(|name| Sql::row().text(name));
            self.many(head, names.collect(), tail).await?;
        }
        Ok(())
    }

    /// Runs `head`, a list of rows, `tail` for any number of rows, and gives what the statements return. The list is a
    /// table with the columns `column1`, `column2` and so on.
    pub(in crate::store) async fn many(
        &mut self,
        head: &str,
        rows: Vec<Sql>,
        tail: &str,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let mut returned = vec![];
                for sql in listed(head, rows, tail) {
                    let rows = query!(sql).fetch_all(&mut **tx).await?;
                    returned.extend(rows.into_iter().map(Row::Sqlite));
                }
                returned
            }
            Self::Postgres(tx) => match in_columns(head, rows, tail) {
                Some((text, columns)) => {
                    let rows = of_columns(text, columns).fetch_all(&mut **tx).await?;
                    rows.into_iter().map(Row::Postgres).collect()
                }
                None => vec![],
            },
        })
    }
}

impl Pools {
    /// As [`Tx::many`], for reading alone.
    pub(in crate::store) async fn many(
        &self,
        head: &str,
        rows: Vec<Sql>,
        tail: &str,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let mut returned = vec![];
                for sql in listed(head, rows, tail) {
                    let rows = query!(sql).fetch_all(readers).await?;
                    returned.extend(rows.into_iter().map(Row::Sqlite));
                }
                returned
            }
            Self::Postgres(pool) => match in_columns(head, rows, tail) {
                Some((text, columns)) => {
                    let rows = of_columns(text, columns).fetch_all(pool).await?;
                    rows.into_iter().map(Row::Postgres).collect()
                }
                None => vec![],
            },
        })
    }
}

/// SQLite takes rows as they are. The sizes of its statements are powers of two, so that each text is prepared once and
/// not once for each number of rows.
fn listed(head: &str, rows: Vec<Sql>, tail: &str) -> Vec<Sql> {
    let mut statements = vec![];
    let mut rows = rows.into_iter();
    while let Some(left) = rows.len().checked_ilog2() {
        let some = rows.by_ref().take(1 << left.min(MOST_ROWS_LOG2));
        let list = Sql::of(format!("{head} VALUES"));
        let list = some.enumerate().fold(list, |list, (place, row)| {
            list.and(if place == 0 { " " } else { ", " }).listed(row)
        });
        statements.push(list.and(tail));
    }
    statements
}

/// The values of one column.
enum Column {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
}

/// PostgreSQL takes each column as one array, so that one text, once prepared, serves any number of rows. No rows are
/// no statement.
fn in_columns(head: &str, rows: Vec<Sql>, tail: &str) -> Option<(String, Vec<Column>)> {
    let mut columns: Vec<Column> = rows
        .first()?
        .values
        .iter()
        .map(|value| match value {
            Value::Int(_) => Column::Ints(Vec::with_capacity(rows.len())),
            Value::Text(_) => Column::Texts(Vec::with_capacity(rows.len())),
        })
        .collect();
    let (mut arrays, mut names) = (vec![], vec![]);
    for (place, column) in (1..).zip(&columns) {
        let array = match column {
            Column::Ints(_) => "bigint[]",
            Column::Texts(_) => "text[]",
        };
        arrays.push(format!("${place}::{array}"));
        names.push(format!("column{place}"));
    }
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row.values) {
            match (column, value) {
                (Column::Ints(column), Value::Int(value)) => column.push(value),
                (Column::Texts(column), Value::Text(value)) => column.push(value),
                // All rows of a list are made alike; a value of another kind is none.
                (Column::Ints(column), Value::Text(_)) => column.push(None),
                (Column::Texts(column), Value::Int(_)) => column.push(None),
            }
        }
    }
    let (arrays, names) = (arrays.join(", "), names.join(", "));
    let list = format!("SELECT * FROM unnest({arrays}) AS given ({names})");
    Some((format!("{head} {list}{tail}"), columns))
}

fn of_columns(
    text: String,
    columns: Vec<Column>,
) -> sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments> {
    columns.into_iter().fold(
        sqlx::query(AssertSqlSafe(text)),
        |query, column| match column {
            Column::Ints(values) => query.bind(values),
            Column::Texts(values) => query.bind(values),
        },
    )
}
