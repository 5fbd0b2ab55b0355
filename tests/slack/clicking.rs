//! People click in the local workspace: what is stored, what they are told, and what cards become.

use countersign::domain::approval::{RequestProgress, RequestState};
use countersign::sandbox::{Message, Pick, RawRequest, Tamper};
use serde_json::json;

use crate::ring::Ring;

const LEAD: &str = "U0LEAD0001";
const REVIEWS: &str = "C0REVIEWS1";

fn how_to() -> (&'static str, &'static str) {
    (
        "How do I export my invoices?",
        "Hello, where can I download all my invoices as PDF? Thank you.",
    )
}

fn outage() -> (&'static str, &'static str) {
    (
        "Production down for all users",
        "Since 10:02 the whole API answers 503. All our users are affected, checkout is down. This is urgent.",
    )
}

fn has(message: &Message, action: &str) -> bool {
    message
        .controls()
        .iter()
        .any(|(id, ..)| id.starts_with(action))
}

pub async fn batch_card(ring: &Ring) -> Message {
    let (subject, body) = how_to();
    ring.ticket("T-1", subject, body).await;
    ring.message(REVIEWS, |message| has(message, "cs.approve."))
        .await
}

#[tokio::test]
async fn an_approval_is_recorded_told_and_shown_on_the_card() {
    let ring = Ring::open().await;
    let card = batch_card(&ring).await;
    let answered = ring
        .sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action("cs.approve.1"))
        .await
        .unwrap();
    assert_eq!(answered.status, 200);
    let told = ring
        .message(REVIEWS, |message| {
            message.ephemeral_for.as_deref() == Some(LEAD)
        })
        .await;
    assert!(told.text.contains("recorded"), "{}", told.text);
    let after = ring
        .message(REVIEWS, |message| {
            message.ts == card.ts && message.all_text().contains("Approved by")
        })
        .await;
    assert!(
        !has(&after, "cs.approve.1"),
        "the button does not stay alive"
    );
}

#[tokio::test]
async fn somebody_else_and_a_second_click_are_told_why_nothing_happened() {
    let ring = Ring::open().await;
    let card = batch_card(&ring).await;
    let approve = || Pick::action("cs.approve.1");
    let agent = "U0AGENT001";
    ring.sandbox
        .click(agent, REVIEWS, &card.ts, approve())
        .await
        .unwrap();
    let told = ring
        .message(REVIEWS, |message| {
            message.ephemeral_for.as_deref() == Some(agent)
        })
        .await;
    assert!(
        told.all_text()
            .contains("This is for members of @support-leads"),
        "{}",
        told.all_text()
    );
    // A guest who is not in the channel cannot be told there, and is told in the direct message.
    ring.sandbox
        .click("U0GUEST001", REVIEWS, &card.ts, approve())
        .await
        .unwrap();
    let direct = ring.sandbox.dm_of("U0GUEST001");
    let told = ring
        .message(&direct, |message| message.text.contains("changed nothing"))
        .await;
    assert!(told.all_text().contains("guest"), "{}", told.all_text());
    let payload = ring
        .sandbox
        .click_payload(LEAD, REVIEWS, &card.ts, approve())
        .unwrap();
    assert_eq!(ring.sandbox.tell_bot(&payload).await.status, 200);
    ring.message(REVIEWS, |message| {
        message.all_text().contains("Approved by")
    })
    .await;
    // The same click again, as Slack sends it when our answer was lost: nothing new happens.
    let told = |ring: &Ring| {
        let all = ring.sandbox.messages(REVIEWS);
        all.iter()
            .filter(|message| message.ephemeral_for.as_deref() == Some(LEAD))
            .count()
    };
    let before = told(&ring);
    assert_eq!(ring.sandbox.tell_bot(&payload).await.status, 200);
    ring.engine.settle(500).await.unwrap();
    assert!(
        told(&ring) <= before.max(1),
        "a repeat of one click is one click"
    );
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_then_says_what_it_did() {
    let ring = Ring::open().await;
    let card = batch_card(&ring).await;
    let click = ring
        .sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action("cs.reject.1"));
    assert_eq!(click.await.unwrap().status, 200);
    let modal = ring.sandbox.modal_of(LEAD).expect("the modal is open");
    assert_eq!(modal.title(), "Reject");

    let empty = ring.sandbox.submit(LEAD, &[]).await.unwrap();
    assert!(empty.errors.contains_key("why"), "{:?}", empty.errors);
    let other = ring
        .sandbox
        .submit(LEAD, &[("preset", "other")])
        .await
        .unwrap();
    assert!(other.errors.contains_key("why"), "{:?}", other.errors);
    ring.sandbox
        .submit(LEAD, &[("preset", "not_supported"), ("why", "Too short")])
        .await
        .unwrap();
    let modal = ring.sandbox.modal_of(LEAD).expect("it says what it did");
    assert_eq!(modal.title(), "Recorded", "{}", modal.all_text());
    let after = ring
        .message(REVIEWS, |message| {
            message.all_text().contains("Rejected by")
        })
        .await;
    assert!(after.all_text().contains("Too short"));
}

