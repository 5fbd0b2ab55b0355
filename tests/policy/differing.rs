//! What two policies do differently is told, and nothing else: an input comes out differently if and only if a range
//! that is told contains it.

use countersign::domain::draft::ActionKind;
use countersign::domain::policy::Policy;
use countersign::domain::policy::diff::{Diff, Outcome};
use countersign::domain::policy::explain::Situation;
use proptest::prelude::*;

use crate::support::{changed, monday, policy};

/// Changes of the shipped folder, each valid alone: everything that can change what comes out.
const CHANGES: &[(&str, &str, &str)] = &[
    ("contract.json", "\"propose_only\"", "\"apply\""),
    ("contract.json", "\"propose_only\"", "\"classify_only\""),
    ("contract.json", "\"tickets.add_label\", ", ""),
    (
        "contract.json",
        "\"tickets.add_label\"",
        r#"{ "tool": "tickets.add_label", "when": { "confidence_gte": 80 } }"#,
    ),
    (
        "contract.json",
        "\"tickets.assign\", \"tickets.set",
        "\"tickets.set",
    ),
    (
        "contract.json",
        "\"tickets.set_priority\", \"tickets.notify_customer\"]\n  }",
        r#""tickets.set_priority", { "tool": "tickets.notify_customer", "when": { "customer_tier_ne": "gold" } }]
  }"#,
    ),
    (
        "contract.json",
        "\"block_categories\": []",
        "\"block_categories\": [\"bug\", \"other\"]",
    ),
    (
        "contract.json",
        "\"quarantine\": []",
        "\"quarantine\": [\"llama\", \"llama-3\"]",
    ),
    (
        "contract.json",
        "\"quarantine\": []",
        "\"quarantine\": [\"0000000000000000000000000000000000000000000000000000000000000000\"]",
    ),
    (
        "tiers/refund.json",
        "\"amount_lte\": 50,",
        "\"amount_lte\": 100,",
    ),
    (
        "tiers/refund.json",
        "\"amount_lte\": 50,",
        "\"amount_lt\": 50, \"prior_refunds_lt\": 2,",
    ),
    (
        "tiers/refund.json",
        "\"customer_months_gte\": 3",
        "\"customer_months_gt\": 3, \"customer_months_ne\": 12",
    ),
    (
        "tiers/refund.json",
        "\"billing_reviewers\"",
        "\"batch_reviewers\"",
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
        "\"max_amount\": 5000, \"refund_window_days\": 90",
    ),
    (
        "tiers/refund.json",
        "\"max_amount\": 5000",
        "\"max_amount\": 400",
    ),
    (
        "tiers/refund.json",
        "\"currency\": \"usd\"",
        "\"currency\": \"eur\"",
    ),
    (
        "tiers/refund.json",
        "\"escalate_to\": \"finance_lead\"",
        "\"escalate_to\": [\"support_lead\", \"finance_lead\"]",
    ),
    (
        "tiers/credit.json",
        "\"max_amount\": 1000",
        "\"max_amount\": 100",
    ),
    (
        "tiers/credit.json",
        "\"tiers\": [",
        r#""tiers": [{ "tier": "medium", "when": { "customer_tier_in": ["gold", "silver"] }, "route": "batch_review", "sla_minutes": 90 },"#,
    ),
    ("tiers/tickets.add_label.json", "70", "80"),
    (
        "tiers/tickets.set_priority.json",
        "\"severity_lte\": 2",
        "\"severity_lte\": 1",
    ),
    (
        "tiers/tickets.assign.json",
        "\"password_reset\"",
        "\"resets\"",
    ),
    (
        "tiers/page_oncall.json",
        "\"sla_minutes\": 15",
        "\"sla_minutes\": 10",
    ),
    (
        "escalation.json",
        "\"severity_gte\": 3",
        "\"severity_gte\": 2",
    ),
    (
        "escalation.json",
        "\"category_in\": [\"bug\"]",
        "\"category_in\": [\"bug\", \"how_to\"]",
    ),
    (
        "escalation.json",
        "[\"secret_posted\"]",
        "[\"secret_posted\", \"legal_threat\"]",
    ),
    (
        "escalation.json",
        "{ \"assign_to_role\": \"support_l1\" }",
        r#"{ "when": { "customer_tier_eq": "gold" }, "assign_to_role": "billing" }, { "assign_to_role": "support_l1" }"#,
    ),
    (
        "escalation.json",
        "\"then\": [\"finance_lead\"]",
        "\"then\": [\"finance_lead\", \"support_lead\"]",
    ),
    (
        "escalation.json",
        "\"finally\": \"infra\", \"sla_minutes\": 30",
        "\"finally\": \"security\", \"sla_minutes\": 30",
    ),
    (
        "escalation.json",
        "\"closes\": \"20:00\"",
        "\"closes\": \"17:00\"",
    ),
    (
        "approvers.json",
        "\"finance_lead\": { \"users\": [{ \"id\": \"U0FIN00002\"",
        "\"finance_lead\": { \"users\": [{ \"id\": \"U0FIN00009\"",
    ),
    (
        "approvers.json",
        "\"batch_reviewers\": { \"groups\": [{ \"id\": \"S0LEADS001\", \"label\": \"@support-leads\" }] }",
        "\"batch_reviewers\": { \"groups\": [\"S0LEADS001\"], \"quorum\": 2 }",
    ),
    (
        "approvers.json",
        "{ \"users\": [{ \"id\": \"U0FIN00001\", \"label\": \"Finance On-call\" }] }",
        r#"{ "currency": "usd", "amount_bands": [{ "lte": 800, "users": ["U0FIN00001"] }, { "gt": 800, "users": ["U0FIN00002"] }] }"#,
    ),
    (
        "approvers.json",
        "\"infra\": { \"groups\": [{ \"id\": \"S0INFRA001\"",
        "\"infra\": { \"groups\": [{ \"id\": \"S0INFRA002\"",
    ),
    (
        "approvers.json",
        "\"label\": \"Finance Lead\"",
        "\"label\": \"Head of Finance\"",
    ),
    (
        "contract.json",
        "\"max_concurrency\": 5",
        "\"max_concurrency\": 6",
    ),
];

