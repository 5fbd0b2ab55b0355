//! Clients that take their time: a connection costs a bounded time, there are boundedly many, and a stop ends well.

use std::time::{Duration, Instant};

use countersign::http::Bounds;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::door::{Door, bytes, plain, with};
use crate::raw::{and_on, connected, head, intake_headers, request, rest, slack_headers, statuses};

const SHORT: Duration = Duration::from_millis(300);
const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

async fn bounded(connections: usize) -> Door {
    Door::bounded(Bounds {
        head: SHORT,
        connections,
        ..Bounds::default()
    })
    .await
}

/// What a polite client hears of the door's health, and how long that took.
async fn health(door: &Door) -> Duration {
    let began = Instant::now();
    let mut socket = connected(door).await;
    socket.write_all(HEALTH).await.unwrap();
    let said = rest(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    began.elapsed()
}

#[tokio::test]
async fn a_head_that_trickles_in_is_not_waited_for() {
    let door = bounded(10).await;
    let mut socket = connected(&door).await;
    let began = Instant::now();
    for byte in b"GET /healthz HTTP/1.1\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
        if socket.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let said = rest(&mut socket).await;
    assert!(!said.contains("200 OK"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn connections_that_say_nothing_give_their_places_up() {
    let door = bounded(2).await;
    let _idle = [connected(&door).await, connected(&door).await];
    let waited = health(&door).await;
    assert!(waited > SHORT / 2, "there were only two places: {waited:?}");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_not_waited_for_and_stores_nothing() {
    let body = SHORT;
    let door = Door::bounded(Bounds {
        body,
        ..Bounds::default()
    })
    .await;
    let ticket = bytes(&plain());
    let whole = request(
        "POST /intake/helpdesk HTTP/1.1",
        &intake_headers(&ticket),
        &ticket,
    );
    let mut socket = connected(&door).await;
    let (most, last) = whole.split_at(whole.len() - 40);
    socket.write_all(most).await.unwrap();
    for byte in last {
        tokio::time::sleep(SHORT / 10).await;
        if socket.write_all(&[*byte]).await.is_err() {
            break;
        }
    }
    let said = rest(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert_eq!(door.stored().await, 0);
}

/// Who reads no answer waits for no head and sends no body: only what is written to them can end the connection.
#[tokio::test]
async fn whoever_reads_no_answer_gives_their_place_up() {
    let bounds = Bounds {
        unread: SHORT,
        connections: 1,
        ..Bounds::default()
    };
    let door = Door::bounded(bounds).await;
    let mut deaf = narrow(&door).await;
    let said = "c".repeat(900 * 1024);
    let body = format!(r#"{{"type": "url_verification", "challenge": "{said}"}}"#);
    let body = body.as_bytes();
    let asked = request("POST /slack/events HTTP/1.1", &slack_headers(body), body);
    let asked = and_on(asked);
    let asking = tokio::spawn(async move {
        // Twenty answers are more than what lies between two sockets of one machine.
        for _ in 0..20 {
            if deaf.write_all(&asked).await.is_err() {
                break;
            }
        }
        deaf
    });
    let waited = health(&door).await;
    assert!(waited > SHORT / 3, "there was only one place: {waited:?}");
    assert!(waited < bounds.head, "it was a head that ended it");
    asking.abort();
}

/// A connection that takes in little before it is full.
async fn narrow(door: &Door) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let address = door.address.strip_prefix("http://").unwrap();
    socket.connect(address.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn large_bodies_that_never_end_keep_nobody_else_waiting_and_large_ones_only_for_a_time() {
    let body = Duration::from_secs(2);
    let door = Door::bounded(Bounds {
        body,
        ..Bounds::default()
    })
    .await;
    let began = Instant::now();
    let mut slow = vec![];
    for _ in 0..40 {
        let mut socket = connected(&door).await;
        let head = head("POST /slack/events HTTP/1.1", &[]);
        let declared = format!("{head}content-length: 1000000\r\n\r\n");
        socket.write_all(declared.as_bytes()).await.unwrap();
        socket.write_all(&vec![b'x'; 40 * 1024]).await.unwrap();
        slow.push(socket);
    }
    tokio::time::sleep(body / 2).await;
    let ticket = bytes(&plain());
    assert_eq!(door.signed(&ticket).await.0, 202);
    assert!(
        began.elapsed() < body,
        "a small ticket waited for the large ones"
    );
    let large = with("id", "T-2".into());
    let large = String::from_utf8(large)
        .unwrap()
        .replace("Please", &"Please ".repeat(20_000));
    assert_eq!(door.signed(large.as_bytes()).await.0, 202);
    assert!(began.elapsed() > body, "a large one had a place at once");
    for mut socket in slow {
        assert_eq!(statuses(&rest(&mut socket).await), [408]);
    }
    assert_eq!(door.stored().await, 2);
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_takes_nothing_new() {
    let door = Door::open().await;
    let mut socket = connected(&door).await;
    let body = bytes(&plain());
    let head = format!(
        "POST /intake/form HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        crate::door::TOKEN,
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    door.stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let address = door.address.strip_prefix("http://").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    socket.write_all(&body).await.unwrap();
    let said = rest(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 202"), "{said}");
    assert_eq!(door.stored().await, 1);
}
