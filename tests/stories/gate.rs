//! The severity gate: below 3 a case is routed, from 3 on a support lead agrees before an engineer is paged.

use countersign::domain::approval::RequestState;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{Carries, EscalationCause, Role};

use crate::people::*;
use crate::workbench::workbench;

#[tokio::test]
async fn a_small_matter_is_routed_to_its_role_and_wakes_nobody() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let case = w.case("T-1013").await;
        let routed: Vec<_> = case
            .escalations
            .iter()
            .map(|(one, _)| (one.role, one.cause))
            .collect();
        assert_eq!(routed, [(Role::SupportL1, EscalationCause::Routed)]);
        assert!(
            w.story("T-1013")
                .await
                .iter()
                .all(|said| !said.contains("ages the on-call"))
        );
        w.reads(SUPPORT_ROOM, &["case #1", "feature request"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_outage_pages_infra_only_after_a_support_lead_agreed_with_a_reason() {
    workbench(async |w| {
        w.ticket("T-1001").await;
        let asked = w.asked("T-1001", ActionKind::PageOncall).await;
        assert!(
            w.case("T-1001").await.escalations.is_empty(),
            "nobody is paged before"
        );
        assert!(!w.read(INFRA_ROOM).contains("Paged"));
        w.click(LEAD, &asked, "approve_why").await;
        w.fill(LEAD, &[("why", "Production is down for everybody")])
            .await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        let case = w.case("T-1001").await;
        let (page, _) = case.escalations.last().unwrap();
        assert_eq!(
            (page.role, page.cause, page.carries),
            (Role::Infra, EscalationCause::Paged, Carries::Urgent)
        );
        w.reads(INFRA_ROOM, &["Page", "Production is down for everybody"]);
        w.work(ENGINEER, "T-1001", Role::Infra, "take").await;
        assert!(w.told(ENGINEER).concat().contains("recorded"));
        w.reads(INFRA_ROOM, &["<@U0ENG00001>"]);
        w.glance();
        assert_told!(w.story("T-1001").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn an_engineer_may_not_page_himself() {
    workbench(async |w| {
        w.ticket("T-1001").await;
        let asked = w.asked("T-1001", ActionKind::PageOncall).await;
        let spot = w.spot(LEAD, &asked, "approve_why").await;
        w.press(ENGINEER, &spot).await;
        w.settle().await;
        if w.sandbox.modal_of(ENGINEER).is_some() {
            let said = w.fill(ENGINEER, &[("why", "It is on fire")]).await;
            assert!(
                said.contains("changed nothing") || said.contains("This is for"),
                "{said}"
            );
            w.expect_refused(RefusalCode::NotYours, 1);
        } else {
            assert!(w.told(ENGINEER).concat().contains("This is for"));
        }
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.glance();
    })
    .await;
}
