//! The arguments of a Web API call, read from query, form or JSON as Slack does, and its errors.

use super::super::form;
use serde_json::{Map, Value, json};

/// Arguments by name. Form values are strings; JSON values keep their type.
pub(in crate::sandbox) struct Args(Map<String, Value>);

impl Args {
    /// Reads what a request carries.
    ///
    /// # Errors
    /// `invalid_json` for a JSON body that is none, `invalid_form_data` for bytes that are no text.
    pub fn read(query: &str, content_type: &str, body: &[u8]) -> Result<Self, Refused> {
        let mut all = Map::new();
        for (name, value) in form::decode(query) {
            all.insert(name, Value::String(value));
        }
        if content_type.starts_with("application/json") && !body.is_empty() {
            let parsed =
                serde_json::from_slice(body).map_err(|_| Refused::named("invalid_json"))?;
            let Value::Object(map) = parsed else {
                return Err(Refused::named("json_not_object"));
            };
            all.extend(map);
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            let text =
                std::str::from_utf8(body).map_err(|_| Refused::named("invalid_form_data"))?;
            for (name, value) in form::decode(text) {
                all.insert(name, Value::String(value));
            }
        }
        Ok(Self(all))
    }

    /// A text argument; empty counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// A text argument that must be there.
    ///
    /// # Errors
    /// The error that the method's page names for it.
    pub fn need(&self, name: &str, error: &'static str) -> Result<&str, Refused> {
        self.text(name).ok_or_else(|| Refused::named(error))
    }

    /// A yes or no, in any of the spellings Slack takes.
    pub fn flag(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(text)) => matches!(text.as_str(), "true" | "1"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<usize> {
        match self.0.get(name)? {
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| usize::try_from(number).ok()),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A structured argument: JSON itself, or JSON inside a string as forms carry it.
    ///
    /// # Errors
    /// The named error where the string is not JSON.
    pub fn json(&self, name: &str, error: &'static str) -> Result<Option<Value>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Refused::named(error)),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    /// A list: an array, or words with commas between them.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::Array(all)) => all
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(text)) => text
                .split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// A refusal of the Web API: `ok: false` and a documented name.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Refused {
    pub error: String,
    pub messages: Vec<String>,
}

impl Refused {
    /// A bare error name.
    pub fn named(error: &str) -> Self {
        Self {
            error: error.to_owned(),
            messages: Vec::new(),
        }
    }

    /// An error name with the lines that `response_metadata.messages` carries.
    pub fn with(error: &str, messages: Vec<String>) -> Self {
        Self {
            error: error.to_owned(),
            messages,
        }
    }

    /// The answer as Slack writes it.
    pub fn json(&self) -> Value {
        if self.messages.is_empty() {
            return json!({"ok": false, "error": self.error});
        }
        if let ("missing_scope", [needed, provided]) =
            (self.error.as_str(), self.messages.as_slice())
        {
            return json!({"ok": false, "error": self.error, "needed": needed, "provided": provided});
        }
        let lines: Vec<String> = self
            .messages
            .iter()
            .map(|line| format!("[ERROR] {line}"))
            .collect();
        json!({"ok": false, "error": self.error, "errors": self.messages,
               "response_metadata": {"messages": lines}})
    }
}

/// What a method answers.
pub(in crate::sandbox) type Outcome = Result<Value, Refused>;
