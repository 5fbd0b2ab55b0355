//! Asks a model for complete actions, and reads its drafts into a closed schema.

use serde::{Deserialize, Serialize};

use super::reading::{self, Nonsense};
use crate::domain::draft::ActionKind;
use crate::domain::ids::{ChargeId, EvidenceId};
use crate::domain::model::{DraftMaterial, ModelRequest, ModelTask};
use crate::domain::money::{Currency, Money};

/// The prompt that ships with the product.
pub const PROMPT: &str = include_str!("../../manifests/prompts/draft.md");

/// The longest answer that is read, in characters.
const LONGEST: usize = 24_000;
/// The longest reply or note, in characters.
const LONGEST_TEXT: usize = 3_000;
/// How many drafts one revision may carry.
const MOST_DRAFTS: usize = 8;
/// What a refund's confirmation must leave room for.
const SLOTS: [&str; 2] = ["{refund_id}", "{settlement_window}"];

/// What a model proposed for one revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drafted {
    /// The drafts, in the model's order. Empty means that a person is needed, and `note` says why.
    pub drafts: Vec<ProposedDraft>,
    /// What the model adds.
    pub note: Option<String>,
}

/// A draft as proposed, with its texts in clear. The caller seals them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposedDraft {
    /// What would be done.
    pub action: ProposedAction,
    /// The evidence that it leans on; each id is known.
    pub cites: Vec<EvidenceId>,
    /// Why.
    pub rationale: String,
}

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

/// The answer's shape on the wire.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    drafts: Vec<AnswerDraft>,
    /// Needed when there are no drafts: why not.
    #[serde(default)]
    note: Option<String>,
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerDraft {
    action: AnswerAction,
    /// Ids of evidence.
    #[serde(default)]
    cites: Vec<String>,
    /// One or two sentences.
    rationale: String,
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
enum AnswerAction {
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

/// The request for drafts. `prompt` is [`PROMPT`] or the operator's own.
#[must_use]
pub fn draft_request(material: &DraftMaterial, prompt: &str) -> ModelRequest {
    ModelRequest {
        task: ModelTask::Draft,
        prompt: prompt.to_owned(),
        input: serde_json::to_string(material).unwrap_or_default(),
        schema: reading::schema::<Answer>(),
        max_answer_chars: LONGEST,
    }
}

/// Reads drafts. `known` are the ids of this revision's evidence; a citation of anything else is nonsense.
///
/// # Errors
/// [`Nonsense`], with a sentence: not the schema, an unknown action or citation, an empty or
/// overlong text, an amount that is not a positive decimal, a slot that nobody fills.
pub fn read_drafts(answer: &str, known: &[EvidenceId]) -> Result<Drafted, Nonsense> {
    let answer: Answer = reading::object(answer, LONGEST)?;
    if answer.drafts.len() > MOST_DRAFTS {
        return Err(Nonsense::because(format!(
            "there are more than {MOST_DRAFTS} drafts"
        )));
    }
    let note = match answer.note.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(note) => Some(reading::prose(note, "note", LONGEST_TEXT)?),
    };
    if answer.drafts.is_empty() && note.is_none() {
        return Err(Nonsense::because(
            "there are no drafts and no note that says why",
        ));
    }
    let mut drafts: Vec<ProposedDraft> = vec![];
    for one in answer.drafts {
        let draft = read_draft(one, known)?;
        if drafts.iter().any(|other| other.action == draft.action) {
            return Err(Nonsense::because(format!(
                "`{}` is proposed twice",
                draft.action.kind()
            )));
        }
        drafts.push(draft);
    }
    Ok(Drafted { drafts, note })
}

fn read_draft(draft: AnswerDraft, known: &[EvidenceId]) -> Result<ProposedDraft, Nonsense> {
    let mut cites: Vec<EvidenceId> = vec![];
    for cited in draft.cites {
        let id = EvidenceId::new(cited);
        if !known.contains(&id) {
            return Err(Nonsense::because(
                "a draft cites evidence that is not in this case",
            ));
        }
        if !cites.contains(&id) {
            cites.push(id);
        }
    }
    Ok(ProposedDraft {
        action: read_action(draft.action)?,
        cites,
        rationale: reading::prose(&draft.rationale, "rationale", LONGEST_TEXT)?,
    })
}

fn read_action(action: AnswerAction) -> Result<ProposedAction, Nonsense> {
    use AnswerAction as A;
    use ProposedAction as P;
    let reason = |text: &str| reading::prose(text, "reason", LONGEST_TEXT);
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
        A::SetPriority { priority }
            if ["low", "normal", "high", "urgent"].contains(&priority.as_str()) =>
        {
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
        A::Credit {
            customer,
            amount,
            currency,
            reason: why,
        } => P::Credit {
            customer: object(&customer, &["cus_"])?,
            amount: money(&amount, &currency)?,
            reason: reason(&why)?,
        },
        A::InvoiceAdjust {
            invoice,
            amount,
            currency,
            reason: why,
        } => P::InvoiceAdjust {
            invoice: object(&invoice, &["in_"])?,
            amount: money(&amount, &currency)?,
            reason: reason(&why)?,
        },
        A::SubscriptionCancel {
            subscription,
            at_period_end,
            reason: why,
        } => P::SubscriptionCancel {
            subscription: object(&subscription, &["sub_"])?,
            at_period_end,
            reason: reason(&why)?,
        },
    })
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
