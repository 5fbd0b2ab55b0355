//! The same money is recommended once, however often the customer writes.

use countersign::domain::case::command::{CaseCommand, Deadline, WorkStep};
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::Action;
use countersign::domain::escalation::{BillingAnswer, EscalationCause};
use countersign::domain::evidence::Charge;
use countersign::domain::ids::{ChargeId, EscalationId};
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::succession::{open, with_billing};
use crate::support::*;

/// A refund of 30 with billing, which nobody was asked about.
fn recommended() -> World {
    with_billing(policy(&[])).drafted(vec![refund(3_000)])
}

/// The customer writes again, and a charge is read anew.
fn written_again(world: &mut World, charge: &Charge) {
    world.later(Span::hours(1));
    world.write_again();
    world.read_again(vec![Signal::Money]);
    world.triage(verdict(Category::RefundRequest, 2));
    world.gather(charge);
}

/// The customer writes again, and the same money is drafted again.
fn recommended_again(world: &mut World, minor: i64) {
    written_again(world, &charge());
    world.draft(vec![refund(minor)]);
}

#[test]
fn a_newer_recommendation_of_the_same_money_takes_the_place_of_the_older() {
    let mut world = recommended();
    let older = world.last_escalation();
    recommended_again(&mut world, 2_000);
    let newer = world.last_escalation();
    assert_eq!(newer.succeeds, vec![older.id]);
    assert_eq!(open(&world), [&newer]);
}

#[test]
fn another_charge_is_another_thing_to_do() {
    let mut world = recommended();
    let older = world.last_escalation();
    let id = ChargeId::new("ch_other");
    written_again(&mut world, &Charge { id, ..charge() });
    let Action::Refund {
        amount,
        reason,
        confirmation,
        ..
    } = refund(2_000)
    else {
        unreachable!()
    };
    world.draft(vec![Action::Refund {
        charge: ChargeId::new("ch_other"),
        amount,
        reason,
        confirmation,
    }]);
    assert_eq!(world.last_escalation().succeeds, vec![]);
    assert_eq!(open(&world), [&older, &world.last_escalation()]);
}

#[test]
fn what_billing_is_refunding_is_not_recommended_again() {
    let mut world = recommended();
    let first = world.last_escalation();
    let refunding = WorkStep::Answer {
        answer: BillingAnswer::Refunding,
        words: None,
    };
    world.work(&BILLING, &first.id, refunding).unwrap();
    let drafts = world.case.drafts.len();
    recommended_again(&mut world, 2_000);
    assert_eq!(
        world.case.drafts.len(),
        drafts,
        "nobody is told to pay twice"
    );
    assert_eq!(open(&world), [&first]);

    world
        .work(&BILLING, &first.id, WorkStep::Resolve { words: None })
        .unwrap();
    recommended_again(&mut world, 1_000);
    assert_eq!(
        world.last_escalation().cause,
        EscalationCause::Recommended,
        "a closed matter can be recommended anew"
    );
}

/// A refund of 180 is asked about twice, for the customer wrote again; then billing acts on the first.
fn asked_again_and_then_moved() -> (World, EscalationId) {
    let mut world = with_billing(policy(&[])).drafted(vec![refund(18_000)]);
    let first = world.newest_id();
    world.click(&BILLING, &first, approve()).unwrap();
    let approved = world.last_escalation().id;
    recommended_again(&mut world, 18_000);
    let refunding = WorkStep::Answer {
        answer: BillingAnswer::Refunding,
        words: None,
    };
    world.work(&BILLING_TWO, &approved, refunding).unwrap();
    (world, approved)
}

#[test]
fn a_question_about_money_that_is_being_moved_can_be_rejected_and_not_approved() {
    let (mut world, approved) = asked_again_and_then_moved();
    let second = world.newest_id();
    let refused = world.click(&BILLING, &second, approve()).unwrap_err();
    assert_eq!(refused.code, Code::TooLate);
    assert!(refused.sentence.contains("moving this money already"));
    world.click(&BILLING, &second, reject()).unwrap();
    assert_eq!(open(&world).len(), 1);

    let (mut world, _) = asked_again_and_then_moved();
    world
        .work(&BILLING_TWO, &approved, WorkStep::Resolve { words: None })
        .unwrap();
    let second = world.newest_id();
    world.click(&BILLING, &second, approve()).unwrap();
}

#[test]
fn an_answer_of_billing_stays_open_when_the_newer_question_runs_out() {
    let (mut world, approved) = asked_again_and_then_moved();
    loop {
        let asked = world.request();
        world.now = asked.asking.due_at;
        let deadline = Deadline::Request { request: asked.id };
        world.tell(CaseCommand::Wake { deadline }).unwrap();
        if world.request().asking.due_at <= world.now {
            break;
        }
    }
    let given = world.last_escalation();
    assert_eq!(given.cause, EscalationCause::ChainExhausted);
    assert!(!given.succeeds.contains(&approved));
    assert!(open(&world).iter().any(|one| one.id == approved));
}
