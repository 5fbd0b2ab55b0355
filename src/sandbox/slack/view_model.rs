//! A modal or an App Home as the stand-in keeps it, and the controls inside blocks.

use super::super::cast::{APP, BOT, TEAM};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A view that somebody has open.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// View id.
    pub id: String,
    /// Changes with every update.
    pub hash: String,
    /// `modal` or `home`.
    pub kind: String,
    /// What the bot sent: title, blocks, submit, close, callback_id, private_metadata and so on.
    pub body: Map<String, Value>,
    /// The view below all others.
    pub root: String,
    /// The view below this one.
    pub previous: Option<String>,
    /// Errors that the bot answered to the last submit, by block id.
    pub errors: BTreeMap<String, String>,
    /// What the person has entered so far, in the shape of `state.values`.
    pub entered: Value,
}

impl View {
    /// A text field of the view's body, or empty.
    pub fn field(&self, name: &str) -> String {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// The title as shown.
    pub fn title(&self) -> String {
        self.label("title")
    }

    /// The `text` of a text object of the view: `title`, `submit`, `close`.
    pub fn label(&self, name: &str) -> String {
        let label = self
            .body
            .get(name)
            .and_then(|label| label.get("text"))
            .and_then(Value::as_str);
        label.unwrap_or_default().to_owned()
    }

    /// The `private_metadata`.
    pub fn private_metadata(&self) -> String {
        self.field("private_metadata")
    }

    /// The `callback_id`.
    pub fn callback_id(&self) -> String {
        self.field("callback_id")
    }

    /// The blocks, as an array.
    pub fn blocks(&self) -> Value {
        self.body
            .get("blocks")
            .cloned()
            .unwrap_or_else(|| json!([]))
    }

    /// Every text in the view, from top to bottom.
    pub fn all_text(&self) -> String {
        let mut out = self.title();
        collect_text(&self.blocks(), &mut out);
        out
    }

    /// The shape of a view in answers and payloads.
    /// Source: <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload>
    pub(in crate::sandbox) fn slack_json(&self) -> Value {
        let mut out = self.body.clone();
        for (name, fallback) in [
            ("private_metadata", json!("")),
            ("callback_id", json!("")),
            ("external_id", json!("")),
            ("clear_on_close", json!(false)),
            ("notify_on_close", json!(false)),
        ] {
            out.entry(name).or_insert(fallback);
        }
        if self.kind == "modal" {
            for name in ["submit", "close"] {
                out.entry(name).or_insert(Value::Null);
            }
        }
        let more = json!({
            "id": self.id, "team_id": TEAM, "app_id": APP, "bot_id": BOT, "type": self.kind,
            "hash": self.hash, "root_view_id": self.root, "previous_view_id": self.previous,
            "app_installed_team_id": TEAM, "state": {"values": self.entered},
        });
        if let Value::Object(more) = more {
            out.extend(more);
        }
        Value::Object(out)
    }
}

/// A control inside blocks.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Control {
    pub block_id: String,
    pub element: Value,
    pub in_input: bool,
}

impl Control {
    fn text_of(&self, name: &str) -> String {
        self.element
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    pub fn action_id(&self) -> String {
        self.text_of("action_id")
    }

    pub fn value(&self) -> String {
        self.text_of("value")
    }

    pub fn kind(&self) -> String {
        self.text_of("type")
    }

    pub fn label(&self) -> String {
        let text = self
            .element
            .get("text")
            .or_else(|| self.element.get("placeholder"));
        text.and_then(|text| text.get("text"))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// All options, groups flattened.
    pub fn options(&self) -> Vec<Value> {
        let list = |from: &Value| {
            from.get("options")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let mut out = list(&self.element);
        for group in self
            .element
            .get("option_groups")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            out.extend(list(group));
        }
        out
    }
}

/// The controls in an array of blocks, from top to bottom.
pub(in crate::sandbox) fn controls_of(blocks: &Value) -> Vec<Control> {
    let mut out = Vec::new();
    for block in blocks.as_array().into_iter().flatten() {
        let block_id = block
            .get("block_id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let in_input = block.get("type").and_then(Value::as_str) == Some("input");
        let many = block
            .get("elements")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let single = [block.get("accessory"), block.get("element")]
            .into_iter()
            .flatten();
        for element in single
            .chain(many)
            .filter(|element| element.get("action_id").is_some())
        {
            out.push(Control {
                block_id: block_id.to_owned(),
                element: element.clone(),
                in_input,
            });
        }
    }
    out
}

/// Appends every `text` string inside `value` to `out`, each on its own line.
pub(in crate::sandbox) fn collect_text(value: &Value, out: &mut String) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect_text(one, out)),
        Value::Object(map) => {
            for (name, inner) in map {
                match inner {
                    Value::String(text) if name == "text" || name == "initial_value" => {
                        out.push('\n');
                        out.push_str(text);
                    }
                    other => collect_text(other, out),
                }
            }
        }
        _ => {}
    }
}
