//! Evidence, identity, and the drafts that follow.

use countersign::domain::case::StepState;
use countersign::domain::case::command::{CaseCommand, Proposal, Silence};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::Gate;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::{Action, ActionKind};
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::evidence::Finding;
use countersign::domain::ids::EvidenceId;
use countersign::domain::time::Span;
use countersign::domain::verdict::Category;

use crate::support::*;

use crate::flow::{drafts, proposal, proposed, triaged};

#[test]
fn a_silent_source_is_asked_for_fifteen_minutes_and_then_left_out() {
    let mut world = triaged(Category::HowTo, 2);
    let ask = world.case.asking.keys().next().unwrap().clone();
    let since = world.now;
    let failed = |lasting| CaseCommand::RecordEvidenceFailure {
        ask: ask.clone(),
        silence: silent(lasting),
    };
    let mut lasting = world.clone();
    let drafts_due = |world: &World| {
        let draft = |effect: &Effect| matches!(effect, Effect::Draft { revision: 1 });
        world.effects.iter().any(|planned| draft(&planned.effect))
    };
    let mut tries = 0;
    while !world.case.asking.is_empty() {
        let events = world.tell(failed(false)).unwrap();
        let [CaseEvent::EvidenceFailed { again_at, .. }] = events.as_slice() else {
            panic!("{events:?}");
        };
        tries += 1;
        if let Some(at) = again_at {
            assert!(!drafts_due(&world));
            world.now = *at;
        }
    }
    assert_eq!(world.now.since(since), Span::minutes(15));
    assert!(tries > 5 && drafts_due(&world));
    assert_eq!(world.refused(failed(false)), Code::OutOfPlace);
    lasting.tell(failed(true)).unwrap();
    assert!(drafts_due(&lasting));
}

#[test]
fn a_source_is_left_alone_for_as_long_as_it_says_and_not_waited_for_in_vain() {
    let mut world = triaged(Category::HowTo, 2);
    let ask = world.case.asking.keys().next().unwrap().clone();
    let told = |after| CaseCommand::RecordEvidenceFailure {
        ask: ask.clone(),
        silence: Silence {
            why: "too many questions".into(),
            lasting: false,
            after: Some(after),
        },
    };
    let again = |world: &mut World, after| match world.tell(told(after)).unwrap().as_slice() {
        [CaseEvent::EvidenceFailed { again_at, .. }] => *again_at,
        other => panic!("{other:?}"),
    };
    let in_a_second = again(&mut world, Span::seconds(1)).unwrap();
    assert!(
        in_a_second > world.now.plus(Span::seconds(1)),
        "our own pause is longer"
    );
    let in_five = again(&mut world, Span::minutes(5));
    assert_eq!(in_five, Some(world.now.plus(Span::minutes(5))));
    assert_eq!(again(&mut world, Span::minutes(16)), None);
}

#[test]
fn money_of_somebody_unknown_is_not_looked_up() {
    let identity = |world: &World| world.case.identity_needed.is_some();
    let table = [
        (true, Category::RefundRequest, false, 2),
        (false, Category::RefundRequest, true, 1),
        (false, Category::HowTo, false, 1),
        (true, Category::HowTo, false, 1),
    ];
    for (verified, category, needed, asked) in table {
        let world = World::shipped()
            .opened(verified, None)
            .read(vec![])
            .triaged(category, 2);
        assert_eq!(identity(&world), needed, "{verified} {category}");
        assert_eq!(world.case.asking.len(), asked, "{verified} {category}");
    }
}

#[test]
fn an_ambiguous_requester_needs_an_identity_too() {
    let mut world = triaged(Category::RefundRequest, 2);
    let ask = ask("stripe", "customer");
    let taken = taken(world.now, ask, vec![Finding::NoSingleCustomer { count: 2 }]);
    world.tell(CaseCommand::RecordEvidence { taken }).unwrap();
    assert_eq!(
        world.case.identity_needed.as_deref(),
        Some("2 customers answer to who asked; it takes exactly one.")
    );
}

