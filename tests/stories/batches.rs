//! Batch cards: ten rows or ten minutes, and rows that never move.

use std::collections::BTreeMap;

use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::NewTicket;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

fn question(n: usize) -> NewTicket {
    let asks = ["dark mode", "larger print", "a calendar", "more colours"][n % 4];
    NewTicket::plain(
        &format!("T-3{n:03}"),
        &format!("customer{n}@example.org"),
        &format!("Wish number {n}"),
        &format!("Hello, it would be great if the dashboard had {asks}. Is that planned?"),
    )
}

/// Each pending reply with its batch and row.
async fn rows(w: &Workbench) -> BTreeMap<String, (String, u32)> {
    let mut all = BTreeMap::new();
    for case in w.cases().await {
        for asked in &case.requests {
            let (batch, row) = asked.batch.clone().expect("each of them is in a batch");
            all.insert(asked.request.id.to_string(), (batch.to_string(), row));
        }
    }
    all
}

#[tokio::test]
async fn eleven_requests_stand_on_two_cards_and_no_row_ever_moves() {
    workbench(async |w| {
        for n in 0..11 {
            assert!(w.sandbox.send_ticket(&question(n)).await.is_ok());
        }
        w.settle().await;
        let before = rows(w).await;
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for (batch, _) in before.values() {
            *sizes.entry(batch).or_default() += 1;
        }
        assert!(before.len() >= 11);
        assert_eq!(sizes.len(), before.len().div_ceil(10));
        assert!(sizes.values().all(|rows| *rows <= 10), "{sizes:?}");
        assert_eq!(
            w.sandbox.messages(REVIEWS).len(),
            sizes.len(),
            "one message for each batch"
        );
        let third = w.asked("T-3002", ActionKind::NotifyCustomer).await;
        w.click(LEAD, &third, "approve").await;
        w.told(LEAD);
        assert_eq!(rows(w).await, before);
        let fourth = w.asked("T-3003", ActionKind::NotifyCustomer).await;
        let spot = w.spot(LEAD, &fourth, "approve").await;
        w.press(LEAD, &spot).await;
        w.settle().await;
        w.told(LEAD);
        assert_eq!(
            rows(w).await,
            before,
            "deciding one row leaves the others where they are"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_batch_takes_no_more_rows_after_ten_minutes() {
    workbench(async |w| {
        w.written(&question(1)).await;
        w.advance(Span::minutes(9)).await;
        w.written(&question(2)).await;
        w.advance(Span::minutes(2)).await;
        w.written(&question(3)).await;
        let reply = ActionKind::NotifyCustomer;
        let mut batches = vec![];
        for n in 1..4 {
            let asked = w.request(&format!("T-3{n:03}"), reply).await;
            batches.push(asked.batch.unwrap().0);
        }
        assert_eq!(batches[0], batches[1]);
        assert_ne!(batches[1], batches[2]);
        assert_eq!(w.sandbox.messages(REVIEWS).len(), 2);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn fifty_clicks_at_once_make_one_decision_and_everybody_is_told_the_truth() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        for n in 0..50 {
            let who = format!("U0REVIEW{n:02}");
            w.sandbox.hire(&who);
            w.sandbox.add_to_group("S0LEADS001", &who);
        }
        w.during(w.sandbox.tell_group_change("S0LEADS001")).await;
        let spot = w.spot(LEAD, &asked, "approve").await;
        let all: Vec<String> = (0..50).map(|n| format!("U0REVIEW{n:02}")).collect();
        let clicks = all.iter().map(|who| {
            let pick = countersign::sandbox::Pick::action(&spot.action);
            w.sandbox.click(who, &spot.channel, &spot.ts, pick)
        });
        let answers = w.during(futures_util::future::join_all(clicks)).await;
        assert!(
            answers
                .iter()
                .all(|answer| answer.as_ref().unwrap().status == 200)
        );
        w.settle().await;
        let decided = w.request("T-1013", ActionKind::NotifyCustomer).await;
        assert_eq!(decided.decisions.len(), 1);
        w.expect_refused(RefusalCode::TooLate, 49);
        let first = decided.decisions[0].person.user.as_str().to_owned();
        for who in &all {
            let told = w.told(who);
            assert_eq!(told.len(), 1, "{who} was told {told:?}");
            let truth = if *who == first {
                "recorded"
            } else {
                "changed nothing"
            };
            assert!(told[0].contains(truth), "{who}: {told:?}");
            assert!(
                *who == first || told[0].contains(&first),
                "{who} learns who it was: {told:?}"
            );
        }
        w.advance(Span::minutes(2)).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.glance();
    })
    .await;
}
