//! `countersign serve`: what it refuses, and how it starts and stops.

use countersign::sandbox::{Sandbox, SandboxConfig};
use serde_json::json;

use crate::bench::Bench;

#[test]
fn every_missing_secret_is_named_at_once_and_nothing_is_started() {
    let bench = Bench::new();
    let left = bench
        .run(&["serve"])
        .exits(2)
        .complains("COUNTERSIGN_SLACK_SIGNING_SECRET")
        .complains("COUNTERSIGN_SLACK_BOT_TOKEN")
        .complains("COUNTERSIGN_INTAKE_SECRET")
        .complains("COUNTERSIGN_STRIPE_KEY")
        .complains("COUNTERSIGN_DESK_SECRET")
        .complains("5 problems; nothing was started");
    assert!(left.out.is_empty(), "{}", left.out);
    assert!(!bench.path("countersign.db").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_port_gives_up_and_the_first_stops_cleanly() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    let running = bench.start(&["serve"], "listens on");
    let address = running.address();
    let listen = address.strip_prefix("http://").unwrap();
    bench.change("manifests/workspace.json", |doc| {
        doc["listen"] = json!(listen)
    });
    bench
        .run(&["serve"])
        .exits(3)
        .complains(listen)
        .complains("cannot be listened on");
    let (code, _) = running.terminate();
    assert_eq!(code, Some(0), "a polite end is a good one");
    let errors = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert!(errors.contains("stopping"), "{errors}");
    assert!(!errors.contains("sandbox-signing-secret"));
}
