//! Clicks that change nothing because the rules, or the record, want something else.

use countersign::domain::approval::RejectPreset;
use countersign::domain::case::command::Wants;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::Action;
use countersign::domain::ids::ChargeId;
use countersign::domain::money::{Currency, Money};

use crate::support::*;

use crate::refusals::code;

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
        minor: 10_000,
        currency: Currency::parse("eur").unwrap(),
    };
    let with = |change: fn(&mut ChargeId, &mut Money)| {
        let mut action = refund(18_000);
        if let Action::Refund { charge, amount, .. } = &mut action {
            change(charge, amount);
        }
        action
    };
    let table = [
        ("the same", refund(18_000)),
        ("another kind", reply("hello")),
        (
            "another charge",
            with(|charge, _| *charge = ChargeId::new("ch_2")),
        ),
        ("nothing", with(|_, amount| amount.minor = 0)),
        ("less than nothing", with(|_, amount| amount.minor = -1)),
        ("above the most", with(|_, amount| amount.minor = 500_100)),
    ];
    for (name, action) in table {
        let mut world = World::asking_refund(policy(&[]), 18_000);
        let request = world.newest_id();
        let answer = world.click(&BILLING, &request, edit(action));
        assert_eq!(code(answer), Code::BadEdit, "{name}");
    }
    let mut world = World::asking_refund(policy(&[]), 18_000);
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
