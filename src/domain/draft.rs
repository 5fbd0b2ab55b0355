//! Actions and drafts: the closed registry of what may be proposed, with every parameter.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::digest::{Digest, Encoder};
use super::escalation::Role;
use super::ids::{ChargeId, DraftId, EvidenceId};
use super::money::Money;
use super::person::Person;
use super::ticket::TicketField;
use super::words::closed_set;

closed_set! {
    /// Every action that can be proposed. Fixed properties follow from the member, never from a manifest.
    ActionKind {
        /// Adds a label to the ticket.
        AddLabel = "tickets.add_label",
        /// Writes a note that the customer does not see.
        AddInternalNote = "tickets.add_internal_note",
        /// Moves the ticket to a queue.
        Assign = "tickets.assign",
        /// Changes the priority.
        SetPriority = "tickets.set_priority",
        /// Answers the customer.
        NotifyCustomer = "tickets.notify_customer",
        /// Tells a role's channel that the case is theirs.
        RouteCase = "route_case",
        /// Pages the on-call of a role.
        PageOncall = "page_oncall",
        /// Recommends a refund.
        Refund = "refund",
        /// Recommends a credit.
        Credit = "credit",
        /// Recommends a change to an invoice.
        InvoiceAdjust = "invoice_adjust",
        /// Recommends the end of a subscription.
        SubscriptionCancel = "subscription_cancel",
    }
}

closed_set! {
    /// What of ours runs when an action is due.
    Executor {
        /// A write on the ticket's desk.
        Desk = "desk",
        /// A notice in a role's channel.
        RoleNotice = "role_notice",
        /// A page to a role's on-call.
        Page = "page",
        /// Nothing: a person acts upstream.
        Nothing = "nothing",
    }
}

impl ActionKind {
    /// What of ours runs. Money actions have no executor; this is policy of the code.
    #[must_use]
    pub const fn executor(self) -> Executor {
        match self {
            Self::AddLabel
            | Self::AddInternalNote
            | Self::Assign
            | Self::SetPriority
            | Self::NotifyCustomer => Executor::Desk,
            Self::RouteCase => Executor::RoleNotice,
            Self::PageOncall => Executor::Page,
            Self::Refund | Self::Credit | Self::InvoiceAdjust | Self::SubscriptionCancel => {
                Executor::Nothing
            }
        }
    }

    /// Whether money would move.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self.executor(), Executor::Nothing)
    }

    /// Whether the customer sees it happen.
    #[must_use]
    pub const fn customer_sees(self) -> bool {
        matches!(self, Self::NotifyCustomer)
    }

    /// Whether it can be taken back.
    #[must_use]
    pub const fn reversible(self) -> bool {
        matches!(
            self,
            Self::AddLabel
                | Self::AddInternalNote
                | Self::Assign
                | Self::SetPriority
                | Self::RouteCase
        )
    }

    /// Whether leaving it undone harms nobody: a change on the ticket that can be taken back and that no
    /// customer sees. Handing the case to a role is none: undone, nobody would have the case.
    #[must_use]
    pub const fn is_housekeeping(self) -> bool {
        self.is_tool() && self.reversible() && !self.customer_sees()
    }

    /// Whether it is a tool that the contract's lists name (`tickets.*`).
    #[must_use]
    pub const fn is_tool(self) -> bool {
        matches!(self.executor(), Executor::Desk)
    }
}

/// An action with every parameter. Texts are sealed; everything else stands in clear.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "action")]
pub enum Action {
    /// See [`ActionKind::AddLabel`].
    #[serde(rename = "tickets.add_label")]
    AddLabel {
        /// The label.
        label: String,
    },
    /// See [`ActionKind::AddInternalNote`].
    #[serde(rename = "tickets.add_internal_note")]
    AddInternalNote {
        /// The note.
        text: Sealed,
    },
    /// See [`ActionKind::Assign`].
    #[serde(rename = "tickets.assign")]
    Assign {
        /// The queue it goes to.
        queue: String,
    },
    /// See [`ActionKind::SetPriority`].
    #[serde(rename = "tickets.set_priority")]
    SetPriority {
        /// `low`, `normal`, `high` or `urgent`.
        priority: String,
    },
    /// See [`ActionKind::NotifyCustomer`].
    #[serde(rename = "tickets.notify_customer")]
    NotifyCustomer {
        /// The whole reply.
        text: Sealed,
    },
    /// See [`ActionKind::RouteCase`].
    #[serde(rename = "route_case")]
    RouteCase {
        /// The role it belongs to.
        role: Role,
    },
    /// See [`ActionKind::PageOncall`].
    #[serde(rename = "page_oncall")]
    PageOncall {
        /// The role whose on-call is paged.
        role: Role,
    },
    /// See [`ActionKind::Refund`].
    #[serde(rename = "refund")]
    Refund {
        /// The charge to refund.
        charge: ChargeId,
        /// How much of it.
        amount: Money,
        /// Why.
        reason: Sealed,
        /// What the customer is told afterwards, with slots for refund id and settlement window.
        confirmation: Sealed,
    },
    /// See [`ActionKind::Credit`].
    #[serde(rename = "credit")]
    Credit {
        /// Stripe's customer id.
        customer: String,
        /// How much.
        amount: Money,
        /// Why.
        reason: Sealed,
    },
    /// See [`ActionKind::InvoiceAdjust`].
    #[serde(rename = "invoice_adjust")]
    InvoiceAdjust {
        /// Stripe's invoice id.
        invoice: String,
        /// By how much.
        amount: Money,
        /// Why.
        reason: Sealed,
    },
    /// See [`ActionKind::SubscriptionCancel`].
    #[serde(rename = "subscription_cancel")]
    SubscriptionCancel {
        /// Stripe's subscription id.
        subscription: String,
        /// Whether it runs to the end of the paid period.
        at_period_end: bool,
        /// Why.
        reason: Sealed,
    },
}

