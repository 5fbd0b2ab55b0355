//! Slack's limits on blocks and views, checked in this one place before anything is sent.
//!
//! Sources: Slack, "Blocks", "Block elements", "Composition objects", "Modals"; the total over all blocks of
//! a message is not on a page. Users measured it (slackapi/bolt-js issues 2509 and 2867): 13,297 characters of
//! text were taken in one block and fewer in several, so we stay below that and let each block weigh 125.

use serde_json::Value;

use super::text::length;

/// Blocks in a message.
pub const MESSAGE_BLOCKS: usize = 50;
/// Blocks in a modal.
pub const VIEW_BLOCKS: usize = 100;
/// Characters of text in all blocks of a message, with what each block adds.
pub const MESSAGE_TEXT: usize = 13_200;
/// What each block adds to the total.
pub const BLOCK_WEIGHT: usize = 125;
/// Characters in one text object, and what we hold one rich text run to.
pub const TEXT: usize = 3_000;
/// Characters in an input, and in its initial value.
pub const INPUT: usize = 3_000;
/// Characters in the title of a modal and on its two buttons.
pub const MODAL_LABEL: usize = 24;

/// What is wrong with the blocks of a message; empty when Slack will take them.
#[must_use]
pub fn message_problems(blocks: &[Value]) -> Vec<String> {
    let mut found = blocks_problems(blocks, MESSAGE_BLOCKS);
    let weight = weight(blocks);
    if weight > MESSAGE_TEXT {
        found.push(format!(
            "{weight} characters in all, {MESSAGE_TEXT} are allowed"
        ));
    }
    found
}

/// What is wrong with a modal; empty when Slack will take it.
#[must_use]
pub fn view_problems(view: &Value) -> Vec<String> {
    let blocks = view["blocks"].as_array().map_or(&[][..], Vec::as_slice);
    let mut found = blocks_problems(blocks, VIEW_BLOCKS);
    for label in ["title", "submit", "close"] {
        within(
            &view[label]["text"],
            MODAL_LABEL,
            &format!("view/{label}"),
            &mut found,
        );
    }
    within(
        &view["private_metadata"],
        3_000,
        "view/private_metadata",
        &mut found,
    );
    within(&view["callback_id"], 255, "view/callback_id", &mut found);
    let asks = blocks.iter().any(|block| block["type"] == "input");
    if asks && !view["submit"].is_object() {
        found.push("a modal with inputs needs a submit button".into());
    }
    found
}

/// How much of the total of a message these blocks use.
#[must_use]
pub fn weight(blocks: &[Value]) -> usize {
    blocks
        .iter()
        .map(|block| BLOCK_WEIGHT + text_in(block))
        .sum()
}

fn text_in(value: &Value) -> usize {
    match value {
        Value::Array(all) => all.iter().map(text_in).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(name, inner)| match inner {
                Value::String(words) if name == "text" || name == "initial_value" => {
                    1 + length(words)
                }
                other => text_in(other),
            })
            .sum(),
        _ => 0,
    }
}

fn blocks_problems(blocks: &[Value], most: usize) -> Vec<String> {
    let mut found = vec![];
    if blocks.len() > most {
        found.push(format!("{} blocks, {most} are allowed", blocks.len()));
    }
    let mut seen = std::collections::BTreeSet::new();
    for block in blocks {
        let at = block["block_id"].as_str().unwrap_or("(no block id)");
        if !seen.insert(at) {
            found.push(format!("{at}: the block id stands twice"));
        }
        within(&block["block_id"], 255, at, &mut found);
        block_problems(block, at, &mut found);
    }
    found
}

