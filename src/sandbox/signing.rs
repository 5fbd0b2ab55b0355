//! The two signatures that the stand-ins put on what they send, and check on what they get.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Slack's v0 signature: `v0=` and the hex HMAC-SHA256 over `v0:<timestamp>:<raw body>`.
/// Source: <https://docs.slack.dev/authentication/verifying-requests-from-slack>
pub fn slack_signature(secret: &str, timestamp: &str, body: &str) -> String {
    let content = format!("v0:{timestamp}:{body}");
    format!(
        "v0={}",
        hex::encode(hmac_sha256(secret.as_bytes(), content.as_bytes()))
    )
}

/// The Standard Webhooks v1 signature: `v1,` and base64 of the HMAC-SHA256 over `<id>.<timestamp>.<body>`.
/// `secret` is written as `whsec_` and base64; one that is not base64 is used as its plain bytes.
/// Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
pub fn webhook_signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    let key = STANDARD
        .decode(bare)
        .unwrap_or_else(|_| bare.as_bytes().to_vec());
    let content = format!("{id}.{timestamp}.{body}");
    format!(
        "v1,{}",
        STANDARD.encode(hmac_sha256(&key, content.as_bytes()))
    )
}

/// Whether one of the space-separated signatures in `header` is the right one, compared in constant time.
pub fn webhook_signature_matches(header: &str, expected: &str) -> bool {
    header
        .split(' ')
        .any(|given| bool::from(given.as_bytes().ct_eq(expected.as_bytes())))
}

fn hmac_sha256(key: &[u8], content: &[u8]) -> Vec<u8> {
    // HMAC takes keys of every length, so the error arm is never reached.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slacks_published_example_gives_slacks_published_signature() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            slack_signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }

    #[test]
    fn the_published_webhook_example_gives_the_published_signature() {
        assert_eq!(
            webhook_signature(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                "{\"test\": 2432232314}"
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
