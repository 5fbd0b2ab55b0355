//! What a person does on the page: each becomes the same signed request that a test would send.

use super::super::slack::view_model::{Control, controls_of};
use super::super::slack::voices::say;
use super::super::slack::{commands, events, interactions, state_values, submissions};
use super::super::world::{BotAnswer, World};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// The body of an act. Only JSON is taken: a form of another page cannot send that without asking.
struct Act(Value);

/// A refusal with one sentence.
fn no(status: StatusCode, sentence: &str) -> Response {
    (
        status,
        Json(json!({"ok": false, "status": 0, "error": sentence})),
    )
        .into_response()
}

fn not_there(sentence: &str) -> Response {
    no(StatusCode::NOT_FOUND, sentence)
}

impl Act {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, StatusCode> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        if !kind.unwrap_or_default().starts_with("application/json") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| StatusCode::BAD_REQUEST)
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whose hand it is: somebody of the cast who is not the bot.
    fn who(&self, world: &World) -> Option<String> {
        let who = self.text("as");
        let person = world.with(|state| state.slack.user(who).is_some_and(|user| !user.is_bot));
        person.then(|| who.to_owned())
    }

    /// What was chosen in this control, checked against its options.
    fn chosen(&self, control: &Control) -> Result<Option<Value>, ()> {
        let value = |name: &str| self.0.pointer(name).and_then(Value::as_str);
        let one = [
            "/selected_option/value",
            "/selected_user",
            "/selected_channel",
            "/selected_conversation",
            "/selected_date",
            "/selected_time",
        ];
        if let Some(answer) = one.iter().find_map(|name| value(name)) {
            return state_values::answered(control, answer).map(Some).ok_or(());
        }
        if let Some(all) = self.0.get("selected_options").and_then(Value::as_array) {
            let values: Vec<&str> = all
                .iter()
                .filter_map(|option| option.get("value").and_then(Value::as_str))
                .collect();
            return state_values::answered(control, &values.join(","))
                .map(Some)
                .ok_or(());
        }
        if let Some(users) = self
            .0
            .get("selected_users")
            .filter(|users| users.is_array())
        {
            return Ok(Some(
                json!({"type": control.kind(), "selected_users": users}),
            ));
        }
        let typed = matches!(control.kind().as_str(), "plain_text_input" | "number_input");
        Ok(value("/value")
            .filter(|_| typed)
            .and_then(|text| state_values::answered(control, text)))
    }

    fn find(&self, blocks: &Value) -> Option<Control> {
        let hit = |control: &Control| {
            control.block_id == self.text("block_id")
                && control.action_id() == self.text("action_id")
        };
        controls_of(blocks).into_iter().find(hit)
    }
}

fn answered(answer: &BotAnswer) -> Response {
    let error = match (answer.status, answer.is_ok()) {
        (_, true) => Value::Null,
        (0, _) => json!(format!("The bot did not answer: {}", answer.body)),
        (status, _) => json!(format!("The bot answered {status}.")),
    };
    Json(json!({"ok": answer.is_ok(), "status": answer.status, "error": error})).into_response()
}

macro_rules! read {
    ($world:expr, $headers:expr, $body:expr) => {{
        let act = match Act::read($headers, $body) {
            Ok(act) => act,
            Err(status) => return no(status, "Send a JSON document."),
        };
        let Some(who) = act.who($world) else {
            return not_there("There is nobody of that name here.");
        };
        (act, who)
    }};
}

/// `POST /ui/click`.
pub(super) async fn click(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (act, who) = read!(&world, &headers, &body);
    let payload = match act.some("view_id") {
        Some(view) => view_click(&world, &act, &who, view),
        None => message_click(&world, &act, &who),
    };
    match payload {
        Ok(payload) => answered(&interactions::tell(&world, &payload).await),
        Err(sentence) => not_there(sentence),
    }
}

fn message_click(world: &World, act: &Act, who: &str) -> Result<Value, &'static str> {
    const GONE: &str = "This message or its button is not there any more.";
    let (channel, ts) = (act.text("channel"), act.text("ts"));
    let message = world
        .with(|state| state.slack.message(channel, ts).cloned())
        .ok_or(GONE)?;
    if message
        .ephemeral_for
        .as_deref()
        .is_some_and(|only| only != who)
    {
        return Err(GONE);
    }
    let control = act.find(&message.blocks).ok_or(GONE)?;
    let chosen = act
        .chosen(&control)
        .map_err(|()| "The menu has no such option.")?;
    let hit = (&control, chosen.as_ref());
    let mut payload = interactions::message_click(world, who, (channel, ts), hit).ok_or(GONE)?;
    if let (Some(values), Some(state)) = (act.0.get("values"), payload.get_mut("state")) {
        *state = json!({"values": values});
    }
    Ok(payload)
}

