//! Complete drafts by rules: what to label, where to put it, what to answer, which money to recommend.

use serde_json::{Value, json};

use super::lexicon::reset_mail_is_missing;
use super::refunds::{self, Choice};
use super::replies::{self, Reply};
use crate::domain::evidence::Finding;
use crate::domain::ids::EvidenceId;
use crate::domain::model::DraftMaterial;
use crate::domain::phrase::{Phrase, Words};
use crate::domain::verdict::{Category, Signal};

/// The drafts as the answer of the draft schema.
pub(super) fn draft(material: &DraftMaterial) -> Value {
    let mut drafts = Drafts {
        material,
        list: vec![],
        note: None,
    };
    drafts.label();
    drafts.priority();
    match material.verdict.category {
        Category::RefundRequest | Category::DisputedCharge => drafts.money_back(),
        Category::Cancellation => drafts.cancellation(),
        Category::PasswordReset => {
            drafts.push(
                json!({"kind": "tickets.assign", "queue": "password_reset"}),
                &[],
                "Forgotten passwords have a queue of their own.",
            );
            drafts.password();
        }
        Category::SecurityIncident => drafts.incident(),
        category => drafts.reply(
            answer_to(category),
            &[],
            "It acknowledges the matter, asks for what is needed and promises nothing.",
        ),
    }
    json!({"drafts": drafts.list, "note": drafts.note})
}

const fn answer_to(category: Category) -> Reply {
    match category {
        Category::Outage => Reply::Outage,
        Category::Bug => Reply::Bug,
        Category::RefundRequest | Category::DisputedCharge => Reply::WhichCharge,
        Category::BillingQuestion => Reply::Billing,
        Category::Cancellation => Reply::WhichSubscription,
        Category::PasswordReset => Reply::Password,
        Category::AccountAccess => Reply::Access,
        Category::SecurityIncident => Reply::Incident,
        Category::DataDeletion => Reply::Deletion,
        Category::HowTo => Reply::HowTo,
        Category::FeatureRequest => Reply::Feature,
        Category::Other => Reply::Other,
    }
}

struct Drafts<'a> {
    material: &'a DraftMaterial,
    list: Vec<Value>,
    note: Option<String>,
}

impl<'a> Drafts<'a> {
    fn push(&mut self, action: Value, cites: &[&EvidenceId], rationale: &str) {
        self.list
            .push(json!({"action": action, "cites": cites, "rationale": rationale}));
    }

    fn reply(&mut self, reply: Reply, cites: &[&EvidenceId], rationale: &str) {
        let text = replies::text(reply, self.material.language);
        self.push(
            json!({"kind": "tickets.notify_customer", "text": text}),
            cites,
            rationale,
        );
    }

    fn label(&mut self) {
        let category = self.material.verdict.category;
        if category != Category::Other {
            self.push(
                json!({"kind": "tickets.add_label", "label": category}),
                &[],
                "The label is the category of the verdict.",
            );
        }
    }

    fn priority(&mut self) {
        let level = self.material.verdict.severity.level();
        let outage = self.material.verdict.category == Category::Outage;
        let priority = match level {
            5 => "urgent",
            4 if outage => "urgent",
            4 => "high",
            _ => return,
        };
        self.push(
            json!({"kind": "tickets.set_priority", "priority": priority}),
            &[],
            &format!("The severity is {level}."),
        );
    }

    fn money_back(&mut self) {
        let material = self.material;
        if !self.known() {
            return self.reply(
                Reply::WhoAreYou,
                &self.customer(),
                "The requester is not one verified customer, so no money is proposed.",
            );
        }
        let mut cites = self.customer();
        match refunds::choose(material) {
            Choice::One { shown, amount, how } => {
                if !cites.contains(&shown.evidence) {
                    cites.push(shown.evidence);
                }
                self.push(
                    refunds::refund(shown, amount, &how, material),
                    &cites,
                    &format!("The charge was chosen because {how}. A person acts on it; nothing of ours moves money."),
                );
            }
            Choice::Refunded(shown) => {
                cites.push(shown.evidence);
                self.reply(
                    Reply::AlreadyRefunded,
                    &cites,
                    "The charge that is meant shows as refunded in full.",
                );
            }
            Choice::Foreign => {
                self.reply(
                    Reply::NotAmongYours,
                    &cites,
                    "No money is proposed: the ticket names a charge that is not among this customer's.",
                );
            }
            Choice::Unclear(why) => {
                self.reply(
                    Reply::WhichCharge,
                    &cites,
                    &format!("No money is proposed: {why}."),
                );
                self.note = Some(format!("No refund could be proposed: {why}."));
            }
        }
    }

