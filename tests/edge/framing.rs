//! Requests whose frame is odd: chunked, old, in a row, cut off, or of another protocol altogether.

use std::time::Duration;

use countersign::http::Bounds;

use crate::door::{Door, bytes, plain, with};
use crate::raw::{and_on, answers, head, intake_headers, request, said_to, slack_headers};

const HELPDESK: &str = "POST /intake/helpdesk HTTP/1.1";
const HEALTH: &str = "GET /healthz HTTP/1.1";

/// A door that waits for little, so that a request without an end does not hold a test up.
async fn hurried() -> Door {
    let short = Duration::from_millis(700);
    let bounds = Bounds {
        head: short,
        body: short,
        ..Bounds::default()
    };
    Door::bounded(bounds).await
}

/// A request in chunks of this many bytes.
fn chunked(body: &[u8], size: usize, extension: &str, trailer: &str) -> Vec<u8> {
    let head = head(HELPDESK, &intake_headers(body));
    let mut sent = format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for chunk in body.chunks(size) {
        sent.extend(format!("{:x}{extension}\r\n", chunk.len()).bytes());
        sent.extend_from_slice(chunk);
        sent.extend_from_slice(b"\r\n");
    }
    sent.extend(format!("0\r\n{trailer}\r\n").bytes());
    sent
}

/// A request with a frame of its own: these header lines, and then these bytes.
fn framed(body: &[u8], lines: &str, rest: &str) -> Vec<u8> {
    let head = head(HELPDESK, &intake_headers(body));
    format!("{head}{lines}\r\n{rest}").into_bytes()
}

#[tokio::test]
async fn a_ticket_in_chunks_is_one_ticket() {
    let door = Door::open().await;
    let body = bytes(&plain());
    assert_eq!(answers(&door, &chunked(&body, 1, "", "")).await, [202]);
    for (size, extension, trailer) in [
        (7, "", ""),
        (1_000, ";name=value", ""),
        (10, "", "webhook-id: other\r\nx-more: 1\r\n"),
    ] {
        assert_eq!(
            answers(&door, &chunked(&body, size, extension, trailer)).await,
            [200]
        );
    }
    assert_eq!(door.stored().await, 1);
}

#[tokio::test]
async fn a_broken_frame_is_refused_and_stores_nothing() {
    let door = hurried().await;
    let body = bytes(&plain());
    let text = String::from_utf8(body.clone()).unwrap();
    let length = text.len();
    let chunk = format!("{length:x}\r\n{text}\r\n0\r\n\r\n");
    for (lines, rest) in [
        ("transfer-encoding: chunked\r\n", "zz\r\n"),
        ("transfer-encoding: chunked\r\n", "-1\r\n"),
        ("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n"),
        (
            "transfer-encoding: chunked\r\n",
            &*format!("5;{}", "a".repeat(100_000)),
        ),
        ("transfer-encoding: xchunked\r\n", &chunk),
        ("transfer-encoding: gzip\r\n", &chunk),
        ("transfer-encoding: chunked, gzip\r\n", &chunk),
        ("content-length: -5\r\n", &text),
        ("content-length: +5\r\n", &text),
        ("content-length: 0x10\r\n", &text),
        ("content-length: 99999999999999999999999\r\n", &text),
        ("content-length: 5, 6\r\n", &text),
        (
            &format!("content-length: {length}\r\ncontent-length: 5\r\n"),
            &text,
        ),
        (
            &format!("content-length: 5\r\ncontent-length: {length}\r\n"),
            &text,
        ),
        (&format!("content-length : {length}\r\n"), &text),
        (
            &format!("content-length: {length}\r\n folded: yes\r\n"),
            &text,
        ),
        (&format!("content-length: {}\r\n", length + 1), &text),
        (&format!("content-length: {length}\r\nbare\r\n"), &text),
    ] {
        let said = answers(&door, &framed(&body, lines, rest)).await;
        let refused = said.iter().all(|status| (400..500).contains(status));
        assert!(refused && said.len() <= 1, "{lines:?} {said:?}");
    }
    assert_eq!(door.stored().await, 0);
    assert_eq!(
        answers(&door, &request(HELPDESK, &intake_headers(&body), &body)).await,
        [202]
    );
}

