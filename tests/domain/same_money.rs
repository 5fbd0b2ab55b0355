//! The same money is recommended once, however often the customer writes.

use countersign::domain::case::command::WorkStep;
use countersign::domain::draft::Action;
use countersign::domain::escalation::{BillingAnswer, EscalationCause};
use countersign::domain::evidence::Charge;
use countersign::domain::ids::ChargeId;
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