fn block_problems(block: &Value, at: &str, found: &mut Vec<String>) {
    let count = |list: &Value| list.as_array().map_or(0, Vec::len);
    match block["type"].as_str().unwrap_or_default() {
        "header" => within(&block["text"]["text"], 150, at, found),
        "divider" => {}
        "section" => within(&block["text"]["text"], TEXT, at, found),
        "context" => {
            between(count(&block["elements"]), 10, at, found);
            for element in block["elements"].as_array().into_iter().flatten() {
                within(&element["text"], 2_000, at, found);
            }
        }
        "actions" => {
            between(count(&block["elements"]), 25, at, found);
            for element in block["elements"].as_array().into_iter().flatten() {
                element_problems(element, at, found);
            }
        }
        "input" => {
            within(&block["label"]["text"], 2_000, at, found);
            within(&block["hint"]["text"], 2_000, at, found);
            element_problems(&block["element"], at, found);
        }
        "rich_text" => {
            between(count(&block["elements"]), usize::MAX, at, found);
            rich_problems(&block["elements"], at, found);
        }
        other => found.push(format!("{at}: `{other}` is not a block that we send")),
    }
}

fn rich_problems(value: &Value, at: &str, found: &mut Vec<String>) {
    for part in value.as_array().into_iter().flatten() {
        if let Some(inner) = part.get("elements") {
            between(inner.as_array().map_or(0, Vec::len), usize::MAX, at, found);
            rich_problems(inner, at, found);
        } else if part["type"] == "text" || part["type"] == "link" {
            within(&part["text"], TEXT, at, found);
            within(&part["url"], 3_000, at, found);
        }
    }
}

fn element_problems(element: &Value, at: &str, found: &mut Vec<String>) {
    within(&element["action_id"], 255, at, found);
    within(&element["text"]["text"], 75, at, found);
    within(&element["value"], 2_000, at, found);
    within(&element["placeholder"]["text"], 150, at, found);
    if let Some(initial) = element.get("initial_value").and_then(Value::as_str)
        && length(initial) > INPUT
    {
        found.push(format!(
            "{at}: the initial value is over {INPUT} characters"
        ));
    }
    if let Some(options) = element.get("options").and_then(Value::as_array) {
        between(options.len(), 100, at, found);
        for option in options {
            within(&option["text"]["text"], 75, at, found);
            within(&option["value"], 150, at, found);
        }
    }
}

/// A text that is there has between 1 and `most` characters.
fn within(value: &Value, most: usize, at: &str, found: &mut Vec<String>) {
    if let Value::String(words) = value
        && !(1..=most).contains(&length(words))
    {
        found.push(format!(
            "{at}: a text of {} characters, 1 to {most} are allowed",
            length(words)
        ));
    }
}

fn between(count: usize, most: usize, at: &str, found: &mut Vec<String>) {
    if !(1..=most).contains(&count) {
        found.push(format!("{at}: {count} elements, 1 to {most} are allowed"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slack::blocks::kit;

    #[test]
    fn each_limit_is_met_at_its_edge_and_broken_one_further() {
        let header = |n: usize| {
            vec![
                serde_json::json!({"type": "header", "block_id": "h", "text": kit::plain(&"x".repeat(n))}),
            ]
        };
        assert!(message_problems(&header(150)).is_empty());
        assert_eq!(message_problems(&header(151)).len(), 1);
        let rows = |n: usize| {
            (0..n)
                .map(|i| kit::divider(&i.to_string()))
                .collect::<Vec<_>>()
        };
        assert!(message_problems(&rows(50)).is_empty());
        assert_eq!(message_problems(&rows(51)).len(), 1);
    }

    #[test]
    fn the_total_of_a_message_counts_text_and_blocks() {
        let quote = |i: usize| {
            crate::slack::blocks::rich::Rich::begin()
                .quote(&"x".repeat(2_600))
                .done(&i.to_string())
        };
        let blocks: Vec<_> = (0..4).map(quote).collect();
        assert_eq!(weight(&blocks), 4 * (2_600 + 1 + BLOCK_WEIGHT));
        assert!(message_problems(&blocks).is_empty());
        let more: Vec<_> = (0..5).map(quote).collect();
        assert!(!message_problems(&more).is_empty());
    }

    #[test]
    fn a_block_id_may_not_stand_twice() {
        let twice = vec![kit::divider("a"), kit::divider("a")];
        assert_eq!(message_problems(&twice).len(), 1);
    }
}
