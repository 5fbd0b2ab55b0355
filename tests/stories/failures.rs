//! What goes wrong outside: Slack, the desk and Stripe fail, and no case is lost and nothing is done twice.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;
use countersign::sandbox::Fault;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// The reply of a ticket can be decided and its card stands once.
async fn one_card_for(w: &Workbench, ticket: &str) {
    let asked = w.asked(ticket, REPLY).await;
    let cards = w.sandbox.messages(REVIEWS);
    assert_eq!(cards.len(), 1, "the card stands once");
    w.click(LEAD, &asked, "approve").await;
    assert_eq!(w.state(&asked).await, RequestState::Approved);
    w.told(LEAD);
    w.advance(Span::minutes(1)).await;
    assert_eq!(w.wrote(ticket, "ticket.reply").len(), 1);
    w.glance();
}

/// Lets enough time pass for every repeat.
async fn patience(w: &Workbench) {
    for _ in 0..12 {
        w.advance(Span::minutes(1)).await;
    }
}

async fn slack_fails_with(fault: Fault, times: usize) {
    workbench(async |w| {
        w.sandbox.fault("chat.postMessage", fault.clone(), times);
        w.ticket("T-1013").await;
        patience(w).await;
        one_card_for(w, "T-1013").await;
    })
    .await;
}

#[tokio::test]
async fn a_write_that_cannot_be_looked_up_for_an_hour_is_put_to_a_person_and_never_sent_again() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        w.sandbox.fault("desk.writes", Fault::LostAnswer, 1);
        w.sandbox.fault("desk.lookup", Fault::ServerError, 100_000);
        for _ in 0..50 {
            w.advance(Span::minutes(1)).await;
        }
        let nobody_knows = async || {
            let case = w.case("T-1013").await;
            case.open_escalations()
                .any(|(one, _)| one.cause == EscalationCause::UnknownOutcome)
        };
        assert!(!nobody_knows().await, "it is looked up for a while");
        for _ in 0..30 {
            w.advance(Span::minutes(1)).await;
        }
        assert!(nobody_knows().await);
        w.sandbox.clear_faults();
        for _ in 0..30 {
            w.advance(Span::minutes(1)).await;
        }
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_card_that_slack_refused_for_a_while_appears_once() {
    slack_fails_with(Fault::Error("internal_error".to_owned()), 3).await;
}

#[tokio::test]
async fn a_card_that_slack_asked_to_wait_for_appears_once_and_not_before() {
    workbench(async |w| {
        w.sandbox.fault(
            "chat.postMessage",
            Fault::RateLimited { retry_after: 90 },
            100,
        );
        w.ticket("T-1013").await;
        let posts = || {
            let calls = w.sandbox.calls();
            let posts = calls
                .iter()
                .filter(|call| call.method == "chat.postMessage");
            posts.count()
        };
        let before = posts();
        assert!(before > 0);
        w.advance(Span::seconds(60)).await;
        assert_eq!(posts(), before, "Retry-After is honoured");
        w.sandbox.clear_faults();
        patience(w).await;
        one_card_for(w, "T-1013").await;
    })
    .await;
}

#[tokio::test]
async fn a_card_survives_a_broken_front_of_slack() {
    slack_fails_with(Fault::ServerError, 4).await;
}

#[tokio::test]
async fn a_card_whose_answer_was_lost_is_looked_up_and_not_posted_again() {
    slack_fails_with(Fault::LostAnswer, 2).await;
}

#[tokio::test]
async fn a_card_whose_post_timed_out_appears_once() {
    slack_fails_with(Fault::Timeout, 1).await;
}

#[tokio::test]
async fn the_clock_of_a_request_runs_while_slack_is_down() {
    workbench(async |w| {
        w.sandbox
            .fault("chat.postMessage", Fault::ServerError, 10_000);
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.advance(Span::hours(9)).await;
        assert_eq!(w.state(&asked).await, RequestState::Lapsed);
        w.sandbox.clear_faults();
        patience(w).await;
        let next = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &next, "approve").await;
        assert_eq!(w.state(&next).await, RequestState::Approved);
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_reply_whose_acknowledgement_was_lost_is_written_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        w.sandbox.fault("desk.writes", Fault::LostAnswer, 1);
        w.advance(Span::seconds(40)).await;
        patience(w).await;
        assert_eq!(w.sandbox.ticket("T-1013").unwrap().replies().len(), 1);
        let events = w.events("T-1013").await;
        let replied = events
            .iter()
            .filter(|event| matches!(event, CaseEvent::Performed { .. }))
            .count();
        assert!(replied >= 2, "the note and the reply are known to be done");
        let lookups = w
            .sandbox
            .calls()
            .iter()
            .filter(|call| call.method == "desk.lookup")
            .count();
        assert!(lookups >= 1, "it was looked up");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_reply_that_the_desk_refuses_is_shown_as_not_sent() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        w.sandbox
            .fault("desk.writes", Fault::Error("ticket_closed".to_owned()), 1);
        w.advance(Span::seconds(40)).await;
        patience(w).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        let story = w.story("T-1013").await.join("\n");
        assert!(story.contains("was refused"), "{story}");
        w.reads(
            REVIEWS,
            &["Failed", "the desk refused", "a person has to look"],
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recommended_while_stripe_is_down_and_billing_has_the_case() {
    workbench(async |w| {
        w.sandbox.fault("stripe", Fault::ServerError, 100_000);
        w.ticket("T-1002").await;
        for _ in 0..25 {
            w.advance(Span::minutes(1)).await;
        }
        w.sandbox.clear_faults();
        w.settle().await;
        let story = w.story("T-1002").await.join("\n");
        assert!(story.contains("counts as unknown"), "{story}");
        let case = w.case("T-1002").await;
        let drafts = || case.drafts.iter().map(|one| one.draft.action.kind());
        assert!(drafts().all(|kind| kind != ActionKind::Refund));
        let given: Vec<Role> = case.escalations.iter().map(|(one, _)| one.role).collect();
        assert_eq!(given, [Role::Billing]);
        w.glance();
        assert_told!(story);
    })
    .await;
}

#[tokio::test]
async fn stripe_that_comes_back_in_time_is_as_if_it_had_never_been_away() {
    workbench(async |w| {
        w.sandbox.fault("stripe", Fault::ServerError, 2);
        w.ticket("T-1002").await;
        for _ in 0..8 {
            w.advance(Span::minutes(1)).await;
        }
        let story = w.story("T-1002").await.join("\n");
        assert!(
            story.contains("into the low tier (refund.json tier 1"),
            "{story}"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_charge_whose_disputes_cannot_be_read_is_not_recommended_for_a_refund() {
    workbench(async |w| {
        w.sandbox
            .fault("stripe.disputes", Fault::ServerError, 1_000);
        w.ticket("T-1002").await;
        for _ in 0..25 {
            w.advance(Span::minutes(1)).await;
        }
        w.sandbox.clear_faults();
        let case = w.case("T-1002").await;
        let mut kinds = case.drafts.iter().map(|one| one.draft.action.kind());
        assert!(kinds.all(|kind| kind != ActionKind::Refund));
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_amount_in_another_currency_counts_as_unknown_and_takes_the_highest_tier() {
    workbench(async |w| {
        w.ticket("T-1007").await;
        let asked = w.request("T-1007", ActionKind::Refund).await;
        assert_eq!(asked.request.tier, Tier::High);
        assert_eq!(
            asked.request.asking.approver_rule.as_str(),
            "finance_oncall"
        );
        w.reads(&w.sandbox.dm_of(FINANCE), &["49.00 EUR", "unknown"]);
        w.glance();
    })
    .await;
}
