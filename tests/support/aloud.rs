//! Blocks as somebody would read them aloud: people, times and buttons where they stand, one line each.

use serde_json::Value;

/// The lines of a message, a modal or an answer.
pub fn aloud(blocks: &Value) -> String {
    let mut lines = vec![];
    for block in blocks.as_array().into_iter().flatten() {
        read(block, &mut lines);
    }
    lines.join("\n")
}

fn read(block: &Value, lines: &mut Vec<String>) {
    let elements = || block["elements"].as_array().into_iter().flatten();
    match block["type"].as_str().unwrap_or_default() {
        "divider" => lines.push("---".to_owned()),
        "rich_text_list" => {
            lines.extend(elements().map(|row| format!("• {}", in_one(row).trim_end())));
        }
        "rich_text_quote" => {
            let words = in_one(block);
            lines.extend(words.lines().map(|line| format!("> {line}")));
        }
        "rich_text" => elements().for_each(|part| read(part, lines)),
        "actions" => {
            let labels: Vec<String> = elements().map(|one| format!("[{}]", label(one))).collect();
            lines.push(labels.join(" "));
        }
        "input" => lines.push(format!("{}:", label(&block["label"]))),
        "rich_text_section" | "rich_text_preformatted" | "context" => {
            lines.extend(in_one(block).lines().map(str::to_owned));
        }
        _ => lines.push(label(block)),
    }
}

/// Elements that stand in one line.
fn in_one(block: &Value) -> String {
    let elements = block["elements"].as_array().into_iter().flatten();
    let said = elements.map(|element| match element["type"].as_str() {
        Some("user") => format!("<@{}>", element["user_id"].as_str().unwrap_or_default()),
        Some("date") => element["fallback"].as_str().unwrap_or_default().to_owned(),
        _ => label(element),
    });
    said.collect()
}

/// A text, or the text of an object that has one.
fn label(one: &Value) -> String {
    let text = &one["text"];
    let words = text.as_str().or_else(|| text["text"].as_str());
    words.unwrap_or_default().to_owned()
}
