//! The log of the real server when somebody asks for everything: ids and kinds, and nothing that anybody wrote.

use countersign::sandbox::{Pick, Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::repeated::repeated;
use crate::turning::{card, within};

const BILLING: &str = "C0BILLING1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_logs_everything_repeats_nothing_that_a_customer_wrote() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    bench.set("RUST_LOG", "trace");
    let running = bench.start(&["serve", "--json-logs"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    sandbox.load_demo_books();
    let tickets = sandbox.demo_tickets();
    let some = tickets.iter().take(4);
    for ticket in some.clone() {
        assert_eq!(sandbox.send_ticket(ticket).await.status, 202);
    }
    let ts = card(&sandbox, BILLING).await;
    let pick = Pick::action("cs.approve.");
    let press = sandbox.click_payload("U0BILL0001", BILLING, &ts, pick);
    assert_eq!(sandbox.tell_bot(&press.unwrap()).await.status, 200);
    within("the card says who approved", || {
        let mut messages = sandbox.messages(BILLING).into_iter();
        messages.find(|message| message.all_text().contains("Approved by"))
    })
    .await;
    assert_eq!(running.terminate().0, Some(0));

    let log = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert!(
        log.lines().count() > 500,
        "it was heard: {} lines",
        log.lines().count()
    );
    let texts: Vec<String> = some
        .flat_map(|ticket| [&ticket.subject, &ticket.body, &ticket.email])
        .cloned()
        .collect();
    let found = repeated(&log, &texts);
    assert!(found.is_empty(), "{found:#?}");
    for secret in [
        SandboxConfig::default().signing_secret,
        "rk_sandbox".to_owned(),
    ] {
        assert!(!log.contains(&secret), "a secret is in the log");
    }
}
