//! The database beneath a story: a file of its own, or a database of its own on the PostgreSQL of this test binary.

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use crate::folder::Folder;
use crate::postgres;

/// Where a story keeps everything.
pub enum Beneath {
    File(Folder),
    Server(postgres::Database),
}

/// Somebody who keeps everybody else from writing, until `release`.
pub enum Hold {
    File(SqliteConnection),
    Server(PgConnection),
}

impl Beneath {
    /// A file that nobody has opened yet.
    pub fn file() -> Self {
        Self::File(Folder::make())
    }

    /// A database with the schema in it; `None`, said loudly, where there is no PostgreSQL.
    pub async fn server() -> Option<Self> {
        postgres::migrated().await.map(Self::Server)
    }

    /// The address, as `Store::open` takes it.
    pub fn url(&self) -> String {
        match self {
            Self::File(_) => format!("sqlite://{}", self.path().unwrap_or_default().display()),
            Self::Server(database) => database.url.clone(),
        }
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<PathBuf> {
        match self {
            Self::File(folder) => Some(folder.path().join("story.db")),
            Self::Server(_) => None,
        }
    }

    /// The rows of a query whose columns are texts, past the store.
    pub async fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let query = AssertSqlSafe(query.to_owned());
        match self {
            Self::File(_) => {
                let mut open = SqliteConnection::connect(&self.url()).await.unwrap();
                let rows = sqlx::query(query).fetch_all(&mut open).await.unwrap();
                open.close().await.unwrap();
                let texts = |row: &sqlx::sqlite::SqliteRow| {
                    (0..row.columns().len()).map(|n| row.get(n)).collect()
                };
                rows.iter().map(texts).collect()
            }
            Self::Server(_) => {
                let mut open = PgConnection::connect(&self.url()).await.unwrap();
                let rows = sqlx::query(query).fetch_all(&mut open).await.unwrap();
                open.close().await.unwrap();
                let texts = |row: &sqlx::postgres::PgRow| {
                    (0..row.columns().len()).map(|n| row.get(n)).collect()
                };
                rows.iter().map(texts).collect()
            }
        }
    }

    /// Every table with each of its columns.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let query = match self {
            Self::File(_) => {
                "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
            }
            Self::Server(_) => {
                "SELECT CAST(table_name AS text), CAST(column_name AS text) FROM information_schema.columns \
                 WHERE table_schema = current_schema()"
            }
        };
        let rows = self.rows(query).await.into_iter();
        rows.map(|row| (row[0].clone(), row[1].clone())).collect()
    }

    /// The condition that a column holds a word, in whatever it is written.
    pub fn holds(&self, column: &str, word: &str) -> String {
        match self {
            Self::File(_) => {
                format!("instr(CAST(\"{column}\" AS BLOB), CAST('{word}' AS BLOB)) > 0")
            }
            Self::Server(_) => format!("position('{word}' in CAST(\"{column}\" AS text)) > 0"),
        }
    }

    /// Keeps everybody from writing commands.
    pub async fn hold(&self) -> Hold {
        match self {
            Self::File(_) => {
                let mut open = SqliteConnection::connect(&self.url()).await.unwrap();
                let begin = sqlx::raw_sql("BEGIN IMMEDIATE");
                begin.execute(&mut open).await.unwrap();
                Hold::File(open)
            }
            Self::Server(_) => {
                let mut open = PgConnection::connect(&self.url()).await.unwrap();
                let begin = sqlx::raw_sql("BEGIN; LOCK TABLE inbox IN EXCLUSIVE MODE");
                begin.execute(&mut open).await.unwrap();
                Hold::Server(open)
            }
        }
    }

    /// What this is called where a story fails.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "SQLite",
            Self::Server(_) => "PostgreSQL",
        }
    }

    /// Takes the database away.
    pub async fn drop(self) {
        if let Self::Server(database) = self {
            database.drop().await;
        }
    }
}

impl Hold {
    /// Lets the others write again.
    pub async fn release(self) {
        match self {
            Self::File(open) => open.close().await.unwrap(),
            Self::Server(open) => open.close().await.unwrap(),
        }
    }
}

/// Says on which database a story failed, when it did.
pub struct Named(pub &'static str);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this story failed on {}", self.0);
        }
    }
}

/// Copies a folder with everything below it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
