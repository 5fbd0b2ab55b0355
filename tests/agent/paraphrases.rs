//! Tickets in four languages, worded after the rules were written: `builtin` meets stated floors on them.

use std::collections::BTreeMap;

use countersign::domain::verdict::Category;

use crate::builtin::triaged;

/// One labelled ticket.
struct Labelled {
    batch: &'static str,
    language: &'static str,
    category: Category,
    severity: u8,
    text: &'static str,
}

fn tickets() -> Vec<Labelled> {
    let lines = include_str!("paraphrases.tsv").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [batch, language, category, severity, text] = fields[..] else {
                panic!("five fields: {line}")
            };
            Labelled {
                batch,
                language,
                category: Category::from_word(category).unwrap(),
                severity: severity.parse().unwrap(),
                text,
            }
        })
        .collect()
}

/// How many of how many were right.
#[derive(Default, Debug)]
struct Score {
    category: usize,
    severity: usize,
    near: usize,
    all: usize,
}

#[test]
fn paraphrases_in_four_languages_meet_the_floors() {
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for ticket in tickets() {
        let verdict = triaged(ticket.text);
        let apart = verdict.severity.level().abs_diff(ticket.severity);
        if verdict.category != ticket.category || apart > 0 {
            eprintln!(
                "{} {} read as {} {}: {}",
                ticket.category, ticket.severity, verdict.category, verdict.severity, ticket.text
            );
        }
        for group in [ticket.batch, ticket.language] {
            let score = scores.entry(group).or_default();
            score.category += usize::from(verdict.category == ticket.category);
            score.severity += usize::from(apart == 0);
            score.near += usize::from(apart <= 1);
            score.all += 1;
        }
    }
    for (group, score) in &scores {
        eprintln!("paraphrases, group {group}: {score:?}");
        assert!(score.category * 100 >= score.all * 75, "{group}: {score:?}");
        assert!(score.severity * 100 >= score.all * 70, "{group}: {score:?}");
        assert!(score.near * 100 >= score.all * 90, "{group}: {score:?}");
    }
    assert_eq!(scores.len(), 6, "two batches, four languages");
    assert!(scores["1"].all + scores["2"].all >= 100);
}

#[test]
fn a_wish_that_is_denied_does_not_count() {
    for (text, not) in [
        (
            "I do not want a refund, I want the export button to work again",
            Category::RefundRequest,
        ),
        (
            "This is not about cancelling the subscription, the report page shows an error",
            Category::Cancellation,
        ),
        (
            "Ich möchte nicht kündigen, sondern wissen, wie ich Benutzer einlade",
            Category::Cancellation,
        ),
    ] {
        assert_ne!(triaged(text).category, not, "{text}");
    }
}

#[test]
fn the_same_ticket_always_gets_the_same_verdict() {
    for ticket in tickets() {
        assert_eq!(triaged(ticket.text), triaged(ticket.text));
    }
}
