//! Cards and modals: whatever a stranger wrote into them, Slack takes them, and none of it is active.
//!
//! An input is the text that stands wherever a customer's, a model's or a colleague's text can.

use countersign::domain::card::Body;
use countersign::slack::blocks::limits::view_problems;
use countersign::slack::modals::{details, of_escalation, of_request};
use countersign::slack::verbs::{Token, Verb};

use super::{samples, strangers};

/// Draws every card and every modal with one text in it.
pub fn take(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    strangers::every_card(&text).iter().for_each(|card| {
        strangers::holds(card);
        if let Body::Escalation(face) = &card.body {
            fits(&of_escalation(face, &token(Verb::Resolve)));
        }
    });
    let face = samples::named(9, &text);
    for verb in [Verb::Reject, Verb::ApproveWhy] {
        fits(&of_request(&face, &token(verb)));
    }
    let Some(details) = details::of(&face) else {
        return;
    };
    for page in 0..details.count() {
        fits(&details.page(page, &token(Verb::Details)));
    }
}

fn fits(view: &serde_json::Value) {
    assert_eq!(view_problems(view), Vec::<String>::new());
}

fn token(verb: Verb) -> Token {
    let text = format!("{verb}.v{}.{}", "a1".repeat(12), "0f".repeat(16));
    Token::parse(&text).expect("a token that we would write")
}
