//! Requests: quorum, lapses, supersession, and what comes back about their cards.

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Deadline};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::Action;
use countersign::domain::escalation::EscalationCause;
use countersign::domain::ids::{BatchId, CardId, ChannelId, RequestId};
use countersign::domain::time::Span;

use crate::support::*;

fn wake(request: &RequestId) -> CaseCommand {
    CaseCommand::Wake {
        deadline: Deadline::Request {
            request: request.clone(),
        },
    }
}

/// Lets the newest request run out; the state that it ends in.
fn lapse(world: &mut World) -> Vec<CaseEvent> {
    let request = world.request();
    world.now = request.asking.due_at;
    world.tell(wake(&request.id)).unwrap()
}

#[test]
fn the_first_click_wins_and_a_quorum_takes_distinct_people() {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Pending);
    // The same person under another spelling of the enterprise is still the same person.
    let same = Somebody {
        enterprise: Some("E1"),
        ..LEAD
    };
    assert_eq!(
        world.click(&same, &request, approve()).unwrap_err().code,
        Code::Twice
    );
    world.click(&LEAD_TWO, &request, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
}

#[test]
fn one_rejection_ends_a_request_of_several() {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    world.click(&LEAD_TWO, &request, reject()).unwrap();
    assert_eq!(world.newest().state, RequestState::Rejected);
}

#[test]
fn a_larger_quorum_of_the_policy_in_force_is_waited_for() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.asked_under = Some(std::mem::replace(&mut world.policy, policy(&[TWO_LEADS])));
    world.click(&LEAD, &request, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Pending);
    world.click(&LEAD_TWO, &request, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
}

#[test]
fn lapses_go_through_the_approvers_of_the_chain_and_end_with_its_role() {
    let mut world = World::asking_page(policy(&[]));
    let mut asked = vec![world.request().asking.approver_rule.to_string()];
    while world.request().id == world.newest_id() && !world.request().asking.then.is_empty() {
        let events = lapse(&mut world);
        assert!(
            !events
                .iter()
                .any(|event| matches!(event, CaseEvent::Decided { .. }))
        );
        asked.push(world.request().asking.approver_rule.to_string());
    }
    assert_eq!(asked, ["support_lead", "security_lead"]);
    lapse(&mut world);
    let escalation = world.last_escalation();
    assert_eq!(escalation.cause, EscalationCause::ChainExhausted);
    assert_eq!(escalation.request, Some(world.newest_id()));
    assert!(
        world
            .case
            .requests
            .iter()
            .all(|one| one.state == RequestState::Lapsed)
    );
}

#[test]
fn an_approver_rule_that_is_gone_is_passed_over_in_the_chain() {
    let mut world = World::asking_page(policy(&[]));
    let gone = [
        (
            "tiers/page_oncall.json",
            r#", "escalate_to": "security_lead""#,
            "",
        ),
        (
            "tiers/tickets.set_priority.json",
            r#", "escalate_to": "security_lead""#,
            "",
        ),
        ("escalation.json", r#""then": ["security_lead"], "#, ""),
        (
            "approvers.json",
            r#""security_lead": { "users": [{ "id": "U0SEC00001", "label": "Security Lead" }] }"#,
            r#""other_lead": { "users": [{ "id": "U0SEC00001", "label": "Security Lead" }] }"#,
        ),
    ];
    world.asked_under = Some(std::mem::replace(&mut world.policy, policy(&gone)));
    lapse(&mut world);
    assert_eq!(
        world.last_escalation().cause,
        EscalationCause::ChainExhausted
    );
    assert_eq!(world.case.pending().count(), 0);
}

#[test]
fn a_lapsed_question_that_the_rules_allow_no_more_goes_to_the_role_at_once() {
    let mut world = World::asking_page(policy(&[]));
    world.asked_under = Some(std::mem::replace(&mut world.policy, policy(&[CLASSIFY])));
    lapse(&mut world);
    assert_eq!(
        world.last_escalation().cause,
        EscalationCause::ChainExhausted
    );
}

#[test]
fn an_early_wake_is_waited_for_again_and_a_late_one_is_harmless() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.request();
    world.now = request.asking.due_at.plus(Span(-1));
    let before = world.effects.len();
    let events = world.tell(wake(&request.id)).unwrap();
    assert!(matches!(events.as_slice(), [CaseEvent::WokenEarly { .. }]));
    let again = &world.effects[before];
    assert!(matches!(again.effect, Effect::Wake { .. }));
    assert_eq!(again.due_at, request.asking.due_at);
    world.now = request.asking.due_at;
    assert!(world.tell(wake(&request.id)).is_ok());
    assert_eq!(world.refused(wake(&request.id)), Code::OutOfPlace);
    assert_eq!(
        world.refused(wake(&RequestId::new("c1.r9"))),
        Code::OutOfPlace
    );
}

