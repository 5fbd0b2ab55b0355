//! The schemas of the policy's documents: they are current, the shipped files name and pass them, and they refuse no
//! document that the reader takes.

use std::path::Path;

use countersign::config::schema;
use countersign::domain::policy::{Documents, Policy};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::{changed, lines, policy, shipped};

/// What only the reader knows: what one value means beside another, in this file or in another one.
const BEYOND: &[&str] = &[
    "stands in `allow` and in",
    "is not a time zone",
    "is not a date",
    "it closes before it opens",
    "there is no approver rule",
    "the rules after it never count",
    "the tiers after it never count",
    "some cases would have no role",
    "but no currency is declared for it",
    "is never known for",
    "the last tier is where the unknown goes",
    "does not belong into this file",
    "would follow itself",
    "comes back to it",
    "people must approve, but only",
    "the bands do not",
    "is what the model says",
    "is not an amount of",
    "no window is declared",
    "has no amount",
    "because the model says",
    "is too large",
    "stands in the list twice",
    // The linter: what is well formed and wrong.
    "no tier holds for",
    "never counts",
    "overlap in part",
    "never holds",
    "hold together",
    "always holds",
    "adds nothing to",
    "as one percent and as certainty",
    "there is no currency",
    "stops every draft",
    "without anybody's decision",
    "would run by itself although",
    "is a rule of the code",
    "is in this list already",
    "is of another workspace",
    "would get past this list",
];

/// The schema of each kind of document.
pub fn validator(name: &str) -> Validator {
    let file = schema::all()
        .into_iter()
        .find(|file| file.name == format!("{name}.schema.json"))
        .unwrap();
    jsonschema::validator_for(&serde_json::from_str(&file.text).unwrap()).unwrap()
}

/// The name of the schema of a document of the folder.
pub fn schema_of(file: &str) -> &str {
    match file.strip_suffix(".json").unwrap() {
        tier if tier.starts_with("tiers/") => "tier",
        name => name,
    }
}

/// The shipped folder with everything in it that it could have.
fn rich() -> Documents {
    changed(&[
        (
            "approvers.json",
            "\"finance_lead\": {",
            r#""two_hands": { "label": "Two of finance", "currency": "usd", "quorum": 1, "amount_bands": [
                { "lte": 100, "users": [{ "id": "U0FIN00001", "team": "T0LOCAL001", "label": "One" }] },
                { "gt": 100, "groups": ["S0FINANCE1"], "users": ["U0FIN00002"] } ] },
               "finance_lead": {"#,
        ),
        (
            "contract.json",
            "\"tickets.add_label\", ",
            r#"{ "tool": "tickets.add_label", "when": { "confidence_gte": 50, "category_in": ["bug", "how_to"] } }, "#,
        ),
        (
            "contract.json",
            "\"block_categories\": []",
            "\"block_categories\": [\"other\"]",
        ),
        (
            "contract.json",
            "\"quarantine\": []",
            "\"quarantine\": [\"llama\"]",
        ),
        (
            "tiers/credit.json",
            "\"tiers\": [",
            r#""tiers": [{ "tier": "medium", "when": { "account_flagged_fraud_is": false, "customer_tier_eq": "gold", "prior_refunds_lt": 2 },
                "route": "batch_review", "sla_minutes": 90, "clock": "wall", "escalate_to": ["finance_lead"] },"#,
        ),
        (
            "tiers/refund.json",
            "\"max_amount\": 5000",
            "\"max_amount\": 5000, \"refund_window_days\": 90",
        ),
    ])
}

/// One document with several currencies.
fn currencies() -> Documents {
    let mut documents = shipped();
    let text = r#"{ "action_type": "invoice_adjust", "currencies": {
        "eur": { "tiers": [{ "tier": "low", "when": { "amount_lte": 10 }, "route": "to_role" },
                           { "tier": "medium", "route": "batch_review", "sla_hours": 4 }] },
        "jpy": { "tiers": [{ "tier": "high", "route": "named_approver", "approver_rule": "finance_lead", "sla_hours": 4 }],
                 "constraints": { "max_amount": 90000 } } } }"#;
    documents.insert("tiers/invoice_adjust.json".into(), text.into());
    documents
}

#[test]
fn the_schemas_in_the_repository_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/schema");
    for file in schema::all() {
        assert_eq!(
            std::fs::read_to_string(folder.join(&file.name)).unwrap_or_default(),
            file.text,
            "run `countersign policy schema` and commit {}",
            file.name
        );
    }
}

