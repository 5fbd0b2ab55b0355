//! Borders that only a changed line of the code can show to be held: each test here is the end of a mutant.

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Deadline, Wants};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::escalation::Role;
use countersign::domain::person::Membership;
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;

use crate::edits::pinned_before;
use crate::linking::{fails, linked, linked_by, waiting};
use crate::succession::with_billing;
use crate::support::*;

#[test]
fn nothing_but_a_ticket_opens_a_case() {
    let mut world = World::shipped();
    let message = sealed("more");
    assert_eq!(
        world.refused(CaseCommand::AddMessage { message }),
        Code::OutOfPlace
    );
    let view = view(vec![]);
    let revision = 0;
    assert_eq!(
        world.refused(CaseCommand::RecordView { revision, view }),
        Code::OutOfPlace
    );
}

#[test]
fn a_link_holds_into_the_revisions_that_begin_after_it_and_before_it_falls() {
    let (mut world, _) = linked_by(&BILLING);
    let held = |world: &World| [1, 2, 3, 4].map(|revision| world.case.links[0].held_into(revision));
    assert_eq!(held(&world), [false, true, true, true]);
    world.write_again();
    assert_eq!(held(&world), [false, true, true, true]);

    let (mut fell_at_once, _) = linked_by(&BILLING);
    fell_at_once
        .tell(fails("nobody answers to it", true))
        .unwrap();
    assert!(fell_at_once.case.link().is_none());
    assert_eq!(held(&fell_at_once), [false; 4]);

    // Asked anew for the second revision, the source does not know the customer any more.
    world.read_again(vec![countersign::domain::verdict::Signal::Money]);
    world.triage(verdict(
        countersign::domain::verdict::Category::RefundRequest,
        2,
    ));
    world.tell(fails("nobody answers to it", true)).unwrap();
    assert!(world.case.link().is_none());
    assert_eq!(held(&world), [false, true, false, false]);
    assert!(waiting().0.case.links.is_empty());
}

/// Whoever wrote the ticket may take back what they decided before anybody knew, and nothing that others decided.
#[test]
fn an_author_takes_back_only_their_own_decision() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    world.wrote_ticket = true;
    let undone = |mut world: World, who| {
        world
            .click(who, &request, Wants::Undo)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(undone(world.clone(), &LEAD_TWO), Err(Code::OwnDraft));
    assert!(undone(world.clone(), &LEAD).is_ok());
    assert_eq!(world.case.requests[0].state, RequestState::Approved);
}

#[test]
fn a_reading_serves_to_the_last_moment_of_its_age() {
    let aged = |age| Somebody { age, ..LEAD };
    let clicked = |mut world: World, age| {
        let request = world.newest_id();
        world
            .click(&aged(age), &request, approve())
            .map_err(|refusal| refusal.code)
    };
    let (reply, page) = (
        World::asking_reply(policy(&[])),
        World::asking_page(policy(&[])),
    );
    for (world, most) in [(reply, Span::minutes(5)), (page, Span::seconds(30))] {
        assert!(clicked(world.clone(), most).is_ok());
        assert_eq!(clicked(world, Span(most.0 + 1)), Err(Code::CannotTell));
    }
}

#[test]
fn whoever_is_no_member_hears_what_their_account_is() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    for (membership, words) in [
        (Membership::Guest, "is a guest account."),
        (Membership::Bot, "is a bot."),
        (Membership::Deactivated, "is deactivated."),
        (Membership::Foreign, "is from another workspace."),
    ] {
        let who = Somebody { membership, ..LEAD };
        let refused = world.click(&who, &request, approve()).unwrap_err();
        assert_eq!(refused.code, Code::NotAMember);
        assert!(refused.sentence.ends_with(words), "{}", refused.sentence);
    }
}

/// The people who were asked stay the people who are asked, also where the rules would ask others for the lower amount.
#[test]
fn a_lower_amount_is_still_for_those_who_were_asked() {
    let two = (
        "approvers.json",
        r#""finance_oncall": { "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] }"#,
        r#""finance_oncall": { "quorum": 2, "groups": [{ "id": "S0FINANCE1", "label": "@finance" }] }"#,
    );
    let mut world = World::asking_refund(policy(&[two]), 60_000);
    let (request, asking) = (world.newest_id(), world.request().asking);
    world
        .click(&FINANCE, &request, edit(refund(18_000)))
        .unwrap();
    let lower = world.newest_id();
    assert_eq!(world.request().asking, asking, "and the clock goes on");
    assert_eq!(world.newest().state, RequestState::Pending);
    world.click(&FINANCE_LEAD, &lower, approve()).unwrap();
    assert_eq!(world.newest().state, RequestState::Approved);
}

#[test]
fn an_edit_at_the_same_tier_stays_with_the_same_people_and_the_clock_goes_on() {
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let (request, asking) = (world.newest_id(), world.request().asking);
    world.later(Span::hours(1));
    world
        .click(&BILLING, &request, edit(refund(15_000)))
        .unwrap();
    assert_ne!(world.newest_id(), request);
    assert_eq!(world.request().asking, asking);
}

