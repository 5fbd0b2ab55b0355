//! Asks a model for complete actions, and reads its drafts into a closed schema.

mod actions;

use serde::{Deserialize, Serialize};

pub use actions::ProposedAction;
use actions::{AnswerAction, LONGEST_TEXT, read_action};

use super::reading::{self, Nonsense};
use crate::domain::ids::EvidenceId;
use crate::domain::model::{DraftMaterial, ModelRequest, ModelTask};

/// The prompt that ships with the product.
pub const PROMPT: &str = include_str!("../../../manifests/prompts/draft.md");

/// The longest answer that is read, in characters.
const LONGEST: usize = 24_000;
/// How many drafts one revision may carry.
const MOST_DRAFTS: usize = 8;
/// What a model proposed for one revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drafted {
    /// The drafts, in the model's order. Empty means that a person is needed, and `note` says why.
    pub drafts: Vec<ProposedDraft>,
    /// What the model adds.
    pub note: Option<String>,
}

/// A draft as proposed, with its texts in clear. The caller seals them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposedDraft {
    /// What would be done.
    pub action: ProposedAction,
    /// The evidence that it leans on; each id is known.
    pub cites: Vec<EvidenceId>,
    /// Why.
    pub rationale: String,
}

/// The answer's shape on the wire.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    drafts: Vec<AnswerDraft>,
    /// Needed when there are no drafts: why not.
    #[serde(default)]
    note: Option<String>,
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerDraft {
    action: AnswerAction,
    /// Ids of evidence.
    #[serde(default)]
    cites: Vec<String>,
    /// One or two sentences.
    rationale: String,
}

/// The request for drafts. `prompt` is [`PROMPT`] or the operator's own.
#[must_use]
pub fn draft_request(material: &DraftMaterial, prompt: &str) -> ModelRequest {
    ModelRequest {
        task: ModelTask::Draft,
        prompt: prompt.to_owned(),
        input: serde_json::to_string(material).unwrap_or_default(),
        schema: reading::schema::<Answer>(),
        max_answer_chars: LONGEST,
    }
}

/// Reads drafts. `known` are the ids of this revision's evidence; a citation of anything else is nonsense.
///
/// # Errors
/// [`Nonsense`], with a sentence: not the schema, an unknown action or citation, an empty or
/// overlong text, an amount that is not a positive decimal, a slot that nobody fills.
pub fn read_drafts(answer: &str, known: &[EvidenceId]) -> Result<Drafted, Nonsense> {
    let answer: Answer = reading::object(answer, LONGEST)?;
    if answer.drafts.len() > MOST_DRAFTS {
        return Err(Nonsense::because(format!(
            "there are more than {MOST_DRAFTS} drafts"
        )));
    }
    let note = match answer.note.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(note) => Some(reading::prose(note, "note", LONGEST_TEXT)?),
    };
    if answer.drafts.is_empty() && note.is_none() {
        return Err(Nonsense::because(
            "there are no drafts and no note that says why",
        ));
    }
    let mut drafts: Vec<ProposedDraft> = vec![];
    for one in answer.drafts {
        let draft = read_draft(one, known)?;
        if drafts.iter().any(|other| other.action == draft.action) {
            return Err(Nonsense::because(format!(
                "`{}` is proposed twice",
                draft.action.kind()
            )));
        }
        drafts.push(draft);
    }
    Ok(Drafted { drafts, note })
}

fn read_draft(draft: AnswerDraft, known: &[EvidenceId]) -> Result<ProposedDraft, Nonsense> {
    let mut cites: Vec<EvidenceId> = vec![];
    for cited in draft.cites {
        let id = EvidenceId::new(cited);
        if !known.contains(&id) {
            return Err(Nonsense::because(
                "a draft cites evidence that is not in this case",
            ));
        }
        if !cites.contains(&id) {
            cites.push(id);
        }
    }
    Ok(ProposedDraft {
        action: read_action(draft.action)?,
        cites,
        rationale: reading::prose(&draft.rationale, "rationale", LONGEST_TEXT)?,
    })
}
