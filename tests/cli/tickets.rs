//! Bad tickets: each is refused with a sentence, and nothing is stored.

use crate::bench::Bench;

fn refused(bytes: impl AsRef<[u8]>, words: &str) {
    let bench = Bench::new();
    bench.write("ticket.json", bytes);
    bench
        .run(&["run", "ticket.json"])
        .exits(2)
        .complains("ticket.json:")
        .complains(words);
    assert!(!bench.path(".countersign").exists(), "nothing is stored");
}

fn ticket(more: &str) -> String {
    format!(
        r#"{{"id":"T-1","requester":{{"email":"someone@example.com"}},"subject":"Hello","body":"A question"{more}}}"#
    )
}

#[test]
fn a_ticket_that_is_too_large_is_refused() {
    let large = ticket(&format!(r#","tags":["{}"]"#, "x".repeat(300 * 1024)));
    refused(large, "at most 262144 bytes");
}

#[test]
fn a_ticket_that_is_not_utf_8_is_refused() {
    let mut bytes = ticket("").into_bytes();
    bytes[8] = 0xff;
    refused(bytes, "UTF-8");
}

#[test]
fn a_deeply_nested_ticket_is_refused() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    refused(ticket(&format!(r#","tags":{deep}"#)), "nested");
}

#[test]
fn an_unknown_field_is_refused_by_its_name() {
    refused(ticket(r#","verified":true"#), "verified");
}

#[test]
fn what_is_not_json_is_refused() {
    refused("Dear support,", "JSON");
}

#[test]
fn a_ticket_without_a_body_is_refused() {
    refused(r#"{"id":"T-1","requester":{},"subject":"Hello"}"#, "body");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let bench = Bench::new();
    bench
        .run(&["run", "missing.json"])
        .exits(2)
        .complains("missing.json");
}

#[test]
fn the_same_id_with_another_text_is_refused() {
    let bench = Bench::new();
    bench.write("ticket.json", ticket(""));
    bench.run(&["run", "ticket.json"]).exits(0);
    bench.write("ticket.json", ticket(r#","queue":"other""#));
    bench
        .run(&["run", "ticket.json"])
        .exits(1)
        .complains("another text");
}
