//! Approval requests, the decisions on them, and the tier that asked for them.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::digest::Digest;
use super::draft::ActionKind;
use super::escalation::Role;
use super::evidence::{FactName, Facts};
use super::ids::{BatchId, DraftId, EscalationId, RequestId, RuleName, ViewId};
use super::person::{Eligibility, Person};
use super::time::At;
use super::words::closed_set;

closed_set! {
    /// The risk class that the rules give a draft.
    Tier {
        /// Little can go wrong.
        Low = "low",
        /// A person should look.
        Medium = "medium",
        /// A named person must answer for it.
        High = "high",
    }
}

closed_set! {
    /// What follows from a tier.
    Route {
        /// It runs, fully logged.
        AutoExecute = "auto_execute",
        /// The assembled case goes to a role; nothing of ours runs.
        ToRole = "to_role",
        /// It is put to reviewers in batches of ten.
        BatchReview = "batch_review",
        /// It is put to a named approver, with an SLA.
        NamedApprover = "named_approver",
    }
}

closed_set! {
    /// A decision.
    Verb {
        /// Do it as it stands.
        Approve = "approve",
        /// Do it, changed.
        Edit = "edit",
        /// Do not do it.
        Reject = "reject",
    }
}

/// What the rules say of one draft. All of it is journalled with the draft.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// Which action was assessed.
    pub action: ActionKind,
    /// The tier.
    pub tier: Tier,
    /// The rule that gave it, for example `refund.json tier 2 (medium)`.
    pub rule: String,
    /// The condition that matched, in words, for example `amount 180.00 USD is at most 500`.
    pub because: Vec<String>,
    /// The facts that were known.
    pub facts: Facts,
    /// The facts that the rules asked for and that were unknown.
    pub missing: Vec<FactName>,
    /// The risk tags of the tier file.
    pub risk_tags: Vec<String>,
    /// The constraints of the tier file, in words.
    pub constraints: Vec<String>,
    /// The digest of the policy that says so.
    pub policy: Digest,
    /// What follows.
    pub course: Course,
}

/// What follows from an assessment, after the contract's whole table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "course", rename_all = "snake_case")]
pub enum Course {
    /// The contract denies it.
    Never {
        /// The line of the contract.
        reason: String,
    },
    /// A hard block or a broken constraint holds: it goes to a role, and nobody can approve it here.
    Blocked {
        /// Which one.
        reason: String,
        /// Where it goes.
        role: Role,
    },
    /// The proposal is recorded, nothing is applied.
    RecordOnly {
        /// Why: `classify_only`, quarantine, a blocked category, or in neither list.
        reason: String,
    },
    /// It runs.
    Auto,
    /// The assembled case goes to a role.
    ToRole {
        /// Which role.
        role: Role,
    },
    /// People are asked.
    Ask(Asking),
}

/// How people are asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asking {
    /// `batch_review` or `named_approver`.
    pub route: Route,
    /// Who may decide.
    pub approver_rule: RuleName,
    /// How many distinct people must approve.
    pub quorum: u32,
    /// When the question lapses.
    pub due_at: At,
    /// The approver rules that follow after a lapse, in order.
    pub then: Vec<RuleName>,
    /// The role that has it after the last of them.
    pub finally: Role,
}

/// A question put to humans, bound to one draft digest and one policy digest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The draft in question.
    pub draft: DraftId,
    /// How it is asked.
    pub asking: Asking,
    /// The tier.
    pub tier: Tier,
    /// The digest of the policy under which it is asked.
    pub policy: Digest,
    /// What is bound: see `case::subject`.
    pub subject: Digest,
    /// When it was asked.
    pub asked_at: At,
    /// People who may not decide: the ticket's author and earlier editors of this draft.
    pub authors: Vec<Person>,
    /// The request that lapsed into this one, or that was undone into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<RequestId>,
}

/// One person's decision on one request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub person: Person,
    /// What.
    pub verb: Verb,
    /// The preset reason that was chosen, as its word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<RejectPreset>,
    /// The reason that was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sealed>,
    /// Why this person may.
    pub eligibility: Eligibility,
    /// The rendering that the person clicked on.
    pub view: ViewId,
    /// The digest of that rendering.
    pub view_digest: Digest,
    /// The subject that was recomputed on arrival.
    pub subject: Digest,
    /// When.
    pub at: At,
}

closed_set! {
    /// Preset reasons for a rejection.
    RejectPreset {
        /// The facts do not bear it out.
        NotSupported = "not_supported",
        /// It is not what the policy wants.
        AgainstPolicy = "against_policy",
        /// The text is wrong or rude.
        WrongWords = "wrong_words",
        /// The amount is wrong.
        WrongAmount = "wrong_amount",
        /// Somebody does it by hand.
        HandledElsewhere = "handled_elsewhere",
        /// None of these: the reason is typed.
        Other = "other",
    }
}

impl RejectPreset {
    /// The reason as the person who chooses it reads it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotSupported => "The facts do not bear it out",
            Self::AgainstPolicy => "It is not what the policy wants",
            Self::WrongWords => "The text is wrong",
            Self::WrongAmount => "The amount is wrong",
            Self::HandledElsewhere => "Somebody does it by hand",
            Self::Other => "Something else",
        }
    }
}

closed_set! {
    /// Where a request stands.
    RequestState {
        /// It waits for people.
        Pending = "pending",
        /// Enough people approved.
        Approved = "approved",
        /// Somebody rejected.
        Rejected = "rejected",
        /// Its time ran out: others have it, or it was left at that.
        Lapsed = "lapsed",
        /// A newer draft or a changed world took its place.
        Superseded = "superseded",
        /// It was approved and taken back within the hold.
        Undone = "undone",
    }
}

/// A request with all that happened to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RequestProgress {
    /// The question.
    pub request: Request,
    /// Where it stands.
    pub state: RequestState,
    /// The decisions so far, in order.
    pub decisions: Vec<Decision>,
    /// Who was found to be able to decide when it was asked (for direct messages).
    pub approvers: Vec<Person>,
    /// The batch and row, for batch reviews.
    pub batch: Option<(BatchId, u32)>,
    /// Why it was superseded.
    pub superseded: Option<String>,
    /// The request that took its place.
    pub successor: Option<RequestId>,
    /// The escalation that has had it since its time ran out: made for it, or open already.
    #[serde(default)]
    pub with: Option<EscalationId>,
    /// When its state last changed.
    pub changed_at: At,
}
