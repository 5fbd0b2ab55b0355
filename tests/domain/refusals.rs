//! Every way in which a click changes nothing, and what the person is told.

use countersign::domain::approval::RejectPreset;
use countersign::domain::case::command::{CaseCommand, Click, Wants};
use countersign::domain::case::refusal::{Refusal, RefusalCode as Code};
use countersign::domain::draft::Action;
use countersign::domain::ids::{AppId, ChargeId, RequestId, TeamId, ViewId};
use countersign::domain::money::{Currency, Money};
use countersign::domain::person::Membership;
use countersign::domain::time::Span;

use crate::support::*;

fn code(answer: Result<Vec<countersign::domain::case::event::CaseEvent>, Refusal>) -> Code {
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
    let mut world = World::asking_refund(policy(&[]), 180_00);
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
fn what_the_rules_do_not_allow_any_more_is_refused() {
    let denied = ("contract.json", r#", "tickets.notify_customer"]"#, "]");
    let category = (
        "contract.json",
        r#""block_categories": []"#,
        r#""block_categories": ["how_to"]"#,
    );
    for now in [policy(&[denied]), policy(&[category]), policy(&[CLASSIFY])] {
        let mut world = World::asking_reply(policy(&[]));
        let request = world.newest_id();
        world.asked_under = Some(std::mem::replace(&mut world.policy, now));
        assert_eq!(
            code(world.click(&LEAD, &request, approve())),
            Code::PolicyChanged
        );
    }
}

#[test]
fn a_policy_that_cannot_be_read_any_more_lets_nobody_decide() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    let before = std::mem::replace(&mut world.policy, policy(&[APPLY]));
    assert_eq!(
        code(world.click(&LEAD, &request, approve())),
        Code::PolicyChanged
    );
    world.asked_under = Some(before);
    assert!(world.click(&LEAD, &request, approve()).is_ok());
}

#[test]
fn both_policies_must_name_the_person() {
    let narrower = (
        "approvers.json",
        r#""batch_reviewers": { "groups": [{ "id": "S0LEADS001", "label": "@support-leads" }] }"#,
        r#""batch_reviewers": { "users": [{ "id": "U0LEAD0002", "label": "Second Lead" }] }"#,
    );
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.asked_under = Some(std::mem::replace(&mut world.policy, policy(&[narrower])));
    assert_eq!(
        code(world.click(&LEAD, &request, approve())),
        Code::NotYours
    );
    assert!(world.click(&LEAD_TWO, &request, approve()).is_ok());
}

#[test]
fn a_policy_that_asks_other_people_now_wants_them_too() {
    let elsewhere = (
        "tiers/tickets.notify_customer.json",
        r#""approver_rule": "batch_reviewers", "sla_hours": 8, "escalate_to": "support_lead""#,
        r#""approver_rule": "finance_lead", "sla_hours": 8"#,
    );
    let other_chain = (
        "escalation.json",
        r#""support_l1": { "then": ["support_lead"], "#,
        r#""support_l1": { "#,
    );
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.asked_under = Some(std::mem::replace(
        &mut world.policy,
        policy(&[elsewhere, other_chain]),
    ));
    assert_eq!(
        code(world.click(&LEAD, &request, approve())),
        Code::NotYours
    );
}

#[test]
fn a_draft_that_the_rules_put_higher_now_cannot_be_approved_as_it_was_asked() {
    let mut world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![Action::SetPriority {
            priority: "high".into(),
        }]);
    let request = world.newest_id();
    world.write_again();
    world.read_again(vec![]);
    world.triage(verdict(countersign::domain::verdict::Category::HowTo, 2));
    let mut raised = world.clone();
    raised.case.verdict.as_mut().unwrap().severity =
        countersign::domain::verdict::Severity::of(3).unwrap();
    assert_eq!(
        code(raised.click(&LEAD, &request, approve())),
        Code::PolicyChanged
    );
    assert!(world.click(&LEAD, &request, approve()).is_ok());
}

#[test]
fn reasons_are_required_where_the_record_needs_them() {
    let page = || World::asking_page(policy(&[]));
    let reply_asked = || World::asking_reply(policy(&[]));
    let other = Some(RejectPreset::Other);
    let words = Some(sealed("not like this"));
    let bare = Wants::Approve { reason: None };
    let table = [
        ("high, bare", page(), bare.clone(), false),
        ("high, with words", page(), approve(), true),
        ("medium, bare", reply_asked(), bare, true),
        (
            "reject, bare",
            reply_asked(),
            Wants::Reject {
                preset: None,
                reason: None,
            },
            false,
        ),
        (
            "reject, words",
            reply_asked(),
            Wants::Reject {
                preset: None,
                reason: words,
            },
            true,
        ),
        ("reject, preset", reply_asked(), reject(), true),
        (
            "reject, other",
            reply_asked(),
            Wants::Reject {
                preset: other,
                reason: None,
            },
            false,
        ),
        (
            "reject, other, words",
            reply_asked(),
            Wants::Reject {
                preset: other,
                reason: words,
            },
            true,
        ),
        (
            "edit, bare",
            reply_asked(),
            Wants::Edit {
                action: reply("x"),
                reason: None,
            },
            false,
        ),
        ("edit, words", reply_asked(), edit(reply("x")), true),
    ];
    for (name, mut world, wants, counts) in table {
        let request = world.newest_id();
        let answer = world.click(&LEAD, &request, wants);
        let expected = (!counts).then_some(Code::ReasonMissing);
        assert_eq!(answer.err().map(|refusal| refusal.code), expected, "{name}");
    }
}

#[test]
fn an_edit_keeps_what_is_done_and_to_what() {
    let euros = Money {
        minor: 100_00,
        currency: Currency::parse("eur").unwrap(),
    };
    let with = |change: fn(&mut ChargeId, &mut Money)| {
        let mut action = refund(180_00);
        if let Action::Refund { charge, amount, .. } = &mut action {
            change(charge, amount);
        }
        action
    };
    let table = [
        ("the same", refund(180_00)),
        ("another kind", reply("hello")),
        (
            "another charge",
            with(|charge, _| *charge = ChargeId::new("ch_2")),
        ),
        ("nothing", with(|_, amount| amount.minor = 0)),
        ("less than nothing", with(|_, amount| amount.minor = -1)),
        ("above the most", with(|_, amount| amount.minor = 5_001_00)),
    ];
    for (name, action) in table {
        let mut world = World::asking_refund(policy(&[]), 180_00);
        let request = world.newest_id();
        let answer = world.click(&BILLING, &request, edit(action));
        assert_eq!(code(answer), Code::BadEdit, "{name}");
    }
    let mut world = World::asking_refund(policy(&[]), 180_00);
    let request = world.newest_id();
    let mut action = refund(1);
    if let Action::Refund { amount, .. } = &mut action {
        *amount = euros;
    }
    assert_eq!(
        code(world.click(&BILLING, &request, edit(action))),
        Code::BadEdit
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
