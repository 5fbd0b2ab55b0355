//! Whether the process lives, and whether it can do its work, with reasons where it cannot.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::trouble::{self, Cause, Trouble};
use crate::domain::digest::Digest;
use crate::domain::time::At;
use crate::ports::Clock;
use crate::slack::client::SlackClient;
use crate::store::{Condition, Store};
use crate::telemetry::Metrics;

/// How long the database may take to answer a probe.
const PROBE_TIME: Duration = Duration::from_secs(1);

/// What `/readyz` and `/metrics` look at: the database, the line to Slack, what this process counted, and the reasons
/// that other rooms gave.
#[derive(Clone)]
pub struct Readiness {
    store: Store,
    clock: Arc<dyn Clock>,
    reasons: Arc<Mutex<BTreeSet<String>>>,
    policy: Option<Digest>,
    slack: Option<Arc<SlackClient>>,
    metrics: Metrics,
}

impl Readiness {
    /// A server over this store, ready until somebody says otherwise.
    #[must_use]
    pub fn of(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            reasons: Arc::default(),
            policy: None,
            slack: None,
            metrics: Metrics::default(),
        }
    }

    /// The same, for a process that works under this policy.
    #[must_use]
    pub fn under(self, policy: Digest) -> Self {
        let policy = Some(policy);
        Self { policy, ..self }
    }

    /// The same, with the line to Slack.
    #[must_use]
    pub fn speaking_to(self, slack: Arc<SlackClient>) -> Self {
        let slack = Some(slack);
        Self { slack, ..self }
    }

    /// The same, with what this process counts.
    #[must_use]
    pub fn counting(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Says why the server should get no requests, for example `stopping`. The sentence is shown to whoever asks.
    pub fn hold(&self, reason: &str) {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.insert(reason.to_owned());
    }

    /// Takes a reason back.
    pub fn release(&self, reason: &str) {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.remove(reason);
    }

    pub(super) const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What is wrong now, and how the database stands where it answered.
    pub(super) async fn look(&self) -> Look {
        let now = self.clock.now();
        let mut troubles: Vec<Trouble> = {
            let reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
            let held = |reason: &String| Trouble::of(Cause::Held, reason.as_str());
            reasons.iter().map(held).collect()
        };
        let looked = tokio::time::timeout(PROBE_TIME, self.store.condition(now)).await;
        let condition = match looked {
            Ok(Ok(condition)) => {
                troubles.extend(trouble::of_condition(&condition, self.policy, now));
                Some(condition)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database does not take a probe");
                troubles.push(trouble::of_error(&error));
                None
            }
            Err(_) => {
                let says = "the database does not answer in time";
                troubles.push(Trouble::of(Cause::DatabaseAway, says));
                None
            }
        };
        let line = self.slack.as_ref().map(|slack| slack.line());
        troubles.extend(line.as_ref().and_then(trouble::of_line));
        Look {
            now,
            troubles,
            condition,
        }
    }
}

/// What one look found.
pub(super) struct Look {
    pub(super) now: At,
    pub(super) troubles: Vec<Trouble>,
    /// `None` where the database did not answer.
    pub(super) condition: Option<Condition>,
}

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// `GET /readyz`: 200 `ready`, 200 `degraded` with reasons that stop no request, or 503 with every reason.
pub(super) async fn ready(State(readiness): State<Readiness>) -> Response {
    let troubles = readiness.look().await.troubles;
    if troubles.is_empty() {
        return axum::Json(json!({"status": "ready"})).into_response();
    }
    let (status, word) = match troubles.iter().any(|trouble| trouble.cause.stops()) {
        true => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        false => (StatusCode::OK, "degraded"),
    };
    let reasons: Vec<Value> = troubles.iter().map(Trouble::json).collect();
    let body = json!({"status": word, "reasons": reasons});
    (status, axum::Json(body)).into_response()
}