#[test]
fn evidence_is_taken_once_and_asked_anew_for_a_new_message() {
    let mut world = triaged(Category::RefundRequest, 2);
    let mut customer = taken(world.now, ask("stripe", "customer"), vec![]);
    customer.next = vec![ask("stripe", "charges"), ask("stripe", "charges")];
    let command = |taken| CaseCommand::RecordEvidence { taken };
    world.tell(command(customer.clone())).unwrap();
    assert_eq!(world.refused(command(customer.clone())), Code::OutOfPlace);
    let charges = taken(world.now, ask("stripe", "charges"), vec![]);
    world.tell(command(charges)).unwrap();
    world.write_again();
    assert_eq!(world.refused(command(customer.clone())), Code::OutOfPlace);
    world.later(Span::hours(1));
    world.read_again(vec![]);
    world.triage(verdict(Category::RefundRequest, 2));
    customer.at = world.now;
    world.tell(command(customer)).unwrap();
    assert!(world.case.asking.contains_key(&ask("stripe", "charges")));
}

#[test]
fn drafts_that_cannot_stand_go_to_a_person_whole() {
    let cites_nothing = Proposal {
        cites: vec![EvidenceId::new("c1.v9")],
        ..proposal(reply("hello"))
    };
    let bad = [
        vec![],
        vec![cites_nothing],
        vec![proposal(Action::RouteCase { role: Role::Infra })],
        vec![proposal(Action::PageOncall { role: Role::Infra })],
        vec![proposal(refund(0))],
        vec![proposal(refund(-5))],
        vec![proposal(label("a")), proposal(label("a"))],
    ];
    for proposals in bad {
        let mut world = triaged(Category::HowTo, 2).gathered(charge());
        let command = drafts(&world, proposals.clone());
        let events = world.tell(command).unwrap();
        assert!(proposed(&events).is_empty(), "{proposals:?}");
        assert_eq!(world.last_escalation().cause, EscalationCause::NeedsHuman);
    }
}

#[test]
fn what_is_asked_or_done_already_is_not_proposed_again() {
    let mut world = triaged(Category::HowTo, 2).gathered(charge());
    world.draft(vec![label("vip"), reply("hello")]);
    world.write_again();
    world.read_again(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    world.gather(&charge());
    let events = world.draft(vec![label("vip"), label("other"), reply("hello")]);
    assert_eq!(
        proposed(&events),
        [ActionKind::AddLabel, ActionKind::NotifyCustomer]
    );
}

#[test]
fn what_is_in_neither_list_stands_on_the_ticket_as_a_note() {
    let unlisted = ("contract.json", r#""tickets.add_label", "#, "");
    let mut world = World::under(policy(&[unlisted]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    world.draft(vec![label("vip")]);
    let draft = &world.case.drafts[1];
    assert!(draft.declined.is_some());
    assert!(matches!(draft.note, StepState::Due(_)));
    let id = draft.draft.id.clone();
    assert!(matches!(world.gate(&id, Phase::Note), Gate::Permit(_)));
    assert!(matches!(world.gate(&id, Phase::Act), Gate::Void(_)));
    let mut silent = World::under(policy(&[unlisted, CLASSIFY]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    silent.draft(vec![label("vip")]);
    assert_eq!(silent.case.drafts[1].note, StepState::Idle);
}

#[test]
fn a_hard_block_goes_to_its_role_and_nobody_is_asked() {
    let disputed = countersign::domain::evidence::Charge {
        dispute_open: true,
        ..charge()
    };
    let mut world = triaged(Category::RefundRequest, 2).gathered(disputed);
    world.draft(vec![refund(18_000)]);
    assert_eq!(world.case.requests.len(), 0);
    assert_eq!(world.last_escalation().cause, EscalationCause::Blocked);
    assert!(world.case.drafts[1].declined.is_some());
}
