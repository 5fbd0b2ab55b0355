//! The door of the Web API: token, faults, rate limits, and which function answers which method.

use super::super::cast::{BOT, BOT_USER, TEAM, TEAM_NAME, TOKEN};
use super::super::faults::{Fault, dropped, hang, nonsense, server_error, too_many};
use super::super::world::{State, World};
use super::args::{Args, Outcome, Refused};
use super::{chat, conversations, people, scopes, views};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a method may use: the state, the time, and the address that links begin with.
pub(in crate::sandbox) struct Scene<'a> {
    pub state: &'a mut State,
    pub now: i64,
    pub base_url: &'a str,
}

/// `GET` and `POST /slack/api/<method>`.
pub(in crate::sandbox) async fn call(
    Shared(world): Shared<Arc<World>>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = world.take_fault(&method);
    if let Some(response) = instead_of_acting(&world, &method, fault.as_ref()).await {
        return response;
    }
    let outcome = read(&world, &query.unwrap_or_default(), &headers, &body)
        .and_then(|args| run(&world, &method, &args));
    if fault == Some(Fault::LostAnswer) {
        world.note_call(&method, 0, "lost_answer");
        return dropped();
    }
    match outcome {
        Ok(mut answer) => {
            world.note_call(&method, 200, "");
            if let Some(map) = answer.as_object_mut() {
                map.insert("ok".to_owned(), json!(true));
            }
            with_scopes(&world, axum::Json(answer))
        }
        Err(refused) if refused.error == "ratelimited" => {
            world.note_call(&method, 429, "ratelimited");
            too_many(
                refused
                    .messages
                    .first()
                    .and_then(|wait| wait.parse().ok())
                    .unwrap_or(1),
            )
        }
        Err(refused) => {
            world.note_call(&method, 200, &refused.error);
            with_scopes(&world, axum::Json(refused.json()))
        }
    }
}

/// Every answer names the scopes of the token, which is how a client finds out what it may do.
fn with_scopes(world: &World, body: axum::Json<Value>) -> Response {
    let granted = world.with(|state| state.slack.scopes.join(","));
    ([("x-oauth-scopes", granted)], body).into_response()
}

async fn instead_of_acting(world: &World, method: &str, fault: Option<&Fault>) -> Option<Response> {
    match fault? {
        Fault::Timeout => {
            world.note_call(method, 0, "timeout");
            Some(hang().await)
        }
        Fault::RateLimited { retry_after } => {
            world.note_call(method, 429, "ratelimited");
            Some(too_many(*retry_after))
        }
        Fault::Error(name) => {
            world.note_call(method, 200, name);
            Some(axum::Json(json!({"ok": false, "error": name})).into_response())
        }
        Fault::ServerError => {
            world.note_call(method, 500, "server_error");
            Some(server_error())
        }
        Fault::Nonsense => {
            world.note_call(method, 200, "nonsense");
            Some(nonsense())
        }
        Fault::LostAnswer => None,
    }
}

fn read(world: &World, query: &str, headers: &HeaderMap, body: &[u8]) -> Result<Args, Refused> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let args = Args::read(query, text(header::CONTENT_TYPE), body)?;
    let bearer = text(header::AUTHORIZATION)
        .strip_prefix("Bearer ")
        .map(str::trim);
    let Some(token) = bearer
        .filter(|token| !token.is_empty())
        .or_else(|| args.text("token"))
    else {
        return Err(Refused::named("not_authed"));
    };
    if token == TOKEN {
        return Ok(args);
    }
    if looks_real(token) {
        tracing::error!(
            "a token that looks real was sent to the local workspace and refused: use {TOKEN} here, and treat that token as shown to somebody"
        );
        let line = "a token that looks real was sent to the local workspace".to_owned();
        world.with(|state| state.violations.push(line));
    }
    Err(Refused::named("invalid_auth"))
}

/// Real tokens are `xox`, a letter, and a number of the team after the first hyphen.
fn looks_real(token: &str) -> bool {
    let mut parts = token.split('-');
    let kind = parts.next().unwrap_or_default();
    let team = parts.next().unwrap_or_default();
    kind.starts_with("xox") && !team.is_empty() && team.bytes().all(|byte| byte.is_ascii_digit())
}

fn run(world: &World, method: &str, args: &Args) -> Outcome {
    let now = world.now();
    world.change(|state| {
        if world.rate_limits {
            let wait = state
                .slack
                .throttle
                .count(method, args.text("channel"), now);
            if let Some(wait) = wait {
                return Err(Refused::with("ratelimited", vec![wait.to_string()]));
            }
        }
        scopes::check(
            &state.slack,
            method,
            args.text("channel").unwrap_or_default(),
        )?;
        act(
            &mut Scene {
                state,
                now,
                base_url: &world.base_url,
            },
            method,
            args,
        )
    })
}

fn act(scene: &mut Scene<'_>, method: &str, args: &Args) -> Outcome {
    match method {
        "auth.test" => Ok(auth_test()),
        "chat.postMessage" => chat::post_message(scene, args),
        "chat.postEphemeral" => chat::post_ephemeral(scene, args),
        "chat.update" => chat::update(scene, args),
        "chat.delete" => chat::delete(scene, args),
        "chat.getPermalink" => chat::permalink(scene, args),
        "conversations.open" => conversations::open(scene, args),
        "conversations.info" => conversations::info(scene, args),
        "conversations.list" => conversations::list(scene, args),
        "conversations.members" => conversations::members(scene, args),
        "conversations.history" => conversations::history(scene, args),
        "conversations.replies" => conversations::replies(scene, args),
        "users.info" => people::user_info(scene, args),
        "users.list" => people::user_list(scene, args),
        "usergroups.list" => people::group_list(scene, args),
        "usergroups.users.list" => people::group_users(scene, args),
        "views.open" => views::open(scene, args),
        "views.push" => views::push(scene, args),
        "views.update" => views::update(scene, args),
        "views.publish" => views::publish(scene, args),
        _ => Err(Refused::named("unknown_method")),
    }
}

/// Source: <https://docs.slack.dev/reference/methods/auth.test>
fn auth_test() -> Value {
    json!({
        "url": "https://local-workspace.slack.com/", "team": TEAM_NAME, "user": "countersign",
        "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_with_a_team_number_look_real() {
        assert!(!looks_real(TOKEN));
        assert!(!looks_real("xoxb-fake-1"));
        assert!(looks_real(&format!("xoxb-{}-{}", "1".repeat(10), "abc")));
    }
}
