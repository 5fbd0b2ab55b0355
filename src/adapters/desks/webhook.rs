//! A desk behind signed HTTP: writes with an idempotency key, a look-up by that key, and the ticket's state.
//!
//! The protocol, of which the other side is the reader (`manifests/README.md` says it for operators):
//! `POST <url>/writes` with `{"type", "ticket", "key", ...}`; `GET <url>/writes/<key>`: 200 with the first answer,
//! or 404; `GET <url>/tickets/<id>`. All three are signed as Standard Webhooks has it (`webhook-id`,
//! `webhook-timestamp`, `webhook-signature`), the two reads over an empty body. An answer to a write is
//! `{"ok": true, "reference": "...", "prior": {..}}`; 409 with `target_moved` means that `expect` did not hold.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::adapters::outside::{self, Answer, Base};
use crate::domain::case::event::Acknowledgement;
use crate::domain::case::gate::Permit;
use crate::domain::ticket::{TicketField, TicketState};
use crate::domain::webhook::WebhookKey;
use crate::ports::{Clock, Desk, DeskChange, DeskWrite, PortError};

/// The name of the precondition on the last comment that the customer can see.
const LAST_COMMENT: &str = "last_public_comment_id";

/// The desk.
pub struct WebhookDesk {
    base: Base,
    key: WebhookKey,
    client: Client,
    clock: Arc<dyn Clock>,
}

impl WebhookDesk {
    /// Opens the desk. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// A sentence, when TLS could not be set up.
    pub fn open(base: Base, key: WebhookKey, clock: Arc<dyn Clock>) -> Result<Self, String> {
        Ok(Self {
            client: outside::client(&base)?,
            key,
            base,
            clock,
        })
    }

    fn signed(&self, request: RequestBuilder, id: &str, body: Vec<u8>) -> RequestBuilder {
        let seconds = self.clock.now().0.div_euclid(1_000);
        request
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", self.key.sign(id, seconds, &body))
            .body(body)
    }

    async fn read_below(&self, segments: &[&str], id: &str) -> Result<Answer, PortError> {
        let again = |why| PortError::Again { why, after: None };
        let request = self.client.get(self.base.below(segments));
        let response = self.signed(request, id, vec![]).send().await;
        let response = response.map_err(|error| again(outside::lost(&error)))?;
        Answer::of(response).await.map_err(again)
    }
}

#[async_trait]
impl Desk for WebhookDesk {
    async fn read(&self, ticket: &str) -> Result<Option<TicketState>, PortError> {
        let answer = self.read_below(&["tickets", ticket], "read").await?;
        refuse(&answer, Sent::Read)?;
        let seen: Seen = readable(&answer.body).ok_or_else(|| PortError::Again {
            why: "the desk's ticket could not be read".into(),
            after: None,
        })?;
        Ok(Some(seen.state()))
    }

    async fn write(
        &self,
        _permit: &Permit,
        write: &DeskWrite,
    ) -> Result<Acknowledgement, PortError> {
        let unknown = |why| PortError::Unknown { why };
        let body = body_of(write).to_string().into_bytes();
        let request = self
            .client
            .post(self.base.below(&["writes"]))
            .header("content-type", "application/json")
            .header("idempotency-key", &write.key);
        let sent = self.signed(request, &write.key, body).send().await;
        let response = sent.map_err(|error| match outside::lost(&error) {
            // Without a connection nothing was sent. Everything later may have arrived.
            why if error.is_connect() => PortError::Again { why, after: None },
            why => unknown(why),
        })?;
        let answer = Answer::of(response).await.map_err(unknown)?;
        refuse(&answer, Sent::Write)?;
        acknowledged(&answer.body, write)
            .ok_or_else(|| unknown("the desk's acknowledgement could not be read".into()))
    }

    async fn look_up(&self, write: &DeskWrite) -> Result<Option<Acknowledgement>, PortError> {
        let answer = self.read_below(&["writes", &write.key], &write.key).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        refuse(&answer, Sent::Read)?;
        let found = acknowledged(&answer.body, write);
        found.map(Some).ok_or_else(|| PortError::Again {
            why: "the desk's acknowledgement could not be read".into(),
            after: None,
        })
    }
}

/// What was sent decides what a server error means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Read,
    Write,
}

/// Classes an answer that is not a success. The desk's own words are not repeated: they may quote the ticket.
fn refuse(answer: &Answer, sent: Sent) -> Result<(), PortError> {
    let status = answer.status;
    if status.is_success() {
        return Ok(());
    }
    let code = status.as_u16();
    // A server that names a time to come back, or limits us, has not begun.
    let not_begun = code == 429 || code == 425 || (code == 503 && answer.retry_after.is_some());
    let server = status.is_server_error() || code == 408;
    if not_begun || (server && sent == Sent::Read) {
        return Err(PortError::Again {
            why: format!("the desk answered {code}"),
            after: answer.retry_after,
        });
    }
    if server {
        return Err(PortError::Unknown {
            why: format!("the desk answered {code}"),
        });
    }
    let error = readable::<Failed>(&answer.body).map_or_else(String::new, |failed| failed.error);
    Err(PortError::No {
        why: match code {
            409 if error == "target_moved" => {
                "target moved: the ticket is not as it was when the draft was made".to_owned()
            }
            401 | 403 => {
                format!("the desk does not accept our signature ({code}); check its secret")
            }
            404 => "the desk does not know this ticket (404)".to_owned(),
            300..=399 => {
                format!("the desk's address redirects ({code}); correct `url` in workspace.json")
            }
            _ => format!("the desk refused ({code})"),
        },
    })
}

