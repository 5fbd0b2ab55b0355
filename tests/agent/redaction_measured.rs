//! Redaction measured: time against length, and recall and precision on public samples.

use countersign::agent::redaction::kind::Kind;

use crate::measured::data;
use crate::redaction::redact;

/// A pattern that runs in the square of the text would give about 100; a busy machine gives 20.
#[test]
fn ten_times_the_text_takes_about_ten_times_as_long() {
    let quickest = |text: &str| {
        let run = |_| {
            let start = std::time::Instant::now();
            redact(text);
            start.elapsed()
        };
        (0..2).map(run).min().unwrap().as_secs_f64()
    };
    for unit in [
        "a@",
        "@",
        "cookie: ",
        "cookie: a=b ",
        "-----BEGIN PRIVATE KEY-----\n",
        "password: ",
        "[",
        "1 ",
        "4242 ",
        "a://b:c",
        "curl ",
        "curl -u a:bcd ",
        "key key is ",
        "DE89 ",
    ] {
        let (short, long) = (
            unit.repeat(10_000 / unit.len()),
            unit.repeat(100_000 / unit.len()),
        );
        // On a busy machine one measurement says little: what is truly slower is so each time.
        let ratio = |_| quickest(&long) / quickest(&short);
        let ratios: Vec<f64> = (0..3)
            .map(ratio)
            .take_while(|ratio| *ratio >= 45.0)
            .collect();
        assert!(ratios.len() < 3, "{unit}: {ratios:?}");
    }
}

#[test]
fn published_secret_samples_are_found() {
    let Some(samples) = data("secrets_rule_samples.jsonl.gz") else {
        return;
    };
    let (mut found, mut secrets, mut touched, mut harmless) = (0, 0, 0, 0);
    for line in samples.lines() {
        let sample: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = sample["text"].as_str().unwrap();
        let hit = redact(text).spans.iter().any(|span| span.kind.is_secret());
        if sample["label"].as_bool().unwrap() {
            secrets += 1;
            found += usize::from(hit);
        } else {
            harmless += 1;
            touched += usize::from(hit);
        }
        if std::env::var_os("COUNTERSIGN_SHOW").is_some()
            && hit != sample["label"].as_bool().unwrap()
        {
            eprintln!(
                "{} {} {}",
                sample["label"],
                sample["rule"],
                text.chars().take(160).collect::<String>()
            );
        }
    }
    eprintln!(
        "secrets: found {found} of {secrets}; harmless samples touched: {touched} of {harmless}"
    );
    assert!(found * 100 >= secrets * 80, "found {found} of {secrets}");
}

#[test]
fn generated_personal_data_is_found() {
    let Some(sentences) = data("pii_generated_large.json.gz") else {
        return;
    };
    let sentences: Vec<serde_json::Value> = serde_json::from_str(&sentences).unwrap();
    for (entity, kind, floor) in [
        ("EMAIL_ADDRESS", Kind::Email, 97),
        ("CREDIT_CARD", Kind::Card, 97),
        ("IBAN_CODE", Kind::Iban, 97),
        ("PHONE_NUMBER", Kind::Phone, 58),
    ] {
        let (mut found, mut all, mut claimed, mut right) = (0, 0, 0, 0);
        for sentence in &sentences {
            let text = sentence["full_text"].as_str().unwrap();
            let spans = redact(text).spans;
            let golds: Vec<&serde_json::Value> = sentence["spans"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|s| s["entity_type"] == entity)
                .collect();
            for gold in &golds {
                all += 1;
                let value = gold["entity_value"].as_str().unwrap();
                let hit = spans
                    .iter()
                    .any(|s| text[s.start..s.end].contains(value.trim()));
                found += usize::from(hit);
                if !hit && std::env::var_os("COUNTERSIGN_SHOW").is_some() {
                    eprintln!("missed {entity}: {value} in {text}");
                }
            }
            for span in spans.iter().filter(|s| s.kind == kind) {
                claimed += 1;
                right += usize::from(golds.iter().any(|g| {
                    let value = g["entity_value"].as_str().unwrap();
                    text[span.start..span.end].contains(value)
                        || value.contains(&text[span.start..span.end])
                }));
            }
        }
        eprintln!("{entity}: recall {found}/{all}, precision {right}/{claimed}");
        assert!(
            found * 100 >= all * floor,
            "{entity}: found {found} of {all}"
        );
    }
}
