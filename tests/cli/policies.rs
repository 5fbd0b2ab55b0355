//! `countersign policy`: a changed folder is refused until it is pinned, and a running server holds its writes.

use std::time::Duration;

use countersign::sandbox::{Pick, Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::turning::{card, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_folder_is_refused_at_the_start_until_it_is_pinned() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    let first = bench.run(&["policy", "hash"]).exits(0).out;
    bench
        .run(&["policy", "pin", "--as", "U0LEAD0001"])
        .exits(0)
        .says(first.trim());
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));

    raise_the_limit(&bench);
    bench
        .run(&["serve"])
        .exits(2)
        .complains("countersign policy pin");
    bench
        .run(&["policy", "pin", "--as", "U0LEAD0001"])
        .exits(0)
        .says(first.trim())
        .says("contract.json")
        .says(" -> 77")
        .says("Settings:");
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));
    bench
        .run(&["policy", "pin", "--as", "U0LEAD0001"])
        .exits(0)
        .says("in force already");
    let log = bench.run(&["policy", "log"]).exits(0).out;
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(
        lines.iter().all(|line| line.ends_with("by @U0LEAD0001")),
        "{log}"
    );
    bench.run(&["audit", "verify"]).exits(0).says(lines[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_operator_of_the_policy_in_force_replaces_it() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    let pin = |user| ["policy", "pin", "--as", user];
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));
    bench.run(&["policy", "log"]).says("by the first start");
    bench.run(&["policy", "pin"]).exits(2).complains("--as");

    // Somebody writes themselves into the folder: the policy in force does not know them.
    let operators = "manifests/policy/approvers.json";
    bench.change(operators, |people| {
        people["operators"] =
            serde_json::json!({ "users": ["U0AGENT001"], "groups": ["S0BILLING1"] });
    });
    for user in ["U0AGENT001", "U0BILL0001", "U0NOBODY99"] {
        let left = bench.run(&pin(user)).exits(2);
        left.complains("This is for Support Lead (operators).")
            .complains("nothing was changed");
    }
    assert_eq!(bench.run(&["policy", "log"]).out.lines().count(), 1);
    bench.run(&pin("U0LEAD0001")).exits(0);

    // Now the group counts, as Slack says who is in it.
    raise_the_limit(&bench);
    bench.run(&pin("U0LEAD0001")).exits(2);
    bench.run(&pin("U0GUEST001")).exits(2).complains("Guests");
    bench.run(&pin("U0BILL0001")).exits(0);
    bench.run(&["policy", "log"]).says("by @U0BILL0001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_holds_its_writes_after_another_policy_was_pinned() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    sandbox.load_demo_books();
    let ticket = &sandbox.demo_tickets()[2];
    assert_eq!(sandbox.send_ticket(ticket).await.status, 202);
    let label = card(&sandbox, "C0REVIEWS1").await;

    raise_the_limit(&bench);
    bench.run(&["policy", "pin", "--as", "U0LEAD0001"]).exits(0);
    // The pin is a command like any other: the server that runs takes it from the database.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let approve = Pick::action("cs.approve.");
    let clicked = sandbox.click("U0LEAD0001", "C0REVIEWS1", &label, approve);
    assert_eq!(clicked.await.unwrap().status, 200);
    within("the story says that it is held", || {
        let story = bench.run(&["case", "story", "1"]).out;
        story
            .contains(" waits: the policy in force is not the pinned one")
            .then_some(())
    })
    .await;
    assert!(
        !labelled(&sandbox),
        "nothing is written under another policy"
    );

    assert_eq!(running.terminate().0, Some(0));
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    within(
        "the label is written by the server that runs the new policy",
        || labelled(&sandbox).then_some(()),
    )
    .await;
}

fn labelled(sandbox: &Sandbox) -> bool {
    let writes = sandbox.writes();
    writes.iter().any(|write| write.kind == "ticket.label")
}

fn raise_the_limit(bench: &Bench) {
    bench.change("manifests/policy/contract.json", |contract| {
        contract["limits"]["rate_limit_per_minute"] = 77.into();
    });
}