/// Where the rules in force name others for this tier, the changed draft is put to those.
#[test]
fn an_edit_is_put_to_whoever_the_rules_name_now() {
    let others = (
        "tiers/refund.json",
        r#""route": "batch_review", "approver_rule": "billing_reviewers", "sla_hours": 24"#,
        r#""route": "named_approver", "approver_rule": "finance_oncall", "sla_hours": 24"#,
    );
    let also_billing = (
        "approvers.json",
        r#""finance_oncall": { "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] }"#,
        r#""finance_oncall": { "users": [{ "id": "U0BILL0001", "label": "Billing" }, { "id": "U0FIN00001", "label": "Finance On-call" }] }"#,
    );
    let mut world = World::asking_refund(policy(&[]), 18_000);
    let request = world.newest_id();
    let now = policy(&[others, also_billing]);
    world.asked_under = Some(std::mem::replace(&mut world.policy, now));
    world
        .click(&BILLING, &request, edit(refund(15_000)))
        .unwrap();
    assert_eq!(
        world.request().asking.approver_rule.as_str(),
        "finance_oncall"
    );
}

/// Whoever is asked later in the chain of the rules in force may decide, though its first rule does not name them.
#[test]
fn a_later_rule_of_the_chain_in_force_is_enough() {
    let narrower = (
        "approvers.json",
        r#""batch_reviewers": { "groups": [{ "id": "S0LEADS001", "label": "@support-leads" }] }"#,
        r#""batch_reviewers": { "users": [{ "id": "U0LEAD0002", "label": "Second Lead" }] }"#,
    );
    let mut world = World::asking_reply(policy(&[]));
    let first = world.newest_id();
    world.now = world.request().asking.due_at;
    let deadline = Deadline::Request { request: first };
    world.tell(CaseCommand::Wake { deadline }).unwrap();
    assert_eq!(
        world.request().asking.approver_rule.as_str(),
        "support_lead"
    );
    world.asked_under = Some(std::mem::replace(&mut world.policy, policy(&[narrower])));
    let second = world.newest_id();
    assert!(world.click(&LEAD, &second, approve()).is_ok());
}

#[test]
fn a_role_knows_what_to_do_where_it_has_more_open_itself_than_that_the_case_is_theirs() {
    let mut world = with_billing(policy(&[]));
    assert!(!world.case.knows_what_to_do(Role::Billing));
    world.draft(vec![refund(3_000)]);
    assert!(world.case.knows_what_to_do(Role::Billing));
    assert!(!world.case.knows_what_to_do(Role::SupportL1));
}

#[test]
fn what_was_drafted_on_somebodys_word_stays_so_after_the_word_fell() {
    let mut world = linked();
    world.draft(vec![refund(18_000)]);
    let drafted = world.asked_draft().id;
    let reason = "nobody is known by that name".into();
    world.record(CaseEvent::IdentityNeeded { reason });
    assert!(world.case.link().is_none());
    let word = world.case.link_behind(&drafted).unwrap();
    assert!(word.by.is(&BILLING.person()));
}

/// Two people stand behind it under any tier, also one of an older policy that sends such money straight to its role.
#[test]
fn money_on_a_word_is_asked_about_where_the_tier_itself_asks_nobody() {
    let asks_nobody = pinned_before(|folder| {
        let medium = &mut folder["tiers/refund.json"]["tiers"][1];
        *medium = serde_json::json!({
            "tier": medium["tier"], "when": medium["when"], "route": "to_role",
        });
    });
    let mut world = World::asking_identity(asks_nobody, vec![reply("who are you")]);
    let id = world.last_escalation().id;
    world.later(Span::minutes(5));
    let said = link(Some("called back"));
    world.work(&BILLING, &id, said).unwrap();
    world.gather(&charge());
    world.draft(vec![refund(18_000)]);
    assert_eq!(world.asked_draft().action, refund(18_000));
    let rule = &world.request().asking.approver_rule;
    assert_eq!(rule.as_str(), "batch_reviewers");
}

/// Whether the policy is told this where it has one approver rule more.
fn told_of_rule(rule: &str, message: &str) -> bool {
    let rules = format!(r#"{rule}, "batch_reviewers": {{"#);
    let change = ("approvers.json", r#""batch_reviewers": {"#, rules.as_str());
    let problems = Policy::load(&documents(&[change]))
        .err()
        .unwrap_or_default();
    problems.iter().any(|problem| problem.message == message)
}

#[test]
fn bands_of_amounts_rise_and_the_last_begins_where_they_end() {
    let refused = |bands: &[(&str, u32)]| {
        let band = |(key, limit): &(&str, u32)| {
            format!(r#"{{ "{key}": {limit}, "users": ["U0LEAD0001"] }}"#)
        };
        let bands: Vec<_> = bands.iter().map(band).collect();
        let bands = bands.join(", ");
        let rule = format!(r#""late": {{ "currency": "usd", "amount_bands": [{bands}] }}"#);
        told_of_rule(&rule, "the bands do not follow one another")
    };
    assert!(!refused(&[("lte", 100), ("gt", 100)]));
    assert!(!refused(&[("lte", 100), ("lte", 200), ("gt", 200)]));
    assert!(refused(&[("gt", 100)]));
    assert!(refused(&[("lte", 100), ("gt", 200)]));
    assert!(refused(&[("lte", 100), ("lte", 100), ("gt", 100)]));
    assert!(refused(&[("lte", 200), ("lte", 100), ("gt", 100)]));
}

#[test]
fn a_rule_has_a_name_of_one_to_sixty_plain_characters() {
    let refused = |name: &str| {
        let rule = format!(r#""{name}": {{ "users": ["U0LEAD0001"] }}"#);
        told_of_rule(&rule, &format!("`{name}` is not a name of a rule"))
    };
    assert!(!refused(&"a".repeat(60)) && !refused("late_shift_2"));
    for name in ["", "Late", "late shift", &"a".repeat(61), &"a".repeat(62)] {
        assert!(refused(name), "{name}");
    }
}
