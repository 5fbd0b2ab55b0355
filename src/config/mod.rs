//! Environment and manifests, read once into one validated, immutable `Config`.
//!
//! This room may not build anything, send anything or decide anything; it says what the installation is. Only
//! `environment` reads the environment, and only by name. Nothing of authority is read from `workspace.json`.
//!
//! To add a setting: a field in `workspace.rs` (the schema follows from it), its reading in `read.rs`, its use in
//! `resolve.rs`, its line in `manifests/README.md`, and `cargo test --test edge` says if one is missing.

pub mod check;
mod lint;
mod read;
mod resolve;
pub mod schema;
mod values;
pub mod workspace;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use self::read::{Places, Reading};
use self::workspace::Workspace;
use crate::domain::policy::json::Spot;
use crate::domain::policy::reader::Sheet;
use crate::domain::policy::{Documents, Policy, Problem, contract};

pub use self::resolve::{Config, SlackConfig};

/// The file that says what the installation is.
pub const WORKSPACE: &str = "workspace.json";

/// The manifests of a folder, valid in themselves and with each other; no secret was looked at yet.
#[derive(Debug)]
pub struct Manifests {
    /// What `workspace.json` says.
    pub workspace: Workspace,
    /// The policy.
    pub policy: Policy,
    /// The policy's files as they were read.
    pub documents: Documents,
    places: Places,
}

/// Reads a folder of manifests.
///
/// # Errors
///
/// Every problem of every file, with its place and what to write instead.
pub fn read(folder: &Path) -> Result<Manifests, Vec<Problem>> {
    let mut problems = Vec::new();
    let (workspace, places) = match fs::read(folder.join(WORKSPACE)) {
        Ok(bytes) => workspace_of(&bytes, &mut problems),
        Err(error) => {
            problems.push(unreadable(WORKSPACE, &error));
            (None, Places::default())
        }
    };
    let policy_folder = workspace.as_ref().map_or("policy", |w| w.policy.as_str());
    let documents = documents(&folder.join(policy_folder), &mut problems);
    let prefix = |mut problem: Problem| {
        problem.file = format!("{policy_folder}/{}", problem.file);
        problem
    };
    let policy = match Policy::load(&documents) {
        Ok(policy) => Some(policy),
        Err(found) => {
            problems.extend(found.into_iter().map(prefix));
            None
        }
    };
    if let (Some(workspace), Some(policy)) = (&workspace, &policy) {
        problems.extend(disagreements(workspace, policy, &places));
    }
    match (workspace, policy) {
        (Some(workspace), Some(policy)) if problems.is_empty() => Ok(Manifests {
            workspace,
            policy,
            documents,
            places,
        }),
        _ => {
            problems.sort();
            problems.dedup();
            Err(problems)
        }
    }
}

/// Reads the policy of a folder: a policy folder itself, or a folder of manifests with one in `policy/`. Nothing else
/// is looked at.
///
/// # Errors
///
/// Every problem of every file of the policy.
pub fn policy_in(folder: &Path) -> Result<Policy, Vec<Problem>> {
    let mut problems = Vec::new();
    let documents = documents(&policy_folder(folder), &mut problems);
    if problems.is_empty() {
        Policy::load(&documents)
    } else {
        Err(problems)
    }
}

/// The policy folder that is meant: the folder itself, or the one in it.
fn policy_folder(folder: &Path) -> PathBuf {
    let below = folder.join("policy");
    if folder.join(contract::FILE).is_file() || !below.is_dir() {
        folder.to_owned()
    } else {
        below
    }
}

/// Reads the one variable of that name. A value that is not Unicode counts as absent.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment, by name and at start"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn workspace_of(bytes: &[u8], problems: &mut Vec<Problem>) -> (Option<Workspace>, Places) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let message = "the file is not UTF-8";
        problems.push(Problem::at(WORKSPACE, Spot::START, message, "it as UTF-8"));
        return (None, Places::default());
    };
    let (sheet, node) = Sheet::open(WORKSPACE, text);
    let mut reading = Reading::of(&sheet);
    let workspace = node.as_ref().and_then(|node| {
        lint::secrets(&sheet, node);
        reading.workspace(node)
    });
    let places = reading.places;
    problems.extend(sheet.into_problems());
    (workspace, places)
}

/// The documents of a policy folder: its JSON files and those of `tiers/`.
fn documents(folder: &Path, problems: &mut Vec<Problem>) -> Documents {
    let mut documents = Documents::new();
    for (below, prefix) in [(folder.to_owned(), ""), (folder.join("tiers"), "tiers/")] {
        let entries = match fs::read_dir(&below) {
            Ok(entries) => entries,
            Err(error) => {
                let name = format!("policy/{prefix}");
                problems.push(unreadable(name.trim_end_matches('/'), &error));
                continue;
            }
        };
        for entry in entries.flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if !file.ends_with(".json") {
                continue;
            }
            let name = format!("{prefix}{file}");
            match fs::read_to_string(entry.path()) {
                Ok(text) => drop(documents.insert(name, text)),
                Err(error) => problems.push(unreadable(&format!("policy/{name}"), &error)),
            }
        }
    }
    documents
}

fn unreadable(file: &str, error: &io::Error) -> Problem {
    let (message, fix) = match error.kind() {
        io::ErrorKind::NotFound => ("it is missing".to_owned(), "it, or name another folder"),
        io::ErrorKind::InvalidData => ("it is not UTF-8".to_owned(), "it as UTF-8"),
        kind => (
            format!("it cannot be read: {kind}"),
            "a file that this user may read",
        ),
    };
    Problem::at(file, Spot::START, message, fix)
}

/// What each file says rightly on its own and what cannot be true together.
fn disagreements(workspace: &Workspace, policy: &Policy, places: &Places) -> Vec<Problem> {
    let mut problems = Vec::new();
    let approvers = policy.approvers();
    if approvers.team != workspace.slack.team {
        let message = format!(
            "this workspace is `{}`, and the people in policy/approvers.json are of `{}`, so that nobody could decide",
            workspace.slack.team, approvers.team
        );
        let at = places.team.unwrap_or(Spot::START);
        problems.push(Problem::at(
            WORKSPACE,
            at,
            message,
            "the same `team` in both files",
        ));
    }
    for (rule, at) in &places.rules {
        if !approvers.rules.contains_key(rule) {
            let known: Vec<&str> = approvers.rules.keys().map(|rule| rule.as_str()).collect();
            let fix = crate::domain::policy::problem::did_you_mean(rule.as_str(), &known);
            let message = format!("there is no approver rule `{rule}` in policy/approvers.json");
            problems.push(Problem::at(WORKSPACE, *at, message, fix));
        }
    }
    problems
}
