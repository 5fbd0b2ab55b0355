//! "What may an action do?", line by line: what one change of the policy stops, and what goes on without it.

use std::cell::RefCell;

use countersign::adapters::models::builtin::NAME;
use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::NewTicket;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{Setting, Workbench, setting};

const LABEL: ActionKind = ActionKind::AddLabel;
const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// What became of one action when everybody who was asked agreed.
#[derive(PartialEq, Eq, Debug)]
enum Came {
    /// People were asked and it was done.
    Asked,
    /// It was done and nobody was asked.
    AtOnce,
    /// Nobody was asked and nothing was done.
    Nothing,
}

/// A ticket in which each of the tools is proposed, and the desk's word for it.
fn proposing(kind: ActionKind) -> (NewTicket, &'static str) {
    let password =
        "Hello, I forgot my password. Please send me a password reset link, I cannot log in.";
    let dark = "Is there a dark mode for the dashboard, or is one planned?";
    let outage =
        "Since 09:40 UTC production is down for all 2,300 users: http 500 on every request.";
    let (body, word) = match kind {
        ActionKind::Assign => (password, "ticket.assign"),
        ActionKind::SetPriority => (outage, "ticket.priority"),
        ActionKind::AddInternalNote => (dark, "ticket.note"),
        LABEL => (dark, "ticket.label"),
        _ => (dark, "ticket.reply"),
    };
    let ticket = NewTicket::plain("T-2601", "robin@studio.example.com", "A question", body);
    (ticket, word)
}

/// Plays a ticket under a setting; the lead agrees to everything that is asked about that action.
async fn what_comes(of: ActionKind, under: Setting) -> Came {
    let came = RefCell::new(Came::Nothing);
    under
        .play(async |w| {
            let (ticket, word) = proposing(of);
            w.written(&ticket).await;
            let before = w.wrote("T-2601", word).len();
            let asked = is_asked(w, "T-2601", of).await;
            if asked {
                assert_eq!(before, 0, "{of} was written before anybody agreed");
                let request = w.asked("T-2601", of).await;
                w.click(LEAD, &request, "approve").await;
                w.told(LEAD);
            }
            w.advance(Span::minutes(2)).await;
            let written = w.wrote("T-2601", word).len();
            assert!(written <= 1);
            *came.borrow_mut() = match (asked, written) {
                (true, 1) => Came::Asked,
                (false, 1) => Came::AtOnce,
                (false, 0) => Came::Nothing,
                other => panic!("{of}: {other:?}"),
            };
            w.glance();
        })
        .await;
    came.into_inner()
}

async fn is_asked(w: &Workbench, ticket: &str, kind: ActionKind) -> bool {
    let case = w.case(ticket).await;
    let kind_of = |id| case.draft(id).unwrap().draft.action.kind();
    case.pending()
        .any(|asked| kind_of(&asked.request.draft) == kind)
}

fn contract(edit: impl FnOnce(&mut Value)) -> Setting {
    setting().policy("contract.json", edit)
}

/// Puts a tool into `deny` and out of every other list.
fn deny(contract: &mut Value, tool: &str) {
    for list in [
        "/tools/allow",
        "/tools/deny",
        "/high_risk_actions/requires_approval",
    ] {
        let names = contract.pointer_mut(list).unwrap().as_array_mut().unwrap();
        names.retain(|name| name != tool);
    }
    let denied = contract["tools"]["deny"].as_array_mut().unwrap();
    denied.push(json!(tool));
}

#[tokio::test]
async fn what_is_denied_and_needs_no_approval_is_never_asked_about_and_never_done() {
    for (kind, shipped) in [
        (ActionKind::Assign, Came::Asked),
        (ActionKind::SetPriority, Came::Asked),
        (REPLY, Came::Asked),
        (LABEL, Came::Asked),
        (ActionKind::AddInternalNote, Came::AtOnce),
    ] {
        let denied = contract(|contract| deny(contract, kind.word()));
        assert_eq!(what_comes(kind, denied).await, Came::Nothing, "{kind}");
        assert_eq!(what_comes(kind, setting()).await, shipped, "{kind}");
    }
}

#[tokio::test]
async fn what_needs_approval_is_asked_about_even_where_mode_and_tier_would_let_it_run() {
    let free = |list: &'static str| {
        let freed = contract(|contract| {
            deny(contract, "tickets.set_priority");
            contract["tools"]["deny"] = json!([]);
            contract["outputs"]["mode"] = json!("apply");
            let names = contract.pointer_mut(list).unwrap().as_array_mut().unwrap();
            names.push(json!("tickets.set_priority"));
        });
        freed.policy("tiers/tickets.set_priority.json", |tiers| {
            tiers["tiers"] = json!([{ "tier": "low", "route": "auto_execute" }]);
        })
    };
    let kind = ActionKind::SetPriority;
    assert_eq!(
        what_comes(kind, free("/high_risk_actions/requires_approval")).await,
        Came::Asked
    );
    assert_eq!(what_comes(kind, free("/tools/allow")).await, Came::AtOnce);
}

