//! What ends with time in the stand-in for Slack: triggers, response URLs, bursts; and its page.

use countersign::sandbox::{Pick, Sandbox, SandboxConfig, TOKEN};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

struct Stage {
    sandbox: Sandbox,
    now: Arc<AtomicI64>,
    client: reqwest::Client,
}

impl Stage {
    async fn set(rate_limits: bool) -> Self {
        let now = Arc::new(AtomicI64::new(1_795_000_000_000));
        let told = Arc::clone(&now);
        let config = SandboxConfig {
            clock: Arc::new(move || told.load(Ordering::SeqCst)),
            rate_limits,
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            sandbox,
            now,
            client,
        }
    }

    fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    async fn call(&self, method: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/{method}", self.sandbox.slack_api_url());
        let response = self
            .client
            .post(url)
            .bearer_auth(TOKEN)
            .json(&body)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn post(&self, url: &str, body: Value) -> u16 {
        self.client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

fn home() -> Value {
    json!({"type": "home", "blocks": [{"type": "divider"}]})
}

fn modal() -> Value {
    json!({"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []})
}

#[tokio::test]
async fn a_trigger_lives_three_seconds() {
    let stage = Stage::set(false).await;
    let trigger = stage.sandbox.trigger_for("U0LEAD0001");
    stage.pass(3_001);
    let (_, late) = stage
        .call(
            "views.open",
            json!({"trigger_id": trigger, "view": modal()}),
        )
        .await;
    assert_eq!(late["error"], "expired_trigger_id");
    let trigger = stage.sandbox.trigger_for("U0LEAD0001");
    stage.pass(3_000);
    let (_, in_time) = stage
        .call(
            "views.open",
            json!({"trigger_id": trigger, "view": modal()}),
        )
        .await;
    assert_eq!(in_time["ok"], true);
}

#[tokio::test]
async fn an_update_with_an_old_hash_is_a_conflict() {
    let stage = Stage::set(false).await;
    let ask = |hash: Option<&str>| json!({"user_id": "U0LEAD0001", "view": home(), "hash": hash.unwrap_or_default()});
    let (_, first) = stage.call("views.publish", ask(None)).await;
    let hash = first["view"]["hash"].as_str().unwrap();
    assert_eq!(
        stage.call("views.publish", ask(Some(hash))).await.1["ok"],
        true
    );
    assert_eq!(
        stage.call("views.publish", ask(Some(hash))).await.1["error"],
        "hash_conflict"
    );
}

async fn clicked(stage: &Stage) -> (String, String) {
    let blocks = json!([{"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}]}]);
    let (_, posted) = stage
        .call(
            "chat.postMessage",
            json!({"channel": "C0BILLING1", "text": "card", "blocks": blocks}),
        )
        .await;
    let ts = posted["ts"].as_str().unwrap().to_owned();
    let payload = stage
        .sandbox
        .click_payload("U0BILL0001", "C0BILLING1", &ts, Pick::action("go"))
        .unwrap();
    (payload["response_url"].as_str().unwrap().to_owned(), ts)
}

#[tokio::test]
async fn a_response_url_takes_five_answers_within_half_an_hour() {
    let stage = Stage::set(false).await;
    let (url, ts) = clicked(&stage).await;
    assert_eq!(
        stage
            .post(&url, json!({"replace_original": true, "text": "Decided"}))
            .await,
        200
    );
    let message = stage
        .sandbox
        .messages("C0BILLING1")
        .into_iter()
        .find(|message| message.ts == ts)
        .unwrap();
    assert_eq!(
        (message.text.as_str(), message.blocks),
        ("Decided", json!([]))
    );
    for _ in 0..4 {
        assert_eq!(stage.post(&url, json!({"text": "Only for you"})).await, 200);
    }
    assert_eq!(stage.post(&url, json!({"text": "once more"})).await, 404);
    let (url, _) = clicked(&stage).await;
    stage.pass(30 * 60 * 1000 + 1);
    assert_eq!(stage.post(&url, json!({"text": "late"})).await, 404);
}

#[tokio::test]
async fn a_burst_into_one_channel_is_slowed_down() {
    let stage = Stage::set(true).await;
    let say = || json!({"channel": "C0BILLING1", "text": "hello"});
    for _ in 0..5 {
        assert_eq!(stage.call("chat.postMessage", say()).await.0, 200);
    }
    let (status, body) = stage.call("chat.postMessage", say()).await;
    assert_eq!((status, body["error"].as_str()), (429, Some("ratelimited")));
    assert_eq!(
        stage
            .call(
                "chat.postMessage",
                json!({"channel": "C0INFRA001", "text": "hello"})
            )
            .await
            .0,
        200
    );
    stage.pass(5_000);
    assert_eq!(stage.call("chat.postMessage", say()).await.0, 200);
}

#[tokio::test]
async fn timestamps_rise_even_when_the_clock_stands_still() {
    let stage = Stage::set(false).await;
    for _ in 0..3 {
        stage
            .call(
                "chat.postMessage",
                json!({"channel": "C0BILLING1", "text": "hello"}),
            )
            .await;
    }
    let all: Vec<String> = stage
        .sandbox
        .messages("C0BILLING1")
        .into_iter()
        .map(|message| message.ts)
        .collect();
    assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
    assert!(all.iter().all(|ts| ts.len() == "1700000000.000100".len()));
}

#[tokio::test]
async fn a_token_that_looks_real_is_refused_and_remembered() {
    let stage = Stage::set(false).await;
    let url = format!("{}/auth.test", stage.sandbox.slack_api_url());
    let token = format!("xoxb-{}-{}", "1".repeat(12), "notarealtoken");
    let answer: Value = stage
        .client
        .post(&url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["error"], "invalid_auth");
    assert_eq!(stage.sandbox.violations().len(), 1);
    let form = stage
        .client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer: Value = form
        .body(format!("token={TOKEN}"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["team_id"], "T0LOCAL001");
}

#[tokio::test]
async fn the_page_shows_an_ephemeral_message_to_one_person_only() {
    let stage = Stage::set(false).await;
    stage
        .call(
            "chat.postEphemeral",
            json!({"channel": "C0BILLING1", "user": "U0BILL0001", "text": "Only you"}),
        )
        .await;
    let seen = async |who: &str| {
        let url = format!("{}ui/state?as={who}", stage.sandbox.page_url());
        let state: Value = stage
            .client
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        state["messages"]["C0BILLING1"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(seen("U0BILL0001").await, 1);
    assert_eq!(seen("U0BILL0002").await, 0);
}

#[tokio::test]
async fn another_host_name_and_another_page_are_turned_away() {
    let stage = Stage::set(false).await;
    let ask = |name: &'static str, value: &'static str| {
        stage
            .client
            .get(stage.sandbox.page_url())
            .header(name, value)
            .send()
    };
    assert_eq!(ask("host", "attacker.example").await.unwrap().status(), 403);
    assert_eq!(
        ask("origin", "https://attacker.example")
            .await
            .unwrap()
            .status(),
        403
    );
    let plain = stage
        .client
        .post(format!("{}ui/slash", stage.sandbox.page_url()))
        .body("{}");
    assert_eq!(plain.send().await.unwrap().status(), 415);
    assert!(stage.sandbox.set_bot_url("http://example.com").is_err());
}

#[tokio::test]
async fn dropping_it_frees_the_port_even_while_a_page_listens() {
    let Stage {
        sandbox, client, ..
    } = Stage::set(false).await;
    let port: u16 = sandbox
        .page_url()
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let taken = Sandbox::start(SandboxConfig {
        port,
        ..SandboxConfig::default()
    })
    .await;
    assert!(taken.is_err_and(|error| error.to_string().contains("choose another port")));
    let mut page = client
        .get(format!("{}ui/events", sandbox.page_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        page.chunk().await.unwrap().unwrap(),
        "event: changed\ndata: {}\n\n"
    );
    drop(sandbox);
    while page.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
    let again = Sandbox::start(SandboxConfig {
        port,
        ..SandboxConfig::default()
    })
    .await;
    assert!(again.is_ok(), "{:?}", again.err());
}

#[tokio::test]
async fn row_one_is_not_taken_for_row_ten() {
    let stage = Stage::set(false).await;
    let button = |n: u32| json!({"type": "button", "action_id": format!("approve.{n}"), "text": {"type": "plain_text", "text": "Approve"}});
    let blocks = json!([{"type": "actions", "elements": [button(10), button(1)]}]);
    let (_, posted) = stage
        .call(
            "chat.postMessage",
            json!({"channel": "C0BILLING1", "text": "card", "blocks": blocks}),
        )
        .await;
    let ts = posted["ts"].as_str().unwrap();
    let pressed = |pick: Pick| {
        stage
            .sandbox
            .click_payload("U0BILL0001", "C0BILLING1", ts, pick)
            .map(|payload| payload["actions"][0]["action_id"].clone())
    };
    assert_eq!(pressed(Pick::action("approve.1")).unwrap(), "approve.1");
    assert_eq!(pressed(Pick::action("approve")).unwrap(), "approve.10");
    assert_eq!(pressed(Pick::label("Approve").nth(1)).unwrap(), "approve.1");
    assert!(pressed(Pick::label("Reject")).is_err());
}
