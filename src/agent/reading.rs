//! Reads a model's answer strictly: what is not in the closed schema is nonsense, and nonsense says why.

use serde::de::DeserializeOwned;

/// An answer that is not what was asked for. The sentence may be journalled: it holds no text of the answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{sentence}")]
pub struct Nonsense {
    /// What is wrong with it.
    pub sentence: String,
}

impl Nonsense {
    /// Nonsense for a reason.
    #[must_use]
    pub fn because(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
        }
    }
}

/// Reads one JSON object, alone or inside one Markdown code fence, in which many models wrap it.
pub(super) fn object<T: DeserializeOwned>(answer: &str, longest: usize) -> Result<T, Nonsense> {
    if answer.len() > longest.saturating_mul(4) || answer.chars().count() > longest {
        return Err(Nonsense::because(format!(
            "the answer is longer than {longest} characters"
        )));
    }
    let bare = answer.trim();
    let bare = bare
        .strip_prefix("```json")
        .or_else(|| bare.strip_prefix("```"))
        .and_then(|inner| inner.strip_suffix("```"))
        .unwrap_or(bare);
    serde_json::from_str(bare).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "does not satisfy the schema",
            _ => "is not one JSON object",
        };
        Nonsense::because(format!(
            "the answer {what} (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}

/// A name that stands in manifests: a queue, a label. Lower case, digits, `_`, `-`, `.`, at most 64.
pub(super) fn name(text: &str, what: &str) -> Result<String, Nonsense> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    Err(Nonsense::because(format!(
        "the {what} is not a name of lower-case letters, digits, `_`, `-` and `.`"
    )))
}

/// A text that people read: not empty, not longer than a limit in characters.
pub(super) fn prose(text: &str, what: &str, longest: usize) -> Result<String, Nonsense> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Nonsense::because(format!("the {what} is empty")));
    }
    if text.chars().count() > longest {
        return Err(Nonsense::because(format!(
            "the {what} is longer than {longest} characters"
        )));
    }
    Ok(text.to_owned())
}

/// The JSON Schema of a type, as text, with these of its fields required.
pub(super) fn schema_requiring<T: schemars::JsonSchema>(required: &[&str]) -> String {
    let mut schema = schemars::schema_for!(T);
    schema.insert("required".to_owned(), serde_json::json!(required));
    serde_json::to_string(&schema).unwrap_or_default()
}

/// The JSON Schema of a type, as text.
pub(super) fn schema<T: schemars::JsonSchema>() -> String {
    serde_json::to_string(&schemars::schema_for!(T)).unwrap_or_default()
}
