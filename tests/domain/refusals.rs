//! Clicks that change nothing because of who clicked, on what, or when; and what the person is told.

use countersign::domain::case::command::{CaseCommand, Click, Wants};
use countersign::domain::case::refusal::{Refusal, RefusalCode as Code};
use countersign::domain::ids::{AppId, RequestId, TeamId, ViewId};
use countersign::domain::person::Membership;
use countersign::domain::time::Span;

use crate::support::*;

pub fn code(answer: Result<Vec<countersign::domain::case::event::CaseEvent>, Refusal>) -> Code {
    answer.unwrap_err().code
}

/// A click on the one request of a reply, changed before it is sent. Unchanged it counts.
fn changed(change: impl Fn(&mut Click, &mut Somebody)) -> Option<Code> {
    let mut world = World::asking_reply(policy(&[]));
    let mut who = LEAD;
    let mut click = world.click_on(&LEAD, &world.newest_id(), approve());
    change(&mut click, &mut who);
    world
        .tell_as(Some(&who), CaseCommand::Click(click))
        .err()
        .map(|refusal| refusal.code)
}

#[test]
fn an_unchanged_click_counts() {
    assert_eq!(changed(|_, _| {}), None);
}

#[test]
fn a_click_from_elsewhere_or_on_something_else_is_refused() {
    type Change = fn(&mut Click, &mut Somebody);
    let table: &[(&str, Change, Code)] = &[
        (
            "another team",
            |c, _| c.person.team = TeamId::new("T2"),
            Code::WrongWorkspace,
        ),
        (
            "another app",
            |c, _| c.app = AppId::new("A2"),
            Code::WrongWorkspace,
        ),
        (
            "another request",
            |c, _| c.request = RequestId::new("c1.r9"),
            Code::Unknown,
        ),
        (
            "another view",
            |c, _| c.view = ViewId::new("v.none"),
            Code::Unknown,
        ),
        (
            "another subject",
            |c, _| c.subject_prefix = "0".repeat(32),
            Code::Stale,
        ),
        ("no subject", |c, _| c.subject_prefix.clear(), Code::Stale),
        (
            "another rendering",
            |c, _| c.view_digest = countersign::domain::digest::Digest::of(b"other"),
            Code::Stale,
        ),
        (
            "a guest",
            |_, w| w.membership = Membership::Guest,
            Code::NotAMember,
        ),
        (
            "a bot",
            |_, w| w.membership = Membership::Bot,
            Code::NotAMember,
        ),
        (
            "a leaver",
            |_, w| w.membership = Membership::Deactivated,
            Code::NotAMember,
        ),
        (
            "a foreigner",
            |_, w| w.membership = Membership::Foreign,
            Code::NotAMember,
        ),
        (
            "nobody known",
            |_, w| w.membership = Membership::Unknown,
            Code::CannotTell,
        ),
        (
            "an old reading",
            |_, w| w.age = Span::minutes(6),
            Code::CannotTell,
        ),
        ("not in the group", |_, w| w.groups = &[], Code::NotYours),
    ];
    for (name, change, expected) in table {
        assert_eq!(changed(change), Some(*expected), "{name}");
    }
}

#[test]
fn a_reading_of_some_minutes_serves_the_lower_tiers_and_not_the_highest() {
    assert_eq!(changed(|_, w| w.age = Span::minutes(4)), None);
    let mut world = World::asking_page(policy(&[]));
    let page = world.newest_id();
    for (age, expected) in [(31, Some(Code::CannotTell)), (29, None)] {
        let who = Somebody {
            age: Span::seconds(age),
            ..LEAD
        };
        let answer = world.click(&who, &page, approve());
        assert_eq!(answer.err().map(|refusal| refusal.code), expected);
    }
}

#[test]
fn without_a_reading_nobody_decides() {
    let mut world = World::asking_reply(policy(&[]));
    let click = world.click_on(&LEAD, &world.newest_id(), approve());
    assert_eq!(
        code(world.tell(CaseCommand::Click(click))),
        Code::CannotTell
    );
}