fn view_click(world: &World, act: &Act, who: &str, view: &str) -> Result<Value, &'static str> {
    const GONE: &str = "This window or its button is not there any more.";
    let found = world.with(|state| {
        let home = state.slack.homes.get(who);
        let stack = state.slack.stacks.get(who).into_iter().flatten();
        home.into_iter()
            .chain(stack)
            .find(|one| one.id == view || (view == "home" && one.kind == "home"))
            .cloned()
    });
    let found = found.ok_or(GONE)?;
    let control = act.find(&found.blocks()).ok_or(GONE)?;
    let chosen = act
        .chosen(&control)
        .map_err(|()| "The menu has no such option.")?;
    if let Some(values) = act.0.get("values").filter(|values| values.is_object()) {
        world.with(|state| {
            if let Some(open) = state.slack.view_mut(&found.id) {
                open.entered = values.clone();
            }
        });
    }
    interactions::view_click(world, who, &found.id, (&control, chosen.as_ref())).ok_or(GONE)
}

fn owns(world: &World, who: &str, view: &str) -> bool {
    world.with(|state| {
        state
            .slack
            .stacks
            .get(who)
            .into_iter()
            .flatten()
            .any(|open| open.id == view)
    })
}

/// `POST /ui/submit`.
pub(super) async fn submit(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (act, who) = read!(&world, &headers, &body);
    let view = act.text("view_id");
    if !owns(&world, &who, view) {
        return not_there("This window is not open any more.");
    }
    let values = act
        .0
        .get("values")
        .filter(|values| values.is_object())
        .cloned();
    let done = submissions::submit(&world, &who, view, values.unwrap_or_else(|| json!({}))).await;
    let Some(done) = done else {
        return not_there("This window is not open any more.");
    };
    let taken = done.errors.is_empty() && (200..300).contains(&done.status);
    // Errors at fields belong to the window and are no failure of the bot.
    let mut errors = done.errors;
    let trouble = errors.remove("");
    let status = if done.status == 0 && trouble.is_none() {
        200
    } else {
        done.status
    };
    Json(
        json!({"ok": taken, "status": status, "response_action": done.response_action,
                "errors": errors, "error": trouble}),
    )
    .into_response()
}

/// `POST /ui/close`.
pub(super) async fn close(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (act, who) = read!(&world, &headers, &body);
    match submissions::close(&world, &who, act.text("view_id")).await {
        Some(answer) => answered(&answer),
        None => not_there("This window is not open any more."),
    }
}

/// `POST /ui/slash`.
pub(super) async fn slash(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (act, who) = read!(&world, &headers, &body);
    let channel = act.text("channel");
    if !member(&world, &who, channel) {
        return not_there("You are not in that channel.");
    }
    let command = act.some("command").unwrap_or("/triage");
    answered(&commands::run(&world, &who, channel, (command, act.text("text"))).await)
}

fn member(world: &World, who: &str, channel: &str) -> bool {
    world.with(|state| {
        state
            .slack
            .channels
            .iter()
            .any(|one| one.id == channel && one.has(who) && !one.archived)
    })
}

/// `POST /ui/message`. The events go out behind the answer, with Slack's pauses between repeats.
pub(super) async fn message(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (act, who) = read!(&world, &headers, &body);
    let (channel, text) = (act.text("channel"), act.text("text"));
    if text.trim().is_empty() {
        return no(StatusCode::BAD_REQUEST, "Write something first.");
    }
    if !member(&world, &who, channel) {
        return not_there("You are not in that channel, or it is archived.");
    }
    let put = say(&world, &who, channel, act.some("thread_ts"), text);
    for event in events::of_message(&world, &put) {
        behind(&world, event);
    }
    Json(json!({"ok": true, "status": 200, "ts": put.ts})).into_response()
}

/// `POST /ui/home`.
pub(super) async fn home(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (_, who) = read!(&world, &headers, &body);
    let event = events::home_opened(&world, &who);
    behind(&world, event);
    Json(json!({"ok": true, "status": 200})).into_response()
}

#[expect(
    clippy::disallowed_methods,
    reason = "repeats of an event may take minutes and nothing waits for them"
)]
fn behind(world: &Arc<World>, event: Value) {
    let world = Arc::clone(world);
    tokio::spawn(async move { events::deliver(&world, event).await });
}
