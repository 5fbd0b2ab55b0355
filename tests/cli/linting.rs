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

/// One slip in each of many places, with the words that tell it. Whatever a list of this software knows is here.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    (
        "contract.json",
        "\"propose_only\"",
        "\"propose\"",
        "`propose` is not a mode",
    ),
    (
        "contract.json",
        "\"undo_seconds\": 30",
        "\"undo_seconds\": NaN",
        "NaN is not a number",
    ),
    (
        "contract.json",
        "\"max_concurrency\": 5,",
        "\"max_concurency\": 5,",
        "`max_concurrency` (did you mean that?)",
    ),
    (
        "contract.json",
        "\"quarantine\": []",
        "\"quarantine\": [], \"quarantine\": []",
        "stands here a second time",
    ),
    (
        "contract.json",
        "\"required\": true",
        "\"required\": false",
        "cannot be switched off",
    ),
    (
        "approvers.json",
        "\"@infra\" }] }",
        "\"@infra\" }], \"users\": [] }",
        "the list is empty",
    ),
    (
        "approvers.json",
        "\"Security Lead\" }] }",
        "\"Security Lead\" }], \"quorum\": 2 }",
        "2 people must approve, but only 1 may",
    ),
    (
        "approvers.json",
        "{ \"id\": \"U0FIN00001\",",
        "{ \"id\": \"U0FIN00001\", \"team\": \"T0OTHER001\",",
        "is of another workspace",
    ),
    (
        "escalation.json",
        "[\"bug\"]",
        "[\"bug\", \"outage\"]",
        "outage to infra is a rule of the code",
    ),
    (
        "tiers/refund.json",
        "\"amount_gt\": 500",
        "\"amount_gt\": 600",
        "no tier holds for amount 500.01 USD",
    ),
    (
        "tiers/refund.json",
        "\"customer_months_gte\": 3",
        "\"chargeback_open_is\": true",
        "stops all of it",
    ),
    (
        "tiers/credit.json",
        "\"sla_hours\": 8",
        "\"sla_hours\": 0",
        "0 is too small",
    ),
    (
        "tiers/credit.json",
        "\"finance_lead\"",
        "\"finance_oncall\"",
        "the escalation is cyclic",
    ),
    (
        "tiers/invoice_adjust.json",
        "\"currency\": \"usd\"",
        "\"currency\": \"uds\"",
        "there is no currency `uds`",
    ),
    (
        "tiers/page_oncall.json",
        "\"sla_minutes\"",
        "\"decide_in\": [\"web\"], \"sla_minutes\"",
        "does not exist yet",
    ),
    (
        "tiers/subscription_cancel.json",
        "\"billing_reviewers\"",
        "\"billing_reviewer\"",
        "`billing_reviewers` (did you mean that?)",
    ),
    (
        "tiers/tickets.add_label.json",
        "\"route\": \"auto_execute\" },",
        "\"route\": \"auto_execute\" }, { \"tier\": \"low\", \"when\": { \"confidence_gte\": 80 }, \"route\": \"auto_execute\" },",
        "tier 2 (low) never counts",
    ),
    (
        "tiers/tickets.assign.json",
        "\"queue_eq\": \"password_reset\", \"confidence_gte\": 80",
        "\"severity_gt\": 4, \"severity_lt\": 2",
        "never hold together",
    ),
    (
        "tiers/tickets.set_priority.json",
        "\"severity_gte\": 3",
        "\"severity_lte\": 3, \"severity_gte\": 2",
        "overlap in part",
    ),
    (
        "tiers/tickets.notify_customer.json",
        "\"tiers\": [",
        "\"tiers\": [{ \"tier\": \"low\", \"when\": { \"severity_lte\": 2 }, \"route\": \"to_role\" },",
        "is what the model says",
    ),
];

#[test]
fn everything_is_told_in_one_run_in_text_and_in_json() {
    let bench = Bench::new();
    for (file, from, to, _) in SLIPS {
        let below = format!("manifests/policy/{file}");
        let text = std::fs::read_to_string(bench.path(&below)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        bench.write(&below, text.replacen(from, to, 1));
    }
    let text = bench.run(&["policy", "check"]).exits(1).out;
    let json = bench
        .run(&["policy", "check", "--format", "json"])
        .exits(1)
        .out;
    let json: Value = serde_json::from_str(&json).unwrap();
    let problems = json["problems"].as_array().unwrap();
    for (file, _, _, words) in SLIPS {
        let told = |line: &&str| {
            line.starts_with(&format!("manifests/policy/{file}:")) && line.contains(words)
        };
        let line = text.lines().find(told);
        let line = line.unwrap_or_else(|| panic!("nothing of `{words}` in {file}:\n{text}"));
        let same = |problem: &&Value| {
            let said = |key: &str| problem[key].as_str().unwrap().to_owned();
            let place = format!("{}:{}:{}", said("file"), problem["line"], problem["column"]);
            line == format!("{place}: {} — write {}", said("message"), said("fix"))
        };
        assert!(
            problems.iter().any(|problem| same(&problem)),
            "{line}\n{json:#}"
        );
    }
    assert!(
        text.ends_with(&format!("{} problems.\n", problems.len())),
        "{text}"
    );
    assert!(
        problems.len() <= SLIPS.len() + 3,
        "one slip is told once:\n{text}"
    );
}
