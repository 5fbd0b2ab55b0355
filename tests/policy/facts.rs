//! Facts are read from where they must come from, and are absent otherwise.

use countersign::domain::content::Sealed;
use countersign::domain::digest::Digest;
use countersign::domain::draft::Action;
use countersign::domain::evidence::{
    Ask, Charge, Evidence, FactName, FactValue, Facts, Finding, Provenance,
};
use countersign::domain::ids::{ChargeId, EvidenceId, SourceName};
use countersign::domain::money::{Currency, Money};
use countersign::domain::policy::Known;
use countersign::domain::policy::facts::facts_for;
use countersign::domain::time::{At, Span};

use crate::support::{monday, policy, usd, verdict};

fn sealed() -> Sealed {
    Sealed(Digest::of(b"text"))
}

fn refund(charge: &str, amount: Money) -> Action {
    Action::Refund {
        charge: ChargeId::new(charge),
        amount,
        reason: sealed(),
        confirmation: sealed(),
    }
}

fn charge(id: &str) -> Charge {
    Charge {
        id: ChargeId::new(id),
        amount: usd(20_000),
        refunded_minor: 2_000,
        created: At(monday().0).plus(Span::days(-10)),
        paid: true,
        dispute_open: false,
        fraud_warning: false,
        refunds: 1,
    }
}

fn customer(flagged_fraud: bool) -> Finding {
    // 15 August 2026, three whole months and a day before.
    Finding::Customer {
        id: "cus_1".into(),
        since: At(1_786_752_000_000),
        tier: Some("enterprise".into()),
        flagged_fraud,
    }
}

/// The list of charges, with those on which money went back and those that were disputed.
fn listed(more: bool, refunded: &[&str], disputed: &[&str]) -> Finding {
    let ids = |ids: &[&str]| ids.iter().map(|id| ChargeId::new(*id)).collect();
    Finding::Charges {
        count: 35,
        more,
        refunded: ids(refunded),
        disputed: ids(disputed),
    }
}

fn evidence(n: u32, findings: Vec<Finding>) -> Evidence {
    Evidence {
        id: EvidenceId::new(format!("c1.v{n}")),
        ask: Ask {
            source: SourceName::new("stripe"),
            query: "charges".into(),
            subject: None,
        },
        taken_at: monday().plus(Span::seconds(n.into())),
        bytes: Digest::of(b"bytes"),
        body: sealed(),
        findings,
    }
}

fn known(action: &Action, evidence: &[Evidence], days: Option<u32>) -> Facts {
    facts_for(
        &Known {
            action,
            verdict: &verdict(),
            evidence,
            now: monday(),
        },
        days,
    )
}

fn truth(facts: &Facts, name: FactName) -> Option<bool> {
    match facts.get(&name)?.value {
        FactValue::Truth(truth) => Some(truth),
        _ => None,
    }
}

#[test]
fn a_confirmed_charge_gives_every_fact_with_its_evidence() {
    let seen = [
        evidence(1, vec![customer(false)]),
        evidence(
            2,
            vec![
                Finding::Charge(charge("ch_1")),
                Finding::Charge(charge("ch_2")),
                listed(false, &["ch_1", "ch_2"], &[]),
            ],
        ),
    ];
    let facts = known(&refund("ch_1", usd(18_000)), &seen, Some(30));
    let amount = &facts[&FactName::Amount];
    assert_eq!(
        (
            &amount.value,
            amount.provenance,
            amount.evidence.as_ref().unwrap().as_str()
        ),
        (
            &FactValue::Money(usd(18_000)),
            Provenance::Connector,
            "c1.v2"
        )
    );
    assert_eq!(facts[&FactName::CustomerMonths].value, FactValue::Number(3));
    assert_eq!(
        facts[&FactName::CustomerMonths]
            .evidence
            .as_ref()
            .unwrap()
            .as_str(),
        "c1.v1"
    );
    assert_eq!(
        facts[&FactName::CustomerTier].value,
        FactValue::Word("enterprise".into())
    );
    assert_eq!(facts[&FactName::PriorRefunds].value, FactValue::Number(2));
    assert_eq!(truth(&facts, FactName::ChargebackOpen), Some(false));
    assert_eq!(truth(&facts, FactName::AccountFlaggedFraud), Some(false));
    assert_eq!(truth(&facts, FactName::ChargeIsRequesters), Some(true));
    assert_eq!(truth(&facts, FactName::RefundWindowOpen), Some(true));
    assert_eq!(truth(&facts, FactName::Reversible), Some(false));
    assert_eq!(facts[&FactName::Severity].provenance, Provenance::Model);
    assert_eq!(
        facts[&FactName::Reversible].provenance,
        Provenance::Registry
    );
}

