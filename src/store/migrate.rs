//! The schema, step by step, built into the binary: the same numbers and tables on both databases.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::dialect::Dialect;
use super::error::StoreError;
use super::sql::{Pools, Sql};

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
    step!(5, "places", "0005_places.sql"),
];

/// The table in which the steps that were taken are kept.
const TAKEN: &str = "_sqlx_migrations";

/// What a database holds of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Schema {
    /// Nothing: no table at all.
    None,
    /// The schema up to this step, which this binary knows.
    UpTo(i64),
}

impl Schema {
    /// Refuses what cannot be read as it stands, with what to do about it.
    pub(super) fn readable(self) -> Result<(), StoreError> {
        let newest = STEPS.last().map_or(0, |(number, ..)| *number);
        let why = match self {
            Self::UpTo(step) if step == newest => return Ok(()),
            Self::UpTo(step) => format!(
                "this database was written by an older Countersign (schema step {step} of {newest}); run `countersign serve` on it once, which brings it up to date"
            ),
            Self::None => {
                "this database holds nothing of Countersign's yet; run `countersign serve` on it once".to_owned()
            }
        };
        Err(StoreError::Refused { why })
    }
}

/// Looks at what is there, and changes nothing.
///
/// # Errors
/// `Refused` when the tables are somebody else's or a newer Countersign's.
pub(super) async fn look(pools: &Pools) -> Result<Schema, StoreError> {
    let dialect = pools.dialect();
    let tables = pools.rows(Sql::of(dialect.tables())).await?;
    let tables: Vec<String> = tables
        .iter()
        .map(|row| row.text(0))
        .collect::<Result<_, _>>()?;
    let mut taken = vec![];
    if tables.iter().any(|name| name == TAKEN) {
        for row in pools.rows(Sql::of(dialect.steps_taken())).await? {
            taken.push((row.int(0)?, row.text(1)?));
        }
    }
    let known = migrator(dialect);
    let is_ours = |(number, digest): &(i64, String)| {
        known
            .iter()
            .any(|step| step.version == *number && hex::encode(&*step.checksum) == *digest)
    };
    let Some((first, newest)) = taken.first().zip(taken.last()) else {
        let others = tables.into_iter().find(|name| name != TAKEN);
        return others.map_or(Ok(Schema::None), |name| Err(foreign(&name)));
    };
    if first.0 != STEPS[0].0 || !is_ours(first) {
        let named = tables.iter().find(|name| *name != TAKEN);
        return Err(foreign(named.map_or(TAKEN, String::as_str)));
    }
    if !known.version_exists(newest.0) {
        return Err(newer(newest.0));
    }
    match taken.iter().find(|step| !is_ours(step)) {
        Some((number, _)) => Err(StoreError::Refused {
            why: format!(
                "schema step {number} of this database is not the one that was released; restore a backup"
            ),
        }),
        None => Ok(Schema::UpTo(newest.0)),
    }
}

fn foreign(table: &str) -> StoreError {
    StoreError::Refused {
        why: format!(
            "this database belongs to something else (it has a table `{table}` that is not Countersign's); name another one"
        ),
    }
}

fn newer(step: i64) -> StoreError {
    StoreError::Refused {
        why: format!(
            "this database was written by a newer Countersign (schema step {step}); start that version, or restore a backup of this one's"
        ),
    }
}

/// Brings the schema up to this binary's.
pub(super) async fn migrate(pools: &Pools) -> Result<(), StoreError> {
    let steps = migrator(pools.dialect());
    match pools {
        Pools::Sqlite { writer, .. } => steps.run(writer).await,
        Pools::Postgres(pool) => steps.run(pool).await,
    }
    .map_err(|error| match error {
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _)
            if may_not(&inner) =>
        {
            not_allowed()
        }
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
        MigrateError::VersionMissing(number) => newer(number),
        other => StoreError::Refused {
            why: format!("the schema cannot be brought up to date: {other}"),
        },
    })
}

/// SQLSTATE `insufficient_privilege` (PostgreSQL manual, appendix A).
fn may_not(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.as_deref() == Some("42501")
}

fn not_allowed() -> StoreError {
    StoreError::Refused {
        why: "the schema has to be made or brought up to date, and this role may not; let the owner of the database run `countersign database grant --to ROLE` (docs/OPERATING.md)".into(),
    }
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