#[derive(Deserialize)]
struct Failed {
    #[serde(default)]
    error: String,
}

/// A ticket as the desk shows it.
#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    assignee: Option<String>,
    #[serde(default)]
    queue: Option<String>,
    #[serde(default)]
    priority: Option<String>,
    #[serde(default)]
    last_public_comment_id: Option<String>,
}

impl Seen {
    fn state(self) -> TicketState {
        let fields = [
            (TicketField::Assignee, self.assignee),
            (TicketField::Queue, self.queue),
            (TicketField::Priority, self.priority),
        ];
        TicketState {
            fields: fields
                .into_iter()
                .filter_map(|(field, value)| Some((field, value?)))
                .collect(),
            last_public_comment: self.last_public_comment_id,
        }
    }
}

/// What the desk says of a write that was carried out.
#[derive(Deserialize)]
struct Done {
    ok: bool,
    reference: String,
    #[serde(default)]
    prior: Option<Map<String, Value>>,
}

fn readable<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

fn acknowledged(body: &[u8], write: &DeskWrite) -> Option<Acknowledgement> {
    let done: Done = readable::<Done>(body).filter(|done| done.ok)?;
    let prior = field_of(&write.change).and_then(|field| {
        let value = done.prior?.get(field.word())?.as_str()?.to_owned();
        Some(value)
    });
    Some(Acknowledgement {
        reference: done.reference,
        prior,
    })
}

const fn field_of(change: &DeskChange) -> Option<TicketField> {
    match change {
        DeskChange::Queue(_) => Some(TicketField::Queue),
        DeskChange::Priority(_) => Some(TicketField::Priority),
        DeskChange::Label(_) | DeskChange::Note(_) | DeskChange::Reply(_) => None,
    }
}

fn body_of(write: &DeskWrite) -> Value {
    let (kind, name, value) = match &write.change {
        DeskChange::Label(label) => ("ticket.label", "label", label),
        DeskChange::Note(text) => ("ticket.note", "text", text),
        DeskChange::Reply(text) => ("ticket.reply", "text", text),
        DeskChange::Queue(queue) => ("ticket.assign", "queue", queue),
        DeskChange::Priority(priority) => ("ticket.priority", "priority", priority),
    };
    let mut expect = Map::new();
    if let Some((field, value)) = &write.expect_field {
        expect.insert(field.word().to_owned(), json!(value));
    }
    if let Some(comment) = &write.expect_last_comment {
        expect.insert(LAST_COMMENT.to_owned(), json!(comment));
    }
    let mut body = Map::new();
    body.insert("type".to_owned(), json!(kind));
    body.insert("ticket".to_owned(), json!(write.ticket));
    body.insert("key".to_owned(), json!(write.key));
    body.insert(name.to_owned(), json!(value));
    if !expect.is_empty() {
        body.insert("expect".to_owned(), Value::Object(expect));
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Span;

    fn write() -> DeskWrite {
        DeskWrite {
            key: "c1.7.1".into(),
            ticket: "T-1".into(),
            thread: None,
            change: DeskChange::Queue("billing".into()),
            expect_field: Some((TicketField::Queue, None)),
            expect_last_comment: Some("m2".into()),
        }
    }

    fn answer(code: u16, retry_after: Option<Span>, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(code).unwrap(),
            retry_after,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_write_says_what_must_still_be_so() {
        assert_eq!(
            body_of(&write()),
            json!({"type": "ticket.assign", "ticket": "T-1", "key": "c1.7.1", "queue": "billing",
                   "expect": {"queue": null, "last_public_comment_id": "m2"}})
        );
        let body = br#"{"ok": true, "reference": "w-1", "prior": {"queue": "general"}}"#;
        let prior = acknowledged(body, &write()).unwrap().prior;
        assert_eq!(prior.as_deref(), Some("general"));
        assert!(acknowledged(br#"{"ok": false, "reference": "w-1"}"#, &write()).is_none());
    }

    #[test]
    fn a_server_error_leaves_a_write_unknown_and_a_read_open() {
        let fault = answer(500, None, "");
        assert!(matches!(
            refuse(&fault, Sent::Write),
            Err(PortError::Unknown { .. })
        ));
        assert!(matches!(
            refuse(&fault, Sent::Read),
            Err(PortError::Again { .. })
        ));
        let busy = answer(503, Some(Span::seconds(7)), "");
        assert!(matches!(
            refuse(&busy, Sent::Write),
            Err(PortError::Again {
                after: Some(Span(7_000)),
                ..
            })
        ));
        let unavailable = answer(503, None, "");
        assert!(matches!(
            refuse(&unavailable, Sent::Write),
            Err(PortError::Unknown { .. })
        ));
    }

    #[test]
    fn a_moved_target_is_named_and_other_refusals_are_not() {
        let moved = answer(409, None, r#"{"ok": false, "error": "target_moved"}"#);
        for (answer, moved) in [
            (moved, true),
            (answer(409, None, "{}"), false),
            (answer(404, None, ""), false),
        ] {
            let Err(PortError::No { why }) = refuse(&answer, Sent::Write) else {
                panic!("a refusal is final");
            };
            assert_eq!(why.starts_with("target moved"), moved, "{why}");
        }
    }
}
