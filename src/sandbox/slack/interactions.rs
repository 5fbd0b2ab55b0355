//! What the stand-in tells the bot when somebody clicks, submits, closes or types a command.

use super::super::cast::{APP, ChannelKind, TEAM, TEAM_DOMAIN};
use super::super::world::{BotAnswer, World};
use super::people::payload_user;
use super::raw::{RawRequest, Tamper, send};
use super::view_model::Control;
use super::{Workspace, response_urls, state_values};
use serde_json::{Map, Value, json};

/// The token of old, which every payload still carries and nobody may trust.
const OLD_TOKEN: &str = "sandbox-verification-token";

/// The part that all interaction payloads share.
pub(in crate::sandbox) fn envelope(
    slack: &mut Workspace,
    kind: &str,
    user: &str,
    now: i64,
) -> Map<String, Value> {
    let trigger = slack.trigger(user, now);
    let out = json!({
        "type": kind, "token": OLD_TOKEN, "api_app_id": APP, "enterprise": null,
        "is_enterprise_install": false, "team": {"id": TEAM, "domain": TEAM_DOMAIN},
        "user": payload_user(slack.user(user), user), "trigger_id": trigger,
    });
    match out {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// One entry of `actions`: the element's own fields, with what was chosen.
fn action(control: &Control, chosen: Option<&Value>, now: i64) -> Value {
    let mut out = Map::new();
    for name in ["type", "action_id", "value", "text", "style", "placeholder"] {
        if let Some(value) = control.element.get(name) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    out.insert("block_id".to_owned(), json!(control.block_id));
    out.insert("action_ts".to_owned(), json!(action_ts(now)));
    if let Some(Value::Object(chosen)) = chosen {
        out.extend(chosen.clone());
    }
    Value::Object(out)
}

/// A click on a message. Source:
/// <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>. An ephemeral
/// message is not part of the payload, only its container is.
pub(in crate::sandbox) fn message_click(
    world: &World,
    who: &str,
    at: (&str, &str),
    hit: (&Control, Option<&Value>),
) -> Option<Value> {
    let (channel, ts) = at;
    let (control, chosen) = hit;
    let now = world.now();
    let url = response_urls::make(world, channel, who, Some(ts));
    world.with(|state| {
        let slack = &mut state.slack;
        let message = slack.message(channel, ts)?.clone();
        let place = channel_of(slack, channel)?;
        let ephemeral = message.ephemeral_for.is_some();
        let mut out = envelope(slack, "block_actions", who, now);
        out.insert("container".to_owned(), json!({"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}));
        out.insert("channel".to_owned(), place);
        if !ephemeral {
            out.insert("message".to_owned(), message.slack_json(true));
        }
        out.insert("state".to_owned(), json!({"values": state_values::initial(&message.blocks)}));
        out.insert("response_url".to_owned(), json!(url));
        out.insert("actions".to_owned(), json!([action(control, chosen, now)]));
        Some(Value::Object(out))
    })
}

/// A click inside a modal or at home. What was chosen is kept as entered.
pub(in crate::sandbox) fn view_click(
    world: &World,
    who: &str,
    view_id: &str,
    hit: (&Control, Option<&Value>),
) -> Option<Value> {
    let (control, chosen) = hit;
    let now = world.now();
    world.change(|state| {
        let slack = &mut state.slack;
        let view = slack.view_mut(view_id)?;
        if let Some(chosen) = chosen.filter(|_| control.kind() != "overflow") {
            state_values::write(&mut view.entered, control, chosen.clone());
        }
        let view = view.clone();
        let mut out = envelope(slack, "block_actions", who, now);
        out.insert(
            "container".to_owned(),
            json!({"type": "view", "view_id": view.id}),
        );
        out.insert("state".to_owned(), json!({"values": view.entered}));
        out.insert("hash".to_owned(), json!(view.hash));
        out.insert("view".to_owned(), view.slack_json());
        out.insert("actions".to_owned(), json!([action(control, chosen, now)]));
        Some(Value::Object(out))
    })
}

/// A message shortcut. Source:
/// <https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload>
pub(in crate::sandbox) fn message_shortcut(
    world: &World,
    who: &str,
    at: (&str, &str),
    callback: &str,
) -> Option<Value> {
    let (channel, ts) = at;
    let now = world.now();
    let url = response_urls::make(world, channel, who, Some(ts));
    world.with(|state| {
        let slack = &mut state.slack;
        let message = slack
            .message(channel, ts)
            .filter(|one| one.ephemeral_for.is_none())?
            .clone();
        let place = channel_of(slack, channel)?;
        let mut out = envelope(slack, "message_action", who, now);
        out.insert("callback_id".to_owned(), json!(callback));
        out.insert("action_ts".to_owned(), json!(action_ts(now)));
        out.insert("message_ts".to_owned(), json!(ts));
        out.insert("channel".to_owned(), place);
        out.insert("message".to_owned(), message.slack_json(false));
        out.insert("response_url".to_owned(), json!(url));
        Some(Value::Object(out))
    })
}

/// The `channel` of a payload.
fn channel_of(slack: &Workspace, id: &str) -> Option<Value> {
    let channel = slack.channel(id)?;
    let name = match channel.kind {
        ChannelKind::Im => "directmessage",
        ChannelKind::Public => channel.name.as_str(),
    };
    Some(json!({"id": id, "name": name}))
}

fn action_ts(now: i64) -> String {
    format!("{}.{:06}", now / 1000, now % 1000 * 1000)
}

/// Sends an interaction and waits for the answer.
pub(in crate::sandbox) async fn tell(world: &World, payload: &Value) -> BotAnswer {
    let what = payload
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("interaction");
    send(
        world,
        what,
        RawRequest::interaction(payload),
        Tamper::default(),
    )
    .await
}
