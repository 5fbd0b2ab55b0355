//! Submitting and closing views, and doing what the bot's answer says.

use super::super::world::{BotAnswer, World};
use super::args::Refused;
use super::interactions::{envelope, tell};
use super::view_model::{Control, View, controls_of};
use super::{Workspace, response_urls, state_values, views};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    for control in controls_of(&view.blocks()) {
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
    for control in controls_of(&view.blocks())
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
    let done = match out.response_action.as_deref() {
        None => {
            leave(slack, who, view_id);
            Ok(())
        }
        Some("clear") => {
            slack.stacks.remove(who);
            Ok(())
        }
        Some("update") => views::check(new, Some("modal")).map(|body| {
            views::replace(slack, view_id, body);
        }),
        Some("push") => views::check(new, Some("modal"))
            .and_then(|body| views::push_on(slack, who, body))
            .map(|_| ()),
        Some("errors") => take_errors(slack, view_id, reply, out),
        Some(other) => Err(Refused::with(
            "unknown_response_action",
            vec![other.to_owned()],
        )),
    };
    if let Err(refused) = done {
        let problem = format!("{}: {}", refused.error, refused.messages.join("; "));
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

/// Errors may only name input blocks of the view.
fn take_errors(
    slack: &mut Workspace,
    view_id: &str,
    reply: &Value,
    out: &mut Submitted,
) -> Result<(), Refused> {
    let named = reply
        .get("errors")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    out.errors = named
        .map(|(id, text)| (id.clone(), text.as_str().unwrap_or_default().to_owned()))
        .collect();
    let blocks = slack
        .view_mut(view_id)
        .map(|view| view.blocks())
        .unwrap_or_default();
    let inputs: Vec<String> = controls_of(&blocks)
        .into_iter()
        .filter(|control| control.in_input)
        .map(|control| control.block_id)
        .collect();
    match out.errors.keys().find(|id| !inputs.contains(id)) {
        Some(odd) => Err(Refused::with("no_such_input_block", vec![odd.clone()])),
        None => Ok(()),
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
