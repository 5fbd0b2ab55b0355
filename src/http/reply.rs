//! The answers of this server: a status, and sentences that say what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::store::StoreError;

/// A refusal with its sentences.
pub(super) fn refuse(status: StatusCode, problems: &[impl AsRef<str>]) -> Response {
    let problems: Vec<&str> = problems.iter().map(AsRef::as_ref).collect();
    let body = json!({"status": "refused", "problems": problems});
    (status, axum::Json(body)).into_response()
}

/// The answer while nothing can be stored: nothing is acknowledged, and the sender comes again.
pub(super) fn not_stored(door: &str, error: &StoreError) -> Response {
    tracing::error!(door, %error, "nothing could be stored, so nothing was acknowledged");
    let said = "this could not be stored; send it again in a moment";
    let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, &[said]);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
