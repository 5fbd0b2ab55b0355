//! What spans cases: open batches, the pause switch, the policy in force.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::ids::{BatchId, CardId, CaseId, ChannelId, RequestId, RuleName};
use super::person::Person;
use super::time::At;

pub mod decide;

/// How many rows a batch has at most.
pub const BATCH_ROWS: usize = 10;
/// After how many minutes a batch takes no more rows.
pub const BATCH_MINUTES: i64 = 10;

/// Something that has happened on the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum BoardEvent {
    /// A batch was opened.
    BatchOpened {
        /// Its id.
        batch: BatchId,
        /// Whose requests it takes.
        rule: RuleName,
        /// After this it takes no more rows.
        closes_at: At,
    },
    /// A request became a row.
    RowAdded {
        /// The batch.
        batch: BatchId,
        /// The row.
        row: BatchRow,
    },
    /// The batch takes no more rows.
    BatchClosed {
        /// The batch.
        batch: BatchId,
    },
    /// A batch card stands at this address.
    CardPosted {
        /// The card.
        card: CardId,
        /// Slack's channel.
        channel: ChannelId,
        /// Slack's message timestamp.
        ts: String,
    },
    /// A batch card could not be put up.
    CardFailed {
        /// The card.
        card: CardId,
        /// Why.
        why: String,
    },
    /// Every write stops.
    Paused {
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
    /// Writes go on.
    Resumed {
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
    /// A policy is in force from now on.
    PolicyActivated {
        /// Its digest.
        policy: Digest,
        /// By whom; `None` for the process that started with a pinned policy.
        by: Option<Person>,
    },
}

/// A row of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BatchRow {
    /// The row, from 1. Rows never move.
    pub number: u32,
    /// The case.
    pub case: CaseId,
    /// The request.
    pub request: RequestId,
}

/// A command to the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum BoardCommand {
    /// Makes a request a row of the open batch of its rule.
    JoinBatch {
        /// The case.
        case: CaseId,
        /// The request.
        request: RequestId,
        /// The approver rule.
        rule: RuleName,
    },
    /// Closes a batch whose time is up.
    CloseBatch {
        /// The batch.
        batch: BatchId,
    },
    /// Says where a batch card stands.
    RecordCardPosted {
        /// The card.
        card: CardId,
        /// Slack's channel.
        channel: ChannelId,
        /// Slack's message timestamp.
        ts: String,
    },
    /// Says that a batch card could not be put up.
    RecordCardFailed {
        /// The card.
        card: CardId,
        /// Why.
        why: String,
    },
    /// Stops every write.
    Pause {
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
    /// Lets writes go on.
    Resume {
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
    /// Puts a policy in force.
    ActivatePolicy {
        /// Its digest.
        policy: Digest,
        /// By whom.
        by: Option<Person>,
    },
}

/// An effect that follows from the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum BoardEffect {
    /// Tell the case which row its request became.
    TellCase {
        /// The case.
        case: CaseId,
        /// The request.
        request: RequestId,
        /// The batch.
        batch: BatchId,
        /// The row.
        row: u32,
    },
    /// Bring a batch card to the newest state.
    Card {
        /// The card.
        card: CardId,
    },
    /// Close a batch.
    CloseBatch {
        /// The batch.
        batch: BatchId,
    },
}

/// One batch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Whose requests it takes.
    pub rule: RuleName,
    /// Its rows, in order.
    pub rows: Vec<BatchRow>,
    /// After this it takes no more rows.
    pub closes_at: At,
    /// Whether it takes no more rows.
    pub closed: bool,
}

/// The folded state of the board.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Board {
    /// How many events were folded.
    pub seq: u64,
    /// Every batch, oldest first.
    pub batches: Vec<Batch>,
    /// Who paused it, when and why, while it is paused.
    pub pause: Option<(Person, At, String)>,
    /// The policy in force.
    pub policy: Option<Digest>,
}

impl Batch {
    /// The card of a batch.
    #[must_use]
    pub fn card(&self) -> CardId {
        CardId::new(format!("card.{}", self.id))
    }
}
