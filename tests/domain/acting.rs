//! What happens between a decision and the outside: holds, undo, plans, outcomes.

use countersign::domain::approval::RequestState;
use countersign::domain::case::StepState;
use countersign::domain::case::command::{CaseCommand, Outcome, Wants};
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::{EXPIRED, Gate, gate};
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::escalation::EscalationCause;
use countersign::domain::ids::DraftId;
use countersign::domain::time::Span;

use crate::support::*;

/// An approved reply whose hold is over.
fn approved_reply() -> (World, DraftId) {
    let mut world = World::asking_reply(policy(&[]));
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&LEAD, &request, approve()).unwrap();
    world.later(Span::seconds(30));
    (world, draft)
}

fn why(outcome: fn(String) -> Outcome) -> Outcome {
    outcome("so it is".into())
}

fn held(why: String) -> Outcome {
    Outcome::Held { why }
}

fn voided(why: String) -> Outcome {
    Outcome::Voided { why }
}

fn unknown(why: String) -> Outcome {
    Outcome::Unknown { why }
}

fn desk_refuses(why: String) -> Outcome {
    Outcome::Refused { why }
}

#[test]
fn an_undone_action_is_asked_again_with_the_same_due_time() {
    let mut world = World::asking_reply(policy(&[]));
    let first = world.request();
    world.click(&LEAD, &first.id, approve()).unwrap();
    world.later(Span::seconds(29));
    world.click(&LEAD_TWO, &first.id, Wants::Undo).unwrap();
    let second = world.request();
    assert_eq!(second.follows.as_ref(), Some(&first.id));
    assert_eq!(second.asking, first.asking);
    assert_ne!(second.subject, first.subject);
    assert_eq!(
        world.case.request(&first.id).unwrap().state,
        RequestState::Undone
    );
    assert_eq!(*world.act(&first.draft), StepState::Idle);
}

#[test]
fn the_effect_of_an_undone_approval_never_sends_even_after_a_new_approval() {
    let mut world = World::asking_reply(policy(&[]));
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&LEAD, &request, approve()).unwrap();
    let first = world.effect(&draft, Phase::Act);
    world.click(&LEAD, &request, Wants::Undo).unwrap();
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    let second = world.effect(&draft, Phase::Act);
    assert_ne!(first, second);
    world.later(Span::minutes(1));
    let ctx = world.context(None);
    let of = |effect| gate(&world.case, effect, &draft, Phase::Act, &ctx);
    assert!(matches!(of(&first), Gate::Void(_)));
    assert!(matches!(of(&second), Gate::Permit(_)));
    // What the first effect reports is not taken for the fate of the second.
    for outcome in [why(voided), why(held), done()] {
        let command = CaseCommand::RecordOutcome {
            effect: first.clone(),
            draft: draft.clone(),
            phase: Phase::Act,
            outcome,
        };
        assert_eq!(world.refused(command), Code::OutOfPlace);
    }
    world.send(&draft);
}

#[test]
fn what_departed_stays_departed_when_it_is_held_on_its_second_try() {
    let (mut world, draft) = approved_reply();
    world.depart(&draft, Phase::Act);
    world.paused = Some("maintenance".into());
    assert!(matches!(world.depart(&draft, Phase::Act), Gate::Hold(_)));
    assert!(matches!(world.act(&draft), StepState::Going(_)));
    let request = world.newest_id();
    let undo = world.click(&LEAD, &request, Wants::Undo).unwrap_err();
    assert_eq!(undo.code, Code::NothingToUndo);
}

#[test]
fn a_hold_is_recorded_once_and_not_while_the_action_can_be_taken_back_anyway() {
    let mut world = World::asking_reply(policy(&[]));
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&LEAD, &request, approve()).unwrap();
    assert!(
        world
            .outcome(&draft, Phase::Act, why(held))
            .unwrap()
            .is_empty()
    );
    assert!(matches!(world.act(&draft), StepState::Due(_)));
    world.later(Span::seconds(30));
    assert_eq!(
        world.outcome(&draft, Phase::Act, why(held)).unwrap().len(),
        1
    );
    assert!(
        world
            .outcome(&draft, Phase::Act, why(held))
            .unwrap()
            .is_empty()
    );
    assert!(matches!(world.act(&draft), StepState::Held(_)));
}

#[test]
fn a_held_action_can_be_taken_back_and_goes_out_when_the_hold_ends() {
    let (mut world, draft) = approved_reply();
    world.paused = Some("maintenance".into());
    assert!(matches!(world.depart(&draft, Phase::Act), Gate::Hold(_)));
    let mut taken_back = world.clone();
    let request = world.newest_id();
    assert!(taken_back.click(&LEAD, &request, Wants::Undo).is_ok());
    world.paused = None;
    world.send(&draft);
    assert!(matches!(world.act(&draft), StepState::Done(..)));
}

