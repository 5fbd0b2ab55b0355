//! Headers that are too many, too long, twice there, or ask for something to be unpacked.

use serde_json::json;

use crate::door::{Door, NOW, TOKEN, bytes, plain, standard_key, zendesk_secret};
use crate::raw::{answers, form, head, intake_headers, request, said_to, slack_headers};

const CHALLENGE: &[u8] = br#"{"type": "url_verification", "challenge": "c-1"}"#;
const EVENTS: &str = "POST /slack/events HTTP/1.1";
const HELPDESK: &str = "POST /intake/helpdesk HTTP/1.1";

fn named(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

#[tokio::test]
async fn a_head_that_is_too_long_or_has_too_many_lines_is_refused_and_the_next_one_is_not() {
    let door = Door::open().await;
    let mut many = slack_headers(CHALLENGE);
    many.extend((0..200).map(|n| named(&format!("x-filler-{n}"), "a")));
    let mut long = slack_headers(CHALLENGE);
    long.push(named("x-filler", "a".repeat(1024 * 1024)));
    for headers in [many, long] {
        let sent = request(EVENTS, &headers, CHALLENGE);
        assert_eq!(answers(&door, &sent).await, [431]);
    }
    let line = format!("POST /slack/events?{} HTTP/1.1", "a".repeat(1024 * 1024));
    let said = answers(&door, &request(&line, &slack_headers(CHALLENGE), CHALLENGE)).await;
    assert!(matches!(said[..], [414 | 431]), "{said:?}");
    let endless = vec![b'a'; 4 * 1024 * 1024];
    let said = answers(&door, &endless).await;
    assert!(matches!(said[..], [400 | 414 | 431]), "{said:?}");
    let sent = request(EVENTS, &slack_headers(CHALLENGE), CHALLENGE);
    assert_eq!(answers(&door, &sent).await, [200]);
}

/// Which of two headers somebody in front of the door believed, nobody can tell; so neither counts.
#[tokio::test]
async fn a_header_that_says_who_speaks_stands_once_or_nobody_speaks() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let standard = intake_headers(&body);
    let zendesk = zendesk(&body);
    let bearer = vec![named("authorization", format!("Bearer {TOKEN}"))];
    let slack = slack_headers(CHALLENGE);
    let doors = [
        (EVENTS, slack, CHALLENGE),
        (HELPDESK, standard, &body),
        ("POST /intake/zendesk HTTP/1.1", zendesk, &body),
        ("POST /intake/form HTTP/1.1", bearer, &body),
    ];
    for (line, headers, body) in &doors {
        for at in 0..headers.len() {
            let (name, value) = &headers[at];
            for second in [value.clone(), "other".to_owned()] {
                for place in [at, at + 1] {
                    let mut doubled = headers.clone();
                    doubled.insert(place, (name.to_uppercase(), second.clone()));
                    let said = said_to(&door, &request(line, &doubled, body)).await;
                    assert!(said.starts_with("HTTP/1.1 401"), "{line} {name}: {said}");
                }
            }
        }
    }
    assert_eq!(door.stored().await, 0);
    // Each of them once is believed.
    for (line, headers, body) in &doors {
        let said = said_to(&door, &request(line, headers, body)).await;
        assert!(said.starts_with("HTTP/1.1 20"), "{line}: {said}");
    }
    assert_eq!(door.stored().await, 3);
}

fn zendesk(body: &[u8]) -> Vec<(String, String)> {
    use base64::Engine as _;
    use hmac::{KeyInit as _, Mac as _};
    let at = "2027-01-15T08:00:00Z";
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(zendesk_secret()).unwrap();
    let mac = mac
        .chain_update(at)
        .chain_update(body)
        .finalize()
        .into_bytes();
    let signature = base64::engine::general_purpose::STANDARD.encode(mac);
    vec![
        named("x-zendesk-webhook-signature", signature),
        named("x-zendesk-webhook-signature-timestamp", at),
    ]
}

#[tokio::test]
async fn of_several_signatures_in_one_header_one_of_ours_is_enough() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let ours = standard_key().sign("msg_1", NOW, &body);
    for (listed, status) in [
        (format!("v1,AAAA {ours} v1a,BBBB"), 202),
        ("v1,AAAA v1a,BBBB".to_owned(), 401),
        (ours.replacen("v1,", "v1a,", 1), 401),
    ] {
        let mut headers = intake_headers(&body);
        headers[2].1 = listed;
        assert_eq!(
            answers(&door, &request(HELPDESK, &headers, &body)).await,
            [status]
        );
    }
}

