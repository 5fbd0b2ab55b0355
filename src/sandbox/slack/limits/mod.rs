//! Slack's limits on messages, modals and App Homes, as its reference pages state them.
//!
//! The table is the stand-in's own: it was written from Slack's pages, never from the product's.
//! Sources: <https://docs.slack.dev/reference/block-kit/blocks>,
//! <https://docs.slack.dev/reference/block-kit/block-elements>,
//! <https://docs.slack.dev/reference/block-kit/composition-objects>,
//! <https://docs.slack.dev/reference/views>. The total over all blocks of a message is not on a
//! page: it was measured by users (slackapi/bolt-js issues 2509 and 2867).

mod blocks;
mod elements;
mod kinds;
mod problems;

use super::args::Refused;
use problems::{Problems, text_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MESSAGE_BLOCKS: usize = 50;
const VIEW_BLOCKS: usize = 100;
const BLOCK_ID: usize = 255;
/// Characters of text in all blocks of a message, and what each block adds as a container. Users found
/// 13,297 characters of text alone accepted, 125 fewer as soon as a divider stood between, and 11,341
/// characters in many blocks refused; these two numbers are the simplest rule that agrees with all three.
const MESSAGE_BLOCKS_TEXT: usize = 13_400;
const BLOCK_OVERHEAD: usize = 125;

/// Checks the blocks of a message.
///
/// # Errors
/// `invalid_blocks` with one line for each problem, or `msg_blocks_too_long`.
pub(in crate::sandbox) fn check_message(blocks: &Value) -> Result<(), Refused> {
    let mut problems = Problems::default();
    if !blocks.is_array() {
        return Err(Refused::named("invalid_blocks_format"));
    }
    check_blocks(blocks, MESSAGE_BLOCKS, "", &mut problems);
    if !problems.is_empty() {
        return Err(Refused::with("invalid_blocks", problems.into_lines()));
    }
    let mut text = String::new();
    super::view_model::collect_text(blocks, &mut text);
    let count = blocks.as_array().map_or(0, Vec::len);
    if text.chars().count() + count * BLOCK_OVERHEAD > MESSAGE_BLOCKS_TEXT {
        return Err(Refused::named("msg_blocks_too_long"));
    }
    Ok(())
}

/// Checks a view; `kind` is `modal`, `home`, or nothing where both will do.
///
/// # Errors
/// `invalid_arguments` with one line for each problem.
pub(in crate::sandbox) fn check_view(view: &Value, kind: Option<&str>) -> Result<(), Refused> {
    let mut problems = Problems::default();
    if !view.is_object() {
        return Err(Refused::with(
            "invalid_arguments",
            vec!["must provide a view".to_owned()],
        ));
    }
    let given = text_of(view, "type");
    if !matches!(given, "modal" | "home") || kind.is_some_and(|kind| kind != given) {
        problems.say("/type", "unsupported type for this method");
    }
    if given == "modal" {
        check_modal(view, &mut problems);
    }
    problems.longest(view, "private_metadata", 3000, "");
    problems.longest(view, "callback_id", 255, "");
    problems.longest(view, "external_id", 255, "");
    let blocks = view.get("blocks").unwrap_or(&Value::Null);
    if !blocks.is_array() {
        problems.say("/blocks", "missing required field: blocks");
    }
    check_blocks(blocks, VIEW_BLOCKS, "", &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refused::with("invalid_arguments", problems.into_lines()))
    }
}

