//! Every field of every document of the policy does something: the fields are listed from the schemas, and each has a
//! flip that changes what comes out, or is refused.

pub mod base;
mod conditions;
mod shown;

use std::collections::BTreeSet;

use countersign::config::schema;
use countersign::domain::escalation::Role;
use countersign::domain::policy::Policy;
use serde_json::Value;

use crate::schema_fields::fields;
use crate::support::{lines, set};

/// Each row is `field | file | pointer | other value | what shows it`, on the folder of [`base::base`]. `-` takes
/// the value away. What shows it is the subject of a change that the comparison of the two tells, `words` where only
/// sentences change, `layout` where nothing may change, `refused` with words of the refusal, or `by` with the name
/// of the test that shows what the setting does outside the decision of the rules.
const FLIPS: &str = include_str!("flips.txt");

/// Lists whose items are only objects: whatever flips a field of an item flips the list.
const LISTS: &[&str] = &["escalation rules", "tier tiers", "tier currencies * tiers"];

/// One row of [`FLIPS`].
struct Flip {
    field: String,
    file: String,
    pointer: String,
    other: Option<Value>,
    shows: String,
}

impl Flip {
    fn read(row: &str) -> Self {
        let cells: Vec<String> = row.split(" | ").map(str::to_owned).collect();
        let [field, file, pointer, other, shows]: [String; 5] = cells
            .try_into()
            .unwrap_or_else(|_| panic!("five cells: {row}"));
        let other = (other != "-").then(|| serde_json::from_str(&other).expect(row));
        Self {
            field,
            file,
            pointer,
            other,
            shows,
        }
    }
}

/// Every flip, those of roles once for each role.
fn flips() -> Vec<Flip> {
    let rows = FLIPS.lines().filter(|row| !row.is_empty());
    rows.flat_map(for_each_role)
        .map(|row| Flip::read(&row))
        .collect()
}

fn for_each_role(row: &str) -> Vec<String> {
    if !row.contains("<role>") {
        return vec![row.to_owned()];
    }
    let other = |role: &Role| match role {
        Role::Billing => Role::Infra,
        _ => Role::Billing,
    };
    let named = |role: &Role| {
        row.replace("<role>", role.word())
            .replace("<other>", other(role).word())
    };
    Role::ALL.iter().map(named).collect()
}

/// The fields of all documents, as the schemas list them: those whose value is no object with fields of its own.
fn listed() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in schema::all() {
        let name = file.name.trim_end_matches(".schema.json").to_owned();
        if name != "workspace" {
            let schema: Value = serde_json::from_str(&file.text).unwrap();
            fields(&schema, &schema, &name, &mut found);
        }
    }
    found
}

/// What one side has and the other has not: fields without a flip, and flips without a field. Conditions have a
/// table of their own in [`conditions`].
fn unmatched(listed: &BTreeSet<String>, flipped: &BTreeSet<String>) -> [Vec<String>; 2] {
    let expected = |field: &&String| !field.contains(" when ") && !LISTS.contains(&field.as_str());
    let missing = listed
        .difference(flipped)
        .filter(expected)
        .cloned()
        .collect();
    let strangers = flipped.difference(listed).cloned().collect();
    [missing, strangers]
}

#[test]
fn every_flip_of_a_field_shows() {
    let base = base::base();
    let before = Policy::load(&base).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    let mut unseen = Vec::new();
    for flip in flips() {
        let mut documents = base.clone();
        set(&mut documents, &flip.file, &flip.pointer, flip.other);
        let (field, pointer) = (&flip.field, &flip.pointer);
        assert_ne!(documents, base, "{field} {pointer}");
        if let Err(why) = shown::seen(&before, Policy::load(&documents), &flip.shows) {
            unseen.push(format!(
                "{field} {pointer}, to be shown by {}: {why}",
                flip.shows
            ));
        }
    }
    assert!(
        unseen.is_empty(),
        "{} do not show:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

#[test]
fn every_field_of_the_schemas_has_a_flip_and_every_flip_a_field() {
    let listed = listed();
    let flipped: BTreeSet<String> = flips().into_iter().map(|flip| flip.field).collect();
    assert_eq!(
        unmatched(&listed, &flipped),
        [Vec::<String>::new(), Vec::new()],
        "left: no flip; right: no field"
    );
    assert!(
        listed.len() > 300 && flipped.len() > 90,
        "{} {}",
        listed.len(),
        flipped.len()
    );
}

#[test]
fn a_field_without_a_flip_and_a_flip_without_a_field_are_noticed() {
    let listed = listed();
    let flipped: BTreeSet<String> = flips().into_iter().map(|flip| flip.field).collect();
    for field in &flipped {
        let mut fewer = flipped.clone();
        fewer.remove(field);
        assert_eq!(unmatched(&listed, &fewer), [vec![field.clone()], vec![]]);
        let mut fewer = listed.clone();
        fewer.remove(field);
        assert_eq!(unmatched(&fewer, &flipped), [vec![], vec![field.clone()]]);
    }
}
