//! `countersign policy diff`: what changes between two policies, and for which inputs.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::pin::kept;
use super::{Ended, Misuse, local};
use crate::config;
use crate::domain::digest::Digest;
use crate::domain::policy::Policy;
use crate::domain::policy::diff::{Change, Diff, Subject};

/// Say what changes between two policies, and for which inputs.
#[derive(Args)]
#[command(after_help = "\
  countersign policy diff                        from the policy in force to the folder
  countersign policy diff old/policy new/policy  from one folder to another
  countersign policy diff 3f2a...                from one that was in force on this database, by its digest")]
pub struct Compare {
    /// From: a policy folder, `pinned` (the policy in force on this database), or the 64 hex digits of a policy that
    /// was in force on it.
    #[arg(default_value = PINNED)]
    before: String,
    /// To: the same. The policy folder of the manifests if left out.
    after: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: local::Database,
}

const PINNED: &str = "pinned";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One side of a comparison.
enum Side {
    Folder(PathBuf),
    Pinned,
    Kept(Digest),
}

impl Side {
    fn of(named: &str) -> Self {
        match Digest::parse(named) {
            Some(digest) => Self::Kept(digest),
            None if named == PINNED => Self::Pinned,
            None => Self::Folder(PathBuf::from(named)),
        }
    }

    fn is_a_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }
}

impl Compare {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let before = Side::of(&self.before);
        let folder = || Side::Folder(manifests.to_owned());
        let after = self.after.as_deref().map_or_else(folder, Side::of);
        let store = if before.is_a_folder() && after.is_a_folder() {
            None
        } else {
            Some(self.database.existing(manifests).await?)
        };
        let mut policies = Vec::new();
        for side in [before, after] {
            policies.push(match (side, &store) {
                (Side::Folder(folder), _) => in_folder(&folder)?,
                (Side::Kept(digest), Some(store)) => kept(store, &digest).await?,
                (Side::Pinned, Some(store)) => match store.board().await?.policy {
                    Some(digest) => kept(store, &digest).await?,
                    None => {
                        let why = "no policy was put in force on this database yet; name a folder to compare with";
                        return Err(Misuse(why.to_owned()).into());
                    }
                },
                (_, None) => return Err(Misuse("there is no database".to_owned()).into()),
            });
        }
        let diff = Diff::between(&policies[0], &policies[1]);
        match self.format {
            Format::Json => say!("{}", serde_json::to_string_pretty(&diff)?),
            Format::Text => print_diff(&diff),
        }
        Ok(Ended::Fine)
    }
}

fn in_folder(folder: &Path) -> anyhow::Result<Policy> {
    config::policy_in(folder).map_err(|problems| {
        let Misuse(all) = Misuse::of(&problems);
        Misuse(format!("{}: {all}", folder.display())).into()
    })
}

/// Prints a comparison in sentences.
pub(super) fn print_diff(diff: &Diff) {
    if diff.before == diff.after {
        say!("Nothing changes: both are the policy {}.", diff.before);
        return;
    }
    let short = (diff.before.short(), diff.after.short());
    say!("From the policy {} to {}:", short.0, short.1);
    if diff.changes.is_empty() && diff.not_compared.is_empty() {
        say!(
            "\nNothing comes out differently for anybody: what differs is what things are called, or how the same is written."
        );
    }
    for subject in Subject::ALL.iter().copied() {
        let changes = diff
            .changes
            .iter()
            .filter(|change| change.subject == subject);
        let changes: Vec<&Change> = changes.collect();
        if changes.is_empty() {
            continue;
        }
        say!("\n{}", heading(subject));
        changes
            .chunk_by(|one, next| one.of == next.of)
            .for_each(print_changes);
    }
    for why in &diff.not_compared {
        say!("\nNot compared: {why}.");
    }
    say!("\nThe values that differ:");
    for value in &diff.values {
        say!("  {}: {} -> {}", value.way, value.before, value.after);
    }
}

const fn heading(subject: Subject) -> &'static str {
    match subject {
        Subject::Draft => "What becomes of drafts:",
        Subject::Case => "Where cases belong:",
        Subject::Approvers => "Who decides:",
        Subject::Role => "What follows for a role:",
        Subject::Calendar => "When hours count:",
        Subject::Setting => "Settings:",
    }
}

/// What changes of one thing. Ranges that all of it shares are said once, in front.
fn print_changes(changes: &[&Change]) {
    let boxes = || changes.iter().flat_map(|change| &change.when);
    let everywhere = changes.iter().all(|change| !change.when.is_empty());
    let shared = |range: &&String| everywhere && boxes().all(|ranges| ranges.contains(range));
    let shared: Vec<&String> = boxes()
        .next()
        .into_iter()
        .flatten()
        .filter(shared)
        .collect();
    let Some(of) = changes.first().map(|change| &change.of) else {
        return;
    };
    let said: Vec<&str> = shared.iter().map(|range| range.as_str()).collect();
    match said.as_slice() {
        [] if changes
            .iter()
            .any(|change| change.subject == Subject::Setting) => {}
        [] => say!("  {of}:"),
        said => say!("  {of} with {}:", said.join(", ")),
    }
    for change in changes {
        if change.subject == Subject::Setting {
            let Change {
                of, before, after, ..
            } = change;
            say!("  {of}: {before} before, {after} after");
            continue;
        }
        for (at, ranges) in change.when.iter().enumerate() {
            let own = ranges.iter().filter(|range| !shared.contains(range));
            let own: Vec<&str> = own.map(String::as_str).collect();
            let or = if at == 0 { "" } else { "or " };
            if !own.is_empty() {
                say!("    {or}{}", own.join(", "));
            }
        }
        let indent = if boxes().count() > 1 {
            "      "
        } else {
            "    "
        };
        say!("{indent}before  {}", change.before);
        say!("{indent}after   {}", change.after);
    }
}