#[test]
fn an_approval_that_expires_while_held_is_asked_again_and_can_be_decided() {
    let (mut world, draft) = approved_reply();
    world.paused = Some("maintenance".into());
    world.depart(&draft, Phase::Act);
    let first = world.request();
    world.now = first.asking.due_at;
    assert!(matches!(world.depart(&draft, Phase::Act), Gate::Void(why) if why == EXPIRED));
    let second = world.request();
    assert_eq!(second.follows.as_ref(), Some(&first.id));
    assert!(second.asking.due_at > first.asking.due_at);
    assert_eq!(
        world.case.request(&first.id).unwrap().state,
        RequestState::Superseded
    );
    world.paused = None;
    // The facts may have changed in between; what is bound is what the rules say now.
    world.click(&LEAD, &second.id, approve()).unwrap();
    world.later(Span::seconds(30));
    world.send(&draft);
}

#[test]
fn an_expired_approval_that_the_rules_would_not_ask_for_any_more_goes_to_a_person() {
    let (mut world, draft) = approved_reply();
    world.paused = Some("maintenance".into());
    world.depart(&draft, Phase::Act);
    world.now = world.request().asking.due_at;
    let voided = Outcome::Voided {
        why: EXPIRED.into(),
    };
    world.policy = policy(&[CLASSIFY]);
    world.outcome(&draft, Phase::Act, voided).unwrap();
    assert_eq!(world.case.pending().count(), 0);
    assert_eq!(world.last_escalation().cause, EscalationCause::NeedsHuman);
}

#[test]
fn outcomes_need_a_step_that_is_under_way() {
    let outcomes = [
        done(),
        why(unknown),
        why(desk_refuses),
        why(voided),
        why(held),
    ];
    // Approved, but never departed: only the gate can have said something.
    for (n, outcome) in outcomes.iter().enumerate() {
        let (mut world, draft) = approved_reply();
        let fits = n >= 3;
        assert_eq!(
            world.outcome(&draft, Phase::Act, outcome.clone()).is_ok(),
            fits,
            "{outcome:?}"
        );
    }
    // Over: nothing fits, and nothing changes.
    for over in &outcomes[..4] {
        let (mut world, draft) = approved_reply();
        world.depart(&draft, Phase::Act);
        world.outcome(&draft, Phase::Act, over.clone()).unwrap();
        let before = world.case.clone();
        for late in &outcomes {
            let refusal = world.outcome(&draft, Phase::Act, late.clone()).unwrap_err();
            assert_eq!(refusal.code, Code::OutOfPlace, "{late:?} after {over:?}");
        }
        assert_eq!(world.case, before);
    }
}

#[test]
fn what_the_desk_refuses_or_nobody_knows_goes_to_a_person_with_its_draft() {
    for (outcome, cause) in [
        (why(desk_refuses), EscalationCause::NeedsHuman),
        (why(unknown), EscalationCause::UnknownOutcome),
    ] {
        let (mut world, draft) = approved_reply();
        world.depart(&draft, Phase::Act);
        world.outcome(&draft, Phase::Act, outcome).unwrap();
        let escalation = world.last_escalation();
        assert_eq!((escalation.cause, escalation.draft), (cause, Some(draft)));
        assert!(escalation.rule.contains("so it is"));
    }
}

#[test]
fn a_note_that_fails_bothers_nobody() {
    let mut world = World::asking_reply(policy(&[]));
    let draft = world.asked_draft().id;
    let before = world.case.escalations.len();
    assert!(matches!(world.depart(&draft, Phase::Note), Gate::Permit(_)));
    world
        .outcome(&draft, Phase::Note, why(desk_refuses))
        .unwrap();
    assert_eq!(world.case.escalations.len(), before);
}

#[test]
fn a_departed_notice_reaches_its_role_even_when_the_customer_writes_meanwhile() {
    let mut world = World::asking_reply(policy(&[]));
    let routing = world.case.drafts[0].draft.id.clone();
    assert!(matches!(
        world.depart(&routing, Phase::Act),
        Gate::Permit(_)
    ));
    world.write_again();
    let events = world.outcome(&routing, Phase::Act, done()).unwrap();
    let told = |event: &CaseEvent| matches!(event, CaseEvent::Escalated { .. });
    assert!(events.iter().any(told));
}

#[test]
fn money_is_never_due() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    let events = world.click(&BILLING, &request, approve()).unwrap();
    assert!(events.iter().any(|event| matches!(
        event,
        CaseEvent::Settled {
            state: RequestState::Approved,
            not_before: None,
            ..
        }
    )));
    assert_eq!(*world.act(&draft), StepState::Idle);
    let escalation = world.last_escalation();
    assert_eq!(escalation.cause, EscalationCause::ApprovedRecommendation);
    assert_eq!(escalation.request, Some(request));
    assert!(matches!(world.gate(&draft, Phase::Act), Gate::Void(_)));
}
