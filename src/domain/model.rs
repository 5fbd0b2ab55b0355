//! One call to a model: what is sent and what comes back, whoever answers.

use serde::{Deserialize, Serialize};

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
