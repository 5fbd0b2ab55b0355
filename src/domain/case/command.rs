//! What can be asked of a case: everything that changes one enters as a command.

use serde::{Deserialize, Serialize};

use super::event::{Acknowledgement, ModelView, Phase, Receipt, ShownView};
use crate::domain::approval::RejectPreset;
use crate::domain::content::Sealed;
use crate::domain::digest::Digest;
use crate::domain::draft::Action;
use crate::domain::escalation::BillingAnswer;
use crate::domain::evidence::{Ask, Finding};
use crate::domain::ids::{
    AppId, BatchId, CardId, ChannelId, CustomerId, DraftId, EffectId, EscalationId, EvidenceId,
    RequestId, ViewId,
};
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;
use crate::domain::time::At;
use crate::domain::time::Span;
use crate::domain::verdict::Verdict;

/// A command to one case. Stored before it is acknowledged; its texts are sealed before that.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum CaseCommand {
    /// Opens the case of a ticket.
    Open {
        /// The ticket.
        ticket: Ticket,
    },
    /// Adds a message of the customer.
    AddMessage {
        /// The message.
        message: Sealed,
    },
    /// Brings the redacted text.
    RecordView {
        /// The revision it is of.
        revision: u32,
        /// The view.
        view: ModelView,
    },
    /// Brings a verdict.
    RecordVerdict {
        /// The revision it is of.
        revision: u32,
        /// The verdict.
        verdict: Verdict,
        /// The receipt of the call.
        receipt: Receipt,
    },
    /// Brings a connector's answer.
    RecordEvidence {
        /// The answer.
        taken: Taken,
    },
    /// Says that a connector did not answer.
    RecordEvidenceFailure {
        /// What was asked.
        ask: Ask,
        /// What came instead of an answer.
        #[serde(flatten)]
        silence: Silence,
    },
    /// Brings drafts.
    RecordDrafts {
        /// The revision that they answer.
        revision: u32,
        /// The drafts, in the order in which they were made.
        proposals: Vec<Proposal>,
        /// The receipt of the call.
        receipt: Receipt,
    },
    /// Says that a model call brought nothing usable.
    RecordModelFailure {
        /// The receipt of the call.
        receipt: Receipt,
        /// Whether asking again is pointless.
        lasting: bool,
    },
    /// Brings the people who can answer a request.
    RecordApprovers {
        /// The request.
        request: RequestId,
        /// The people.
        people: Vec<Person>,
    },
    /// Says which row of which batch a request became.
    RecordBatched {
        /// The request.
        request: RequestId,
        /// The batch.
        batch: BatchId,
        /// The row.
        row: u32,
    },
    /// Says what is about to be shown.
    RecordShown {
        /// The renderings.
        views: Vec<ShownView>,
    },
    /// Says where a card stands.
    RecordCardPosted {
        /// The card.
        card: CardId,
        /// Slack's channel.
        channel: ChannelId,
        /// Slack's message timestamp.
        ts: String,
    },
    /// Says that a card could not be put up.
    RecordCardFailed {
        /// The card.
        card: CardId,
        /// Why.
        why: String,
    },
    /// A click on a request.
    Click(Click),
    /// A click on an escalation.
    Work(Work),
    /// A deadline is due.
    Wake {
        /// Which.
        deadline: Deadline,
    },
    /// Says what came of a step.
    RecordOutcome {
        /// The effect that carried it; one of an earlier plan says nothing of the present one.
        effect: EffectId,
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// What came of it.
        outcome: Outcome,
    },
}

/// What came of a question to a connector that it did not answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Silence {
    /// Why.
    pub why: String,
    /// Whether asking again is pointless.
    pub lasting: bool,
    /// How long the source wants to be left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
}

/// A connector's answer to one question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// What was asked.
    pub ask: Ask,
    /// When it was answered.
    pub at: At,
    /// The digest of the bytes as they came.
    pub bytes: Digest,
    /// The redacted body.
    pub body: Sealed,
    /// What the connector understood.
    pub findings: Vec<Finding>,
    /// What it asks next.
    pub next: Vec<Ask>,
}

/// A draft as a model made it, before it has an id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// What would be done.
    pub action: Action,
    /// The evidence that it leans on.
    pub cites: Vec<EvidenceId>,
    /// Why.
    pub rationale: Sealed,
}

/// A person's click on one rendering of one request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Click {
    /// Who.
    pub person: Person,
    /// The app that the click came through.
    pub app: AppId,
    /// The request.
    pub request: RequestId,
    /// The rendering.
    pub view: ViewId,
    /// The digest of that rendering, as we kept it.
    pub view_digest: Digest,
    /// The 128-bit prefix that the button carried.
    pub subject_prefix: String,
    /// What is wanted.
    pub wants: Wants,
}

/// What a click on a request wants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "wants", rename_all = "snake_case")]
pub enum Wants {
    /// Approve as it stands.
    Approve {
        /// Why; required for the high tier.
        reason: Option<Sealed>,
    },
    /// Reject.
    Reject {
        /// The preset reason, if one was chosen.
        preset: Option<RejectPreset>,
        /// The typed reason; required without a preset, and with `other`.
        reason: Option<Sealed>,
    },
    /// Approve with changes.
    Edit {
        /// The whole action as the person wants it.
        action: Action,
        /// Why.
        reason: Option<Sealed>,
    },
    /// Take an approved action back before it is carried out.
    Undo,
}

impl Wants {
    /// The word of the verb.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Edit { .. } => "edit",
            Self::Undo => "undo",
        }
    }
}

/// A person's click on an escalation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Work {
    /// Who.
    pub person: Person,
    /// The app that the click came through.
    pub app: AppId,
    /// The escalation.
    pub escalation: EscalationId,
    /// The rendering.
    pub view: ViewId,
    /// The first 128 bits of the subject that the button carried, as 32 hex digits.
    pub subject_prefix: String,
    /// What is wanted.
    pub step: WorkStep,
}

/// What a click on an escalation wants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum WorkStep {
    /// Take it.
    Take,
    /// It is done.
    Resolve {
        /// How.
        words: Option<Sealed>,
    },
    /// Billing says what it does.
    Answer {
        /// What.
        answer: BillingAnswer,
        /// The amount or the reason; required unless `refunding`.
        words: Option<Sealed>,
    },
    /// Say which customer asked, where nobody vouches for it.
    LinkCustomer {
        /// The customer.
        customer: CustomerId,
        /// How it was made sure; required.
        words: Option<Sealed>,
    },
}

impl WorkStep {
    /// The word of the verb.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Resolve { .. } => "resolve",
            Self::Answer { answer, .. } => answer.word(),
            Self::LinkCustomer { .. } => "link_customer",
        }
    }
}

/// A moment that was waited for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "deadline", rename_all = "snake_case")]
pub enum Deadline {
    /// A request's time is up.
    Request {
        /// Which.
        request: RequestId,
    },
    /// Nobody has taken an escalation.
    Escalation {
        /// Which.
        escalation: EscalationId,
    },
    /// A parked escalation is pinged again.
    Parked {
        /// Which.
        escalation: EscalationId,
    },
}

/// What came of a step towards the outside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It was carried out.
    Done {
        /// What the outside answered.
        acknowledgement: Acknowledgement,
    },
    /// The gate holds it; it is asked again later.
    Held {
        /// What it waits for.
        why: String,
    },
    /// The gate voided it.
    Voided {
        /// Why.
        why: String,
    },
    /// The outside refuses it for good.
    Refused {
        /// Why.
        why: String,
    },
    /// Nobody knows.
    Unknown {
        /// What is known.
        why: String,
    },
}