#[test]
fn a_new_message_ends_what_answers_the_customer_and_nothing_internal() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![
            reply("here is how"),
            label("vip"),
            refund(18_000),
            Action::Assign {
                queue: "vip".into(),
            },
        ]);
    world.write_again();
    let states: Vec<_> = world.case.requests.iter().map(|one| one.state).collect();
    let (ended, waits) = (RequestState::Superseded, RequestState::Pending);
    assert_eq!(states, [ended, waits, ended, waits]);
    let internal = world.case.requests[1].request.id.clone();
    assert!(world.click(&LEAD, &internal, approve()).is_ok());
}

#[test]
fn approvers_are_recorded_once_and_only_for_what_waits() {
    let mut world = World::asking_page(policy(&[]));
    let request = world.newest_id();
    let found = |request: &RequestId| CaseCommand::RecordApprovers {
        request: request.clone(),
        people: vec![LEAD.person()],
    };
    assert_eq!(
        world.refused(found(&RequestId::new("c1.r9"))),
        Code::OutOfPlace
    );
    assert!(world.tell(found(&request)).is_ok());
    assert_eq!(world.refused(found(&request)), Code::OutOfPlace);
    let mut settled = World::asking_page(policy(&[]));
    settled.click(&LEAD, &request, reject()).unwrap();
    assert_eq!(settled.refused(found(&request)), Code::OutOfPlace);
}

#[test]
fn a_request_becomes_one_row_and_the_row_never_moves() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    let row = |request: &RequestId, row| CaseCommand::RecordBatched {
        request: request.clone(),
        batch: BatchId::new("batch.1"),
        row,
    };
    assert_eq!(
        world.refused(row(&RequestId::new("c1.r9"), 1)),
        Code::OutOfPlace
    );
    // A click from the terminal may come before the row does.
    world.click(&LEAD, &request, approve()).unwrap();
    assert!(world.tell(row(&request, 1)).is_ok());
    assert_eq!(world.refused(row(&request, 1)), Code::OutOfPlace);
    assert_eq!(world.refused(row(&request, 2)), Code::OutOfPlace);
    assert_eq!(world.newest().batch, Some((BatchId::new("batch.1"), 1)));
}

#[test]
fn renderings_are_kept_once_and_only_of_this_case() {
    let mut world = World::asking_reply(policy(&[]));
    let view = world.case.views.values().next().unwrap().clone();
    let foreign = |change: fn(&mut countersign::domain::case::event::ShownView)| {
        let mut view = view.clone();
        view.view = view_of("other");
        change(&mut view);
        view
    };
    let views = vec![
        view.clone(),
        foreign(|v| v.request = Some(RequestId::new("c2.r1"))),
        foreign(|v| v.request = None),
    ];
    assert!(
        world
            .tell(CaseCommand::RecordShown { views })
            .unwrap()
            .is_empty()
    );
    let twice = vec![foreign(|_| {}), foreign(|_| {})];
    let events = world
        .tell(CaseCommand::RecordShown { views: twice })
        .unwrap();
    assert_eq!(events.len(), 1);
}

#[test]
fn an_address_is_recorded_when_it_is_new() {
    let mut world = World::asking_reply(policy(&[]));
    let at = |ts: &str| CaseCommand::RecordCardPosted {
        card: CardId::new("card.c1.r1.status"),
        channel: ChannelId::new("C1"),
        ts: ts.into(),
    };
    assert_eq!(world.tell(at("1.1")).unwrap().len(), 1);
    assert_eq!(world.tell(at("1.1")).unwrap().len(), 0);
    assert_eq!(world.tell(at("1.2")).unwrap().len(), 1);
}
