//! A side door into a database of either kind: rows as text, read past the store.

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
