//! The limits of the contract, each with the outcome that changes when it does.

use std::time::Duration;

use countersign::domain::case::StepState;
use countersign::domain::draft::ActionKind;
use countersign::domain::model::ModelTask;
use countersign::domain::time::Span;

use crate::bed::{Bed, Change};
use crate::outside::Played;

const CONTRACT: &str = "contract.json";
const RATE: &str = "\"rate_limit_per_minute\": 60";
const VIP: &str = "\"vip\": { \"rate_limit_per_minute\": 10 }";
const SIDE_BY_SIDE: &str = "\"max_concurrency\": 5";

/// The steps of all these tickets that are held, with what they wait for.
async fn held(bed: &Bed, tickets: usize) -> Vec<String> {
    let mut held = vec![];
    for n in 0..tickets {
        let source = countersign::domain::ids::SourceName::new("helpdesk");
        let id = countersign::domain::ids::CaseId::of(&source, &n.to_string());
        for draft in &bed.case(&id).await.drafts {
            for step in [&draft.note, &draft.act] {
                if let StepState::Held(why) = step {
                    held.push(why.clone());
                }
            }
        }
    }
    held
}

async fn asked(bed: &Bed, tickets: usize) {
    for n in 0..tickets {
        bed.question(&n.to_string()).await;
    }
    bed.settle().await;
}

#[tokio::test]
async fn writes_over_the_limit_of_a_minute_are_held_and_go_out_when_it_clears() {
    let free = Bed::under(&[]).await;
    asked(&free, 3).await;
    assert_eq!(
        free.writes(),
        3,
        "each proposal stands on its ticket as a note"
    );
    assert_eq!(held(&free, 3).await, [""; 0]);

    let bed = Bed::under(&[
        (CONTRACT, RATE, "\"rate_limit_per_minute\": 2"),
        (CONTRACT, "\"vip\": { \"rate_limit_per_minute\": 10 }", ""),
    ])
    .await;
    asked(&bed, 3).await;
    assert_eq!(bed.writes(), 2);
    assert_eq!(held(&bed, 3).await, ["over the limit of 2 writes a minute"]);

    bed.clock.advance(Span::seconds(31));
    bed.settle().await;
    assert_eq!(bed.writes(), 2, "the minute is not over");
    bed.clock.advance(Span::seconds(30));
    bed.settle().await;
    assert_eq!(bed.writes(), 3);
    assert_eq!(held(&bed, 3).await, [""; 0]);
}

#[tokio::test]
async fn a_queue_has_a_limit_of_its_own() {
    for (queue, writes) in [("vip", 1), ("general", 3)] {
        let model = Played {
            queue: Some(queue),
            ..Played::default()
        };
        let own: Change = (CONTRACT, VIP, "\"vip\": { \"rate_limit_per_minute\": 1 }");
        let bed = Bed::with(&[own], model).await;
        asked(&bed, 3).await;
        assert_eq!(bed.writes(), writes, "{queue}");
        if queue == "vip" {
            let why = "over the limit of 1 writes a minute for the queue vip";
            assert_eq!(held(&bed, 3).await, [why, why]);
        }
    }
}

#[tokio::test]
async fn a_notice_to_a_role_is_no_write_and_neither_waits_nor_counts() {
    let bed = Bed::under(&[
        (CONTRACT, RATE, "\"rate_limit_per_minute\": 1"),
        (CONTRACT, VIP, ""),
    ])
    .await;
    let notice = async |external: &str| {
        let body = "The export button does nothing when I press it. It is a small bug.";
        let id = bed.ticket(external, "A bug in the export", body).await;
        bed.settle().await;
        let case = bed.case(&id).await;
        let routed = |draft: &&countersign::domain::case::DraftProgress| {
            draft.draft.action.kind() == ActionKind::RouteCase
        };
        let act = case
            .drafts
            .iter()
            .find(routed)
            .map(|draft| draft.act.clone());
        assert!(matches!(act, Some(StepState::Done(..))), "{act:?}");
    };
    notice("0").await;
    let writes = bed.writes();
    assert_eq!(writes, 1, "the notice took no place");
    notice("1").await;
    assert_eq!(
        bed.writes(),
        1,
        "the notice went out although the limit is reached"
    );
}

/// The most calls of a model that were under way at once while six tickets were worked off.
async fn most_at_once(changes: &[Change<'_>], queue: &'static str) -> (usize, usize) {
    let model = Played {
        takes: Duration::from_millis(60),
        queue: Some(queue),
        ..Played::default()
    };
    let bed = Bed::with(changes, model).await;
    for n in 0..6 {
        bed.question(&n.to_string()).await;
    }
    let working = bed.engine.clone();
    let work = tokio::spawn(async move { working.run().await });
    while bed.model.calls(ModelTask::Draft) < 6 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    work.abort();
    (bed.model.at_once.peak(), bed.model.drafting.peak())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_calls_are_under_way_than_the_contract_says() {
    let narrow: Change = (CONTRACT, SIDE_BY_SIDE, "\"max_concurrency\": 1");
    assert_eq!(most_at_once(&[narrow], "general").await.0, 1);
    let wide = most_at_once(&[], "general").await.0;
    assert!((2..=5).contains(&wide), "{wide} at once, of at most five");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_queue_has_places_of_its_own() {
    let own: Change = (CONTRACT, VIP, "\"vip\": { \"max_concurrency\": 1 }");
    assert_eq!(most_at_once(&[own], "vip").await.1, 1);
    assert!(most_at_once(&[own], "general").await.1 > 1);
}

#[tokio::test]
async fn calls_of_a_model_for_one_revision_are_counted() {
    for (most, calls) in [("1", 1), ("8", 2)] {
        let to = format!("\"max_model_calls_per_ticket\": {most}");
        let bed = Bed::under(&[(CONTRACT, "\"max_model_calls_per_ticket\": 8", &to)]).await;
        asked(&bed, 1).await;
        let made = bed.model.requests.lock().unwrap().len();
        assert_eq!(made, calls, "of at most {most}");
    }
}

#[tokio::test]
async fn what_the_customer_sees_waits_as_long_as_the_contract_says() {
    let answers: [Change; 5] = [
        (CONTRACT, "propose_only", "apply"),
        (
            CONTRACT,
            "\"tickets.read\"",
            "\"tickets.notify_customer\", \"tickets.read\"",
        ),
        (
            CONTRACT,
            "\"deny\": [\"tickets.notify_customer\", ",
            "\"deny\": [",
        ),
        (CONTRACT, ", \"tickets.notify_customer\"]\n  }", "]\n  }"),
        (
            "tiers/tickets.notify_customer.json",
            "\"route\": \"batch_review\", \"approver_rule\": \"batch_reviewers\", \"sla_hours\": 8, \"escalate_to\": \"support_lead\"",
            "\"route\": \"auto_execute\"",
        ),
    ];
    for (undo, gone) in [("30", true), ("90", false)] {
        let undo = format!("\"undo_seconds\": {undo}");
        let mut changes = answers.to_vec();
        changes.push((CONTRACT, "\"undo_seconds\": 30", &undo));
        let bed = Bed::under(&changes).await;
        asked(&bed, 1).await;
        let replies = || {
            let writes = bed.desk.writes.lock().unwrap();
            writes
                .iter()
                .filter(|change| matches!(change, countersign::ports::DeskChange::Reply(_)))
                .count()
        };
        assert_eq!(replies(), 0, "{undo}: it can still be taken back");
        bed.clock.advance(Span::seconds(31));
        bed.settle().await;
        assert_eq!(replies(), usize::from(gone), "{undo}");
    }
}
