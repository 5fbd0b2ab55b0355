//! `countersign check`: all manifests, every problem.

use std::path::Path;

use clap::Args;

use super::{Ended, database, local};
use crate::config;

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

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
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
        match self.format {
            Format::Json => {
                let rows: Vec<_> = problems
                    .iter()
                    .map(|problem| {
                        serde_json::json!({
                            "file": problem.file,
                            "line": problem.line,
                            "column": problem.column,
                            "message": problem.message,
                            "fix": problem.fix,
                        })
                    })
                    .collect();
                say!(
                    "{}",
                    serde_json::json!({ "policy": digest, "problems": rows })
                );
            }
            Format::Text => {
                for problem in &problems {
                    say!("{problem}");
                }
                match (problems.len(), digest) {
                    (0, Some(digest)) => {
                        say!("The manifests are valid. The policy is {digest}.")
                    }
                    (1, _) => say!("1 problem."),
                    (count, _) => say!("{count} problems."),
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
