//! `countersign check`: all manifests, every problem.

use std::path::Path;

use clap::Args;

use super::Ended;
use crate::config;

/// Read all manifests and name every problem.
#[derive(Args)]
pub struct Check {
    /// Also look whether every environment variable that the manifests name is set.
    #[arg(long)]
    environment: bool,
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
    pub(super) fn run(self, manifests: &Path) -> Ended {
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
