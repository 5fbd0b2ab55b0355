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
    bench.run(&["policy", "pin"]).exits(0).says(first.trim());
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));

    raise_the_limit(&bench);
    bench
        .run(&["serve"])
        .exits(2)
        .complains("countersign policy pin");
    bench
        .run(&["policy", "pin"])
        .exits(0)
        .says(first.trim())
        .says("contract.json")
        .says(" -> 77");
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));
    bench
        .run(&["policy", "pin"])
        .exits(0)
        .says("in force already");
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
    bench.run(&["policy", "pin"]).exits(0);
    // The pin is a command like any other: the server that runs takes it from the database.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let approve = Pick::action("cs.approve.");
    let clicked = sandbox.click("U0LEAD0001", "C0REVIEWS1", &label, approve);
    assert_eq!(clicked.await.unwrap().status, 200);
    within("the story says that it is held", || {
        let story = bench.run(&["case", "story", "1"]).out;
        story.contains("is held").then_some(())
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
