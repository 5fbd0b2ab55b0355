//! `/slack/events`, `/slack/interactions`, `/slack/commands`: raw bytes in, the Slack room's own answer out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::body::Bodies;
use super::headers::sole;
use crate::slack::door::{Door, DoorReply};
use crate::slack::inbound::signature::SignedHeaders;

/// A click carries the whole message that it was made on: at most 50 blocks of 3000 characters, escaped twice.
const MOST_BYTES: usize = 1024 * 1024;

/// How long an answer may take. After three seconds Slack listens no more, and shows the person that it failed.
const ANSWER_TIME: Duration = Duration::from_millis(2_800);

/// What each of the three addresses is given.
type Entered = State<(Arc<Door>, Bodies)>;

/// `POST /slack/events`.
pub(super) async fn events(State((door, bodies)): Entered, request: Request) -> Response {
    match bodies.take(MOST_BYTES, request).await {
        Ok(sent) => in_time(door.event(signed(&sent.headers), &sent.bytes)).await,
        Err(refusal) => *refusal,
    }
}

/// `POST /slack/interactions`.
pub(super) async fn interactions(State((door, bodies)): Entered, request: Request) -> Response {
    match bodies.take(MOST_BYTES, request).await {
        Ok(sent) => in_time(door.interaction(signed(&sent.headers), &sent.bytes)).await,
        Err(refusal) => *refusal,
    }
}

/// `POST /slack/commands`.
pub(super) async fn commands(State((door, bodies)): Entered, request: Request) -> Response {
    match bodies.take(MOST_BYTES, request).await {
        Ok(sent) => in_time(door.command(signed(&sent.headers), &sent.bytes)).await,
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

fn signed(headers: &HeaderMap) -> SignedHeaders<'_> {
    SignedHeaders {
        timestamp: sole(headers, "x-slack-request-timestamp"),
        signature: sole(headers, "x-slack-signature"),
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
