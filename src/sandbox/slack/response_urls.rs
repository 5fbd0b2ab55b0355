//! Response URLs: five answers within half an hour, without being in the channel.
//! Source: <https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>

use super::super::cast::BOT_USER;
use super::super::faults::{Fault, dropped, hang, nonsense, server_error, too_many};
use super::super::world::World;
use super::Workspace;
use super::limits;
use super::messages::Message;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

const LIFETIME_MS: i64 = 30 * 60 * 1000;
const USES: u32 = 5;

/// What stands behind one URL.
pub(in crate::sandbox) struct ResponseUrl {
    pub channel: String,
    pub user: String,
    pub message: Option<String>,
    pub at: i64,
    pub uses: u32,
}

/// Makes a URL for an interaction of `user` in `channel`, on `message` if it was on one.
pub(in crate::sandbox) fn make(
    world: &World,
    channel: &str,
    user: &str,
    message: Option<&str>,
) -> String {
    let at = world.now();
    let id = world.with(|state| {
        let id = format!("R{:010}", state.slack.count());
        let url = ResponseUrl {
            channel: channel.to_owned(),
            user: user.to_owned(),
            message: message.map(str::to_owned),
            at,
            uses: 0,
        };
        state.slack.response_urls.insert(id.clone(), url);
        id
    });
    format!("{}/slack/response/{id}", world.base_url)
}

/// `POST /slack/response/<id>`.
pub(in crate::sandbox) async fn answer(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    const METHOD: &str = "response_url";
    let fault = world.take_fault(METHOD);
    match &fault {
        Some(Fault::Timeout) => return hang().await,
        Some(Fault::RateLimited { retry_after }) => return too_many(*retry_after),
        Some(Fault::ServerError) => return server_error(),
        Some(Fault::Error(name)) => return refuse(&world, name),
        Some(Fault::Nonsense) => return nonsense(),
        Some(Fault::LostAnswer) | None => {}
    }
    let now = world.now();
    let outcome = world.change(|state| act(&mut state.slack, &id, &body, now));
    if fault == Some(Fault::LostAnswer) {
        world.note_call(METHOD, 0, "lost_answer");
        return dropped();
    }
    match outcome {
        Ok(()) => {
            world.note_call(METHOD, 200, "");
            "ok".into_response()
        }
        Err(error) => refuse(&world, &error),
    }
}

fn refuse(world: &World, error: &str) -> Response {
    world.note_call("response_url", 404, error);
    (
        StatusCode::NOT_FOUND,
        axum::Json(json!({"ok": false, "error": error})),
    )
        .into_response()
}

fn act(slack: &mut Workspace, id: &str, body: &[u8], now: i64) -> Result<(), String> {
    let url = slack.response_urls.get_mut(id).ok_or("expired_url")?;
    if now - url.at > LIFETIME_MS {
        return Err("expired_url".to_owned());
    }
    if url.uses >= USES {
        return Err("used_url".to_owned());
    }
    url.uses += 1;
    let (channel, user, original) = (url.channel.clone(), url.user.clone(), url.message.clone());
    let given: Value = serde_json::from_slice(body).map_err(|_| "invalid_payload")?;
    let yes = |name: &str| {
        given
            .get(name)
            .is_some_and(|flag| flag == true || flag == "true")
    };
    if yes("delete_original") {
        let ts = original.ok_or("message_not_found")?;
        let message = slack
            .message_mut(&channel, &ts)
            .ok_or("message_not_found")?;
        message.deleted = true;
        return Ok(());
    }
    let mut message = from_answer(slack, &given, &channel, &user)?;
    match original.filter(|_| yes("replace_original")) {
        Some(ts) => {
            let old = slack
                .message_mut(&channel, &ts)
                .ok_or("message_not_found")?;
            old.text = message.text;
            old.blocks = message.blocks;
            old.revisions += 1;
        }
        None => {
            message.thread_ts = given
                .get("thread_ts")
                .and_then(Value::as_str)
                .map(str::to_owned);
            slack.put(message, now);
        }
    }
    Ok(())
}

/// A message as answers to slash commands and response URLs describe it: ephemeral unless it says
/// `in_channel`.
pub(in crate::sandbox) fn from_answer(
    slack: &mut Workspace,
    given: &Value,
    channel: &str,
    user: &str,
) -> Result<Message, String> {
    let text = given
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut message = Message::plain(channel, BOT_USER, text);
    if let Some(blocks) = given.get("blocks").filter(|blocks| !blocks.is_null()) {
        limits::check_message(blocks).map_err(|refused| {
            refused
                .messages
                .into_iter()
                .fold(refused.error, |all, line| format!("{all}: {line}"))
        })?;
        message.blocks = limits::with_block_ids(blocks.clone(), &mut || slack.count());
    }
    if text.is_empty() && message.blocks.as_array().is_none_or(Vec::is_empty) {
        return Err("no_text".to_owned());
    }
    let in_channel = given.get("response_type").and_then(Value::as_str) == Some("in_channel");
    message.ephemeral_for = (!in_channel).then(|| user.to_owned());
    Ok(message)
}
