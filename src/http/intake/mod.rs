//! `POST /intake/<source>`: a ticket comes in, is checked over its raw bytes, stored, and only then acknowledged.

mod credentials;
pub mod ticket;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use self::ticket::Incoming;
use super::body::Bodies;
use super::reply::{not_stored, refuse};
use crate::domain::case::command::CaseCommand;
use crate::domain::content::{Content, ContentKind};
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, ChannelId, CommandId};
use crate::domain::intake::IntakeSource;
use crate::domain::journal::{Command, Submission};
use crate::domain::person::Actor;
use crate::domain::policy::json::MAX_BYTES;
use crate::domain::ticket::{Requester, Thread, Ticket};
use crate::domain::time::At;
use crate::ports::{Clock, Entropy};
use crate::store::{Repeat, Store};

/// The door for tickets.
#[derive(Clone)]
pub struct Intake(Arc<Parts>);

struct Parts {
    sources: BTreeMap<String, IntakeSource>,
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Intake {
    /// A door for these sources.
    #[must_use]
    pub fn of(
        sources: Vec<IntakeSource>,
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let named = |source: IntakeSource| (source.name.to_string(), source);
        Self(Arc::new(Parts {
            sources: sources.into_iter().map(named).collect(),
            store,
            clock,
            entropy,
        }))
    }

    /// Checks, reads and stores one request.
    async fn take(&self, name: &str, headers: &HeaderMap, body: &[u8]) -> Response {
        let Some(source) = self.0.sources.get(name) else {
            let said = "there is no such source; `intake` in workspace.json names them";
            return refuse(StatusCode::NOT_FOUND, &[said]);
        };
        let now = self.0.clock.now();
        if let Err(why) = credentials::check(&source.proof, headers, body, now) {
            tracing::warn!(source = name, why, "a request to the intake was refused");
            return refuse(StatusCode::UNAUTHORIZED, &[why]);
        }
        let incoming = match ticket::read(body) {
            Ok(incoming) => incoming,
            Err(problems) => return refuse(StatusCode::BAD_REQUEST, &problems),
        };
        let submission = submission(source, &incoming, Digest::of(body), &self.0, now);
        let case = submission.command.stream();
        let said = |status: &str| axum::Json(json!({"status": status, "case": case.as_str()}));
        match self.0.store.submit(&submission).await.map(|r| r.repeat) {
            Ok(Repeat::First) => (StatusCode::ACCEPTED, said("received")).into_response(),
            Ok(Repeat::Same) => (StatusCode::OK, said("already received")).into_response(),
            Ok(Repeat::Different) => {
                let why = "this id came before with another body; a new message of the customer needs its own `comment_id`";
                refuse(StatusCode::CONFLICT, &[why])
            }
            Err(error) => not_stored("intake", &error),
        }
    }

    /// Takes a ticket that did not come over HTTP (`countersign run`), with the same checks but for the signature.
    ///
    /// # Errors
    ///
    /// Every problem of the ticket, in sentences.
    pub fn submission_of(
        source: &IntakeSource,
        body: &[u8],
        now: At,
        entropy: &dyn Entropy,
    ) -> Result<Submission, Vec<String>> {
        let incoming = ticket::read(body)?;
        let salts = || entropy.salt();
        Ok(envelope(source, &incoming, Digest::of(body), (&salts, now)))
    }
}

/// The endpoint. The limit stands before the signature, the signature before the reading.
pub(super) async fn receive(
    State((intake, bodies)): State<(Intake, Bodies)>,
    Path(source): Path<String>,
    request: Request,
) -> Response {
    match bodies.take(MAX_BYTES, request).await {
        Ok(sent) => intake.take(&source, &sent.headers, &sent.bytes).await,
        Err(refusal) => *refusal,
    }
}

fn submission(
    source: &IntakeSource,
    incoming: &Incoming,
    origin: Digest,
    parts: &Parts,
    now: At,
) -> Submission {
    let salts = || parts.entropy.salt();
    envelope(source, incoming, origin, (&salts, now))
}

/// The command of a ticket, or of a further message of its customer, with its texts sealed.
fn envelope(
    source: &IntakeSource,
    incoming: &Incoming,
    origin: Digest,
    (salt, now): (&dyn Fn() -> [u8; 32], At),
) -> Submission {
    let seal = |kind, text: &str| Content::seal(kind, salt(), text);
    let body = seal(ContentKind::TicketText, &incoming.body);
    let case = CaseId::of(&source.name, &incoming.id);
    let (name, id) = (&source.name, &incoming.id);
    let (key, ask, contents) = match &incoming.comment_id {
        Some(comment) => {
            let message = body.sealed;
            let key = format!("intake/{name}/{id}/comment/{comment}");
            (key, CaseCommand::AddMessage { message }, vec![body])
        }
        None => {
            let subject = seal(ContentKind::TicketText, &incoming.subject);
            let who = json!({"email": incoming.requester.email, "name": incoming.requester.name});
            let who = seal(ContentKind::Requester, &who.to_string());
            let ticket = Ticket {
                source: source.name.clone(),
                external: incoming.id.clone(),
                desk: source.desk.clone(),
                requester: Requester {
                    who: who.sealed,
                    has_email: incoming.requester.email.is_some(),
                    verified: source.verifies_requesters,
                    author: None,
                },
                subject: subject.sealed,
                body: body.sealed,
                queue: incoming.queue.clone(),
                url: incoming.url.clone(),
                thread: incoming.thread.as_ref().map(|thread| Thread {
                    channel: ChannelId::new(&thread.channel),
                    ts: thread.ts.clone(),
                }),
                received_at: now,
            };
            let contents = vec![who, subject, body];
            let key = format!("intake/{name}/{id}/open");
            (key, CaseCommand::Open { ticket }, contents)
        }
    };
    Submission {
        id: CommandId::new(format!("k{}", Digest::from_bytes(salt()).prefix())),
        key,
        origin,
        actor: Actor::Source {
            name: source.name.to_string(),
        },
        at: now,
        command: Command::Case { case, ask },
        contents,
        reply_to: None,
    }
}
