//! Whether a request is its source's own: signatures and tokens over the raw bytes, in constant time.

use axum::http::HeaderMap;
use subtle::ConstantTimeEq as _;

use crate::domain::digest::Digest;
use crate::domain::intake::SourceProof;
use crate::domain::time::At;
use crate::domain::webhook::is_fresh;
use crate::http::headers::sole;

const STALE: &str =
    "the timestamp is more than five minutes from our clock; check the clocks and sign anew";

/// Checks a request.
///
/// # Errors
///
/// A sentence that says which header is missing or wrong. It repeats nothing of the request.
pub(super) fn check(
    proof: &SourceProof,
    headers: &HeaderMap,
    body: &[u8],
    now: At,
) -> Result<(), &'static str> {
    let text = |name: &str| sole(headers, name).map(str::trim);
    match proof {
        SourceProof::StandardWebhooks(key) => {
            let id = text("webhook-id").filter(|id| !id.is_empty());
            let id = id.ok_or("the header `webhook-id` is missing, or stands twice")?;
            let seconds = text("webhook-timestamp").ok_or(
                "the header `webhook-timestamp` (Unix seconds) is missing, or stands twice",
            )?;
            let signatures = text("webhook-signature").ok_or(
                "the header `webhook-signature` (`v1,<base64>`) is missing, or stands twice",
            )?;
            let then: i64 = seconds
                .parse()
                .map_err(|_| "the header `webhook-timestamp` is not Unix seconds")?;
            if !key.is_standard(id, seconds, body, signatures) {
                return Err(
                    "no signature is ours; check the secret and that the body is signed as it is sent",
                );
            }
            fresh(At(then.saturating_mul(1_000)), now)
        }
        SourceProof::Zendesk(key) => {
            let signature = text("x-zendesk-webhook-signature")
                .ok_or("the header `X-Zendesk-Webhook-Signature` is missing, or stands twice")?;
            let timestamp = text("x-zendesk-webhook-signature-timestamp").ok_or(
                "the header `X-Zendesk-Webhook-Signature-Timestamp` is missing, or stands twice",
            )?;
            let then: jiff::Timestamp = timestamp.parse().map_err(
                |_| "the header `X-Zendesk-Webhook-Signature-Timestamp` is not an RFC 3339 time",
            )?;
            if !key.is_zendesk(timestamp, body, signature) {
                return Err("the signature is not ours; check the webhook's signing secret");
            }
            fresh(At(then.as_millisecond()), now)
        }
        SourceProof::Bearer(expected) => {
            let token = text("authorization").and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            });
            let token = token
                .ok_or("the header `Authorization: Bearer <token>` is missing, or stands twice")?;
            let same: bool = Digest::of(token.as_bytes())
                .bytes()
                .ct_eq(expected.bytes())
                .into();
            same.then_some(()).ok_or("the token is not ours")
        }
    }
}

fn fresh(then: At, now: At) -> Result<(), &'static str> {
    is_fresh(then, now).then_some(()).ok_or(STALE)
}
