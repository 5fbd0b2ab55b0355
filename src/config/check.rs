//! The policy by itself, for whoever writes one: a whole folder, or one document of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{documents, policy_folder, unreadable};
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::policy::json::{Spot, parse};
use crate::domain::policy::{Documents, Policy, Problem, approvers, contract, escalation, tiers};

/// What was looked at, and what is wrong with it.
#[derive(Debug)]
pub struct Checked {
    /// Every problem. Files are named as seen from where the path was given.
    pub problems: Vec<Problem>,
    /// How much was looked at.
    pub scope: Scope,
}

/// How much was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    /// A whole folder, with the digest of its policy if that is valid.
    Folder(Option<Digest>),
    /// One document, as part of the folder that it stands in.
    InFolder {
        /// How many problems the other documents have.
        elsewhere: usize,
    },
    /// One document by itself: the rest of its policy is not there.
    Alone,
}

/// Checks a policy folder, a folder of manifests with one in `policy/`, or one document.
#[must_use]
pub fn policy(path: &Path) -> Checked {
    if path.is_dir() {
        return whole(&policy_folder(path));
    }
    let shown = path.display().to_string();
    let read = fs::read(path).map_err(|error| unreadable(&shown, &error));
    let text = read.and_then(|bytes| {
        let not_text = |_| Problem::at(&shown, Spot::START, "the file is not UTF-8", "it as UTF-8");
        String::from_utf8(bytes).map_err(not_text)
    });
    let named = text.and_then(|text| Ok((name_of(path, &text, &shown)?, text)));
    let (mut problems, scope) = match named {
        Ok((name, text)) => one(path, &name, text),
        Err(problem) => (vec![problem], Scope::Alone),
    };
    for problem in &mut problems {
        problem.file.clone_from(&shown);
    }
    Checked { problems, scope }
}

fn whole(folder: &Path) -> Checked {
    let mut problems = Vec::new();
    let documents = documents(folder, &mut problems);
    let read = Policy::load(&documents);
    let digest = read.as_ref().ok().map(Policy::digest);
    let mut found = read.err().unwrap_or_default();
    for problem in &mut found {
        problem.file = folder.join(&problem.file).display().to_string();
    }
    problems.extend(found);
    Checked {
        problems,
        scope: Scope::Folder(digest),
    }
}

/// The problems of one document: beside the others of its folder if it has its place among them, else alone.
fn one(path: &Path, name: &str, text: String) -> (Vec<Problem>, Scope) {
    let levels = name.split('/').count();
    let folder = path.ancestors().nth(levels).map(Path::to_owned);
    let folder = folder.map(|folder| match folder.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => folder,
    });
    let home = folder.filter(|folder| {
        folder.join(approvers::FILE).is_file()
            && path.ends_with(name)
            && folder.join(name).is_file()
    });
    let Some(home) = home else {
        let alone = Documents::from([(name.to_owned(), text)]);
        return (Policy::check(&alone), Scope::Alone);
    };
    let all = documents(&home, &mut Vec::new());
    let problems = Policy::load(&all).err().unwrap_or_default();
    let (own, others): (Vec<Problem>, Vec<Problem>) = problems
        .into_iter()
        .partition(|problem| problem.file == name);
    let elsewhere = others.len();
    (own, Scope::InFolder { elsewhere })
}

/// The name that a document has in a policy folder: by its file's name, else by what it holds.
fn name_of(path: &Path, text: &str, shown: &str) -> Result<String, Problem> {
    let whole = [contract::FILE, escalation::FILE, approvers::FILE];
    let file = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if whole.contains(&file) {
        return Ok(file.to_owned());
    }
    let stem = file.strip_suffix(".json").unwrap_or_default();
    if let Some(action) = ActionKind::from_word(stem) {
        return Ok(tiers::file_of(action));
    }
    parse(text).map_err(|fault| Problem::of_fault(shown, fault))?;
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let action = document["action_type"]
        .as_str()
        .and_then(ActionKind::from_word);
    let telling = [
        ("wpc_version", contract::FILE),
        ("chains", escalation::FILE),
        ("operators", approvers::FILE),
    ];
    let by_content = telling.iter().find(|(key, _)| document.get(key).is_some());
    action
        .map(tiers::file_of)
        .or_else(|| by_content.map(|(_, name)| (*name).to_owned()))
        .ok_or_else(|| {
            let message = "it cannot be told which document of a policy this is";
            let fix = "`action_type` in it, or name it as the shipped `manifests/policy` does";
            Problem::at(shown, Spot::START, message, fix)
        })
}
