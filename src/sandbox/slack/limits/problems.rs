//! The list of what is wrong with blocks, each line with Slack's pointer to the place.

use serde_json::Value;

/// Lines as Slack writes them into `response_metadata.messages`.
#[derive(Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    /// Notes one problem at one place.
    pub fn say(&mut self, path: &str, what: &str) {
        self.0.push(format!("{what} [json-pointer:{path}]"));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_lines(self) -> Vec<String> {
        self.0
    }

    /// A field that must be there.
    pub fn need(&mut self, value: &Value, name: &str, path: &str) {
        if value.get(name).is_none_or(Value::is_null) {
            self.say(path, &format!("missing required field: {name}"));
        }
    }

    /// A text field, if it is there, must be text of at most so many characters.
    pub fn longest(&mut self, value: &Value, name: &str, most: usize, path: &str) {
        match value.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => self.within(text, most, &format!("{path}/{name}")),
            Some(_) => self.say(&format!("{path}/{name}"), "must be a string"),
        }
    }

    /// A text of at most so many characters.
    pub fn within(&mut self, text: &str, most: usize, path: &str) {
        if text.chars().count() > most {
            self.say(path, &format!("must be less than {} characters", most + 1));
        }
    }

    /// A list of at least and at most so many items.
    pub fn between(&mut self, list: &Value, least: usize, most: usize, path: &str) {
        let Some(all) = list.as_array() else {
            self.say(path, "must be an array");
            return;
        };
        if all.len() < least {
            self.say(path, &format!("no less than {least} items allowed"));
        }
        if all.len() > most {
            self.say(path, &format!("no more than {most} items allowed"));
        }
    }

    /// Only these fields.
    pub fn only(&mut self, value: &Value, fields: &[&str], path: &str) {
        for name in value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            if !fields.contains(&name.as_str()) {
                self.say(path, &format!("invalid additional property: {name}"));
            }
        }
    }
}

/// A text field, or empty.
pub(super) fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list field.
pub(super) fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (usize, &'a Value)> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
}
