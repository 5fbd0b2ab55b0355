//! The schema, step by step, built into the binary: the same numbers and tables on both databases.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::dialect::Dialect;
use super::error::StoreError;
use super::sql::Pools;

/// One step: number, name, SQLite's text, PostgreSQL's text.
type Step = (i64, &'static str, &'static str, &'static str);

macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("../../migrations/sqlite/", $file)),
            include_str!(concat!("../../migrations/postgres/", $file)),
        )
    };
}

/// Every step ever released. A released step is never changed; a new one is added at the end.
const STEPS: &[Step] = &[
    step!(1, "journal", "0001_journal.sql"),
    step!(2, "ring", "0002_ring.sql"),
    step!(3, "projections", "0003_projections.sql"),
    step!(4, "departures", "0004_departures.sql"),
];

/// Brings the schema up to this binary's.
pub(super) async fn migrate(pools: &Pools) -> Result<(), StoreError> {
    let steps = migrator(pools.dialect());
    match pools {
        Pools::Sqlite { writer, .. } => steps.run(writer).await,
        Pools::Postgres(pool) => steps.run(pool).await,
    }
    .map_err(|error| match error {
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
        MigrateError::VersionMissing(number) => StoreError::Refused {
            why: format!(
                "this database was written by a newer Countersign (schema step {number}); start that version, or restore a backup of this one's"
            ),
        },
        other => StoreError::Refused {
            why: format!("the schema cannot be brought up to date: {other}"),
        },
    })
}

fn migrator(dialect: Dialect) -> Migrator {
    let steps = STEPS.iter().map(|(number, name, sqlite, postgres)| {
        let text = match dialect {
            Dialect::Sqlite => *sqlite,
            Dialect::Postgres => *postgres,
        };
        Migration::new(
            *number,
            Cow::Borrowed(*name),
            MigrationType::Simple,
            text.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}
