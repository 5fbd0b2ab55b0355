//! What nobody decides in time and nobody misses: labels, notes, queues and priorities wake nobody.

use countersign::domain::approval::RequestState;
use countersign::domain::card::RequestFace;
use countersign::domain::case::cards;
use countersign::domain::case::command::{CaseCommand, Deadline, WorkStep};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::face::{Lens, escalation_face, request_face};
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::case::story::sentence;
use countersign::domain::draft::{Action, ActionKind};
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::ids::{EscalationId, RuleName};
use countersign::domain::time::Span;

use crate::succession::with_billing;
use crate::support::*;

/// Billing has a case, and a label waits for the batch reviewers.
fn labelled() -> (World, EscalationId) {
    let mut world = with_billing(policy(&[]));
    world.draft(vec![label("refund")]);
    let routed = world.last_escalation().id;
    (world, routed)
}

fn lapse(world: &mut World) -> Vec<CaseEvent> {
    let request = world.request();
    world.now = request.asking.due_at;
    let deadline = Deadline::Request {
        request: request.id,
    };
    world.tell(CaseCommand::Wake { deadline }).unwrap()
}

fn lens() -> Lens<'static> {
    static NO_TEXTS: std::sync::LazyLock<countersign::domain::card::Texts> =
        std::sync::LazyLock::new(Default::default);
    Lens {
        texts: &NO_TEXTS,
        similar: &[],
        people: &|rule: &RuleName| rule.to_string(),
    }
}

fn told(world: &World, events: &[CaseEvent]) -> String {
    sentence(&world.case, &events[0], lens()).unwrap()
}

fn face(world: &World) -> RequestFace {
    request_face(&world.case, &world.newest_id(), lens()).unwrap()
}

fn undecided_on(world: &World, id: &EscalationId) -> Vec<String> {
    escalation_face(&world.case, id, lens()).unwrap().undecided
}

/// What a late approver is told.
fn late(world: &mut World) -> String {
    let request = world.newest_id();
    let refusal = world.click(&LEAD, &request, approve()).unwrap_err();
    assert_eq!(refusal.code, Code::Lapsed);
    refusal.next_step
}

#[test]
fn what_the_role_has_open_shows_it_and_nothing_is_opened() {
    let (mut world, routed) = labelled();
    let before = world.effects.len();
    let events = lapse(&mut world);
    let shown = CaseEvent::Lapsed {
        request: world.newest_id(),
        successor: None,
        with: Some(routed.clone()),
    };
    assert_eq!(events, [shown]);
    assert_eq!(world.newest().state, RequestState::Lapsed);
    assert_eq!(
        undecided_on(&world, &routed),
        ["Adds the label refund to the ticket."]
    );
    let card = Effect::Card {
        card: cards::of_escalation(&world.case, &routed)[0].clone(),
    };
    let mut since = world.effects[before..].iter();
    assert!(
        since.any(|planned| planned.effect == card),
        "its card is drawn anew"
    );
    assert!(
        told(&world, &events)
            .ends_with("It was not done, and billing, which has the case, sees that on its card.")
    );
    assert_eq!(
        (face(&world).left_undone, face(&world).now_with.as_deref()),
        (true, Some("billing"))
    );
    assert!(late(&mut world).contains("The role billing has the case and sees it"));
    // What takes the place of that card shows it from then on.
    world.write_again();
    world.read_again(vec![]);
    world.triage(verdict(
        countersign::domain::verdict::Category::RefundRequest,
        2,
    ));
    world.gather(&charge());
    world.draft(vec![refund(3_000)]);
    let newer = world.last_escalation();
    assert_eq!(newer.succeeds, vec![routed.clone()]);
    assert_eq!(undecided_on(&world, &newer.id).len(), 1);
    assert!(undecided_on(&world, &routed).is_empty());
}

#[test]
fn where_the_case_is_finished_it_ends_and_nobody_hears_of_it() {
    let (mut world, routed) = labelled();
    let resolve = WorkStep::Resolve { words: None };
    world.work(&BILLING, &routed, resolve).unwrap();
    let events = lapse(&mut world);
    assert!(
        matches!(
            events.as_slice(),
            [CaseEvent::Lapsed {
                successor: None,
                with: None,
                ..
            }]
        ),
        "{events:?}"
    );
    assert_eq!(world.case.open_escalations().count(), 0);
    assert!(told(&world, &events).ends_with("It was not done, and nobody else is asked."));
    assert_eq!(
        (face(&world).left_undone, face(&world).now_with),
        (true, None)
    );
    assert_eq!(
        late(&mut world),
        "Nobody else is asked about it, and nothing was done."
    );
}