/// Where both are there, the chunks count (RFC 9112, 6.3), whatever the length says; what follows is no second
/// request that the length would have hidden.
#[tokio::test]
async fn a_length_beside_chunks_hides_no_second_ticket() {
    let door = Door::open().await;
    let (body, other) = (bytes(&plain()), with("id", "T-2".into()));
    let hidden = String::from_utf8(request(HELPDESK, &intake_headers(&other), &other)).unwrap();
    let text = String::from_utf8(body.clone()).unwrap();
    let chunk = format!("{:x}\r\n{text}\r\n0\r\n\r\n", text.len());
    for lines in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let said = answers(&door, &framed(&body, lines, &chunk)).await;
        assert!(
            matches!(said[..], [200 | 202] | [400]),
            "{lines:?} {said:?}"
        );
    }
    assert!(door.stored().await <= 1);
    // A request inside a body is a part of the body.
    let door = Door::open().await;
    let inside = format!("{text}{hidden}").into_bytes();
    assert_eq!(
        answers(&door, &request(HELPDESK, &intake_headers(&inside), &inside)).await,
        [400]
    );
    assert_eq!(door.stored().await, 0);
}

#[tokio::test]
async fn requests_in_a_row_are_answered_one_by_one_and_each_proves_itself() {
    let door = Door::open().await;
    let (first, second) = (bytes(&plain()), with("id", "T-2".into()));
    let row = [
        request(HELPDESK, &intake_headers(&first), &first),
        request(HELPDESK, &intake_headers(&first), &second),
        request(HEALTH, &[], b""),
        request(HELPDESK, &[], &second),
        request(HELPDESK, &intake_headers(&first), &first),
        request(
            "POST /slack/commands HTTP/1.1",
            &slack_headers(b"text=a"),
            b"text=b",
        ),
        request(HELPDESK, &intake_headers(&second), &second),
    ];
    let last = row.len() - 1;
    let row = row.into_iter().enumerate();
    let row: Vec<_> = row
        .map(|(at, one)| if at < last { and_on(one) } else { one })
        .collect();
    assert_eq!(
        answers(&door, &row.concat()).await,
        [202, 401, 200, 401, 200, 401, 202]
    );
    assert_eq!(door.stored().await, 2);
}

#[tokio::test]
async fn an_old_client_is_answered_and_let_go() {
    let door = Door::open().await;
    let body = bytes(&plain());
    let old = request(
        "POST /intake/helpdesk HTTP/1.0",
        &intake_headers(&body),
        &body,
    );
    let said = said_to(&door, &[and_on(old), request(HEALTH, &[], b"")].concat()).await;
    assert!(said.starts_with("HTTP/1.0 202"), "{said}");
    assert_eq!(
        said.matches("HTTP/1.").count(),
        1,
        "one request, one answer: {said}"
    );
    let chunks = chunked(&body, 9, "", "");
    let chunks = String::from_utf8(chunks)
        .unwrap()
        .replacen("HTTP/1.1", "HTTP/1.0", 1);
    assert_eq!(answers(&door, chunks.as_bytes()).await, [400]);
    assert_eq!(door.stored().await, 1);
}

#[tokio::test]
async fn another_protocol_is_no_request() {
    let door = hurried().await;
    let hello = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[7; 300]].concat();
    let others: [&[u8]; 8] = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        &hello,
        b"GET /healthz\r\n\r\n",
        b"GET /healthz HTTP/3.7\r\n\r\n",
        b"\r\n\r\n\r\n\0\0\0\0",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"GET /health z HTTP/1.1\r\nhost: here\r\n\r\n",
        b"*1\r\n$4\r\nPING\r\n",
    ];
    for other in others {
        let said = answers(&door, other).await;
        let refused = said.iter().all(|status| (400..600).contains(status));
        assert!(
            refused && said.len() <= 1,
            "{} {said:?}",
            String::from_utf8_lossy(other)
        );
    }
    assert_eq!(answers(&door, &request(HEALTH, &[], b"")).await, [200]);
}

#[tokio::test]
async fn an_address_that_is_not_there_or_another_method_is_told_so() {
    let door = Door::open().await;
    for (line, status) in [
        ("POST /slack/event HTTP/1.1", 404),
        ("POST /slack/events/ HTTP/1.1", 404),
        ("POST //slack/events HTTP/1.1", 404),
        ("POST /slack/../slack/events HTTP/1.1", 404),
        ("POST /%73lack/events HTTP/1.1", 404),
        ("POST /intake/ HTTP/1.1", 404),
        ("POST /intake/nobody HTTP/1.1", 404),
        ("POST /intake/%00 HTTP/1.1", 404),
        ("POST /intake/%FF HTTP/1.1", 400),
        ("POST /intake/helpdesk/more HTTP/1.1", 404),
        ("GET /slack/events HTTP/1.1", 405),
        ("PUT /intake/helpdesk HTTP/1.1", 405),
        ("TRACE /slack/events HTTP/1.1", 405),
    ] {
        assert_eq!(
            answers(&door, &request(line, &[], b"")).await,
            [status],
            "{line}"
        );
    }
}
