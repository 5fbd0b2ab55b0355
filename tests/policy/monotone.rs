//! Knowing less never lowers a tier, and never lets more run.

use std::sync::LazyLock;

use countersign::domain::approval::{Course, Tier};
use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::FactName;
use countersign::domain::policy::Policy;
use countersign::domain::verdict::Category;
use proptest::prelude::*;

use crate::support::{Ask, policy, usd};

/// How much a course lets happen without a person here: less is safer.
fn freedom(course: &Course) -> u8 {
    match course {
        Course::Auto => 3,
        Course::ToRole { .. } => 2,
        Course::Ask(_) => 1,
        Course::Never { .. } | Course::Blocked { .. } | Course::RecordOnly { .. } => 0,
    }
}

fn drafts() -> impl Strategy<Value = Ask> {
    let kinds = proptest::sample::select(ActionKind::ALL);
    let categories = proptest::sample::select(Category::ALL);
    let numbers = (0_i64..700_000, 0_i64..40, 1_u8..=5, 0_i64..=100);
    let truths = (
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just("password_reset"), Just("vip")],
    );
    (kinds, categories, numbers, truths).prop_map(
        |(kind, category, (minor, months, severity, confidence), (chargeback, fraud, queue))| {
            let ask = Ask::new(kind)
                .category(category)
                .severity(severity)
                .amount(usd(minor));
            let ask = ask
                .number(FactName::CustomerMonths, months)
                .number(FactName::Confidence, confidence);
            ask.truth(FactName::ChargebackOpen, chargeback)
                .truth(FactName::AccountFlaggedFraud, fraud)
                .word(FactName::Queue, queue)
        },
    )
}

static POLICIES: LazyLock<[Policy; 2]> = LazyLock::new(|| {
    [
        policy(&[]),
        policy(&[("contract.json", "propose_only", "apply")]),
    ]
});

proptest! {
    #[test]
    fn removing_a_fact_never_lowers_the_tier(ask in drafts(), gone in proptest::sample::select(FactName::ALL)) {
        for policy in POLICIES.iter() {
            let with = ask.of(policy);
            let less = ask.clone().without(gone);
            let without = less.of(policy);
            prop_assert!(without.tier >= with.tier, "{with:?}\n{without:?}");
            prop_assert!(freedom(&without.course) <= freedom(&with.course).max(1), "{with:?}\n{without:?}");
        }
    }

    #[test]
    fn money_never_runs_and_every_question_has_somebody_to_ask(ask in drafts()) {
        for policy in POLICIES.iter() {
            let assessment = ask.of(policy);
            prop_assert!(!(ask.kind.is_money() && assessment.course == Course::Auto));
            prop_assert!(!assessment.because.is_empty());
            if let Course::Ask(asking) = &assessment.course {
                prop_assert!(asking.quorum >= 1 && asking.due_at > crate::support::monday());
                prop_assert!(!asking.then.contains(&asking.approver_rule));
                for rule in asking.then.iter().chain([&asking.approver_rule]) {
                    let named = policy.groups_of(rule, None).len() + policy.users_of(rule, None).len();
                    prop_assert!(named > 0, "{rule}");
                }
            }
        }
    }
}

proptest! {
    // Money of a customer whom a person named is neither of the lowest tier nor with a role undecided.
    #[test]
    fn a_linked_customer_never_lowers_a_tier_and_money_is_always_decided(ask in drafts()) {
        for policy in POLICIES.iter() {
            let vouched = ask.of(policy);
            let linked = ask.clone().linked().of(policy);
            prop_assert!(linked.tier >= vouched.tier);
            prop_assert!(freedom(&linked.course) <= freedom(&vouched.course));
            if ask.kind.is_money() {
                prop_assert!(freedom(&linked.course) <= 1, "{linked:?}");
                prop_assert_ne!(linked.tier, Tier::Low);
            } else {
                prop_assert_eq!(linked, vouched);
            }
        }
    }
}
