//! `countersign database`: what is done to a PostgreSQL by its owner, once and after each upgrade.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Ended, local};
use crate::store::{Powers, Store};

/// The database.
#[derive(Subcommand)]
pub enum DatabaseCommand {
    /// As the owner of a PostgreSQL: bring the schema up to date, and let a role work that can only add to the journal.
    Grant(Grant),
}

/// Let a role use the database.
#[derive(Args)]
pub struct Grant {
    /// The role that `countersign serve` connects as.
    #[arg(long, value_name = "ROLE")]
    to: String,
    #[command(flatten)]
    database: local::Database,
}

impl DatabaseCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let Self::Grant(grant) = self;
        let store = grant.database.open(manifests).await?;
        let granted = store.grant_to(&grant.to).await;
        store.close().await;
        granted.map_err(local::of_store)?;
        say!(
            "The schema is up to date. The role `{}` reads it, works with it, and can only add to the journal.",
            grant.to
        );
        Ok(Ended::Fine)
    }
}

/// What is wrong with what the role of a connection could do, and what to do about it.
pub(super) fn too_much(powers: &Powers) -> Option<String> {
    (!powers.over.is_empty()).then(|| {
        format!(
            "the database role `{}` {}: give the tables to an owner and run `countersign database grant --to ROLE` as that owner, then connect as ROLE (docs/OPERATING.md, An owner and an application)",
            powers.role,
            powers.over.join(", ")
        )
    })
}

/// Looks at what the role of an open store could do.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn looked_at(store: &Store) -> anyhow::Result<Option<String>> {
    Ok(store.powers().await?.as_ref().and_then(too_much))
}
