//! Who may decide: quorum, amount bands, authors, and what happens to an edit that asks for more.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::sandbox::NewTicket;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{setting, workbench};

fn two_of_billing(approvers: &mut Value) {
    approvers["rules"]["billing_reviewers"]["quorum"] = json!(2);
}

#[tokio::test]
async fn a_quorum_of_two_takes_two_different_people() {
    setting()
        .policy("approvers.json", two_of_billing)
        .play(async |w| {
            w.ticket("T-1003").await;
            let asked = w.asked("T-1003", ActionKind::Refund).await;
            w.click(BILLING, &asked, "approve").await;
            assert_eq!(w.state(&asked).await, RequestState::Pending);
            w.click(BILLING, &asked, "approve").await;
            assert_eq!(
                w.state(&asked).await,
                RequestState::Pending,
                "the same person does not count twice"
            );
            w.expect_refused(RefusalCode::Twice, 1);
            w.click(BILLING_TOO, &asked, "approve").await;
            assert_eq!(w.state(&asked).await, RequestState::Approved);
            assert_eq!(w.told(BILLING).len(), 2);
            assert_eq!(w.told(BILLING_TOO).len(), 1);
            w.glance();
            assert_told!(w.story("T-1003").await.join("\n"));
        })
        .await;
}

fn bands(approvers: &mut Value) {
    approvers["rules"]["finance_oncall"] = json!({ "currency": "usd", "amount_bands": [
        { "lte": 800, "users": [FINANCE] }, { "gt": 800, "users": [FINANCE_LEAD] } ] });
}

#[tokio::test]
async fn an_amount_band_chooses_who_is_asked_and_only_that_person_may() {
    setting()
        .policy("approvers.json", bands)
        .play(async |w| {
            w.ticket("T-1004").await;
            let asked = w.asked("T-1004", ActionKind::Refund).await;
            assert!(w.direct(FINANCE_LEAD).contains("900.00 USD"));
            assert_eq!(w.direct(FINANCE), "");
            w.click(FINANCE_LEAD, &asked, "approve_why").await;
            w.fill(FINANCE_LEAD, &[("why", "Agreed in the spring")])
                .await;
            assert_eq!(w.state(&asked).await, RequestState::Approved);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn whoever_wrote_the_ticket_does_not_decide_on_it() {
    workbench(async |w| {
        let ticket = NewTicket::plain(
            "T-2201",
            "Support.Lead@example.com",
            "Dark mode",
            "Is there a dark mode for the dashboard?",
        );
        w.written(&ticket).await;
        let asked = w.asked("T-2201", ActionKind::NotifyCustomer).await;
        w.click(LEAD, &asked, "approve").await;
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.expect_refused(RefusalCode::OwnDraft, 1);
        assert_eq!(w.told(LEAD).len(), 1);
        w.click(DEPUTY, &asked, "approve").await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.told(DEPUTY);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_edit_to_a_lower_amount_is_the_editors_approval_of_the_changed_draft() {
    workbench(async |w| {
        w.ticket("T-1004").await;
        let asked = w.asked("T-1004", ActionKind::Refund).await;
        w.click(FINANCE, &asked, "edit").await;
        w.fill(FINANCE, &[("amount", "450.00"), ("why", "Half of it")])
            .await;
        assert_eq!(w.state(&asked).await, RequestState::Superseded);
        let edited = w.request("T-1004", ActionKind::Refund).await;
        assert_eq!(
            (edited.state, edited.request.tier),
            (RequestState::Approved, Tier::Medium)
        );
        w.reads(BILLING_ROOM, &["450.00 USD", "No money has moved"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_edit_to_a_higher_tier_counts_for_nothing_and_asks_others() {
    workbench(async |w| {
        w.ticket("T-1003").await;
        let asked = w.asked("T-1003", ActionKind::Refund).await;
        w.click(BILLING, &asked, "edit").await;
        w.fill(BILLING, &[("amount", "600.00"), ("why", "Three months")])
            .await;
        assert_eq!(w.state(&asked).await, RequestState::Superseded);
        let edited = w.request("T-1003", ActionKind::Refund).await;
        assert_eq!(
            (edited.state, edited.request.tier),
            (RequestState::Pending, Tier::High)
        );
        assert!(edited.decisions.is_empty());
        assert_eq!(
            edited.request.asking.approver_rule.as_str(),
            "finance_oncall"
        );
        assert!(w.direct(FINANCE).contains("600.00"));
        w.glance();
        assert_told!(w.story("T-1003").await.join("\n"));
    })
    .await;
}
