//! Faults that a test injects by method, and the record of every call that came in.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing happens and nothing is answered; the connection hangs for a minute and is dropped.
    Timeout,
    /// HTTP 429 with `Retry-After` in seconds; nothing happens.
    RateLimited {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The vendor's own error answer with this name; nothing happens.
    Error(String),
    /// The call acts as asked, then the connection is dropped before a byte of the answer.
    LostAnswer,
    /// HTTP 500 with a page instead of JSON; nothing happens.
    ServerError,
    /// HTTP 200 with a page instead of JSON, as from something that answers for the vendor; nothing happens.
    Nonsense,
}

/// One call that came in from the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `chat.postMessage`, `stripe:GET /v1/charges`, `desk:POST /writes`.
    pub method: String,
    /// Unix milliseconds by the sandbox's clock.
    pub at: i64,
    /// HTTP status of the answer; 0 where the answer was dropped.
    pub status: u16,
    /// The vendor's error name, empty where there was none.
    pub error: String,
}

/// Faults that wait for their call, by method.
#[derive(Default)]
pub(super) struct Faults {
    waiting: BTreeMap<String, VecDeque<Fault>>,
}

impl Faults {
    pub fn add(&mut self, method: &str, fault: Fault, times: usize) {
        let queue = self.waiting.entry(method.to_owned()).or_default();
        queue.extend(std::iter::repeat_n(fault, times));
    }

    pub fn take(&mut self, method: &str) -> Option<Fault> {
        self.waiting.get_mut(method)?.pop_front()
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    pub fn waiting(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }
}

/// An answer whose body fails at once. The server has buffered the head but not sent it, so the
/// client sees the connection close without a byte.
pub(super) fn dropped() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Vec<u8>, io::Error>(io::Error::other("the answer was lost on purpose"))
    });
    Response::new(Body::from_stream(broken))
}

/// Hangs for a minute, then drops the connection.
pub(super) async fn hang() -> Response {
    tokio::time::sleep(Duration::from_secs(60)).await;
    dropped()
}

/// Slack's and Stripe's way to say "too many".
pub(super) fn too_many(retry_after: u32) -> Response {
    let head = [(header::RETRY_AFTER, retry_after.to_string())];
    let body = axum::Json(json!({"ok": false, "error": "ratelimited"}));
    (StatusCode::TOO_MANY_REQUESTS, head, body).into_response()
}

/// A failure in front of the vendor's application.
pub(super) fn server_error() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "<html>upstream failed</html>",
    )
        .into_response()
}

/// Something in front of the vendor that says that all is well.
pub(super) fn nonsense() -> Response {
    (StatusCode::OK, "<html>welcome to this network</html>").into_response()
}
