//! One case, one card to answer: what only said where the case belongs goes on in what says what to do there.

use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

/// The label of a money case is decided, so that only the money is left.
async fn label_is_decided(w: &Workbench, ticket: &str) {
    let label = w.asked(ticket, ActionKind::AddLabel).await;
    w.click(LEAD, &label, "approve").await;
    w.told(LEAD);
}

/// What billing has of a ticket and is still open, by its cause.
async fn open(w: &Workbench, ticket: &str) -> Vec<EscalationCause> {
    let case = w.case(ticket).await;
    let open = case.open_escalations();
    open.map(|(one, _)| one.cause).collect()
}

/// Nobody hears of a ticket any more, however long it is left alone.
async fn is_quiet(w: &Workbench, ticket: &str) {
    let messages = || w.everything().len();
    let (before, told) = (messages(), w.story(ticket).await.len());
    w.advance(Span::days(5)).await;
    assert_eq!(messages(), before, "something rang");
    let story = w.story(ticket).await;
    assert_eq!(story.len(), told, "{:#?}", &story[told..]);
}

#[tokio::test]
async fn billing_answers_a_small_refund_once_and_hears_nothing_more_of_it() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        label_is_decided(w, "T-1002").await;
        assert_eq!(open(w, "T-1002").await, [EscalationCause::Recommended]);
        w.reads(BILLING_ROOM, &["Continued in the newer card"]);
        w.work(BILLING, "T-1002", Role::Billing, "refunding").await;
        assert_eq!(w.told(BILLING).len(), 1);
        is_quiet(w, "T-1002").await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn billing_answers_an_approved_refund_once_and_hears_nothing_more_of_it() {
    workbench(async |w| {
        w.ticket("T-1003").await;
        label_is_decided(w, "T-1003").await;
        assert_eq!(open(w, "T-1003").await, [EscalationCause::Routed]);
        let asked = w.asked("T-1003", ActionKind::Refund).await;
        w.click(BILLING, &asked, "approve").await;
        let work = EscalationCause::ApprovedRecommendation;
        assert_eq!(open(w, "T-1003").await, [work]);
        w.reads(BILLING_ROOM, &["Continued in the newer card"]);
        w.work(BILLING_TOO, "T-1003", Role::Billing, "refunding")
            .await;
        w.told(BILLING);
        w.told(BILLING_TOO);
        is_quiet(w, "T-1003").await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn what_nobody_answers_still_runs_out_but_once() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        label_is_decided(w, "T-1002").await;
        w.advance(Span::hours(9)).await;
        let lapses = w.story("T-1002").await.concat();
        assert_eq!(lapses.matches("took the case in time").count(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn whoever_is_late_on_the_older_card_is_told_where_the_case_goes_on() {
    workbench(async |w| {
        w.ticket("T-1003").await;
        w.work(BILLING, "T-1003", Role::Billing, "take").await;
        w.work(BILLING, "T-1003", Role::Billing, "resolve").await;
        let asked = w.asked("T-1003", ActionKind::Refund).await;
        w.click(BILLING_TOO, &asked, "approve").await;
        let said = w.fill(BILLING, &[("why", "Done by telephone")]).await;
        let told = said + &w.told(BILLING).concat();
        assert!(told.contains("goes on in a newer card"), "{told}");
        w.expect_refused(RefusalCode::Superseded, 1);
        let case = w.case("T-1003").await;
        let (_, newer) = case.open_escalations().last().unwrap();
        let (by, _) = newer.taken.as_ref().unwrap();
        assert_eq!(by.user.as_str(), BILLING, "who took the older one has it");
        w.reads(
            BILLING_ROOM,
            &["on the card that this one continues", "<@U0BILL0001>"],
        );
        w.told(BILLING_TOO);
        w.glance();
        assert_told!(w.story("T-1003").await.join("\n"));
    })
    .await;
}
