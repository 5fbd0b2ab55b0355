//! The desk's endpoints: signed writes, their look-up by key, and tickets to read.

use super::super::faults::{Fault, dropped, hang, nonsense, server_error, too_many};
use super::super::signing::{webhook_signature, webhook_signature_matches};
use super::super::world::World;
use super::Desk;
use super::ticket::{DeskTicket, DeskWrite, EntryKind};
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

const METHOD_WRITE: &str = "desk.writes";
const METHOD_LOOKUP: &str = "desk.lookup";
const METHOD_TICKET: &str = "desk.tickets";
/// Source: the Standard Webhooks specification asks for a window; five minutes is its reference
/// libraries' choice.
const WINDOW_S: i64 = 300;

type Answer = (StatusCode, Value);

fn refuse(status: StatusCode, error: &str, message: &str) -> Answer {
    (
        status,
        json!({"ok": false, "error": error, "message": message}),
    )
}

async fn in_front(world: &World, method: &str, fault: Option<&Fault>) -> Option<Response> {
    match fault? {
        Fault::Timeout => {
            world.note_call(method, 0, "timeout");
            Some(hang().await)
        }
        Fault::RateLimited { retry_after } => {
            world.note_call(method, 429, "ratelimited");
            Some(too_many(*retry_after))
        }
        Fault::Error(name) => {
            let refused = refuse(StatusCode::BAD_REQUEST, name, "an injected fault");
            Some(finish(world, method, refused))
        }
        Fault::ServerError => {
            world.note_call(method, 500, "server_error");
            Some(server_error())
        }
        Fault::Nonsense => {
            world.note_call(method, 200, "nonsense");
            Some(nonsense())
        }
        Fault::LostAnswer => None,
    }
}

fn finish(world: &World, method: &str, (status, body): Answer) -> Response {
    let error = body
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default();
    world.note_call(method, status.as_u16(), error);
    (status, axum::Json(body)).into_response()
}

/// Whether the signature over exactly these bytes is ours and fresh.
fn check(world: &World, headers: &HeaderMap, body: &str) -> Result<String, Answer> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let (id, timestamp) = (text("webhook-id"), text("webhook-timestamp"));
    let expected = webhook_signature(&world.desk_secret, id, timestamp, body);
    if id.is_empty() || !webhook_signature_matches(text("webhook-signature"), &expected) {
        let message = "sign `<webhook-id>.<webhook-timestamp>.<body>` with the desk's secret";
        return Err(refuse(StatusCode::UNAUTHORIZED, "bad_signature", message));
    }
    let now = world.now().div_euclid(1000);
    let fresh = timestamp
        .parse::<i64>()
        .is_ok_and(|at| (now - at).abs() <= WINDOW_S);
    if !fresh {
        return Err(refuse(
            StatusCode::UNAUTHORIZED,
            "stale_timestamp",
            "the timestamp is more than five minutes off",
        ));
    }
    Ok(id.to_owned())
}

/// `POST /desk/writes`.
pub(in crate::sandbox) async fn write(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = world.take_fault(METHOD_WRITE);
    if let Some(response) = in_front(&world, METHOD_WRITE, fault.as_ref()).await {
        return response;
    }
    let answer = accept(&world, &headers, &body).unwrap_or_else(|refused| refused);
    if fault == Some(Fault::LostAnswer) {
        world.note_call(METHOD_WRITE, 0, "lost_answer");
        return dropped();
    }
    finish(&world, METHOD_WRITE, answer)
}

