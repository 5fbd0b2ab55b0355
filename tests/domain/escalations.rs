//! Cases that are with a role: taking, answering, resolving, and nobody doing so.

use countersign::domain::case::cards;
use countersign::domain::case::command::{CaseCommand, Deadline, Work, WorkStep};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::face::{Lens, escalation_face};
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::escalation::{BillingAnswer, Escalation, EscalationCause, Role};
use countersign::domain::ids::{AppId, EscalationId, RequestId, TeamId, ViewId};
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::support::*;

/// A refund of 30, which goes to billing without a question.
fn with_billing() -> (World, EscalationId) {
    let world = World::asking_refund(policy(&[]), 3_000);
    let escalation = world.last_escalation();
    assert_eq!(escalation.cause, EscalationCause::Recommended);
    (world, escalation.id)
}

fn says(answer: BillingAnswer, words: Option<&str>) -> WorkStep {
    WorkStep::Answer {
        answer,
        words: words.map(sealed),
    }
}

fn wake(escalation: &EscalationId) -> CaseCommand {
    CaseCommand::Wake {
        deadline: Deadline::Escalation {
            escalation: escalation.clone(),
        },
    }
}

fn ping(escalation: &EscalationId) -> CaseCommand {
    CaseCommand::Wake {
        deadline: Deadline::Parked {
            escalation: escalation.clone(),
        },
    }
}

fn steps(world: &World, escalation: &EscalationId) -> Vec<String> {
    let texts = Default::default();
    let people = |_: &countersign::domain::ids::RuleName| String::new();
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    escalation_face(&world.case, escalation, lens)
        .unwrap()
        .steps
}

#[test]
fn only_the_role_acts_and_the_first_to_take_it_has_it() {
    let (mut world, id) = with_billing();
    assert_eq!(
        world.work(&LEAD, &id, WorkStep::Take).unwrap_err().code,
        Code::NotYours
    );
    world.work(&BILLING, &id, WorkStep::Take).unwrap();
    let late = world.work(&BILLING_TWO, &id, WorkStep::Take).unwrap_err();
    assert_eq!(late.code, Code::TooLate);
    assert!(late.sentence.starts_with("<@U0BILL0001> took this"));
    assert_eq!(
        world.work(&BILLING, &id, WorkStep::Take).unwrap_err().code,
        Code::Twice
    );
}

#[test]
fn work_from_elsewhere_or_on_what_was_not_shown_is_refused() {
    type Change = fn(&mut Work);
    let table: &[(&str, Change, Option<Code>)] = &[
        ("as it stands", |_| (), None),
        (
            "another team",
            |work| work.person.team = TeamId::new("T2"),
            Some(Code::WrongWorkspace),
        ),
        (
            "another app",
            |work| work.app = AppId::new("A2"),
            Some(Code::WrongWorkspace),
        ),
        (
            "another escalation",
            |work| work.escalation = EscalationId::new("c1.e9"),
            Some(Code::Unknown),
        ),
        (
            "another view",
            |work| work.view = ViewId::new("v.none"),
            Some(Code::Unknown),
        ),
        (
            "another subject",
            |work| work.subject_prefix = "0".repeat(32),
            Some(Code::Stale),
        ),
        (
            "no subject",
            |work| work.subject_prefix.clear(),
            Some(Code::Stale),
        ),
    ];
    for (name, change, expected) in table {
        let (mut world, id) = with_billing();
        world.show_all();
        let mut work = world.work_on(&BILLING, &id, WorkStep::Take);
        change(&mut work);
        let answer = world.tell_as(Some(&BILLING), CaseCommand::Work(work));
        let code = answer.err().map(|refusal| refusal.code);
        assert_eq!(code, *expected, "{name}");
    }
}

#[test]
fn the_subject_of_work_is_which_whose_why_and_about_what() {
    type Change = fn(&mut Escalation);
    let changes: &[(&str, Change)] = &[
        ("id", |one| one.id = EscalationId::new("c1.e9")),
        ("role", |one| one.role = Role::Security),
        ("cause", |one| one.cause = EscalationCause::Blocked),
        ("rule", |one| one.rule.push('!')),
        ("draft", |one| one.draft = None),
        ("request", |one| one.request = Some(RequestId::new("c1.r9"))),
        ("since", |one| one.since.0 += 1),
    ];
    let (world, _) = with_billing();
    let before = world.last_escalation();
    for (name, change) in changes {
        let mut other = before.clone();
        change(&mut other);
        assert_ne!(other.subject(), before.subject(), "{name}");
    }
}

