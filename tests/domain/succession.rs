//! What only says where a case belongs goes on in what says what to do there.

use countersign::domain::case::cards;
use countersign::domain::case::command::{CaseCommand, Deadline, WorkStep};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::face::{Lens, escalation_face};
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::case::story::sentence;
use countersign::domain::draft::{Action, ActionKind};
use countersign::domain::escalation::{Escalation, EscalationCause, EscalationProgress, Role};
use countersign::domain::ids::{EscalationId, RuleName};
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::flow::proposed;
use crate::support::*;

/// Billing was told of a money case, and nothing is recommended yet.
pub fn with_billing(policy: Policy) -> World {
    let mut world = World::under(policy)
        .opened(true, None)
        .read(vec![Signal::Money])
        .triaged(Category::RefundRequest, 2);
    let routing = world.case.drafts[0].draft.id.clone();
    // A policy that lets nothing run tells nobody, and the case goes on all the same.
    world.depart(&routing, Phase::Act);
    drop(world.outcome(&routing, Phase::Act, done()));
    world.gathered(charge())
}

fn routed(policy: Policy) -> (World, EscalationId) {
    let world = with_billing(policy);
    let id = world.last_escalation().id;
    (world, id)
}

/// The same with a recommendation of 30, which goes to billing without a question.
fn recommended(before: impl FnOnce(&mut World, &EscalationId)) -> (World, EscalationId) {
    let (mut world, id) = routed(policy(&[]));
    before(&mut world, &id);
    world.draft(vec![refund(3_000)]);
    (world, id)
}

fn progress<'a>(world: &'a World, id: &EscalationId) -> &'a EscalationProgress {
    &world.case.escalation(id).unwrap().1
}

pub fn open(world: &World) -> Vec<&Escalation> {
    let open = world.case.open_escalations();
    open.map(|(escalation, _)| escalation).collect()
}

fn wake(deadline: impl FnOnce(EscalationId) -> Deadline, id: &EscalationId) -> CaseCommand {
    CaseCommand::Wake {
        deadline: deadline(id.clone()),
    }
}

fn due(escalation: EscalationId) -> Deadline {
    Deadline::Escalation { escalation }
}

fn parked(escalation: EscalationId) -> Deadline {
    Deadline::Parked { escalation }
}

#[test]
fn a_recommendation_takes_the_place_of_the_routing_and_only_it_runs_out() {
    let (mut world, id) = recommended(|_, _| {});
    let newer = world.last_escalation();
    assert_eq!(newer.cause, EscalationCause::Recommended);
    assert_eq!(newer.succeeds, vec![id.clone()]);
    assert_eq!(open(&world), [&newer]);
    let older = progress(&world, &id);
    assert_eq!(older.continued, Some(world.now));
    assert_eq!(older.successor, Some(newer.id.clone()));
    for card in cards::of_escalation(&world.case, &id) {
        let card = Effect::Card { card };
        // Made, told that drafting is over, and closed.
        assert_eq!(
            world
                .effects
                .iter()
                .filter(|one| one.effect == card)
                .count(),
            3
        );
    }
    world.later(Span::days(2));
    assert_eq!(world.refused(wake(due, &id)), Code::OutOfPlace);
    assert_eq!(world.refused(wake(parked, &id)), Code::OutOfPlace);
    assert!(
        world.tell(wake(due, &newer.id)).is_ok(),
        "the newer one lapses as ever"
    );
}

#[test]
fn an_approved_recommendation_takes_it_too_and_so_does_a_block() {
    let (mut world, id) = routed(policy(&[]));
    world.draft(vec![refund(18_000)]);
    assert!(progress(&world, &id).is_open(), "nobody has decided yet");
    let asked = world.newest_id();
    world.click(&BILLING, &asked, approve()).unwrap();
    let newer = world.last_escalation();
    assert_eq!(
        (newer.cause, newer.succeeds),
        (EscalationCause::ApprovedRecommendation, vec![id])
    );
    assert_eq!(open(&world).len(), 1);

    let (mut world, id) = routed(policy(&[]));
    world.draft(vec![refund(600_000)]);
    let newer = world.last_escalation();
    assert_eq!(
        (newer.cause, newer.succeeds),
        (EscalationCause::Blocked, vec![id])
    );
}

#[test]
fn what_is_for_another_role_leaves_the_routing_where_it_is() {
    let mut world = World::asking_reply(policy(&[]));
    let routing = world.case.drafts[0].draft.id.clone();
    world.send(&routing);
    let id = world.last_escalation().id;
    world.draft(vec![]);
    world.write_again();
    world.read_again(vec![Signal::Money]);
    world.triage(verdict(Category::RefundRequest, 2));
    world.gather(&charge());
    world.draft(vec![refund(3_000)]);
    assert_eq!(world.last_escalation().role, Role::Billing);
    assert!(progress(&world, &id).is_open());
}

