//! The stand-in for Slack, through the eyes of an unmodified Slack client and of a small bot.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use countersign::sandbox::{Fault, Pick, RawRequest, Sandbox, SandboxConfig, TOKEN, Tamper};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the small bot saw, and what it answers next.
#[derive(Default)]
struct Bot {
    seen: Mutex<Vec<(String, HeaderMap, String)>>,
    answers: Mutex<Vec<(u16, String)>>,
}

async fn bot_answers(
    State(bot): State<Arc<Bot>>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (axum::http::StatusCode, String) {
    let text = String::from_utf8(body.to_vec()).unwrap();
    bot.seen
        .lock()
        .unwrap()
        .push((uri.path().to_owned(), headers, text));
    let mut answers = bot.answers.lock().unwrap();
    let (status, body) = if answers.is_empty() {
        (200, String::new())
    } else {
        answers.remove(0)
    };
    (axum::http::StatusCode::from_u16(status).unwrap(), body)
}

async fn sandbox_and_bot() -> (Sandbox, Arc<Bot>) {
    let bot = Arc::new(Bot::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/slack/{kind}", post(bot_answers))
        .with_state(Arc::clone(&bot));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let config = SandboxConfig {
        bot_url: Some(url),
        event_retries: vec![std::time::Duration::ZERO; 3],
        ..SandboxConfig::default()
    };
    (Sandbox::start(config).await.unwrap(), bot)
}

async fn call(sandbox: &Sandbox, method: &str, body: Value) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{method}", sandbox.slack_api_url());
    client
        .post(url)
        .bearer_auth(TOKEN)
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

fn card() -> Value {
    json!([
        {"type": "section", "text": {"type": "plain_text", "text": "Refund 180.00 USD"}},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "approve", "value": "approve.v1", "text": {"type": "plain_text", "text": "Approve"}},
            {"type": "button", "action_id": "reject", "value": "reject.v1", "text": {"type": "plain_text", "text": "Reject"}}]}
    ])
}

fn payload(body: &str) -> Value {
    let encoded = body.strip_prefix("payload=").unwrap();
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            other => bytes.push(other),
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_click_carries_the_message_and_a_right_signature() {
    let (sandbox, bot) = sandbox_and_bot().await;
    let posted = call(
        &sandbox,
        "chat.postMessage",
        json!({"channel": "C0BILLING1", "text": "A card", "blocks": card()}),
    )
    .await;
    assert_eq!(posted["ok"], true, "{posted}");
    let ts = posted["ts"].as_str().unwrap();

    let answer = sandbox
        .click("U0BILL0001", "C0BILLING1", ts, Pick::label("Approve"))
        .await
        .unwrap();
    assert_eq!(answer.status, 200);

    let (path, headers, body) = bot.seen.lock().unwrap().pop().unwrap();
    assert_eq!(path, "/slack/interactions");
    let timestamp = headers["x-slack-request-timestamp"].to_str().unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"sandbox-signing-secret").unwrap();
    mac.update(format!("v0:{timestamp}:{body}").as_bytes());
    let expected = format!("v0={}", hex::encode(mac.finalize().into_bytes()));
    assert_eq!(headers["x-slack-signature"].to_str().unwrap(), expected);
    let payload = payload(&body);
    assert_eq!(payload["type"], "block_actions");
    assert_eq!(payload["actions"][0]["value"], "approve.v1");
    assert_eq!(payload["message"]["ts"], ts);
    assert_eq!(payload["user"]["team_id"], "T0LOCAL001");
}

#[tokio::test]
async fn a_tampered_request_differs_only_where_it_was_tampered_with() {
    let (sandbox, bot) = sandbox_and_bot().await;
    let request = RawRequest::interaction(&json!({"type": "block_actions"}));
    let tamper = Tamper {
        drop_signature: true,
        timestamp_offset: -600,
        ..Tamper::default()
    };
    sandbox.send_signed(request.clone(), tamper).await;
    let (_, headers, body) = bot.seen.lock().unwrap().pop().unwrap();
    assert!(headers.get("x-slack-signature").is_none());
    assert_eq!(body, request.body);
}

