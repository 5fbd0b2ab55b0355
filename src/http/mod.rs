//! The only HTTP server of the product: tickets come in, Slack comes in, health goes out.
//!
//! This room may not decide, redact or send. A door checks who speaks over the raw bytes, reads them, stores one
//! command and only then answers; what is not stored is never acknowledged. The limits on a body stand before its
//! signature is checked, and nothing is unpacked. No body, header or query reaches a log, and no query is read.
//!
//! To add an endpoint: one file, one line in `router`. To add a way in which a source of tickets proves itself: one
//! member of `SourceAuth`, and the compiler lists what is missing.

mod body;
mod headers;
pub mod health;
pub mod intake;
mod reply;
mod server;
mod slack;
mod socket;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};

use self::body::Bodies;
use self::health::Readiness;
use self::intake::Intake;
use self::reply::refuse;
pub use self::server::{Bounds, Server};
use crate::slack::door::Door;

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
pub fn router(doors: Doors, bounds: Bounds) -> Router {
    let bodies = Bodies::within(bounds.body);
    Router::new()
        .route("/intake/{source}", post(intake::receive))
        .with_state((doors.intake, bodies.clone()))
        .merge(
            Router::new()
                .route("/slack/events", post(slack::events))
                .route("/slack/interactions", post(slack::interactions))
                .route("/slack/commands", post(slack::commands))
                .with_state((doors.slack, bodies)),
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
