//! Tickets that want too much: foreign charges, open disputes, instructions to the machine, leaked keys, strangers.

use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::time::Span;
use countersign::sandbox::Fault;
use serde_json::{Value, json};

use crate::log::{heard, listen};
use crate::people::*;
use crate::workbench::{Workbench, setting, workbench};

async fn asked_about(w: &Workbench, ticket: &str, kind: ActionKind) -> bool {
    let case = w.case(ticket).await;
    case.requests.iter().any(|asked| {
        let draft = case.draft(&asked.request.draft).unwrap();
        draft.draft.action.kind() == kind
    })
}

#[tokio::test]
async fn a_refund_with_an_open_dispute_goes_to_billing_and_nobody_can_approve_it() {
    workbench(async |w| {
        w.ticket("T-1006").await;
        assert!(!asked_about(w, "T-1006", ActionKind::Refund).await);
        let case = w.case("T-1006").await;
        let blocked = case
            .escalations
            .iter()
            .find(|(one, _)| one.cause == EscalationCause::Blocked);
        assert_eq!(blocked.unwrap().0.role, Role::Billing);
        w.reads(BILLING_ROOM, &["75.00 USD", "chargeback open"]);
        w.glance();
        assert_told!(w.story("T-1006").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_charge_yields_neither_its_data_nor_that_it_exists() {
    workbench(async |w| {
        w.ticket("T-1005").await;
        assert!(!asked_about(w, "T-1005", ActionKind::Refund).await);
        let mut said: Vec<String> = w
            .everything()
            .iter()
            .map(|one| format!("{} {}", one.all_text(), one.blocks))
            .collect();
        said.extend(
            w.sandbox
                .writes()
                .iter()
                .map(|write| write.document.to_string()),
        );
        for text in said {
            assert!(
                !text.contains("finance@meridian") && !text.contains("cus_DemoMeridian"),
                "{text}"
            );
        }
        w.glance();
        assert_told!(w.story("T-1005").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn an_unverified_requester_is_asked_about_and_stripe_is_not() {
    let unverified = |workspace: &mut Value| {
        workspace["intake"][0]["verifies_requesters"] = json!(false);
    };
    setting()
        .manifest("workspace.json", unverified)
        .play(async |w| {
            w.ticket("T-1003").await;
            let calls = w.sandbox.calls();
            assert!(calls.iter().all(|call| !call.method.starts_with("stripe")));
            let story = w.story("T-1003").await.join("\n");
            assert!(story.contains("does not vouch"), "{story}");
            let case = w.case("T-1003").await;
            assert!(!case.escalations.is_empty(), "a person has it");
            w.glance();
            assert_told!(story);
        })
        .await;
}

#[tokio::test]
async fn an_instruction_to_the_machine_has_no_effect() {
    workbench(async |w| {
        w.ticket("T-1008").await;
        assert!(!asked_about(w, "T-1008", ActionKind::Refund).await);
        assert!(!asked_about(w, "T-1008", ActionKind::Credit).await);
        assert!(w.sandbox.messages("C0GENERAL1").is_empty());
        let case = w.case("T-1008").await;
        assert!(
            case.escalations
                .iter()
                .all(|(one, _)| one.cause != EscalationCause::Recommended)
        );
        w.advance(Span::days(5)).await;
        assert!(w.wrote("T-1008", "ticket.reply").is_empty());
        w.glance();
        let story = w.story("T-1008").await.join("\n");
        assert!(story.contains("instruction"), "{story}");
    })
    .await;
}

#[tokio::test]
async fn a_leaked_key_reaches_no_card_no_note_no_reply_and_no_log() {
    listen();
    workbench(async |w| {
        // A failure of Slack and of the desk is logged, with what was tried.
        w.sandbox.fault("chat.postMessage", Fault::ServerError, 1);
        w.sandbox.fault("desk.writes", Fault::ServerError, 1);
        w.ticket("T-1009").await;
        w.advance(Span::minutes(1)).await;
        let reply = w.asked("T-1009", ActionKind::NotifyCustomer).await;
        w.click(LEAD, &reply, "details").await;
        let mut said = vec![w.sandbox.modal_of(LEAD).unwrap().all_text()];
        w.click(LEAD, &reply, "approve").await;
        w.told(LEAD);
        w.advance(Span::minutes(2)).await;
        assert_eq!(w.wrote("T-1009", "ticket.reply").len(), 1);
        said.extend(
            w.everything()
                .iter()
                .map(|one| format!("{} {}", one.all_text(), one.blocks)),
        );
        said.extend(
            w.sandbox
                .writes()
                .iter()
                .map(|write| write.document.to_string()),
        );
        said.extend(w.story("T-1009").await);
        assert!(said.len() > 10);
        for text in said {
            assert!(!text.contains("NotARealKey"), "{text}");
        }
        assert!(
            w.read(SECURITY_ROOM).contains("[API_KEY_1]") || w.direct(LEAD).contains("[API_KEY_1]")
        );
        w.glance();
    })
    .await;
    let log = heard();
    for word in ["NotARealKey", "dev@harbour", "401 on every call"] {
        assert!(!log.contains(word), "{log}");
    }
}
