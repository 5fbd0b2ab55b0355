//! Two hundred people click at once on one SQLite file: each is answered, and nobody reads that the database is busy.

use std::collections::BTreeSet;
use std::time::Duration;

use countersign::sandbox::{NewTicket, Pick, Sandbox, SandboxConfig};
use futures_util::future::join_all;
use serde_json::Value;

use crate::bench::Bench;
use crate::load::{REVIEWS, approvals, hasten, key_of};
use crate::rows::rows;
use crate::turning::within;

/// Whoever is in this group may decide what the crowd clicks on.
const LEADS: &str = "S0LEADS001";
/// Questions of customers: each asks for a label and for an answer.
const QUESTIONS: usize = 10;
const ROWS: usize = 2 * QUESTIONS;
const PEOPLE: usize = 200;
/// Of the people on each row, those who may decide it: the first of them does, the other is told who was first.
const MAY: usize = 2;

/// Somebody's click on its way, as Slack would send it.
struct Clicked {
    who: String,
    payload: Value,
}

/// Every row on the cards, once all of them stand and nothing moves any more.
async fn every_row(sandbox: &Sandbox) -> Vec<(String, String)> {
    let mut before = vec![];
    within("every row", || {
        let now = approvals(sandbox, REVIEWS);
        let settled = now.len() == ROWS && now == before;
        before.clone_from(&now);
        settled.then_some(now)
    })
    .await
}

/// A click by each of so many different people, spread evenly over the rows.
fn crowd(sandbox: &Sandbox, rows: &[(String, String)]) -> Vec<Clicked> {
    let on_each = PEOPLE / ROWS;
    let mut clicks = vec![];
    for place in 0..PEOPLE {
        let who = format!("U0CROWD{place:03}");
        sandbox.hire(&who);
        if place / ROWS >= on_each - MAY {
            sandbox.add_to_group(LEADS, &who);
        }
        let (ts, action) = &rows[place % ROWS];
        let pick = Pick::action(action);
        let payload = sandbox.click_payload(&who, REVIEWS, ts, pick).unwrap();
        clicks.push(Clicked { who, payload });
    }
    clicks
}

/// Sends a click until it is acknowledged; how often it took. Slack waits three seconds, a loaded machine may be later,
/// and then the person clicks again. What is never an answer is that something went wrong.
async fn acknowledged(sandbox: &Sandbox, click: &Clicked) -> usize {
    for times in 1.. {
        let answer = sandbox.tell_bot(&click.payload).await;
        match answer.status {
            200 => return times,
            0 => {}
            503 if answer.body.contains("took too long") => {}
            other => panic!("{} was answered {other}: {}", click.who, answer.body),
        }
    }
    unreachable!("somebody waits for ever")
}

/// The number in the only row of a count.
async fn counted(url: &str, from: &str) -> usize {
    let counted = rows(url, &format!("SELECT CAST(count(*) AS text) FROM {from}")).await;
    counted[0].parse().unwrap()
}

/// Each click was decided and recorded, once; exactly one on each row counted.
async fn all_are_recorded(url: &str, clicks: &[Clicked]) {
    let answered = "SELECT key FROM inbox WHERE status = 'done' AND answer IS NOT NULL";
    let answered: BTreeSet<String> = rows(url, answered).await.into_iter().collect();
    for click in clicks {
        let key = key_of(&click.who, &click.payload);
        assert!(answered.contains(&key), "lost: the click of {}", click.who);
        let theirs = format!(
            "journal WHERE kind IN ('decided', 'click_refused') AND actor LIKE '%{}%'",
            click.who
        );
        assert_eq!(counted(url, &theirs).await, 1, "records of {}", click.who);
    }
    let decided = counted(url, "journal WHERE kind = 'decided'").await;
    let refused = counted(url, "journal WHERE kind = 'click_refused'").await;
    assert_eq!((decided, refused), (ROWS, PEOPLE - ROWS));
}

/// Everybody hears what became of their click.
async fn all_are_told(sandbox: &Sandbox, clicks: &[Clicked]) {
    let mut heard = BTreeSet::new();
    within("everybody is told", || {
        let told = sandbox.messages(REVIEWS).into_iter();
        for message in told.filter(|message| message.ephemeral_for.is_some()) {
            let text = message.all_text().to_lowercase();
            for word in ["busy", "locked", "try again"] {
                assert!(!text.contains(word), "somebody reads: {text}");
            }
            heard.extend(message.ephemeral_for);
        }
        clicks
            .iter()
            .all(|click| heard.contains(&click.who))
            .then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_people_click_at_once_on_one_file_and_nobody_reads_that_it_is_busy() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    sandbox.load_demo_books();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    hasten(&bench);
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    let demo = sandbox.demo_tickets();
    let question = demo.iter().find(|ticket| ticket.id == "T-1013").unwrap();
    for number in 0..QUESTIONS {
        let ticket = NewTicket {
            id: format!("C-{number}"),
            ..question.clone()
        };
        assert_eq!(sandbox.send_ticket(&ticket).await.status, 202);
    }
    let clicks = crowd(&sandbox, &every_row(&sandbox).await);

    let sent = join_all(clicks.iter().map(|click| acknowledged(&sandbox, click))).await;
    let late = sent.iter().filter(|times| **times > 1).count();
    eprintln!("{PEOPLE} people clicked at once, {late} of them more than once");
    all_are_told(&sandbox, &clicks).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(running.terminate().0, Some(0));

    let url = format!("sqlite://{}", bench.path("countersign.db").display());
    all_are_recorded(&url, &clicks).await;
    let log = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    for words in ["SQLITE_BUSY", "is locked"] {
        assert!(!log.contains(words), "{log}");
    }
    bench.run(&["audit", "verify"]).exits(0);
}
