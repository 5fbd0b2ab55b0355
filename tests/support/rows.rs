//! A side door into a database of either kind: rows are read as text and changed, past the store.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

/// The first column, a text, of every row.
pub async fn rows(url: &str, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        let texts = rows.iter().map(|row| row.get(0)).collect();
        connection.close().await.unwrap();
        texts
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        let texts = rows.iter().map(|row| row.get(0)).collect();
        connection.close().await.unwrap();
        texts
    }
}

/// Runs statements. The error is the database's own sentence.
pub async fn run(url: &str, sql: &str) -> Result<(), String> {
    let sql = AssertSqlSafe(sql.to_owned());
    let said = if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
    };
    said.map_err(|error| error.to_string())
}
