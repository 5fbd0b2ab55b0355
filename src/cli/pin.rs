//! `countersign policy`: which policy this folder is, and which one is in force.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::{Ended, local, print_problems};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::ports::Clock as _;
use crate::{app, config};

/// The policy that this installation runs.
#[derive(Subcommand)]
pub enum PolicyCommand {
    /// Print the digest of the policy folder.
    Hash,
    /// Put the policy folder in force on this database. A running server takes it at its next start.
    Pin(Pin),
}

/// Put the policy folder in force.
#[derive(Args)]
pub struct Pin {
    #[command(flatten)]
    database: local::Database,
}

impl PolicyCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let read = match config::read(manifests) {
            Ok(read) => read,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let digest = read.policy.digest();
        let Self::Pin(pin) = self else {
            say!("{digest}");
            return Ok(Ended::Fine);
        };
        let store = pin.database.open(manifests).await?;
        let pinned = store.board().await?.policy;
        if pinned == Some(digest) {
            say!("{digest} is in force already.");
            return Ok(Ended::Fine);
        }
        let after = read.policy.canonical();
        store.put_policy(&digest, after, MachineClock.now()).await?;
        match pinned {
            Some(pinned) => {
                let before = store.policy(&pinned).await?.unwrap_or_default();
                say!("In force until now: {pinned}\nIn force from now:  {digest}\n");
                differences(&before, after)
                    .iter()
                    .for_each(|line| say!("  {line}"));
                say!("\nA server that runs holds its writes until it is started again.");
            }
            None => say!("In force from now: {digest}"),
        }
        app::pin(&store, digest, None, &MachineClock, &MachineEntropy).await?;
        Ok(Ended::Fine)
    }
}

/// What differs between two policies in canonical form: one line for each value, with the file and the way to it.
fn differences(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (values(before), values(after));
    let ways: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    ways.into_iter()
        .filter(|way| before.get(*way) != after.get(*way))
        .map(|way| {
            let said = |side: &BTreeMap<String, String>| {
                side.get(way).cloned().unwrap_or_else(|| "nothing".into())
            };
            format!("{way}: {} -> {}", said(&before), said(&after))
        })
        .collect()
}

/// Every value of a document by the way to it.
fn values(document: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let document = serde_json::from_str(document).unwrap_or(Value::Null);
    collect("", &document, &mut found);
    found
}

fn collect(way: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |key: &str| {
        if way.is_empty() {
            key.to_owned()
        } else {
            format!("{way} {key}")
        }
    };
    match value {
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .for_each(|(key, value)| collect(&below(key), value, found)),
        Value::Array(items) if !items.is_empty() => (1..)
            .zip(items)
            .for_each(|(at, value)| collect(&below(&format!("#{at}")), value, found)),
        value => drop(found.insert(way.to_owned(), value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_changed_added_and_removed_value_has_its_line() {
        let before = r#"{"contract.json":{"limits":{"undo_seconds":30},"block":["a"]}}"#;
        let after = r#"{"contract.json":{"limits":{"undo_seconds":60},"block":["a","b"],"new":1}}"#;
        assert_eq!(
            differences(before, after),
            [
                "contract.json block #2: nothing -> \"b\"",
                "contract.json limits undo_seconds: 30 -> 60",
                "contract.json new: nothing -> 1",
            ]
        );
    }
}
