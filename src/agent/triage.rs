//! Asks a model what a ticket is about, and reads its verdict into a closed schema.

use serde::{Deserialize, Serialize};

use super::reading::{self, Nonsense};
use crate::domain::model::{ModelRequest, ModelTask, TriageMaterial};
use crate::domain::verdict::{Category, Resolution, Severity};

/// The prompt that ships with the product.
pub const PROMPT: &str = include_str!("../../manifests/prompts/triage.md");

/// The longest verdict that is read, in characters.
const LONGEST: usize = 6_000;
/// The longest rationale that is kept, in characters.
const LONGEST_RATIONALE: usize = 1_000;

/// A verdict as proposed, with its rationale in clear. The caller seals it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposedVerdict {
    /// The higher of what the model says and the floor.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The recommended queue.
    pub queue: String,
    /// 0 to 100.
    pub confidence: u8,
    /// `escalate` on every money matter.
    pub resolution: Resolution,
    /// Why.
    pub rationale: String,
}

/// The answer's shape on the wire.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// 1 to 5.
    severity: u8,
    category: Category,
    /// Lower-case letters, digits and underscores.
    queue: String,
    /// 0 to 100.
    confidence: i64,
    resolution: Resolution,
    /// One or two sentences.
    rationale: String,
}

/// The request for a verdict. `prompt` is [`PROMPT`] or the operator's own.
#[must_use]
pub fn triage_request(material: &TriageMaterial, prompt: &str) -> ModelRequest {
    ModelRequest {
        task: ModelTask::Triage,
        prompt: prompt.to_owned(),
        input: serde_json::to_string(material).unwrap_or_default(),
        schema: reading::schema::<Answer>(),
        max_answer_chars: LONGEST,
    }
}

/// Reads a verdict. `floor` is what plain rules say of the severity; see `signals::severity_floor`.
///
/// # Errors
/// [`Nonsense`], with a sentence, when the answer is anything but one object of the schema.
pub fn read_verdict(answer: &str, floor: Severity) -> Result<ProposedVerdict, Nonsense> {
    let answer: Answer = reading::object(answer, LONGEST)?;
    let severity = Severity::of(answer.severity)
        .ok_or_else(|| Nonsense::because("the severity is not a number from 1 to 5"))?;
    let resolution = if answer.category.is_money() {
        Resolution::Escalate
    } else {
        answer.resolution
    };
    Ok(ProposedVerdict {
        severity: severity.max(floor),
        category: answer.category,
        queue: reading::name(&answer.queue, "queue")?,
        confidence: u8::try_from(answer.confidence.clamp(0, 100)).unwrap_or_default(),
        resolution,
        rationale: reading::prose(&answer.rationale, "rationale", LONGEST_RATIONALE)?,
    })
}
