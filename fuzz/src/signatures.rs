//! Signatures: what nobody signed is refused, and what was signed is believed within the window alone.
//!
//! An input is three parts with a line break between them: a timestamp, a signature, and the body that it is for.

use countersign::domain::time::At;
use countersign::domain::webhook::WebhookKey;
use countersign::slack::inbound::signature::{SignedHeaders, verify};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::SecretString;

const SECRET: &str = "a secret that signs nothing elsewhere";
/// The second that it is, in all of these.
pub const NOW: i64 = 1_800_000_000;
const WINDOW: u64 = 300;

/// Holds one input against every way in which a request proves itself.
pub fn take(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (timestamp, signature, body) = (part(), part(), part());
    // A header that is no text never reaches a check of its signature.
    let (Ok(timestamp), Ok(signature)) = (
        std::str::from_utf8(timestamp),
        std::str::from_utf8(signature),
    ) else {
        return;
    };
    slack(timestamp, signature, body);
    standard(timestamp, signature, body);
    zendesk(timestamp, signature, body);
}

fn slack(timestamp: &str, signature: &str, body: &[u8]) {
    let believed = |signature: &str, body: &[u8]| {
        let headers = SignedHeaders {
            timestamp: Some(timestamp),
            signature: Some(signature),
        };
        verify(&SecretString::from(SECRET), headers, body, At(NOW * 1_000)).is_ok()
    };
    let plain = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let fresh = plain
        && timestamp
            .parse()
            .is_ok_and(|then| NOW.abs_diff(then) <= WINDOW);
    let ours = signed(timestamp, body);
    let same = signature.len() == ours.len()
        && signature.starts_with("v0=")
        && signature.eq_ignore_ascii_case(&ours);
    assert_eq!(believed(signature, body), fresh && same, "as it was sent");
    assert_eq!(believed(&ours, body), fresh, "as it is signed");
    let longer = [body, b"&"].concat();
    assert!(!believed(&ours, &longer), "one byte more");
    let last = ours.len() - 1;
    let bent = if ours.ends_with('0') { "1" } else { "0" };
    assert!(
        !believed(&format!("{}{bent}", &ours[..last]), body),
        "one digit bent"
    );
}

fn signed(timestamp: &str, body: &[u8]) -> String {
    let keyed = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes());
    let mac = keyed.expect("HMAC takes a key of any length");
    let mac = mac
        .chain_update(format!("v0:{timestamp}:"))
        .chain_update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

fn standard(id: &str, signatures: &str, body: &[u8]) {
    let key = WebhookKey::raw(SECRET.as_bytes()).expect("the secret is long enough");
    let ours = key.sign(id, NOW, body);
    let believed =
        |signatures: &str, body: &[u8]| key.is_standard(id, &NOW.to_string(), body, signatures);
    let named = signatures.split(' ').any(|one| one == ours);
    assert_eq!(believed(signatures, body), named, "as it was sent");
    assert!(
        believed(&format!("{signatures} {ours}"), body),
        "one of several"
    );
    assert!(!believed(&ours, &[body, b" "].concat()), "one byte more");
}

fn zendesk(timestamp: &str, signature: &str, body: &[u8]) {
    let key = WebhookKey::raw(SECRET.as_bytes()).expect("the secret is long enough");
    // Nobody who does not have the secret finds 256 bits by trying.
    assert!(!key.is_zendesk(timestamp, body, signature), "forged");
}
