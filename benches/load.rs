//! People: each sends one signed request after the other over a connection that stays open, and waits for each answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::report::Spread;

/// What a round left.
pub struct Round {
    /// From sending the first request to the last answer.
    pub answered_in: Duration,
    /// How long each request waited for its answer.
    pub waits: Vec<Duration>,
}

impl Round {
    /// A percentile of the waits, in milliseconds.
    pub fn wait(&self, percent: usize) -> f64 {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let place = (waits.len() * percent).div_ceil(100).max(1) - 1;
        waits[place].as_secs_f64() * 1_000.0
    }
}

/// A number for each round: its middle, and how far the rounds are apart.
pub fn over(rounds: &[Round], number: impl Fn(&Round) -> f64) -> Spread {
    Spread::of(rounds.iter().map(number))
}

/// Lets so many people send these bodies, each body once.
pub async fn sent(
    address: SocketAddr,
    secret: &str,
    bodies: Arc<Vec<String>>,
    people: usize,
) -> Round {
    let next = Arc::new(AtomicUsize::new(0));
    let mut going = tokio::task::JoinSet::new();
    let mut connections = vec![];
    for _ in 0..people {
        let connection = TcpStream::connect(address).await.unwrap();
        connection.set_nodelay(true).unwrap();
        connections.push(connection);
    }
    let began = Instant::now();
    for mut connection in connections {
        let (next, bodies, secret) = (Arc::clone(&next), Arc::clone(&bodies), secret.to_owned());
        going.spawn(async move {
            let mut waits = vec![];
            while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                let request = request(&secret, body);
                let sent = Instant::now();
                connection.write_all(&request).await.unwrap();
                let status = answered(&mut connection).await;
                waits.push(sent.elapsed());
                assert_eq!(status, 200, "a request was not taken");
            }
            waits
        });
    }
    let waits = going.join_all().await.concat();
    Round {
        answered_in: began.elapsed(),
        waits,
    }
}

/// A request as Slack sends it, signed now.
fn request(secret: &str, body: &str) -> Vec<u8> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let signature = signature(secret, &now.to_string(), body.as_bytes());
    let mut request = format!(
        "POST /slack/interactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nx-slack-request-timestamp: {now}\r\nx-slack-signature: {signature}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body.as_bytes());
    request
}

/// Slack's signature, version 0.
pub fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// Reads one answer to its end and gives its status.
async fn answered(connection: &mut TcpStream) -> u16 {
    let mut bytes = Vec::with_capacity(512);
    loop {
        let read = connection.read_buf(&mut bytes).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        let length = text.split("content-length: ").nth(1);
        let length = length
            .and_then(|rest| rest.lines().next()?.trim().parse().ok())
            .unwrap_or(0);
        if bytes.len() >= head + 4 + length {
            return text[9..12].parse().unwrap();
        }
    }
}