#[test]
fn each_shipped_file_names_its_schema_and_passes_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/policy");
    for (file, text) in shipped() {
        let document: Value = serde_json::from_str(&text).unwrap();
        let name = document["$schema"].as_str().unwrap();
        let named = folder.join(&file).parent().unwrap().join(name);
        assert!(named.is_file(), "{file} names {name}");
        let expected = format!("{}.schema.json", schema_of(&file));
        assert!(name.ends_with(&expected), "{file} names {name}");
        assert!(validator(schema_of(&file)).is_valid(&document), "{file}");
    }
}

#[test]
fn where_the_schema_is_changes_no_digest_and_means_nothing_below_the_top() {
    let line = "\"$schema\": \"../schema/contract.schema.json\",";
    let before = policy(&[]);
    let without = policy(&[("contract.json", line, "")]);
    assert_eq!(before.digest(), without.digest());
    assert_eq!(before, Policy::restore(before.canonical()).unwrap());
    assert!(!before.canonical().contains("$schema"));
    for (file, from, to) in [
        ("contract.json", line, "\"$schema\": 3,"),
        ("contract.json", "\"mode\"", "\"$schema\": \"x\", \"mode\""),
    ] {
        let refused = Policy::load(&changed(&[(file, from, to)])).unwrap_err();
        assert_eq!(refused.len(), 1, "{}", lines(&refused));
    }
}

#[test]
fn the_schemas_refuse_what_the_reader_refuses_and_nothing_that_it_takes() {
    for documents in [rich(), currencies()] {
        Policy::load(&documents).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
        let (mut both, mut beyond) = (0, 0);
        for (file, text) in &documents {
            let validator = validator(schema_of(file));
            let document: Value = serde_json::from_str(text).unwrap();
            assert!(validator.is_valid(&document), "{file}");
            for (what, slip) in slips(&document) {
                let mut changed = documents.clone();
                changed.insert(file.clone(), slip.to_string());
                let Err(problems) = Policy::load(&changed) else {
                    assert!(
                        validator.is_valid(&slip),
                        "{file} {what}: the schema refuses what the reader takes"
                    );
                    continue;
                };
                if validator.is_valid(&slip) {
                    let known = |message: &str| BEYOND.iter().any(|words| message.contains(words));
                    assert!(
                        problems
                            .iter()
                            .any(|p| known(&p.message) || p.file != *file),
                        "{file} {what}: only the reader refuses it\n{}",
                        lines(&problems)
                    );
                    beyond += 1;
                } else {
                    both += 1;
                }
            }
        }
        assert!(both > 700 && beyond * 4 < both, "{both} {beyond}");
    }
}

/// Every document that differs from this one by one slip, each with what was done.
pub fn slips(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut paths = vec![String::new()];
    while let Some(path) = paths.pop() {
        let here = document.pointer(&path).unwrap();
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        if let Value::Object(members) = here {
            for key in members.keys() {
                paths.push(format!("{path}/{}", escaped(key)));
                let mut slip = document.clone();
                let object = slip.pointer_mut(&path).unwrap().as_object_mut().unwrap();
                object.remove(key);
                found.push((format!("{path} without {key}"), slip));
            }
            let mut slip = document.clone();
            slip.pointer_mut(&path).unwrap()["stranger"] = json!(null);
            found.push((format!("{path} with a stranger"), slip));
        }
        if let Value::Array(items) = here {
            paths.extend((0..items.len()).map(|i| format!("{path}/{i}")));
            if let Some(first) = items.first() {
                let mut slip = document.clone();
                let list = slip.pointer_mut(&path).unwrap().as_array_mut().unwrap();
                list.push(first.clone());
                found.push((format!("{path} with its first item twice"), slip));
            }
        }
        let others = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(7),
            json!(-1),
            json!(1.5),
            json!(900_000_000),
            json!(""),
            json!(" a"),
            json!("word"),
            json!([]),
            json!(["word"]),
            json!({}),
        ];
        // A third of them at each place, another third at the next: all at all places would take a minute.
        let turn = found.len() % 3;
        for other in others.into_iter().skip(turn).step_by(3) {
            if other == *here {
                continue;
            }
            let mut slip = document.clone();
            *slip.pointer_mut(&path).unwrap() = other.clone();
            found.push((format!("{path} = {other}"), slip));
        }
    }
    found
}
