//! What a model is asked and how its answer is read: pure functions over redacted text.
//!
//! This room may name only `domain`. It calls no model, reads no clock and no file, and nothing in it
//! decides: an answer becomes a proposal or a sentence that says why it is none. To add a task, add a
//! member to `ModelTask`, a file here that builds its request and reads its answer into a closed
//! schema, and a prompt under `manifests/prompts/`.

pub mod draft;
pub mod language;
pub mod reading;
pub mod redaction;
pub mod screen;
pub mod signals;
pub mod triage;

use crate::domain::digest::{Digest, Encoder};
use crate::domain::model::ModelRequest;

/// The digest of what a model is told, without the material: task, prompt and schema. It stands in
/// the receipt, and quarantine names it.
#[must_use]
pub fn prompt_digest(request: &ModelRequest) -> Digest {
    Encoder::new("prompt")
        .text(request.task.word())
        .text(&request.prompt)
        .text(&request.schema)
        .finish()
}
