//! What models answer: read into a closed schema or called nonsense without a word of it, and screened before use.
//!
//! An input is the text of an answer, taken for a verdict and for drafts.

use std::sync::OnceLock;

use countersign::agent::draft::{Drafted, ProposedAction, read_drafts};
use countersign::agent::redaction::{Placeholders, Redactor};
use countersign::agent::screen::Screen;
use countersign::agent::triage::{ProposedVerdict, read_verdict};
use countersign::domain::ids::EvidenceId;
use countersign::domain::verdict::{Resolution, Severity};

fn redactor() -> &'static Redactor {
    static ONE: OnceLock<Redactor> = OnceLock::new();
    ONE.get_or_init(|| Redactor::new().expect("the rules compile"))
}

/// Reads and screens one answer.
pub fn take(bytes: &[u8]) {
    let Ok(answer) = std::str::from_utf8(bytes) else {
        return;
    };
    // A case in which one address is known by its placeholder.
    let case = redactor().redact("jo.doe@mail.example.com", &Placeholders::default());
    let screen = Screen::of(redactor(), &case.placeholders);
    let floor = Severity::of(3).expect("three is a severity");
    match read_verdict(answer, floor, &[]) {
        Ok(verdict) => judged(verdict, floor, &screen),
        Err(nonsense) => told(&nonsense.sentence, answer),
    }
    match read_drafts(answer, &[EvidenceId::new("c1.v1")]) {
        Ok(drafted) => proposed(drafted, &screen),
        Err(nonsense) => told(&nonsense.sentence, answer),
    }
}

/// What is journalled of an answer that is none says what is wrong, in few words of ours.
fn told(sentence: &str, answer: &str) {
    assert!(!sentence.is_empty() && sentence.len() < 200);
    let quoted = answer.len() > 60 && sentence.contains(answer);
    assert!(!quoted, "the answer is repeated");
}

fn judged(verdict: ProposedVerdict, floor: Severity, screen: &Screen<'_>) {
    assert!(verdict.severity >= floor && verdict.confidence <= 100);
    assert!(!verdict.category.is_money() || verdict.resolution == Resolution::Escalate);
    assert!(!verdict.rationale.trim().is_empty() && verdict.queue.len() <= 64);
    if let Ok(once) = screen.verdict(verdict) {
        let twice = screen.verdict(once.clone());
        assert_eq!(twice.as_ref(), Ok(&once), "screened once is screened");
    }
}

fn proposed(drafted: Drafted, screen: &Screen<'_>) {
    assert!(drafted.drafts.len() <= 8);
    assert!(!drafted.drafts.is_empty() || drafted.note.is_some());
    for draft in &drafted.drafts {
        assert!(draft.cites.iter().all(|cited| cited.as_str() == "c1.v1"));
        positive(&draft.action);
    }
    if let Ok(once) = screen.drafts(drafted) {
        let twice = screen.drafts(once.clone());
        assert_eq!(twice.as_ref(), Ok(&once), "screened once is screened");
    }
}

/// Nothing is refunded that is not money.
fn positive(action: &ProposedAction) {
    if let ProposedAction::Refund { amount, .. } | ProposedAction::Credit { amount, .. } = action {
        assert!(amount.minor > 0, "{amount:?}");
    }
}