#[tokio::test]
async fn an_edit_becomes_the_approved_draft() {
    let ring = Ring::open().await;
    batch_card(&ring).await;
    let card = ring
        .message(REVIEWS, |message| has(message, "cs.edit.2"))
        .await;
    ring.sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action("cs.edit.2"))
        .await
        .unwrap();
    let modal = ring.sandbox.modal_of(LEAD).expect("the modal is open");
    assert_eq!(modal.title(), "Edit and approve");
    let same = ring
        .sandbox
        .submit(LEAD, &[("why", "No reason")])
        .await
        .unwrap();
    assert!(
        same.errors["why"].contains("Nothing was changed"),
        "{:?}",
        same.errors
    );
    ring.sandbox
        .submit(
            LEAD,
            &[
                ("text.0.0", "You find them under Billing, Invoices."),
                ("why", "Shorter"),
            ],
        )
        .await
        .unwrap();
    let modal = ring.sandbox.modal_of(LEAD).expect("it says what it did");
    assert_eq!(modal.title(), "Recorded", "{}", modal.all_text());
    ring.message(REVIEWS, |message| message.all_text().contains("Superseded"))
        .await;
}

#[tokio::test]
async fn the_details_lead_to_the_end_of_the_draft_and_can_be_approved_there() {
    let ring = Ring::open().await;
    let case = ring.ticket("T-1", how_to().0, how_to().1).await;
    let card = ring
        .message(REVIEWS, |message| has(message, "cs.details."))
        .await;
    ring.sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action("cs.details.1"))
        .await
        .unwrap();
    for _ in 0..9 {
        let modal = ring.sandbox.modal_of(LEAD).expect("the modal is open");
        if !modal.label("submit").is_empty() {
            break;
        }
        ring.sandbox
            .click_modal(LEAD, Pick::label("Next"))
            .await
            .unwrap();
    }
    let modal = ring.sandbox.modal_of(LEAD).unwrap();
    assert_eq!(modal.label("submit"), "Approve");
    assert!(
        modal.all_text().contains("The draft, to its end"),
        "{}",
        modal.all_text()
    );
    ring.sandbox.submit(LEAD, &[]).await.unwrap();
    let modal = ring.sandbox.modal_of(LEAD).unwrap();
    assert_eq!(modal.title(), "Recorded", "{}", modal.all_text());
    let case = ring.store.case(&case).await.unwrap().unwrap();
    assert!(
        case.requests
            .iter()
            .any(|request| request.state == RequestState::Approved)
    );
}

