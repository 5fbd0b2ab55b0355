//! Signatures by a shared secret over the raw bytes of a webhook: Standard Webhooks, and Zendesk's form.
//!
//! Sources: the Standard Webhooks specification, "Signature scheme" (`v1`); Zendesk developer documentation,
//! "Verifying webhook authenticity".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::time::{At, Span};

/// How far a timestamp may be from our clock, before or after it.
pub const WINDOW: Span = Span::minutes(5);

/// A key that signs and checks. Its bytes are in no `Debug`.
#[derive(Clone)]
pub struct WebhookKey(Hmac<Sha256>);

impl std::fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookKey(..)")
    }
}

impl WebhookKey {
    /// Reads a Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64.
    ///
    /// # Errors
    ///
    /// A sentence that says what to write; it does not repeat the secret.
    pub fn standard(secret: &str) -> Result<Self, String> {
        let encoded = secret
            .trim()
            .strip_prefix("whsec_")
            .ok_or("a Standard Webhooks secret begins with `whsec_`")?;
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| "what follows `whsec_` is not base64")?;
        if !(24..=64).contains(&bytes.len()) {
            let length = bytes.len();
            return Err(format!(
                "the secret has {length} bytes; use 24 to 64 random bytes in base64 after `whsec_`"
            ));
        }
        Self::raw(&bytes)
    }

    /// Takes a secret as it stands, as Zendesk does.
    ///
    /// # Errors
    ///
    /// A sentence, when it is too short to be a secret.
    pub fn raw(secret: &[u8]) -> Result<Self, String> {
        if secret.len() < 16 {
            return Err("the secret is shorter than 16 bytes; use a random one".into());
        }
        let keyed =
            Hmac::new_from_slice(secret).map_err(|_| "the secret cannot be used as a key")?;
        Ok(Self(keyed))
    }

    /// The Standard Webhooks signature, `v1,<base64>`, of a message.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mac = self.standard_mac(id, &seconds.to_string(), body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// Whether one of the space-separated signatures of a Standard Webhooks header is ours. Each is compared
    /// in constant time; other versions are passed over.
    #[must_use]
    pub fn is_standard(&self, id: &str, seconds: &str, body: &[u8], signatures: &str) -> bool {
        signatures
            .split(' ')
            .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok())
            .any(|one| {
                self.standard_mac(id, seconds, body)
                    .verify_slice(&one)
                    .is_ok()
            })
    }

    /// Whether a Zendesk signature, base64 over timestamp and body, is ours.
    #[must_use]
    pub fn is_zendesk(&self, timestamp: &str, body: &[u8], signature: &str) -> bool {
        let mac = self.0.clone().chain_update(timestamp).chain_update(body);
        STANDARD
            .decode(signature)
            .is_ok_and(|one| mac.verify_slice(&one).is_ok())
    }

    fn standard_mac(&self, id: &str, seconds: &str, body: &[u8]) -> Hmac<Sha256> {
        let dotted = |mac: Hmac<Sha256>, part: &str| mac.chain_update(part).chain_update(".");
        dotted(dotted(self.0.clone(), id), seconds).chain_update(body)
    }
}

/// Whether a moment is within [`WINDOW`] of now, both edges included.
#[must_use]
pub fn is_fresh(then: At, now: At) -> bool {
    now.since(then).0.unsigned_abs() <= WINDOW.0.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks reference implementations.
    #[test]
    fn the_published_example_is_reproduced() {
        let key = {
            let secret = ["whsec", "_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"].concat();
            WebhookKey::standard(&secret).unwrap()
        };
        let (id, at, body) = (
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        let signed = key.sign(id, at, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let several = format!("v1a,AAAA v1,AAAA {signed}");
        assert!(key.is_standard(id, "1614265330", body, &several));
        assert!(!key.is_standard(id, "1614265331", body, &signed));
        assert!(!key.is_standard("msg_other", "1614265330", body, &signed));
        assert!(!key.is_standard(id, "1614265330", b"{}", &signed));
        assert!(!key.is_standard(id, "1614265330", body, ""));
    }

    /// Zendesk's page on verifying gives the form, `base64(HMACSHA256(TIMESTAMP + BODY))`, and the secret of
    /// test webhooks, used as it is written. The signature was made with another implementation. An older
    /// state of that page put the body first; its example must not pass.
    #[test]
    fn zendesks_form_is_the_timestamp_and_then_the_body() {
        let secret = ["dGhpc19zZWNyZXRfaXNfZm9y", "X3Rlc3Rpbmdfb25seQ=="].concat();
        let key = WebhookKey::raw(secret.as_bytes()).unwrap();
        let (at, body) = ("2021-07-25T10:00:00Z", br#"{"say": "hello"}"#);
        let signed = "gf3v0LzLRHPUnIdhbvwRDVEvzSb07/QN0GYjSNlkBT0=";
        let older = ["HRkRd4BeOAoUkfZr", "-mhauJT64rvBASlJRoIyPsd3zeA="].concat();
        let older = WebhookKey::raw(older.as_bytes()).unwrap();
        assert!(!older.is_zendesk(at, body, "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw="));
        assert!(key.is_zendesk(at, body, signed));
        assert!(!key.is_zendesk("2021-07-25T10:00:01Z", body, signed));
        assert!(!key.is_zendesk(at, b"{}", signed));
        assert!(!key.is_zendesk(at, body, ""));
    }

    #[test]
    fn a_secret_that_is_none_is_refused_without_being_quoted() {
        for bad in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_***",
            "plainplainplainplain",
        ] {
            let said = WebhookKey::standard(bad).unwrap_err();
            assert!(!said.contains("plain") && !said.contains("c2hv"), "{said}");
        }
        assert!(WebhookKey::raw(b"too short").is_err());
    }

    #[test]
    fn the_window_includes_both_edges_and_nothing_beyond() {
        let now = At(1_700_000_000_000);
        for (offset, fresh) in [
            (0, true),
            (300, true),
            (-300, true),
            (301, false),
            (-301, false),
        ] {
            assert_eq!(
                is_fresh(now.plus(Span::seconds(offset)), now),
                fresh,
                "{offset}"
            );
        }
        assert!(!is_fresh(At(i64::MIN), now));
    }
}
