//! Approve with changes.

use countersign::domain::approval::{RequestState, Tier, Verb};
use countersign::domain::case::StepState;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::Gate;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::{Action, Origin};
use countersign::domain::escalation::EscalationCause;
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;
use countersign::domain::verdict::Category;

use crate::support::*;

fn is_decided(event: &CaseEvent) -> bool {
    matches!(event, CaseEvent::Decided { .. })
}

#[test]
fn an_edit_at_the_same_tier_is_the_editors_approval_of_the_new_draft() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let first = world.request();
    let events = world
        .click(&BILLING, &first.id, edit(refund(15_000)))
        .unwrap();
    assert_eq!(events.iter().filter(|event| is_decided(event)).count(), 1);
    let second = world.newest();
    assert_eq!(second.state, RequestState::Approved);
    assert_eq!(second.decisions[0].verb, Verb::Edit);
    assert_eq!(second.decisions[0].subject, second.request.subject);
    assert_eq!(second.request.asking, first.asking);
    assert!(second.request.authors.contains(&BILLING.person()));
    let old = world.case.request(&first.id).unwrap();
    assert_eq!(old.state, RequestState::Superseded);
    assert_eq!(old.successor.as_ref(), Some(&second.request.id));
    let draft = world.asked_draft();
    assert_eq!(draft.rationale, sealed("better so"));
    assert!(matches!(draft.origin, Origin::Edit { of, .. } if of == first.draft));
}

#[test]
fn an_edit_at_a_higher_tier_counts_for_nothing_and_asks_that_tier() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let first = world.newest_id();
    let events = world.click(&BILLING, &first, edit(refund(60_000))).unwrap();
    assert!(!events.iter().any(is_decided));
    let second = world.newest().clone();
    assert_eq!(
        (second.state, second.request.tier),
        (RequestState::Pending, Tier::High)
    );
    assert_eq!(
        second.request.asking.approver_rule.as_str(),
        "finance_oncall"
    );
    // The new proposal stands on the ticket as well.
    let draft = second.request.draft;
    assert!(matches!(
        world.case.step(&draft, Phase::Note),
        Some(StepState::Due(_))
    ));
    let own = world
        .click(&BILLING, &second.request.id, approve())
        .unwrap_err();
    assert_eq!(own.code, Code::OwnDraft);
    assert!(world.click(&FINANCE, &second.request.id, approve()).is_ok());
}

#[test]
fn a_higher_tier_of_the_same_people_still_wants_somebody_else() {
    let assign = |queue: &str| Action::Assign {
        queue: queue.into(),
    };
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(Category::PasswordReset, 2)
        .gathered(charge());
    world.draft(vec![assign("password_reset")]);
    let first = world.request();
    assert_eq!(first.tier, Tier::Low);
    let events = world.click(&LEAD, &first.id, edit(assign("vip"))).unwrap();
    assert!(!events.iter().any(is_decided));
    let second = world.request();
    assert_eq!(second.tier, Tier::Medium);
    let own = world.click(&LEAD, &second.id, approve()).unwrap_err();
    assert_eq!(own.code, Code::OwnDraft);
    assert!(world.click(&LEAD_TWO, &second.id, approve()).is_ok());
}

#[test]
fn an_edit_to_a_lower_tier_stays_with_the_people_who_were_asked() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let request = world.newest_id();
    world
        .click(&BILLING, &request, edit(refund(3_000)))
        .unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
    assert_eq!(world.newest().request.tier, Tier::Low);
}

