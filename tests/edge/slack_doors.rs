//! Slack's three addresses over a real socket: signed or refused, limited before that, answered as JSON.

use serde_json::{Value, json};

use crate::door::{Door, NOW, SIGNING};
use crate::raw::{answers, form, request, slack_headers, slack_signature};

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
        ("x-slack-signature", slack_signature(secret, at, body)),
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

/// A payload of each kind, with the ids that an installation is known by.
fn payloads(team: &Value, app: &Value, enterprise: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let press = json!({"type": "block_actions", "team": {"id": team}, "enterprise": {"id": enterprise},
        "api_app_id": app, "user": {"id": "U0LEAD0001", "team_id": team},
        "actions": [{"action_id": "cs.none", "value": "nothing of ours", "action_ts": "1.1"}]});
    let modal = json!({"type": "view_submission", "team": {"id": team}, "enterprise": {"id": enterprise},
        "api_app_id": app, "user": {"id": "U0LEAD0001", "team_id": team}, "view": {"callback_id": "another"}});
    let event = json!({"type": "event_callback", "team_id": team, "api_app_id": app,
        "event": {"type": "subteam_updated"}});
    let said = |id: &Value| id.as_str().unwrap_or_default().to_owned();
    let command = format!(
        "text=help&user_id=U0LEAD0001&team_id={}&api_app_id={}&enterprise_id={}",
        said(team),
        said(app),
        said(enterprise)
    );
    vec![
        ("interactions", form(&press)),
        ("interactions", form(&modal)),
        ("events", event.to_string().into_bytes()),
        ("commands", command.into_bytes()),
    ]
}

#[tokio::test]
async fn what_is_for_another_team_or_app_is_refused_on_every_address_however_well_it_is_signed() {
    let door = Door::open().await;
    let (team, app, none) = (json!("T0LOCAL001"), json!("A0CSIGN001"), Value::Null);
    for (path, body) in payloads(&team, &app, &none) {
        let (status, said) = send(&door, path, &headers(SIGNING, NOW, &body), &body).await;
        assert_eq!(status, 200, "{path}: {said}");
    }
    for (team, app, enterprise) in [
        (&json!("T0OTHER001"), &app, &none),
        (&json!("T0OTHER001"), &app, &json!("E0GRID0001")),
        (&json!("t0local001"), &app, &none),
        (&json!("T0LOCAL001 "), &app, &none),
        (&team, &json!("A0OTHER001"), &none),
        (&team, &json!(""), &none),
        (&team, &none, &none),
        (&team, &json!("a0csign001"), &none),
    ] {
        for (path, body) in payloads(team, app, enterprise) {
            let (status, said) = send(&door, path, &headers(SIGNING, NOW, &body), &body).await;
            assert_eq!(status, 403, "{path} {team} {app}: {said}");
        }
    }
    assert_eq!(door.stored().await, 0);
}

#[tokio::test]
async fn on_a_grid_another_workspace_of_the_same_enterprise_is_ours_and_no_other() {
    let door = Door::on_a_grid("E0GRID0001").await;
    let (other, app) = (json!("T0OTHER001"), json!("A0CSIGN001"));
    for (enterprise, expected) in [("E0GRID0001", 200), ("E0GRID0002", 403)] {
        for (path, body) in payloads(&other, &app, &json!(enterprise)) {
            // Events name no enterprise: they come from the workspace that the app is installed in.
            let expected = if path == "events" { 403 } else { expected };
            let (status, said) = send(&door, path, &headers(SIGNING, NOW, &body), &body).await;
            assert_eq!(status, expected, "{path} {enterprise}: {said}");
        }
    }
}

#[tokio::test]
async fn deep_and_wide_payloads_are_refused_at_once() {
    let door = Door::open().await;
    let open = |bracket: &str| format!(r#"{{"type": {}"#, bracket.repeat(150_000));
    for text in [
        open("["),
        open(r#"{"a":"#),
        format!(r#"{{"type": [{}0]}}"#, "0,".repeat(150_000)),
        format!(r#"{{"type": 1{}}}"#, "0".repeat(150_000)),
        format!(r#"{{{}"a": 1}}"#, r#""a": 1, "#.repeat(40_000)),
    ] {
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let escaped = format!("payload={escaped}").into_bytes();
        for (path, body) in [("events", text.as_bytes()), ("interactions", &escaped)] {
            let began = std::time::Instant::now();
            let sent = request(
                &format!("POST /slack/{path} HTTP/1.1"),
                &slack_headers(body),
                body,
            );
            let said = answers(&door, &sent).await;
            let too_large = sent.len() > 1024 * 1024;
            assert!(
                matches!(said[..], [400]) || too_large && said == [413],
                "{path} {said:?}"
            );
            assert!(began.elapsed().as_secs() < 5);
        }
    }
    assert_eq!(door.stored().await, 0);
}

/// Slack says on a retry that it is one. That neither opens a door nor changes an answer.
#[tokio::test]
async fn slacks_retry_headers_prove_nothing() {
    let door = Door::open().await;
    for (number, reason) in [
        ("1", "http_timeout"),
        ("3", "http_error"),
        ("-1", ""),
        ("many", "\u{e9}"),
    ] {
        let retry = [
            ("x-slack-retry-num".to_owned(), number.to_owned()),
            ("x-slack-retry-reason".to_owned(), reason.to_owned()),
        ];
        for (signed, status) in [(slack_headers(CHALLENGE), 200), (vec![], 401)] {
            let headers = [&signed[..], &retry].concat();
            let sent = request("POST /slack/events HTTP/1.1", &headers, CHALLENGE);
            assert_eq!(answers(&door, &sent).await, [status], "{number}");
        }
    }
}