/// A policy after some changes, as far as they fit together.
fn some(chosen: &[usize]) -> Policy {
    let mut kept: Vec<(&str, &str, &str)> = Vec::new();
    let mut loaded = policy(&[]);
    for change in chosen {
        let (file, from, to) = CHANGES[*change];
        if !changed(&kept)[file].contains(from) {
            continue;
        }
        kept.push((file, from, to));
        match Policy::load(&changed(&kept)) {
            Ok(policy) => loaded = policy,
            Err(_) => drop(kept.pop()),
        }
    }
    loaded
}

fn inputs() -> impl Strategy<Value = Vec<(String, String)>> {
    let one = |name: &'static str, values: &'static [&'static str]| {
        proptest::option::weighted(0.8, proptest::sample::select(values))
            .prop_map(move |value| (name, value))
    };
    let draft = (
        proptest::option::weighted(0.9, proptest::sample::select(ActionKind::ALL)),
        one(
            "amount",
            &[
                "0.01", "49.99", "50", "50.01", "100", "100.01", "400.01", "500", "500.01",
                "800.01", "1000.01", "5000", "5000.01", "30 eur", "600 eur", "900 jpy",
            ],
        ),
        any::<bool>(),
        one("customer_months", &["0", "2", "3", "4", "12", "13"]),
        one("customer_tier", &["gold", "silver", "lead"]),
        one("prior_refunds", &["0", "1", "2", "5"]),
        one("chargeback_open", &["yes", "no", "no"]),
        one("account_flagged_fraud", &["yes", "no", "no"]),
        one("refund_window_open", &["yes", "no"]),
        one("linked", &["yes", "no", "no"]),
    );
    let verdict = (
        one("severity", &["1", "2", "3", "4"]),
        one(
            "category",
            &[
                "bug",
                "outage",
                "how_to",
                "other",
                "refund_request",
                "account_access",
            ],
        ),
        one("queue", &["password_reset", "resets", "general"]),
        one("confidence", &["0", "69", "70", "79", "80", "100"]),
        one(
            "signals",
            &[
                "outage",
                "many_affected",
                "secret_posted",
                "legal_threat",
                "suspected_breach",
            ],
        ),
        one(
            "model",
            &["builtin", "llama", "llama-3", "llama-3.1", "llamas"],
        ),
        one(
            "prompt",
            &[
                "0000000000000000000000000000000000000000000000000000000000000000",
                "1000000000000000000000000000000000000000000000000000000000000000",
            ],
        ),
    );
    (draft, verdict).prop_map(
        |((action, amount, confirmed, a, b, c, d, e, f, g), (h, i, j, k, l, m, n))| {
            let mut given: Vec<(String, String)> = Vec::new();
            let mut give = |(name, value): (&str, Option<&str>)| {
                if let Some(value) = value {
                    given.push((name.to_owned(), value.to_owned()));
                }
            };
            let money = action.is_some_and(|a| a.is_money() && a != ActionKind::SubscriptionCancel);
            give(("action", action.map(ActionKind::word)));
            let amount = amount.1.filter(|_| money);
            give((
                if confirmed {
                    "amount"
                } else {
                    "unconfirmed_amount"
                },
                amount,
            ));
            for connector in [a, b, c, d, e] {
                give((connector.0, connector.1.filter(|_| action.is_some())));
            }
            give((f.0, f.1.filter(|_| action == Some(ActionKind::Refund))));
            for other in [g, h, i, j, k, l, m, n] {
                give(other);
            }
            given
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_input_comes_out_differently_if_and_only_if_a_range_that_is_told_contains_it(
        one in proptest::collection::vec(0..CHANGES.len(), 0..4),
        other in proptest::collection::vec(0..CHANGES.len(), 1..4),
        inputs in proptest::collection::vec(inputs(), 60),
    ) {
        let (before, after) = (some(&one), some(&other));
        let diff = Diff::between(&before, &after);
        prop_assert!(diff.not_compared.is_empty(), "{:?}", diff.not_compared);
        prop_assert_eq!(diff.values.is_empty(), before.digest() == after.digest());
        for given in inputs {
            // Amounts without a code are in dollars under both.
            let input = Situation::read(&in_dollars(given), &before, monday()).unwrap();
            let out = [&before, &after].map(|policy| Outcome::of(policy, &input));
            prop_assert_eq!(
                out[0] != out[1],
                diff.mentions(&input, &out[0], &out[1]),
                "{:?} {:?}\n{:#?}\nbefore {:?}\nafter {:?}",
                one, other, input, out[0], out[1]
            );
        }
    }
}

fn in_dollars(given: Vec<(String, String)>) -> Vec<(String, String)> {
    let coded =
        |(name, value): (String, String)| match name.ends_with("amount") && !value.contains(' ') {
            true => (name, format!("{value} usd")),
            false => (name, value),
        };
    given.into_iter().map(coded).collect()
}