#[test]
fn an_edit_counts_once_towards_a_quorum_and_earlier_approvals_do_not() {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let first = world.newest_id();
    world.click(&LEAD_TWO, &first, approve()).unwrap();
    world.click(&LEAD, &first, edit(reply("changed"))).unwrap();
    let second = world.newest_id();
    assert_eq!(world.newest().state, RequestState::Pending);
    assert_eq!(world.newest().decisions.len(), 1);
    let again = world.click(&LEAD, &second, approve()).unwrap_err();
    assert_eq!(again.code, Code::Twice);
    world.click(&LEAD_TWO, &second, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
    world.later(Span::seconds(30));
    let draft = world.asked_draft().id;
    assert!(matches!(world.gate(&draft, Phase::Act), Gate::Permit(_)));
}

#[test]
fn an_edit_into_an_amount_that_is_not_the_editors_counts_for_nothing() {
    let bands = (
        "approvers.json",
        r#""billing_reviewers": { "groups": [{ "id": "S0BILLING1", "label": "@billing-team" }] }"#,
        r#""billing_reviewers": { "currency": "usd", "amount_bands": [
            { "lte": 200, "groups": ["S0BILLING1"] }, { "gt": 200, "users": ["U0FIN00002"] }] }"#,
    );
    let mut world = World::asking_refund(policy(&[bands]), 18_000);
    let request = world.newest_id();
    let mut within = world.clone();
    within
        .click(&BILLING, &request, edit(refund(19_000)))
        .unwrap();
    assert_eq!(within.newest().state, RequestState::Approved);
    let events = world
        .click(&BILLING, &request, edit(refund(40_000)))
        .unwrap();
    assert!(!events.iter().any(is_decided));
    assert_eq!(world.newest().state, RequestState::Pending);
    let request = world.newest_id();
    assert!(world.click(&FINANCE_LEAD, &request, approve()).is_ok());
}

#[test]
fn the_editor_may_take_the_own_approval_back_but_not_decide_again() {
    let mut world = World::asking_reply(policy(&[]));
    let first = world.newest_id();
    world.click(&LEAD, &first, edit(reply("changed"))).unwrap();
    let second = world.newest_id();
    world
        .click(
            &LEAD,
            &second,
            countersign::domain::case::command::Wants::Undo,
        )
        .unwrap();
    let third = world.newest_id();
    assert_eq!(
        world.click(&LEAD, &third, approve()).unwrap_err().code,
        Code::OwnDraft
    );
    assert!(world.click(&LEAD_TWO, &third, approve()).is_ok());
}

#[test]
fn whoever_may_decide_may_take_back_and_the_record_says_who_did() {
    let undo = countersign::domain::case::command::Wants::Undo;
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    let refused = world.click(&AGENT, &request, undo.clone()).unwrap_err();
    assert_eq!(refused.code, Code::NotYours);
    let events = world.click(&LEAD_TWO, &request, undo).unwrap();
    let why = events.iter().find_map(|event| match event {
        CaseEvent::Settled { why, .. } => why.clone(),
        _ => None,
    });
    let by = format!("<@{}> took it back", LEAD_TWO.person().user);
    assert!(why.unwrap().starts_with(&by));
}

#[test]
fn while_a_new_message_is_read_nothing_can_be_edited() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![label("vip")]);
    let request = world.newest_id();
    world.write_again();
    let refusal = world.click(&LEAD, &request, edit(label("x"))).unwrap_err();
    assert_eq!(refusal.code, Code::BadEdit);
    assert!(refusal.sentence.contains("is being read"));
}

/// A policy as the store keeps it. What an earlier version put in force is read, whatever the linter says of it now.
pub fn pinned_before(change: impl FnOnce(&mut serde_json::Value)) -> Policy {
    let mut folder = serde_json::from_str(policy(&[]).canonical()).unwrap();
    change(&mut folder);
    Policy::restore(&folder.to_string()).unwrap()
}

/// A higher tier that asks nobody gives the changed case to the role, and the first question is over. The linter
/// refuses such a policy, and one that was pinned before it did is still obeyed.
#[test]
fn an_edit_into_a_tier_that_asks_nobody_goes_to_the_role() {
    let policy = pinned_before(|folder| {
        let tiers = folder["tiers/refund.json"]["tiers"].as_array_mut().unwrap();
        let mut asks = tiers[1].clone();
        asks["tier"] = tiers[0]["tier"].clone();
        asks["when"] = tiers[0]["when"].clone();
        asks.as_object_mut().unwrap().remove("escalate_to");
        tiers[1] = serde_json::json!({
            "tier": tiers[1]["tier"], "when": tiers[1]["when"], "route": "to_role",
        });
        tiers[0] = asks;
    });
    let mut world = World::asking_refund(policy, 3_000);
    let request = world.newest_id();
    world
        .click(&BILLING, &request, edit(refund(18_000)))
        .unwrap();
    assert_eq!(world.newest_id(), request, "nobody is asked about it");
    assert_eq!(world.newest().state, RequestState::Superseded);
    assert_eq!(world.last_escalation().cause, EscalationCause::Recommended);
}
