//! The process ends at a bad moment, or the database is away: nothing acknowledged is lost, nothing is done twice.

use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::Pick;

use crate::people::*;
use crate::workbench::workbench;

const REPLY: ActionKind = ActionKind::NotifyCustomer;

#[tokio::test]
async fn a_pending_case_is_decided_by_a_later_process() {
    workbench(async |w| {
        w.ticket("T-1003").await;
        let asked = w.asked("T-1003", ActionKind::Refund).await;
        w.restart().await;
        w.advance(Span::minutes(3)).await;
        w.click(BILLING, &asked, "approve").await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.told(BILLING);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_approval_survives_the_end_of_the_process_before_it_went_out() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        w.restart().await;
        w.advance(Span::minutes(2)).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.restart().await;
        w.advance(Span::hours(1)).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_click_that_was_stored_and_not_yet_worked_on_is_decided_by_the_next_process() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let spot = w.spot(LEAD, &asked, "approve").await;
        let pick = Pick::action(&spot.action);
        // Nobody works on the inbox meanwhile: the click is stored, acknowledged, and then the process ends.
        let answered = w
            .sandbox
            .click(LEAD, &spot.channel, &spot.ts, pick)
            .await
            .unwrap();
        assert_eq!(answered.status, 200);
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.restart().await;
        w.settle().await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        assert_eq!(w.told(LEAD).len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_ticket_that_was_taken_in_before_the_end_is_worked_on_after_it() {
    workbench(async |w| {
        let all = w.sandbox.demo_tickets();
        let ticket = all.iter().find(|ticket| ticket.id == "T-1003").unwrap();
        assert!(w.sandbox.send_ticket(ticket).await.is_ok());
        w.restart().await;
        w.settle().await;
        assert!(
            w.sandbox.send_ticket(ticket).await.is_ok(),
            "the desk sends it again"
        );
        w.settle().await;
        assert_eq!(w.cases().await.len(), 1);
        w.asked("T-1003", ActionKind::Refund).await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_acknowledged() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let spot = w.spot(LEAD, &asked, "approve").await;
        let hold = w.beneath().hold().await;
        let pick = || Pick::action(&spot.action);
        let refused = w
            .sandbox
            .click(LEAD, &spot.channel, &spot.ts, pick())
            .await
            .unwrap();
        assert_eq!(refused.status, 503, "{}", refused.body);
        let all = w.sandbox.demo_tickets();
        let ticket = w.sandbox.send_ticket(&all[3]).await;
        assert_eq!(ticket.status, 503, "{}", ticket.body);
        hold.release().await;
        w.settle().await;
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        assert_eq!(w.cases().await.len(), 1);
        assert_eq!(w.press(LEAD, &spot).await.status, 200);
        w.settle().await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.told(LEAD);
        w.glance();
    })
    .await;
}
