//! What must hold of every card, whatever a stranger wrote into it: Slack takes it, and none of it is active.

use countersign::domain::approval::{RequestState, Verb};
use countersign::domain::card::{ActFace, Body, Card, Composed};
use countersign::slack::blocks::{compose, limits};
use serde_json::Value;

use super::samples::{batch, card, decision, escalation, named, refund};

/// Cards of each kind with a text wherever somebody else's text can stand.
pub fn every_card(text: &str) -> Vec<Card> {
    let mut decided = refund(2, text);
    decided.state = RequestState::Approved;
    decided.decisions = vec![decision(Verb::Approve, text), decision(Verb::Edit, text)];
    decided.act = ActFace::Failed { why: text.into() };
    decided.draft.changes = vec![("Reason".into(), text.into(), text.into())];
    let mut short = refund(1, "");
    short.draft.effect = text.into();
    let mut many: Vec<_> = (3..=8).map(|n| refund(n, text)).collect();
    many.extend([decided.clone(), short]);
    vec![
        batch(many),
        card(Body::Approver(Box::new(named(9, text)))),
        card(Body::Approver(Box::new(decided.clone()))),
        card(Body::Status(Box::new(decided))),
        card(Body::Escalation(Box::new(escalation(10, text)))),
    ]
}

/// Composes a card and holds it to all that is promised of cards.
pub fn holds(card: &Card) {
    let composed = compose(card);
    let all: Vec<Value> = serde_json::from_str(&composed.blocks).unwrap();
    assert_eq!(limits::message_problems(&all), Vec::<String>::new());
    let mut found = vec![];
    active(&Value::Array(all), &mut found);
    let ours = |one: &String| {
        one.contains("U0BILL0001")
            || one.contains("U0FIN00001")
            || one.contains("https://desk.example/")
            || one.contains("https://dashboard.stripe.com/")
    };
    assert!(found.iter().all(ours), "{found:?}");
    assert!(!composed.views.is_empty(), "a card was reduced");
    readable(&composed);
}

fn readable(composed: &Composed) {
    for hidden in ['\u{202E}', '\u{200B}', '\u{E0041}', '\u{2066}'] {
        assert!(!composed.blocks.contains(hidden));
    }
    let text = &composed.text;
    assert!(
        text.len() < 200 && text.is_ascii() || text.contains('·'),
        "{text}"
    );
}

/// Everything in blocks that Slack would treat as more than plain text.
fn active(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| active(one, found)),
        Value::Object(map) => {
            match map.get("type").and_then(Value::as_str) {
                Some("user") => found.push(map["user_id"].to_string()),
                Some("link") => found.push(map["url"].to_string()),
                Some("mrkdwn" | "broadcast" | "usergroup" | "channel" | "emoji" | "markdown") => {
                    found.push(value.to_string());
                }
                Some("plain_text") => assert_eq!(map["emoji"], false),
                _ => {}
            }
            map.values().for_each(|inner| active(inner, found));
        }
        _ => {}
    }
}
