//! The roles, and a case given to one of them.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::digest::{Digest, Encoder};
use super::ids::{DraftId, EscalationId, RequestId};
use super::person::Person;
use super::time::At;
use super::words::closed_set;

closed_set! {
    /// Where an escalation can go. Approver rules are names in the policy, not roles.
    Role {
        /// First-line support.
        SupportL1 = "support_l1",
        /// Billing: the people who act on money.
        Billing = "billing",
        /// Infrastructure: outages.
        Infra = "infra",
        /// Security: breaches, lockouts, data deletion.
        Security = "security",
    }
}

closed_set! {
    /// What a binding carries.
    Carries {
        /// Cases to work on.
        Work = "work",
        /// Pages and security cases.
        Urgent = "urgent",
        /// SLAs that ran out.
        Lapse = "lapse",
    }
}

closed_set! {
    /// Why a case went to a role.
    EscalationCause {
        /// The routing draft: this is where the case belongs.
        Routed = "routed",
        /// An on-call page, after its approval.
        Paged = "paged",
        /// A low-tier money recommendation.
        Recommended = "recommended",
        /// An approved money recommendation.
        ApprovedRecommendation = "approved_recommendation",
        /// A hard block or a broken constraint.
        Blocked = "blocked",
        /// The chain of approvers ran out.
        ChainExhausted = "chain_exhausted",
        /// The machine could not finish.
        NeedsHuman = "needs_human",
        /// Nobody took an earlier escalation in time.
        Unanswered = "unanswered",
        /// A write whose outcome nobody knows.
        UnknownOutcome = "unknown_outcome",
    }
}

closed_set! {
    /// What billing answers on a money case.
    BillingAnswer {
        /// They are doing it in Stripe.
        Refunding = "refunding",
        /// They are doing it with another amount.
        DifferentAmount = "different_amount",
        /// They are not doing it.
        NotRefunding = "not_refunding",
    }
}

/// A case given to a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Escalation {
    /// Its id.
    pub id: EscalationId,
    /// Who has it.
    pub role: Role,
    /// Why.
    pub cause: EscalationCause,
    /// What it carries, for the choice of bindings.
    pub carries: Carries,
    /// The rule that sent it there, for example `structural: money to billing`.
    pub rule: String,
    /// The draft that it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftId>,
    /// The request that it follows, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// When it was given.
    pub since: At,
    /// When nobody having taken it becomes a lapse.
    pub due_at: Option<At>,
    /// How many steps of the chain came before this one.
    pub step: u32,
    /// The escalations of the same role whose place it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub succeeds: Vec<EscalationId>,
}

impl Escalation {
    /// What a click on it is bound to: which one, whose, why, and about what.
    #[must_use]
    pub fn subject(&self) -> Digest {
        Encoder::new("escalation")
            .text(self.id.as_str())
            .text(self.role.word())
            .text(self.cause.word())
            .text(&self.rule)
            .maybe(self.draft.as_ref().map(|id| id.as_str()))
            .maybe(self.request.as_ref().map(|id| id.as_str()))
            .number(self.since.0)
            .finish()
    }
}

/// What has become of an escalation.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct EscalationProgress {
    /// Who took it, and when.
    pub taken: Option<(Person, At)>,
    /// Who resolved it, and when.
    pub resolved: Option<(Person, At)>,
    /// What billing answered last.
    pub answer: Option<(BillingAnswer, Person, At)>,
    /// The words that came with the answer.
    pub words: Option<Sealed>,
    /// The words of whoever resolved it.
    pub closing: Option<Sealed>,
    /// When it lapsed to the next step.
    pub lapsed: Option<At>,
    /// When it went on in a newer escalation of the same role.
    #[serde(default)]
    pub continued: Option<At>,
    /// The escalation that has it since it lapsed or went on.
    pub successor: Option<EscalationId>,
    /// Whether this was the last step, so that it stays here and is pinged daily.
    pub parked: bool,
    /// When it was parked or pinged last.
    pub pinged: Option<At>,
    /// How often it was pinged.
    pub pings: u32,
}

impl EscalationProgress {
    /// Whether the role still has it: nobody has resolved it, and it has neither lapsed nor gone on.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.resolved.is_none() && self.lapsed.is_none() && self.continued.is_none()
    }
}
