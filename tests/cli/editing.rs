//! `countersign run`: a draft is changed, an approval is taken back, and what was approved is waited for.

use crate::bench::Bench;

const REFUND: &str = "examples/tickets/refund.json";
const DATABASE: &[&str] = &["--database", ".countersign/rehearsal.db"];

fn with<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [first, more].concat()
}

/// A ticket that is answered with a reply alone, and a time for Undo of five seconds.
fn question(bench: &Bench) -> &'static str {
    bench.change("manifests/policy/contract.json", |contract| {
        contract["limits"]["undo_seconds"] = 5.into();
    });
    let ticket = serde_json::json!({
        "id": "EX-9",
        "requester": { "email": "ops@harbour.example.com" },
        "subject": "Where is the audit export?",
        "body": "Hello, where do I find the export of the audit log? Kind regards",
    });
    bench.write("question.json", ticket.to_string());
    "question.json"
}

/// The request about the reply: `r1` or `r2`.
fn reply(open: &str) -> String {
    let line = open
        .lines()
        .find(|line| line.contains("reply to the customer. For"));
    let line = line.unwrap_or_else(|| panic!("no reply waits in:\n{open}"));
    line.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn an_edit_is_judged_afresh_and_recorded_as_that_persons_approval() {
    let bench = Bench::new();
    let edit = ["run", REFUND, "--decide", "edit", "--as", "U0BILL0001"];
    let change = with(
        &edit,
        &["--set", "amount=20.00", "--set", "reason=Half a month."],
    );
    bench
        .run(&with(&change, &["--reason", "Half of it was used."]))
        .exits(0)
        .says("Your edit is recorded")
        .says("the changed refund of 20.00 USD")
        .says("low tier (refund.json tier 1");
    let show = with(&["case", "show", "1"], DATABASE);
    bench.run(&show).says("Half a month.");
}

#[test]
fn an_edit_that_cannot_be_is_refused_with_what_to_write() {
    let bench = Bench::new();
    let edit = ["run", REFUND, "--decide", "edit", "--as", "U0BILL0001"];
    let tries: &[(&[&str], &str)] = &[
        (&["--reason", "Why."], "--set amount=20.00"),
        (
            &["--set", "amount", "--reason", "Why."],
            "write the field, `=`",
        ),
        (&["--set", "amount=20.00"], "An edit needs a reason"),
        (
            &["--set", "charge=ch_3Other", "--reason", "Why."],
            "it has amount, reason, confirmation",
        ),
        (
            &["--set", "amount=-5", "--reason", "Why."],
            "amount: Write a plain amount above zero",
        ),
        (
            &["--set", "amount=180.00", "--reason", "Why."],
            "Nothing is changed by that",
        ),
    ];
    for (more, words) in tries {
        bench.run(&with(&edit, more)).exits(2).complains(words);
    }
    let approve = ["run", REFUND, "--decide", "approve", "--as", "U0BILL0001"];
    let set = with(&approve, &["--set", "amount=20.00"]);
    bench.run(&set).exits(2).complains("belong together");
    let show = with(&["case", "show", "1"], DATABASE);
    let left = bench.run(&show).exits(0).out;
    assert!(!left.contains("20.00"), "nothing was changed:\n{left}");
}

#[test]
fn an_edit_can_be_typed() {
    let bench = Bench::new();
    let typed = "later\nedit\nprice\namount\n45.00\n\nU0BILL0001\nA quarter of it.\n";
    bench
        .typing(&["run", REFUND], typed)
        .exits(0)
        .says("change what (amount, reason, confirmation)?")
        .says("amount is now: 180.00")
        .says("Your edit is recorded")
        .says("the changed refund of 45.00 USD");
}

#[test]
fn an_approved_reply_can_be_taken_back_and_goes_out_when_it_is_waited_for() {
    let bench = Bench::new();
    let ticket = question(&bench);
    let open = bench.run(&["run", ticket]).exits(0).out;
    let lead = ["run", ticket, "--as", "U0LEAD0001", "--reason", "Right."];
    let request = reply(&open);
    let approve = with(&lead, &["--decide", "approve", "--request", &request]);
    let left = bench.run(&approve).exits(0).says("This goes out after");
    assert!(left.out.contains("--decide undo"), "{}", left.out);

    let undo = with(&lead, &["--decide", "undo"]);
    let left = bench.run(&undo).exits(0).says("taken back");
    let again = reply(&left.out);
    assert_ne!(again, request);
    bench.run(&undo).exits(1).says("Nothing waits to go out");

    let approve = with(&lead, &["--decide", "approve", "--request", &again]);
    let left = bench.run(&with(&approve, &["--wait"])).exits(0);
    let left = left.says("Waiting until");
    assert!(!left.out.contains("This goes out after"), "{}", left.out);
    bench.run(&undo).exits(1).says("Nothing waits to go out");
}
