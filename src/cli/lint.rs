//! `countersign policy check`: the policy by itself, a folder or one document of it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Ended;
use super::check::Format;
use crate::config::check::{Scope, policy};

/// Prove that a policy leaves no input without a tier and has no rule that never counts; name every problem.
#[derive(Args)]
pub struct Lint {
    /// A policy folder, or one document of it. Without it, the policy folder of the manifests.
    path: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Lint {
    pub(super) fn run(self, manifests: &Path) -> Ended {
        let checked = policy(self.path.as_deref().unwrap_or(manifests));
        let (digest, fine) = match checked.scope {
            Scope::Folder(Some(digest)) => (
                Some(digest),
                format!("The policy is valid: every input has a tier, and every rule counts. It is {digest}."),
            ),
            Scope::Folder(None) => (None, String::new()),
            Scope::InFolder { elsewhere: 0 } => (None, "The document is valid, and so are the others of its folder.".to_owned()),
            Scope::InFolder { elsewhere } => (
                None,
                format!(
                    "The document is valid. Others of its folder are not ({elsewhere} to put right): check the folder."
                ),
            ),
            Scope::Alone => (
                None,
                "The document is valid by itself. What it means to the other documents of a policy was not looked at, for \
                 it stands in no policy folder."
                    .to_owned(),
            ),
        };
        self.format.print(&checked.problems, digest, &fine)
    }
}
