//! Signed requests to the bot, whole ones and ones with something wrong about them.

use super::super::Sandbox;
use super::super::form;
use super::super::signing::slack_signature;
use super::super::world::{BotAnswer, ToBot, World};
use serde_json::Value;

/// A request to the bot, as bytes.
#[derive(Clone, Debug)]
pub struct RawRequest {
    /// `/slack/interactions`, `/slack/commands`, `/slack/events`.
    pub path: String,
    /// Content type header.
    pub content_type: String,
    /// Body as it is sent and signed.
    pub body: String,
}

impl RawRequest {
    /// An interaction as Slack sends it: a form with one field `payload`.
    pub fn interaction(payload: &Value) -> Self {
        Self::form("/slack/interactions", &[("payload", &payload.to_string())])
    }

    /// A form.
    pub fn form(path: &str, pairs: &[(&str, &str)]) -> Self {
        Self {
            path: path.to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            body: form::encode(pairs),
        }
    }

    /// A JSON document.
    pub fn json(path: &str, body: &Value) -> Self {
        Self {
            path: path.to_owned(),
            content_type: "application/json".to_owned(),
            body: body.to_string(),
        }
    }
}

/// What is wrong with the envelope of a request; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct Tamper {
    /// Seconds added to the timestamp before signing.
    pub timestamp_offset: i64,
    /// Another secret to sign with.
    pub secret: Option<String>,
    /// Leaves `X-Slack-Signature` out.
    pub drop_signature: bool,
    /// Leaves `X-Slack-Request-Timestamp` out.
    pub drop_timestamp: bool,
    /// A body to send instead of the one that was signed.
    pub body_after_signing: Option<String>,
    /// More headers.
    pub headers: Vec<(String, String)>,
}

/// Signs and sends.
pub(in crate::sandbox) async fn send(
    world: &World,
    what: &str,
    request: RawRequest,
    tamper: Tamper,
) -> BotAnswer {
    let timestamp = (world.now().div_euclid(1000) + tamper.timestamp_offset).to_string();
    let secret = tamper.secret.as_deref().unwrap_or(&world.signing_secret);
    let signature = slack_signature(secret, &timestamp, &request.body);
    let mut headers = vec![
        ("content-type".to_owned(), request.content_type),
        (
            "user-agent".to_owned(),
            "Slackbot 1.0 (local stand-in)".to_owned(),
        ),
    ];
    if !tamper.drop_signature {
        headers.push(("x-slack-signature".to_owned(), signature));
    }
    if !tamper.drop_timestamp {
        headers.push(("x-slack-request-timestamp".to_owned(), timestamp));
    }
    headers.extend(tamper.headers);
    let body = tamper.body_after_signing.unwrap_or(request.body);
    world
        .ask_bot(ToBot {
            path: &request.path,
            what: what.to_owned(),
            headers,
            body,
        })
        .await
}

impl Sandbox {
    /// Sends any bytes to the bot, signed as Slack signs them except for what `tamper` says.
    pub async fn send_signed(&self, request: RawRequest, tamper: Tamper) -> BotAnswer {
        let what = format!("{} (raw)", request.path);
        send(&self.world, &what, request, tamper).await
    }
}
