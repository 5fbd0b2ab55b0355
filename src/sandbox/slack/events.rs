//! The Events API: envelopes, and sending again until the bot has taken an event.
//! Source: <https://docs.slack.dev/apis/events-api>

use super::super::cast::{APP, BOT_USER, ChannelKind, TEAM};
use super::super::world::{BotAnswer, World};
use super::messages::Message;
use super::people::{group_json, user_json};
use super::raw::{RawRequest, Tamper, send};
use serde_json::{Value, json};

const PATH: &str = "/slack/events";

/// Sends an event, and again on the schedule while the bot does not answer 2xx in time. All
/// attempts carry the same `event_id`.
pub(in crate::sandbox) async fn deliver(world: &World, event: Value) -> Vec<BotAnswer> {
    let now = world.now();
    let number = world.with(|state| state.slack.count());
    let what = event
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("event")
        .to_owned();
    let body = json!({
        "token": "sandbox-verification-token", "team_id": TEAM, "context_team_id": TEAM,
        "context_enterprise_id": null, "api_app_id": APP, "event": event, "type": "event_callback",
        "event_id": format!("Ev{number:09}"), "event_time": now.div_euclid(1000),
        "authorizations": [{"enterprise_id": null, "team_id": TEAM, "user_id": BOT_USER, "is_bot": true, "is_enterprise_install": false}],
        "is_ext_shared_channel": false, "event_context": format!("4-{number:012}"),
    });
    let request = RawRequest::json(PATH, &body);
    let mut answers = vec![send(world, &what, request.clone(), Tamper::default()).await];
    for (index, pause) in world.event_retries.iter().enumerate() {
        let Some(last) = answers.last().filter(|last| !last.is_ok()) else {
            break;
        };
        let reason = if last.status == 0 {
            "http_timeout"
        } else {
            "http_error"
        };
        let headers = vec![
            ("x-slack-retry-num".to_owned(), (index + 1).to_string()),
            ("x-slack-retry-reason".to_owned(), reason.to_owned()),
        ];
        tokio::time::sleep(*pause).await;
        let again = Tamper {
            headers,
            ..Tamper::default()
        };
        answers.push(send(world, &format!("{what} (again)"), request.clone(), again).await);
    }
    answers
}

/// The handshake by which Slack checks an address. `true` where the bot echoes the challenge.
pub(in crate::sandbox) async fn verify_url(world: &World) -> (bool, BotAnswer) {
    let challenge = format!("challenge-{}", world.with(|state| state.slack.count()));
    let body = json!({"token": "sandbox-verification-token", "challenge": challenge, "type": "url_verification"});
    let answer = send(
        world,
        "url_verification",
        RawRequest::json(PATH, &body),
        Tamper::default(),
    )
    .await;
    let echoed = serde_json::from_str::<Value>(&answer.body)
        .ok()
        .and_then(|body| {
            body.get("challenge")
                .and_then(Value::as_str)
                .map(str::to_owned)
        })
        .unwrap_or_else(|| answer.body.trim().to_owned());
    (answer.is_ok() && echoed == challenge, answer)
}

/// The events that follow from a person's message: `app_mention` where the bot is named, and
/// `message` where the bot is in the channel.
pub(in crate::sandbox) fn of_message(world: &World, message: &Message) -> Vec<Value> {
    let channel = world.with(|state| state.slack.channel(&message.channel).cloned());
    let Some(channel) = channel.filter(|channel| channel.has(BOT_USER)) else {
        return Vec::new();
    };
    let kind = if channel.kind == ChannelKind::Im {
        "im"
    } else {
        "channel"
    };
    let mut plain = message.slack_json(false);
    if let Some(map) = plain.as_object_mut() {
        map.insert("channel".to_owned(), json!(channel.id));
        map.insert("channel_type".to_owned(), json!(kind));
        map.insert("event_ts".to_owned(), json!(message.ts));
    }
    let mut out = vec![plain.clone()];
    if kind == "channel" && message.text.contains(&format!("<@{BOT_USER}>")) {
        if let Some(map) = plain.as_object_mut() {
            map.insert("type".to_owned(), json!("app_mention"));
            map.remove("channel_type");
        }
        out.push(plain);
    }
    out
}

/// `app_home_opened`. Source: <https://docs.slack.dev/reference/events/app_home_opened>
pub(in crate::sandbox) fn home_opened(world: &World, who: &str) -> Value {
    let now = world.now();
    world.change(|state| {
        let (channel, _) = state.slack.direct_message(who);
        let mut event = json!({"type": "app_home_opened", "user": who, "channel": channel, "tab": "home",
                               "event_ts": format!("{}.000000", now / 1000)});
        if let (Some(view), Some(map)) = (state.slack.homes.get(who), event.as_object_mut()) {
            map.insert("view".to_owned(), view.slack_json());
        }
        event
    })
}

/// `user_change`. Source: <https://docs.slack.dev/reference/events/user_change>
pub(in crate::sandbox) fn user_changed(world: &World, who: &str) -> Option<Value> {
    let now = world.now();
    let user = world.with(|state| state.slack.user(who).map(user_json))?;
    Some(
        json!({"type": "user_change", "user": user, "cache_ts": now / 1000, "event_ts": format!("{}.000000", now / 1000)}),
    )
}

/// `subteam_updated`. Source: <https://docs.slack.dev/reference/events/subteam_updated>
pub(in crate::sandbox) fn group_changed(world: &World, group: &str) -> Option<Value> {
    let now = world.now();
    let found = world.with(|state| {
        state
            .slack
            .groups
            .iter()
            .find(|one| one.id == group)
            .map(|one| group_json(one, true))
    })?;
    Some(
        json!({"type": "subteam_updated", "subteam": found, "event_ts": format!("{}.000000", now / 1000)}),
    )
}
