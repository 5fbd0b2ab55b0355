//! Every class of malformed tier file is refused with file, line and fix.

use countersign::domain::policy::Policy;

use crate::malformed::refused;
use crate::support::{lines, shipped};

#[test]
fn a_malformed_tier_file_is_refused_with_place_and_fix() {
    refused(
        r#"
tiers/refund.json | "action_type": "refund" | "action_type": "refnd" | 2 | not an action | `refund`
tiers/refund.json | "action_type": "refund" | "action_type": "credit" | 2 | does not belong | tiers/credit.json
tiers/refund.json | "currency": "usd" | "currency": "USD" | 3 | not a currency code | lower-case
tiers/refund.json | "currency": "usd" | "currency": "jpy", "extra": 1 | 3 | `extra` is unknown | one of
tiers/refund.json | ["money"] | [] | 4 | list is empty | at least one tag
tiers/refund.json | "tier": "low" | "tier": "lowest" | 6 | not a tier | `low`
tiers/refund.json | "tier": "low" | "tier": "high" | 7 | `medium` stands after `high` | rising order
tiers/refund.json | { "amount_lte": 50, "customer_months_gte": 3 } | {} | 6 | condition is empty | <fact>_<op>
tiers/refund.json | "when": { "amount_lte": 50, "customer_months_gte": 3 },  |  | 6 | holds always | last tier
tiers/refund.json | "amount_lte": 50, | "amount_lte": 50.001, | 6 | not an amount of USD | 2 decimals
tiers/refund.json | "amount_lte": 50, | "amount_lte": -50, | 6 | negative amount | zero or more
tiers/refund.json | "amount_lte": 50, | "amount_lte": "50", | 6 | this is text | without quotes
tiers/refund.json | "amount_lte": 50, | "amount_lte": 50, "amount_lte": 60, | 6 | a second time | once
tiers/refund.json | "amount_lte": 50, | "amuont_lte": 50, | 6 | `amuont_lte` is not a condition | `amount_lte`
tiers/refund.json | "amount_lte": 50, | "spend": 50, | 6 | `spend` is not a condition | customer_months
tiers/refund.json | "amount_lte": 50, | "amount_is": true, | 6 | `amount_is` is not a condition | amount_
tiers/refund.json | "amount_lte": 50, | "charge_is_requesters_eq": true, | 6 | not a condition | `charge_is_requesters_is`
tiers/refund.json | "amount_lte": 50, | "severity_lte": 2, | 6 | what the model says | last tier only
tiers/refund.json | "amount_lte": 50, | "category_in": [], | 6 | list is empty | at least one value
tiers/refund.json | "amount_lte": 50, | "refund_window_open_is": true, | 1 | no window is declared | refund_window_days
tiers/refund.json | "route": "to_role" | "route": "auto_execute" | 6 | moves money | `to_role`
tiers/refund.json | "route": "to_role" | "route": "torole" | 6 | not a route | `to_role`
tiers/refund.json | "route": "to_role" | "route": "to_role", "sla_hours": 4 | 6 | asks nobody | nothing here
tiers/refund.json | "billing_reviewers" | "billing_reviewer" | 7 | no approver rule | `billing_reviewers`
tiers/refund.json | "sla_hours": 24 | "sla_hours": 24, "sla_minutes": 5 | 7 | side by side | exactly one
tiers/refund.json | "sla_hours": 24,  |  | 7 | how long it may wait | exactly one
tiers/refund.json | "sla_hours": 24 | "sla_hours": 0 | 7 | too small | from 1
tiers/refund.json | "sla_hours": 24 | "sla_hours": -24 | 7 | too small | from 1
tiers/refund.json | "sla_hours": 24 | "sla_hours": 2400 | 7 | too large | 720
tiers/refund.json | "escalate_to": "finance_lead" | "escalate_to": "billing_reviewers" | 7 | follow itself | other approver rules
tiers/refund.json | "escalate_to": "finance_lead" | "escalate_to": [] | 7 | list is empty | at least one approver rule
tiers/refund.json | "escalate_to": "finance_lead" | "escalate_to": ["finance_lead", "finance_lead"] | 7 | twice | once
tiers/refund.json | "approver_rule": "finance_oncall",  |  | 8 | who may decide | approver_rule
tiers/refund.json | "sla_hours": 8, | "sla_hours": 8, "decide_in": ["web"], | 8 | does not exist yet | nothing here
tiers/refund.json | "chargeback_open" | "amount" | 10 | true or false | one of
tiers/refund.json | "max_amount": 5000 | "max_amnt": 5000 | 11 | `max_amnt` is unknown | `max_amount`
tiers/refund.json | { "max_amount": 5000 } | {} | 11 | no constraint | leave it out
tiers/refund.json | "max_amount": 5000 | "refund_window_days": 0 | 11 | too small | from 1
tiers/refund.json | "currency": "usd", | "currency": "usd", "currencies": { "usd": { "tiers": [{ "tier": "low", "route": "to_role" }] } }, | 3 | stands beside `currencies` | inside that currency
tiers/page_oncall.json | "route": "named_approver" | "route": "batch_review" | 5 | without a named person | `named_approver`
tiers/page_oncall.json | "route": "named_approver" | "route": "auto_execute" | 5 | without a named person | `named_approver`
tiers/tickets.notify_customer.json | "tier": "medium" | "tier": "low", "when": { "confidence_gte": 90 }, "route": "auto_execute" }, { "tier": "medium" | 5 | what the model says | connector
tiers/tickets.add_label.json | "confidence_gte": 70 | "confidence_gte": 0.7 | 5 | whole percent | 0 to 100
tiers/tickets.add_label.json | "confidence_lt": 70 | "amount_lt": 70 | 6 | no currency | currency
tiers/credit.json | "tier": "high" | "tier": "high", "when": { "amount_gt": 5 } | 6 | never known for `credit` | a fact that this action has
tiers/subscription_cancel.json | ["account_flagged_fraud"] | ["account_flagged_fraud"], "constraints": { "max_amount": 5 } | 7 | has no amount | nothing here
tiers/subscription_cancel.json | ["account_flagged_fraud"] | ["account_flagged_fraud"], "constraints": { "refund_window_days": 5 } | 7 | never known | a fact
"#,
    );
}

#[test]
fn amounts_need_a_currency_to_be_declared() {
    let mut documents = shipped();
    let refund = documents.get_mut("tiers/refund.json").unwrap();
    *refund = refund.replace("  \"currency\": \"usd\",\n", "");
    let problems = Policy::load(&documents).unwrap_err();
    let places: Vec<u32> = problems
        .iter()
        .filter(|p| p.message.contains("no currency"))
        .map(|p| p.line)
        .collect();
    assert_eq!(places, [5, 6, 7, 10], "{}", lines(&problems));
}
