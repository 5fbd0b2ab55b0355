//! The stand-ins for Stripe and the help desk, against what their protocols say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::sandbox::books::{Charge, Customer};
use countersign::sandbox::{EntryKind, Fault, NewTicket, Sandbox, SandboxConfig};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const SECRET: &[u8] = b"desk-secret-of-this-test";

async fn sandbox() -> Sandbox {
    let config = SandboxConfig {
        desk_secret: format!("whsec_{}", STANDARD.encode(SECRET)),
        ..SandboxConfig::default()
    };
    Sandbox::start(config).await.unwrap()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Signs by hand, not with the stand-in's own code.
fn signed(request: reqwest::RequestBuilder, id: &str, body: &str) -> reqwest::RequestBuilder {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(format!("{id}.{now}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    request
        .header("webhook-id", id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", signature)
        .header("idempotency-key", id)
        .body(body.to_owned())
}

async fn write(sandbox: &Sandbox, document: &Value) -> reqwest::Result<(u16, Value)> {
    let key = document["key"].as_str().unwrap();
    let request = client().post(format!("{}/writes", sandbox.desk_url()));
    let response = signed(request, key, &document.to_string()).send().await?;
    Ok((response.status().as_u16(), response.json().await?))
}

#[tokio::test]
async fn the_same_key_again_gives_the_first_answer_and_no_second_write() {
    let sandbox = sandbox().await;
    sandbox.file_ticket(&NewTicket::plain("T-1", "a@example.com", "Help", "Please"));
    let note = json!({"type": "ticket.note", "ticket": "T-1", "key": "k1", "text": "A note"});
    let first = write(&sandbox, &note).await.unwrap();
    let second = write(&sandbox, &note).await.unwrap();
    assert_eq!((first.0, &first.1["ok"]), (200, &json!(true)));
    assert_eq!(first, second);
    assert_eq!(sandbox.writes().len(), 1);
    let notes = sandbox
        .ticket("T-1")
        .unwrap()
        .entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::InternalNote);
    assert_eq!(notes.count(), 1);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_found_by_its_key() {
    let sandbox = sandbox().await;
    sandbox.file_ticket(&NewTicket::plain("T-1", "a@example.com", "Help", "Please"));
    sandbox.fault("desk.writes", Fault::LostAnswer, 1);
    let reply = json!({"type": "ticket.reply", "ticket": "T-1", "key": "k2", "text": "Hello"});
    assert!(write(&sandbox, &reply).await.is_err());
    let look_up = |key: &'static str| {
        signed(
            client().get(format!("{}/writes/{key}", sandbox.desk_url())),
            key,
            "",
        )
    };
    assert_eq!(look_up("k2").send().await.unwrap().status(), 200);
    assert_eq!(look_up("k3").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_target_that_moved_is_not_written_to() {
    let sandbox = sandbox().await;
    sandbox.file_ticket(&NewTicket::plain("T-1", "a@example.com", "Help", "Please"));
    let seen = sandbox.ticket("T-1").unwrap().last_public_comment_id;
    let reply = |key: &str| {
        json!({"type": "ticket.reply", "ticket": "T-1", "key": key, "text": "Hello",
        "expect": {"last_public_comment_id": seen}})
    };
    assert!(sandbox.customer_writes_unheard("T-1", "One more thing"));
    let (status, answer) = write(&sandbox, &reply("k4")).await.unwrap();
    assert_eq!(
        (status, answer["error"].as_str()),
        (409, Some("target_moved"))
    );
    let assign = json!({"type": "ticket.assign", "ticket": "T-1", "key": "k5", "assignee": "U1", "queue": "billing",
        "expect": {"assignee": null}});
    let (status, answer) = write(&sandbox, &assign).await.unwrap();
    assert_eq!(
        (status, &answer["prior"]),
        (200, &json!({"assignee": null, "queue": null}))
    );
    assert_eq!(sandbox.writes().len(), 1);
}

#[tokio::test]
async fn a_write_without_the_right_signature_is_refused() {
    let sandbox = sandbox().await;
    sandbox.file_ticket(&NewTicket::plain("T-1", "a@example.com", "Help", "Please"));
    let body = json!({"type": "ticket.note", "ticket": "T-1", "key": "k", "text": "x"}).to_string();
    let url = format!("{}/writes", sandbox.desk_url());
    let other = signed(client().post(url), "k", "another body")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), 401);
    assert!(sandbox.writes().is_empty());
}

async fn stripe(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let response = client()
        .get(format!("{}{path}", sandbox.stripe_url()))
        .bearer_auth("rk_sandbox")
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn fill(sandbox: &Sandbox) {
    sandbox.stripe(|books| {
        books.customers.push(Customer {
            id: "cus_1".into(),
            email: "a@example.com".into(),
            ..Customer::default()
        });
        for (index, amount) in [3_000, 18_000, 90_000].into_iter().enumerate() {
            books.charges.push(Charge {
                id: format!("ch_{index}"),
                customer: "cus_1".into(),
                amount,
                currency: "usd".into(),
                created: 1_700_000_000 + index as i64,
                description: "Plan".into(),
            });
        }
    });
}

#[tokio::test]
async fn the_books_are_read_in_pages_newest_first() {
    let sandbox = sandbox().await;
    fill(&sandbox);
    let (_, page) = stripe(&sandbox, "/v1/charges?customer=cus_1&limit=2").await;
    assert_eq!(
        (page["object"].as_str(), page["has_more"].as_bool()),
        (Some("list"), Some(true))
    );
    assert_eq!(page["data"][0]["id"], "ch_2");
    let (_, rest) = stripe(
        &sandbox,
        "/v1/charges?customer=cus_1&limit=2&starting_after=ch_1",
    )
    .await;
    assert_eq!(
        (rest["data"][0]["id"].as_str(), rest["has_more"].as_bool()),
        (Some("ch_0"), Some(false))
    );
    sandbox.refund_as_human("ch_0", 1_000).unwrap();
    let (_, charge) = stripe(&sandbox, "/v1/charges/ch_0").await;
    assert_eq!(
        (
            charge["amount_refunded"].as_i64(),
            charge["refunded"].as_bool()
        ),
        (Some(1_000), Some(false))
    );
    assert!(sandbox.refund_as_human("ch_0", 2_001).is_err());
    let (status, error) = stripe(&sandbox, "/v1/charges/ch_nothing").await;
    assert_eq!(
        (status, error["error"]["code"].as_str()),
        (404, Some("resource_missing"))
    );
    let (status, error) = stripe(&sandbox, "/v1/charges?custmer=cus_1").await;
    assert_eq!(
        (status, error["error"]["code"].as_str()),
        (400, Some("parameter_unknown"))
    );
    assert_eq!(stripe(&sandbox, "/v1/balance").await.0, 403);
}

#[tokio::test]
async fn a_write_to_stripe_is_refused_and_remembered() {
    let sandbox = sandbox().await;
    fill(&sandbox);
    let url = format!("{}/v1/refunds", sandbox.stripe_url());
    let answer = client()
        .post(url)
        .bearer_auth("sk_sandbox")
        .body("charge=ch_0")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(sandbox.violations(), ["POST /v1/refunds"]);
}

#[tokio::test]
async fn a_ticket_that_is_sent_again_stands_on_the_desk_once() {
    let sandbox = sandbox().await;
    let ticket = NewTicket::plain("T-1", "a@example.com", "Help", "Please");
    assert_eq!(
        sandbox.send_ticket(&ticket).await.status,
        0,
        "no bot is connected"
    );
    sandbox.send_ticket(&ticket).await;
    assert_eq!(sandbox.ticket("T-1").unwrap().entries.len(), 1);
    assert_eq!(sandbox.bot_log().len(), 2);
}
