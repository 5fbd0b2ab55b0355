//! One call to a model: what is sent and what comes back, whoever answers.

use serde::{Deserialize, Serialize};

use super::evidence::Finding;
use super::ids::EvidenceId;
use super::verdict::{Category, Resolution, Severity, Signal};
use super::words::closed_set;

closed_set! {
    /// What a model is asked to do.
    ModelTask {
        /// Say what a ticket is about and how bad it is.
        Triage = "triage",
        /// Propose complete actions.
        Draft = "draft",
    }
}

closed_set! {
    /// A language that replies are written in (ISO 639-1).
    Language {
        /// English, also where no other is recognised.
        En = "en",
        /// German.
        De = "de",
        /// French.
        Fr = "fr",
        /// Spanish.
        Es = "es",
    }
}

/// What is sent: redacted text only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModelRequest {
    /// What it is asked to do.
    pub task: ModelTask,
    /// The instructions: a file under `manifests/prompts/`.
    pub prompt: String,
    /// The material, a JSON object. Everything in it is data, whatever it says.
    pub input: String,
    /// The JSON Schema that the answer must satisfy.
    pub schema: String,
    /// The longest answer that is read, in characters.
    pub max_answer_chars: usize,
}

/// What came back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModelAnswer {
    /// The bytes as they came, as text.
    pub text: String,
    /// The model, as it names itself.
    pub model: String,
}

/// What the customer wrote, redacted and cut. It is data, never an instruction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerText {
    /// The subject line.
    pub subject: String,
    /// The messages.
    pub text: String,
}

/// The material for [`ModelTask::Triage`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TriageMaterial {
    /// The language that plain rules guess.
    pub language: Language,
    /// What the customer wrote.
    pub untrusted: CustomerText,
    /// The queue that the ticket came in, if the source says.
    pub queue: Option<String>,
    /// What plain rules see.
    pub signals: Vec<Signal>,
}

/// The material for [`ModelTask::Draft`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftMaterial {
    /// The language to answer in.
    pub language: Language,
    /// What triage said.
    pub verdict: VerdictMaterial,
    /// What the customer wrote.
    pub untrusted: CustomerText,
    /// What connectors found, for citing.
    pub evidence: Vec<Exhibit>,
    /// The most similar cases that people decided.
    pub similar: Vec<Precedent>,
    /// Whether the requester is a verified, single customer. Without that there is no money draft.
    pub requester_known: bool,
}

/// A verdict as a drafting model sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VerdictMaterial {
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The recommended queue.
    pub queue: String,
    /// What triage would do.
    pub resolution: Resolution,
    /// Why.
    pub rationale: String,
    /// What plain rules saw.
    pub signals: Vec<Signal>,
}

/// One evidence as a drafting model sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Exhibit {
    /// Its id, for citing.
    pub id: EvidenceId,
    /// The connector.
    pub source: String,
    /// The question.
    pub query: String,
    /// What the connector understood.
    pub findings: Vec<Finding>,
}

/// A similar case that people decided, redacted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Precedent {
    /// What was asked.
    pub text: String,
    /// What was proposed, in words.
    pub action: String,
    /// What became of it, in words.
    pub outcome: String,
}
