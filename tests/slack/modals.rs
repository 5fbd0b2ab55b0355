//! Modals over texts of any length: Slack takes them, nothing is left out, and Approve stands at the very end.

use std::collections::BTreeMap;

use countersign::domain::card::Texts;
use countersign::domain::content::{Content, ContentKind};
use countersign::domain::draft::Action;
use countersign::ports::Entropy;
use countersign::slack::blocks::limits::view_problems;
use countersign::slack::modals::{details, edit, of_escalation, of_request};
use countersign::slack::verbs::{Token, Verb};
use proptest::prelude::*;
use serde_json::Value;

use crate::hostile::{hostile, quotes};
use crate::samples::{escalation, named, refund};

struct Fixed;

impl Entropy for Fixed {
    fn salt(&self) -> [u8; 32] {
        [7; 32]
    }
}

fn token(verb: Verb) -> Token {
    let text = format!("{verb}.v{}.{}", "a1".repeat(12), "0f".repeat(16));
    Token::parse(&text).unwrap()
}

fn reply(words: &str) -> (Action, Texts) {
    let content = Content::seal(ContentKind::DraftText, [1; 32], words);
    let action = Action::NotifyCustomer {
        text: content.sealed,
    };
    (action, Texts::from([(content.sealed, content.text)]))
}

fn reduced(view: &Value) -> bool {
    view["title"]["text"] == "Too large for Slack"
}

/// The fields of a modal as Slack would send them back untouched.
fn untouched(view: &Value) -> BTreeMap<String, String> {
    let blocks = view["blocks"].as_array().unwrap();
    let fields = blocks.iter().filter(|block| block["type"] == "input");
    fields
        .filter_map(|block| {
            let value = block["element"]["initial_value"].as_str()?;
            Some((block["block_id"].as_str()?.to_owned(), value.to_owned()))
        })
        .collect()
}

#[test]
fn a_long_draft_is_read_over_pages_to_its_end_and_approved_there_alone() {
    let text = "A sentence that says a little. ".repeat(900);
    let face = refund(1, &text);
    let details = details::of(&face).unwrap();
    assert!(details.count() > 3);
    let mut read = String::new();
    for page in 0..details.count() {
        let view = details.page(page, &token(Verb::Details));
        assert!(view_problems(&view).is_empty() && !reduced(&view));
        quotes(&view["blocks"], &mut read);
        let last = page + 1 == details.count();
        assert_eq!(view["submit"].is_object(), last, "page {page}");
        let carried = Token::parse(view["private_metadata"].as_str().unwrap()).unwrap();
        let expected = if last { Verb::Approve } else { Verb::Details };
        assert_eq!(carried.verb, expected);
        assert_eq!(carried.view == details.view.view, last);
    }
    assert!(
        read.contains(&format!("charged twice. {text}")),
        "the draft is whole"
    );
}

#[test]
fn the_high_tier_gives_its_reason_on_the_last_page_too() {
    let details = details::of(&named(1, "")).unwrap();
    let view = details.page(99, &token(Verb::Details));
    let why = view["blocks"].as_array().unwrap();
    let why = why.iter().find(|block| block["block_id"] == "why").unwrap();
    assert_eq!(why["optional"], false);
}

#[test]
fn a_long_text_is_edited_over_several_fields_and_comes_back_whole() {
    let text = "Zeile für Zeile, é und 日本. ".repeat(400);
    let (action, texts) = reply(&text);
    let mut face = refund(1, "");
    face.draft.texts = vec![("Reply to the customer".into(), text.clone())];
    let view = edit::view(&face, &action, &texts, &token(Verb::Edit));
    assert!(view_problems(&view).is_empty() && !reduced(&view));
    let mut values = untouched(&view);
    assert!(values.len() > 3);
    values.insert("why".into(), "Shorter".into());
    let read = |values: &BTreeMap<String, String>| {
        edit::Filled {
            action: &action,
            texts: &texts,
            values,
            entropy: &Fixed,
        }
        .read()
    };
    assert!(read(&values).unwrap_err()["why"].contains("Nothing was changed"));
    values.insert("text.0.1".into(), "Another middle.".into());
    let (edited, contents) = read(&values).unwrap();
    assert_ne!(edited, action);
    assert!(contents[0].text.contains("Another middle.") && contents[0].holds());
    values.retain(|block, _| !block.starts_with("text."));
    assert!(
        read(&values).unwrap_err().contains_key("text.0.0"),
        "an emptied text is no reply"
    );
    values.remove("why");
    values.insert("text.0.0".into(), "Short.".into());
    assert!(read(&values).unwrap_err().contains_key("why"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slack_takes_every_modal(text in hostile()) {
        let face = refund(1, &text);
        let (action, texts) = reply(&text);
        let details = details::of(&face).unwrap();
        let mut views: Vec<Value> = (0..details.count())
            .map(|page| details.page(page, &token(Verb::Details)))
            .collect();
        views.push(edit::view(&face, &action, &texts, &token(Verb::Edit)));
        for verb in [Verb::Reject, Verb::ApproveWhy] {
            views.push(of_request(&face, &token(verb)));
        }
        for verb in [Verb::Resolve, Verb::DifferentAmount, Verb::NotRefunding] {
            views.push(of_escalation(&escalation(1, &text), &token(verb)));
        }
        for view in views {
            prop_assert_eq!(view_problems(&view), Vec::<String>::new());
            prop_assert!(!reduced(&view), "{}", view);
        }
    }
}
