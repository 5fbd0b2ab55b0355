//! What the stand-in tells the bot when somebody clicks, submits, closes or types a command.

use super::super::cast::{APP, ChannelKind, TEAM, TEAM_DOMAIN};
use super::super::world::{BotAnswer, World};
use super::people::payload_user;
use super::raw::{RawRequest, Tamper, send};
use super::view_model::{Control, View};
use super::{Workspace, response_urls, state_values, views};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The token of old, which every payload still carries and nobody may trust.
const OLD_TOKEN: &str = "sandbox-verification-token";

/// The part that all interaction payloads share.
fn envelope(slack: &mut Workspace, kind: &str, user: &str, now: i64) -> Map<String, Value> {
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
    out.insert(
        "action_ts".to_owned(),
        json!(format!("{}.{:06}", now / 1000, now % 1000 * 1000)),
    );
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
        let name = match slack.channel(channel)?.kind {
            ChannelKind::Im => "directmessage".to_owned(),
            ChannelKind::Public => slack.channel(channel)?.name.clone(),
        };
        let ephemeral = message.ephemeral_for.is_some();
        let mut out = envelope(slack, "block_actions", who, now);
        out.insert("container".to_owned(), json!({"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}));
        out.insert("channel".to_owned(), json!({"id": channel, "name": name}));
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

/// What came of a submit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// HTTP status of the bot; 0 where it was not asked, or did not answer.
    pub status: u16,
    /// Body of the bot's answer.
    pub body: String,
    /// `clear`, `update`, `push` or `errors`, where the bot said one.
    pub response_action: Option<String>,
    /// Errors by block id, from the bot or, before it was asked, from the client.
    pub errors: BTreeMap<String, String>,
}

/// Submits the view on the top of somebody's stack.
/// Source: <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload>
pub(in crate::sandbox) async fn submit(
    world: &World,
    who: &str,
    view_id: &str,
    values: Value,
) -> Option<Submitted> {
    let missing = world.change(|state| {
        let view = state.slack.view_mut(view_id)?;
        view.entered = values;
        view.errors = left_empty(view);
        Some(view.errors.clone())
    })?;
    if !missing.is_empty() {
        return Some(Submitted {
            errors: missing,
            ..Submitted::default()
        });
    }
    let payload = submission(world, who, view_id)?;
    let answer = tell(world, &payload).await;
    let mut out = Submitted {
        status: answer.status,
        body: answer.body.clone(),
        ..Submitted::default()
    };
    if !answer.is_ok() {
        out.errors.insert(
            String::new(),
            "We had some trouble connecting. Try again?".to_owned(),
        );
        let errors = out.errors.clone();
        world.change(|state| {
            if let Some(view) = state.slack.view_mut(view_id) {
                view.errors = errors;
            }
        });
        return Some(out);
    }
    let reply: Value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
    world.change(|state| follow(&mut state.slack, who, view_id, &reply, &mut out));
    Some(out)
}

fn submission(world: &World, who: &str, view_id: &str) -> Option<Value> {
    let now = world.now();
    let view = world.with(|state| state.slack.view_mut(view_id).cloned())?;
    let mut urls = Vec::new();
    for control in super::view_model::controls_of(&view.blocks()) {
        let wants = control.element.get("response_url_enabled") == Some(&json!(true));
        let entered = view
            .entered
            .get(&control.block_id)
            .and_then(|block| block.get(control.action_id()));
        let chosen = entered.and_then(|value| {
            value
                .get("selected_conversation")
                .or_else(|| value.get("selected_channel"))
        });
        if let Some(channel) = chosen.and_then(Value::as_str).filter(|_| wants) {
            let url = response_urls::make(world, channel, who, None);
            urls.push(json!({"response_url": url, "channel_id": channel, "block_id": control.block_id, "action_id": control.action_id()}));
        }
    }
    world.with(|state| {
        let mut out = envelope(&mut state.slack, "view_submission", who, now);
        out.insert("view".to_owned(), view.slack_json());
        out.insert("response_urls".to_owned(), Value::Array(urls));
        Some(Value::Object(out))
    })
}

/// A client does not send a view whose required inputs are empty or too short or too long.
fn left_empty(view: &View) -> BTreeMap<String, String> {
    let mut errors = BTreeMap::new();
    let optional: Vec<String> = view
        .blocks()
        .as_array()
        .into_iter()
        .flatten()
        .filter(|block| block.get("optional") == Some(&json!(true)))
        .filter_map(|block| {
            block
                .get("block_id")
                .and_then(Value::as_str)
                .map(str::to_owned)
        })
        .collect();
    for control in super::view_model::controls_of(&view.blocks())
        .iter()
        .filter(|control| control.in_input)
    {
        let value = view
            .entered
            .get(&control.block_id)
            .and_then(|block| block.get(control.action_id()));
        let empty = state_values::is_empty(value);
        let problem = if empty && !optional.contains(&control.block_id) {
            Some("Please complete this required field.".to_owned())
        } else {
            wrong_length(control, value).filter(|_| !empty)
        };
        if let Some(problem) = problem {
            errors.insert(control.block_id.clone(), problem);
        }
    }
    errors
}

fn wrong_length(control: &Control, value: Option<&Value>) -> Option<String> {
    let text = value?.get("value")?.as_str()?;
    let count = text.chars().count() as u64;
    let bound = |name: &str| control.element.get(name).and_then(Value::as_u64);
    let most = bound("max_length").unwrap_or(3000);
    if control.kind() == "plain_text_input" && count > most {
        return Some(format!("Please enter at most {most} characters."));
    }
    bound("min_length")
        .filter(|least| count < *least)
        .map(|least| format!("Please enter at least {least} characters."))
}

/// Does what a `response_action` says. Source: <https://docs.slack.dev/surfaces/modals>
fn follow(slack: &mut Workspace, who: &str, view_id: &str, reply: &Value, out: &mut Submitted) {
    out.response_action = reply
        .get("response_action")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let new = reply.get("view").cloned().unwrap_or(Value::Null);
    let checked =
        || views::check(new.clone(), Some("modal")).map_err(|refused| refused.messages.join("; "));
    let failed = match out.response_action.as_deref() {
        None => {
            leave(slack, who, view_id);
            None
        }
        Some("clear") => {
            slack.stacks.remove(who);
            None
        }
        Some("update") => match checked() {
            Ok(body) => views::replace(slack, view_id, body)
                .is_none()
                .then(|| "the view is gone".to_owned()),
            Err(problem) => Some(problem),
        },
        Some("push") => match checked() {
            Ok(body) => views::push_on(slack, who, body)
                .err()
                .map(|refused| refused.error),
            Err(problem) => Some(problem),
        },
        Some("errors") => {
            let named = reply
                .get("errors")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            out.errors = named
                .map(|(id, text)| (id.clone(), text.as_str().unwrap_or_default().to_owned()))
                .collect();
            let known = slack
                .view_mut(view_id)
                .map(|view| view.blocks())
                .unwrap_or_default();
            let is_input = |id: &str| {
                super::view_model::controls_of(&known)
                    .iter()
                    .any(|c| c.block_id == id && c.in_input)
            };
            out.errors
                .keys()
                .find(|id| !is_input(id))
                .map(|id| format!("errors name \"{id}\", which is no input block"))
        }
        Some(other) => Some(format!("unknown response_action {other}")),
    };
    if let Some(problem) = failed {
        tracing::warn!(problem, "the bot's answer to a submit was refused");
        out.errors.insert(
            String::new(),
            format!("We had some trouble connecting. ({problem})"),
        );
    }
    if let Some(view) = slack.view_mut(view_id) {
        view.errors = out.errors.clone();
    }
}

/// Takes one view off somebody's stack, with all that lie on it.
fn leave(slack: &mut Workspace, who: &str, view_id: &str) -> Option<View> {
    let stack = slack.stacks.get_mut(who)?;
    let at = stack.iter().position(|view| view.id == view_id)?;
    let left = stack.get(at).cloned();
    stack.truncate(at);
    left
}

/// Closes a view; the bot hears of it only if it asked to.
pub(in crate::sandbox) async fn close(
    world: &World,
    who: &str,
    view_id: &str,
) -> Option<BotAnswer> {
    let now = world.now();
    let view = world.change(|state| leave(&mut state.slack, who, view_id))?;
    if view.body.get("notify_on_close") != Some(&json!(true)) {
        return Some(BotAnswer {
            status: 200,
            body: String::new(),
        });
    }
    let payload = world.with(|state| {
        let mut out = envelope(&mut state.slack, "view_closed", who, now);
        out.insert("view".to_owned(), view.slack_json());
        out.insert("is_cleared".to_owned(), json!(false));
        out.remove("trigger_id");
        Value::Object(out)
    });
    Some(tell(world, &payload).await)
}
