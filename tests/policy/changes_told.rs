//! What two policies do differently, in the sentences that an author reads.

use countersign::domain::policy::diff::{Diff, Subject};

use crate::support::policy;

/// What is told about drafts of an action: ranges, before, after.
fn told(changes: &[(&str, &str, &str)], subject: Subject) -> Vec<String> {
    let diff = Diff::between(&policy(&[]), &policy(changes));
    let own = diff
        .changes
        .iter()
        .filter(|change| change.subject == subject);
    own.map(|c| {
        let when: Vec<String> = c.when.iter().map(|ranges| ranges.join(", ")).collect();
        format!(
            "{} with {}: {} | {}",
            c.of,
            when.join(" / "),
            c.before,
            c.after
        )
    })
    .collect()
}

#[test]
fn neighbouring_cells_are_told_as_one_range() {
    let limit = [(
        "tiers/refund.json",
        "\"amount_lte\": 50,",
        "\"amount_lte\": 100,",
    )];
    assert_eq!(
        told(&limit, Subject::Draft),
        [
            "refund with amount from 50.01 USD to 100.00 USD that a source confirms, customer months from 3, \
          chargeback open: no, account flagged fraud: no, the source vouches for who asked: \
          medium, batch: billing_reviewers within 24 business hours, then finance_lead | low, to billing"
        ]
    );
    let mode = [("contract.json", "propose_only", "apply")];
    assert_eq!(
        told(&mode, Subject::Draft),
        [
            "tickets.add_label with confidence from 70: low, batch: batch_reviewers within 24 business hours | low, runs by itself"
        ]
    );
    assert_eq!(
        told(&mode, Subject::Setting),
        ["mode with : propose_only | apply"]
    );
    let bugs = [(
        "escalation.json",
        "\"severity_gte\": 3",
        "\"severity_gte\": 2",
    )];
    assert_eq!(
        told(&bugs, Subject::Case),
        [
            "cases that no structural rule takes with severity 2, category bug, secret_posted not seen: to support_l1 | to infra"
        ]
    );
}

#[test]
fn people_chains_hours_and_settings_are_told() {
    let band = [(
        "approvers.json",
        "{ \"users\": [{ \"id\": \"U0FIN00001\", \"label\": \"Finance On-call\" }] }",
        r#"{ "currency": "usd", "amount_bands": [{ "lte": 800, "users": ["U0FIN00001"] }, { "gt": 800, "users": ["U0FIN00002"] }] }"#,
    )];
    assert_eq!(
        told(&band, Subject::Approvers),
        [
            "finance_oncall with amount from 800.01 USD: Finance On-call (U0FIN00001) | Finance Lead (U0FIN00002)",
            "finance_oncall with the amount in any other currency: Finance On-call (U0FIN00001) | Finance Lead (U0FIN00002)",
        ]
    );
    let chain = [(
        "escalation.json",
        "\"finally\": \"billing\", \"sla_hours\": 8",
        "\"finally\": \"billing\", \"sla_hours\": 4",
    )];
    assert_eq!(
        told(&chain, Subject::Role),
        [
            "billing with : asked in turn: finance_lead; 8 business hours for each step; in the end billing | \
          asked in turn: finance_lead; 4 business hours for each step; in the end billing"
        ]
    );
    let hours = [("escalation.json", "20:00", "17:00")];
    assert_eq!(
        told(&hours, Subject::Calendar),
        ["business hours with : closes \"20:00\" | closes \"17:00\""]
    );
    let limits = [(
        "contract.json",
        "\"vip\": { \"rate_limit_per_minute\": 10 }",
        "\"vip\": { \"rate_limit_per_minute\": 20 }",
    )];
    assert_eq!(
        told(&limits, Subject::Setting),
        ["writes per minute of the queue vip with : 10 | 20"]
    );
    let denied = [(
        "contract.json",
        "\"tickets.assign\"]\n  },\n  \"outputs\"",
        "{ \"tool\": \"tickets.assign\", \"when\": { \"queue_eq\": \"vip\" } }]\n  },\n  \"outputs\"",
    )];
    assert_eq!(
        told(&denied, Subject::Setting),
        ["`tickets.assign` in `deny` with : always | when queue is vip"]
    );
}

#[test]
fn what_is_only_called_otherwise_changes_nothing_and_is_shown_among_the_values() {
    let label = [(
        "approvers.json",
        "\"label\": \"Finance Lead\"",
        "\"label\": \"Head of Finance\"",
    )];
    let diff = Diff::between(&policy(&[]), &policy(&label));
    assert!(diff.changes.is_empty());
    assert_eq!(
        diff.values[0].way,
        "approvers.json rules finance_lead users #1 label"
    );
    let same = Diff::between(&policy(&[]), &policy(&[]));
    assert!(same.changes.is_empty() && same.values.is_empty());
}