    fn cancellation(&mut self) {
        let active: Vec<(&EvidenceId, &str)> = refunds::findings(self.material)
            .filter_map(|(id, finding)| match finding {
                Finding::Subscription {
                    id: subscription,
                    status,
                    ..
                } if ["active", "trialing", "past_due"].contains(&status.as_str()) => {
                    Some((id, subscription.as_str()))
                }
                _ => None,
            })
            .collect();
        let more = refunds::findings(self.material)
            .any(|(_, finding)| *finding == Finding::MoreSubscriptions);
        let ([(evidence, subscription)], false) = (active.as_slice(), more) else {
            return self.reply(
                Reply::WhichSubscription,
                &self.customer(),
                "There is not exactly one active subscription of a verified customer.",
            );
        };
        if !self.known() {
            return self.reply(
                Reply::WhichSubscription,
                &[],
                "The requester is not one verified customer.",
            );
        }
        let now = Phrase::of(
            "immediately|today|now|sofort*|umgehend|fristlos|immediat*|maintenant|inmediat*|ahora|hoy",
        );
        let at_period_end = !now.is_in(&Words::of(&self.material.untrusted.text));
        let when = if at_period_end {
            "at the end of the paid period"
        } else {
            "at once, as the customer asks"
        };
        let mut cites = self.customer();
        if !cites.contains(evidence) {
            cites.push(evidence);
        }
        self.push(
            json!({"kind": "subscription_cancel", "subscription": subscription, "at_period_end": at_period_end,
                "reason": format!("The customer wants to end the subscription. It is the only active one; it would end {when}.")}),
            &cites,
            "The customer has exactly one active subscription.",
        );
        self.reply(
            Reply::Ending,
            &cites,
            "It says where the wish is, and that nothing has ended yet.",
        );
    }

    fn password(&mut self) {
        let (reply, why) = if reset_mail_is_missing(&Words::of(&self.material.untrusted.text)) {
            (
                Reply::ResetMail,
                "The reset message does not arrive, so asking for another one is no help.",
            )
        } else {
            (
                Reply::Password,
                "The customer can set a new password without help.",
            )
        };
        self.reply(reply, &[], why);
    }

    fn incident(&mut self) {
        let text = &self.material.untrusted.text;
        let key = Phrase::of(
            "key*|token*|secret*|credential*|schlussel|zugangsdaten|cle|cles|jeton*|clave*|credencial*",
        );
        let posted = self
            .material
            .verdict
            .signals
            .contains(&Signal::SecretPosted);
        if posted || key.is_in(&Words::of(text)) {
            self.reply(
                Reply::LeakedSecret,
                &[],
                "A secret may be known to others; the reply does not repeat it.",
            );
        } else {
            self.reply(
                Reply::Incident,
                &[],
                "It acknowledges the report and names the first safe steps.",
            );
        }
    }

    /// Whether the requester is one verified customer, by the engine's word and by the evidence.
    fn known(&self) -> bool {
        let several = refunds::findings(self.material)
            .any(|(_, finding)| matches!(finding, Finding::NoSingleCustomer { .. }));
        self.material.requester_known && !several
    }

    /// The evidence that says who the customer is.
    fn customer(&self) -> Vec<&'a EvidenceId> {
        refunds::findings(self.material)
            .filter(|(_, finding)| {
                matches!(
                    finding,
                    Finding::Customer { .. } | Finding::NoSingleCustomer { .. }
                )
            })
            .map(|(id, _)| id)
            .collect()
    }
}