/// Source: <https://docs.slack.dev/reference/views/modal-views>
fn check_modal(view: &Value, problems: &mut Problems) {
    const FIELDS: [&str; 12] = [
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
        "submit_disabled",
        "id",
    ];
    problems.only(view, &FIELDS, "");
    problems.need(view, "title", "");
    for name in ["title", "submit", "close"] {
        if let Some(label) = view.get(name).filter(|label| !label.is_null()) {
            elements::check_text(
                label,
                elements::Text::Plain,
                24,
                &format!("/{name}"),
                problems,
            );
        }
    }
    let blocks = view
        .get("blocks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let has_input = blocks
        .into_iter()
        .any(|block| text_of(block, "type") == "input");
    if has_input && view.get("submit").is_none_or(Value::is_null) {
        problems.say(
            "/submit",
            "missing required field: submit (the view has input blocks)",
        );
    }
}

fn check_blocks(list: &Value, most: usize, path: &str, problems: &mut Problems) {
    let Some(all) = list.as_array() else { return };
    if all.len() > most {
        problems.say(
            &format!("{path}/blocks"),
            &format!("no more than {most} items allowed"),
        );
    }
    let mut ids = BTreeSet::new();
    for (index, block) in all.iter().enumerate() {
        let at = format!("{path}/blocks/{index}");
        problems.longest(block, "block_id", BLOCK_ID, &at);
        let id = text_of(block, "block_id");
        if !id.is_empty() && !ids.insert(id.to_owned()) {
            problems.say(
                &format!("{at}/block_id"),
                &format!("block_id \"{id}\" already exists"),
            );
        }
        blocks::check_block(block, &at, problems);
    }
}

/// Gives an id to each block that has none, as Slack does.
pub(in crate::sandbox) fn with_block_ids(
    mut blocks: Value,
    count: &mut dyn FnMut() -> u64,
) -> Value {
    for block in blocks.as_array_mut().into_iter().flatten() {
        if let Some(map) = block.as_object_mut() {
            let missing = map
                .get("block_id")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty);
            if missing {
                map.insert("block_id".to_owned(), json!(format!("b{}", count())));
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Value {
        json!({"type": "section", "text": {"type": "plain_text", "text": text}})
    }

    #[test]
    fn a_section_of_3000_characters_passes_and_one_more_does_not() {
        assert_eq!(check_message(&json!([section(&"x".repeat(3000))])), Ok(()));
        let refused = check_message(&json!([section(&"x".repeat(3001))])).unwrap_err();
        assert_eq!(refused.error, "invalid_blocks");
        assert_eq!(
            refused.messages,
            ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
        );
    }

    #[test]
    fn fifty_blocks_pass_and_one_more_does_not() {
        let blocks = |n| Value::Array(vec![json!({"type": "divider"}); n]);
        assert_eq!(check_message(&blocks(50)), Ok(()));
        assert!(check_message(&blocks(51)).is_err());
    }

    #[test]
    fn many_blocks_leave_less_room_for_text() {
        let blocks = |n, text| Value::Array(vec![section(&"x".repeat(text)); n]);
        assert_eq!(check_message(&blocks(5, 2_500)), Ok(()));
        let refused = check_message(&blocks(40, 250)).unwrap_err();
        assert_eq!(refused.error, "msg_blocks_too_long");
    }

    #[test]
    fn block_ids_are_unique_within_a_message() {
        let block = json!({"type": "divider", "block_id": "same"});
        let refused = check_message(&json!([block, block])).unwrap_err();
        assert!(refused.messages[0].contains("already exists"));
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let block = json!({"type": "actions", "elements": [{"type": "button", "action_id": "a", "valu": "x",
            "text": {"type": "plain_text", "text": "Go"}}]});
        let refused = check_message(&json!([block])).unwrap_err();
        assert_eq!(
            refused.messages,
            ["invalid additional property: valu [json-pointer:/blocks/0/elements/0]"]
        );
    }

    #[test]
    fn a_modal_with_inputs_needs_a_submit() {
        let view = json!({"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [
            {"type": "input", "label": {"type": "plain_text", "text": "L"},
             "element": {"type": "plain_text_input", "action_id": "a"}}]});
        let refused = check_view(&view, Some("modal")).unwrap_err();
        assert_eq!(refused.error, "invalid_arguments");
        assert!(refused.messages[0].contains("submit"));
    }

    #[test]
    fn a_modal_title_has_24_characters() {
        let view = |n| json!({"type": "modal", "title": {"type": "plain_text", "text": "x".repeat(n)}, "blocks": []});
        assert_eq!(check_view(&view(24), Some("modal")), Ok(()));
        assert!(check_view(&view(25), Some("modal")).is_err());
    }
}
