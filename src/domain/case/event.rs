//! The catalogue of what can have happened to a case.

use serde::{Deserialize, Serialize};

use super::command::Deadline;
pub use super::kept::{Acknowledgement, ModelView, Receipt, ShownView};
use super::refusal::RefusalCode;
use crate::domain::approval::{Assessment, Decision, Request, RequestState};
use crate::domain::content::Sealed;
use crate::domain::digest::Digest;
use crate::domain::draft::Draft;
use crate::domain::escalation::{BillingAnswer, Escalation};
use crate::domain::evidence::{Ask, Evidence};
use crate::domain::ids::{
    BatchId, CardId, ChannelId, CustomerId, DraftId, EscalationId, RequestId, ViewId,
};
use crate::domain::model::ModelTask;
use crate::domain::person::{Eligibility, Person};
use crate::domain::ticket::Ticket;
use crate::domain::time::At;
use crate::domain::verdict::Verdict;
use crate::domain::words::closed_set;

/// Something that has happened to a case. Serialised as RFC 8785 canonical JSON in the journal.
///
/// Members are only ever added; a stored event of any released version must still be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CaseEvent {
    /// A ticket came in and became this case.
    TicketReceived {
        /// The number that people call the case by.
        number: u64,
        /// The ticket.
        ticket: Ticket,
    },
    /// The customer wrote again: a new revision of the conversation.
    CustomerWrote {
        /// The new revision, from 2.
        revision: u32,
        /// The message.
        message: Sealed,
    },
    /// The text was redacted; everything after this reads only the model view.
    Redacted {
        /// The revision.
        revision: u32,
        /// The redacted text.
        view: ModelView,
    },
    /// A model was called, and this is the receipt of the call.
    ModelCalled {
        /// The receipt.
        receipt: Receipt,
    },
    /// The ticket was triaged.
    Triaged {
        /// The revision.
        revision: u32,
        /// The verdict.
        verdict: Verdict,
    },
    /// Nobody vouches for who asked, so nothing personal is looked up.
    IdentityNeeded {
        /// Why.
        reason: String,
    },
    /// A person said which customer asked. The source of the ticket still vouches for nobody.
    CustomerLinked {
        /// The customer.
        customer: CustomerId,
        /// Who said so.
        by: Person,
        /// How it was made sure, in their words.
        words: Sealed,
        /// The revision in which it was said. It holds for later ones too.
        revision: u32,
        /// The escalation on whose card it was said.
        escalation: EscalationId,
        /// What made the person eligible.
        eligibility: Eligibility,
    },
    /// Questions were put to connectors.
    EvidenceAsked {
        /// The questions.
        asks: Vec<Ask>,
    },
    /// A connector answered.
    EvidenceTaken {
        /// The evidence.
        evidence: Evidence,
        /// What the connector asks next.
        next: Vec<Ask>,
    },
    /// A connector did not answer.
    EvidenceFailed {
        /// What was asked.
        ask: Ask,
        /// Why it failed.
        why: String,
        /// When it is asked again; `None` when it is given up.
        again_at: Option<At>,
    },
    /// A complete action was proposed.
    DraftProposed {
        /// The draft.
        draft: Draft,
    },
    /// The rules gave the draft a tier and a course.
    RiskAssessed {
        /// The draft.
        draft: DraftId,
        /// What the rules say.
        assessment: Assessment,
    },
    /// The rules let the draft run without a question.
    Cleared {
        /// The draft.
        draft: DraftId,
        /// The earliest moment at which it runs.
        not_before: At,
    },
    /// The proposal goes to the ticket as an internal note: phase one of what cannot be taken back.
    NotePlanned {
        /// The draft.
        draft: DraftId,
    },
    /// The draft stays a proposal on record.
    Declined {
        /// The draft.
        draft: DraftId,
        /// The line of the policy that says so.
        reason: String,
    },
    /// A question was put to people.
    ApprovalRequested {
        /// The request.
        request: Request,
    },
    /// It was looked up who can answer, for direct messages.
    ApproversFound {
        /// The request.
        request: RequestId,
        /// The people, at most ten.
        people: Vec<Person>,
    },
    /// The request became a row of a batch.
    Batched {
        /// The request.
        request: RequestId,
        /// The batch.
        batch: BatchId,
        /// The row, from 1. Rows never move.
        row: u32,
    },
    /// A rendering was made and kept, and is about to be shown.
    Shown {
        /// The rendering.
        view: ShownView,
    },
    /// A card stands at this address now.
    CardPosted {
        /// The card.
        card: CardId,
        /// Slack's channel.
        channel: ChannelId,
        /// Slack's message timestamp.
        ts: String,
    },
    /// A card could not be put up.
    CardFailed {
        /// The card.
        card: CardId,
        /// Why.
        why: String,
    },
    /// A person decided.
    Decided {
        /// The request.
        request: RequestId,
        /// The decision.
        decision: Decision,
    },
    /// A click changed nothing, and this is why.
    ClickRefused {
        /// Who clicked.
        person: Person,
        /// What was clicked, as its word.
        verb: String,
        /// The request, where the click named one.
        request: Option<RequestId>,
        /// The rendering that was clicked on.
        view: Option<ViewId>,
        /// Why it changed nothing.
        code: RefusalCode,
    },
    /// The request came to an end.
    Settled {
        /// The request.
        request: RequestId,
        /// `approved`, `rejected`, `superseded` or `undone`.
        state: RequestState,
        /// Why, for `superseded` and `undone`.
        why: Option<String>,
        /// The request that took its place, if one did.
        successor: Option<RequestId>,
        /// When an approved action of ours goes out at the earliest.
        not_before: Option<At>,
    },
    /// A deadline ran out. Nothing was approved and nothing rejected.
    Lapsed {
        /// The request.
        request: RequestId,
        /// The request that has it now; `None` when a role has it, or nobody any more.
        successor: Option<RequestId>,
        /// The escalation on whose card it shows, which its role had open already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<EscalationId>,
    },
    /// The case was given to a role.
    Escalated {
        /// To whom and why.
        escalation: Escalation,
    },
    /// Somebody of the role took it.
    EscalationTaken {
        /// Which.
        escalation: EscalationId,
        /// Who.
        by: Person,
    },
    /// Somebody of the role resolved it.
    EscalationResolved {
        /// Which.
        escalation: EscalationId,
        /// Who.
        by: Person,
        /// How, in their words.
        words: Option<Sealed>,
    },
    /// Billing said what it does.
    BillingAnswered {
        /// Which escalation.
        escalation: EscalationId,
        /// Who.
        by: Person,
        /// What.
        answer: BillingAnswer,
        /// The amount or the reason, in their words.
        words: Option<Sealed>,
    },
    /// Nobody took an escalation in time.
    EscalationLapsed {
        /// Which.
        escalation: EscalationId,
        /// The one that has it now; `None` at the end of the chain, where it is parked.
        successor: Option<EscalationId>,
    },
    /// The role was reminded of a parked escalation.
    Reminded {
        /// Which.
        escalation: EscalationId,
    },
    /// A deadline was called before its time by a clock that runs ahead; it is waited for again.
    WokenEarly {
        /// Which.
        deadline: Deadline,
        /// Until when.
        until: At,
    },
    /// A model is asked again, within the budget of the revision.
    CallAgain {
        /// What it is asked.
        task: ModelTask,
        /// The revision it is asked about.
        revision: u32,
        /// When.
        at: At,
    },
    /// The gate permitted a step and it is being sent. From here on it cannot be taken back.
    Departed {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// The policy under which it was permitted.
        policy: Digest,
    },
    /// A step must wait before it may go out.
    Held {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// What it waits for.
        why: String,
    },
    /// A step will never go out.
    Voided {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// Why.
        why: String,
    },
    /// A step was carried out, and the outside acknowledged it.
    Performed {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// What the outside answered.
        acknowledgement: Acknowledgement,
    },
    /// The outside refused a step for good.
    PerformFailed {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// Why.
        why: String,
    },
    /// It is not known whether a step was carried out, and it is never sent again blindly.
    OutcomeUnknown {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
        /// What is known.
        why: String,
    },
    /// The machine could not go on, and says so.
    HumanNeeded {
        /// Why.
        why: String,
    },
}

closed_set! {
    /// The two steps of an action.
    Phase {
        /// The proposal is written to the ticket as an internal note.
        Note = "note",
        /// The action itself.
        Act = "act",
    }
}