#[test]
fn a_click_after_the_deadline_and_before_its_lapse_is_told_the_same() {
    let (mut world, routed) = labelled();
    world.now = world.request().asking.due_at;
    assert!(late(&mut world).contains("The role billing has the case"));
    let resolve = WorkStep::Resolve { words: None };
    world.work(&BILLING, &routed, resolve).unwrap();
    assert!(late(&mut world).starts_with("Nobody else is asked"));
    let mut reply = World::asking_reply(policy(&[]));
    reply.now = reply.request().asking.due_at.plus(Span(0));
    assert!(late(&mut reply).starts_with("It is with "));
}

#[test]
fn where_nobody_ever_had_the_case_the_role_has_it_after_all() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![label("question")]);
    let events = lapse(&mut world);
    let given = world.last_escalation();
    assert_eq!(
        (given.role, given.cause),
        (Role::SupportL1, EscalationCause::ChainExhausted)
    );
    assert!(told(&world, &events).ends_with("nothing was approved and nothing rejected."));
    assert_eq!(
        (face(&world).left_undone, face(&world).now_with.as_deref()),
        (false, Some("support"))
    );
    assert_eq!(late(&mut world), "It is with the role support_l1 now.");
    assert!(
        undecided_on(&world, &given.id).is_empty(),
        "the card is about nothing else"
    );
}

#[test]
fn whom_the_tier_itself_names_is_asked_before() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 3)
        .gathered(charge())
        .drafted(vec![Action::SetPriority {
            priority: "high".into(),
        }]);
    assert_eq!(
        world.request().asking.then,
        [RuleName::new("security_lead")]
    );
    let page = world.case.requests[0].request.id.clone();
    world.click(&LEAD, &page, approve()).unwrap();
    let draft = world.case.requests[0].request.draft.clone();
    world.send(&draft);
    let paged = world.last_escalation().id;
    lapse(&mut world);
    assert_eq!(
        world.request().asking.approver_rule.as_str(),
        "security_lead"
    );
    let events = lapse(&mut world);
    assert!(
        matches!(&events[..], [CaseEvent::Lapsed { with: Some(with), .. }] if *with == paged),
        "{events:?}"
    );
}

#[test]
fn what_a_customer_would_see_goes_through_the_chain_as_ever() {
    let mut world = with_billing(policy(&[]));
    world.draft(vec![reply("here is how")]);
    let mut asked = vec![];
    while world.newest().state == RequestState::Pending {
        asked.push(world.request().asking.approver_rule.to_string());
        lapse(&mut world);
    }
    assert!(
        asked.len() > 1 && asked.contains(&"finance_lead".to_owned()),
        "{asked:?}"
    );
    assert_eq!(
        world.last_escalation().cause,
        EscalationCause::ChainExhausted
    );
}

#[test]
fn only_changes_on_the_ticket_that_can_be_taken_back_unseen_are_housekeeping() {
    let small: Vec<_> = ActionKind::ALL
        .iter()
        .filter(|kind| kind.is_housekeeping())
        .collect();
    assert_eq!(
        small,
        [
            &ActionKind::AddLabel,
            &ActionKind::AddInternalNote,
            &ActionKind::Assign,
            &ActionKind::SetPriority
        ]
    );
}

#[test]
fn a_lapse_from_before_still_folds_to_the_role_that_has_it() {
    let (mut world, _) = labelled();
    let request = world.newest_id();
    let older = format!(r#"{{"event":"lapsed","request":"{request}","successor":null}}"#);
    let event: CaseEvent = serde_json::from_str(&older).unwrap();
    assert!(!serde_json::to_string(&event).unwrap().contains("with"));
    world.record(event);
    let mut given = world.last_escalation();
    given.id = EscalationId::new("c1.e9");
    given.request = Some(request);
    world.record(CaseEvent::Escalated { escalation: given });
    assert_eq!(world.newest().with, Some(EscalationId::new("c1.e9")));
    assert!(!face(&world).left_undone);
}
