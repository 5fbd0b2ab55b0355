//! What happens on the ticket itself: labels, priority, queue, notes; and what the contract's mode and lists do.

use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::sandbox::NewTicket;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{setting, workbench};

fn forgotten() -> NewTicket {
    NewTicket::plain(
        "T-2101",
        "robin@studio.example.com",
        "Password reset",
        "Hello, I forgot my password. Please send me a password reset link, I cannot log in.",
    )
}

#[tokio::test]
async fn an_approved_label_is_put_on_the_ticket() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::AddLabel).await;
        assert!(
            w.wrote("T-1013", "ticket.label").is_empty(),
            "propose_only asks first"
        );
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        let labels = w.sandbox.ticket("T-1013").unwrap().labels;
        assert_eq!(labels, ["feature_request"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_approved_priority_is_set_on_the_ticket() {
    workbench(async |w| {
        w.ticket("T-1001").await;
        let asked = w.asked("T-1001", ActionKind::SetPriority).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        let ticket = w.sandbox.ticket("T-1001").unwrap();
        assert_eq!(ticket.priority.as_deref(), Some("urgent"));
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_assigned_by_its_own_rule() {
    workbench(async |w| {
        w.written(&forgotten()).await;
        let asked = w.asked("T-2101", ActionKind::Assign).await;
        let story = w.story("T-2101").await.join("\n");
        assert!(
            story.contains("into the low tier (tickets.assign.json tier 1"),
            "{story}"
        );
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        let ticket = w.sandbox.ticket("T-2101").unwrap();
        assert_eq!(ticket.queue.as_deref(), Some("password_reset"));
        w.glance();
        assert_told!(w.story("T-2101").await.join("\n"));
    })
    .await;
}

fn apply(contract: &mut Value) {
    contract["outputs"]["mode"] = json!("apply");
}

#[tokio::test]
async fn in_apply_mode_a_sure_label_runs_without_a_question_and_nothing_else_does() {
    setting()
        .policy("contract.json", apply)
        .play(async |w| {
            w.ticket("T-1013").await;
            assert_eq!(w.wrote("T-1013", "ticket.label").len(), 1);
            let case = w.case("T-1013").await;
            let asked_about_label = case.requests.iter().any(|asked| {
                let draft = case.draft(&asked.request.draft).unwrap();
                draft.draft.action.kind() == ActionKind::AddLabel
            });
            assert!(!asked_about_label);
            w.asked("T-1013", ActionKind::NotifyCustomer).await;
            assert!(w.wrote("T-1013", "ticket.reply").is_empty());
            w.glance();
            assert_told!(w.story("T-1013").await.join("\n"));
        })
        .await;
}

#[tokio::test]
async fn what_the_contract_denies_is_never_asked_about() {
    let deny = |contract: &mut Value| {
        contract["tools"]["allow"] =
            json!(["tickets.read", "stripe.read", "tickets.add_internal_note"]);
        let denied = contract["tools"]["deny"].as_array_mut().unwrap();
        denied.push(json!("tickets.add_label"));
    };
    setting()
        .policy("contract.json", deny)
        .play(async |w| {
            w.ticket("T-1013").await;
            let case = w.case("T-1013").await;
            assert!(case.requests.iter().all(|asked| {
                let draft = case.draft(&asked.request.draft).unwrap();
                draft.draft.action.kind() != ActionKind::AddLabel
            }));
            let story = w.story("T-1013").await.join("\n");
            assert!(story.contains("it stays a proposal on record"), "{story}");
            assert!(w.wrote("T-1013", "ticket.label").is_empty());
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_rejected_label_leaves_the_ticket_as_it_was() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::AddLabel).await;
        w.click(LEAD, &asked, "reject").await;
        w.fill(LEAD, &[("preset", "not_supported")]).await;
        assert_eq!(w.state(&asked).await, RequestState::Rejected);
        assert!(w.sandbox.ticket("T-1013").unwrap().labels.is_empty());
        w.glance();
    })
    .await;
}
