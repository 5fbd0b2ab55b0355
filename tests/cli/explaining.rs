//! `countersign policy explain|diff|schema`, as the author of a policy types them.

use crate::bench::Bench;

#[test]
fn the_whole_path_of_a_draft_is_told_and_machines_get_it_as_json() {
    let bench = Bench::new();
    let facts = [
        "policy",
        "explain",
        "refund",
        "amount=180",
        "customer_months=12",
        "chargeback_open=no",
    ];
    let told = bench.run(&facts).exits(0);
    for words in [
        "A draft of refund under the policy",
        "as in a verdict without opinion: severity 1, category other",
        "proposed only?               yes  the mode is propose_only",
        "no   amount 180.00 USD is not at most 50.00 USD",
        "3 (high, named_approver): this one",
        "account_flagged_fraud (from a connector): Whether the account",
        "1. finance_oncall (Finance On-call), one of them approves, within 8 business hours: until",
        "When nobody answers, it goes to the role billing",
        "So it belongs to billing (members of @billing-team or members of @finance)",
    ] {
        assert!(told.out.contains(words), "{words}\n{}", told.out);
    }
    let json = bench
        .run(&[&facts[..], &["--format", "json"]].concat())
        .exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        json["draft"]["assessment"]["missing"][0],
        "account_flagged_fraud"
    );
    assert_eq!(json["case"]["role"], "billing");
}

#[test]
fn facts_come_from_a_file_and_unknown_ones_are_refused_all_at_once() {
    let bench = Bench::new();
    bench.write(
        "facts.json",
        r#"{ "action": "refund", "amount": 30, "chargeback_open": true, "signals": ["outage"] }"#,
    );
    let told = bench.run(&["policy", "explain", "facts.json"]).exits(0);
    assert!(
        told.out
            .contains("nobody can approve it here: hard block: chargeback open")
    );
    bench
        .run(&["policy", "explain", "refnd", "amuont=3", "severity=9"])
        .exits(2)
        .complains("`amuont` is not a fact — write `amount` (did you mean that?)")
        .complains("`refnd` is not an action — write `refund`")
        .complains("`9` is no value of `severity`");
    bench.write("facts.json", "[1]");
    bench
        .run(&["policy", "explain", "facts.json"])
        .exits(2)
        .complains("not a JSON object of facts");
}

#[test]
fn schemas_are_written_and_checked() {
    let bench = Bench::new();
    let check = ["policy", "schema", "--check"];
    bench.run(&["policy", "schema"]).exits(0);
    bench.run(&check).exits(0).says("are current");
    bench.write("manifests/schema/tier.schema.json", "{}");
    bench
        .run(&check)
        .exits(1)
        .says("tier.schema.json is not what this program reads by");
    bench
        .run(&["policy", "schema"])
        .exits(0)
        .says("tier.schema.json");
    bench.run(&check).exits(0);
}

#[test]
fn two_folders_are_compared_in_sentences_and_as_json() {
    let bench = Bench::new();
    let both = ["policy", "diff", "manifests", "new"];
    bench.copy("manifests/policy", "new");
    bench
        .run(&both)
        .exits(0)
        .says("Nothing changes: both are the policy");
    bench.change("new/tiers/refund.json", |refund| {
        refund["tiers"][0]["when"]["amount_lte"] = 100.into();
    });
    bench
        .run(&both)
        .exits(0)
        .says("refund with amount from 50.01 USD to 100.00 USD that a source confirms")
        .says(
            "before  medium, batch: billing_reviewers within 24 business hours, then finance_lead",
        )
        .says("after   low, to billing")
        .says("tiers/refund.json tiers #1 when amount_lte: 50 -> 100");
    let json = bench
        .run(&[&both[..], &["--format", "json"]].concat())
        .exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["changes"][0]["after"], "low, to billing");
    bench.write("new/contract.json", "{");
    bench
        .run(&both)
        .exits(2)
        .complains("new: ")
        .complains("contract.json:1:2");
    bench
        .run(&["policy", "diff"])
        .exits(2)
        .complains("there is no database at");
}
