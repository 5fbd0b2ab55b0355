//! Opening a database by its address, with the settings that our promises need.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Store;
use super::error::StoreError;
use super::migrate::{look, migrate};
use super::sql::Pools;

/// How long a caller waits for a connection before it is told `Busy`.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a statement waits for a lock that another process holds. Slack gives a click three seconds: whoever cannot
/// store it by then says so.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
/// Connections that read a SQLite file beside its one writer.
const SQLITE_READERS: u32 = 4;
/// Statements that the writing connection keeps prepared: those of many rows come in seven sizes each.
const SQLITE_STATEMENTS: usize = 256;
/// How long a connection that was given back is believed to stand.
const TRUSTED: Duration = Duration::from_secs(1);
/// Connections of one process to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Numbers the rehearsal databases of this process, so that no two of them are one.
static REHEARSALS: AtomicU64 = AtomicU64::new(1);

/// The folder of a rehearsal database. It goes when the store goes.
pub(super) struct Rehearsal(PathBuf);

impl Drop for Rehearsal {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "a rehearsal database could not be removed");
        }
    }
}

impl Store {
    /// Opens `sqlite://path/to/file.db`, `sqlite::memory:` (a rehearsal, gone with the store) or
    /// `postgres://user:password@host/database`, and brings the schema up to date.
    ///
    /// # Errors
    /// `Away` when the database cannot be reached, `Refused` when the address or what is there is not ours.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let (pools, rehearsal) = match Address::of(url)? {
            Address::Rehearsal => {
                let (pools, rehearsal) = rehearse().await?;
                (pools, Some(rehearsal))
            }
            Address::File(address) => (file(address).await?, None),
            Address::Server(options) => (server(options).await?, None),
        };
        // A schema that is up to date is left alone, so that a role which may not change it can open it.
        if look(&pools).await?.readable().is_err() {
            migrate(&pools).await?;
        }
        Self::over(pools, rehearsal).connected().await
    }

    /// Opens a database that is there already, to read it: nothing is made, brought up to date or written.
    ///
    /// # Errors
    /// `Away` when it cannot be reached, `Refused` when it is not ours or not of this binary's schema.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let pools = match Address::of(url)? {
            Address::Rehearsal => {
                return Err(StoreError::Refused {
                    why: "a rehearsal database holds nothing to read; name a file".into(),
                });
            }
            Address::File(address) => only_reading(address),
            Address::Server(options) => {
                server(options.options([("default_transaction_read_only", "on")])).await?
            }
        };
        look(&pools).await?.readable()?;
        Ok(Self::over(pools, None))
    }
}

/// Where a database is.
enum Address {
    Rehearsal,
    File(SqliteConnectOptions),
    Server(PgConnectOptions),
}

impl Address {
    fn of(url: &str) -> Result<Self, StoreError> {
        if url == "sqlite::memory:" {
            Ok(Self::Rehearsal)
        } else if url.starts_with("sqlite:") {
            Ok(Self::File(SqliteConnectOptions::from_str(url)?))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Server(PgConnectOptions::from_str(url)?))
        } else {
            Err(StoreError::Refused {
                why: "a database address starts with `sqlite://` or `postgres://`".into(),
            })
        }
    }
}

/// An embedded file that is only read, by whoever else writes it.
fn only_reading(address: SqliteConnectOptions) -> Pools {
    let options = address
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(LOCK_PATIENCE);
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options);
    Pools::Sqlite {
        writer: pool.clone(),
        readers: pool,
    }
}

/// An embedded file. `synchronous=FULL`, because anything less loses acknowledged clicks in a power cut.
///
/// A file that is there is looked at first: only opening it with these settings would already write to it.
async fn file(address: SqliteConnectOptions) -> Result<Pools, StoreError> {
    if only_ours(address.get_filename())? == Made::Before {
        let there = only_reading(address.clone());
        let looked = look(&there).await;
        there.close().await;
        looked?;
    }
    let options = address
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(LOCK_PATIENCE);
    sqlite(options.clone(), options.read_only(true)).await
}

/// Whether a file was there.
#[derive(PartialEq, Eq)]
enum Made {
    Now,
    Before,
}

/// Makes a missing file readable by this user only: it will hold customers' texts. SQLite's own side files follow it.
fn only_ours(path: &Path) -> Result<Made, StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StoreError::Away {
            why: format!("{} cannot be made: {error}", path.display()),
        }),
        Ok(_) => Ok(Made::Now),
        Err(_) => Ok(Made::Before),
    }
}

/// A database for one rehearsal: a file in a temporary folder of ours. SQLite's databases in memory make readers
/// wait for the writer, and a rehearsal must behave as the real thing does.
async fn rehearse() -> Result<(Pools, Rehearsal), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let process = std::process::id();
    let folder = loop {
        let number = REHEARSALS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("countersign-rehearsal-{process}-{number}"));
        match builder.create(&path) {
            Ok(()) => break Rehearsal(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(StoreError::Away {
                    why: format!("{} cannot be made: {error}", path.display()),
                });
            }
        }
    };
    let options = SqliteConnectOptions::new().filename(folder.0.join("rehearsal.db"));
    Ok((file(options).await?, folder))
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
            .test_before_acquire(false)
    };
    let writing = writing.statement_cache_capacity(SQLITE_STATEMENTS);
    let writer = lasting().max_connections(1).connect_with(writing).await?;
    let readers = lasting()
        .max_connections(SQLITE_READERS)
        .connect_lazy_with(reading);
    Ok(Pools::Sqlite { writer, readers })
}

async fn server(address: PgConnectOptions) -> Result<Pools, StoreError> {
    let patience = format!("{}s", LOCK_PATIENCE.as_secs());
    let options = address.application_name("countersign").options([
        ("lock_timeout", patience.as_str()),
        ("idle_in_transaction_session_timeout", "60s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, since| {
            Box::pin(async move {
                // One that was in use just now stands; asking it every time would double the trips.
                if since.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
