//! `countersign run`: one ticket, the decision of the right person in a later process, the record.

use std::fs;
use std::path::Path;

use crate::bench::Bench;

const REFUND: &str = "examples/tickets/refund.json";
const DATABASE: &[&str] = &["--database", ".countersign/rehearsal.db"];

#[test]
fn a_ticket_shows_verdict_evidence_draft_and_tier_and_waits_when_nobody_types() {
    let bench = Bench::new();
    bench
        .run(&["run", REFUND])
        .exits(0)
        .says("Verdict     severity")
        .says("Evidence    ")
        .says("Recommends to billing a refund of 180.00 USD. No money moves")
        .says("medium by refund.json tier 2")
        .says("billing reviewers must decide")
        .says("Left open");
    let list = [&["case", "list"], DATABASE].concat();
    bench.run(&list).exits(0).says("waiting");
}

#[test]
fn a_later_process_decides_what_is_that_persons_and_lists_the_rest() {
    let bench = Bench::new();
    bench.run(&["run", REFUND]).exits(0);
    bench
        .run(&["run", REFUND, "--decide", "approve", "--as", "U0AGENT001"])
        .exits(1)
        .says("refused.")
        .says("members of @");
    bench
        .run(&["run", REFUND, "--decide", "approve", "--as", "U0NOBODY99"])
        .exits(2)
        .complains("`U0NOBODY99` is nobody in this workspace");
    let decide = ["run", REFUND, "--decide", "approve", "--as", "U0BILL0001"];
    let named = [&decide[..], &["--request", "r99"]].concat();
    bench.run(&named).exits(2).complains("open are r1, r2");
    let left = bench
        .run(&[&decide[..], &["--reason", "Paid in advance."]].concat())
        .exits(0)
        .says("r2: Your approval is recorded")
        .says("Left open");
    assert!(!left.out.contains("r1: "), "{}", left.out);
    let again = [&decide[..], &["--request", "r2"]].concat();
    bench.run(&again).exits(1).says("r2: refused.");
    let reject = ["run", REFUND, "--decide", "reject", "--as", "U0LEAD0001"];
    let reject = [&reject[..], &["--request", "r1", "--reason", "No label."]].concat();
    bench.run(&reject).exits(0).says("r1: ");
    bench
        .run(&decide)
        .exits(1)
        .says("Nothing waits for a decision");
    let story = [&["case", "story", "1"], DATABASE].concat();
    bench
        .run(&story)
        .exits(0)
        .says("(U0BILL0001) approved the refund of 180.00 USD")
        .says("(U0LEAD0001) rejected the label refund_request")
        .says("@U0AGENT001 clicked “approve” on the label refund_request, which changed nothing");
    let show = [&["case", "show", "1"], DATABASE].concat();
    bench.run(&show).exits(0).says("approved by @U0BILL0001");
    let nine = [&["case", "show", "9"], DATABASE].concat();
    bench.run(&nine).exits(1).complains("no case 9");
}

#[test]
fn a_decision_can_be_typed_and_a_wrong_word_is_asked_again() {
    let bench = Bench::new();
    let typed = "later\nyes please\napprove\nU0BILL0001\nThe customer is right.\n";
    bench
        .typing(&["run", REFUND], typed)
        .exits(0)
        .says("Type approve, edit, reject or later")
        .says("r2: Your approval is recorded")
        .says("because: “The customer is right”.");
}

#[test]
fn the_record_holds_approval_approver_time_and_reason_but_no_words_of_the_customer() {
    let bench = Bench::new();
    let decide = ["run", REFUND, "--decide", "approve", "--as", "U0BILL0001"];
    let more = ["--reason", "Paid in advance.", "--record", "record"];
    bench.run(&[&decide[..], &more].concat()).exits(0);
    let log = bench.json("record/audit_log.json");
    let decision = &log["decisions"][0];
    assert_eq!(decision["verb"], "approve");
    assert_eq!(decision["approver"]["user"], "U0BILL0001");
    assert!(decision["approver_then"]["name"].is_string());
    assert_eq!(decision["reason"], "Paid in advance.");
    assert!(decision["time"].as_str().unwrap().ends_with('Z'));
    assert!(log["entries"].as_array().unwrap().len() > 20);
    let policy = bench.run(&["policy", "hash"]).out;
    assert_eq!(bench.json("record/env.json")["policy"], policy.trim());
    assert!(bench.json("record/policy.json")["contract.json"].is_object());
    assert!(bench.json("record/outputs/verdict.json")["severity"].is_number());
    let all = texts_below(&bench.path("record"));
    assert!(all.contains("Recommend") || all.contains("refund"));
    assert!(
        !all.contains("ops@harbour.example.com"),
        "the customer's address"
    );
    bench.write("other.txt", "mine");
    let into = [&decide[..], &["--record", "."]].concat();
    bench.run(&into).exits(2).complains("holds other files");
}

#[test]
fn a_key_that_a_customer_pasted_is_nowhere_in_output_record_or_errors() {
    let bench = Bench::new();
    let key = ["sk", "live", &format!("NotARealKey{}", "0".repeat(20))].join("_");
    bench.change("examples/tickets/outage.json", |ticket| {
        ticket["body"] = format!("We get 401 with the key {key} since noon.").into();
    });
    let left = bench
        .run(&["run", "examples/tickets/outage.json", "--record", "record"])
        .exits(0);
    let all = [left.out, left.err, texts_below(&bench.path("record"))].concat();
    assert!(all.contains("API_KEY_1"), "the placeholder");
    assert!(!all.contains("NotARealKey"));
}

#[test]
fn instructions_in_a_ticket_have_no_effect() {
    let bench = Bench::new();
    let left = bench
        .run(&["run", "examples/tickets/injection.json"])
        .exits(0);
    assert!(!left.out.contains("Recommends to billing"), "{}", left.out);
    assert!(!left.out.contains("runs without a question\n\nAsked"));
}

#[test]
fn an_outage_asks_the_support_lead_before_anybody_is_paged_and_wants_a_reason() {
    let bench = Bench::new();
    let ticket = "examples/tickets/outage.json";
    bench
        .run(&["run", ticket])
        .exits(0)
        .says("page_oncall.json");
    let decide = ["run", ticket, "--decide", "approve", "--as", "U0LEAD0001"];
    let one = [&decide[..], &["--request", "r1"]].concat();
    bench.run(&one).exits(1).says("reason");
    let why = [&one[..], &["--reason", "All users are down."]].concat();
    bench.run(&why).exits(0).says("r1: ");
}

#[test]
fn a_reader_that_goes_away_ends_nothing() {
    let bench = Bench::new();
    let decide = ["run", REFUND, "--decide", "approve", "--as", "U0BILL0001"];
    bench.run_unread(&decide).exits(0);
    let story = [&["case", "story", "1"], DATABASE].concat();
    bench
        .run(&story)
        .exits(0)
        .says("(U0BILL0001) approved the refund of 180.00 USD");
}

fn texts_below(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            all.push_str(&texts_below(&entry.path()));
        } else {
            all.push_str(&fs::read_to_string(entry.path()).unwrap());
        }
    }
    all
}
