//! Facts fetched read-only for one requester, and the typed values that rules may test.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::digest::Digest;
use super::ids::{ChargeId, EvidenceId, SourceName};
use super::money::{Currency, Money};
use super::ticket::TicketState;
use super::time::At;
use super::words::closed_set;

/// One question to a connector. It holds ids only; the requester's address is never in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// The connector, as named in `workspace.json`.
    pub source: SourceName,
    /// The connector's own name for the question, for example `charges`.
    pub query: String,
    /// The object that the question is about, for example `cus_...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// One answered question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Its id, for citations.
    pub id: EvidenceId,
    /// What was asked.
    pub ask: Ask,
    /// When the answer was taken.
    pub taken_at: At,
    /// The digest of the bytes as they came.
    pub bytes: Digest,
    /// The redacted body as cards and models see it.
    pub body: Sealed,
    /// What the connector understood of it.
    pub findings: Vec<Finding>,
}

/// One typed thing that a connector found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Finding {
    /// The customer who the verified requester is.
    Customer {
        /// Stripe's id.
        id: String,
        /// Since when.
        since: At,
        /// The tier that the account carries in its metadata, if any.
        tier: Option<String>,
        /// Whether the account is flagged as fraudulent.
        flagged_fraud: bool,
    },
    /// More or fewer than one customer answers to the requester.
    NoSingleCustomer {
        /// How many answered.
        count: u32,
    },
    /// The list of this customer's charges, as far as it could be read.
    Charges {
        /// How many were read.
        count: u32,
        /// Whether there are others, of which nothing is known.
        more: bool,
        /// Those on which money went back.
        refunded: Vec<ChargeId>,
        /// Those that were ever disputed.
        disputed: Vec<ChargeId>,
    },
    /// A charge of this customer.
    Charge(Charge),
    /// The ticket names a charge that is not among this customer's. Nothing more is known or said.
    ForeignCharge,
    /// A subscription of this customer.
    Subscription {
        /// Stripe's id.
        id: String,
        /// Stripe's status word.
        status: String,
        /// When the paid period ends.
        period_end: At,
    },
    /// This customer has subscriptions that could not be read, of which nothing is known.
    MoreSubscriptions,
    /// An invoice of this customer.
    Invoice {
        /// Stripe's id.
        id: String,
        /// Stripe's status word.
        status: String,
        /// The total.
        total: Money,
    },
    /// The ticket as its desk has it now.
    Target(TicketState),
}

/// A charge, as far as a refund depends on it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Charge {
    /// Stripe's id.
    pub id: ChargeId,
    /// What was charged.
    pub amount: Money,
    /// What has been refunded already, in minor units of the same currency.
    pub refunded_minor: i64,
    /// When it was charged.
    pub created: At,
    /// Whether it succeeded and was captured.
    pub paid: bool,
    /// Whether a dispute is open on it.
    pub dispute_open: bool,
    /// Whether Radar warned of fraud on it.
    pub fraud_warning: bool,
    /// How many refunds there are on it.
    pub refunds: u32,
}

impl Charge {
    /// What can still be refunded.
    #[must_use]
    pub fn remaining(&self) -> Money {
        Money {
            minor: self.amount.minor.saturating_sub(self.refunded_minor),
            currency: self.amount.currency,
        }
    }
}

closed_set! {
    /// The facts that a rule may test. Units stand with each.
    FactName {
        /// The draft's own amount, confirmed by the connector. Decimal major units of the tier file's currency.
        Amount = "amount",
        /// Whole months since the customer's account was made.
        CustomerMonths = "customer_months",
        /// The tier that the account carries, a word.
        CustomerTier = "customer_tier",
        /// The verdict's severity, 1 to 5.
        Severity = "severity",
        /// The verdict's category, a word.
        Category = "category",
        /// The recommended queue (for `tickets.assign`: the queue of the draft), a word.
        Queue = "queue",
        /// The verdict's confidence, percent.
        Confidence = "confidence",
        /// How many tickets or people the action touches.
        BlastRadius = "blast_radius",
        /// Whether the action can be taken back, a fixed property of the action.
        Reversible = "reversible",
        /// How many refunds this customer has had, known only when all charges with refunds were looked at.
        PriorRefunds = "prior_refunds",
        /// Whether the charge is young enough for a refund by the tier file's own window.
        RefundWindowOpen = "refund_window_open",
        /// Whether a dispute is open on the charge.
        ChargebackOpen = "chargeback_open",
        /// Whether the account or the charge is flagged as fraudulent.
        AccountFlaggedFraud = "account_flagged_fraud",
        /// Whether the charge belongs to the verified requester.
        ChargeIsRequesters = "charge_is_requesters",
    }
}

closed_set! {
    /// Where a fact comes from.
    Provenance {
        /// A connector fetched it for the verified requester.
        Connector = "connector",
        /// The ticket says so.
        Ticket = "ticket",
        /// The model says so.
        Model = "model",
        /// It is a fixed property of the action.
        Registry = "registry",
    }
}

/// A value that a rule can compare.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// A count, a level, a percentage.
    Number(i64),
    /// An amount of money.
    Money(Money),
    /// Yes or no.
    Truth(bool),
    /// A word.
    Word(String),
}

impl std::fmt::Display for FactValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Money(money) => write!(f, "{money}"),
            Self::Truth(truth) => f.write_str(if *truth { "yes" } else { "no" }),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// One fact: value and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// The value.
    pub value: FactValue,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The evidence that it was read from, if a connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceId>,
}

/// The facts known for one draft. A name that is absent is unknown, and unknown means no.
pub type Facts = std::collections::BTreeMap<FactName, Fact>;

/// The currency that an amount fact is in, if there is one.
#[must_use]
pub fn currency_of(facts: &Facts) -> Option<Currency> {
    match facts.get(&FactName::Amount)?.value {
        FactValue::Money(money) => Some(money.currency),
        _ => None,
    }
}
