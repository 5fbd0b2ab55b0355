//! Nobody vouches for who asked: a person of the role says so, others decide, and nothing of it can be forged.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::case::cards::of_escalation;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;
use countersign::sandbox::{NewTicket, Pick};
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{Setting, Workbench, setting};

const STUDIO: &str = "cus_DemoStudio";
const CALLED: &str = "Called back on the number in their contract";

/// The source of the tickets does not say who asked.
fn unverified() -> Setting {
    setting().manifest("workspace.json", |workspace| {
        workspace["intake"][0]["verifies_requesters"] = json!(false);
    })
}

/// Presses the button and fills in the modal. What the modal says then.
async fn links(w: &Workbench, who: &str, ticket: &str, customer: &str) -> String {
    w.work(who, ticket, Role::Billing, "link_customer").await;
    w.fill(who, &[("customer", customer), ("why", CALLED)])
        .await
}

async fn linked(w: &Workbench, ticket: &str) -> usize {
    let events = w.events(ticket).await;
    let links = |event: &&CaseEvent| matches!(event, CaseEvent::CustomerLinked { .. });
    events.iter().filter(links).count()
}

fn asked_of_stripe(w: &Workbench) -> usize {
    let calls = w.sandbox.calls();
    calls
        .iter()
        .filter(|call| call.method.starts_with("stripe"))
        .count()
}

/// The payload of the button on the newest card of the case at billing.
async fn button(w: &Workbench, who: &str, ticket: &str) -> Value {
    let case = w.case(ticket).await;
    let (escalation, _) = case.open_escalations().last().unwrap();
    let card = of_escalation(&case, &escalation.id).pop().unwrap();
    let (channel, ts) = w.store().card(&card).await.unwrap().unwrap();
    let pick = Pick::action("cs.link_customer.0");
    let payload = w.sandbox.click_payload(who, channel.as_str(), &ts, pick);
    payload.unwrap()
}

#[tokio::test]
async fn a_linked_customer_gets_a_refund_that_somebody_else_approves() {
    unverified()
        .play(async |w| {
            w.ticket("T-1002").await;
            assert_eq!(asked_of_stripe(w), 0);
            w.reads(
                BILLING_ROOM,
                &["NOT verified", "Find out who asked", "Link customer…"],
            );
            let cannot_tell = w.asked("T-1002", ActionKind::NotifyCustomer).await;
            let said = links(w, BILLING, "T-1002", STUDIO).await;
            assert!(
                said.contains(STUDIO) && said.contains("somebody else"),
                "{said}"
            );
            assert!(asked_of_stripe(w) > 3);
            assert_eq!(w.state(&cannot_tell).await, RequestState::Superseded);

            // Of a requester whom the source vouches for, this is the lowest tier and goes straight to billing.
            let refund = w.asked("T-1002", ActionKind::Refund).await;
            let progress = w.request("T-1002", ActionKind::Refund).await;
            assert_eq!(progress.request.tier, Tier::Medium);
            let case = w.case("T-1002").await;
            let straight = |cause: EscalationCause| cause == EscalationCause::Recommended;
            assert!(!case.escalations.iter().any(|(one, _)| straight(one.cause)));
            w.reads(
                BILLING_ROOM,
                &[
                    "30.00 USD",
                    "Linked to",
                    STUDIO,
                    "<@U0BILL0001>",
                    "does not vouch",
                    CALLED,
                ],
            );

            w.click(BILLING, &refund, "approve").await;
            assert_eq!(w.state(&refund).await, RequestState::Pending);
            let told = w.told(BILLING).concat();
            assert!(told.contains("somebody else has to decide"), "{told}");
            w.expect_refused(RefusalCode::OwnDraft, 1);
            w.click(BILLING_TOO, &refund, "approve").await;
            assert_eq!(w.state(&refund).await, RequestState::Approved);
            w.told(BILLING_TOO);
            w.reads(
                BILLING_ROOM,
                &["Approved by", "No money has moved", "Linked to", STUDIO],
            );
            w.glance();
            assert_told!(w.story("T-1002").await.join("\n"));
        })
        .await;
}

