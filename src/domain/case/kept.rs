//! What events keep besides ids: the redacted text, receipts, renderings, acknowledgements.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::content::Sealed;
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, EscalationId, RequestId, ViewId};
use crate::domain::model::ModelTask;
use crate::domain::time::At;
use crate::domain::verdict::{Severity, Signal};

/// The redacted text of one revision, and what plain rules saw in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModelView {
    /// The text that models and cards see.
    pub text: Sealed,
    /// The values behind the placeholders.
    pub placeholders: Sealed,
    /// How many of each kind were replaced.
    pub replaced: BTreeMap<String, u32>,
    /// What the plain rules saw.
    pub signals: Vec<Signal>,
    /// The least severity that the signals demand.
    pub floor: Severity,
    /// The language, as a two-letter code.
    pub language: String,
    /// Ids of charges that the text names.
    pub mentions: Vec<String>,
}

/// What was sent to a model and what came back. It proves what we sent and got, not what a vendor ran.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// What it was asked to do.
    pub task: ModelTask,
    /// The revision it was asked about.
    pub revision: u32,
    /// The model, as it names itself.
    pub model: String,
    /// The digest of the prompt file.
    pub prompt: Digest,
    /// The digest of the request bytes.
    pub request: Digest,
    /// The digest of the response bytes; `None` when no answer came.
    pub response: Option<Digest>,
    /// When the call began.
    pub began_at: At,
    /// When it ended.
    pub ended_at: At,
    /// What came of it: `ok`, `unreadable: ..`, `unknown: ..`.
    pub outcome: String,
}

/// One rendering of one request or escalation on one card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownView {
    /// Its id, which its buttons carry.
    pub view: ViewId,
    /// The card that it is on.
    pub card: CardId,
    /// The request that it shows, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The escalation that it shows, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<EscalationId>,
    /// What is bound; for an escalation a digest of the escalation.
    pub subject: Digest,
    /// The digest of the rendering with its button values blanked.
    pub digest: Digest,
    /// The rendering itself.
    pub rendering: Sealed,
    /// Where it is shown: `batch`, `approver`, `status`, `escalation`, `modal`, `terminal`.
    pub surface: String,
}

/// What a desk or a channel answered to a write.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The vendor's reference.
    pub reference: String,
    /// The value of the field before, where one was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<String>,
}