#[test]
fn an_amount_that_the_connector_does_not_bear_out_is_unknown() {
    let euro = Money {
        minor: 100,
        currency: Currency::parse("eur").unwrap(),
    };
    let good = || vec![customer(false), Finding::Charge(charge("ch_1"))];
    let unpaid = Finding::Charge(Charge {
        paid: false,
        ..charge("ch_1")
    });
    let absent = |action: Action, findings: Vec<Finding>| {
        !known(&action, &[evidence(1, findings)], None).contains_key(&FactName::Amount)
    };
    assert!(!absent(refund("ch_1", usd(18_000)), good()));
    assert!(
        absent(refund("ch_1", usd(18_001)), good()),
        "more than is left"
    );
    assert!(absent(refund("ch_1", usd(0)), good()), "nothing");
    assert!(absent(refund("ch_1", usd(-5)), good()), "less than nothing");
    assert!(absent(refund("ch_1", euro), good()), "another currency");
    assert!(absent(refund("ch_9", usd(100)), good()), "another charge");
    assert!(
        absent(refund("ch_1", usd(100)), vec![customer(false), unpaid]),
        "not paid"
    );
    assert!(
        absent(
            refund("ch_1", usd(100)),
            vec![Finding::Charge(charge("ch_1"))]
        ),
        "no customer"
    );
    assert!(
        absent(
            refund("ch_1", usd(100)),
            [good(), vec![Finding::NoSingleCustomer { count: 2 }]].concat()
        ),
        "two customers"
    );
    assert!(absent(refund("ch_1", usd(100)), vec![]), "no evidence");
}

#[test]
fn a_charge_of_somebody_else_is_said_to_be_so_and_nothing_more() {
    let seen = [evidence(1, vec![customer(false), Finding::ForeignCharge])];
    let facts = known(&refund("ch_9", usd(100)), &seen, Some(30));
    assert_eq!(truth(&facts, FactName::ChargeIsRequesters), Some(false));
    for name in [
        FactName::Amount,
        FactName::ChargebackOpen,
        FactName::AccountFlaggedFraud,
        FactName::RefundWindowOpen,
    ] {
        assert!(!facts.contains_key(&name), "{name}");
    }
}

#[test]
fn a_charge_that_was_merely_not_shown_is_not_called_foreign() {
    let seen = [evidence(
        1,
        vec![
            customer(false),
            listed(true, &[], &[]),
            Finding::Charge(charge("ch_1")),
        ],
    )];
    let facts = known(&refund("ch_6", usd(100)), &seen, Some(30));
    for name in [
        FactName::ChargeIsRequesters,
        FactName::Amount,
        FactName::ChargebackOpen,
    ] {
        assert!(!facts.contains_key(&name), "{name}");
    }
}

#[test]
fn earlier_refunds_and_disputes_are_known_only_when_every_charge_with_them_was_looked_at() {
    let read = |list: Finding, charges: Vec<Charge>| {
        let charges = charges.into_iter().map(Finding::Charge);
        let findings: Vec<Finding> = [customer(false), list].into_iter().chain(charges).collect();
        let label = Action::AddLabel { label: "x".into() };
        let facts = known(&label, &[evidence(1, findings)], None);
        let prior = facts.get(&FactName::PriorRefunds);
        let prior = prior.map(|fact| fact.value.clone());
        (prior, truth(&facts, FactName::ChargebackOpen))
    };
    let number = |n| Some(FactValue::Number(n));
    let disputed = Charge {
        dispute_open: true,
        ..charge("ch_1")
    };
    for (list, charges, prior, chargeback) in [
        (listed(false, &[], &[]), vec![], number(0), Some(false)),
        (
            listed(false, &["ch_1"], &["ch_1"]),
            vec![charge("ch_1")],
            number(1),
            Some(false),
        ),
        (
            listed(false, &["ch_1", "ch_9"], &[]),
            vec![charge("ch_1")],
            None,
            Some(false),
        ),
        (
            listed(false, &["ch_1"], &["ch_9"]),
            vec![charge("ch_1")],
            number(1),
            None,
        ),
        (
            listed(true, &["ch_1"], &[]),
            vec![charge("ch_1")],
            None,
            None,
        ),
        (listed(true, &[], &[]), vec![disputed], None, Some(true)),
        (customer(false), vec![charge("ch_1")], None, None),
    ] {
        assert_eq!(read(list.clone(), charges), (prior, chargeback), "{list:?}");
    }
}

