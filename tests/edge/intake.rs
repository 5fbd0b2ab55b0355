//! The intake: what is stored and when it is acknowledged, what a repeat does, how large a ticket may be, health.

use countersign::domain::case::command::CaseCommand;
use countersign::domain::ids::{CaseId, SourceName};
use countersign::domain::journal::Command;
use countersign::domain::person::Actor;
use countersign::domain::time::{At, Span};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::door::{Door, NOW, TOKEN, bytes, plain, with};

#[tokio::test]
async fn a_ticket_is_stored_with_its_texts_apart_before_it_is_acknowledged() {
    let door = Door::open().await;
    let (status, said) = door.signed(&bytes(&plain())).await;
    assert_eq!((status, door.stored().await), (202, 1));
    let case = CaseId::of(&SourceName::new("helpdesk"), "T-1");
    assert!(said.contains(case.as_str()), "{said}");
    let claimed = door
        .store
        .next_command("w", At(NOW * 1_000), Span::minutes(1))
        .await;
    let submission = claimed.unwrap().unwrap().submission;
    assert_eq!(
        submission.actor,
        Actor::Source {
            name: "helpdesk".into()
        }
    );
    let Command::Case {
        case: of,
        ask: CaseCommand::Open { ticket },
    } = submission.command
    else {
        panic!("it opens a case");
    };
    assert_eq!(of, case);
    assert!(ticket.requester.verified && ticket.requester.has_email);
    assert_eq!(
        (ticket.desk.as_str(), ticket.received_at),
        ("helpdesk", At(NOW * 1_000))
    );
    let body = door.store.content(&ticket.body).await.unwrap().unwrap();
    assert_eq!(body.text, "Please look.\nThank you.");
    assert!(body.holds());
    let who = door
        .store
        .content(&ticket.requester.who)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&who.text).unwrap(),
        plain()["requester"]
    );
}

#[tokio::test]
async fn a_repeat_changes_nothing_and_another_body_is_a_contradiction() {
    let door = Door::open().await;
    assert_eq!(door.signed(&bytes(&plain())).await.0, 202);
    let (status, said) = door.signed(&bytes(&plain())).await;
    assert_eq!((status, said.contains("already received")), (200, true));
    let (status, said) = door.signed(&with("body", json!("Something else."))).await;
    assert_eq!((status, said.contains("comment_id")), (409, true), "{said}");
    assert_eq!(door.stored().await, 1);
    let mut again = plain();
    again["body"] = json!("And one more thing.");
    again["comment_id"] = json!("m2");
    assert_eq!(door.signed(&bytes(&again)).await.0, 202);
    assert_eq!(door.signed(&bytes(&again)).await.0, 200);
    assert_eq!(door.stored().await, 2);
}

#[tokio::test]
async fn the_source_says_whether_it_verifies_requesters_and_never_the_ticket() {
    let door = Door::open().await;
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(door.send("form", &headers, &bytes(&plain())).await.0, 202);
    let claimed = door
        .store
        .next_command("w", At(NOW * 1_000), Span::minutes(1))
        .await;
    let Command::Case {
        ask: CaseCommand::Open { ticket },
        ..
    } = claimed.unwrap().unwrap().submission.command
    else {
        panic!("it opens a case");
    };
    assert!(!ticket.requester.verified);
    let (status, said) = door.signed(&with("requester_verified", json!(true))).await;
    assert_eq!((status, said.contains("unknown")), (400, true), "{said}");
}

#[tokio::test]
async fn the_largest_ticket_is_taken_and_one_byte_more_is_not() {
    let door = Door::open().await;
    let frame = bytes(&plain()).len() - "Please look.\\nThank you.".len();
    let fill = |extra: usize| with("body", json!("x".repeat(256 * 1024 - frame + extra)));
    assert_eq!(fill(0).len(), 256 * 1024);
    assert_eq!(door.signed(&fill(0)).await.0, 202);
    let (status, said) = door.signed(&fill(1)).await;
    assert_eq!((status, said.contains("256 KiB")), (413, true), "{said}");
    // Nobody needs a signature to be told that a body is too large.
    assert_eq!(
        door.send("helpdesk", &[], &vec![b'x'; 300_000]).await.0,
        413
    );
    assert_eq!(door.stored().await, 1);
}

#[tokio::test]
async fn a_body_without_a_declared_length_is_limited_as_well() {
    let door = Door::open().await;
    let host = door.address.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = "POST /intake/helpdesk HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    for _ in 0..257 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    let mut answer = vec![0; 64];
    stream.read_exact(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(door.stored().await, 0);
}

#[tokio::test]
async fn an_unknown_source_and_another_method_are_told_so() {
    let door = Door::open().await;
    let (status, said) = door.send("nobody", &[], &bytes(&plain())).await;
    assert_eq!(
        (status, said.contains("workspace.json")),
        (404, true),
        "{said}"
    );
    let sent = door
        .client
        .get(format!("{}/intake/helpdesk", door.address))
        .send()
        .await;
    assert_eq!(sent.unwrap().status().as_u16(), 405);
    let sent = door
        .client
        .get(format!("{}/elsewhere", door.address))
        .send()
        .await;
    assert_eq!(sent.unwrap().status().as_u16(), 404);
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_database_is_away() {
    let door = Door::open().await;
    door.store.close().await;
    let (status, said) = door.signed(&bytes(&plain())).await;
    assert_eq!(
        (status, said.contains("send it again")),
        (503, true),
        "{said}"
    );
    let ready = door
        .client
        .get(format!("{}/readyz", door.address))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    assert!(ready.text().await.unwrap().contains("database"));
    let alive = door
        .client
        .get(format!("{}/healthz", door.address))
        .send()
        .await
        .unwrap();
    assert_eq!(alive.status().as_u16(), 200);
}

#[tokio::test]
async fn readiness_names_every_reason_until_it_is_taken_back() {
    let door = Door::open().await;
    let ask = async || {
        let sent = door
            .client
            .get(format!("{}/readyz", door.address))
            .send()
            .await
            .unwrap();
        (sent.status().as_u16(), sent.text().await.unwrap())
    };
    assert_eq!(ask().await.0, 200);
    door.readiness
        .hold("the policy folder is not the pinned one");
    door.readiness.hold("stopping");
    let (status, said) = ask().await;
    assert_eq!(status, 503);
    assert!(
        said.contains("pinned") && said.contains("stopping"),
        "{said}"
    );
    door.readiness.release("stopping");
    door.readiness
        .release("the policy folder is not the pinned one");
    assert_eq!(ask().await.0, 200);
}
