//! The shipped folder: it loads, and each of its paths goes where it says.

use countersign::domain::approval::{Course, Route, Tier};
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::evidence::FactName;
use countersign::domain::time::Span;

use crate::support::{Ask, monday, policy};

fn asking(course: &Course) -> (Route, &str, Span, Vec<&str>, Role) {
    let Course::Ask(a) = course else {
        panic!("{course:?}")
    };
    let then = a.then.iter().map(|r| r.as_str()).collect();
    (
        a.route,
        a.approver_rule.as_str(),
        a.due_at.since(monday()),
        then,
        a.finally,
    )
}

#[test]
fn a_refund_goes_along_its_three_tiers() {
    let policy = policy(&[]);
    let low = Ask::refund(3_000).of(&policy);
    assert_eq!(
        (low.tier, low.rule.as_str()),
        (Tier::Low, "refund.json tier 1 (low)")
    );
    assert_eq!(
        low.because,
        [
            "amount 30.00 USD is at most 50.00 USD",
            "customer months 12 is at least 3"
        ]
    );
    assert_eq!(
        low.course,
        Course::ToRole {
            role: Role::Billing
        }
    );

    let medium = Ask::refund(18_000).of(&policy);
    assert_eq!(
        (medium.tier, medium.because[0].as_str()),
        (Tier::Medium, "amount 180.00 USD is at most 500.00 USD")
    );
    // 24 business hours of twelve-hour days from Monday 10:00 end on Wednesday at 10:00.
    assert_eq!(
        asking(&medium.course),
        (
            Route::BatchReview,
            "billing_reviewers",
            Span::hours(48),
            vec!["finance_lead"],
            Role::Billing
        )
    );

    let high = Ask::refund(90_000).of(&policy);
    assert_eq!(
        (high.tier, high.because[0].as_str()),
        (Tier::High, "amount 900.00 USD is above 500.00 USD")
    );
    assert_eq!(
        asking(&high.course),
        (
            Route::NamedApprover,
            "finance_oncall",
            Span::hours(8),
            vec!["finance_lead"],
            Role::Billing
        )
    );
    assert_eq!(high.constraints, ["at most 5000.00 USD"]);
    assert_eq!(high.risk_tags, ["money"]);
}

#[test]
fn a_new_customer_gets_no_low_tier() {
    assert_eq!(
        Ask::refund(3_000)
            .number(FactName::CustomerMonths, 2)
            .of(&policy(&[]))
            .tier,
        Tier::Medium
    );
}

#[test]
fn flipping_only_the_mode_lets_a_label_run() {
    let label = Ask::new(ActionKind::AddLabel);
    assert_eq!(asking(&label.of(&policy(&[])).course).1, "batch_reviewers");
    let applied = policy(&[("contract.json", "propose_only", "apply")]);
    assert_eq!(label.of(&applied).course, Course::Auto);
}