#[test]
fn whoever_took_the_routing_has_what_follows_it() {
    let (mut world, id) = recommended(|world, id| {
        world.work(&BILLING, id, WorkStep::Take).unwrap();
        world.later(Span::minutes(5));
    });
    let newer = world.last_escalation();
    let taken = progress(&world, &newer.id).taken.clone();
    assert_eq!(taken, progress(&world, &id).taken);
    assert!(taken.as_ref().unwrap().1 < newer.since);
    assert_eq!(
        world
            .work(&BILLING, &newer.id, WorkStep::Take)
            .unwrap_err()
            .code,
        Code::Twice
    );
    world.now = newer.due_at.unwrap();
    assert_eq!(world.refused(wake(due, &newer.id)), Code::OutOfPlace);
    let said = told(&world);
    assert!(
        said.ends_with(
            "; this goes on from the earlier card, and @U0BILL0001 works on it already."
        ),
        "{said}"
    );
}

#[test]
fn a_page_asks_who_is_there_now_and_not_who_took_the_routing() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![Signal::Outage])
        .triaged(Category::Outage, 2);
    let routing = world.case.drafts[0].draft.id.clone();
    world.send(&routing);
    let id = world.last_escalation().id;
    let infra = Somebody {
        user: "U0ENG00001",
        groups: &["S0INFRA001"],
        ..AGENT
    };
    world.work(&infra, &id, WorkStep::Take).unwrap();
    world.write_again();
    world.read_again(vec![Signal::Outage]);
    world.triage(verdict(Category::Outage, 4));
    let asked = world.newest_id();
    world.click(&LEAD, &asked, approve()).unwrap();
    let page = world.asked_draft().id;
    world.send(&page);
    let paged = world.last_escalation();
    assert_eq!(
        (paged.cause, &paged.succeeds),
        (EscalationCause::Paged, &vec![id])
    );
    assert_eq!(progress(&world, &paged.id).taken, None);
    assert!(told(&world).ends_with("; this goes on from the earlier card."));
}

#[test]
fn a_click_on_the_older_card_is_told_where_it_goes_on() {
    let (mut world, id) = recommended(|_, _| {});
    let newer = world.last_escalation().id;
    let steps = [WorkStep::Take, WorkStep::Resolve { words: None }];
    for step in steps.clone() {
        let late = world.work(&BILLING, &id, step).unwrap_err();
        assert_eq!(late.code, Code::Superseded);
        assert!(late.sentence.contains("newer card") && late.sentence.contains("changed nothing"));
        assert_eq!(late.next_step, "Use the newer card, which is with billing.");
    }
    assert_eq!(
        world.work(&AGENT, &id, WorkStep::Take).unwrap_err().code,
        Code::NotYours
    );
    world.work(&BILLING, &newer, steps[1].clone()).unwrap();
    let late = world.work(&BILLING, &id, WorkStep::Take).unwrap_err();
    assert_eq!(
        late.next_step,
        "That one is resolved. Nothing needs to be done."
    );
}

#[test]
fn what_was_parked_and_pinged_goes_on_as_well_on_all_its_cards() {
    let (mut world, id) = recommended(|world, id| {
        world.now = world.last_escalation().due_at.unwrap();
        world.tell(wake(due, id)).unwrap();
        world.later(Span::days(1));
        world.tell(wake(parked, id)).unwrap();
    });
    assert_eq!(progress(&world, &id).pings, 1);
    let closed = escalation_face(&world.case, &id, lens()).unwrap();
    let (cause, _) = closed.continued.unwrap();
    assert_eq!(
        (cause, closed.now_with),
        (EscalationCause::Recommended, None)
    );
    let cards = cards::of_escalation(&world.case, &id);
    assert_eq!(cards.len(), 2);
    let last = world.effects.iter().rev().take(6);
    let drawn: Vec<_> = last.map(|planned| &planned.effect).collect();
    for card in cards {
        assert!(drawn.contains(&&Effect::Card { card }), "{drawn:?}");
    }
    world.later(Span::days(1));
    assert_eq!(world.refused(wake(parked, &id)), Code::OutOfPlace);
}

