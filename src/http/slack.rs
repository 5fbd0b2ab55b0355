//! `/slack/events`, `/slack/interactions`, `/slack/commands`: raw bytes in, the Slack room's own answer out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::body_within;
use super::reply::refuse;
use crate::slack::door::{Door, DoorReply};
use crate::slack::inbound::signature::SignedHeaders;

/// A click carries the whole message that it was made on: at most 50 blocks of 3000 characters, escaped twice.
const MOST_BYTES: usize = 1024 * 1024;

/// How long an answer may take. After three seconds Slack listens no more, and shows the person that it failed.
const ANSWER_TIME: Duration = Duration::from_millis(2_800);

/// `POST /slack/events`.
pub(super) async fn events(State(door): State<Arc<Door>>, request: Request) -> Response {
    match raw(request).await {
        Ok((headers, body)) => in_time(door.event(signed(&headers), &body)).await,
        Err(refusal) => *refusal,
    }
}

/// `POST /slack/interactions`.
pub(super) async fn interactions(State(door): State<Arc<Door>>, request: Request) -> Response {
    match raw(request).await {
        Ok((headers, body)) => in_time(door.interaction(signed(&headers), &body)).await,
        Err(refusal) => *refusal,
    }
}

/// `POST /slack/commands`.
pub(super) async fn commands(State(door): State<Arc<Door>>, request: Request) -> Response {
    match raw(request).await {
        Ok((headers, body)) => in_time(door.command(signed(&headers), &body)).await,
        Err(refusal) => *refusal,
    }
}

/// The door's answer, or that there is none in time: what is not known to be stored is not acknowledged.
async fn in_time(answer: impl Future<Output = DoorReply>) -> Response {
    let late = |_| {
        tracing::error!("a request from Slack could not be answered in time");
        DoorReply::refused(503, "this took too long: try again in a moment")
    };
    let answered = tokio::time::timeout(ANSWER_TIME, answer).await;
    respond(answered.unwrap_or_else(late))
}

async fn raw(request: Request) -> Result<(HeaderMap, Vec<u8>), Box<Response>> {
    let (parts, body) = request.into_parts();
    let body = body_within(MOST_BYTES, &parts.headers, body).await;
    let body = body.map_err(|(status, said)| Box::new(refuse(status, &[said])))?;
    Ok((parts.headers, body))
}

fn signed(headers: &HeaderMap) -> SignedHeaders<'_> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    SignedHeaders {
        timestamp: text("x-slack-request-timestamp"),
        signature: text("x-slack-signature"),
    }
}

fn respond(reply: DoorReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match reply.body {
        Some(json) => {
            let json_type = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
            (status, json_type, json).into_response()
        }
        None => (status, Body::empty()).into_response(),
    }
}
