//! Slack's three addresses over a real socket: signed or refused, limited before that, answered as JSON.

use hmac::{KeyInit as _, Mac as _};

use crate::door::{Door, NOW, SIGNING};

fn sign(secret: &str, at: i64, body: &[u8]) -> String {
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("v0:{at}:")).chain_update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

async fn send(door: &Door, path: &str, headers: &[(&str, String)], body: &[u8]) -> (u16, String) {
    let mut request = door.client.post(format!("{}/slack/{path}", door.address));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.body(body.to_vec()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn headers(secret: &str, at: i64, body: &[u8]) -> [(&'static str, String); 2] {
    [
        ("x-slack-request-timestamp", at.to_string()),
        ("x-slack-signature", sign(secret, at, body)),
    ]
}

const CHALLENGE: &[u8] = br#"{"type": "url_verification", "challenge": "c-1"}"#;

#[tokio::test]
async fn slacks_address_check_is_answered_within_the_window_and_not_beyond() {
    let door = Door::open().await;
    for (at, expected) in [
        (NOW, 200),
        (NOW - 300, 200),
        (NOW + 300, 200),
        (NOW - 301, 401),
        (NOW + 301, 401),
    ] {
        let (status, said) =
            send(&door, "events", &headers(SIGNING, at, CHALLENGE), CHALLENGE).await;
        assert_eq!(
            (status, said.contains("c-1")),
            (expected, expected == 200),
            "{at}: {said}"
        );
    }
}

#[tokio::test]
async fn an_unsigned_or_malformed_request_is_refused_on_every_address_and_nothing_is_stored() {
    let door = Door::open().await;
    for path in ["events", "interactions", "commands"] {
        for body in [
            &b""[..],
            b"payload=",
            b"payload=%7B%7D",
            b"{}",
            b"\xff\xfe",
            b"payload=[1,2",
        ] {
            let (status, said) = send(&door, path, &[], body).await;
            assert_eq!(status, 401, "{path}: {said}");
            let (status, said) = send(&door, path, &headers("another", NOW, body), body).await;
            assert_eq!(status, 401, "{path}: {said}");
            let (status, said) = send(&door, path, &headers(SIGNING, NOW, body), body).await;
            assert!((400..500).contains(&status), "{path}: {status} {said}");
        }
    }
    assert_eq!(door.stored().await, 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_told_so_before_its_signature_is_looked_at() {
    let door = Door::open().await;
    for path in ["events", "interactions", "commands"] {
        let (status, said) = send(&door, path, &[], &vec![b'x'; 1024 * 1024 + 1]).await;
        assert_eq!(
            (status, said.contains("1024 KiB")),
            (413, true),
            "{path}: {said}"
        );
    }
}
