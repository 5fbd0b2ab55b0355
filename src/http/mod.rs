//! The only HTTP server of the product: tickets come in, Slack comes in, health and metrics go out.
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
mod metrics;
mod reply;
mod server;
mod slack;
mod socket;
pub mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
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
    /// What `/readyz` and `/metrics` say.
    pub readiness: Readiness,
}

/// What a server answers at.
pub enum Endpoints {
    /// Everything: tickets, Slack, health.
    Doors(Doors),
    /// Its health and metrics alone, where a process only works.
    Health(Readiness),
}

impl From<Doors> for Endpoints {
    fn from(doors: Doors) -> Self {
        Self::Doors(doors)
    }
}

/// The endpoints.
pub fn router(endpoints: Endpoints, bounds: Bounds) -> Router {
    let (doors, readiness) = match endpoints {
        Endpoints::Doors(doors) => {
            let readiness = doors.readiness.clone();
            (outside(doors, bounds), readiness)
        }
        Endpoints::Health(readiness) => (Router::new(), readiness),
    };
    let counted = middleware::from_fn_with_state(readiness.clone(), metrics::counted);
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::page));
    doors
        .merge(health.with_state(readiness))
        .fallback(async || refuse(StatusCode::NOT_FOUND, &["there is nothing at this address"]))
        .method_not_allowed_fallback(async || {
            let said = "this address takes another method";
            refuse(StatusCode::METHOD_NOT_ALLOWED, &[said])
        })
        .layer(counted)
}

/// Where others come in.
fn outside(doors: Doors, bounds: Bounds) -> Router {
    let bodies = Bodies::within(bounds.body);
    let slack = Router::new()
        .route("/slack/events", post(slack::events))
        .route("/slack/interactions", post(slack::interactions))
        .route("/slack/commands", post(slack::commands));
    Router::new()
        .route("/intake/{source}", post(intake::receive))
        .with_state((doors.intake, bodies.clone()))
        .merge(slack.with_state((doors.slack, bodies)))
}
