//! A person says which customer asked: what follows, what binds it, and when it falls.

use countersign::domain::approval::{Course, RequestState, Tier};
use countersign::domain::case::command::{CaseCommand, Silence, WorkStep};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::evidence::{Ask, FactName, Finding};
use countersign::domain::ids::{CustomerId, EscalationId};
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::support::*;

pub fn waiting() -> (World, EscalationId) {
    let actions = vec![reply("who are you"), label("vip")];
    let world = World::asking_identity(policy(&[]), actions);
    let escalation = world.last_escalation();
    assert_eq!(escalation.role, Role::Billing);
    (world, escalation.id)
}

pub fn link_to(customer: &str) -> WorkStep {
    WorkStep::LinkCustomer {
        customer: CustomerId::new(customer),
        words: Some(sealed("called back")),
    }
}

pub fn said() -> WorkStep {
    link(Some("called back"))
}

/// Linked by somebody, and not read yet.
pub fn linked_by(who: &Somebody) -> (World, EscalationId) {
    let (mut world, id) = waiting();
    world.later(Span::minutes(5));
    world.work(who, &id, said()).unwrap();
    (world, id)
}

/// Linked by billing, read, and not drafted yet.
pub fn linked() -> World {
    let (mut world, _) = linked_by(&BILLING);
    world.gather(&charge());
    world
}

pub fn drafts_due(world: &World, since: usize) -> usize {
    let new = world.effects[since..].iter();
    new.filter(|planned| matches!(planned.effect, Effect::Draft { .. }))
        .count()
}

pub fn fails(why: &str, lasting: bool) -> CaseCommand {
    CaseCommand::RecordEvidenceFailure {
        ask: linked_ask(),
        silence: Silence {
            why: why.into(),
            lasting,
            after: None,
        },
    }
}

#[test]
fn a_link_asks_the_source_about_that_customer_and_drafts_are_made_again() {
    let (mut world, id) = waiting();
    let before = world.effects.len();
    let events = world.work(&BILLING, &id, said()).unwrap();
    let CaseEvent::CustomerLinked {
        customer,
        by,
        revision,
        eligibility,
        ..
    } = &events[0]
    else {
        panic!("{events:?}");
    };
    assert_eq!((customer.as_str(), *revision), ("cus_1", 1));
    assert_eq!(*by, BILLING.person());
    assert_eq!(eligibility.matched, "member of S0BILLING1");
    let asked: Vec<&Ask> = world.case.asking.keys().collect();
    assert_eq!(asked, [&linked_ask()]);
    assert_eq!(world.case.identity_needed, None);
    assert!(!world.case.link_is_confirmed());
    world.gather(&charge());
    assert!(world.case.link_is_confirmed());
    assert_eq!(drafts_due(&world, before), 1);
    let asked = world.newest_id();
    world.draft(vec![refund(18_000), reply("here it is"), label("vip")]);
    let requests = &world.case.requests;
    let kinds = |state: RequestState| -> Vec<ActionKind> {
        let of = |id| world.case.draft(id).unwrap().draft.action.kind();
        let all = requests.iter().filter(|one| one.state == state);
        all.map(|one| of(&one.request.draft)).collect()
    };
    assert_eq!(
        kinds(RequestState::Superseded),
        [ActionKind::NotifyCustomer],
        "the reply that could not say anything"
    );
    assert_eq!(
        kinds(RequestState::Pending),
        [
            ActionKind::AddLabel,
            ActionKind::Refund,
            ActionKind::NotifyCustomer
        ],
        "the label stands and is not proposed twice"
    );
    assert_ne!(asked, world.newest_id());
    assert!(world.case.calls >= 3, "the calls count for one budget");
}

