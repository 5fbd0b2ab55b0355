//! What a model writes of its own: no secret and no address reaches a card, the journal or a customer.

use countersign::agent::draft::{Drafted, ProposedAction, read_drafts};
use countersign::agent::reading::Nonsense;
use countersign::agent::redaction::{Placeholders, Redactor};
use countersign::agent::screen::Screen;
use countersign::agent::triage::read_verdict;
use countersign::domain::policy::outputs::VerdictField;
use countersign::domain::verdict::Severity;
use serde_json::{Value, json};

/// Put together here, so that no file holds anything that looks like a key.
fn key() -> String {
    ["sk", "live", &format!("Made0Up{}", "7".repeat(20))].join("_")
}

/// A case in which the customer wrote one address and posted one key.
fn placeholders(redactor: &Redactor) -> Placeholders {
    let wrote = format!("I am pat@example.com and use {}", key());
    redactor
        .redact(&wrote, &Placeholders::default())
        .placeholders
}

fn drafts(action: Value) -> Result<Drafted, Nonsense> {
    let redactor = Redactor::new().unwrap();
    let placeholders = placeholders(&redactor);
    let screen = Screen::of(&redactor, &placeholders);
    let rationale = format!("Seen at kim@example.org, see {}", key());
    let answer = json!({"drafts": [{"action": action, "rationale": rationale}]});
    screen.drafts(read_drafts(&answer.to_string(), &[]).unwrap())
}

fn reply(text: &str) -> Result<String, Nonsense> {
    let read = drafts(json!({"kind": "tickets.notify_customer", "text": text}))?;
    let ProposedAction::NotifyCustomer { text } = &read.drafts[0].action else {
        panic!("no reply")
    };
    Ok(text.clone())
}

#[test]
fn a_reply_holds_only_what_the_case_knows_and_can_be_put_back() {
    assert_eq!(
        reply("We wrote to [EMAIL_1].").unwrap(),
        "We wrote to [EMAIL_1]."
    );
    assert_eq!(
        reply("We wrote to PAT@example.com.").unwrap(),
        "We wrote to [EMAIL_1]."
    );
    for (text, word) in [
        (format!("Your key is {}.", key()), "api_key"),
        ("Write to kim@example.org.".to_owned(), "email"),
        ("Dear [EMAIL_2],".to_owned(), "lookalike"),
        ("Use [API_KEY_1] again.".to_owned(), "put back"),
        ("Call +44 20 7946 0018.".to_owned(), "phone"),
    ] {
        let refused = reply(&text).unwrap_err();
        assert!(refused.sentence.contains(word), "{text}: {refused}");
        assert!(!refused.sentence.contains("kim@") && !refused.sentence.contains(&key()));
    }
}

#[test]
fn what_people_read_has_a_secret_or_an_address_taken_out() {
    let note = format!("Call kim@example.org or [EMAIL_1]; {} was posted.", key());
    let read = drafts(json!({"kind": "tickets.add_internal_note", "text": note})).unwrap();
    let draft = &read.drafts[0];
    let ProposedAction::AddInternalNote { text } = &draft.action else {
        panic!("no note")
    };
    assert_eq!(text, "Call (EMAIL) or [EMAIL_1]; [API_KEY_1] was posted.");
    assert_eq!(draft.rationale, "Seen at (EMAIL), see [API_KEY_1]");
}

#[test]
fn every_text_of_a_refund_is_looked_over() {
    let refund = |reason: &str, confirmation: &str| {
        drafts(
            json!({"kind": "refund", "charge": "ch_1", "amount": "180.00", "currency": "usd",
            "reason": reason, "confirmation": confirmation}),
        )
    };
    let sound = "Refund {refund_id} arrives within {settlement_window}.";
    let read = refund("Asked for by kim@example.org.", sound).unwrap();
    let ProposedAction::Refund {
        reason,
        confirmation,
        ..
    } = &read.drafts[0].action
    else {
        panic!("no refund")
    };
    assert_eq!(
        (reason.as_str(), confirmation.as_str()),
        ("Asked for by (EMAIL).", sound)
    );
    assert!(refund("Fits.", &format!("{sound} kim@example.org")).is_err());
}

#[test]
fn a_name_that_is_a_secret_is_no_name() {
    let lower = key().to_lowercase();
    assert!(drafts(json!({"kind": "tickets.add_label", "label": lower})).is_err());
    assert!(drafts(json!({"kind": "tickets.assign", "queue": lower})).is_err());
    assert!(drafts(json!({"kind": "tickets.add_label", "label": "refund_request"})).is_ok());
}

#[test]
fn the_reason_of_a_verdict_is_looked_over() {
    let redactor = Redactor::new().unwrap();
    let placeholders = placeholders(&redactor);
    let screen = Screen::of(&redactor, &placeholders);
    let answer = json!({"severity": 2, "category": "bug", "queue": "bugs", "confidence": 80,
        "resolution": "escalate", "rationale": format!("{} of kim@example.org fails", key())});
    let read = read_verdict(&answer.to_string(), Severity::MIN, VerdictField::ALL).unwrap();
    let verdict = screen.verdict(read.clone()).unwrap();
    assert_eq!(verdict.rationale, "[API_KEY_1] of (EMAIL) fails");
    assert_eq!(verdict.queue, read.queue);
}
