//! The files of a record: `audit_log.json`, `policy.json`, `outputs/`, `env.json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::decisions::decisions;
use super::{Files, RecordError, Recording, body_of, check_chain};
use crate::domain::case::event::CaseEvent;
use crate::domain::content::{Content, ContentKind};
use crate::domain::digest::Digest;
use crate::domain::journal::{Event, Recorded};

/// The texts that may be shown, by the commitment that stands in the events.
pub(super) struct Shown<'a>(BTreeMap<String, &'a Content>);

impl<'a> Shown<'a> {
    fn of(contents: &'a [Content]) -> Result<Self, RecordError> {
        let mut shown = BTreeMap::new();
        for content in contents {
            if !content.holds() {
                let kind = content.kind.to_string();
                return Err(RecordError::BrokenText { kind });
            }
            if may_be_shown(content.kind) {
                shown.insert(content.sealed.0.to_string(), content);
            }
        }
        Ok(Self(shown))
    }

    /// The text behind a commitment, where it may be shown and is still there.
    pub(super) fn text(&self, sealed: &Digest) -> Option<&'a str> {
        let content = self.0.get(&sealed.to_string())?;
        Some(content.text.as_str())
    }

    /// The same value with each commitment beside its text.
    fn beside(&self, value: Value) -> Value {
        match value {
            Value::String(text) => match self.0.get(&text) {
                Some(content) => json!({"sealed": text, "text": content.text}),
                None => Value::String(text),
            },
            Value::Array(items) => items.into_iter().map(|item| self.beside(item)).collect(),
            Value::Object(members) => {
                let members = members.into_iter();
                Value::Object(
                    members
                        .map(|(name, item)| (name, self.beside(item)))
                        .collect(),
                )
            }
            other => other,
        }
    }
}

/// What is redacted, or ours, or a colleague's. The customer's own words and address are neither.
const fn may_be_shown(kind: ContentKind) -> bool {
    match kind {
        ContentKind::ModelView
        | ContentKind::EvidenceBody
        | ContentKind::DraftText
        | ContentKind::Reason
        | ContentKind::Standing
        | ContentKind::Rendering => true,
        ContentKind::TicketText | ContentKind::Requester | ContentKind::Placeholders => false,
    }
}

/// Makes the files of a record.
///
/// # Errors
///
/// A chain or a text that does not hold, and a case without events. A record of something broken would look whole.
pub fn record(recording: &Recording<'_>) -> Result<Files, RecordError> {
    let Some(first) = recording.events.first() else {
        return Err(RecordError::NoEvents);
    };
    check_chain(recording.events)?;
    let shown = Shown::of(recording.contents)?;
    let policy = Digest::of(recording.policy.as_bytes());
    let mut files = Files::new();
    files.insert("policy.json".into(), recording.policy.as_bytes().to_vec());
    let log = json!({
        "format": "countersign.audit_log/1",
        "stream": first.stream,
        "policy": policy,
        "hashing": "each hash is SHA-256 over `prev_hash`, stream, seq, at, actor, cause and event (the last and the actor as \
                    RFC 8785 canonical JSON), each with a tag and a length: see `Link::hash` in src/domain/journal.rs",
        "decisions": decisions(recording.events, &shown),
        "entries": entries(recording.events)?,
    });
    put(&mut files, "audit_log.json", &log)?;
    outputs(&mut files, recording.events, &shown)?;
    let texts: Vec<&Content> = shown.0.values().copied().collect();
    put(&mut files, "outputs/texts.json", &texts)?;
    let environment = json!({
        "format": "countersign.env/1",
        "countersign": env!("CARGO_PKG_VERSION"),
        "policy": policy,
        "environment": recording.environment,
    });
    put(&mut files, "env.json", &environment)?;
    Ok(files)
}

fn put(files: &mut Files, path: &str, value: &impl Serialize) -> Result<(), RecordError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    files.insert(path.to_owned(), bytes);
    Ok(())
}

fn entries(events: &[Recorded<Event>]) -> Result<Vec<Value>, RecordError> {
    let entry = |event: &Recorded<Event>| {
        Ok(json!({
            "seq": event.seq,
            "at": event.at,
            "time": event.at.rfc3339(),
            "actor": event.actor,
            "cause": event.cause,
            "event": serde_json::from_str::<Value>(&body_of(event)?)?,
            "prev_hash": event.prev,
            "hash": event.hash,
        }))
    };
    events.iter().map(entry).collect()
}

/// What came out of the case: the newest verdict, each evidence, each draft with its assessment, each outcome.
fn outputs(
    files: &mut Files,
    events: &[Recorded<Event>],
    shown: &Shown<'_>,
) -> Result<(), RecordError> {
    let mut drafts: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for recorded in events {
        let Event::Case(event) = &recorded.event else {
            continue;
        };
        match event {
            CaseEvent::Triaged { verdict, .. } => {
                let verdict = shown.beside(serde_json::to_value(verdict)?);
                put(files, "outputs/verdict.json", &verdict)?;
            }
            CaseEvent::EvidenceTaken { evidence, .. } => {
                let path = format!("outputs/evidence/{}.json", evidence.id);
                put(files, &path, &shown.beside(serde_json::to_value(evidence)?))?;
            }
            CaseEvent::DraftProposed { draft } => {
                let draft_file = drafts.entry(draft.id.to_string()).or_default();
                let value = shown.beside(serde_json::to_value(draft)?);
                draft_file.insert("draft".into(), value);
            }
            CaseEvent::RiskAssessed { draft, assessment } => {
                let draft_file = drafts.entry(draft.to_string()).or_default();
                draft_file.insert("assessment".into(), serde_json::to_value(assessment)?);
            }
            CaseEvent::Performed { .. }
            | CaseEvent::PerformFailed { .. }
            | CaseEvent::Voided { .. }
            | CaseEvent::OutcomeUnknown { .. }
            | CaseEvent::BillingAnswered { .. } => {
                let outcome = shown.beside(serde_json::to_value(event)?);
                outcomes.push(json!({"time": recorded.at.rfc3339(), "outcome": outcome}));
            }
            _ => {}
        }
    }
    for (id, draft) in drafts {
        put(files, &format!("outputs/drafts/{id}.json"), &draft)?;
    }
    put(files, "outputs/outcomes.json", &outcomes)
}
