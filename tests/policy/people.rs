//! Who may decide, act for a role, operate.

use countersign::domain::approval::Course;
use countersign::domain::escalation::Role;
use countersign::domain::ids::{GroupId, RuleName, TeamId, UserId};
use countersign::domain::person::{Membership, Person, Standing};
use countersign::domain::policy::Ineligible;

use crate::support::{Ask, monday, policy, usd};

fn person(user: &str) -> Person {
    Person {
        enterprise: None,
        team: TeamId::new("T0LOCAL001"),
        user: UserId::new(user),
    }
}

fn standing(membership: Membership, groups: &[&str]) -> Standing {
    let groups = groups.iter().map(|g| GroupId::new(*g)).collect();
    Standing {
        membership,
        groups,
        read_at: monday(),
        source: "slack".into(),
        who: None,
    }
}

fn home() -> TeamId {
    TeamId::new("T0LOCAL001")
}

#[test]
fn a_named_user_and_a_member_of_the_group_may_decide() {
    let policy = policy(&[]);
    let member = |groups: &[&str]| standing(Membership::Member, groups);
    let named = policy.may_decide(
        &RuleName::new("finance_oncall"),
        None,
        &person("U0FIN00001"),
        &member(&[]),
        &home(),
    );
    assert_eq!(named.unwrap().matched, "named user");
    let grouped = policy.may_decide(
        &RuleName::new("billing_reviewers"),
        None,
        &person("U0BILL0001"),
        &member(&["S0BILLING1"]),
        &home(),
    );
    assert_eq!(grouped.unwrap().matched, "member of S0BILLING1");
}

#[test]
fn nobody_else_may_and_is_told_who_may() {
    let policy = policy(&[]);
    let rule = RuleName::new("billing_reviewers");
    let refused = |person: Person, standing: Standing| {
        policy
            .may_decide(&rule, None, &person, &standing, &home())
            .unwrap_err()
    };
    let other = refused(
        person("U0AGENT001"),
        standing(Membership::Member, &["S0SUPPORT1"]),
    );
    assert_eq!(
        (other.because, other.reason.as_str()),
        (
            Ineligible::NotNamed,
            "This is for members of @billing-team (billing_reviewers)."
        )
    );
    for (membership, because) in [
        (Membership::Guest, Ineligible::Guest),
        (Membership::Bot, Ineligible::Bot),
        (Membership::Deactivated, Ineligible::Deactivated),
        (Membership::Foreign, Ineligible::Foreign),
        (Membership::Unknown, Ineligible::Unknown),
    ] {
        assert_eq!(
            refused(person("U0BILL0001"), standing(membership, &["S0BILLING1"])).because,
            because
        );
    }
    let stranger = Person {
        team: TeamId::new("T0OTHER001"),
        ..person("U0BILL0001")
    };
    assert_eq!(
        refused(stranger, standing(Membership::Member, &["S0BILLING1"])).because,
        Ineligible::Foreign
    );
    let nobody = policy.may_decide(
        &RuleName::new("gone"),
        None,
        &person("U0BILL0001"),
        &standing(Membership::Member, &[]),
        &home(),
    );
    assert_eq!(nobody.unwrap_err().because, Ineligible::NoSuchRule);
}

#[test]
fn a_group_of_the_same_id_counts_only_in_the_approvers_own_workspace() {
    let policy = policy(&[("approvers.json", "T0LOCAL001", "T0OTHER001")]);
    let member = standing(Membership::Member, &["S0BILLING1"]);
    assert!(
        policy
            .may_decide(
                &RuleName::new("billing_reviewers"),
                None,
                &person("U0BILL0001"),
                &member,
                &home()
            )
            .is_err()
    );
    assert!(
        policy
            .may_decide(
                &RuleName::new("finance_lead"),
                None,
                &person("U0FIN00002"),
                &member,
                &home()
            )
            .is_err()
    );
}

#[test]
fn amount_bands_choose_the_people_and_unknown_amounts_go_to_the_last_band() {
    let bands = "{ \"currency\": \"usd\", \"amount_bands\": [{ \"lte\": 1000, \"users\": [\"U0FIN00001\"] }, { \"gt\": 1000, \"users\": [\"U0FIN00002\"] }] }";
    let from = "{ \"users\": [{ \"id\": \"U0FIN00001\", \"label\": \"Finance On-call\" }] }";
    let policy = policy(&[("approvers.json", from, bands)]);
    let rule = RuleName::new("finance_oncall");
    let who = |amount| policy.users_of(&rule, amount);
    assert_eq!(who(Some(usd(100_000))), [UserId::new("U0FIN00001")]);
    assert_eq!(who(Some(usd(100_001))), [UserId::new("U0FIN00002")]);
    assert_eq!(who(None), [UserId::new("U0FIN00002")]);
    assert_eq!(policy.names_for_people(&rule, None), "user U0FIN00002");
}

#[test]
fn a_quorum_is_asked_for_with_the_request() {
    let from = "\"label\": \"@billing-team\" }] },\n    \"finance_oncall\"";
    let to = "\"label\": \"@billing-team\" }], \"quorum\": 2 },\n    \"finance_oncall\"";
    let policy = policy(&[("approvers.json", from, to)]);
    let Course::Ask(asking) = Ask::refund(18_000).of(&policy).course else {
        panic!()
    };
    assert_eq!(asking.quorum, 2);
    // The lapse goes on to the lead, whose rule has its own quorum, and then to the role.
    let next = policy.asking_after(&asking, asking.due_at).unwrap();
    assert_eq!(
        (next.approver_rule.as_str(), next.quorum, next.finally),
        ("finance_lead", 1, Role::Billing)
    );
    assert!(next.due_at > asking.due_at);
    assert_eq!(policy.asking_after(&next, next.due_at), None);
}

#[test]
fn roles_and_operators_are_their_own_people() {
    let policy = policy(&[]);
    let member = |groups: &[&str]| standing(Membership::Member, groups);
    let billing = policy.may_act_for_role(
        Role::Billing,
        &person("U0BILL0001"),
        &member(&["S0BILLING1"]),
        &home(),
    );
    assert_eq!(billing.unwrap().rule.as_str(), "role:billing");
    let infra = policy.may_act_for_role(
        Role::Infra,
        &person("U0BILL0001"),
        &member(&["S0BILLING1"]),
        &home(),
    );
    assert!(infra.unwrap_err().reason.contains("@infra"));
    let operates = |user, groups| policy.may_operate(&person(user), &member(groups), &home());
    assert!(operates("U0LEAD0001", &[]).is_ok());
    let refused = operates("U0LEAD0002", &["S0LEADS001"]).unwrap_err();
    assert_eq!(refused.reason, "This is for Support Lead (operators).");
    assert!(policy.is_approver(&person("U0LEAD0002"), &member(&["S0LEADS001"]), &home()));
    assert!(!policy.is_approver(&person("U0AGENT001"), &member(&["S0SUPPORT1"]), &home()));
    assert_eq!(policy.role_groups(Role::Billing).len(), 2);
    assert_eq!(policy.all_groups().len(), 6);
}