#[test]
fn a_lapsed_routing_is_succeeded_where_it_went() {
    let next = (
        "escalation.json",
        r#""then": ["finance_lead"], "finally": "billing""#,
        r#""then": ["finance_lead"], "finally": "support_l1""#,
    );
    let (mut world, _) = routed(policy(&[next]));
    let first = world.last_escalation();
    world.now = first.due_at.unwrap();
    world.tell(wake(due, &first.id)).unwrap();
    let second = world.last_escalation();
    assert_eq!(second.cause, EscalationCause::Unanswered);
    assert!(second.succeeds.is_empty(), "it is with another role");
    world.draft(vec![]);
    let third = world.last_escalation();
    assert_eq!(
        third.role,
        Role::Billing,
        "the role of the case, where the routing lapsed"
    );
    assert!(third.succeeds.is_empty());
    world.now = third.due_at.unwrap();
    world.tell(wake(due, &third.id)).unwrap();
    let fourth = world.last_escalation();
    assert_eq!(
        (fourth.role, &fourth.succeeds),
        (Role::SupportL1, &vec![second.id])
    );
    assert_eq!(open(&world), [&fourth]);
    assert_eq!(world.case.heir(&first.id).unwrap().0, fourth);
}

#[test]
fn while_it_goes_on_the_case_is_not_announced_again_and_once_that_is_resolved_it_is() {
    let (mut world, _) = recommended(|_, _| {});
    let again = |world: &mut World| {
        world.write_again();
        world.read_again(vec![Signal::Money]);
        proposed(&world.triage(verdict(Category::RefundRequest, 2)))
    };
    assert!(again(&mut world).is_empty());
    let id = world.last_escalation().id;
    world
        .work(&BILLING, &id, WorkStep::Resolve { words: None })
        .unwrap();
    assert_eq!(again(&mut world), [ActionKind::RouteCase]);
}

#[test]
fn a_role_that_knows_what_to_do_is_not_told_once_more_that_the_case_is_theirs() {
    // The notice comes out late: billing has the recommendation already.
    let mut world = World::asking_refund(policy(&[]), 3_000);
    let routing = world.case.drafts[0].draft.id.clone();
    let before = world.case.escalations.len();
    let events = world.send(&routing);
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, CaseEvent::Escalated { .. }))
    );
    assert_eq!(world.case.escalations.len(), before);
    // The machine failed before there was a verdict, and the next message is read.
    let mut world = World::shipped().opened(true, None).read(vec![]);
    let failed = crate::flow::failure(&world, countersign::domain::model::ModelTask::Triage, true);
    world.tell(failed).unwrap();
    assert_eq!(world.last_escalation().role, Role::SupportL1);
    world.write_again();
    world.read_again(vec![]);
    assert!(proposed(&world.triage(verdict(Category::HowTo, 2))).is_empty());
}

#[test]
fn a_journal_from_before_succession_still_folds() {
    let (world, _) = recommended(|_, _| {});
    let older = r#"{"event":"escalated","escalation":{"id":"c1.e1","role":"billing","cause":"routed",
        "carries":"work","rule":"structural: money to billing","since":1,"due_at":2,"step":0}}"#;
    let event: CaseEvent = serde_json::from_str(older).unwrap();
    let CaseEvent::Escalated { escalation } = &event else {
        panic!("{event:?}");
    };
    assert!(escalation.succeeds.is_empty());
    assert!(!serde_json::to_string(&event).unwrap().contains("succeeds"));
    let mut case = countersign::domain::case::Case::empty(world.case.id.clone());
    case.apply(world.now, &event);
    assert_eq!(case.open_escalations().count(), 1);
    // One that names itself as its successor holds nobody up.
    let itself = CaseEvent::EscalationLapsed {
        escalation: EscalationId::new("c1.e1"),
        successor: Some(EscalationId::new("c1.e1")),
    };
    case.apply(world.now, &itself);
    assert_eq!(
        case.heir(&EscalationId::new("c1.e1"))
            .unwrap()
            .0
            .id
            .as_str(),
        "c1.e1"
    );
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

/// How the newest escalation is told.
fn told(world: &World) -> String {
    let mut events = world.events.iter().rev().map(|(_, event)| event);
    let newest = events.find(|event| matches!(event, CaseEvent::Escalated { .. }));
    sentence(&world.case, newest.unwrap(), lens()).unwrap()
}

#[test]
fn only_the_routing_of_a_case_only_routes() {
    let (world, id) = recommended(|_, _| {});
    let (older, _) = world.case.escalation(&id).unwrap();
    assert!(world.case.only_routes(older));
    assert!(!world.case.only_routes(&world.last_escalation()));
    let about = older.draft.as_ref().and_then(|id| world.case.draft(id));
    assert!(matches!(
        about.unwrap().draft.action,
        Action::RouteCase { .. }
    ));
}
