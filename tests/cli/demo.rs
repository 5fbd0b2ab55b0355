//! `countersign demo`: one address, and the scripted run.

use crate::bench::Bench;

#[test]
fn the_demonstration_prints_one_address_and_stops_when_it_is_told() {
    let bench = Bench::new();
    let running = bench.start(&["demo", "--port", "0"], "http://");
    let address = running.address();
    let port = address.rsplit(':').next().unwrap().to_owned();
    bench
        .run(&["demo", "--port", &port])
        .exits(3)
        .complains(&port)
        .complains("choose another port");
    let (code, rest) = running.terminate();
    assert_eq!(code, Some(0));
    assert!(
        rest.iter().all(|line| !line.contains("http://")),
        "{rest:?}"
    );
}

#[test]
fn the_script_plays_decides_verifies_and_ends_well() {
    let bench = Bench::new();
    let left = bench
        .run(&["demo", "--script"])
        .exits(0)
        .says("The support agent reads: This is for members of @billing-team to decide")
        .says("approved this at")
        .says("The record is whole")
        .says("no money moved");
    assert!(!left.out.contains("NotARealKey"));
}

#[test]
fn a_broken_folder_starts_nothing() {
    let bench = Bench::new();
    bench.write("manifests/policy/contract.json", "{");
    bench
        .run(&["demo", "--script"])
        .exits(2)
        .complains("contract.json:1:");
}
