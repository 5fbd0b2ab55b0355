//! `countersign policy`: which policy this folder is, and which one is in force.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Ended, local, print_problems};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::ports::Clock as _;
use crate::{app, config};

/// The policy that this installation runs.
#[derive(Subcommand)]
pub enum PolicyCommand {
    /// Print the digest of the policy folder.
    Hash,
    /// Put the policy folder in force on this database. A running server takes it at its next start.
    Pin(Pin),
}

/// Put the policy folder in force.
#[derive(Args)]
pub struct Pin {
    #[command(flatten)]
    database: local::Database,
}

impl PolicyCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let read = match config::read(manifests) {
            Ok(read) => read,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let digest = read.policy.digest();
        let Self::Pin(pin) = self else {
            println!("{digest}");
            return Ok(Ended::Fine);
        };
        let store = pin.database.open(manifests).await?;
        let pinned = store.board().await?.policy;
        if pinned == Some(digest) {
            println!("{digest} is in force already.");
            return Ok(Ended::Fine);
        }
        store
            .put_policy(&digest, read.policy.canonical(), MachineClock.now())
            .await?;
        app::pin(&store, digest, None, &MachineClock, &MachineEntropy).await?;
        let before = pinned.map_or_else(|| "none".to_owned(), |before| before.to_string());
        println!("In force until now: {before}\nIn force from now:  {digest}");
        Ok(Ended::Fine)
    }
}
