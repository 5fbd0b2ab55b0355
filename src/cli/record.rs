//! The record of a case as a folder of files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use crate::domain::case::Case;
use crate::domain::policy::Policy;
use crate::proof::{self, Recording};
use crate::store::Store;

/// Writes what happened, the policy it happened under, what was proposed and decided, and what ran it.
pub(super) async fn write(
    store: &Store,
    case: &Case,
    policy: &Policy,
    folder: &Path,
) -> anyhow::Result<()> {
    let stream = case.id.stream();
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
