//! Every condition changes what comes out wherever the schemas let it stand, or the reader says why it cannot.

use countersign::domain::policy::diff::{Diff, Subject};
use countersign::domain::policy::{Documents, Policy};
use serde_json::{Value, json};

use super::listed;
use crate::support::{lines, set, shipped};

/// Where conditions stand, with an action of which their fact can be known.
#[test]
fn every_condition_changes_what_comes_out_wherever_it_may_stand() {
    let mut tried = 0;
    for field in listed().iter().filter(|field| field.contains(" when ")) {
        let (place, key) = field.split_once(" when ").unwrap();
        let flips = values_for(key).map(|value| under(place, key, value));
        let loaded = flips.map(|documents| Policy::load(&documents));
        let [Ok(one), Ok(other)] = &loaded else {
            // A condition that can never matter is refused; that is an answer too, and it says why.
            let refused = loaded.iter().filter_map(|read| read.as_ref().err());
            let told: Vec<String> = refused.map(|problems| lines(problems)).collect();
            assert!(
                told.iter().all(|words| words.contains(key)
                    || words.contains(key.rsplit_once('_').unwrap().0)
                    || words.contains("never")),
                "{field}: {told:?}"
            );
            continue;
        };
        let diff = Diff::between(one, other);
        let subject = if place.starts_with("escalation") {
            Subject::Case
        } else {
            Subject::Draft
        };
        assert!(
            diff.changes.iter().any(|c| c.subject == subject),
            "{field} changes nothing: {:#?}",
            diff.changes
        );
        tried += 1;
    }
    assert!(tried > 150, "{tried}");
}

/// Two values of a condition that some input tells apart.
fn values_for(key: &str) -> [Value; 2] {
    let (fact, op) = key.rsplit_once('_').unwrap();
    let [one, other] = match (fact, op) {
        (_, "is") => [json!(true), json!(false)],
        ("category", _) => [json!("bug"), json!("how_to")],
        ("customer_tier" | "queue", _) => [json!("gold"), json!("silver")],
        ("blast_radius", "gt" | "lte") => [json!(0), json!(1)],
        ("signals", _) => [json!("legal_threat"), json!("secret_posted")],
        ("blast_radius", _) => [json!(1), json!(2)],
        _ => [json!(2), json!(4)],
    };
    match op {
        "in" => [json!([one]), json!([other])],
        _ => [one, other],
    }
}

/// The shipped folder with one condition at a place.
fn under(place: &str, key: &str, value: Value) -> Documents {
    let mut documents = shipped();
    let when = json!({ key: value });
    let ask = json!({ "tier": "high", "route": "named_approver", "approver_rule": "finance_lead", "sla_hours": 4 });
    let mut edit =
        |file: &str, pointer: &str, value: Value| set(&mut documents, file, pointer, Some(value));
    match place {
        "tier tiers" | "tier currencies * tiers" => {
            let fact = key.rsplit_once('_').unwrap().0;
            let said = [
                "severity",
                "category",
                "queue",
                "confidence",
                "reversible",
                "blast_radius",
            ]
            .contains(&fact);
            let (file, action) = match said {
                true => ("tiers/tickets.add_label.json", "tickets.add_label"),
                false => ("tiers/refund.json", "refund"),
            };
            let tiers = json!([{ "tier": "low", "when": when, "route": "to_role" }, ask]);
            let mut list = json!({ "tiers": tiers });
            if !said {
                list["constraints"] = json!({ "refund_window_days": 90 });
            }
            let mut document = match place {
                "tier tiers" => {
                    list["currency"] = json!("usd");
                    list
                }
                _ => json!({ "currencies": { "usd": list } }),
            };
            document["action_type"] = json!(action);
            documents.insert(file.to_owned(), document.to_string());
        }
        "contract tools allow" => {
            let listed = json!({ "tool": "tickets.add_label", "when": when });
            edit(
                "contract.json",
                "/tools/allow",
                json!(["tickets.read", listed]),
            );
        }
        "contract tools deny" => {
            edit("contract.json", "/tools/allow", json!(["tickets.read"]));
            let listed = json!({ "tool": "tickets.add_label", "when": when });
            edit("contract.json", "/tools/deny", json!([listed]));
        }
        "contract high_risk_actions requires_approval" => {
            let listed = json!({ "tool": "tickets.add_internal_note", "when": when });
            edit(
                "contract.json",
                "/high_risk_actions/requires_approval",
                json!([listed]),
            );
        }
        "escalation rules" => {
            let rule = json!({ "when": when, "assign_to_role": "infra" });
            edit("escalation.json", "/rules/0", rule);
            edit(
                "escalation.json",
                "/rules/1",
                json!({ "assign_to_role": "support_l1" }),
            );
            set(&mut documents, "escalation.json", "/rules/2", None);
        }
        other => panic!("conditions stand at {other} too: say how to flip one there"),
    }
    documents
}
