//! The shipped folder: it loads, and each of its paths goes where it says.

use countersign::domain::approval::{Course, Route, Tier};
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::evidence::{FactName, Provenance};
use countersign::domain::ids::RuleName;
use countersign::domain::money::{Currency, Money};
use countersign::domain::policy::Policy;
use countersign::domain::policy::contract::{Mode, ReadTool};
use countersign::domain::policy::outputs::{DlpPattern, VerdictField};
use countersign::domain::time::Span;
use countersign::domain::verdict::Category;

use crate::support::{Ask, monday, policy};

type Asked<'a> = (Route, &'a str, Span, Vec<&'a str>, Role);

fn asking(course: &Course) -> Asked<'_> {
    let Course::Ask(a) = course else {
        panic!("{course:?}")
    };
    let then = a.then.iter().map(RuleName::as_str).collect();
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
    assert_eq!(high.policy, policy.digest());
}

#[test]
fn the_borders_of_the_refund_tiers_are_exact_to_the_cent() {
    let policy = policy(&[]);
    let tiers = [
        (5_000, Tier::Low),
        (5_001, Tier::Medium),
        (50_000, Tier::Medium),
        (50_001, Tier::High),
    ];
    for (minor, tier) in tiers {
        assert_eq!(Ask::refund(minor).of(&policy).tier, tier, "{minor}");
    }
    assert_eq!(
        Ask::refund(3_000)
            .number(FactName::CustomerMonths, 2)
            .of(&policy)
            .tier,
        Tier::Medium
    );
}

#[test]
fn an_unknown_fact_means_the_highest_tier_and_is_named() {
    let policy = policy(&[]);
    for name in [
        FactName::Amount,
        FactName::CustomerMonths,
        FactName::ChargebackOpen,
        FactName::AccountFlaggedFraud,
    ] {
        let assessment = Ask::refund(3_000).without(name).of(&policy);
        assert_eq!(
            (assessment.tier, assessment.missing.as_slice()),
            (Tier::High, &[name][..])
        );
        let unknown = match name {
            FactName::Amount => {
                "no source confirms the amount 30.00 USD, so it counts as unknown".to_owned()
            }
            _ => format!("{} is unknown", name.word().replace('_', " ")),
        };
        assert_eq!(assessment.because, [format!("{unknown}: the highest tier")]);
    }
}

#[test]
fn a_fact_that_only_the_model_vouches_for_is_unknown() {
    for from in [Provenance::Model, Provenance::Ticket] {
        let ask = Ask::refund(3_000).said_by(FactName::Amount, from);
        assert_eq!(ask.of(&policy(&[])).missing, [FactName::Amount]);
        let months = Ask::refund(3_000).said_by(FactName::CustomerMonths, from);
        assert_eq!(months.of(&policy(&[])).tier, Tier::High);
        let chargeback = Ask::refund(3_000).said_by(FactName::ChargebackOpen, from);
        assert_eq!(
            chargeback.of(&policy(&[])).missing,
            [FactName::ChargebackOpen]
        );
    }
}

#[test]
fn another_currency_is_an_unknown_amount() {
    let euro = Money {
        minor: 3_000,
        currency: Currency::parse("eur").unwrap(),
    };
    let assessment = Ask::refund(3_000).amount(euro).of(&policy(&[]));
    assert_eq!(
        (assessment.tier, assessment.missing),
        (Tier::High, vec![FactName::Amount])
    );
    assert_eq!(
        assessment.because,
        ["amount 30.00 EUR is not in USD, which counts as unknown: the highest tier"]
    );
}

#[test]
fn tiers_may_be_declared_for_each_currency() {
    let single = r#""currency": "usd""#;
    let text = r#"{ "action_type": "refund", "currencies": {
        "eur": { "tiers": [{ "tier": "low", "when": { "amount_lte": 10 }, "route": "to_role" }, { "tier": "medium", "route": "batch_review", "sla_hours": 4 }] },
        "jpy": { "tiers": [{ "tier": "low", "when": { "amount_lte": 5000 }, "route": "to_role" }, { "tier": "high", "route": "named_approver", "approver_rule": "finance_lead", "sla_hours": 4 }], "constraints": { "max_amount": 90000 } } } }"#;
    let mut documents = crate::support::shipped();
    assert!(documents["tiers/refund.json"].contains(single));
    documents.insert("tiers/refund.json".into(), text.into());
    let policy = Policy::load(&documents).unwrap();
    let sum = |minor, code| {
        Ask::refund(1)
            .amount(Money {
                minor,
                currency: Currency::parse(code).unwrap(),
            })
            .of(&policy)
    };
    assert_eq!(sum(1_000, "eur").rule, "refund.json eur tier 1 (low)");
    assert_eq!(sum(1_001, "eur").tier, Tier::Medium);
    assert_eq!(sum(5_000, "jpy").tier, Tier::Low);
    assert_eq!(sum(5_001, "jpy").tier, Tier::High);
    assert!(matches!(sum(90_001, "jpy").course, Course::Blocked { .. }));
    let dollars = sum(100, "usd");
    assert_eq!(
        (dollars.tier, dollars.missing),
        (Tier::High, vec![FactName::Amount])
    );
}

