//! The record of a case as a folder of files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use super::Misuse;
use crate::domain::case::Case;
use crate::domain::policy::Policy;
use crate::proof::{self, Recording};
use crate::store::Store;

/// The file by which a folder is known as a record.
const LOG: &str = "audit_log.json";

/// Refuses a folder that holds something else: the files of two records must not mix.
pub(super) fn check_folder(folder: &Path) -> anyhow::Result<()> {
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return if folder.exists() {
            let sentence = format!("{} is not a folder; name another one", folder.display());
            Err(Misuse(sentence).into())
        } else {
            Ok(())
        };
    };
    if entries.next().is_none() || folder.join(LOG).exists() {
        return Ok(());
    }
    let sentence = format!(
        "{} holds other files; name a new folder for the record",
        folder.display()
    );
    Err(Misuse(sentence).into())
}

/// Writes what happened, the policy it happened under, what was proposed and decided, and what ran it.
pub(super) async fn write(
    store: &Store,
    case: &Case,
    policy: &Policy,
    folder: &Path,
) -> anyhow::Result<()> {
    let stream = case.id.stream();
    same_case(folder, stream.as_str())?;
    let events = store.events(&stream).await?;
    let mut contents = vec![];
    for sealed in store.texts(&stream).await?.keys() {
        contents.extend(store.content(sealed).await?);
    }
    let asked_under = case
        .requests
        .last()
        .map_or(policy.digest(), |asked| asked.request.policy);
    let kept = store.policy(&asked_under).await?;
    let recording = Recording {
        events: &events,
        contents: &contents,
        policy: kept.as_deref().unwrap_or_else(|| policy.canonical()),
        environment: &environment(case),
    };
    for (path, bytes) in proof::record(&recording)? {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("{} cannot be made", parent.display()))?;
        }
        std::fs::write(&path, bytes)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// Refuses to write over the record of another case.
fn same_case(folder: &Path, stream: &str) -> anyhow::Result<()> {
    let Ok(bytes) = std::fs::read(folder.join(LOG)) else {
        return Ok(());
    };
    let log: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if log["stream"] == stream {
        return Ok(());
    }
    let sentence = format!(
        "{} holds the record of another case; name a new folder",
        folder.display()
    );
    Err(Misuse(sentence).into())
}

/// What ran: versions and kinds, no names of machines.
fn environment(case: &Case) -> BTreeMap<String, String> {
    let model = case
        .verdict
        .as_ref()
        .map_or("none", |verdict| verdict.model.as_str());
    [
        ("countersign", env!("CARGO_PKG_VERSION")),
        ("system", std::env::consts::OS),
        ("architecture", std::env::consts::ARCH),
        ("database", "rehearsal"),
        (
            "stand_ins",
            "Slack, Stripe and the help desk were the local workspace's",
        ),
        ("model", model),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}
