//! The actions that a model may propose, and how each is read.

use serde::{Deserialize, Serialize};

use crate::agent::reading::{self, Nonsense};
use crate::domain::draft::ActionKind;
use crate::domain::ids::ChargeId;
use crate::domain::money::{Currency, Money};

/// The longest reply or note, in characters.
pub(super) const LONGEST_TEXT: usize = 3_000;
/// What a refund's confirmation must leave room for.
const SLOTS: [&str; 2] = ["{refund_id}", "{settlement_window}"];

/// The priorities that a desk knows.
const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

/// The actions that a model may propose: all but the routing ones, which code adds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProposedAction {
    /// A label on the ticket.
    AddLabel { label: String },
    /// A note that the customer does not see.
    AddInternalNote { text: String },
    /// A move to a queue.
    Assign { queue: String },
    /// A priority: `low`, `normal`, `high` or `urgent`.
    SetPriority { priority: String },
    /// A reply.
    NotifyCustomer { text: String },
    /// A refund, recommended.
    Refund {
        charge: ChargeId,
        amount: Money,
        reason: String,
        confirmation: String,
    },
    /// A credit, recommended.
    Credit {
        customer: String,
        amount: Money,
        reason: String,
    },
    /// A change to an invoice, recommended.
    InvoiceAdjust {
        invoice: String,
        amount: Money,
        reason: String,
    },
    /// The end of a subscription, recommended.
    SubscriptionCancel {
        subscription: String,
        at_period_end: bool,
        reason: String,
    },
}

impl ProposedAction {
    /// Which action this is.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::AddLabel { .. } => ActionKind::AddLabel,
            Self::AddInternalNote { .. } => ActionKind::AddInternalNote,
            Self::Assign { .. } => ActionKind::Assign,
            Self::SetPriority { .. } => ActionKind::SetPriority,
            Self::NotifyCustomer { .. } => ActionKind::NotifyCustomer,
            Self::Refund { .. } => ActionKind::Refund,
            Self::Credit { .. } => ActionKind::Credit,
            Self::InvoiceAdjust { .. } => ActionKind::InvoiceAdjust,
            Self::SubscriptionCancel { .. } => ActionKind::SubscriptionCancel,
        }
    }
}

/// An action's shape on the wire.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
pub(super) enum AnswerAction {
    #[serde(rename = "tickets.add_label")]
    AddLabel { label: String },
    #[serde(rename = "tickets.add_internal_note")]
    AddInternalNote { text: String },
    #[serde(rename = "tickets.assign")]
    Assign { queue: String },
    #[serde(rename = "tickets.set_priority")]
    SetPriority { priority: String },
    #[serde(rename = "tickets.notify_customer")]
    NotifyCustomer { text: String },
    #[serde(rename = "refund")]
    Refund {
        charge: String,
        /// Decimal, in major units.
        amount: String,
        currency: String,
        reason: String,
        /// Contains `{refund_id}` and `{settlement_window}`.
        confirmation: String,
    },
    #[serde(rename = "credit")]
    Credit {
        customer: String,
        amount: String,
        currency: String,
        reason: String,
    },
    #[serde(rename = "invoice_adjust")]
    InvoiceAdjust {
        invoice: String,
        amount: String,
        currency: String,
        reason: String,
    },
    #[serde(rename = "subscription_cancel")]
    SubscriptionCancel {
        subscription: String,
        at_period_end: bool,
        reason: String,
    },
}

/// Reads one action. Everything in it is checked; nothing is repaired.
pub(super) fn read_action(action: AnswerAction) -> Result<ProposedAction, Nonsense> {
    use AnswerAction as A;
    use ProposedAction as P;
    Ok(match action {
        A::AddLabel { label } => P::AddLabel {
            label: reading::name(&label, "label")?,
        },
        A::AddInternalNote { text } => P::AddInternalNote {
            text: reading::prose(&text, "note", LONGEST_TEXT)?,
        },
        A::Assign { queue } => P::Assign {
            queue: reading::name(&queue, "queue")?,
        },
        A::SetPriority { priority } if PRIORITIES.contains(&priority.as_str()) => {
            P::SetPriority { priority }
        }
        A::SetPriority { .. } => {
            return Err(Nonsense::because(
                "the priority is not `low`, `normal`, `high` or `urgent`",
            ));
        }
        A::NotifyCustomer { text } => P::NotifyCustomer {
            text: letter(&text, "reply", &[])?,
        },
        A::Refund {
            charge,
            amount,
            currency,
            reason: why,
            confirmation,
        } => P::Refund {
            charge: ChargeId::new(object(&charge, &["ch_", "py_"])?),
            amount: money(&amount, &currency)?,
            reason: reason(&why)?,
            confirmation: letter(&confirmation, "confirmation", &SLOTS)?,
        },
        other => read_recommendation(other)?,
    })
}

/// Reads the recommendations that have no confirmation.
fn read_recommendation(action: AnswerAction) -> Result<ProposedAction, Nonsense> {
    use AnswerAction as A;
    use ProposedAction as P;
    match action {
        A::Credit {
            customer,
            amount,
            currency,
            reason: why,
        } => Ok(P::Credit {
            customer: object(&customer, &["cus_"])?,
            amount: money(&amount, &currency)?,
            reason: reason(&why)?,
        }),
        A::InvoiceAdjust {
            invoice,
            amount,
            currency,
            reason: why,
        } => Ok(P::InvoiceAdjust {
            invoice: object(&invoice, &["in_"])?,
            amount: money(&amount, &currency)?,
            reason: reason(&why)?,
        }),
        A::SubscriptionCancel {
            subscription,
            at_period_end,
            reason: why,
        } => Ok(P::SubscriptionCancel {
            subscription: object(&subscription, &["sub_"])?,
            at_period_end,
            reason: reason(&why)?,
        }),
        _ => Err(Nonsense::because(
            "an action is not one that can be proposed",
        )),
    }
}

fn reason(text: &str) -> Result<String, Nonsense> {
    reading::prose(text, "reason", LONGEST_TEXT)
}

/// An id of a Stripe object of the expected kind.
fn object(id: &str, prefixes: &[&str]) -> Result<String, Nonsense> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let known = prefixes
        .iter()
        .any(|prefix| id.len() > prefix.len() && id.starts_with(prefix));
    if known && id.len() <= 64 && id.chars().all(plain) {
        return Ok(id.to_owned());
    }
    Err(Nonsense::because(format!(
        "an id does not begin with `{}`",
        prefixes.join("` or `")
    )))
}

fn money(amount: &str, currency: &str) -> Result<Money, Nonsense> {
    Currency::parse(currency)
        .and_then(|currency| Money::parse_major(amount, currency))
        .filter(|money| money.minor > 0)
        .ok_or_else(|| {
            Nonsense::because("an amount is not a positive decimal with a currency code")
        })
}

/// A text to the customer: exactly these slots, and no other braces that somebody would have to fill.
fn letter(text: &str, what: &str, slots: &[&str]) -> Result<String, Nonsense> {
    let text = reading::prose(text, what, LONGEST_TEXT)?;
    if let Some(missing) = slots.iter().find(|slot| !text.contains(**slot)) {
        return Err(Nonsense::because(format!(
            "the {what} lacks the slot `{missing}`"
        )));
    }
    let rest = slots
        .iter()
        .fold(text.clone(), |rest, slot| rest.replace(slot, ""));
    if rest.contains(['{', '}']) {
        return Err(Nonsense::because(format!(
            "the {what} has a slot that nobody fills"
        )));
    }
    Ok(text)
}