#[tokio::test]
async fn what_is_in_neither_list_stays_a_note_in_every_mode() {
    for mode in ["propose_only", "apply"] {
        let unlisted = contract(|contract| {
            contract["outputs"]["mode"] = json!(mode);
            let allowed = contract["tools"]["allow"].as_array_mut().unwrap();
            allowed.retain(|name| name != "tickets.add_label");
        });
        assert_eq!(what_comes(LABEL, unlisted).await, Came::Nothing, "{mode}");
    }
}

#[tokio::test]
async fn a_mode_of_apply_lets_a_sure_label_run_and_propose_only_asks() {
    let apply = contract(|contract| contract["outputs"]["mode"] = json!("apply"));
    assert_eq!(what_comes(LABEL, apply).await, Came::AtOnce);
    assert_eq!(what_comes(LABEL, setting()).await, Came::Asked);
    // A reply is asked about in both.
    let apply = contract(|contract| contract["outputs"]["mode"] = json!("apply"));
    assert_eq!(what_comes(REPLY, apply).await, Came::Asked);
}

/// A change of the contract.
type Edit = fn(&mut Value);

/// Three ways to have a proposal recorded and nothing applied, each by one change of the contract.
fn recorded_only() -> [(&'static str, Edit); 3] {
    [
        ("the mode is classify", |contract| {
            contract["outputs"]["mode"] = json!("classify_only")
        }),
        ("quarantine", |contract| {
            contract["quarantine"] = json!([NAME])
        }),
        ("is blocked", |contract| {
            contract["block_categories"] = json!(["feature_request"])
        }),
    ]
}

#[tokio::test]
async fn a_mode_a_model_or_a_category_that_is_not_relied_on_leaves_the_ticket_alone() {
    for (why, edit) in recorded_only() {
        contract(edit)
            .play(async |w| {
                w.ticket("T-1013").await;
                let case = w.case("T-1013").await;
                assert!(case.requests.is_empty(), "{why}: nobody is asked");
                assert!(
                    !case.drafts.is_empty(),
                    "{why}: what was proposed is recorded"
                );
                w.advance(Span::days(3)).await;
                assert!(
                    w.sandbox.writes().is_empty(),
                    "{why}: {:?}",
                    w.sandbox.writes()
                );
                let story = w.story("T-1013").await.join("\n");
                assert!(story.contains(why), "{why}: {story}");
                w.glance();
            })
            .await;
    }
}

/// A reply is approved and held for its half minute; meanwhile the policy changes.
async fn approved_and_then(changed: impl AsyncFn(&mut Workbench), written: usize, said: &str) {
    setting()
        .play(async |w| {
            w.ticket("T-1013").await;
            let asked = w.asked("T-1013", REPLY).await;
            w.click(LEAD, &asked, "approve").await;
            assert_eq!(w.state(&asked).await, RequestState::Approved);
            changed(w).await;
            w.advance(Span::minutes(10)).await;
            assert_eq!(w.wrote("T-1013", "ticket.reply").len(), written, "{said}");
            let story = w.story("T-1013").await.join("\n");
            assert!(story.contains(said), "{said}: {story}");
            w.told(LEAD);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn what_was_approved_is_void_once_the_contract_does_not_rely_on_it_any_more() {
    for (why, edit) in recorded_only() {
        approved_and_then(async |w| w.pins("contract.json", edit).await, 0, why).await;
    }
    let denied = |contract: &mut Value| deny(contract, "tickets.notify_customer");
    approved_and_then(async |w| w.pins("contract.json", denied).await, 0, "denies").await;
    // The control: a change that is not about replies stops nothing.
    let limit = |contract: &mut Value| contract["limits"]["rate_limit_per_minute"] = json!(59);
    approved_and_then(async |w| w.pins("contract.json", limit).await, 1, "approve").await;
}

#[tokio::test]
async fn an_approver_whom_the_new_policy_does_not_name_any_more_has_not_approved() {
    let others = |approvers: &mut Value| {
        let billing = approvers["rules"]["billing_reviewers"].clone();
        approvers["rules"]["batch_reviewers"] = billing;
    };
    let renamed = async |w: &mut Workbench| w.pins("approvers.json", others).await;
    approved_and_then(renamed, 0, "too few of the people").await;
}
