//! The limits of interactive elements and of the objects they are made of.

use super::kinds::{self, Place};
use super::problems::{Problems, items, text_of};
use serde_json::Value;

/// Which kinds of text object a place takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// `plain_text` only.
    Plain,
    /// `plain_text` or `mrkdwn`.
    Any,
}

/// Source: <https://docs.slack.dev/reference/block-kit/composition-objects/text-object>
pub(super) fn check_text(text: &Value, kind: Text, most: usize, at: &str, problems: &mut Problems) {
    let given = text_of(text, "type");
    let odd = match given {
        "plain_text" => "verbatim",
        "mrkdwn" if kind == Text::Any => "emoji",
        _ => {
            problems.say(&format!("{at}/type"), &format!("unsupported type: {given}"));
            return;
        }
    };
    if text.get(odd).is_some_and(|value| !value.is_null()) {
        problems.say(at, &format!("invalid additional property: {odd}"));
    }
    problems.only(text, &["type", "text", "emoji", "verbatim"], at);
    let content = text_of(text, "text");
    if content.is_empty() {
        problems.say(&format!("{at}/text"), "must be more than 0 characters");
    }
    problems.within(content, most, &format!("{at}/text"));
}

/// Source: <https://docs.slack.dev/reference/block-kit/block-elements/image-element>
pub(super) fn check_image(image: &Value, at: &str, problems: &mut Problems) {
    problems.need(image, "alt_text", at);
    problems.longest(image, "alt_text", 2000, at);
    problems.longest(image, "image_url", 3000, at);
    if image.get("image_url").is_none() && image.get("slack_file").is_none() {
        problems.say(at, "missing required field: image_url");
    }
}

/// Checks one element in its place.
pub(super) fn check(element: &Value, place: Place, at: &str, problems: &mut Problems) {
    let name = text_of(element, "type");
    if name == "image" && place == Place::Section {
        check_image(element, at, problems);
        return;
    }
    let Some(allowed) = kinds::fields(name, place) else {
        problems.say(at, &format!("unsupported type: {name}"));
        return;
    };
    let mut fields = vec!["type", "action_id"];
    fields.extend(allowed);
    problems.only(element, &fields, at);
    problems.longest(element, "action_id", 255, at);
    if let Some(confirm) = element.get("confirm") {
        check_confirm(confirm, &format!("{at}/confirm"), problems);
    }
    if let Some(placeholder) = element.get("placeholder") {
        check_text(
            placeholder,
            Text::Plain,
            150,
            &format!("{at}/placeholder"),
            problems,
        );
    }
    match name {
        "button" => button(element, at, problems),
        "plain_text_input" => text_input(element, at, problems),
        "number_input" => problems.need(element, "is_decimal_allowed", at),
        "overflow" => options(element, (1, 5), at, problems),
        "radio_buttons" | "checkboxes" => options(element, (1, 10), at, problems),
        "static_select" | "multi_static_select" => select(element, at, problems),
        _ => {}
    }
}

/// Source: <https://docs.slack.dev/reference/block-kit/block-elements/button-element>
fn button(element: &Value, at: &str, problems: &mut Problems) {
    problems.need(element, "text", at);
    if let Some(text) = element.get("text") {
        check_text(text, Text::Plain, 75, &format!("{at}/text"), problems);
    }
    problems.longest(element, "url", 3000, at);
    problems.longest(element, "value", 2000, at);
    problems.longest(element, "accessibility_label", 75, at);
    let style = element.get("style").filter(|style| !style.is_null());
    if style.is_some_and(|style| !matches!(style.as_str(), Some("primary" | "danger"))) {
        problems.say(&format!("{at}/style"), "must be one of: primary, danger");
    }
}

/// Source: <https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element>
fn text_input(element: &Value, at: &str, problems: &mut Problems) {
    problems.longest(element, "initial_value", 3000, at);
    let number = |name: &str| element.get(name).and_then(Value::as_u64);
    for (name, least) in [("min_length", 0), ("max_length", 1)] {
        if number(name).is_some_and(|number| number > 3000 || number < least) {
            problems.say(&format!("{at}/{name}"), "must be between 0 and 3000");
        }
    }
    let initial = text_of(element, "initial_value").chars().count() as u64;
    if number("max_length").is_some_and(|most| initial > most) {
        problems.say(&format!("{at}/initial_value"), "is longer than max_length");
    }
}

fn select(element: &Value, at: &str, problems: &mut Problems) {
    match (element.get("options"), element.get("option_groups")) {
        (Some(_), None) => options(element, (1, 100), at, problems),
        (None, Some(groups)) => {
            problems.between(groups, 1, 100, &format!("{at}/option_groups"));
            for (index, group) in items(element, "option_groups") {
                let here = format!("{at}/option_groups/{index}");
                if let Some(label) = group.get("label") {
                    check_text(label, Text::Plain, 75, &format!("{here}/label"), problems);
                }
                options(group, (1, 100), &here, problems);
            }
        }
        _ => problems.say(at, "must have either options or option_groups"),
    }
}

/// Source: <https://docs.slack.dev/reference/block-kit/composition-objects/option-object>
fn options(element: &Value, count: (usize, usize), at: &str, problems: &mut Problems) {
    let list = element.get("options").unwrap_or(&Value::Null);
    problems.between(list, count.0, count.1, &format!("{at}/options"));
    for (index, option) in items(element, "options") {
        let here = format!("{at}/options/{index}");
        problems.only(option, &["text", "value", "description", "url"], &here);
        match option.get("text") {
            Some(text) => check_text(text, Text::Any, 75, &format!("{here}/text"), problems),
            None => problems.say(&here, "missing required field: text"),
        }
        problems.need(option, "value", &here);
        problems.longest(option, "value", 150, &here);
        problems.longest(option, "url", 3000, &here);
        if let Some(more) = option.get("description") {
            check_text(
                more,
                Text::Any,
                75,
                &format!("{here}/description"),
                problems,
            );
        }
    }
    let all: Vec<&Value> = items(element, "options")
        .map(|(_, option)| option)
        .collect();
    let single = element.get("initial_option").into_iter();
    let many = items(element, "initial_options").map(|(_, option)| option);
    for initial in single.chain(many) {
        let same = |option: &&Value| text_of(option, "value") == text_of(initial, "value");
        if !all.iter().any(same) {
            problems.say(
                &format!("{at}/initial_option"),
                "must be one of the options",
            );
        }
    }
}

/// Source: <https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object>
fn check_confirm(confirm: &Value, at: &str, problems: &mut Problems) {
    problems.only(confirm, &["title", "text", "confirm", "deny", "style"], at);
    for (name, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
        match confirm.get(name) {
            Some(text) => check_text(
                text,
                if name == "text" {
                    Text::Any
                } else {
                    Text::Plain
                },
                most,
                &format!("{at}/{name}"),
                problems,
            ),
            None => problems.say(at, &format!("missing required field: {name}")),
        }
    }
}
