//! The test bed: one test on each database, with a side door that reads and changes rows behind the store's back.

use countersign::store::Store;

use crate::folder::Folder;
use crate::postgres;
use crate::rows::{rows, run};

/// A fresh database and the store over it.
pub struct Bed {
    pub store: Store,
    pub url: String,
}

/// Runs a test on each database that is there.
pub async fn on_each(test: impl AsyncFn(&Bed)) {
    let folder = Folder::make();
    let bed = Bed::open(format!(
        "sqlite://{}",
        folder.path().join("store.db").display()
    ))
    .await;
    test(&bed).await;
    bed.store.close().await;
    if let Some(database) = postgres::migrated().await {
        let bed = Bed::open(database.url.clone()).await;
        test(&bed).await;
        bed.store.close().await;
        database.drop().await;
    }
}

/// Runs a test on each database that is there, before a store has seen it.
pub async fn on_each_untouched(test: impl AsyncFn(&Bed)) {
    let spare = Store::open("sqlite::memory:").await.unwrap();
    let folder = Folder::make();
    let file = folder.path().join("store.db");
    std::fs::write(&file, "").unwrap();
    let url = format!("sqlite://{}", file.display());
    let store = spare.clone();
    test(&Bed { store, url }).await;
    if let Some(database) = postgres::database().await {
        let url = database.url.clone();
        test(&Bed { store: spare, url }).await;
        database.drop().await;
    }
}

impl Bed {
    async fn open(url: String) -> Self {
        let store = Store::open(&url).await.unwrap();
        Self { store, url }
    }

    /// A second store over the same database, as another process would have it.
    pub async fn another(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// The bytes of the database, where it is a file.
    pub fn file(&self) -> Option<Vec<u8>> {
        let path = self.url.strip_prefix("sqlite://")?;
        Some(std::fs::read(path).unwrap())
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite")
    }

    /// Runs statements past the store. The error is the database's own sentence.
    pub async fn behind(&self, sql: &str) -> Result<(), String> {
        run(&self.url, sql).await
    }

    /// The rows of a table as text, one line each.
    pub async fn rows(&self, table: &str, columns: &[&str]) -> Vec<String> {
        let parts: Vec<String> = columns
            .iter()
            .map(|column| format!("coalesce(cast({column} AS text), '-')"))
            .collect();
        let columns = parts.join(" || '|' || ");
        rows(
            &self.url,
            &format!("SELECT {columns} FROM {table} ORDER BY 1"),
        )
        .await
    }
}
