//! `countersign policy check`: a folder, a document in it, and a document by itself.

use serde_json::{Value, json};

use crate::bench::Bench;

const REFUND: &str = "manifests/policy/tiers/refund.json";

/// A folder whose tiers of refunds leave a gap, and whose contract has a slip of its own.
fn gap() -> Bench {
    let bench = Bench::new();
    bench.change(REFUND, |doc| {
        doc["tiers"][2]["when"]["amount_gt"] = json!(600);
    });
    bench.change("manifests/policy/contract.json", |doc| {
        doc["outputs"]["mode"] = json!("aply");
    });
    bench
}

#[test]
fn a_policy_is_proved_whole_wherever_it_is_named() {
    let bench = Bench::new();
    let digest = bench.run(&["policy", "hash"]).exits(0).out;
    for arguments in [
        vec!["policy", "check"],
        vec!["policy", "check", "manifests"],
        vec!["policy", "check", "manifests/policy"],
    ] {
        let left = bench.run(&arguments).exits(0);
        let left = left.says("every input has a tier, and every rule counts");
        assert!(left.out.contains(digest.trim()));
    }
    let left = bench.run(&["policy", "check", "--format", "json"]).exits(0);
    let said: Value = serde_json::from_str(&left.out).unwrap();
    assert_eq!(said, json!({ "policy": digest.trim(), "problems": [] }));
}

#[test]
fn every_problem_of_a_folder_is_told_with_a_counter_example() {
    let bench = gap();
    bench
        .run(&["policy", "check"])
        .exits(1)
        .says("manifests/policy/tiers/refund.json:")
        .says("no tier holds for amount 500.01 USD")
        .says("manifests/policy/contract.json:")
        .says("`apply` (did you mean that?)")
        .says("2 problems.");
    let left = bench.run(&["policy", "check", "--format", "json"]).exits(1);
    let said: Value = serde_json::from_str(&left.out).unwrap();
    assert_eq!(said["policy"], json!(null));
    let told = &said["problems"][1];
    assert_eq!(told["file"], json!(REFUND));
    assert!(told["line"].as_u64() > Some(1) && told["column"].as_u64() > Some(1));
    assert!(told["fix"].as_str().unwrap().contains("without `when`"));
    // What is wrong here is wrong for every command that reads the manifests.
    bench.run(&["check"]).exits(1).says("no tier holds for");
}

#[test]
fn one_document_is_checked_in_its_folder_or_by_itself() {
    let bench = gap();
    bench
        .run(&["policy", "check", REFUND])
        .exits(1)
        .says("manifests/policy/tiers/refund.json:")
        .says("1 problem.");
    bench
        .run(&["policy", "check", "manifests/policy/approvers.json"])
        .exits(0)
        .says("Others of its folder are not (2 to put right)");
    let refund = bench.json(REFUND);
    bench.write("draft.json", serde_json::to_vec_pretty(&refund).unwrap());
    bench
        .run(&["policy", "check", "draft.json"])
        .exits(1)
        .says("draft.json:")
        .says("no tier holds for amount 500.01 USD")
        .says("1 problem.");
    bench.change("draft.json", |doc| {
        doc["tiers"][2]["when"]["amount_gt"] = json!(500);
    });
    bench
        .run(&["policy", "check", "draft.json"])
        .exits(0)
        .says("valid by itself");
    bench.write("other.json", "{ \"tiers\": ");
    bench
        .run(&["policy", "check", "other.json"])
        .exits(1)
        .says("other.json:1:12: the document ends where a value should be");
    bench.write("other.json", "{}");
    bench
        .run(&["policy", "check", "other.json"])
        .exits(1)
        .says("which document of a policy this is");
    bench
        .run(&["policy", "check", "nowhere.json"])
        .exits(1)
        .says("nowhere.json:1:1:");
}