#[tokio::test]
async fn a_customer_of_nobody_is_said_to_be_none_and_another_can_be_linked() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            links(w, BILLING, "T-1003", "cus_Nobody").await;
            w.reads(
                BILLING_ROOM,
                &[
                    "The link to cus_Nobody does not hold",
                    "Stripe has no such customer",
                    "Link customer…",
                ],
            );
            let case = w.case("T-1003").await;
            assert!(case.identity_needed.is_some() && case.link().is_none());
            let reply = w.asked("T-1003", ActionKind::NotifyCustomer).await;
            assert_eq!(
                w.state(&reply).await,
                RequestState::Pending,
                "what stood stands"
            );
            links(w, BILLING_TOO, "T-1003", "cus_DemoHarbour").await;
            let refund = w.asked("T-1003", ActionKind::Refund).await;
            // Only whoever made the link that holds is out.
            w.click(BILLING, &refund, "approve").await;
            assert_eq!(w.state(&refund).await, RequestState::Approved);
            w.told(BILLING);
            w.glance();
            let story = w.story("T-1003").await.join("\n");
            assert!(story.contains("no such customer"), "{story}");
        })
        .await;
}

#[tokio::test]
async fn a_new_message_keeps_the_link_and_says_so() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            links(w, BILLING, "T-1003", "cus_DemoHarbour").await;
            let first = w.asked("T-1003", ActionKind::Refund).await;
            w.clock.advance(Span::hours(1));
            let words = "Any news about the 180.00 USD refund of ch_3DemoHarbour180?";
            let sent = w.sandbox.customer_writes("T-1003", words).await;
            assert!(sent.status < 300, "{}", sent.body);
            w.settle().await;
            assert_eq!(w.state(&first).await, RequestState::Superseded);
            let again = w.asked("T-1003", ActionKind::Refund).await;
            let progress = w.request("T-1003", ActionKind::Refund).await;
            let authors: Vec<&str> = progress
                .request
                .authors
                .iter()
                .map(|person| person.user.as_str())
                .collect();
            assert_eq!(authors, [BILLING]);
            w.click(BILLING, &again, "approve").await;
            w.expect_refused(RefusalCode::OwnDraft, 1);
            w.told(BILLING);
            w.glance();
            let story = w.story("T-1003").await.join("\n");
            assert!(
                story.contains("who asked is still linked to cus_DemoHarbour"),
                "{story}"
            );
            assert_eq!(linked(w, "T-1003").await, 1);
        })
        .await;
}