impl Action {
    /// Which action this is.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::AddLabel { .. } => ActionKind::AddLabel,
            Self::AddInternalNote { .. } => ActionKind::AddInternalNote,
            Self::Assign { .. } => ActionKind::Assign,
            Self::SetPriority { .. } => ActionKind::SetPriority,
            Self::NotifyCustomer { .. } => ActionKind::NotifyCustomer,
            Self::RouteCase { .. } => ActionKind::RouteCase,
            Self::PageOncall { .. } => ActionKind::PageOncall,
            Self::Refund { .. } => ActionKind::Refund,
            Self::Credit { .. } => ActionKind::Credit,
            Self::InvoiceAdjust { .. } => ActionKind::InvoiceAdjust,
            Self::SubscriptionCancel { .. } => ActionKind::SubscriptionCancel,
        }
    }

    /// The amount of money it is about, if it is about one.
    #[must_use]
    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::Refund { amount, .. }
            | Self::Credit { amount, .. }
            | Self::InvoiceAdjust { amount, .. } => Some(*amount),
            _ => None,
        }
    }

    /// What in Stripe a money action is done to: a charge, a customer, an invoice, a subscription.
    #[must_use]
    pub fn done_to(&self) -> Option<&str> {
        match self {
            Self::Refund { charge, .. } => Some(charge.as_str()),
            Self::Credit { customer, .. } => Some(customer),
            Self::InvoiceAdjust { invoice, .. } => Some(invoice),
            Self::SubscriptionCancel { subscription, .. } => Some(subscription),
            _ => None,
        }
    }

    /// Whether both move the same money, whatever they say of how much and why.
    #[must_use]
    pub fn is_same_money(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.done_to().is_some() && self.done_to() == other.done_to()
    }

    /// The sealed texts in it, in the order in which they are shown.
    #[must_use]
    pub fn texts(&self) -> Vec<Sealed> {
        match self {
            Self::AddInternalNote { text } | Self::NotifyCustomer { text } => vec![*text],
            Self::Refund {
                reason,
                confirmation,
                ..
            } => vec![*reason, *confirmation],
            Self::Credit { reason, .. }
            | Self::InvoiceAdjust { reason, .. }
            | Self::SubscriptionCancel { reason, .. } => vec![*reason],
            Self::AddLabel { .. }
            | Self::Assign { .. }
            | Self::SetPriority { .. }
            | Self::RouteCase { .. }
            | Self::PageOncall { .. } => vec![],
        }
    }

    /// The ticket field that it writes, if it writes one.
    #[must_use]
    pub const fn writes(&self) -> Option<TicketField> {
        match self {
            Self::Assign { .. } => Some(TicketField::Queue),
            Self::SetPriority { .. } => Some(TicketField::Priority),
            _ => None,
        }
    }

    /// The digest of the action with every parameter.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let money = |e: Encoder, m: &Money| e.number(m.minor).text(m.currency.code());
        let e = Encoder::new("action").text(self.kind().word());
        match self {
            Self::AddLabel { label } => e.text(label),
            Self::Assign { queue } => e.text(queue),
            Self::SetPriority { priority } => e.text(priority),
            Self::AddInternalNote { text } | Self::NotifyCustomer { text } => e.digest(&text.0),
            Self::RouteCase { role } | Self::PageOncall { role } => e.text(role.word()),
            Self::Refund {
                charge,
                amount,
                reason,
                confirmation,
            } => money(e.text(charge.as_str()), amount)
                .digest(&reason.0)
                .digest(&confirmation.0),
            Self::Credit {
                customer: object,
                amount,
                reason,
            }
            | Self::InvoiceAdjust {
                invoice: object,
                amount,
                reason,
            } => money(e.text(object), amount).digest(&reason.0),
            Self::SubscriptionCancel {
                subscription,
                at_period_end,
                reason,
            } => e
                .text(subscription)
                .number((*at_period_end).into())
                .digest(&reason.0),
        }
        .finish()
    }
}

/// Who wrote a draft.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// The model, as it names itself.
    Model {
        /// Its name.
        model: String,
    },
    /// Our own code: the routing draft.
    Code,
    /// A person who edited an earlier draft.
    Edit {
        /// The editor.
        editor: Person,
        /// The draft that was edited.
        of: DraftId,
    },
}

/// What must still be so on the desk when a draft is carried out.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Target {
    /// The customer must not have written since this revision. `None` for reversible internal actions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// The field that the action writes, with the value it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<(TicketField, Option<String>)>,
    /// The last comment that the customer could see. `None` where the desk has none or it does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_public_comment: Option<String>,
}

/// A complete proposed action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The conversation revision that it answers.
    pub revision: u32,
    /// What would be done.
    pub action: Action,
    /// The evidence that it leans on.
    pub cites: Vec<EvidenceId>,
    /// Why.
    pub rationale: Sealed,
    /// Who wrote it.
    pub origin: Origin,
    /// What must still be so when it is carried out.
    pub target: Target,
}
