//! `countersign check`: all manifests, every problem.

use std::path::Path;

use clap::Args;

use super::{Ended, database, local};
use crate::config;
use crate::domain::digest::Digest;
use crate::domain::policy::Problem;

/// Read all manifests and name every problem.
#[derive(Args)]
pub struct Check {
    /// Also look whether every environment variable that the manifests name is set.
    #[arg(long)]
    environment: bool,
    /// Also look at the database that they name: whether it answers, and what this role could do to its record.
    #[arg(long)]
    live: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How problems are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

impl Format {
    /// Prints problems and the digest of what has none; `fine` is said of it in words.
    pub(super) fn print(self, problems: &[Problem], digest: Option<Digest>, fine: &str) -> Ended {
        match (self, problems.len()) {
            (Self::Json, _) => say!(
                "{}",
                serde_json::json!({ "policy": digest, "problems": problems })
            ),
            (Self::Text, count) => {
                problems.iter().for_each(|problem| say!("{problem}"));
                match count {
                    0 => say!("{fine}"),
                    1 => say!("1 problem."),
                    count => say!("{count} problems."),
                }
            }
        }
        if problems.is_empty() {
            Ended::Fine
        } else {
            Ended::No
        }
    }
}

impl Check {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let ended = self.manifests(manifests);
        if !self.live || ended != Ended::Fine {
            return Ok(ended);
        }
        let store = local::Database::default().existing(manifests).await?;
        let warning = database::looked_at(&store).await?;
        store.close().await;
        let said = warning.unwrap_or_else(|| {
            "The database answers, and its journal is only ever added to.".to_owned()
        });
        match self.format {
            Format::Text => say!("{said}"),
            Format::Json => say!("{}", serde_json::json!({ "database": said })),
        }
        Ok(ended)
    }

    fn manifests(&self, manifests: &Path) -> Ended {
        let read = config::read(manifests);
        let digest = read.as_ref().ok().map(|read| read.policy.digest());
        let problems = match read {
            Err(problems) => problems,
            Ok(read) if self.environment => {
                read.resolve(&config::environment).err().unwrap_or_default()
            }
            Ok(_) => vec![],
        };
        let is = digest.map(|digest| format!(" The policy is {digest}."));
        let fine = format!("The manifests are valid.{}", is.unwrap_or_default());
        self.format.print(&problems, digest, &fine)
    }
}
