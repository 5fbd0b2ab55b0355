//! Damaged documents: refused with a reason, never a panic, never a silent success.

use countersign::domain::policy::json::{Node, Shape, parse};
use countersign::domain::policy::{Policy, Problem};
use proptest::prelude::*;

use crate::support::shipped;

/// The same tree as another parser has it.
fn agrees(node: &Node, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (&node.shape, value) {
        (Shape::Null, Value::Null) => true,
        (Shape::Truth(a), Value::Bool(b)) => a == b,
        (Shape::Text(a), Value::String(b)) => a == b,
        (Shape::Number(a), Value::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
        (Shape::List(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b))
        }
        (Shape::Object(a), Value::Object(b)) => {
            // Of a repeated name the other parser keeps the last; ours keeps all and refuses it later.
            b.iter().all(|(key, b)| {
                a.iter()
                    .rev()
                    .find(|e| e.key == *key)
                    .is_some_and(|e| agrees(&e.value, b))
            })
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_our_parser_takes_another_one_takes_too_and_reads_alike(text in r#"[\[\]{}:,"\\a-cu0-9.\- \n]{0,24}"#) {
        if let Ok(node) = parse(&text) {
            let value = serde_json::from_str(&text);
            prop_assert!(value.is_ok_and(|v| agrees(&node, &v)), "{text}");
        }
    }

    #[test]
    fn a_damaged_file_never_panics_and_a_refusal_always_says_why(
        file in 0_usize..14, at in 0_usize..1_000, length in 0_usize..40, with in r#"[\[\]{}:,"\\a-z0-9 ]{0,6}"#
    ) {
        let mut documents = shipped();
        let text = documents.values_mut().nth(file).unwrap();
        let start = text.len() * at / 1_000;
        let end = (start + length).min(text.len());
        text.replace_range(start..end, &with);
        if let Err(problems) = Policy::load(&documents) {
            prop_assert!(!problems.is_empty());
            let told = |p: &Problem| !p.message.is_empty() && !p.fix.is_empty() && p.line > 0 && p.column > 0;
            prop_assert!(problems.iter().all(told));
        }
    }
}

#[test]
fn the_shipped_files_read_alike_in_both_parsers() {
    for (name, text) in shipped() {
        let value = serde_json::from_str(&text).unwrap();
        assert!(agrees(&parse(&text).unwrap(), &value), "{name}");
    }
}
