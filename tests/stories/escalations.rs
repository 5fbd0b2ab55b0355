//! Cases that a role has: taken, resolved, answered by billing, left alone.

use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::escalation::{BillingAnswer, Role};
use countersign::domain::time::Span;

use crate::people::*;
use crate::workbench::workbench;

#[tokio::test]
async fn a_case_is_taken_and_resolved_by_somebody_of_the_role() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        w.work(AGENT, "T-1013", Role::SupportL1, "take").await;
        assert!(w.told(AGENT).concat().contains("The case is yours"));
        w.work(AGENT, "T-1013", Role::SupportL1, "resolve").await;
        w.fill(AGENT, &[("why", "Told the customer by telephone")])
            .await;
        let case = w.case("T-1013").await;
        assert_eq!(case.open_escalations().count(), 0);
        w.reads(
            SUPPORT_ROOM,
            &["Told the customer by telephone", "<@U0AGENT001>"],
        );
        w.advance(Span::days(5)).await;
        assert!(
            !w.story("T-1013")
                .await
                .concat()
                .contains("took the case in time")
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn somebody_of_another_role_cannot_take_a_case() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        w.work(ENGINEER, "T-1013", Role::SupportL1, "take").await;
        w.expect_refused(RefusalCode::NotYours, 1);
        assert_eq!(w.told(ENGINEER).len(), 1);
        let case = w.case("T-1013").await;
        assert!(
            case.escalations
                .iter()
                .all(|(_, progress)| progress.taken.is_none())
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn billing_answers_with_another_amount_and_says_why() {
    workbench(async |w| {
        w.ticket("T-1002").await;
        w.work(BILLING, "T-1002", Role::Billing, "different_amount")
            .await;
        let words = "25 USD, the seat was used for a day";
        w.fill(BILLING, &[("why", words)]).await;
        let case = w.case("T-1002").await;
        let answers: Vec<_> = case
            .escalations
            .iter()
            .filter_map(|(_, progress)| progress.answer.clone())
            .collect();
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].0, BillingAnswer::DifferentAmount);
        w.reads(BILLING_ROOM, &["25 USD"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_case_that_nobody_takes_is_parked_and_its_role_pinged_each_day() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        // What nobody decides takes the place of the routing one day; here everything is decided.
        let case = w.case("T-1013").await;
        for waits in case.pending() {
            let asked = Asked {
                case: case.id.clone(),
                request: waits.request.id.clone(),
            };
            w.click(LEAD, &asked, "approve").await;
        }
        w.told(LEAD);
        let cards = || w.sandbox.messages(SUPPORT_ROOM).len();
        let before = cards();
        w.advance(Span::hours(9)).await;
        let story = w.story("T-1013").await.concat();
        assert!(
            story.contains(
                "Nobody of support took the case in time; it stays there and is pinged daily"
            ),
            "{story}"
        );
        let pings = async || {
            let case = w.case("T-1013").await;
            case.escalations[0].1.pings
        };
        let first = pings().await;
        w.advance(Span::days(1)).await;
        assert_eq!(pings().await, first + 1);
        w.advance(Span::days(1)).await;
        assert_eq!(pings().await, first + 2);
        assert!(cards() > before, "a ping is a message that rings");
        let case = w.case("T-1013").await;
        assert!(case.escalations.iter().any(|(_, progress)| progress.parked));
        let mine = case.escalations[0].0.id.clone();
        w.work_on(AGENT, "T-1013", &mine, "take").await;
        let after = pings().await;
        w.advance(Span::days(3)).await;
        assert_eq!(
            pings().await,
            after,
            "what somebody has taken is not pinged"
        );
        w.told(AGENT);
        w.glance();
    })
    .await;
}
