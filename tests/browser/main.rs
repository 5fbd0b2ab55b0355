//! The stage of `looks.py`: the whole product behind the page, with a clock and faults that a script moves.

#[path = "../support/aloud.rs"]
mod aloud;
#[path = "../support/beneath.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod beneath;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/fuse.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod fuse;
#[path = "../support/log.rs"]
mod log;
#[path = "../support/people.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod people;
#[path = "../support/postgres.rs"]
#[expect(dead_code, reason = "the tests of the store use the rest")]
mod postgres;
#[path = "../support/repeated.rs"]
mod repeated;
#[path = "../support/workbench.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod workbench;

use std::time::Duration;

use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::time::Span;
use countersign::sandbox::Fault;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines, Stdin};

use beneath::Beneath;
use workbench::{Workbench, setting};

/// Reads one order a line, carries it out, says `ok`, and ends with its input.
#[tokio::test]
#[ignore = "tests/browser/looks.py plays on it"]
async fn nothing_that_is_clicked_in_the_page_breaks_what_slack_takes() {
    setting()
        .policy("contract.json", |contract| {
            contract["limits"]["per_queue"]["infra"] = json!({"rate_limit_per_minute": 1});
        })
        .play_on(Beneath::file(), async |w| {
            println!("\nstage at {}", w.sandbox.page_url());
            let orders = BufReader::new(tokio::io::stdin()).lines();
            tokio::select! {
                () = w.engine().run() => {}
                () = follow(w, orders) => {}
            }
            leave(w).await;
        })
        .await;
}

async fn follow(w: &Workbench, mut orders: Lines<BufReader<Stdin>>) {
    while let Some(order) = orders.next_line().await.unwrap() {
        let words: Vec<&str> = order.split_whitespace().collect();
        match words[..] {
            ["ticket", id] => send(w, id).await,
            ["again", id, ..] => {
                let words = &order["again ".len() + id.len()..];
                let answer = w.sandbox.customer_writes(id, words.trim()).await;
                assert!(answer.status < 300, "{}", answer.body);
            }
            ["advance", seconds] => w.clock.advance(Span::seconds(seconds.parse().unwrap())),
            ["refuse", method] => fault(w, method, Fault::Error("ticket_closed".to_owned()), 1),
            ["break", method] => fault(w, method, Fault::ServerError, 10_000),
            ["lose", method] => fault(w, method, Fault::LostAnswer, 1),
            ["mend"] => drop(w.sandbox.clear_faults()),
            ["rest"] => rest(w).await,
            _ => panic!("no order: {order}"),
        }
        println!("ok");
    }
}

fn fault(w: &Workbench, method: &str, fault: Fault, times: usize) {
    w.sandbox.fault(method, fault, times);
}

/// Waits until nothing that is due is left.
async fn rest(w: &Workbench) {
    let mut quiet = 0;
    while quiet < 3 {
        let backlog = w.store().pending_counts(w.engine().time()).await.unwrap();
        let due = backlog.commands + backlog.due_effects;
        quiet = if due == 0 { quiet + 1 } else { 0 };
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// A ticket of the demonstration comes in.
async fn send(w: &Workbench, id: &str) {
    let all = w.sandbox.demo_tickets();
    let ticket = all.iter().find(|ticket| ticket.id == id).unwrap();
    let answer = w.sandbox.send_ticket(ticket).await;
    assert!(answer.status < 300, "{} {}", answer.status, answer.body);
}

/// The pictures are looked at by people: here everything counts as read and as expected.
async fn leave(w: &Workbench) {
    w.sandbox.clear_faults();
    w.settle().await;
    let refused: Vec<RefusalCode> = w.refusals().await;
    for code in refused {
        w.expect_refused(code, 1);
    }
    let backlog = w.store().pending_counts(w.engine().time()).await.unwrap();
    w.expect_failed(backlog.failed_effects);
    for message in w.sandbox.unread_messages() {
        w.sandbox.mark_read(&message.channel, &message.ts);
    }
}