#[tokio::test]
async fn a_modal_lives_through_errors_update_push_and_clear() {
    let (sandbox, bot) = sandbox_and_bot().await;
    let view = |title: &str| {
        json!({"type": "modal", "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"}, "private_metadata": "case-1", "blocks": [
            {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"},
             "element": {"type": "plain_text_input", "action_id": "reason"}}]})
    };
    let trigger = sandbox.trigger_for("U0LEAD0001");
    let opened = call(
        &sandbox,
        "views.open",
        json!({"trigger_id": trigger, "view": view("First")}),
    )
    .await;
    assert_eq!(opened["ok"], true, "{opened}");
    let again = call(
        &sandbox,
        "views.open",
        json!({"trigger_id": trigger, "view": view("First")}),
    )
    .await;
    assert_eq!(again["error"], "exchanged_trigger_id");

    let empty = sandbox.submit("U0LEAD0001", &[]).await.unwrap();
    assert!(
        empty.errors.contains_key("why") && bot.seen.lock().unwrap().is_empty(),
        "the client refuses first"
    );

    for answer in [
        json!({"response_action": "errors", "errors": {"why": "Longer, please"}}),
        json!({"response_action": "update", "view": view("Second")}),
        json!({"response_action": "push", "view": view("Third")}),
    ] {
        bot.answers.lock().unwrap().push((200, answer.to_string()));
    }
    let refused = sandbox
        .submit("U0LEAD0001", &[("reason", "ok")])
        .await
        .unwrap();
    assert_eq!(refused.errors["why"], "Longer, please");
    sandbox
        .submit("U0LEAD0001", &[("reason", "fine")])
        .await
        .unwrap();
    assert_eq!(sandbox.modal_of("U0LEAD0001").unwrap().title(), "Second");
    sandbox
        .submit("U0LEAD0001", &[("reason", "fine")])
        .await
        .unwrap();
    assert_eq!(sandbox.modal_of("U0LEAD0001").unwrap().title(), "Third");
    sandbox
        .submit("U0LEAD0001", &[("reason", "fine")])
        .await
        .unwrap();
    assert_eq!(
        sandbox.modal_of("U0LEAD0001").unwrap().title(),
        "Second",
        "an empty answer closes one view"
    );
    bot.answers
        .lock()
        .unwrap()
        .push((200, json!({"response_action": "clear"}).to_string()));
    sandbox
        .submit("U0LEAD0001", &[("reason", "fine")])
        .await
        .unwrap();
    assert!(sandbox.modal_of("U0LEAD0001").is_none());
}