#[test]
fn the_view_of_one_request_is_no_button_for_another() {
    let mut world = World::asking_reply(policy(&[]));
    let first = world.newest_id();
    world.click(&LEAD, &first, edit(reply("changed"))).unwrap();
    world.show_all();
    let mut click = world.click_on(&LEAD, &first, approve());
    click.request = world.newest_id();
    assert_eq!(
        code(world.tell_as(Some(&LEAD_TWO), CaseCommand::Click(click))),
        Code::Unknown
    );
}

#[test]
fn the_second_click_is_told_who_was_first() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    let late = world.click(&LEAD_TWO, &request, reject()).unwrap_err();
    assert_eq!(late.code, Code::TooLate);
    assert_eq!(
        late.sentence,
        "<@U0LEAD0001> approved this at 09:00:00 UTC; your click changed nothing."
    );
    assert_eq!(code(world.click(&LEAD, &request, approve())), Code::Twice);
}

#[test]
fn a_click_after_the_due_time_is_told_who_has_it_even_before_the_lapse_is_recorded() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let request = world.request();
    world.now = request.asking.due_at;
    let before = world.click(&BILLING, &request.id, approve()).unwrap_err();
    let deadline = countersign::domain::case::command::Deadline::Request {
        request: request.id.clone(),
    };
    world.tell(CaseCommand::Wake { deadline }).unwrap();
    let after = world.click(&BILLING, &request.id, approve()).unwrap_err();
    for refusal in [before, after] {
        assert_eq!(refusal.code, Code::Lapsed);
        assert_eq!(refusal.next_step, "It is with Finance Lead now.");
    }
}

#[test]
fn somebody_who_agreed_before_a_lapse_is_told_of_the_lapse() {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let request = world.request();
    world.click(&LEAD, &request.id, approve()).unwrap();
    world.now = request.asking.due_at;
    assert_eq!(
        code(world.click(&LEAD, &request.id, approve())),
        Code::Lapsed
    );
}

#[test]
fn a_superseded_request_says_why() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.write_again();
    let refusal = world.click(&LEAD, &request, approve()).unwrap_err();
    assert_eq!(refusal.code, Code::Superseded);
    assert!(refusal.sentence.starts_with("The customer wrote again."));
}

#[test]
fn nobody_decides_on_their_own_ticket_or_draft() {
    // By identity, whether or not Slack named the enterprise.
    for enterprise in [None, Some("E1")] {
        let who = Somebody { enterprise, ..LEAD };
        let mut world = World::shipped()
            .opened(true, Some(LEAD.person()))
            .read(vec![])
            .triaged(countersign::domain::verdict::Category::HowTo, 2)
            .gathered(charge())
            .drafted(vec![reply("here is how")]);
        let request = world.newest_id();
        assert_eq!(code(world.click(&who, &request, approve())), Code::OwnDraft);
        assert!(world.click(&LEAD_TWO, &request, approve()).is_ok());
    }
    // By address.
    let mut world = World::asking_reply(policy(&[]));
    world.wrote_ticket = true;
    let request = world.newest_id();
    assert_eq!(
        code(world.click(&LEAD, &request, approve())),
        Code::OwnDraft
    );
    assert_eq!(code(world.click(&LEAD, &request, reject())), Code::OwnDraft);
    assert_eq!(
        code(world.click(&LEAD, &request, edit(reply("changed")))),
        Code::OwnDraft
    );
}

#[test]
fn what_is_not_approved_or_has_gone_cannot_be_taken_back() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    assert_eq!(
        code(world.click(&LEAD, &request, Wants::Undo)),
        Code::NothingToUndo
    );
    world.click(&LEAD, &request, approve()).unwrap();
    assert_eq!(
        code(world.click(&STRANGER, &request, Wants::Undo)),
        Code::NotYours
    );
    world.later(Span::seconds(30));
    assert_eq!(
        code(world.click(&LEAD, &request, Wants::Undo)),
        Code::NothingToUndo
    );
    let draft = world.asked_draft().id;
    world.send(&draft);
    assert_eq!(
        code(world.click(&LEAD, &request, Wants::Undo)),
        Code::NothingToUndo
    );
}
