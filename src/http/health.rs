//! Whether the process lives, and whether it can do its work, with reasons where it cannot.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::ports::Clock;
use crate::store::Store;

/// How long the database may take to answer a probe.
const PROBE_TIME: Duration = Duration::from_secs(1);

/// What `/readyz` looks at: the database, and the reasons that other rooms gave.
#[derive(Clone)]
pub struct Readiness {
    store: Store,
    clock: Arc<dyn Clock>,
    reasons: Arc<Mutex<BTreeSet<String>>>,
}

impl Readiness {
    /// A server over this store, ready until somebody says otherwise.
    #[must_use]
    pub fn of(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            reasons: Arc::default(),
        }
    }

    /// Says why the server is not ready, for example `stopping`. The sentence is shown to whoever asks.
    pub fn hold(&self, reason: &str) {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.insert(reason.to_owned());
    }

    /// Takes a reason back.
    pub fn release(&self, reason: &str) {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.remove(reason);
    }

    fn reasons(&self) -> Vec<String> {
        let reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.iter().cloned().collect()
    }
}

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// `GET /readyz`: 200, or 503 with every reason.
pub(super) async fn ready(State(readiness): State<Readiness>) -> Response {
    let mut reasons = readiness.reasons();
    let probe = readiness.store.probe(readiness.clock.now());
    match tokio::time::timeout(PROBE_TIME, probe).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not take a probe");
            reasons.push("the database does not answer, or takes nothing".to_owned());
        }
        Err(_) => reasons.push("the database does not answer in time".to_owned()),
    }
    if reasons.is_empty() {
        return axum::Json(json!({"status": "ready"})).into_response();
    }
    let body = json!({"status": "not ready", "reasons": reasons});
    (StatusCode::SERVICE_UNAVAILABLE, axum::Json(body)).into_response()
}