#[tokio::test]
async fn the_high_tier_is_asked_by_direct_message_and_needs_a_reason() {
    let ring = Ring::open().await;
    let (subject, body) = outage();
    ring.ticket("T-9", subject, body).await;
    let copy = ring
        .message("C0INFRA001", |message| {
            message.all_text().contains("status copy")
        })
        .await;
    assert!(!has(&copy, "cs.approve"));
    let direct = ring.sandbox.dm_of(LEAD);
    let card = ring
        .message(&direct, |message| has(message, "cs.approve_why"))
        .await;
    let text = card.all_text();
    for words in [
        "Pages whoever is on call",
        "Why you are asked: high tier",
        "subject digest",
        "Similar decisions",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let pick = Pick::action("cs.approve_why");
    ring.sandbox
        .click(LEAD, &direct, &card.ts, pick)
        .await
        .unwrap();
    let empty = ring.sandbox.submit(LEAD, &[("why", "  ")]).await.unwrap();
    assert!(empty.errors.contains_key("why"), "{:?}", empty.errors);
    ring.sandbox
        .submit(LEAD, &[("why", "Everybody is affected")])
        .await
        .unwrap();
    let modal = ring.sandbox.modal_of(LEAD).expect("it says what it did");
    assert_eq!(modal.title(), "Recorded", "{}", modal.all_text());
    let after = ring
        .message(&direct, |message| {
            message.all_text().contains("Approved by")
        })
        .await;
    assert!(after.all_text().contains("Everybody is affected"));
    assert!(!has(&after, "cs.approve"));
}

#[tokio::test]
async fn an_escalation_is_taken_and_resolved_by_its_role_alone() {
    let ring = Ring::open().await;
    let (subject, body) = (
        "Refund please",
        "I was charged twice. I want a refund of 30 USD for ch_3Sample0001.",
    );
    ring.ticket("T-5", subject, body).await;
    let billing = "C0BILLING1";
    let card = ring
        .message(billing, |message| has(message, "cs.take"))
        .await;
    ring.sandbox
        .click("U0ENG00001", billing, &card.ts, Pick::action("cs.take"))
        .await
        .unwrap();
    let told = ring.told("U0ENG00001", billing).await;
    assert!(
        told.all_text().contains("This case is with billing"),
        "{}",
        told.all_text()
    );
    let clerk = "U0BILL0001";
    ring.sandbox
        .click(clerk, billing, &card.ts, Pick::action("cs.take"))
        .await
        .unwrap();
    ring.message(billing, |message| message.all_text().contains("Taken by"))
        .await;
    ring.sandbox
        .click(clerk, billing, &card.ts, Pick::action("cs.resolve"))
        .await
        .unwrap();
    ring.sandbox
        .submit(clerk, &[("why", "Answered by phone")])
        .await
        .unwrap();
    let modal = ring.sandbox.modal_of(clerk).expect("it says what it did");
    assert_eq!(modal.title(), "Recorded", "{}", modal.all_text());
    let after = ring
        .message(billing, |message| {
            message.all_text().contains("Resolved by")
        })
        .await;
    assert!(after.controls().is_empty());
}

#[tokio::test]
async fn only_what_slack_signed_for_this_app_comes_in() {
    let ring = Ring::open().await;
    let card = batch_card(&ring).await;
    let payload = ring
        .sandbox
        .click_payload(LEAD, REVIEWS, &card.ts, Pick::action("cs.approve.1"))
        .unwrap();
    let send = |payload: &serde_json::Value, tamper: Tamper| {
        let request = RawRequest::interaction(payload);
        let sandbox = &ring.sandbox;
        async move { sandbox.send_signed(request, tamper).await.status }
    };
    let unsigned = Tamper {
        drop_signature: true,
        ..Tamper::default()
    };
    assert_eq!(send(&payload, unsigned).await, 401);
    let old = Tamper {
        timestamp_offset: -301,
        ..Tamper::default()
    };
    assert_eq!(send(&payload, old).await, 401);
    let mut other_app = payload.clone();
    other_app["api_app_id"] = json!("A0OTHER001");
    assert_eq!(send(&other_app, Tamper::default()).await, 403);
    let mut bent = payload.clone();
    bent["actions"][0]["value"] = json!("approve.vzzz.1");
    assert_eq!(
        send(&bent, Tamper::default()).await,
        200,
        "a value of nobody means nothing"
    );
    let case = ring.store.case_by_number(1).await.unwrap().unwrap();
    let decided = |asked: &RequestProgress| !asked.decisions.is_empty();
    assert!(
        !case.requests.iter().any(decided),
        "nothing was decided by any of them"
    );
    let (proved, answered) = ring.sandbox.verify_url().await;
    assert!(proved, "{answered:?}");
}

#[tokio::test]
async fn when_nothing_can_be_stored_nothing_is_acknowledged() {
    let ring = Ring::open().await;
    let card = batch_card(&ring).await;
    ring.store.close().await;
    let answered = ring
        .sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action("cs.approve.1"))
        .await
        .unwrap();
    assert_eq!(answered.status, 503);
}
