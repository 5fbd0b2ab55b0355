//! The writes of a minute are counted over all processes: two together never let out more than the contract says.

use std::time::Duration;

use countersign::sandbox::NewTicket;
use serde_json::json;

use crate::bench::Bench;
use crate::fleet::Fleet;
use crate::full::asked;
use crate::load::hasten;
use crate::rows::rows;
use crate::turning::within;

/// The writes that may leave in any minute.
const RATE: usize = 5;
/// Tickets that each have something written on them, more than two minutes may let out.
const TICKETS: usize = 12;
const MINUTE: i64 = 60_000;
const PATIENCE: usize = 150;

fn slowly(bench: &Bench) {
    hasten(bench);
    bench.change("manifests/policy/contract.json", |contract| {
        let limits = &mut contract["limits"];
        limits["rate_limit_per_minute"] = json!(RATE);
        limits["per_queue"] = json!({});
    });
}

/// When the writes left, in milliseconds, the earliest first.
async fn departures(fleet: &Fleet) -> Vec<i64> {
    let all = "SELECT CAST(at AS text) FROM departures ORDER BY at";
    let all = rows(&fleet.database.url, all).await;
    all.iter().map(|at| at.parse().unwrap()).collect()
}

/// The value of the first line of a page of metrics that holds each of these parts.
fn metric(page: &str, parts: &[&str]) -> u64 {
    let mut lines = page.lines();
    let found = lines.find(|line| parts.iter().all(|part| line.contains(part)));
    found.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_together_let_out_no_more_writes_in_a_minute_than_one_may() {
    let Some(fleet) = Fleet::of(2, slowly).await else {
        return;
    };
    let demo = fleet.sandbox.demo_tickets();
    let question = demo.iter().find(|ticket| ticket.id == "T-1013").unwrap();
    let named = |number| NewTicket {
        id: format!("M-{number}"),
        ..question.clone()
    };
    let tickets: Vec<NewTicket> = (0..TICKETS).map(named).collect();
    fleet.send(&tickets).await;

    // Two minutes' worth take more than one minute and less than two and a half: what is held is asked again after half
    // a minute.
    let mut left = vec![];
    for _ in 0..PATIENCE {
        left = departures(&fleet).await;
        if left.len() >= 2 * RATE {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(left.len() >= 2 * RATE, "only {} writes left", left.len());
    for (first, next) in left.iter().zip(&left[RATE..]) {
        assert!(
            next - first >= MINUTE,
            "more than {RATE} within a minute: {left:?}"
        );
    }
    within("all that left arrived", || {
        (fleet.sandbox.writes().len() >= left.len()).then_some(())
    })
    .await;
    let mut held = 0;
    for running in &fleet.running {
        let page = asked(&running.address(), "/metrics").await.1;
        let wrote = ["desk_calls_total", "call=\"write\"", "result=\"ok\""];
        assert!(metric(&page, &wrote) > 0, "one process did it all: {page}");
        held += metric(&page, &["limits_met_total", "limit=\"writes\""]);
    }
    assert!(held > 0, "nothing was ever held");
    fleet.nothing_was_done_twice();
    fleet.end().await;
}