#[tokio::test]
async fn the_first_link_counts_and_the_second_person_is_told_who_was_first() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            // Both have the window open; one sends it twice.
            w.work(BILLING, "T-1003", Role::Billing, "link_customer")
                .await;
            w.work(BILLING_TOO, "T-1003", Role::Billing, "link_customer")
                .await;
            let filled = [("customer", "cus_DemoHarbour"), ("why", CALLED)];
            let both = w.during(async {
                let first = w.sandbox.submit(BILLING, &filled).await.unwrap();
                let second = w.sandbox.submit(BILLING_TOO, &filled).await.unwrap();
                (first.status, second.status)
            });
            assert_eq!(both.await, (200, 200));
            let told = w.sandbox.modal_of(BILLING_TOO).unwrap().all_text();
            assert!(
                told.contains("cus_DemoHarbour") && told.contains("already"),
                "{told}"
            );
            w.settle().await;
            assert_eq!(linked(w, "T-1003").await, 1);
            w.expect_refused(RefusalCode::TooLate, 1);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn what_is_no_customer_id_or_has_no_sentence_is_said_in_the_window() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            w.work(BILLING, "T-1003", Role::Billing, "link_customer")
                .await;
            for (customer, why, field) in [
                ("ch_3DemoHarbour180", CALLED, "customer"),
                ("cus_DemoHarbour/charges", CALLED, "customer"),
                ("", CALLED, "customer"),
                ("cus_DemoHarbour", " ", "why"),
            ] {
                let filled = [("customer", customer), ("why", why)];
                let sent = w.during(w.sandbox.submit(BILLING, &filled)).await.unwrap();
                let fields: Vec<&String> = sent.errors.keys().collect();
                assert_eq!(fields, [field], "{customer:?}");
            }
            assert_eq!(linked(w, "T-1003").await, 0);
            assert_eq!(asked_of_stripe(w), 0);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn another_role_a_guest_and_whoever_wrote_the_ticket_link_nothing() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            let said = links(w, LEAD, "T-1003", "cus_DemoHarbour").await;
            assert!(said.contains("with billing"), "{said}");
            w.expect_refused(RefusalCode::NotYours, 1);

            // A guest does not see the card; the button's value in a guest's hand opens nothing.
            let mut guest = button(w, BILLING, "T-1003").await;
            guest["user"]["id"] = json!("U0GUEST001");
            let answered = w.during(w.sandbox.tell_bot(&guest)).await;
            assert!(answered.status < 500);
            assert!(w.sandbox.modal_of("U0GUEST001").is_none());

            // One of billing writes in and would be paid back by their own word.
            let own = NewTicket::plain(
                "T-2301",
                "billing.one@example.com",
                "Refund of 180.00 USD",
                "Please refund the 180.00 USD of last month, ch_3DemoHarbour180.",
            );
            w.written(&own).await;
            links(w, BILLING, "T-2301", "cus_DemoHarbour").await;
            w.expect_refused(RefusalCode::OwnDraft, 1);
            w.settle().await;
            for ticket in ["T-1003", "T-2301"] {
                assert_eq!(linked(w, ticket).await, 0, "{ticket}");
            }
            assert_eq!(asked_of_stripe(w), 0);
            w.told("U0GUEST001");
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_resolved_case_and_a_value_from_elsewhere_link_nothing() {
    unverified()
        .play(async |w| {
            w.ticket("T-1003").await;
            w.ticket("T-1013").await;
            // The window is open while somebody resolves the case.
            w.work(BILLING, "T-1003", Role::Billing, "link_customer")
                .await;
            let kept = button(w, BILLING_TOO, "T-1003").await;
            w.work(BILLING_TOO, "T-1003", Role::Billing, "resolve")
                .await;
            w.fill(BILLING_TOO, &[]).await;
            let filled = [("customer", "cus_DemoHarbour"), ("why", CALLED)];
            let said = w.fill(BILLING, &filled).await;
            assert!(said.contains("resolved this already"), "{said}");
            w.expect_refused(RefusalCode::TooLate, 1);

            // The verb on a rendering of a request, and on one that nobody ever made.
            let reply = w.asked("T-1013", ActionKind::NotifyCustomer).await;
            let spot = w.spot(LEAD, &reply, "approve").await;
            let pick = Pick::action(&spot.action);
            let approve = w.sandbox.click_payload(LEAD, &spot.channel, &spot.ts, pick);
            let approve = approve.unwrap()["actions"][0]["value"].clone();
            let value = approve
                .as_str()
                .unwrap()
                .replace("approve", "link_customer");
            let nowhere = format!("link_customer.v{}.{}", "a".repeat(24), "0".repeat(32));
            for value in [value, nowhere] {
                let mut forged = kept.clone();
                forged["actions"][0]["value"] = json!(value);
                let answered = w.during(w.sandbox.tell_bot(&forged)).await;
                assert!(answered.status < 500, "{}", answered.body);
                let open = w.sandbox.modal_of(BILLING_TOO);
                let form = open.is_some_and(|modal| modal.body.contains_key("submit"));
                assert!(!form, "a window was opened by {forged}");
            }
            w.settle().await;
            assert_eq!(linked(w, "T-1003").await, 0);
            assert_eq!(linked(w, "T-1013").await, 0);
            assert_eq!(asked_of_stripe(w), 0);
            w.told(BILLING_TOO);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_requester_whom_the_source_vouches_for_is_not_linked_to_anybody() {
    setting()
        .play(async |w| {
            w.ticket("T-1003").await;
            assert!(!w.read(BILLING_ROOM).contains("Link customer"));
            // The verb is put on the value of another button of the same card.
            let case = w.case("T-1003").await;
            let (escalation, _) = case.open_escalations().last().unwrap();
            let card = of_escalation(&case, &escalation.id).pop().unwrap();
            let (channel, ts) = w.store().card(&card).await.unwrap().unwrap();
            let pick = Pick::action("cs.resolve.0");
            let resolve = w
                .sandbox
                .click_payload(BILLING, channel.as_str(), &ts, pick);
            let mut forged = resolve.unwrap();
            let value = forged["actions"][0]["value"].as_str().unwrap().to_owned();
            forged["actions"][0]["value"] = json!(value.replace("resolve", "link_customer"));
            w.during(w.sandbox.tell_bot(&forged)).await;
            let said = w
                .fill(BILLING, &[("customer", STUDIO), ("why", CALLED)])
                .await;
            assert!(said.contains("does not wait to hear who asked"), "{said}");
            w.expect_refused(RefusalCode::IdentityKnown, 1);
            assert_eq!(linked(w, "T-1003").await, 0);
            w.glance();
        })
        .await;
}
