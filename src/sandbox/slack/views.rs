//! `views.*`: opening, pushing, updating and publishing views, with triggers and hashes.

use super::Workspace;
use super::args::{Args, Outcome, Refused};
use super::limits;
use super::state_values;
use super::view_model::View;
use super::web_api::Scene;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Source: <https://docs.slack.dev/surfaces/modals>: a trigger is good for three seconds.
const TRIGGER_MS: i64 = 3_000;
/// Source: the same page: at most three views lie on one another.
const STACK: usize = 3;
/// Source: the error `view_too_large` of <https://docs.slack.dev/reference/methods/views.open>.
const VIEW_BYTES: usize = 250_000;

/// Uses up a trigger and says whose it was.
fn exchange(scene: &mut Scene<'_>, args: &Args) -> Result<String, Refused> {
    let id = args
        .text("trigger_id")
        .or_else(|| args.text("interactivity_pointer"));
    let id = id
        .ok_or_else(|| Refused::named("invalid_arguments"))?
        .to_owned();
    let now = scene.now;
    let found = scene.state.slack.triggers.get_mut(&id);
    let trigger = found.ok_or_else(|| Refused::named("invalid_trigger_id"))?;
    if trigger.used {
        return Err(Refused::named("exchanged_trigger_id"));
    }
    if now - trigger.at > TRIGGER_MS {
        return Err(Refused::named("expired_trigger_id"));
    }
    trigger.used = true;
    Ok(trigger.user.clone())
}

fn body(args: &Args, kind: &str) -> Result<Map<String, Value>, Refused> {
    let view = args.json("view", "invalid_arguments")?;
    check(view.unwrap_or(Value::Null), Some(kind))
}

/// Checks a view as a method or a `response_action` gives it.
pub(in crate::sandbox) fn check(
    view: Value,
    kind: Option<&str>,
) -> Result<Map<String, Value>, Refused> {
    if view.to_string().len() > VIEW_BYTES {
        return Err(Refused::named("view_too_large"));
    }
    limits::check_view(&view, kind)?;
    match view {
        Value::Object(map) => Ok(map),
        _ => Err(Refused::named("invalid_arguments")),
    }
}

/// A new view with ids given to its blocks, standing on `below`.
pub(in crate::sandbox) fn make(
    slack: &mut Workspace,
    mut body: Map<String, Value>,
    below: Option<&View>,
) -> View {
    let number = slack.count();
    let id = format!("V0{number:08}");
    settle_blocks(slack, &mut body);
    let kind = body
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("modal")
        .to_owned();
    let entered = state_values::initial(body.get("blocks").unwrap_or(&Value::Null));
    View {
        hash: hash_of(slack),
        kind,
        body,
        root: below.map_or_else(|| id.clone(), |view| view.root.clone()),
        previous: below.map(|view| view.id.clone()),
        errors: BTreeMap::new(),
        entered,
        id,
    }
}

fn settle_blocks(slack: &mut Workspace, body: &mut Map<String, Value>) {
    if let Some(blocks) = body.get_mut("blocks") {
        *blocks = limits::with_block_ids(blocks.take(), &mut || slack.count());
    }
}

fn hash_of(slack: &mut Workspace) -> String {
    let number = slack.count();
    format!(
        "{}.{:08x}",
        1_700_000_000 + number,
        number.wrapping_mul(2_654_435_761) & 0xffff_ffff
    )
}

/// Replaces the content of a view; what was entered stays where block and action ids are the same.
pub(in crate::sandbox) fn replace(
    slack: &mut Workspace,
    id: &str,
    mut body: Map<String, Value>,
) -> Option<View> {
    settle_blocks(slack, &mut body);
    let hash = hash_of(slack);
    let view = slack.view_mut(id)?;
    let blocks = body.get("blocks").cloned().unwrap_or(Value::Null);
    view.entered = state_values::kept(&blocks, &view.entered);
    view.body = body;
    view.hash = hash;
    view.errors.clear();
    Some(view.clone())
}

fn shown(view: &View) -> Value {
    json!({"view": view.slack_json()})
}

/// Source: <https://docs.slack.dev/reference/methods/views.open>
pub(in crate::sandbox) fn open(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let body = body(args, "modal")?;
    let user = exchange(scene, args)?;
    let view = make(&mut scene.state.slack, body, None);
    scene.state.slack.stacks.insert(user, vec![view.clone()]);
    Ok(shown(&view))
}

/// Source: <https://docs.slack.dev/reference/methods/views.push>
pub(in crate::sandbox) fn push(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let body = body(args, "modal")?;
    let user = exchange(scene, args)?;
    push_on(&mut scene.state.slack, &user, body).map(|view| shown(&view))
}

/// Puts a view on the top of somebody's stack.
pub(in crate::sandbox) fn push_on(
    slack: &mut Workspace,
    user: &str,
    body: Map<String, Value>,
) -> Result<View, Refused> {
    let stack = slack.stacks.get(user).cloned().unwrap_or_default();
    let Some(below) = stack.last() else {
        return Err(Refused::named("not_found"));
    };
    if stack.len() >= STACK {
        return Err(Refused::named("push_limit_reached"));
    }
    let view = make(slack, body, Some(below));
    slack
        .stacks
        .entry(user.to_owned())
        .or_default()
        .push(view.clone());
    Ok(view)
}

/// Source: <https://docs.slack.dev/reference/methods/views.update>
pub(in crate::sandbox) fn update(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let view = args.json("view", "invalid_arguments")?;
    let body = check(view.unwrap_or(Value::Null), None)?;
    let slack = &mut scene.state.slack;
    let by_external = args.text("external_id").and_then(|wanted| {
        slack
            .stacks
            .values()
            .flatten()
            .find(|view| view.field("external_id") == wanted)
            .map(|view| view.id.clone())
    });
    let id = args.text("view_id").map(str::to_owned).or(by_external);
    let id = id.ok_or_else(|| Refused::named("not_found"))?;
    let old = slack
        .view_mut(&id)
        .ok_or_else(|| Refused::named("not_found"))?;
    if args.text("hash").is_some_and(|hash| hash != old.hash) {
        return Err(Refused::named("hash_conflict"));
    }
    let new = replace(slack, &id, body).ok_or_else(|| Refused::named("not_found"))?;
    Ok(shown(&new))
}

/// Source: <https://docs.slack.dev/reference/methods/views.publish>
pub(in crate::sandbox) fn publish(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let body = body(args, "home")?;
    let user = args.need("user_id", "user_not_found")?.to_owned();
    if scene.state.slack.user(&user).is_none() {
        return Err(Refused::named("user_not_found"));
    }
    let slack = &mut scene.state.slack;
    let old = slack
        .homes
        .get(&user)
        .map(|view| (view.id.clone(), view.hash.clone()));
    let view = match old {
        None => make(slack, body, None),
        Some((_, hash)) if args.text("hash").is_some_and(|given| given != hash) => {
            return Err(Refused::named("hash_conflict"));
        }
        Some((id, _)) => replace(slack, &id, body).ok_or_else(|| Refused::named("not_found"))?,
    };
    slack.homes.insert(user, view.clone());
    Ok(shown(&view))
}