#[test]
fn billing_answers_with_words_where_they_are_needed_and_with_one_voice() {
    let (mut world, id) = with_billing();
    let bare = says(BillingAnswer::DifferentAmount, None);
    assert_eq!(
        world.work(&BILLING, &id, bare).unwrap_err().code,
        Code::ReasonMissing
    );
    world
        .work(&BILLING, &id, says(BillingAnswer::Refunding, None))
        .unwrap();
    let again = world.work(&BILLING, &id, says(BillingAnswer::Refunding, None));
    assert_eq!(again.unwrap_err().code, Code::Twice);
    let other = says(BillingAnswer::NotRefunding, Some("no"));
    let other = world.work(&BILLING_TWO, &id, other).unwrap_err();
    assert_eq!(other.code, Code::TooLate);
    world
        .work(
            &BILLING,
            &id,
            says(BillingAnswer::DifferentAmount, Some("20")),
        )
        .unwrap();
    world
        .work(&BILLING, &id, says(BillingAnswer::NotRefunding, Some("no")))
        .unwrap();
    let (_, progress) = world.case.escalation(&id).unwrap();
    assert!(progress.resolved.is_some());
    assert_eq!(progress.words, Some(sealed("no")));
    let late = world.work(&BILLING, &id, WorkStep::Take).unwrap_err();
    assert_eq!(late.code, Code::TooLate);
}

#[test]
fn only_money_has_billings_answers_and_not_from_whoever_asked() {
    let mut world = World::asking_reply(policy(&[]));
    let routing = world.case.drafts[0].draft.id.clone();
    world.send(&routing);
    let id = world.last_escalation().id;
    let answer = says(BillingAnswer::Refunding, None);
    assert_eq!(
        world.work(&AGENT, &id, answer.clone()).unwrap_err().code,
        Code::Unknown
    );
    assert!(
        world
            .work(&AGENT, &id, WorkStep::Resolve { words: None })
            .is_ok()
    );
    let (mut world, id) = with_billing();
    world.wrote_ticket = true;
    assert_eq!(
        world.work(&BILLING, &id, answer).unwrap_err().code,
        Code::OwnDraft
    );
}

#[test]
fn a_button_of_another_escalation_is_nothing() {
    let (mut world, id) = with_billing();
    let view = view_of(&id.to_string());
    world.case.views.get_mut(&view).unwrap().escalation = Some(EscalationId::new("c1.e9"));
    assert_eq!(
        world.work(&BILLING, &id, WorkStep::Take).unwrap_err().code,
        Code::Unknown
    );
}

#[test]
fn nobody_taking_it_moves_it_to_the_next_role_which_keeps_it_and_is_pinged_by_new_cards() {
    let next = (
        "escalation.json",
        r#""then": ["finance_lead"], "finally": "billing""#,
        r#""then": ["finance_lead"], "finally": "support_l1""#,
    );
    let mut world = World::asking_refund(policy(&[next]), 3_000);
    let first = world.last_escalation();
    assert!(matches!(
        world.tell(wake(&first.id)).unwrap().as_slice(),
        [CaseEvent::WokenEarly { .. }]
    ));
    world.now = first.due_at.unwrap();
    world.tell(wake(&first.id)).unwrap();
    let second = world.last_escalation();
    assert_eq!(
        (second.role, second.cause),
        (Role::SupportL1, EscalationCause::Unanswered)
    );
    assert_eq!(second.draft, first.draft);
    let late = world.work(&BILLING, &first.id, WorkStep::Take).unwrap_err();
    assert_eq!(
        (late.code, late.next_step.as_str()),
        (Code::Lapsed, "It is with support_l1 now.")
    );
    assert_eq!(world.refused(wake(&first.id)), Code::OutOfPlace);

    world.now = second.due_at.unwrap();
    world.tell(wake(&second.id)).unwrap();
    assert!(world.case.escalation(&second.id).unwrap().1.parked);
    assert_eq!(world.refused(wake(&second.id)), Code::OutOfPlace);
    world.later(Span::hours(23));
    assert!(matches!(
        world.tell(ping(&second.id)).unwrap().as_slice(),
        [CaseEvent::WokenEarly { .. }]
    ));
    world.later(Span::hours(1));
    let before = world.effects.len();
    world.tell(ping(&second.id)).unwrap();
    let cards = cards::of_escalation(&world.case, &second.id);
    assert_eq!(cards.len(), 2);
    let rings = |card| {
        let card = Effect::Card { card };
        world.effects[before..]
            .iter()
            .any(|planned| planned.effect == card)
    };
    assert!(cards.into_iter().all(rings));
    world.work(&AGENT, &second.id, WorkStep::Take).unwrap();
    world.later(Span::days(1));
    assert_eq!(world.refused(ping(&second.id)), Code::OutOfPlace);
}

#[test]
fn a_role_is_told_when_the_customer_has_written_since() {
    let (mut world, id) = with_billing();
    assert!(!steps(&world, &id)[0].contains("has written since"));
    let before = world.effects.len();
    world.write_again();
    assert!(steps(&world, &id)[0].contains("has written since"));
    let card = Effect::Card {
        card: cards::of_escalation(&world.case, &id)[0].clone(),
    };
    assert!(
        world.effects[before..]
            .iter()
            .any(|planned| planned.effect == card)
    );
}

#[test]
fn each_card_says_why_that_one_needs_a_person() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![Signal::SuspectedBreach])
        .triaged(Category::SecurityIncident, 2)
        .gathered(charge());
    world.draft(vec![]);
    let id = world.last_escalation().id;
    world.write_again();
    assert!(steps(&world, &id)[0].contains("No complete action could be drafted"));
}