#[test]
fn the_severity_gate_asks_a_support_lead_before_anybody_is_paged() {
    let page = Ask::new(ActionKind::PageOncall)
        .category(Category::Outage)
        .severity(5)
        .of(&policy(&[]));
    assert_eq!(page.because, ["the only tier"]);
    assert_eq!(
        asking(&page.course),
        (
            Route::NamedApprover,
            "support_lead",
            Span::minutes(15),
            vec!["security_lead"],
            Role::Infra
        )
    );
}

#[test]
fn replies_assignments_priorities_and_labels_are_each_asked_on_their_own_rule() {
    let policy = policy(&[]);
    let of = |kind| Ask::new(kind).of(&policy);
    let reply = of(ActionKind::NotifyCustomer);
    assert_eq!(
        asking(&reply.course),
        (
            Route::BatchReview,
            "batch_reviewers",
            Span::hours(8),
            vec!["support_lead"],
            Role::SupportL1
        )
    );
    let reset = Ask::new(ActionKind::Assign)
        .word(FactName::Queue, "password_reset")
        .of(&policy);
    assert_eq!(
        (reset.tier, asking(&reset.course).1),
        (Tier::Low, "batch_reviewers")
    );
    let other = of(ActionKind::Assign);
    assert_eq!(
        (other.tier, asking(&other.course).1),
        (Tier::Medium, "support_lead")
    );
    assert_eq!(of(ActionKind::SetPriority).tier, Tier::Low);
    assert_eq!(
        Ask::new(ActionKind::SetPriority)
            .severity(4)
            .of(&policy)
            .tier,
        Tier::Medium
    );
    assert_eq!(
        asking(&of(ActionKind::AddLabel).course).1,
        "batch_reviewers"
    );
    assert_eq!(of(ActionKind::AddInternalNote).course, Course::Auto);
}

#[test]
fn flipping_only_the_mode_lets_a_label_run() {
    let label = Ask::new(ActionKind::AddLabel);
    assert_eq!(asking(&label.of(&policy(&[])).course).1, "batch_reviewers");
    let applied = policy(&[("contract.json", "propose_only", "apply")]);
    assert_eq!(label.of(&applied).course, Course::Auto);
}

#[test]
fn money_other_than_refunds_is_asked_too() {
    let policy = policy(&[]);
    for (kind, tier) in [
        (ActionKind::Credit, Tier::High),
        (ActionKind::SubscriptionCancel, Tier::Medium),
    ] {
        assert_eq!(Ask::new(kind).of(&policy).tier, tier, "{kind}");
    }
    let invoice = Ask::new(ActionKind::InvoiceAdjust).amount(crate::support::usd(10_000));
    assert_eq!(invoice.of(&policy).tier, Tier::Medium);
}

#[test]
fn what_the_contract_says_can_be_asked_for() {
    let policy = policy(&[]);
    let contract = policy.contract();
    assert_eq!(
        (contract.mode, contract.workflow.as_str()),
        (Mode::ProposeOnly, "ticket_auto_routing")
    );
    assert!(contract.may_read(ReadTool::Stripe) && contract.may_read(ReadTool::Tickets));
    assert_eq!(contract.limits.of_queue("vip").rate_limit_per_minute, 10);
    assert_eq!(contract.limits.of_queue("vip").max_concurrency, 5);
    assert_eq!(
        contract.limits.of_queue("general"),
        contract.limits.overall()
    );
    assert_eq!(
        (
            contract.limits.max_model_calls_per_ticket,
            contract.limits.undo
        ),
        (8, Span::seconds(30))
    );
    assert_eq!(contract.outputs.max_chars_sent_to_model, 6_000);
    assert!(
        contract
            .outputs
            .required_fields
            .contains(&VerdictField::Confidence)
    );
    assert_eq!(contract.outputs.dlp_rules.len(), DlpPattern::ALL.len());
}

#[test]
fn a_policy_comes_back_from_its_canonical_text_with_the_same_digest() {
    let policy = policy(&[]);
    let again = Policy::restore(policy.canonical()).unwrap();
    assert_eq!(again, policy);
    assert!(Policy::restore("{}").is_err() && Policy::restore("no").is_err());
}
