//! Asks a model what a ticket is about, and reads its verdict into a closed schema.

use serde::{Deserialize, Serialize};

use super::reading::{self, Nonsense};
use crate::domain::model::{ModelRequest, ModelTask, TriageMaterial};
use crate::domain::policy::outputs::VerdictField;
use crate::domain::verdict::{Category, Resolution, Severity};

/// The prompt that ships with the product.
pub const PROMPT: &str = include_str!("../../manifests/prompts/triage.md");

/// The longest verdict that is read, in characters.
const LONGEST: usize = 6_000;
/// The longest rationale that is kept, in characters.
const LONGEST_RATIONALE: usize = 1_000;

/// The queue of a verdict that names none.
const UNSORTED: &str = "unsorted";

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
    severity: Option<u8>,
    category: Option<Category>,
    /// Lower-case letters, digits and underscores.
    queue: Option<String>,
    /// 0 to 100.
    confidence: Option<i64>,
    resolution: Option<Resolution>,
    /// One or two sentences.
    rationale: Option<String>,
}

impl Answer {
    /// The first required field that is not there.
    fn lacks(&self, required: &[VerdictField]) -> Option<VerdictField> {
        let there = |field: &VerdictField| match field {
            VerdictField::Severity => self.severity.is_some(),
            VerdictField::Category => self.category.is_some(),
            VerdictField::RecommendedQueue => self.queue.is_some(),
            VerdictField::Confidence => self.confidence.is_some(),
            VerdictField::Resolution => self.resolution.is_some(),
            VerdictField::Rationale => self.rationale.is_some(),
        };
        required.iter().find(|field| !there(field)).copied()
    }
}

/// A field as the answer calls it.
const fn on_the_wire(field: VerdictField) -> &'static str {
    match field {
        VerdictField::RecommendedQueue => "queue",
        other => other.word(),
    }
}

/// The request for a verdict. `prompt` is [`PROMPT`] or the operator's own; `required` are the fields that
/// the contract requires.
#[must_use]
pub fn triage_request(
    material: &TriageMaterial,
    prompt: &str,
    required: &[VerdictField],
) -> ModelRequest {
    let required: Vec<&str> = required.iter().map(|field| on_the_wire(*field)).collect();
    ModelRequest {
        task: ModelTask::Triage,
        prompt: prompt.to_owned(),
        input: serde_json::to_string(material).unwrap_or_default(),
        schema: reading::schema_requiring::<Answer>(&required),
        max_answer_chars: LONGEST,
    }
}

/// Reads a verdict. `floor` is what plain rules say of the severity; see `signals::severity_floor`.
/// `required` are the fields that the contract requires; another one that is left out reads as the model
/// having no opinion: the floor, `other`, the queue `unsorted`, no confidence, `escalate`.
///
/// # Errors
/// [`Nonsense`], with a sentence, when the answer is anything but one object of the schema, or lacks a
/// required field.
pub fn read_verdict(
    answer: &str,
    floor: Severity,
    required: &[VerdictField],
) -> Result<ProposedVerdict, Nonsense> {
    let answer: Answer = reading::object(answer, LONGEST)?;
    if let Some(field) = answer.lacks(required) {
        let sentence = format!("the answer lacks `{field}`, which the contract requires");
        return Err(Nonsense::because(sentence));
    }
    let severity = Severity::of(answer.severity.unwrap_or(floor.level()))
        .ok_or_else(|| Nonsense::because("the severity is not a number from 1 to 5"))?;
    let category = answer.category.unwrap_or(Category::Other);
    let resolution = match answer.resolution {
        Some(resolution) if !category.is_money() => resolution,
        _ => Resolution::Escalate,
    };
    let queue = answer.queue.as_deref().unwrap_or(UNSORTED);
    let rationale = answer
        .rationale
        .as_deref()
        .unwrap_or("No reason was given.");
    Ok(ProposedVerdict {
        severity: severity.max(floor),
        category,
        queue: reading::name(queue, "queue")?,
        confidence: u8::try_from(answer.confidence.unwrap_or(0).clamp(0, 100)).unwrap_or_default(),
        resolution,
        rationale: reading::prose(rationale, "rationale", LONGEST_RATIONALE)?,
    })
}
