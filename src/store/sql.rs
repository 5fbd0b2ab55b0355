//! One way to run a statement on either database: text with `$1` placeholders, integers and texts.

use std::borrow::Cow;

use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction};

use super::dialect::Dialect;
use super::error::StoreError;

/// A statement with its bound values. Values never become part of the text.
pub(super) struct Sql {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

enum Value {
    Int(Option<i64>),
    Text(Option<String>),
}

impl Sql {
    /// A statement whose text is ours from end to end.
    pub(super) fn of(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            values: vec![],
        }
    }

    /// The values of one row, for [`Tx::many`].
    pub(super) fn row() -> Self {
        Self::of("")
    }

    /// Binds the next placeholder to an integer.
    pub(super) fn int(self, value: i64) -> Self {
        self.bind(Value::Int(Some(value)))
    }

    /// Binds the next placeholder to an integer or to nothing.
    pub(super) fn maybe_int(self, value: Option<i64>) -> Self {
        self.bind(Value::Int(value))
    }

    /// Binds the next placeholder to a text.
    pub(super) fn text(self, value: impl Into<String>) -> Self {
        self.maybe_text(Some(value))
    }

    /// Binds the next placeholder to a text or to nothing. PostgreSQL refuses zero characters and SQLite takes
    /// them; on both, one that the doors did not stop becomes the replacement character and never blocks a stream.
    pub(super) fn maybe_text(self, value: Option<impl Into<String>>) -> Self {
        let kept = |text: String| {
            if text.contains('\0') {
                text.replace('\0', "\u{FFFD}")
            } else {
                text
            }
        };
        self.bind(Value::Text(value.map(Into::into).map(kept)))
    }

    /// Adds to the text of the statement.
    pub(super) fn and(mut self, text: &str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// The number of the next placeholder.
    pub(super) fn next(&self) -> usize {
        self.values.len() + 1
    }

    fn bind(mut self, value: Value) -> Self {
        self.values.push(value);
        self
    }

    /// Adds one row's values to the text, as `($1, $2)`, and binds them.
    fn listed(mut self, row: Self) -> Self {
        let text = self.text.to_mut();
        for (place, _) in (self.values.len() + 1..).zip(&row.values) {
            let before = if place == self.values.len() + 1 {
                "("
            } else {
                ", "
            };
            text.push_str(before);
            text.push('$');
            text.push_str(&place.to_string());
        }
        text.push(')');
        self.values.extend(row.values);
        self
    }
}

/// The statement as sqlx's query of whichever database it runs on.
macro_rules! query {
    ($sql:expr) => {{
        let Sql { text, values } = $sql;
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
            };
        }
        query
    }};
}

mod many;

/// A row of either database. Columns are read by their place.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(super) fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn text(&self, column: usize) -> Result<String, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// As [`Row::text`], without a copy.
    pub(super) fn str(&self, column: usize) -> Result<&str, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// The connections of one database.
pub(super) enum Pools {
    /// One connection writes, several read: SQLite has one writer, and waiting here is fair and visible.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Pools {
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A transaction that may write. Dropped without a commit, it leaves nothing.
    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        self.begin(self.dialect().begin_write()).await
    }

    /// A transaction that only gives leases: its commit does not wait for the disk.
    pub(super) async fn lease(&self) -> Result<Tx, StoreError> {
        self.begin(self.dialect().begin_lease()).await
    }

    async fn begin(&self, begin: &'static str) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(begin_writing(writer, begin).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with(begin).await?),
        })
    }

    /// A transaction that sees one moment of the database and writes nothing.
    pub(super) async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Tx::Sqlite(readers.begin_with(Dialect::Sqlite.begin_read()).await?)
            }
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with(Dialect::Postgres.begin_read()).await?)
            }
        })
    }

    /// The rows of one read.
    pub(super) async fn rows(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let rows = query!(sql).fetch_all(readers).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                let rows = query!(sql).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of one read.
    pub(super) async fn row(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// Runs one writing statement in a commit of its own, and says how many rows it touched.
    pub(super) async fn run(&self, sql: Sql) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let touched = tx.run(sql).await?;
        tx.commit().await?;
        Ok(touched)
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins on the one connection that writes. After a disk was full SQLite has ended the transaction by itself while
/// the connection still counts it as open: such a connection is given up for a new one, or nothing would be written
/// until the next start.
async fn begin_writing(
    writer: &SqlitePool,
    begin: &'static str,
) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    match writer.begin_with(begin).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            tracing::warn!("the connection that writes is opened anew");
            writer.acquire().await?.close().await?;
            writer.begin_with(begin).await
        }
        begun => begun,
    }
}

/// A transaction on either database.
pub(super) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(super) async fn rows(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let rows = query!(sql).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                let rows = query!(sql).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(super) async fn row(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    pub(super) async fn run(&mut self, sql: Sql) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => query!(sql).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => query!(sql).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
