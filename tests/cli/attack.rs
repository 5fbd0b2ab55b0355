//! The built program under attack: what it holds in memory, what it answers others meanwhile, and what it kept.

use std::time::{Duration, SystemTime};

use countersign::domain::webhook::WebhookKey;
use countersign::sandbox::{Sandbox, SandboxConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::bench::{Bench, Running};

/// How many attackers there are at once. The door takes some more than that.
const ATTACKERS: usize = 400;
/// What the program may hold beyond what it holds at rest, in KiB. The attackers offer more than twice as much in each
/// of their attacks.
const MOST_MORE: u64 = 160 * 1024;

/// A running program with a local workspace behind it.
struct Besieged {
    running: Running,
    address: String,
    // Behind the program, until the end.
    _sandbox: Sandbox,
}

fn seconds() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs().try_into().unwrap()
}

/// What the process holds, in KiB, by a name of `/proc/<id>/status`.
fn memory(running: &Running, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

impl Besieged {
    async fn begin(bench: &mut Bench) -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        bench.point_at(&sandbox);
        let running = bench.start(&["serve"], "listens on");
        let address = running
            .address()
            .strip_prefix("http://")
            .unwrap()
            .to_owned();
        Self {
            running,
            address,
            _sandbox: sandbox,
        }
    }

    /// Sends bytes and gives the status of the answer.
    async fn ask(&self, bytes: &[u8]) -> u16 {
        let mut socket = TcpStream::connect(&self.address).await.unwrap();
        socket.write_all(bytes).await.unwrap();
        let mut said = [0; 12];
        let read = tokio::time::timeout(Duration::from_secs(30), socket.read_exact(&mut said));
        read.await
            .expect("no answer came")
            .expect("the answer broke off");
        std::str::from_utf8(&said[9..]).unwrap().parse().unwrap()
    }

    /// A small ticket, as the help desk would sign it.
    async fn ticket(&self, id: &str) -> u16 {
        let body = json!({"id": id, "requester": {}, "subject": "Hello", "body": "How do I export my data?"});
        let (body, at) = (body.to_string(), seconds());
        let key = WebhookKey::standard(&SandboxConfig::default().intake_secret).unwrap();
        let signature = key.sign(id, at, body.as_bytes());
        let length = body.len();
        let request = format!(
            "POST /intake/helpdesk HTTP/1.1\r\nhost: here\r\nwebhook-id: {id}\r\nwebhook-timestamp: {at}\r\n\
             webhook-signature: {signature}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.ask(request.as_bytes()).await
    }

    /// Every attacker connects, sends these bytes as far as they are taken, and says nothing more.
    async fn attacked(&self, bytes: Vec<u8>) -> JoinSet<TcpStream> {
        let mut attackers = JoinSet::new();
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        for _ in 0..ATTACKERS {
            let (bytes, mut socket) = (
                bytes.clone(),
                TcpStream::connect(&self.address).await.unwrap(),
            );
            attackers.spawn(async move {
                let sent = socket.write_all(&bytes);
                drop(tokio::time::timeout(Duration::from_secs(4), sent).await);
                socket
            });
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        attackers
    }
}

/// A request of Slack's that is rightly signed: what it costs to read is what somebody with the secret could do.
fn signed(body: &str) -> Vec<u8> {
    let at = seconds();
    let secret = SandboxConfig::default().signing_secret;
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("v0:{at}:{body}")).finalize();
    let (signature, length) = (hex::encode(mac.into_bytes()), body.len());
    let head = format!(
        "POST /slack/events HTTP/1.1\r\nhost: here\r\nx-slack-request-timestamp: {at}\r\n\
         x-slack-signature: v0={signature}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

fn large_bodies() -> Vec<u8> {
    let head = "POST /slack/interactions HTTP/1.1\r\nhost: here\r\ncontent-length: 1048576\r\n\r\n";
    [head.as_bytes(), &vec![b'x'; 1024 * 1024 - 1]].concat()
}

fn large_heads() -> Vec<u8> {
    let line = format!("x-filler: {}\r\n", "a".repeat(1_200));
    format!(
        "POST /slack/events HTTP/1.1\r\nhost: here\r\n{}",
        line.repeat(1_000)
    )
    .into_bytes()
}

fn rows_of_requests() -> Vec<u8> {
    b"POST /slack/events HTTP/1.1\r\nhost: here\r\ncontent-length: 1\r\n\r\nx".repeat(20_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_attackers_cost_little_memory_and_keep_no_ticket_out() {
    let mut bench = Bench::new();
    let door = Besieged::begin(&mut bench).await;
    assert_eq!(door.ticket("T-rest").await, 202);
    let rest = memory(&door.running, "VmRSS");
    let attacks = [large_bodies(), large_heads(), rows_of_requests()];
    let mut tickets = 1;
    for (number, attack) in attacks.into_iter().enumerate() {
        assert!(
            ATTACKERS as u64 * attack.len() as u64 > 2 * MOST_MORE * 1024,
            "too little is offered"
        );
        let attackers = door.attacked(attack).await;
        assert_eq!(
            door.ticket(&format!("T-{number}")).await,
            202,
            "attack {number}"
        );
        tickets += 1;
        drop(attackers);
    }
    let deep = format!("{{\"type\":{}", "[".repeat(1_000_000));
    let wide = format!("{{\"type\":[{}0]}}", "0,".repeat(500_000));
    for body in [deep, wide] {
        let asked = signed(&body);
        let asked = (0..8).map(|_| door.ask(&asked));
        let answers = futures_util::future::join_all(asked).await;
        assert_eq!(answers, [400; 8]);
    }
    let most = memory(&door.running, "VmHWM");
    assert!(
        most - rest < MOST_MORE,
        "{rest} KiB at rest, {most} KiB under attack"
    );
    assert_eq!(
        door.ask(b"GET /readyz HTTP/1.1\r\nhost: here\r\n\r\n")
            .await,
        200
    );
    assert_eq!(door.running.terminate().0, Some(0));
    bench.run(&["audit", "verify"]).exits(0);
    let listed = bench.run(&["case", "list"]).exits(0).out;
    assert_eq!(
        listed.lines().count(),
        tickets + 1,
        "a line of titles and the cases:\n{listed}"
    );
}
