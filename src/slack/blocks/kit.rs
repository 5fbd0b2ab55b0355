//! Small builders for Block Kit: only the kinds of blocks that the cards use, and no mrkdwn anywhere.
//!
//! Text goes in through [`plain`], which is not parsed, or through [`super::rich`]. Sources: Slack, "Block
//! elements", "Text object".

use serde_json::{Value, json};

use super::text;
use crate::domain::time::At;
use crate::slack::verbs::Verb;

/// A `plain_text` object. Emoji codes in it are not drawn: a customer could fake a sign with them.
#[must_use]
pub fn plain(words: &str) -> Value {
    json!({"type": "plain_text", "text": words, "emoji": false})
}

/// A header of at most 150 characters.
#[must_use]
pub fn header(block: &str, words: &str) -> Value {
    json!({"type": "header", "block_id": block, "text": plain(&text::fit(words, 150))})
}

/// A line between rows.
#[must_use]
pub fn divider(block: &str) -> Value {
    json!({"type": "divider", "block_id": block})
}

/// A small grey line.
#[must_use]
pub fn context(block: &str, words: &str) -> Value {
    json!({"type": "context", "block_id": block, "elements": [plain(&text::fit(words, 1_900))]})
}

/// A row of buttons.
#[must_use]
pub fn actions(block: &str, buttons: &[Value]) -> Value {
    json!({"type": "actions", "block_id": block, "elements": buttons})
}

/// How a button looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// Like any other.
    Quiet,
    /// The one that does it.
    Primary,
    /// The one that stops it.
    Danger,
}

/// A button. Its value is the verb alone until the view is known (see `blocks::seal`).
#[must_use]
pub fn button(verb: Verb, row: u32, label: &str, look: Look) -> Value {
    let mut button = json!({
        "type": "button",
        "action_id": format!("cs.{verb}.{row}"),
        "text": plain(label),
        "value": verb.word(),
    });
    let style = match look {
        Look::Quiet => return button,
        Look::Primary => "primary",
        Look::Danger => "danger",
    };
    button["style"] = json!(style);
    button
}

/// What an input asks.
#[derive(Clone, Copy)]
pub struct Asks<'a> {
    /// Its block id, by which the answer is found.
    pub block: &'a str,
    /// What stands above it.
    pub label: &'a str,
    /// Whether it may stay empty.
    pub optional: bool,
}

/// A text field.
#[must_use]
pub fn text_input(asks: Asks<'_>, initial: &str, multiline: bool) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": format!("cs.{}", asks.block),
        "multiline": multiline,
        "max_length": super::limits::INPUT,
    });
    if !initial.is_empty() {
        element["initial_value"] = json!(initial);
    }
    input(asks, element)
}

/// A choice of one, as words of a closed set with what people call them.
#[must_use]
pub fn choice(asks: Asks<'_>, options: &[(&str, String)], initial: Option<&str>) -> Value {
    let option = |(word, label): &(&str, String)| json!({"text": plain(label), "value": word});
    let mut element = json!({
        "type": "radio_buttons",
        "action_id": format!("cs.{}", asks.block),
        "options": options.iter().map(option).collect::<Vec<_>>(),
    });
    if let Some(chosen) = options.iter().find(|(word, _)| Some(*word) == initial) {
        element["initial_option"] = option(chosen);
    }
    input(asks, element)
}

fn input(asks: Asks<'_>, element: Value) -> Value {
    json!({
        "type": "input",
        "block_id": asks.block,
        "label": plain(asks.label),
        "optional": asks.optional,
        "element": element,
    })
}

/// A moment in UTC, for places where Slack draws no dates.
#[must_use]
pub fn clock(at: At) -> String {
    let full = at.rfc3339();
    match (full.get(..10), full.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => full,
    }
}

/// The host of a plain web address; `None` for anything that could be something else.
#[must_use]
pub fn host(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let safe = url.len() <= 3_000
        && url
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'|' | b'"' | b'\\'))
        && !host.is_empty()
        && !host.contains('@');
    safe.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_become_links() {
        assert_eq!(
            host("https://desk.example/tickets/7?x=1"),
            Some("desk.example")
        );
        for bad in [
            "javascript:alert(1)",
            "https://user@evil.example",
            "https://",
            "http://a b",
            "ftp://x",
        ] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }
}
