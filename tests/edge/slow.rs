//! Clients that take their time: a connection costs a bounded time, there are boundedly many, and a stop ends well.

use std::time::{Duration, Instant};

use countersign::http::Bounds;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::door::{Door, bytes, plain};

const HEAD: Duration = Duration::from_millis(300);
const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

async fn bounded(connections: usize) -> Door {
    let head = HEAD;
    Door::bounded(Bounds { head, connections }).await
}

async fn connected(door: &Door) -> TcpStream {
    let address = door.address.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Everything that the server says until it closes.
async fn rest(socket: &mut TcpStream) -> String {
    let mut said = vec![];
    let read = socket.read_to_end(&mut said);
    let ended = tokio::time::timeout(Duration::from_secs(10), read).await;
    // A reset is an end as well.
    drop(ended.expect("the server never closed the connection"));
    String::from_utf8(said).unwrap()
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
    let mut third = connected(&door).await;
    let began = Instant::now();
    third.write_all(HEALTH).await.unwrap();
    let said = rest(&mut third).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    let waited = began.elapsed();
    assert!(waited > HEAD / 2, "there were only two places: {waited:?}");
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