fn accept(world: &World, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Answer> {
    let bad = |error: &str, message: &str| refuse(StatusCode::BAD_REQUEST, error, message);
    let text =
        std::str::from_utf8(body).map_err(|_| bad("invalid_body", "the body is not UTF-8"))?;
    let id = check(world, headers, text)?;
    let document: Value =
        serde_json::from_str(text).map_err(|_| bad("invalid_body", "the body is not JSON"))?;
    let field = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let key = field("key");
    let header = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    if key.is_empty() || key != id || header != Some(key) {
        return Err(bad(
            "key_mismatch",
            "`key`, `webhook-id` and `idempotency-key` must be the same",
        ));
    }
    let now = world.now();
    world.change(|state| carry_out(&mut state.desk, &document, now))
}

fn carry_out(desk: &mut Desk, document: &Value, now: i64) -> Result<Answer, Answer> {
    let field = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (key, kind, id) = (field("key"), field("type"), field("ticket"));
    if let Some(first) = desk.answers.get(&key) {
        return Ok((StatusCode::OK, first.clone()));
    }
    let Some(ticket) = desk.ticket_mut(&id) else {
        return Err(refuse(
            StatusCode::NOT_FOUND,
            "unknown_ticket",
            "there is no such ticket",
        ));
    };
    let moved = moved(ticket, document.get("expect"));
    if !moved.is_empty() {
        let body =
            json!({"ok": false, "error": "target_moved", "moved": moved, "current": ticket.json()});
        return Err((StatusCode::CONFLICT, body));
    }
    let prior = prior(ticket, &kind);
    let reference = apply(desk, (&kind, &id), document, (now, &key))?;
    let answer = json!({"ok": true, "reference": reference, "prior": prior});
    desk.answers.insert(key.clone(), answer.clone());
    desk.writes.push(DeskWrite {
        key,
        kind,
        ticket: id,
        document: document.clone(),
        at: now,
    });
    Ok((StatusCode::OK, answer))
}

/// The expected fields whose value is another by now.
fn moved(ticket: &DeskTicket, expect: Option<&Value>) -> Vec<String> {
    let now = ticket.json();
    let wanted = expect.and_then(Value::as_object).into_iter().flatten();
    wanted
        .filter(|(name, value)| now.get(*name).unwrap_or(&Value::Null) != *value)
        .map(|(name, _)| name.clone())
        .collect()
}

/// The values that a write is about to replace.
fn prior(ticket: &DeskTicket, kind: &str) -> Value {
    match kind {
        "ticket.label" => json!({"labels": ticket.labels}),
        "ticket.assign" => json!({"assignee": ticket.assignee, "queue": ticket.queue}),
        "ticket.priority" => json!({"priority": ticket.priority}),
        _ => json!({}),
    }
}

fn unprocessable(message: &str) -> Answer {
    refuse(StatusCode::UNPROCESSABLE_ENTITY, "invalid_write", message)
}

fn apply(
    desk: &mut Desk,
    target: (&str, &str),
    document: &Value,
    stamp: (i64, &str),
) -> Result<String, Answer> {
    let (kind, id) = target;
    let entry = match kind {
        "ticket.note" => EntryKind::InternalNote,
        "ticket.reply" => EntryKind::Reply,
        _ => {
            let reference = format!("W-{:05}", desk.count());
            let ticket = desk
                .ticket_mut(id)
                .ok_or_else(|| unprocessable("the ticket has gone"))?;
            return change(ticket, kind, document).map(|()| reference);
        }
    };
    let text = need(document, "text")?;
    let added = desk.add_entry(id, entry, text, (stamp.0, Some(stamp.1)));
    added.ok_or_else(|| unprocessable("the ticket has gone"))
}

fn need<'a>(document: &'a Value, name: &str) -> Result<&'a str, Answer> {
    let text = document
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    text.ok_or_else(|| unprocessable(&format!("`{name}` is missing")))
}

fn change(ticket: &mut DeskTicket, kind: &str, document: &Value) -> Result<(), Answer> {
    match kind {
        "ticket.label" => {
            let label = need(document, "label")?.to_owned();
            if !ticket.labels.contains(&label) {
                ticket.labels.push(label);
            }
        }
        "ticket.assign" => {
            let (assignee, queue) = (document.get("assignee"), document.get("queue"));
            if assignee.is_none() && queue.is_none() {
                return Err(unprocessable("`assignee` or `queue` is missing"));
            }
            // A null takes the value away, so that a change can be taken back.
            if let Some(assignee) = assignee {
                ticket.assignee = assignee.as_str().map(str::to_owned);
            }
            if let Some(queue) = queue {
                ticket.queue = queue.as_str().map(str::to_owned);
            }
        }
        "ticket.priority" => ticket.priority = Some(need(document, "priority")?.to_owned()),
        _ => {
            let known = "the type is none of ticket.note, .reply, .label, .assign, .priority";
            return Err(unprocessable(known));
        }
    }
    Ok(())
}

/// `GET /desk/writes/<key>`, signed over an empty body.
pub(in crate::sandbox) async fn look_up(
    Shared(world): Shared<Arc<World>>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    let fault = world.take_fault(METHOD_LOOKUP);
    if let Some(response) = in_front(&world, METHOD_LOOKUP, fault.as_ref()).await {
        return response;
    }
    let answer = check(&world, &headers, "").map_or_else(
        |refused| refused,
        |_| match world.with(|state| state.desk.answers.get(&key).cloned()) {
            Some(first) => (StatusCode::OK, first),
            None => refuse(
                StatusCode::NOT_FOUND,
                "unknown_key",
                "nothing was written under this key",
            ),
        },
    );
    finish(&world, METHOD_LOOKUP, answer)
}

/// `GET /desk/tickets/<id>`, signed over an empty body.
pub(in crate::sandbox) async fn ticket(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let fault = world.take_fault(METHOD_TICKET);
    if let Some(response) = in_front(&world, METHOD_TICKET, fault.as_ref()).await {
        return response;
    }
    let answer = check(&world, &headers, "").map_or_else(
        |refused| refused,
        |_| match world.with(|state| state.desk.ticket_mut(&id).cloned()) {
            Some(found) => (StatusCode::OK, found.json()),
            None => refuse(
                StatusCode::NOT_FOUND,
                "unknown_ticket",
                "there is no such ticket",
            ),
        },
    );
    finish(&world, METHOD_TICKET, answer)
}
