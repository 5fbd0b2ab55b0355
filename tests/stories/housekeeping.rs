//! Labels and the like that nobody decides: the role that has the case sees it, and nobody is woken for it.

use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;

use crate::people::*;
use crate::workbench::workbench;

#[tokio::test]
async fn a_label_that_nobody_decides_shows_on_the_card_of_the_role_and_rings_for_nobody() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        let label = w.asked("T-1002", ActionKind::AddLabel).await;
        w.work(BILLING, "T-1002", Role::Billing, "refunding").await;
        w.told(BILLING);
        let messages = w.everything().len();
        w.advance(Span::days(5)).await;
        assert_eq!(w.state(&label).await, RequestState::Lapsed);
        assert_eq!(w.everything().len(), messages, "something rang");
        w.reads(
            BILLING_ROOM,
            &[
                "Nobody decided in time, so it was not done",
                "Adds the label refund_request",
            ],
        );
        w.reads(
            REVIEWS,
            &[
                "Nothing was done.",
                "It is said on the card of billing, which has the case.",
            ],
        );
        assert!(w.wrote("T-1002", "ticket.label").is_empty());
        w.glance();
        assert_told!(w.story("T-1002").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_label_that_nobody_decides_ends_quietly_where_the_case_is_finished() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        let label = w.asked("T-1002", ActionKind::AddLabel).await;
        w.work(BILLING, "T-1002", Role::Billing, "not_refunding")
            .await;
        w.fill(BILLING, &[("why", "Refunded by hand last week")])
            .await;
        w.glance();
        let messages = w.everything().len();
        w.advance(Span::days(5)).await;
        assert_eq!(w.state(&label).await, RequestState::Lapsed);
        assert_eq!(w.everything().len(), messages, "something rang");
        let case = w.case("T-1002").await;
        assert_eq!(case.open_escalations().count(), 0);
        w.reads(REVIEWS, &["Nobody decided in time. Nothing was done."]);
        assert!(!w.read(REVIEWS).contains("which has the case"));
        let story = w.story("T-1002").await;
        assert!(
            story
                .last()
                .unwrap()
                .ends_with("It was not done, and nobody else is asked."),
            "{story:#?}"
        );
    })
    .await;
}

/// The control: the same silence about an answer to the customer asks the next, and ends with the role.
#[tokio::test]
async fn a_reply_that_nobody_decides_goes_through_the_chain_to_the_role() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let reply = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        for _ in 0..3 {
            w.advance(Span::days(3)).await;
        }
        assert_eq!(w.state(&reply).await, RequestState::Lapsed);
        let case = w.case("T-1013").await;
        let kind = |id| case.draft(id).unwrap().draft.action.kind();
        let replies = case
            .requests
            .iter()
            .filter(|one| kind(&one.request.draft) == ActionKind::NotifyCustomer);
        assert!(replies.count() > 1, "others were asked");
        let given: Vec<_> = case
            .escalations
            .iter()
            .filter(|(one, _)| one.cause == EscalationCause::ChainExhausted)
            .map(|(one, _)| kind(one.draft.as_ref().unwrap()))
            .collect();
        assert_eq!(given, [ActionKind::NotifyCustomer]);
        w.glance();
    })
    .await;
}
