//! The triage of a ticket: what the model says of it, and what deterministic signals say.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::words::closed_set;

/// How bad it is: 1 (a question) to 5 (production down for many).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Severity(u8);

impl Severity {
    /// The lowest severity.
    pub const MIN: Self = Self(1);

    /// Takes 1 to 5; `None` for anything else.
    #[must_use]
    pub fn of(level: u8) -> Option<Self> {
        (1..=5).contains(&level).then_some(Self(level))
    }

    /// The level, 1 to 5.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Severity {
    type Error = String;
    fn try_from(level: u8) -> Result<Self, String> {
        Self::of(level).ok_or_else(|| format!("{level} is not a severity: it goes from 1 to 5"))
    }
}

impl From<Severity> for u8 {
    fn from(severity: Severity) -> Self {
        severity.0
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

closed_set! {
    /// What a ticket is about.
    Category {
        /// Something is down or badly degraded.
        Outage = "outage",
        /// Something does not work as documented.
        Bug = "bug",
        /// Money back is asked for.
        RefundRequest = "refund_request",
        /// The same thing was charged twice, or a charge nobody expected.
        DisputedCharge = "disputed_charge",
        /// A question about an invoice, a price or a payment.
        BillingQuestion = "billing_question",
        /// The customer wants to leave.
        Cancellation = "cancellation",
        /// A forgotten or expired password.
        PasswordReset = "password_reset",
        /// Cannot get in for another reason: single sign-on, lockout, second factor.
        AccountAccess = "account_access",
        /// A breach, a leaked secret, a takeover, a suspicious login.
        SecurityIncident = "security_incident",
        /// Data must be deleted or handed over.
        DataDeletion = "data_deletion",
        /// How do I ...
        HowTo = "how_to",
        /// Could you add ...
        FeatureRequest = "feature_request",
        /// None of these.
        Other = "other",
    }
}

impl Category {
    /// Whether money is what the ticket is about. Such a verdict is always `escalate`.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(
            self,
            Self::RefundRequest | Self::DisputedCharge | Self::BillingQuestion | Self::Cancellation
        )
    }
}

closed_set! {
    /// What the model would do with the ticket.
    Resolution {
        /// It can be closed without a person.
        AutoResolve = "auto_resolve",
        /// A person should look at a proposal.
        ProposeResolution = "propose_resolution",
        /// It belongs to a role.
        Escalate = "escalate",
    }
}

closed_set! {
    /// What plain rules see in the text, whatever the model says.
    Signal {
        /// Words of an outage: down, unreachable, 5xx for everybody.
        Outage = "outage",
        /// Many people or customers are affected.
        ManyAffected = "many_affected",
        /// Signing in fails for reasons beyond a forgotten password.
        AuthFailure = "auth_failure",
        /// A breach, takeover or stolen credential is suspected.
        SuspectedBreach = "suspected_breach",
        /// Deletion or export of personal data is asked for.
        DataDeletion = "data_deletion",
        /// A secret was pasted into the ticket.
        SecretPosted = "secret_posted",
        /// Money is asked for or disputed.
        Money = "money",
        /// The text addresses the machine and tells it what to do.
        Instruction = "instruction",
        /// Hidden, bidirectional or look-alike characters.
        OddCharacters = "odd_characters",
        /// A legal step, a regulator or the press is mentioned.
        LegalThreat = "legal_threat",
    }
}

/// The triage of one conversation revision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// The higher of what the model says and what the signals say.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The queue that the model recommends.
    pub queue: String,
    /// How sure the model is, in percent.
    pub confidence: u8,
    /// What it would do. `escalate` on every money matter.
    pub resolution: Resolution,
    /// Why, in the model's words.
    pub rationale: Sealed,
    /// What the plain rules saw.
    pub signals: Vec<Signal>,
    /// Which model said so, as it names itself.
    pub model: String,
}