#[test]
fn an_invoice_is_believed_as_it_was_read_last_and_only_of_a_single_customer() {
    let invoice = |n: u32, minor: i64| {
        let total = usd(minor);
        let invoice = Finding::Invoice {
            id: "in_1".into(),
            status: "open".into(),
            total,
        };
        evidence(n, vec![customer(false), invoice])
    };
    let adjust = Action::InvoiceAdjust {
        invoice: "in_1".into(),
        amount: usd(500),
        reason: sealed(),
    };
    let confirmed = |seen: &[Evidence]| known(&adjust, seen, None).contains_key(&FactName::Amount);
    assert!(confirmed(&[invoice(1, 900)]));
    assert!(!confirmed(&[invoice(1, 900), invoice(2, 400)]));
    let two = evidence(2, vec![Finding::NoSingleCustomer { count: 2 }]);
    assert!(!confirmed(&[invoice(1, 900), two]));
}

#[test]
fn fraud_and_disputes_are_seen_on_account_and_charge_and_the_newest_reading_counts() {
    let warned = Finding::Charge(Charge {
        fraud_warning: true,
        dispute_open: true,
        ..charge("ch_1")
    });
    let older = evidence(1, vec![customer(false), Finding::Charge(charge("ch_1"))]);
    let newer = evidence(2, vec![warned]);
    let facts = known(&refund("ch_1", usd(100)), &[newer, older], None);
    assert_eq!(truth(&facts, FactName::AccountFlaggedFraud), Some(true));
    assert_eq!(truth(&facts, FactName::ChargebackOpen), Some(true));
    let flagged = known(
        &refund("ch_9", usd(100)),
        &[evidence(1, vec![customer(true)])],
        None,
    );
    assert_eq!(truth(&flagged, FactName::AccountFlaggedFraud), Some(true));
}

#[test]
fn the_window_is_that_of_the_policy() {
    let seen = [evidence(
        1,
        vec![customer(false), Finding::Charge(charge("ch_1"))],
    )];
    let action = refund("ch_1", usd(100));
    assert_eq!(
        truth(&known(&action, &seen, Some(10)), FactName::RefundWindowOpen),
        Some(true)
    );
    assert_eq!(
        truth(&known(&action, &seen, Some(9)), FactName::RefundWindowOpen),
        Some(false)
    );
    let windowed = policy(&[(
        "tiers/refund.json",
        "\"max_amount\": 5000",
        "\"refund_window_days\": 9",
    )]);
    let facts = windowed.facts_for(&Known {
        action: &action,
        verdict: &verdict(),
        evidence: &seen,
        now: monday(),
    });
    assert_eq!(truth(&facts, FactName::RefundWindowOpen), Some(false));
    let blocked = crate::support::Ask {
        facts,
        ..crate::support::Ask::refund(100)
    }
    .of(&windowed);
    assert!(
        format!("{:?}", blocked.course).contains("older than 9 days"),
        "{blocked:?}"
    );
}

#[test]
fn an_assignment_is_judged_by_the_queue_that_it_would_go_to() {
    let facts = known(
        &Action::Assign {
            queue: "password_reset".into(),
        },
        &[],
        None,
    );
    assert_eq!(
        facts[&FactName::Queue].value,
        FactValue::Word("password_reset".into())
    );
    assert_eq!(
        known(&Action::AddLabel { label: "x".into() }, &[], None)[&FactName::Queue].value,
        FactValue::Word("general".into())
    );
}
