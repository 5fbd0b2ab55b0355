//! How a source of tickets proves itself: signatures, both edges of the window, tokens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit as _, Mac as _};

use crate::door::{Door, NOW, TOKEN, bytes, plain, standard_key, zendesk_secret};

#[tokio::test]
async fn a_standard_webhook_is_taken_only_with_its_signature_and_within_the_window() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let key = standard_key();
    let sign = |at: i64| key.sign("msg_1", at, &body);
    let other =
        countersign::domain::webhook::WebhookKey::raw(b"another secret altogether").unwrap();
    let foreign = other.sign("msg_1", NOW, &body);
    let several = format!("v1a,AAAA {foreign} {}", sign(NOW));
    let table = [
        (Some("msg_1"), Some(NOW), Some(sign(NOW)), 202, "received"),
        (Some("msg_1"), Some(NOW), Some(several), 200, "already"),
        (
            Some("msg_1"),
            Some(NOW - 300),
            Some(sign(NOW - 300)),
            200,
            "already",
        ),
        (
            Some("msg_1"),
            Some(NOW + 300),
            Some(sign(NOW + 300)),
            200,
            "already",
        ),
        (
            Some("msg_1"),
            Some(NOW - 301),
            Some(sign(NOW - 301)),
            401,
            "five minutes",
        ),
        (
            Some("msg_1"),
            Some(NOW + 301),
            Some(sign(NOW + 301)),
            401,
            "five minutes",
        ),
        (
            Some("msg_1"),
            Some(NOW),
            Some(foreign.clone()),
            401,
            "no signature is ours",
        ),
        (
            Some("msg_2"),
            Some(NOW),
            Some(sign(NOW)),
            401,
            "no signature is ours",
        ),
        (
            Some("msg_1"),
            Some(NOW),
            Some(sign(NOW - 1)),
            401,
            "no signature is ours",
        ),
        (
            Some("msg_1"),
            Some(NOW),
            Some("v1,".into()),
            401,
            "no signature is ours",
        ),
        (
            Some("msg_1"),
            Some(NOW),
            Some(sign(NOW).replace("v1,", "v2,")),
            401,
            "no signature is ours",
        ),
        (
            None,
            Some(NOW),
            Some(sign(NOW)),
            401,
            "`webhook-id` is missing",
        ),
        (
            Some("msg_1"),
            None,
            Some(sign(NOW)),
            401,
            "`webhook-timestamp`",
        ),
        (Some("msg_1"), Some(NOW), None, 401, "`webhook-signature`"),
    ];
    for (id, at, signature, expected, word) in table {
        let at = at.map(|at| at.to_string());
        let mut headers = vec![];
        headers.extend(id.map(|id| ("webhook-id", id)));
        headers.extend(at.as_deref().map(|at| ("webhook-timestamp", at)));
        headers.extend(signature.as_deref().map(|s| ("webhook-signature", s)));
        let (status, said) = door.send("helpdesk", &headers, &body).await;
        assert_eq!(
            (status, said.contains(word)),
            (expected, true),
            "{headers:?}: {said}"
        );
    }
    assert_eq!(door.stored().await, 1);
}

#[tokio::test]
async fn zendesks_signature_is_taken_as_documented_and_within_the_window() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let stamp = |offset: i64| {
        jiff::Timestamp::from_second(NOW + offset)
            .unwrap()
            .to_string()
    };
    let sign = |at: &str| {
        let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(zendesk_secret()).unwrap();
        let mac = mac.chain_update(at.as_bytes()).chain_update(&body);
        STANDARD.encode(mac.finalize().into_bytes())
    };
    for (offset, tamper, expected, word) in [
        (0, "", 202, "received"),
        (300, "", 200, "already"),
        (-300, "", 200, "already"),
        (301, "", 401, "five minutes"),
        (-301, "", 401, "five minutes"),
        (0, "signature", 401, "not ours"),
        (0, "time", 401, "RFC 3339"),
    ] {
        let at = if tamper == "time" {
            NOW.to_string()
        } else {
            stamp(offset)
        };
        let signed = sign(if tamper == "signature" { "other" } else { &at });
        let headers = [
            ("X-Zendesk-Webhook-Signature", signed.as_str()),
            ("X-Zendesk-Webhook-Signature-Timestamp", at.as_str()),
        ];
        let (status, said) = door.send("zendesk", &headers, &body).await;
        assert_eq!(
            (status, said.contains(word)),
            (expected, true),
            "{offset} {tamper}: {said}"
        );
    }
    let (status, said) = door.send("zendesk", &[], &body).await;
    assert_eq!((status, said.contains("is missing")), (401, true), "{said}");
}

#[tokio::test]
async fn a_bearer_token_is_taken_whole_or_not_at_all() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let right = format!("Bearer {TOKEN}");
    let short = format!("Bearer {}", &TOKEN[..TOKEN.len() - 1]);
    for (value, expected) in [
        (right.as_str(), 202),
        (short.as_str(), 401),
        ("Bearer ", 401),
        ("Basic YTpi", 401),
        (TOKEN, 401),
    ] {
        let (status, said) = door.send("form", &[("authorization", value)], &body).await;
        assert_eq!(status, expected, "{value}: {said}");
        assert!(!said.contains(TOKEN), "the token is repeated");
    }
}
