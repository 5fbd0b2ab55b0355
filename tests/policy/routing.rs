//! Which role a case belongs to: structural rules first, then those of the file.

use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::policy::Policy;
use countersign::domain::policy::escalation::Matter;
use countersign::domain::verdict::{Category, Signal};

use crate::support::{Ask, policy};

fn role(policy: &Policy, ask: &Ask, kind: Option<ActionKind>) -> (Role, String) {
    let assigned = policy.role_of(&Matter {
        kind,
        verdict: &ask.verdict,
        facts: &ask.facts,
    });
    (assigned.role, assigned.rule)
}

#[test]
fn structural_rules_come_first_and_cannot_be_removed() {
    let everything_to_l1 = "[{ \"assign_to_role\": \"support_l1\" }],\n  \"chains\"";
    let mut documents = crate::support::shipped();
    let text = documents.get_mut("escalation.json").unwrap();
    let (before, after) = (
        text.find("\"rules\": ").unwrap() + 9,
        text.find(",\n  \"chains\"").unwrap(),
    );
    text.replace_range(before..after + 12, everything_to_l1);
    let policy = Policy::load(&documents).unwrap();
    let of = |category| Ask::new(ActionKind::RouteCase).category(category);
    let plain = of(Category::HowTo);
    for (ask, wanted) in [
        (of(Category::RefundRequest), Role::Billing),
        (of(Category::Cancellation), Role::Billing),
        (of(Category::SecurityIncident), Role::Security),
        (of(Category::DataDeletion), Role::Security),
        (of(Category::AccountAccess), Role::Security),
        (of(Category::Outage), Role::Infra),
        (
            of(Category::HowTo).signal(Signal::AuthFailure),
            Role::Security,
        ),
        (
            of(Category::HowTo).signal(Signal::SuspectedBreach),
            Role::Security,
        ),
        (
            of(Category::HowTo).signal(Signal::DataDeletion),
            Role::Security,
        ),
        (of(Category::Bug).signal(Signal::Outage), Role::Infra),
        // A takeover outranks the money that the same ticket is about, but not an outage's failing sign-in.
        (
            of(Category::RefundRequest).signal(Signal::SuspectedBreach),
            Role::Security,
        ),
        (
            of(Category::Outage).signal(Signal::AuthFailure),
            Role::Infra,
        ),
    ] {
        let (role, rule) = role(&policy, &ask, None);
        assert_eq!(
            role, wanted,
            "{:?} {:?}",
            ask.verdict.category, ask.verdict.signals
        );
        assert!(rule.starts_with("structural: "), "{rule}");
    }
    assert_eq!(
        role(&policy, &plain, None),
        (Role::SupportL1, "escalation.json rule 1".into())
    );
    // A money action stays with billing whatever else is said.
    let breach = of(Category::SecurityIncident);
    assert_eq!(
        role(&policy, &breach, Some(ActionKind::Refund)).0,
        Role::Billing
    );
}

#[test]
fn the_rules_of_the_file_follow_in_order() {
    let policy = policy(&[]);
    let bug = || Ask::new(ActionKind::RouteCase).category(Category::Bug);
    assert_eq!(
        role(
            &policy,
            &bug().signal(Signal::SecretPosted).severity(4),
            None
        ),
        (Role::Security, "escalation.json rule 1".into())
    );
    assert_eq!(
        role(&policy, &bug().severity(3), None),
        (Role::Infra, "escalation.json rule 2".into())
    );
    assert_eq!(
        role(&policy, &bug().severity(2), None),
        (Role::SupportL1, "escalation.json rule 3".into())
    );
}

#[test]
fn what_the_verdict_says_counts_before_there_is_any_draft() {
    let mut bug = Ask::new(ActionKind::RouteCase)
        .category(Category::Bug)
        .severity(3);
    bug.facts.clear();
    assert_eq!(role(&policy(&[]), &bug, None).0, Role::Infra);
}
