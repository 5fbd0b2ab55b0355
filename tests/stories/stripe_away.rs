//! Stripe answers one question and not the next: what is not known is waited for, then named, and never lowers a tier.

use countersign::domain::approval::Tier;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::{At, Span};
use countersign::sandbox::Fault;

use crate::people::*;
use crate::workbench::{MONDAY, Workbench, workbench};

const FOREVER: usize = 100_000;

/// Lets minutes pass one by one, as a running bot does, until a moment after the ticket came.
async fn until_minute(w: &Workbench, minute: i64) {
    while w.engine().time() < At(MONDAY.0 + Span::minutes(minute).0) {
        w.advance(Span::minutes(1)).await;
    }
}

/// What was said about a refund so far: the tiers that it was asked in, and whether billing has it without a question.
async fn refund_of(w: &Workbench, ticket: &str) -> (Vec<Tier>, bool) {
    let case = w.case(ticket).await;
    let kind = |id| case.draft(id).unwrap().draft.action.kind();
    let asked = case.requests.iter().map(|asked| &asked.request);
    let tiers = asked
        .filter(|request| kind(&request.draft) == ActionKind::Refund)
        .map(|request| request.tier)
        .collect();
    let recommended = EscalationCause::Recommended;
    let straight = case
        .escalations
        .iter()
        .any(|(one, _)| one.cause == recommended);
    (tiers, straight)
}

/// One question about a small refund, which goes to billing without a question when all is known, is not answered.
async fn never_a_lower_tier(question: &str, fault: Fault) {
    workbench(async |w| {
        w.sandbox.fault(question, fault.clone(), FOREVER);
        w.ticket("T-1002").await;
        until_minute(w, 14).await;
        assert_eq!(
            refund_of(w, "T-1002").await,
            (vec![], false),
            "it is waited for"
        );
        until_minute(w, 25).await;
        w.sandbox.clear_faults();
        let (tiers, straight) = refund_of(w, "T-1002").await;
        assert!(
            !straight,
            "{question}: nothing goes to billing as recommended"
        );
        assert!(
            tiers.iter().all(|tier| *tier == Tier::High),
            "{question}: {tiers:?}"
        );
        let story = w.story("T-1002").await.join("\n");
        assert!(story.contains("is asked no more"), "{question}: {story}");
        let case = w.case("T-1002").await;
        let with_billing = case
            .open_escalations()
            .any(|(one, _)| one.role == Role::Billing);
        assert!(
            with_billing || !tiers.is_empty(),
            "{question}: somebody has it"
        );
        let room = w.read(BILLING_ROOM);
        let said = room.contains("No answer came in time from stripe (");
        assert!(said, "{question}: the card names the source:\n{room}");
        assert!(!room.contains("is being read"), "{question}: {room}");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_customer_without_charges_that_can_be_read_is_not_recommended_for() {
    never_a_lower_tier("stripe.charges", Fault::LostAnswer).await;
}

#[tokio::test]
async fn disputes_refunds_and_warnings_that_cannot_be_read_lower_nothing() {
    for question in ["stripe.disputes", "stripe.refunds", "stripe.radar"] {
        never_a_lower_tier(question, Fault::ServerError).await;
    }
}

#[tokio::test]
async fn nonsense_in_place_of_an_answer_lowers_nothing() {
    never_a_lower_tier("stripe.customers", Fault::Nonsense).await;
    never_a_lower_tier("stripe.disputes", Fault::Nonsense).await;
}

#[tokio::test]
async fn a_question_that_is_always_told_to_wait_lowers_nothing() {
    never_a_lower_tier("stripe.charges", Fault::RateLimited { retry_after: 30 }).await;
}

#[tokio::test]
async fn stripe_that_comes_back_in_minute_fourteen_is_in_time() {
    workbench(async |w| {
        w.sandbox
            .fault("stripe.disputes", Fault::ServerError, FOREVER);
        w.ticket("T-1002").await;
        until_minute(w, 14).await;
        w.sandbox.clear_faults();
        until_minute(w, 25).await;
        assert_eq!(refund_of(w, "T-1002").await, (vec![], true));
        let story = w.story("T-1002").await.join("\n");
        assert!(!story.contains("asked no more"), "{story}");
        w.reads(BILLING_ROOM, &["30.00 USD"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn stripe_is_asked_again_only_after_the_time_that_it_named() {
    workbench(async |w| {
        let wait = Fault::RateLimited { retry_after: 300 };
        w.sandbox.fault("stripe.charges", wait, 1);
        w.ticket("T-1002").await;
        let asked = || {
            let calls = w.sandbox.calls();
            calls
                .iter()
                .filter(|one| one.method == "stripe.charges")
                .count()
        };
        assert_eq!(asked(), 1);
        until_minute(w, 4).await;
        assert_eq!(asked(), 1, "Retry-After is honoured");
        until_minute(w, 7).await;
        assert!(asked() > 1);
        assert_eq!(
            refund_of(w, "T-1002").await,
            (vec![], true),
            "as if nothing had been"
        );
        w.glance();
    })
    .await;
}
