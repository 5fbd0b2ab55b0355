//! Changing a field changes an outcome and the digest; changing the layout changes neither.

use countersign::domain::approval::{Assessment, Course};
use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::FactName;
use countersign::domain::policy::{Documents, Policy};
use countersign::domain::verdict::Category;

use crate::support::{Ask, policy, shipped};

/// What a handful of drafts would lead to: any authority that changes shows in one of them.
fn outcomes(policy: &Policy) -> Vec<(Course, Vec<String>)> {
    let drafts = [
        Ask::refund(3_000),
        Ask::refund(18_000),
        Ask::refund(90_000),
        Ask::refund(450_000),
        Ask::refund(3_000).truth(FactName::ChargebackOpen, true),
        Ask::new(ActionKind::AddLabel),
        Ask::new(ActionKind::Assign).word(FactName::Queue, "password_reset"),
        Ask::new(ActionKind::NotifyCustomer),
        Ask::new(ActionKind::PageOncall)
            .category(Category::Outage)
            .severity(5),
    ];
    drafts
        .iter()
        .map(|d| d.of(policy))
        .map(|a: Assessment| (a.course, a.risk_tags))
        .collect()
}

#[test]
fn every_flip_changes_an_outcome_and_the_digest() {
    let before = policy(&[]);
    let flips = [
        ("contract.json", "\"propose_only\"", "\"apply\""),
        ("contract.json", "\"tickets.add_label\", ", ""),
        (
            "contract.json",
            "\"tickets.assign\", \"tickets.set_priority\", \"tickets.notify_customer\"]\n  }",
            "\"tickets.assign\", \"tickets.set_priority\"]\n  }",
        ),
        (
            "contract.json",
            "\"block_categories\": []",
            "\"block_categories\": [\"refund_request\"]",
        ),
        (
            "contract.json",
            "\"quarantine\": []",
            "\"quarantine\": [\"builtin\"]",
        ),
        (
            "tiers/refund.json",
            "\"amount_lte\": 50,",
            "\"amount_lte\": 29.99,",
        ),
        (
            "tiers/refund.json",
            "\"customer_months_gte\": 3",
            "\"customer_months_gte\": 13",
        ),
        (
            "tiers/refund.json",
            "\"billing_reviewers\"",
            "\"batch_reviewers\"",
        ),
        (
            "tiers/refund.json",
            "\"sla_hours\": 24",
            "\"sla_hours\": 23",
        ),
        (
            "tiers/refund.json",
            "\"sla_hours\": 24",
            "\"sla_hours\": 24, \"clock\": \"wall\"",
        ),
        ("tiers/refund.json", "\"chargeback_open\", ", ""),
        (
            "tiers/refund.json",
            "\"max_amount\": 5000",
            "\"max_amount\": 4000",
        ),
        ("tiers/refund.json", "[\"money\"]", "[\"cash\"]"),
        (
            "tiers/page_oncall.json",
            "\"support_lead\"",
            "\"finance_lead\"",
        ),
        (
            "tiers/page_oncall.json",
            "\"escalate_to\": \"security_lead\"",
            "\"escalate_to\": [\"finance_lead\", \"security_lead\"]",
        ),
        (
            "tiers/tickets.assign.json",
            "\"password_reset\"",
            "\"password_resets\"",
        ),
        (
            "escalation.json",
            "\"then\": [\"finance_lead\"]",
            "\"then\": [\"finance_lead\", \"support_lead\"]",
        ),
        (
            "escalation.json",
            "\"finally\": \"infra\"",
            "\"finally\": \"support_l1\"",
        ),
        (
            "approvers.json",
            "\"finance_oncall\": { \"users\": [{ \"id\": \"U0FIN00001\", \"label\": \"Finance On-call\" }] }",
            "\"finance_oncall\": { \"users\": [\"U0FIN00001\", \"U0FIN00002\"], \"quorum\": 2 }",
        ),
    ];
    for flip in flips {
        let after = policy(&[flip]);
        assert_ne!(
            outcomes(&before),
            outcomes(&after),
            "{flip:?} changes nothing"
        );
        assert_ne!(before.digest(), after.digest(), "{flip:?}");
    }
}

#[test]
fn opening_hours_move_the_due_time() {
    let before = outcomes(&policy(&[]));
    for flip in [
        (
            "escalation.json",
            "\"closes\": \"20:00\"",
            "\"closes\": \"17:00\"",
        ),
        ("escalation.json", "Europe/Berlin", "America/New_York"),
        ("escalation.json", "\"tue\", ", ""),
        ("escalation.json", "\"2026-12-25\"", "\"2026-11-17\""),
        (
            "escalation.json",
            "\"opens\": \"08:00\"",
            "\"opens\": \"11:00\"",
        ),
    ] {
        assert_ne!(before, outcomes(&policy(&[flip])), "{flip:?}");
    }
}

#[test]
fn layout_and_order_of_names_do_not_change_the_digest() {
    let relaid: Documents = shipped()
        .into_iter()
        .map(|(name, text)| {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            (
                name,
                serde_json::to_string_pretty(&value)
                    .unwrap()
                    .replace("  ", "\t"),
            )
        })
        .collect();
    assert_ne!(relaid, shipped());
    assert_eq!(
        Policy::load(&relaid).unwrap().digest(),
        policy(&[]).digest()
    );
}

#[test]
fn the_digest_is_that_of_the_canonical_text() {
    use sha2::{Digest as _, Sha256};
    let policy = policy(&[]);
    assert_eq!(
        policy.digest().to_string(),
        hex::encode(Sha256::digest(policy.canonical()))
    );
    assert!(
        policy
            .canonical()
            .starts_with("{\"approvers.json\":{\"operators\":{\"users\":[{\"id\":\"U0LEAD0001\"")
    );
}
