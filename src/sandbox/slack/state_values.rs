//! `state.values`: what is entered in a view or a message, by block id and action id.

use super::view_model::{Control, controls_of};
use serde_json::{Map, Value, json};

/// What the inputs of these blocks hold before anybody touches them.
/// Source: <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload>
pub(in crate::sandbox) fn initial(blocks: &Value) -> Value {
    let mut out = Map::new();
    for control in controls_of(blocks) {
        if let Some(value) = untouched(&control) {
            set(&mut out, &control, value);
        }
    }
    Value::Object(out)
}

/// The values of new blocks, with what was entered before where block and action ids are the same.
pub(in crate::sandbox) fn kept(blocks: &Value, before: &Value) -> Value {
    let mut out = Map::new();
    for control in controls_of(blocks) {
        let old = before
            .get(&control.block_id)
            .and_then(|block| block.get(control.action_id()));
        let old = old
            .filter(|old| old.get("type").and_then(Value::as_str) == Some(control.kind().as_str()));
        if let Some(value) = old.cloned().or_else(|| untouched(&control)) {
            set(&mut out, &control, value);
        }
    }
    Value::Object(out)
}

fn set(out: &mut Map<String, Value>, control: &Control, value: Value) {
    let block = out
        .entry(control.block_id.clone())
        .or_insert_with(|| json!({}));
    if let Some(block) = block.as_object_mut() {
        block.insert(control.action_id(), value);
    }
}

/// Buttons and overflow menus hold no value; everything else does.
fn untouched(control: &Control) -> Option<Value> {
    let element = &control.element;
    let first = |name: &str| element.get(name).cloned().unwrap_or(Value::Null);
    let kind = control.kind();
    let (name, value) = match kind.as_str() {
        "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            ("value", first("initial_value"))
        }
        "static_select" | "external_select" | "radio_buttons" => {
            ("selected_option", first("initial_option"))
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => (
            "selected_options",
            element
                .get("initial_options")
                .cloned()
                .unwrap_or_else(|| json!([])),
        ),
        "users_select" => ("selected_user", first("initial_user")),
        "conversations_select" => ("selected_conversation", first("initial_conversation")),
        "channels_select" => ("selected_channel", first("initial_channel")),
        "multi_users_select" => (
            "selected_users",
            element
                .get("initial_users")
                .cloned()
                .unwrap_or_else(|| json!([])),
        ),
        "datepicker" => ("selected_date", first("initial_date")),
        "timepicker" => ("selected_time", first("initial_time")),
        _ => return None,
    };
    Some(json!({"type": kind, name: value}))
}

/// The value of a control when somebody types or picks `answer`: text for inputs, an option's value
/// or label for menus (several with commas between them), an id or a date for the rest. `None`
/// where a menu has no such option.
pub(in crate::sandbox) fn answered(control: &Control, answer: &str) -> Option<Value> {
    let kind = control.kind();
    let name = match kind.as_str() {
        "static_select" | "radio_buttons" | "overflow" => {
            return Some(json!({"type": kind, "selected_option": option(control, answer)?}));
        }
        "multi_static_select" | "checkboxes" => {
            let parts = answer
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            let chosen: Option<Vec<Value>> = parts.map(|part| option(control, part)).collect();
            return Some(json!({"type": kind, "selected_options": chosen?}));
        }
        "users_select" => "selected_user",
        "conversations_select" => "selected_conversation",
        "channels_select" => "selected_channel",
        "datepicker" => "selected_date",
        "timepicker" => "selected_time",
        _ => "value",
    };
    let value = if answer.is_empty() {
        Value::Null
    } else {
        json!(answer)
    };
    Some(json!({"type": kind, name: value}))
}

fn option(control: &Control, answer: &str) -> Option<Value> {
    let label = |option: &Value| {
        option
            .get("text")
            .and_then(|text| text.get("text"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    control.options().into_iter().find(|option| {
        option.get("value").and_then(Value::as_str) == Some(answer)
            || label(option).as_deref() == Some(answer)
    })
}

/// Writes one value into `state.values`.
pub(in crate::sandbox) fn write(values: &mut Value, control: &Control, value: Value) {
    if let Some(map) = values.as_object_mut() {
        set(map, control, value);
    }
}

/// Whether a control holds nothing, so that a client would not let a required input pass.
pub(in crate::sandbox) fn is_empty(value: Option<&Value>) -> bool {
    let Some(Value::Object(map)) = value else {
        return true;
    };
    map.iter()
        .filter(|(name, _)| name.as_str() != "type")
        .all(|(_, value)| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(all) => all.is_empty(),
            _ => false,
        })
}
