//! A SQLite database as bytes: on which tables' pages a word stands, in the file and in its write-ahead log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sqlx::{Connection as _, Row as _, SqliteConnection};

/// Source: SQLite, "Write-Ahead Logging: file format".
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The tables and indexes on whose pages one of the words stands. Pages that nothing owns any more are `free`.
pub async fn owners(database: &Path, words: &[&str]) -> BTreeSet<String> {
    let owner = pages(database).await;
    let size = owner.1;
    let file = std::fs::read(database).unwrap();
    let numbered = file.chunks(size).enumerate();
    let mut touched: BTreeSet<usize> = numbered
        .filter(|(_, page)| holds(page, words))
        .map(|(index, _)| index + 1)
        .collect();
    let log = std::fs::read(log_of(database)).unwrap_or_default();
    for frame in log
        .get(WAL_HEADER..)
        .unwrap_or_default()
        .chunks(FRAME_HEADER + size)
    {
        let page = u32::from_be_bytes(frame[..4].try_into().unwrap());
        if holds(&frame[FRAME_HEADER..], words) {
            touched.insert(page as usize);
        }
    }
    touched
        .iter()
        .map(|page| {
            let name = owner.0.get(page);
            name.cloned().unwrap_or_else(|| "free".to_owned())
        })
        .collect()
}

/// The write-ahead log beside a database.
pub fn log_of(database: &Path) -> PathBuf {
    database.with_extension("db-wal")
}

fn holds(bytes: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    })
}

/// Which table or index each page belongs to, and how large a page is.
async fn pages(database: &Path) -> (BTreeMap<usize, String>, usize) {
    let mut open = open(database).await;
    let all = sqlx::query("SELECT name, pageno FROM dbstat");
    let rows = all.fetch_all(&mut open).await.unwrap();
    let owner = rows
        .iter()
        .map(|row| {
            let page: i64 = row.get(1);
            (usize::try_from(page).unwrap(), row.get(0))
        })
        .collect();
    let size: i64 = sqlx::query_scalar("PRAGMA page_size")
        .fetch_one(&mut open)
        .await
        .unwrap();
    open.close().await.unwrap();
    (owner, usize::try_from(size).unwrap())
}

/// A second reader of a database that is in use.
pub async fn open(database: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}", database.display());
    SqliteConnection::connect(&url).await.unwrap()
}
