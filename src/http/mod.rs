//! The only HTTP server of the product: tickets come in, Slack comes in, health goes out.
//!
//! This room may not decide, redact or send. A door checks who speaks over the raw bytes, reads them, stores one
//! command and only then answers; what is not stored is never acknowledged. The limit on a body stands before its
//! signature is checked. No body, header or query reaches a log.
//!
//! To add an endpoint: one file, one line in `router`. To add a way in which a source of tickets proves itself: one
//! member of `SourceAuth`, and the compiler lists what is missing.

pub mod health;
pub mod intake;
mod reply;
mod server;
mod slack;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use futures_util::StreamExt as _;

use self::health::Readiness;
use self::intake::Intake;
use self::reply::refuse;
pub use self::server::{Bounds, Server};
use crate::slack::door::Door;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Everything that the server answers for.
#[derive(Clone)]
pub struct Doors {
    /// Where tickets come in.
    pub intake: Intake,
    /// Where Slack comes in.
    pub slack: Arc<Door>,
    /// What `/readyz` says.
    pub readiness: Readiness,
}

/// The endpoints.
pub fn router(doors: Doors) -> Router {
    Router::new()
        .route("/intake/{source}", post(intake::receive))
        .with_state(doors.intake)
        .merge(
            Router::new()
                .route("/slack/events", post(slack::events))
                .route("/slack/interactions", post(slack::interactions))
                .route("/slack/commands", post(slack::commands))
                .with_state(doors.slack),
        )
        .merge(
            Router::new()
                .route("/healthz", get(health::alive))
                .route("/readyz", get(health::ready))
                .with_state(doors.readiness),
        )
        .fallback(async || refuse(StatusCode::NOT_FOUND, &["there is nothing at this address"]))
        .method_not_allowed_fallback(async || {
            let said = "this address takes another method";
            refuse(StatusCode::METHOD_NOT_ALLOWED, &[said])
        })
}

/// What to answer when a body could not be read: a status and a sentence.
type Unread = (StatusCode, String);

/// Reads a body to its end within a limit, before anything else is made of it.
///
/// # Errors
///
/// 413 over the limit, 408 when it does not arrive, 400 when it breaks off.
async fn body_within(limit: usize, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Unread> {
    let too_large = || {
        let said = format!("the body is larger than {} KiB", limit / 1024);
        (StatusCode::PAYLOAD_TOO_LARGE, said)
    };
    let declared = headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut stream = body.into_data_stream();
    let arriving = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.next().await {
            let broken = |_| (StatusCode::BAD_REQUEST, "the body broke off".to_owned());
            let chunk = chunk.map_err(broken)?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let late = |_| {
        let said = "the body did not arrive in time".to_owned();
        Err((StatusCode::REQUEST_TIMEOUT, said))
    };
    let arrived = tokio::time::timeout(BODY_TIME, arriving).await;
    arrived.unwrap_or_else(late)
}
