//! Whatever a stranger writes: no card breaks a limit, and no text becomes a mention, a link or markup.

use countersign::domain::card::Body;
use countersign::slack::blocks::compose;
use proptest::prelude::*;
use serde_json::Value;

use crate::cards::{blocks, buttons};
use crate::samples::{batch, card, named, refund};
use crate::strangers::{every_card, holds};

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
        every_card(&text).iter().for_each(holds);
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
