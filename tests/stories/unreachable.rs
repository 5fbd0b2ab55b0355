//! People who cannot be reached: channels that are gone, messages that are refused, groups that nobody is in.

use countersign::domain::approval::RequestState;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::time::Span;
use countersign::sandbox::Fault;
use serde_json::json;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REFUND: ActionKind = ActionKind::Refund;

/// How often it was recorded that a card could not be put up, notices left out.
async fn failures(w: &Workbench, ticket: &str) -> usize {
    let events = w.events(ticket).await;
    let failed = events.iter().filter(|event| match event {
        CaseEvent::CardFailed { card, .. } => !card.as_str().ends_with(".notice"),
        _ => false,
    });
    failed.count()
}

#[tokio::test]
async fn a_case_whose_roles_channel_is_gone_is_announced_elsewhere_and_appears_in_its_new_channel()
{
    workbench(async |w| {
        w.sandbox.archive_channel(BILLING_ROOM);
        w.ticket("T-1002").await;
        let number = w.case("T-1002").await.number;
        let notice = w.read(SUPPORT_ROOM);
        assert!(
            notice.contains(&format!("/triage show {number}")),
            "{notice}"
        );
        assert!(notice.contains("A case for Billing waits"), "{notice}");
        assert!(
            !notice.contains("refund") && !notice.contains("30.00"),
            "{notice}"
        );
        let story = w.story("T-1002").await.join("\n");
        assert!(story.contains("A card could not be put up"), "{story}");
        let failed = failures(w, "T-1002").await;
        let status = w.types(LEAD, "status").await;
        assert!(
            status.contains("missing in Slack") && status.contains("is_archived"),
            "{status}"
        );
        // The same refusal again and again is recorded once.
        w.advance(Span::minutes(46)).await;
        assert_eq!(failures(w, "T-1002").await, failed);

        w.change("workspace.json", |doc| {
            doc["slack"]["role_channels"]["billing"] = json!(INFRA_ROOM);
        });
        w.restart().await;
        w.advance(Span::minutes(16)).await;
        assert!(w.read(INFRA_ROOM).contains("For you to take"));
        w.work(BILLING, "T-1002", Role::Billing, "take").await;
        w.told(BILLING);
        w.reads(SUPPORT_ROOM, &["The card stands where it belongs now."]);
        let status = w.types(LEAD, "status").await;
        assert!(!status.contains("missing in Slack"), "{status}");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_security_case_whose_channel_is_gone_is_announced_without_a_word_of_it() {
    workbench(async |w| {
        w.sandbox.archive_channel(SECURITY_ROOM);
        w.ticket("T-1009").await;
        let notice = w.read(SUPPORT_ROOM);
        assert!(
            notice.contains("A case of Security waits for a decision"),
            "{notice}"
        );
        assert!(
            !notice.contains("API") && !notice.contains("key"),
            "{notice}"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_question_that_could_not_be_sent_directly_is_announced_and_opening_the_case_sends_it_again()
 {
    workbench(async |w| {
        let refused = Fault::Error("user_disabled".to_owned());
        w.sandbox.fault("conversations.open", refused, 100);
        w.ticket("T-1004").await;
        let asked = w.asked("T-1004", REFUND).await;
        let number = w.case("T-1004").await.number;
        let waits = format!("A decision on case #{number} waits for");
        w.reads(BILLING_ROOM, &[&waits, FINANCE]);
        assert_eq!(failures(w, "T-1004").await, 1);

        w.sandbox.clear_faults();
        let shown = w.types(FINANCE, &format!("show {number}")).await;
        assert!(
            shown.contains("Its missing cards are put up again now."),
            "{shown}"
        );
        w.settle().await;
        let spot = w.spot(FINANCE, &asked, "details").await;
        assert_eq!(spot.channel, w.sandbox.dm_of(FINANCE));
        w.reads(BILLING_ROOM, &["The card stands where it belongs now."]);
        let again = w.types(FINANCE, &format!("show {number}")).await;
        assert!(!again.contains("put up again"), "{again}");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_review_channel_that_is_gone_is_announced_and_its_requests_go_on() {
    workbench(async |w| {
        w.sandbox.remove_bot_from(REVIEWS);
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        w.reads(
            SUPPORT_ROOM,
            &["Proposals wait for their reviewers.", "/triage queue"],
        );
        w.advance(Span::hours(9)).await;
        assert_eq!(w.state(&asked).await, RequestState::Lapsed);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_question_that_nobody_can_answer_passes_on_at_once_and_says_so() {
    workbench(async |w| {
        w.sandbox.deactivate(FINANCE);
        w.ticket("T-1004").await;
        let case = w.case("T-1004").await;
        let refunds: Vec<_> = case
            .requests
            .iter()
            .filter(|one| {
                let draft = case.draft(&one.request.draft).unwrap();
                draft.draft.action.kind() == REFUND
            })
            .collect();
        assert_eq!(refunds.len(), 2);
        assert_eq!(refunds[0].state, RequestState::Superseded);
        assert_eq!(refunds[1].state, RequestState::Pending);
        assert_eq!(
            refunds[1].request.asking.approver_rule.as_str(),
            "finance_lead"
        );
        w.reads(BILLING_ROOM, &["Nobody can be asked: finance_oncall"]);
        assert!(w.direct(FINANCE_LEAD).contains("900.00"));
        let story = w.story("T-1004").await.join("\n");
        assert!(story.contains("Nobody can be asked"), "{story}");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_question_that_nobody_of_the_whole_chain_can_answer_goes_to_its_role_at_once() {
    workbench(async |w| {
        for who in [FINANCE, FINANCE_LEAD, "U0SEC00001", LEAD, DEPUTY] {
            w.sandbox.deactivate(who);
        }
        w.ticket("T-1004").await;
        let case = w.case("T-1004").await;
        assert!(case.pending().next().is_none());
        let given = case
            .escalations
            .iter()
            .filter(|(one, _)| one.request.is_some());
        assert!(given.count() >= 1);
        w.reads(BILLING_ROOM, &["Nobody can be asked"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_batch_whose_group_is_empty_is_not_waited_for() {
    workbench(async |w| {
        w.sandbox.remove_from_group("S0BILLING1", BILLING);
        w.sandbox.remove_from_group("S0BILLING1", BILLING_TOO);
        w.ticket("T-1003").await;
        let asked = w.request("T-1003", REFUND).await;
        assert_eq!(asked.state, RequestState::Pending);
        assert_ne!(
            asked.request.asking.approver_rule.as_str(),
            "billing_reviewers"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_card_that_somebody_deleted_is_posted_anew_once_and_its_decision_stands_on_it() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        let spot = w.spot(LEAD, &asked, "approve").await;
        let pick = countersign::sandbox::Pick::action(&spot.action);
        let clicked = w.sandbox.click_payload(LEAD, &spot.channel, &spot.ts, pick);
        w.sandbox.delete_message(&spot.channel, &spot.ts);
        let answered = w.during(w.sandbox.tell_bot(&clicked.unwrap())).await;
        assert_eq!(answered.status, 200);
        w.advance(Span::minutes(2)).await;
        w.told(LEAD);
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        let cards = w.sandbox.messages(REVIEWS);
        let cards = cards.iter().filter(|card| card.ephemeral_for.is_none());
        assert_eq!(cards.count(), 1);
        w.reads(REVIEWS, &["Approved by"]);
        w.glance();
    })
    .await;
}
