//! `countersign --help` and `countersign check`.

use serde_json::{Value, json};

use crate::bench::Bench;

#[test]
fn help_names_every_command_and_a_wrong_word_is_a_misuse() {
    let bench = Bench::new();
    let left = bench.run(&["--help"]).exits(0);
    for command in ["demo", "serve", "run", "check", "case", "audit", "policy"] {
        assert!(left.out.contains(&format!("  {command} ")), "{command}");
    }
    bench.run(&["launch"]).exits(2).complains("launch");
    bench.run(&[]).exits(2);
    bench.run(&["run"]).exits(2).complains("<TICKET>");
}

#[test]
fn the_shipped_manifests_are_valid() {
    let bench = Bench::new();
    let left = bench.run(&["check"]).exits(0).says("valid");
    let digest = bench.run(&["policy", "hash"]).exits(0).out;
    assert!(left.out.contains(digest.trim()));
}

#[test]
fn all_problems_come_at_once_with_file_and_line() {
    let bench = Bench::new();
    bench.change("manifests/workspace.json", |doc| {
        doc["listen"] = json!("everywhere");
        doc["approvers"] = json!(["U0LEAD0001"]);
    });
    bench.change("manifests/policy/tiers/refund.json", |doc| {
        doc["tiers"][0]["route"] = json!("auto_execute");
    });
    bench
        .run(&["check"])
        .exits(1)
        .says("workspace.json:")
        .says("`everywhere` is not an address to listen on")
        .says("`approvers` is authority")
        .says("policy/tiers/refund.json:")
        .says("to_role");
    let left = bench.run(&["check", "--format", "json"]).exits(1);
    let said: Value = serde_json::from_str(&left.out).unwrap();
    let problems = said["problems"].as_array().unwrap();
    assert!(problems.len() >= 3, "{problems:?}");
    assert!(problems.iter().all(|problem| {
        problem["line"].as_u64() > Some(0)
            && problem["fix"].as_str().is_some_and(|fix| fix.len() > 3)
    }));
    bench.run(&["policy", "hash"]).exits(2);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let bench = Bench::new();
    bench
        .run(&["check", "--manifests", "elsewhere"])
        .exits(1)
        .says("workspace.json")
        .says("missing");
}

#[test]
fn the_environment_is_checked_when_asked_and_no_value_is_repeated() {
    let mut bench = Bench::new();
    bench.set("COUNTERSIGN_SLACK_BOT_TOKEN", "not-a-token-at-all");
    let left = bench
        .run(&["check", "--environment"])
        .exits(1)
        .says("`COUNTERSIGN_STRIPE_KEY` is not set")
        .says("a bot token begins with `xoxb-`");
    assert!(!left.out.contains("not-a-token-at-all"));
}
