//! Redaction: whatever a customer writes around a secret, the secret goes, and once is as good as twice.
//!
//! An input is a customer's text.

use std::sync::OnceLock;

use countersign::agent::redaction::{Placeholders, Redactor, restore};

/// Secrets in shapes that nobody issues, in halves that no scanner puts together.
const SECRETS: &[(&str, &str)] = &[
    ("sk_li", "ve_a1B2c3D4e5F6g7H8i9J0k1L2"),
    ("ghp_a1B2c3D4", "e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
    ("4242 4242 ", "4242 4242"),
    ("DE89 3704 0044 ", "0532 0130 00"),
    ("jo.doe@", "mail.example.com"),
    ("+49 30 ", "1234567"),
];

fn redactor() -> &'static Redactor {
    static ONE: OnceLock<Redactor> = OnceLock::new();
    ONE.get_or_init(|| Redactor::new().expect("the rules compile"))
}

/// Redacts one text alone, and then around each secret.
pub fn take(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    alone(&text);
    let (before, after) = text.split_at(text.floor_char_boundary(text.len() / 2));
    for (one, half) in SECRETS {
        let secret = [*one, *half].concat();
        // As a part of a longer number it is none, and stays.
        if text.contains(&secret) {
            continue;
        }
        let whole = format!("{before}\n\n{secret}\n\n{after}");
        let redacted = redactor().redact(&whole, &Placeholders::default());
        assert!(
            !redacted.text.contains(&secret),
            "{one}.. stayed in: {whole:?}"
        );
    }
}

fn alone(text: &str) {
    let once = redactor().redact(text, &Placeholders::default());
    let mut end = 0;
    for span in &once.spans {
        assert!(
            span.start >= end && span.end > span.start,
            "spans stand apart"
        );
        assert!(
            text.get(span.start..span.end).is_some(),
            "spans are whole characters"
        );
        assert!(once.text.contains(&span.placeholder));
        end = span.end;
    }
    let twice = redactor().redact_ours(&once.text, &once.placeholders);
    assert_eq!(twice.text, once.text, "from: {text:?}");
    let kept = once.placeholders.to_json();
    let back = Placeholders::from_json(&kept).expect("they are read back");
    assert_eq!(
        restore(&once.text, &back),
        restore(&once.text, &once.placeholders)
    );
}
