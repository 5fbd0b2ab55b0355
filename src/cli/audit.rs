//! `countersign audit`: is the record whole?

use std::path::Path;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Ended, local, pin};
use crate::store::Store;

/// Check the record.
#[derive(Subcommand)]
pub enum Audit {
    /// Hash every row of the journal and every kept text again.
    Verify(Verify),
}

/// Hash every row of the journal and every kept text again.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    database: local::Database,
}

impl Audit {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let Self::Verify(verify) = self;
        let store = verify.database.existing(manifests).await?;
        verified(&store).await
    }
}

/// Verifies a store and says what was found.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn verified(store: &Store) -> anyhow::Result<Ended> {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} rows hashed again") {
        bar.set_style(style);
    }
    let found = store.verify(&mut |rows| bar.set_position(rows)).await?;
    bar.finish_and_clear();
    match found.first_bad {
        None => {
            say!(
                "The record is whole: {} rows in {} streams follow from each other, and {} texts answer their commitments.",
                found.rows,
                found.streams,
                found.texts
            );
            say!(
                "Rows cut off at the end would only show against a signed checkpoint, which this version does not write yet."
            );
            if let Some(line) = pin::activations(store).await?.last() {
                say!("The policy in force, since when and by whom: {line}");
            }
            Ok(Ended::Fine)
        }
        Some(bad) => {
            say!(
                "The record is NOT whole. The first bad row is {}: {}.",
                bad.row,
                bad.why
            );
            Ok(Ended::No)
        }
    }
}
