//! Two hundred clicks at once on one SQLite file: every person is answered, and nobody reads that the database is busy.

use std::time::Duration;

use countersign::sandbox::{NewTicket, Pick, Sandbox, SandboxConfig};
use futures_util::future::join_all;

use crate::bench::Bench;
use crate::load::hasten;
use crate::rows::rows;
use crate::turning::within;

const CLICKS: usize = 200;
const BILLING: &str = "C0BILLING1";
/// Two who may decide, and two who may not and are told so.
const PEOPLE: [&str; 4] = ["U0BILL0001", "U0BILL0002", "U0LEAD0001", "U0AGENT001"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_people_click_at_once_on_one_file_and_nobody_reads_that_it_is_busy() {
    let settings = SandboxConfig {
        bot_timeout: Duration::from_secs(60),
        ..SandboxConfig::default()
    };
    let sandbox = Sandbox::start(settings).await.unwrap();
    sandbox.load_demo_books();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    hasten(&bench);
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    let demo = sandbox.demo_tickets();
    let refund = demo.iter().find(|ticket| ticket.id == "T-1003").unwrap();
    for n in 0..4 {
        let ticket = NewTicket {
            id: format!("C-{n}"),
            ..refund.clone()
        };
        assert_eq!(sandbox.send_ticket(&ticket).await.status, 202);
    }
    let cards = within("four cards", || {
        let all = sandbox.messages(BILLING).into_iter();
        let open = all.filter(|card| card.blocks.to_string().contains("cs.approve."));
        let cards: Vec<String> = open.map(|card| card.ts).collect();
        (cards.len() == 4).then_some(cards)
    })
    .await;
    let mut payloads = vec![];
    for n in 0..CLICKS {
        let (who, ts) = (PEOPLE[n % 4], &cards[n / 4 % 4]);
        let pick = Pick::action("cs.approve.");
        payloads.push(sandbox.click_payload(who, BILLING, ts, pick).unwrap());
        // Two clicks of one person in one millisecond would be one.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    join_all(payloads.iter().map(async |click| {
        // A machine under load may be late for Slack's three seconds: then the person clicks again. That the database
        // was busy is never why, as the log says below.
        while sandbox.tell_bot(click).await.status != 200 {}
    }))
    .await;
    let url = format!("sqlite://{}", bench.path("countersign.db").display());
    let clicked =
        "SELECT CAST(count(*) AS text) FROM journal WHERE kind IN ('decided', 'click_refused')";
    let mut counted = String::new();
    while counted != CLICKS.to_string() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        counted = rows(&url, clicked).await.remove(0);
    }
    let decided = "SELECT CAST(count(*) AS text) FROM journal WHERE kind = 'decided'";
    assert_eq!(
        rows(&url, decided).await,
        ["4"],
        "one decision for each card"
    );
    assert_eq!(running.terminate().0, Some(0));
    let log = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    for words in [
        "SQLITE_BUSY",
        "database is locked",
        "database table is locked",
    ] {
        assert!(!log.contains(words), "{log}");
    }
    bench.run(&["audit", "verify"]).exits(0);
}
