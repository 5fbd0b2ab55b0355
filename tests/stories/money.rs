//! Refunds in three tiers: no money moves here, whatever is clicked.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

/// Stripe was read, and nothing was tried there that is not reading: the stand-in would have noticed.
fn no_money_moved(w: &Workbench) {
    let calls = w.sandbox.calls();
    assert!(calls.iter().any(|call| call.method.starts_with("stripe")));
    assert_eq!(w.sandbox.violations(), Vec::<String>::new());
    w.sandbox
        .stripe(|books| assert_eq!(books.refunds.len(), 1, "only the refund of last spring"));
}

#[tokio::test]
async fn a_small_refund_of_a_loyal_customer_goes_straight_to_billing() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        let case = w.case("T-1002").await;
        let causes: Vec<_> = case
            .escalations
            .iter()
            .map(|(one, _)| (one.role, one.cause))
            .collect();
        assert!(
            causes.contains(&(Role::Billing, EscalationCause::Recommended)),
            "{causes:?}"
        );
        assert!(case.requests.iter().all(|asked| {
            let draft = case.draft(&asked.request.draft).unwrap();
            draft.draft.action.kind() != ActionKind::Refund
        }));
        w.reads(BILLING_ROOM, &["30.00 USD", "No money has moved"]);
        w.work(BILLING, "T-1002", Role::Billing, "refunding").await;
        assert!(w.told(BILLING).concat().contains("recorded"));
        w.reads(BILLING_ROOM, &["<@U0BILL0001>"]);
        no_money_moved(w);
        w.glance();
        assert_told!(w.story("T-1002").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_refund_in_the_middle_is_approved_by_billing_and_becomes_its_work_card() {
    workbench(async |w| {
        w.ticket("T-1003").await;
        let asked = w.asked("T-1003", ActionKind::Refund).await;
        let progress = w.request("T-1003", ActionKind::Refund).await;
        assert_eq!(progress.request.tier, Tier::Medium);
        w.reads(BILLING_ROOM, &["180.00 USD", "ch_3DemoHarbour180"]);
        w.click(BILLING, &asked, "approve").await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        assert!(w.told(BILLING).concat().contains("No money has moved"));
        let case = w.case("T-1003").await;
        let (given, _) = case.escalations.last().unwrap();
        assert_eq!(
            (given.role, given.cause),
            (Role::Billing, EscalationCause::ApprovedRecommendation)
        );
        w.reads(BILLING_ROOM, &["Approved by", "No money has moved"]);
        assert!(w.wrote("T-1003", "ticket.reply").is_empty());
        no_money_moved(w);
        w.glance();
        assert_told!(w.story("T-1003").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_large_refund_asks_the_on_call_of_finance_directly_and_for_a_reason() {
    workbench(async |w| {
        w.ticket("T-1004").await;
        let asked = w.asked("T-1004", ActionKind::Refund).await;
        let card = w.direct(FINANCE);
        assert!(
            card.contains("900.00 USD") && card.contains("high"),
            "{card}"
        );
        w.click(FINANCE, &asked, "approve_why").await;
        let empty = w.during(w.sandbox.submit(FINANCE, &[])).await.unwrap();
        assert!(empty.errors.contains_key("why"), "{:?}", empty.errors);
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.fill(FINANCE, &[("why", "Paid twice by mistake")]).await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.reads(
            BILLING_ROOM,
            &["900.00 USD", "Paid twice by mistake", "No money has moved"],
        );
        w.work(BILLING, "T-1004", Role::Billing, "not_refunding")
            .await;
        w.fill(BILLING, &[("why", "Paid back by bank transfer already")])
            .await;
        w.reads(BILLING_ROOM, &["Paid back by bank transfer already"]);
        no_money_moved(w);
        w.glance();
        assert_told!(w.story("T-1004").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_nobody_answers_goes_on_and_is_never_approved_by_time() {
    workbench(async |w| {
        w.ticket("T-1004").await;
        let first = w.asked("T-1004", ActionKind::Refund).await;
        w.advance(Span::hours(9)).await;
        assert_eq!(w.state(&first).await, RequestState::Lapsed);
        let second = w.asked("T-1004", ActionKind::Refund).await;
        let progress = w.request("T-1004", ActionKind::Refund).await;
        assert_eq!(
            progress.request.asking.approver_rule.as_str(),
            "finance_lead"
        );
        assert!(w.direct(FINANCE_LEAD).contains("900.00 USD"));
        assert!(w.direct(FINANCE).contains("apsed"));
        w.advance(Span::days(3)).await;
        assert_eq!(w.state(&second).await, RequestState::Lapsed);
        let case = w.case("T-1004").await;
        assert!(
            case.escalations
                .iter()
                .any(|(one, _)| one.cause == EscalationCause::ChainExhausted
                    && one.role == Role::Billing)
        );
        assert!(case.requests.iter().all(|asked| asked.decisions.is_empty()));
        w.advance(Span::days(30)).await;
        let case = w.case("T-1004").await;
        assert!(case.requests.iter().all(|asked| asked.decisions.is_empty()));
        assert!(w.wrote("T-1004", "ticket.reply").is_empty());
        no_money_moved(w);
        w.glance();
    })
    .await;
}
