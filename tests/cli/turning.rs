//! The ring across processes: the real server takes a signed ticket and a click, dies, and the decision is there once.

use std::time::{Duration, Instant};

use countersign::sandbox::{Pick, Sandbox, SandboxConfig};

use crate::bench::Bench;

/// Longer than a lease: what a killed process had claimed is taken up only after that.
const PATIENCE: Duration = Duration::from_secs(120);
const BILLING: &str = "C0BILLING1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_that_was_answered_survives_a_kill_and_counts_once() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    sandbox.load_demo_books();
    let ticket = &sandbox.demo_tickets()[2];
    assert_eq!(sandbox.send_ticket(ticket).await.status, 202);
    assert_eq!(sandbox.send_ticket(ticket).await.status, 200);
    let ts = card(&sandbox, BILLING).await;

    let press = |who: &str| {
        sandbox
            .click_payload(who, BILLING, &ts, Pick::action("cs.approve."))
            .unwrap()
    };
    let (first, second) = (press("U0BILL0001"), press("U0BILL0002"));
    assert_eq!(sandbox.tell_bot(&first).await.status, 200);
    running.kill();

    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    assert_eq!(sandbox.tell_bot(&first).await.status, 200);
    assert_eq!(sandbox.tell_bot(&second).await.status, 200);
    within("the second person is told who was first", || {
        let told = sandbox.messages(BILLING).into_iter();
        told.filter(|message| message.ephemeral_for.as_deref() == Some("U0BILL0002"))
            .any(|message| message.blocks.to_string().contains("U0BILL0001"))
            .then_some(())
    })
    .await;
    assert_eq!(running.terminate().0, Some(0));

    let story = bench.run(&["case", "story", "1"]).exits(0).out;
    let approved = story.matches("(U0BILL0001) approved").count();
    assert_eq!(approved, 1, "{story}");
    assert_eq!(story.matches("(U0BILL0002) approved").count(), 0, "{story}");
    assert_eq!(story.matches("became case").count(), 1, "{story}");
    bench.run(&["audit", "verify"]).exits(0);
    assert!(
        sandbox.violations().is_empty(),
        "{:?}",
        sandbox.violations()
    );
    let errors = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert!(
        !errors.contains("harbour"),
        "no customer's words in logs:\n{errors}"
    );
}

/// Waits for the first card with an Approve in a channel; its timestamp.
pub async fn card(sandbox: &Sandbox, channel: &str) -> String {
    within("a card with Approve", || {
        let mut messages = sandbox.messages(channel).into_iter();
        let found = messages.find(|message| message.blocks.to_string().contains("cs.approve."));
        found.map(|message| message.ts)
    })
    .await
}

/// Looks again and again until something is there.
pub async fn within<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