#[test]
fn whoever_linked_decides_nothing_that_follows_and_somebody_else_does() {
    let mut world = linked();
    world.draft(vec![refund(18_000)]);
    let asked = world.newest_id();
    assert_eq!(world.newest().request.authors, [BILLING.person()]);
    let refused = world.click(&BILLING, &asked, approve()).unwrap_err();
    assert_eq!(refused.code, Code::OwnDraft);
    let edited = world
        .click(&BILLING, &asked, edit(refund(100)))
        .unwrap_err();
    assert_eq!(edited.code, Code::OwnDraft);
    world.click(&BILLING_TWO, &asked, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
    // What was drafted before the link is not of the linker's making.
    let before = &world.case.requests[0].request;
    assert_eq!(before.authors, []);
}

#[test]
fn a_refund_that_would_be_lowest_is_asked_about_and_only_the_link_makes_it_so() {
    let tiers = |world: &World| {
        let refund = world.case.drafts.last().unwrap();
        refund.assessment.clone().unwrap()
    };
    let mut world = linked();
    world.draft(vec![refund(3_000)]);
    let assessed = tiers(&world);
    assert_eq!(assessed.tier, Tier::Medium);
    assert!(matches!(assessed.course, Course::Ask(_)), "{assessed:?}");
    assert!(assessed.facts.contains_key(&FactName::CustomerMonths));
    let vouched = World::asking_refund(policy(&[]), 3_000);
    let vouched = vouched
        .case
        .drafts
        .iter()
        .find(|one| one.draft.action.kind().is_money());
    assert_eq!(
        vouched.unwrap().assessment.as_ref().unwrap().tier,
        Tier::Low
    );
}

#[test]
fn a_link_that_nothing_bears_out_falls_and_can_be_made_again() {
    let (mut world, id) = waiting();
    world.work(&BILLING, &id, said()).unwrap();
    let before = world.effects.len();
    world
        .tell(fails("Stripe has no such customer", true))
        .unwrap();
    assert_eq!(
        world.case.identity_needed.as_deref(),
        Some(
            "The link to cus_1 does not hold: Stripe has no such customer. The customer can be linked again."
        )
    );
    assert_eq!(world.case.link(), None);
    assert_eq!(
        drafts_due(&world, before),
        0,
        "what was drafted before stands"
    );
    assert!(world.case.pending().count() >= 2);
    world.work(&BILLING_TWO, &id, said()).unwrap();
    world.gather(&charge());
    world.draft(vec![refund(18_000)]);
    assert_eq!(world.newest().request.authors, [BILLING_TWO.person()]);
}

#[test]
fn an_answer_about_somebody_else_is_no_evidence() {
    let (mut world, id) = waiting();
    world.work(&BILLING, &id, said()).unwrap();
    let stranger = match customer() {
        Finding::Customer { since, .. } => Finding::Customer {
            id: "cus_9".into(),
            since,
            tier: None,
            flagged_fraud: false,
        },
        other => other,
    };
    for finding in [stranger, Finding::NoSingleCustomer { count: 2 }] {
        let mut world = world.clone();
        let pieces = world.case.evidence.len();
        let taken = taken(world.now, linked_ask(), vec![finding]);
        world.tell(CaseCommand::RecordEvidence { taken }).unwrap();
        assert_eq!(world.case.evidence.len(), pieces);
        assert!(world.case.identity_needed.is_some());
    }
}

#[test]
fn a_silent_source_is_asked_again_before_the_link_falls() {
    let (mut world, id) = waiting();
    world.work(&BILLING, &id, said()).unwrap();
    world.tell(fails("away", false)).unwrap();
    assert!(world.case.link().is_some());
    world.later(Span::minutes(16));
    world.tell(fails("away", false)).unwrap();
    assert_eq!(world.case.link(), None);
}

#[test]
fn a_new_message_keeps_the_link_and_reads_that_customer_again() {
    let mut world = linked();
    world.draft(vec![refund(18_000)]);
    world.later(Span::hours(1));
    world.write_again();
    world.read_again(vec![Signal::Money]);
    world.triage(verdict(Category::RefundRequest, 2));
    assert_eq!(world.case.identity_needed, None);
    assert!(world.case.asking.contains_key(&linked_ask()));
    world.gather(&charge());
    world.draft(vec![refund(18_000)]);
    assert_eq!(world.newest().request.authors, [BILLING.person()]);
    let assessment = world.case.drafts.last().unwrap().assessment.as_ref();
    assert!(assessment.unwrap().facts.contains_key(&FactName::Amount));
}

/// A customer who is gone when the next message is read is nobody's any more: nothing that was read before counts.
#[test]
fn what_was_read_under_a_link_that_fell_is_no_fact_for_anything_later() {
    let mut world = linked();
    world.draft(vec![refund(18_000)]);
    world.later(Span::hours(1));
    world.write_again();
    world.read_again(vec![Signal::Money]);
    world.triage(verdict(Category::RefundRequest, 2));
    while let Some(ask) = world.case.asking.keys().next().cloned() {
        if ask == linked_ask() {
            world
                .tell(fails("this customer was deleted in Stripe", true))
                .unwrap();
        } else {
            let taken = taken(world.now, ask, vec![Finding::Target(Default::default())]);
            world.tell(CaseCommand::RecordEvidence { taken }).unwrap();
        }
    }
    assert!(world.case.identity_needed.is_some());
    world.draft(vec![refund(3_000)]);
    let assessed = world
        .case
        .drafts
        .last()
        .unwrap()
        .assessment
        .clone()
        .unwrap();
    assert_eq!(assessed.tier, Tier::High);
    assert!(
        !assessed.facts.contains_key(&FactName::Amount),
        "{assessed:?}"
    );
    assert!(!assessed.facts.contains_key(&FactName::CustomerMonths));
}

#[test]
fn an_ambiguous_requester_is_linked_too_and_the_ambiguity_counts_no_more() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![Signal::Money])
        .triaged(Category::RefundRequest, 2);
    let routed = world.case.drafts[0].draft.id.clone();
    world.send(&routed);
    let id = world.last_escalation().id;
    while let Some(ask) = world.case.asking.keys().next().cloned() {
        let finding = if ask.source.as_str() == "stripe" {
            Finding::NoSingleCustomer { count: 2 }
        } else {
            Finding::Target(Default::default())
        };
        let taken = taken(world.now, ask, vec![finding]);
        world.tell(CaseCommand::RecordEvidence { taken }).unwrap();
    }
    world.draft(vec![reply("who are you")]);
    world.later(Span::minutes(1));
    world.work(&BILLING, &id, said()).unwrap();
    world.gather(&charge());
    world.draft(vec![refund(18_000)]);
    let assessed = world
        .case
        .drafts
        .last()
        .unwrap()
        .assessment
        .clone()
        .unwrap();
    assert_eq!(assessed.tier, Tier::Medium);
    assert!(assessed.facts.contains_key(&FactName::CustomerMonths));
}

/// The subject binds on whose word it rests who asked.
#[test]
fn another_linker_or_other_words_make_another_subject() {
    let subject = |who: &Somebody, words: &str| {
        let (mut world, id) = waiting();
        world.work(who, &id, link(Some(words))).unwrap();
        world.gather(&charge());
        world.draft(vec![refund(18_000)]);
        world.newest().request.subject
    };
    let first = subject(&BILLING, "called back");
    assert_eq!(first, subject(&BILLING, "called back"));
    assert_ne!(first, subject(&BILLING_TWO, "called back"));
    assert_ne!(first, subject(&BILLING, "looked at the invoice"));
}
