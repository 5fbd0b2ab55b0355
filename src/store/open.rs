//! Opening a database by its address, with the settings that our promises need.

use std::str::FromStr as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Store;
use super::error::StoreError;
use super::migrate::migrate;
use super::sql::Pools;

/// How long a statement waits for a lock, and a caller for a connection, before it is told `Busy`.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that read a SQLite file beside its one writer.
const SQLITE_READERS: u32 = 4;
/// Connections of one process to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Numbers the rehearsal databases of this process, so that no two of them are one.
static REHEARSALS: AtomicU64 = AtomicU64::new(1);

impl Store {
    /// Opens `sqlite://path/to/file.db`, `sqlite::memory:` (a rehearsal that leaves nothing behind) or
    /// `postgres://user:password@host/database`, and brings the schema up to date.
    ///
    /// # Errors
    /// `Away` when the database cannot be reached, `Refused` when the address or the schema is not ours.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pools = if url == "sqlite::memory:" {
            rehearsal().await?
        } else if url.starts_with("sqlite:") {
            file(url).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            server(url).await?
        } else {
            return Err(StoreError::Refused {
                why: "a database address starts with `sqlite://` or `postgres://`".into(),
            });
        };
        migrate(&pools).await?;
        Ok(Self::over(pools))
    }
}

/// An embedded file. `synchronous=FULL`, because anything less loses acknowledged clicks in a power cut.
async fn file(url: &str) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    sqlite(options.clone(), options.read_only(true)).await
}

/// A database in memory that all connections of this process share and that dies with them.
///
/// It uses SQLite's `memdb` VFS (sqlite.org/src/file/src/memdb.c): unlike a shared cache it locks as a file does.
async fn rehearsal() -> Result<Pools, StoreError> {
    let number = REHEARSALS.fetch_add(1, Ordering::Relaxed);
    let options = SqliteConnectOptions::new()
        .filename(format!("/countersign-rehearsal-{number}"))
        .vfs("memdb")
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    sqlite(options.clone(), options).await
}

async fn sqlite(
    writing: SqliteConnectOptions,
    reading: SqliteConnectOptions,
) -> Result<Pools, StoreError> {
    let lasting = || {
        SqlitePoolOptions::new()
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
    };
    let writer = lasting().max_connections(1).connect_with(writing).await?;
    let readers = lasting()
        .max_connections(SQLITE_READERS)
        .connect_lazy_with(reading);
    Ok(Pools::Sqlite { writer, readers })
}

async fn server(url: &str) -> Result<Pools, StoreError> {
    let patience = format!("{}s", PATIENCE.as_secs());
    let options = PgConnectOptions::from_str(url)?
        .application_name("countersign")
        .options([
            ("lock_timeout", patience.as_str()),
            ("idle_in_transaction_session_timeout", "60s"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
