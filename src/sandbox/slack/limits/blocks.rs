//! The limits of each kind of block.

use super::elements::{self, Text};
use super::kinds::Place;
use super::problems::{Problems, items, text_of};
use serde_json::Value;
use std::collections::BTreeSet;

/// Fields that a block of each kind may have, besides `type` and `block_id`.
fn fields(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "section" => &["text", "fields", "accessory", "expand"],
        "header" => &["text", "level"],
        "divider" => &[],
        "context" | "actions" | "rich_text" => &["elements"],
        "input" => &["label", "element", "hint", "optional", "dispatch_action"],
        "image" => &["image_url", "slack_file", "alt_text", "title"],
        "markdown" => &["text"],
        _ => return None,
    })
}

/// Checks one block.
pub(super) fn check_block(block: &Value, at: &str, problems: &mut Problems) {
    let kind = text_of(block, "type");
    let Some(allowed) = fields(kind) else {
        problems.say(at, &format!("unsupported type: {kind}"));
        return;
    };
    let mut all = vec!["type", "block_id"];
    all.extend(allowed);
    problems.only(block, &all, at);
    match kind {
        "section" => section(block, at, problems),
        "header" => text_field(block, "text", (Text::Plain, 150), at, problems),
        "context" => context(block, at, problems),
        "actions" => actions(block, at, problems),
        "input" => input(block, at, problems),
        "image" => {
            elements::check_image(block, at, problems);
            optional_text(block, "title", (Text::Plain, 2000), at, problems);
        }
        "rich_text" => rich_text(block, at, problems),
        "markdown" => {
            problems.need(block, "text", at);
            problems.longest(block, "text", 12_000, at);
        }
        _ => {}
    }
}

fn text_field(block: &Value, name: &str, limit: (Text, usize), at: &str, problems: &mut Problems) {
    problems.need(block, name, at);
    optional_text(block, name, limit, at, problems);
}

fn optional_text(
    block: &Value,
    name: &str,
    limit: (Text, usize),
    at: &str,
    problems: &mut Problems,
) {
    if let Some(text) = block.get(name).filter(|text| !text.is_null()) {
        elements::check_text(text, limit.0, limit.1, &format!("{at}/{name}"), problems);
    }
}

fn section(block: &Value, at: &str, problems: &mut Problems) {
    if block.get("text").is_none() && block.get("fields").is_none() {
        problems.say(at, "missing required field: text or fields");
    }
    optional_text(block, "text", (Text::Any, 3000), at, problems);
    if let Some(list) = block.get("fields") {
        problems.between(list, 1, 10, &format!("{at}/fields"));
    }
    for (index, field) in items(block, "fields") {
        elements::check_text(
            field,
            Text::Any,
            2000,
            &format!("{at}/fields/{index}"),
            problems,
        );
    }
    if let Some(accessory) = block.get("accessory") {
        elements::check(
            accessory,
            Place::Section,
            &format!("{at}/accessory"),
            problems,
        );
    }
}

fn context(block: &Value, at: &str, problems: &mut Problems) {
    let list = block.get("elements").unwrap_or(&Value::Null);
    problems.between(list, 1, 10, &format!("{at}/elements"));
    for (index, element) in items(block, "elements") {
        let here = format!("{at}/elements/{index}");
        match text_of(element, "type") {
            "image" => elements::check_image(element, &here, problems),
            _ => elements::check_text(element, Text::Any, 2000, &here, problems),
        }
    }
}

fn actions(block: &Value, at: &str, problems: &mut Problems) {
    let list = block.get("elements").unwrap_or(&Value::Null);
    problems.between(list, 1, 25, &format!("{at}/elements"));
    let mut ids = BTreeSet::new();
    for (index, element) in items(block, "elements") {
        let here = format!("{at}/elements/{index}");
        elements::check(element, Place::Actions, &here, problems);
        let id = text_of(element, "action_id");
        if !id.is_empty() && !ids.insert(id) {
            problems.say(&here, &format!("action_id \"{id}\" already exists"));
        }
    }
}

fn input(block: &Value, at: &str, problems: &mut Problems) {
    text_field(block, "label", (Text::Plain, 2000), at, problems);
    optional_text(block, "hint", (Text::Plain, 2000), at, problems);
    problems.need(block, "element", at);
    if let Some(element) = block.get("element") {
        elements::check(element, Place::Input, &format!("{at}/element"), problems);
    }
}

/// Source: <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>
fn rich_text(block: &Value, at: &str, problems: &mut Problems) {
    let list = block.get("elements").unwrap_or(&Value::Null);
    problems.between(list, 1, usize::MAX, &format!("{at}/elements"));
    for (index, part) in items(block, "elements") {
        let here = format!("{at}/elements/{index}");
        match text_of(part, "type") {
            "rich_text_list" => {
                if !matches!(text_of(part, "style"), "bullet" | "ordered") {
                    problems.say(&format!("{here}/style"), "must be one of: bullet, ordered");
                }
                for (row, section) in items(part, "elements") {
                    rich_section(section, &format!("{here}/elements/{row}"), problems);
                }
            }
            "rich_text_section" | "rich_text_preformatted" | "rich_text_quote" => {
                rich_section(part, &here, problems);
            }
            other => problems.say(&here, &format!("unsupported type: {other}")),
        }
    }
}

fn rich_section(section: &Value, at: &str, problems: &mut Problems) {
    if !section.get("elements").is_some_and(Value::is_array) {
        problems.say(at, "missing required field: elements");
    }
    for (index, run) in items(section, "elements") {
        let here = format!("{at}/elements/{index}");
        let needed = match text_of(run, "type") {
            "text" => "text",
            "link" => "url",
            "emoji" => "name",
            "user" => "user_id",
            "usergroup" => "usergroup_id",
            "channel" => "channel_id",
            "broadcast" => "range",
            "date" => "timestamp",
            "color" => "value",
            other => {
                problems.say(&here, &format!("unsupported type: {other}"));
                continue;
            }
        };
        problems.need(run, needed, &here);
        if needed == "text" && text_of(run, "text").is_empty() {
            problems.say(&format!("{here}/text"), "must be more than 0 characters");
        }
    }
}