#[tokio::test]
async fn nothing_is_unpacked_signed_or_not() {
    let door = Door::open().await;
    // What this would unpack to does not matter: it is not unpacked.
    let packed = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0][..], &[0; 2_000]].concat();
    let ticket = bytes(&plain());
    for encoding in [
        "gzip",
        "br",
        "deflate",
        "zstd",
        "GZIP",
        "identity, gzip",
        "gzip, gzip",
        "",
    ] {
        for (line, body, signed) in [
            (EVENTS, &packed, slack_headers(&packed)),
            (HELPDESK, &packed, intake_headers(&packed)),
            (HELPDESK, &ticket, intake_headers(&ticket)),
            (EVENTS, &packed, vec![]),
        ] {
            let mut headers = signed;
            headers.push(named("content-encoding", encoding));
            let said = said_to(&door, &request(line, &headers, body)).await;
            assert!(said.starts_with("HTTP/1.1 415"), "{encoding}: {said}");
            assert!(
                said.contains("Content-Encoding") && said.contains("accept-encoding: identity")
            );
        }
    }
    assert_eq!(door.stored().await, 0);
    let mut headers = intake_headers(&ticket);
    headers.push(named("content-encoding", "identity"));
    assert_eq!(
        answers(&door, &request(HELPDESK, &headers, &ticket)).await,
        [202]
    );
}

#[tokio::test]
async fn the_query_is_never_read() {
    let door = Door::open().await;
    let closed = form(&json!({"type": "view_closed", "user": {"id": "U0LEAD0001"}}));
    let query = String::from_utf8(closed.clone()).unwrap();
    for (path, nothing) in [("interactions", ""), ("commands", ""), ("events", "{}")] {
        let line = format!("POST /slack/{path}?{query}&user_id=U0LEAD0001&text=status HTTP/1.1");
        let sent = request(
            &line,
            &slack_headers(nothing.as_bytes()),
            nothing.as_bytes(),
        );
        assert_eq!(answers(&door, &sent).await, [400], "{path}");
        let signed = slack_headers(query.as_bytes());
        assert_eq!(
            answers(&door, &request(&line, &signed, b"")).await,
            [401],
            "{path}"
        );
    }
    // The same payload in the body is taken.
    let line = "POST /slack/interactions?payload=%7B%7D HTTP/1.1";
    assert_eq!(
        answers(&door, &request(line, &slack_headers(&closed), &closed)).await,
        [200]
    );
    // Nor are signatures read from it.
    let signed: Vec<String> = intake_headers(&bytes(&plain()))
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let line = format!(
        "POST /intake/helpdesk?{} HTTP/1.1",
        signed.join("&").replace('+', "%2B")
    );
    assert_eq!(
        answers(&door, &request(&line, &[], &bytes(&plain()))).await,
        [401]
    );
    assert_eq!(door.stored().await, 0);
}

/// Zero bytes, line breaks and other scripts in a header never reach a check, nor a log.
#[tokio::test]
async fn a_signature_that_is_no_text_is_none() {
    let door = Door::open().await;
    let signed = slack_headers(CHALLENGE);
    for odd in ["\u{fc}", "v0=\u{2028}", " ", "v0= ", "v0=\t"] {
        let mut headers = signed.clone();
        headers[1].1 = odd.to_owned();
        assert_eq!(
            answers(&door, &request(EVENTS, &headers, CHALLENGE)).await,
            [401],
            "{odd:?}"
        );
    }
    for broken in ["v0=\0", "v0=a\r\n b", "v0=\rx"] {
        let mut headers = signed.clone();
        headers[1].1 = broken.to_owned();
        let said = answers(&door, &request(EVENTS, &headers, CHALLENGE)).await;
        assert!(matches!(said[..], [400 | 401]), "{broken:?}: {said:?}");
    }
    let sent = format!("{}\r\n", head("POST /slack/events HTTP/1.1", &signed));
    assert_eq!(
        answers(&door, sent.as_bytes()).await,
        [401],
        "no body was signed"
    );
}
