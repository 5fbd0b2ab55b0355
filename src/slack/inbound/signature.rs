//! Slack's request signature, version 0: HMAC-SHA256 over timestamp and raw body, within five minutes.
//!
//! Source: Slack, "Verifying requests from Slack".

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::domain::time::At;

/// How far the sender's clock may be away, either way, in seconds.
const WINDOW_SECONDS: i64 = 300;

/// Why a request is not believed. Nothing of the request is repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Rejected {
    /// One of the two headers is missing or unreadable.
    #[error(
        "the request has no Slack signature: send X-Slack-Signature and X-Slack-Request-Timestamp"
    )]
    Unsigned,
    /// The timestamp is too old or too far ahead.
    #[error("the request is older or newer than five minutes: check this machine's clock")]
    OutsideWindow,
    /// The signature is of another secret or of other bytes.
    #[error("the signature does not fit: check that the signing secret is the one of this app")]
    WrongSignature,
}

/// The two headers of a signed request.
#[derive(Clone, Copy, Default)]
pub struct SignedHeaders<'a> {
    /// `X-Slack-Request-Timestamp`, seconds since 1970.
    pub timestamp: Option<&'a str>,
    /// `X-Slack-Signature`, `v0=` and 64 hex digits.
    pub signature: Option<&'a str>,
}

/// Checks that these bytes come from somebody who knows the signing secret, and are fresh.
///
/// # Errors
/// [`Rejected`], with the first thing that is wrong.
pub fn verify(
    secret: &SecretString,
    headers: SignedHeaders<'_>,
    body: &[u8],
    now: At,
) -> Result<(), Rejected> {
    let (Some(timestamp), Some(signature)) = (headers.timestamp, headers.signature) else {
        return Err(Rejected::Unsigned);
    };
    let digits = timestamp.bytes().all(|b| b.is_ascii_digit());
    let sent: i64 = timestamp.parse().map_err(|_| Rejected::Unsigned)?;
    let hex_part = signature.strip_prefix("v0=").ok_or(Rejected::Unsigned)?;
    let mut given = [0; 32];
    if !digits || hex::decode_to_slice(hex_part, &mut given).is_err() {
        return Err(Rejected::Unsigned);
    }
    if now.0.div_euclid(1_000).abs_diff(sent) > WINDOW_SECONDS.unsigned_abs() {
        return Err(Rejected::OutsideWindow);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|_| Rejected::WrongSignature)?;
    mac.update(b"v0:");
    mac.update(timestamp.as_bytes());
    mac.update(b":");
    mac.update(body);
    // `verify_slice` compares in constant time.
    mac.verify_slice(&given)
        .map_err(|_| Rejected::WrongSignature)
}
