//! Whatever a stranger writes: no card breaks a limit, and no text becomes a mention, a link or markup.

use countersign::domain::approval::{RequestState, Verb};
use countersign::domain::card::{ActFace, Body, Card};
use countersign::slack::blocks::{compose, limits};
use proptest::prelude::*;
use serde_json::Value;

use crate::cards::{blocks, buttons};
use crate::samples::{batch, card, decision, escalation, named, refund};

pub fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!channel> <!here> <@U0LEAD0001> <#C0BILLING1>".to_owned()),
        Just("<https://evil.example|Approved by Support Lead> https://evil.example".to_owned()),
        Just("*Approved* _by_ `@lead` ~x~ &lt;!channel&gt; :white_check_mark:".to_owned()),
        Just("\u{202E}\u{200B}\u{E0041}\u{2066}".to_owned()),
        Just("\n\n\n[Approve] Approved by Support Lead\n".to_owned()),
        Just("👩\u{200D}👩\u{200D}👧\u{200D}👦".repeat(40)),
        Just(format!("e{}", "\u{301}".repeat(400))),
        "\\PC{0,200}",
        any::<String>(),
        "[a-z ]{0,4000}",
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn every_card(text: &str) -> Vec<Card> {
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

/// What stands behind the bar of a quote, run after run.
pub fn quotes(value: &Value, out: &mut String) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| quotes(one, out)),
        Value::Object(map)
            if map
                .get("type")
                .is_some_and(|kind| kind == "rich_text_quote") =>
        {
            let runs = map["elements"].as_array().into_iter().flatten();
            out.extend(runs.filter_map(|run| run["text"].as_str()));
        }
        Value::Object(map) => map.values().for_each(|inner| quotes(inner, out)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slack_takes_every_card_and_nothing_in_it_is_active(text in hostile()) {
        for card in every_card(&text) {
            let composed = compose(&card);
            let all = blocks(&composed);
            prop_assert_eq!(limits::message_problems(&all), Vec::<String>::new());
            let mut found = vec![];
            active(&Value::Array(all.clone()), &mut found);
            let ours = |one: &String| {
                one.contains("U0BILL0001") || one.contains("U0FIN00001")
                    || one.contains("https://desk.example/") || one.contains("https://dashboard.stripe.com/")
            };
            prop_assert!(found.iter().all(ours), "{:?}", found);
            prop_assert!(!composed.views.is_empty(), "a card was reduced");
            for hidden in ['\u{202E}', '\u{200B}', '\u{E0041}', '\u{2066}'] {
                prop_assert!(!composed.blocks.contains(hidden));
            }
            prop_assert!(composed.text.len() < 200 && composed.text.is_ascii() || composed.text.contains('·'));
        }
    }

    #[test]
    fn what_was_cut_cannot_be_approved_from_the_card(text in "[a-z ]{600,6000}") {
        let composed = compose(&batch(vec![refund(1, &text)]));
        prop_assert!(buttons(&composed).iter().all(|(id, _)| !id.starts_with("cs.approve")));
        let composed = compose(&card(Body::Approver(Box::new(named(1, &text)))));
        let approves = buttons(&composed).iter().any(|(id, _)| id.starts_with("cs.approve"));
        let mut quoted = String::new();
        quotes(&Value::Array(blocks(&composed)), &mut quoted);
        prop_assert_eq!(approves, quoted.contains(&format!("twice. {text}")));
    }
}
