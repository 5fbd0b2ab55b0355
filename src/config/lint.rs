//! What never stands in `workspace.json`: authority, and anything that looks like a secret.

use crate::domain::policy::json::{Node, Shape};
use crate::domain::policy::reader::Sheet;

/// Names of authority, with the policy file that each belongs in.
const AUTHORITY: &[(&str, &str)] = &[
    ("approvers", "approvers.json"),
    ("approver_rules", "approvers.json"),
    ("approver_rule", "approvers.json"),
    ("reviewers", "approvers.json"),
    ("operators", "approvers.json"),
    ("rules", "approvers.json"),
    ("roles", "approvers.json"),
    ("quorum", "approvers.json"),
    ("users", "approvers.json"),
    ("groups", "approvers.json"),
    ("mode", "contract.json"),
    ("tools", "contract.json"),
    ("allow", "contract.json"),
    ("deny", "contract.json"),
    ("limits", "contract.json"),
    ("undo_seconds", "contract.json"),
    ("hold_seconds", "contract.json"),
    ("requires_approval", "contract.json"),
    ("high_risk_actions", "contract.json"),
    ("tiers", "tiers/<action>.json"),
    ("escalation", "escalation.json"),
    ("chains", "escalation.json"),
    ("sla_hours", "escalation.json"),
    ("sla_minutes", "escalation.json"),
];

/// The policy file that a name of authority belongs in.
pub(super) fn belongs_in(key: &str) -> Option<&'static str> {
    let found = AUTHORITY.iter().find(|(name, _)| *name == key);
    found.map(|(_, file)| *file)
}

/// How the secrets of our vendors and the common ones begin.
const SECRET_STARTS: &[&str] = &[
    "xox",
    "xapp-",
    "sk_",
    "rk_",
    "whsec_",
    "ghp_",
    "gho_",
    "github_pat_",
    "AKIA",
    "-----BEGIN",
    "Bearer ",
    "sk-",
    "eyJ",
];

/// Notes every value that looks like a secret, without repeating it.
pub(super) fn secrets(sheet: &Sheet, node: &Node) {
    match &node.shape {
        Shape::Text(text) if looks_secret(text) => sheet.note(
            node.at,
            "this looks like a secret, and secrets are never written into a manifest",
            "the name of an environment variable under the key that ends in `_env`, take the secret out of every copy of \
             this file, make a new one,",
        ),
        Shape::List(items) => items.iter().for_each(|item| secrets(sheet, item)),
        Shape::Object(entries) => entries.iter().for_each(|entry| secrets(sheet, &entry.value)),
        _ => {}
    }
}

pub(super) fn looks_secret(text: &str) -> bool {
    let text = text.trim();
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    SECRET_STARTS.iter().any(|start| text.starts_with(start)) || authority.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_beginnings_and_addresses_by_their_password() {
        for secret in [
            concat!("xoxb-", "1-2-abc"),
            "rk_test",
            "whsec_abc",
            "postgres://us:pw@host/db",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for plain in [
            "STRIPE_KEY",
            "https://api.example.com/a@b",
            "helpdesk",
            "C0SUPPORT1",
        ] {
            assert!(!looks_secret(plain), "{plain}");
        }
    }
}
