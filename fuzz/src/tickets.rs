//! Tickets: whatever is taken is read alike by another parser and kept apart from the journal; a refusal is short.
//!
//! An input is the body of `POST /intake/<source>`.

use countersign::domain::digest::Digest;
use countersign::domain::ids::SourceName;
use countersign::domain::intake::{IntakeSource, SourceProof};
use countersign::domain::time::At;
use countersign::http::intake::Intake;
use countersign::http::intake::ticket::{Incoming, read};
use countersign::ports::Entropy;
use serde_json::Value;

/// A refusal is an answer to whoever sent the ticket: it never costs much more than the ticket did.
const LONGEST_REFUSAL: usize = 32 * 1024;

struct Fixed;

impl Entropy for Fixed {
    fn salt(&self) -> [u8; 32] {
        [7; 32]
    }
}

/// Reads one ticket and makes the command of it.
pub fn take(bytes: &[u8]) {
    match read(bytes) {
        Ok(incoming) => taken(&incoming, bytes),
        Err(problems) => {
            assert!(!problems.is_empty(), "a refusal says why");
            assert!(problems.iter().all(|problem| !problem.trim().is_empty()));
            let length: usize = problems.iter().map(String::len).sum();
            assert!(length <= LONGEST_REFUSAL, "{length} bytes of refusal");
        }
    }
}

fn taken(incoming: &Incoming, bytes: &[u8]) {
    let theirs: Value = serde_json::from_slice(bytes).expect("another parser takes it too");
    for (key, ours) in [
        ("id", Some(&incoming.id)),
        ("subject", Some(&incoming.subject)),
        ("body", Some(&incoming.body)),
        ("comment_id", incoming.comment_id.as_ref()),
        ("queue", incoming.queue.as_ref()),
        ("url", incoming.url.as_ref()),
    ] {
        assert_eq!(theirs[key].as_str(), ours.map(String::as_str), "{key}");
        assert!(ours.is_none_or(|text| !text.contains('\0')), "{key}");
    }
    let again = serde_json::to_vec(incoming).expect("a ticket is JSON");
    // Written out it may be longer than the limit, for escapes are.
    if again.len() <= bytes.len() {
        assert_eq!(read(&again).as_ref(), Ok(incoming), "it is read back");
    }
    sealed(incoming, bytes);
}

/// The texts of a customer stand beside the command, never in it.
fn sealed(incoming: &Incoming, bytes: &[u8]) {
    let source = IntakeSource {
        name: SourceName::new("helpdesk"),
        proof: SourceProof::Bearer(Digest::of(b"a token")),
        verifies_requesters: true,
        desk: SourceName::new("helpdesk"),
    };
    let submission = Intake::submission_of(&source, bytes, At(0), &Fixed).expect("it was read");
    assert!(submission.contents.iter().all(|content| content.holds()));
    assert!(
        submission
            .contents
            .iter()
            .any(|content| content.text == incoming.body)
    );
    let kept = serde_json::to_string(&submission.command).expect("a command is JSON");
    let mut open = incoming.clone();
    for text in [&mut open.subject, &mut open.body] {
        text.clear();
    }
    let open = serde_json::to_string(&open).expect("a ticket is JSON");
    for text in [&incoming.subject, &incoming.body] {
        let written = Value::String(text.clone()).to_string();
        let inner = written.trim_matches('"');
        // A text of a few characters stands in many a digest, and one may repeat an id on purpose.
        let telling = inner.len() > 24 && !open.contains(inner);
        assert!(
            !telling || !kept.contains(inner),
            "a text is in the command"
        );
        assert!(
            !telling || !format!("{submission:?}").contains(inner),
            "a text is in a log"
        );
    }
}
