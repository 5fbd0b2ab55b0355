//! Links that are refused: by whom, to whom, too early, too late, and where none is needed.

use countersign::domain::case::command::WorkStep;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::person::{Membership, Person};
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::support::*;

use crate::linking::*;

#[test]
fn nobody_else_may_say_who_asked() {
    let (world, id) = waiting();
    let guest = Somebody {
        membership: Membership::Guest,
        ..BILLING
    };
    let elsewhere = Somebody {
        enterprise: Some("E1"),
        ..BILLING
    };
    let stale = Somebody {
        age: Span::minutes(10),
        ..BILLING
    };
    for (who, code) in [
        (guest, Code::NotAMember),
        (AGENT, Code::NotYours),
        (LEAD, Code::NotYours),
        (STRANGER, Code::NotYours),
        (stale, Code::CannotTell),
    ] {
        let refused = world.clone().work(&who, &id, said()).unwrap_err();
        assert_eq!(refused.code, code, "{who:?}");
    }
    // A grid that we are not part of says nothing; another workspace does.
    assert!(world.clone().work(&elsewhere, &id, said()).is_ok());
    let mut foreign = world.clone();
    foreign.installation.team = countersign::domain::ids::TeamId::new("T0OTHER001");
    let refused = foreign.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::WrongWorkspace);
}

#[test]
fn whoever_wrote_the_ticket_does_not_say_who_they_are() {
    let with_author = |author: Option<Person>| {
        let mut world = World::shipped()
            .opened(false, author)
            .read(vec![Signal::Money])
            .triaged(Category::RefundRequest, 2);
        let routed = world.case.drafts[0].draft.id.clone();
        world.send(&routed);
        world.gathered(charge()).drafted(vec![reply("who are you")])
    };
    let mut world = with_author(Some(BILLING.person()));
    let id = world.last_escalation().id;
    let refused = world.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::OwnDraft);
    let mut world = with_author(None);
    world.wrote_ticket = true;
    let refused = world.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::OwnDraft);
    world.wrote_ticket = false;
    assert!(world.work(&BILLING, &id, said()).is_ok());
}

#[test]
fn a_link_is_made_once_where_it_is_needed_and_with_what_it_needs() {
    let (world, id) = waiting();
    for (step, code) in [
        (link_to("ch_1"), Code::NoCustomer),
        (link_to("cus_"), Code::NoCustomer),
        (link_to("cus_1/charges"), Code::NoCustomer),
        (
            link_to(&format!("cus_{}", "a".repeat(260))),
            Code::NoCustomer,
        ),
        (link(None), Code::ReasonMissing),
    ] {
        let refused = world.clone().work(&BILLING, &id, step.clone()).unwrap_err();
        assert_eq!(refused.code, code, "{step:?}");
    }
    let mut unread = world.clone();
    unread.first_asks.linked.clear();
    let refused = unread.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::NoCustomer);

    let mut raced = world.clone();
    raced.work(&BILLING, &id, said()).unwrap();
    let late = raced.work(&BILLING_TWO, &id, link_to("cus_2")).unwrap_err();
    assert_eq!(late.code, Code::TooLate);
    assert!(
        late.sentence.contains("<@U0BILL0001>") && late.sentence.contains("cus_1"),
        "{late:?}"
    );
    let twice = raced.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(twice.code, Code::Twice);

    let mut resolved = world;
    let resolve = WorkStep::Resolve { words: None };
    resolved.work(&BILLING_TWO, &id, resolve).unwrap();
    let late = resolved.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(late.code, Code::TooLate);
}

#[test]
fn a_case_that_does_not_wait_for_it_takes_no_link() {
    let mut vouched = World::asking_refund(policy(&[]), 3_000);
    let id = vouched.last_escalation().id;
    let refused = vouched.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::IdentityKnown);

    let mut undrafted = World::shipped()
        .opened(false, None)
        .read(vec![Signal::Money])
        .triaged(Category::RefundRequest, 2);
    let routed = undrafted.case.drafts[0].draft.id.clone();
    undrafted.send(&routed);
    let id = undrafted.last_escalation().id;
    let early = undrafted.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(early.code, Code::NotYet);

    let (mut written, id) = waiting();
    written.write_again();
    let early = written.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(early.code, Code::NotYet);

    let (mut spent, id) = waiting();
    spent.case.calls = 8;
    let refused = spent.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::NotYet);
}

#[test]
fn money_that_was_approved_is_not_drafted_a_second_time() {
    let (mut world, _) = waiting();
    // As a model may, which leans on nothing but the ticket.
    world.write_again();
    world.read_again(vec![Signal::Money]);
    world.triage(verdict(Category::RefundRequest, 2));
    world.gather(&charge());
    world.draft(vec![refund(60_000)]);
    let asked = world.newest_id();
    world.click(&FINANCE, &asked, approve()).unwrap();
    let id = world.last_escalation().id;
    let refused = world.work(&BILLING, &id, said()).unwrap_err();
    assert_eq!(refused.code, Code::TooLate, "{refused:?}");
}