#[tokio::test]
async fn errors_go_by_their_documented_names() {
    let (sandbox, _bot) = sandbox_and_bot().await;
    let error = |answer: Value| answer["error"].as_str().unwrap_or("none").to_owned();
    let post = |channel: &str| json!({"channel": channel, "text": "hello"});
    assert_eq!(
        error(call(&sandbox, "chat.postMessage", post("C0NOWHERE1")).await),
        "channel_not_found"
    );
    sandbox.remove_bot_from("C0INFRA001");
    assert_eq!(
        error(call(&sandbox, "chat.postMessage", post("C0INFRA001")).await),
        "not_in_channel"
    );
    sandbox.archive_channel("C0GENERAL1");
    assert_eq!(
        error(call(&sandbox, "chat.postMessage", post("C0GENERAL1")).await),
        "is_archived"
    );
    assert_eq!(
        error(
            call(
                &sandbox,
                "chat.postMessage",
                json!({"channel": "C0BILLING1"})
            )
            .await
        ),
        "no_text"
    );
    assert_eq!(
        error(
            call(
                &sandbox,
                "chat.update",
                json!({"channel": "C0BILLING1", "ts": "1.0", "text": "x"})
            )
            .await
        ),
        "message_not_found"
    );
    let (ts, _) = sandbox
        .post_as("U0BILL0001", "C0BILLING1", None, "mine")
        .await;
    assert_eq!(
        error(
            call(
                &sandbox,
                "chat.update",
                json!({"channel": "C0BILLING1", "ts": ts, "text": "x"})
            )
            .await
        ),
        "cant_update_message"
    );
    assert_eq!(
        error(
            call(
                &sandbox,
                "usergroups.users.list",
                json!({"usergroup": "S1"})
            )
            .await
        ),
        "no_such_subteam"
    );
    assert_eq!(
        error(
            call(
                &sandbox,
                "conversations.open",
                json!({"users": "U0GONE0001"})
            )
            .await
        ),
        "user_disabled"
    );
    assert_eq!(
        error(call(&sandbox, "chat.explode", json!({})).await),
        "unknown_method"
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_was_acted_on() {
    let (sandbox, _bot) = sandbox_and_bot().await;
    sandbox.fault("chat.postMessage", Fault::LostAnswer, 1);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/chat.postMessage", sandbox.slack_api_url());
    let body = json!({"channel": "C0BILLING1", "text": "hello", "metadata": {"event_type": "card", "event_payload": {"key": "k1"}}});
    let lost = client.post(url).bearer_auth(TOKEN).json(&body).send().await;
    assert!(lost.is_err(), "not even a status line arrives");
    let history = call(
        &sandbox,
        "conversations.history",
        json!({"channel": "C0BILLING1", "include_all_metadata": true}),
    )
    .await;
    assert_eq!(
        history["messages"][0]["metadata"]["event_payload"]["key"],
        "k1"
    );
}

#[tokio::test]
async fn an_event_is_sent_again_until_it_is_taken() {
    let (sandbox, bot) = sandbox_and_bot().await;
    bot.answers
        .lock()
        .unwrap()
        .extend([(500, String::new()), (503, String::new())]);
    let answers = sandbox.send_event(json!({"type": "user_change"})).await;
    assert_eq!(
        answers
            .iter()
            .map(|answer| answer.status)
            .collect::<Vec<_>>(),
        [500, 503, 200]
    );
    let seen = bot.seen.lock().unwrap();
    assert!(seen[0].1.get("x-slack-retry-num").is_none());
    assert_eq!(seen[2].1["x-slack-retry-num"], "2");
    assert_eq!(seen[0].2, seen[2].2, "the same event id each time");
}

#[tokio::test]
async fn a_slash_command_shows_its_answer_to_one_person() {
    let (sandbox, bot) = sandbox_and_bot().await;
    bot.answers
        .lock()
        .unwrap()
        .push((200, json!({"text": "Three cases wait."}).to_string()));
    let answer = sandbox.slash("U0AGENT001", "C0SUPPORT1", "queue").await;
    assert_eq!(answer.status, 200);
    let shown = sandbox.messages("C0SUPPORT1");
    assert_eq!(shown[0].text, "Three cases wait.");
    assert_eq!(shown[0].ephemeral_for.as_deref(), Some("U0AGENT001"));
    assert_eq!(sandbox.unread_messages().len(), 1);
}

#[tokio::test]
async fn a_shortcut_carries_the_message_it_was_used_on() {
    let (sandbox, bot) = sandbox_and_bot().await;
    let (ts, _) = sandbox
        .post_as("U0AGENT001", "C0SUPPORT1", None, "A customer writes")
        .await;
    sandbox
        .shortcut("U0AGENT001", "C0SUPPORT1", &ts, "triage_message")
        .await
        .unwrap();
    let (_, _, body) = bot.seen.lock().unwrap().pop().unwrap();
    let payload = payload(&body);
    assert_eq!(payload["type"], "message_action");
    assert_eq!(payload["message"]["text"], "A customer writes");
    assert_eq!(payload["callback_id"], "triage_message");
}
