//! The folder that is flipped: the shipped one with every field somewhere in it.

use countersign::domain::escalation::Role;
use countersign::domain::policy::Documents;
use serde_json::{Value, json};

use crate::support::{set, shipped};

/// The shipped folder with every field somewhere in it.
pub fn base() -> Documents {
    let people = json!({
        "users": [{ "id": "U0FIN00002", "team": "T0LOCAL001", "label": "Finance Lead" }],
        "groups": [{ "id": "S0FINANCE1", "label": "@finance" }],
    });
    let mut documents = shipped();
    let mut edit =
        |file: &str, pointer: &str, value: Value| set(&mut documents, file, pointer, Some(value));
    edit("contract.json", "/outputs/mode", json!("apply"));
    edit(
        "contract.json",
        "/tools/allow",
        json!(["tickets.read", "stripe.read", "tickets.add_label",
        { "tool": "tickets.add_internal_note", "when": { "severity_gte": 2 } }]),
    );
    edit(
        "contract.json",
        "/tools/deny",
        json!(["tickets.notify_customer", "tickets.set_priority",
        { "tool": "tickets.assign", "when": { "severity_gte": 3 } }]),
    );
    edit(
        "contract.json",
        "/high_risk_actions/requires_approval",
        json!(["tickets.set_priority", "tickets.notify_customer",
        { "tool": "tickets.add_label", "when": { "severity_gte": 4 } }]),
    );
    edit(
        "contract.json",
        "/limits/per_queue/vip/max_concurrency",
        json!(3),
    );
    edit(
        "tiers/refund.json",
        "/constraints/refund_window_days",
        json!(90),
    );
    edit("tiers/refund.json", "/tiers/1/clock", json!("business"));
    edit("approvers.json", "/rules/finance_lead", people.clone());
    edit("approvers.json", "/rules/finance_lead/quorum", json!(1));
    edit(
        "approvers.json",
        "/rules/finance_lead/label",
        json!("The lead of finance"),
    );
    edit(
        "approvers.json",
        "/rules/two_hands",
        json!({ "currency": "usd", "amount_bands": [
        { "lte": 100, "users": people["users"] },
        { "lte": 200, "users": ["U0FIN00001"] },
        { "gt": 200, "groups": people["groups"] },
    ] }),
    );
    edit("approvers.json", "/operators", people.clone());
    for role in Role::ALL {
        edit("approvers.json", &format!("/roles/{role}"), people.clone());
        edit(
            "escalation.json",
            &format!("/chains/{role}"),
            json!({ "then": ["finance_lead"], "finally": role,
            "sla_hours": 8, "clock": "business" }),
        );
    }
    documents.insert("tiers/invoice_adjust.json".into(), json!({ "action_type": "invoice_adjust", "currencies": {
        "eur": { "tiers": [
            { "tier": "low", "when": { "amount_lte": 10 }, "route": "to_role" },
            { "tier": "medium", "route": "batch_review", "approver_rule": "billing_reviewers", "sla_hours": 4,
              "clock": "business", "escalate_to": "finance_lead" } ], "constraints": { "max_amount": 900 } },
        "usd": { "tiers": [{ "tier": "high", "route": "named_approver", "approver_rule": "finance_lead", "sla_minutes": 90 }] },
    } }).to_string());
    documents
}
