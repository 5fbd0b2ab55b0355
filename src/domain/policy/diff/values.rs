//! Every single value that differs between two policies, with the file and the way to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::domain::policy::Policy;

/// One value that differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ValueChange {
    /// The file and the way to the value, for example `contract.json limits undo_seconds`.
    pub way: String,
    /// What stands there before, as JSON; `nothing` where nothing does.
    pub before: String,
    /// What stands there after.
    pub after: String,
}

/// The values that differ, in the order of files.
pub(super) fn between(before: &Policy, after: &Policy) -> Vec<ValueChange> {
    differences(before.canonical(), after.canonical())
}

fn differences(before: &str, after: &str) -> Vec<ValueChange> {
    let (before, after) = (values(before), values(after));
    let ways: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    ways.into_iter()
        .filter(|way| before.get(*way) != after.get(*way))
        .map(|way| {
            let said = |side: &BTreeMap<String, String>| {
                side.get(way).cloned().unwrap_or_else(|| "nothing".into())
            };
            ValueChange {
                way: way.clone(),
                before: said(&before),
                after: said(&after),
            }
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
        let told: Vec<String> = differences(before, after)
            .iter()
            .map(|v| format!("{}: {} -> {}", v.way, v.before, v.after))
            .collect();
        assert_eq!(
            told,
            [
                "contract.json block #2: nothing -> \"b\"",
                "contract.json limits undo_seconds: 30 -> 60",
                "contract.json new: nothing -> 1",
            ]
        );
    }
}
