//! Requests as bytes on a socket, for what no well-behaved client would send.

use std::time::Duration;

use hmac::{KeyInit as _, Mac as _};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::door::{Door, NOW, SIGNING, standard_key};

/// Longer than any bound of a door under test, so that a door that hangs fails its test.
const PATIENCE: Duration = Duration::from_secs(20);

const CLOSE: &str = "connection: close\r\n";

/// Slack's signature of a body at a second.
pub fn slack_signature(secret: &str, at: i64, body: &[u8]) -> String {
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("v0:{at}:")).chain_update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// The two headers of a request that Slack signed just now.
pub fn slack_headers(body: &[u8]) -> Vec<(String, String)> {
    vec![
        ("x-slack-request-timestamp".into(), NOW.to_string()),
        (
            "x-slack-signature".into(),
            slack_signature(SIGNING, NOW, body),
        ),
    ]
}

/// The three headers of a ticket that the help desk signed just now.
pub fn intake_headers(body: &[u8]) -> Vec<(String, String)> {
    vec![
        ("webhook-id".into(), "msg_1".into()),
        ("webhook-timestamp".into(), NOW.to_string()),
        (
            "webhook-signature".into(),
            standard_key().sign("msg_1", NOW, body),
        ),
    ]
}

/// The head of a request after which the connection ends, without the empty line at its end.
pub fn head(line: &str, headers: &[(String, String)]) -> String {
    let lines = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    format!(
        "{line}\r\nhost: here\r\n{CLOSE}{}",
        lines.collect::<String>()
    )
}

/// A whole request with its length declared.
pub fn request(line: &str, headers: &[(String, String)], body: &[u8]) -> Vec<u8> {
    let head = head(line, headers);
    let mut bytes = format!("{head}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The same request, with more to come after it.
pub fn and_on(request: Vec<u8>) -> Vec<u8> {
    let at = request
        .windows(CLOSE.len())
        .position(|window| window == CLOSE.as_bytes());
    let (before, after) = request.split_at(at.unwrap());
    [before, &after[CLOSE.len()..]].concat()
}

/// The body of a form with a payload.
pub fn form(payload: &Value) -> Vec<u8> {
    let escaped = payload
        .to_string()
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect::<String>();
    format!("payload={escaped}").into_bytes()
}

pub async fn connected(door: &Door) -> TcpStream {
    let address = door.address.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Everything that the server says until it closes.
pub async fn rest(socket: &mut TcpStream) -> String {
    let mut said = vec![];
    let read = socket.read_to_end(&mut said);
    let ended = tokio::time::timeout(PATIENCE, read).await;
    // A reset is an end as well.
    drop(ended.expect("the server never closed the connection"));
    String::from_utf8(said).unwrap()
}

/// Sends bytes, and returns everything that is answered until the server closes.
pub async fn said_to(door: &Door, bytes: &[u8]) -> String {
    let mut socket = connected(door).await;
    // A server that has refused already does not read the rest.
    drop(socket.write_all(bytes).await);
    rest(&mut socket).await
}

/// The statuses of all answers on one connection, in order.
pub fn statuses(said: &str) -> Vec<u16> {
    let answers = said.match_indices("HTTP/1.").map(|(at, _)| &said[at..]);
    answers
        .filter_map(|answer| answer.get(9..12)?.parse().ok())
        .collect()
}

/// The statuses of all answers to these bytes.
pub async fn answers(door: &Door, bytes: &[u8]) -> Vec<u16> {
    statuses(&said_to(door, bytes).await)
}
