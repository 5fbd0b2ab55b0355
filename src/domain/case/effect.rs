//! What follows from events and happens outside: rows of the outbox.

use serde::{Deserialize, Serialize};

use super::command::Deadline;
use super::event::Phase;
use crate::domain::evidence::Ask;
use crate::domain::ids::{CardId, DraftId, EffectId, RequestId, RuleName};
use crate::domain::time::At;

/// One thing to do outside the transaction. It names what it is about and holds no text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Redact the text of a revision (our own code, no call).
    Redact {
        /// The revision.
        revision: u32,
    },
    /// One model call: triage.
    Triage {
        /// The revision.
        revision: u32,
    },
    /// One connector call.
    Gather {
        /// The question.
        ask: Ask,
    },
    /// One model call: drafts.
    Draft {
        /// The revision.
        revision: u32,
    },
    /// Look up who can answer a request.
    FindApprovers {
        /// The request.
        request: RequestId,
    },
    /// Make the request a row of the open batch of its rule.
    JoinBatch {
        /// The request.
        request: RequestId,
        /// The approver rule.
        rule: RuleName,
    },
    /// Bring a card to the newest state.
    Card {
        /// The card.
        card: CardId,
    },
    /// One step of an action, after the gate.
    Perform {
        /// The draft.
        draft: DraftId,
        /// Which step.
        phase: Phase,
    },
    /// A deadline.
    Wake {
        /// Which.
        deadline: Deadline,
    },
}

impl Effect {
    /// Whether it is a call of a model, a source or a desk, of which the contract lets only so many be under way at
    /// once. Cards and deadlines are never kept waiting.
    #[must_use]
    pub const fn reaches_out(&self) -> bool {
        match self {
            Self::Triage { .. }
            | Self::Gather { .. }
            | Self::Draft { .. }
            | Self::Perform { .. } => true,
            Self::Redact { .. }
            | Self::FindApprovers { .. }
            | Self::JoinBatch { .. }
            | Self::Card { .. }
            | Self::Wake { .. } => false,
        }
    }
}

/// An effect with its place in the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Planned<E> {
    /// The id, which is the idempotency key towards the outside.
    pub id: EffectId,
    /// What to do.
    pub effect: E,
    /// Not before this.
    pub due_at: At,
    /// Lower goes first: 0 decisions' results, 1 escalations, 2 new requests, 3 the rest.
    pub priority: u8,
    /// Waiting rows with the same key are one row: the newest state is what counts.
    pub coalesce: Option<String>,
}
