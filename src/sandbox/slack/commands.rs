//! Slash commands: what the bot is told, and how its answer shows.
//! Source: <https://docs.slack.dev/interactivity/implementing-slash-commands>

use super::super::cast::{APP, BOT_USER, ChannelKind, TEAM, TEAM_DOMAIN};
use super::super::world::{BotAnswer, World};
use super::messages::Message;
use super::raw::{RawRequest, Tamper, send};
use super::{response_urls, scopes};
use serde_json::{Value, json};

/// Sends a slash command and shows the answer. A failure shows as Slack shows it, to that person.
pub(in crate::sandbox) async fn run(
    world: &World,
    who: &str,
    channel: &str,
    typed: (&str, &str),
) -> BotAnswer {
    let (command, text) = typed;
    if !world.with(|state| scopes::holds(&state.slack, "commands")) {
        // Slack gives an app's commands to a workspace with this scope, and knows none of them without it.
        let answer = BotAnswer {
            status: 0,
            body: String::new(),
        };
        show(world, who, channel, command, &answer);
        return answer;
    }
    let now = world.now();
    let url = response_urls::make(world, channel, who, None);
    let (trigger, user_name, channel_name) = world.with(|state| {
        let user = state
            .slack
            .user(who)
            .map_or_else(|| "unknown".to_owned(), |user| user.name.clone());
        let name = state
            .slack
            .channel(channel)
            .map_or_else(String::new, |channel| match channel.kind {
                ChannelKind::Im => "directmessage".to_owned(),
                ChannelKind::Public => channel.name.clone(),
            });
        (state.slack.trigger(who, now), user, name)
    });
    let request = RawRequest::form(
        "/slack/commands",
        &[
            ("token", "sandbox-verification-token"),
            ("team_id", TEAM),
            ("team_domain", TEAM_DOMAIN),
            ("channel_id", channel),
            ("channel_name", &channel_name),
            ("user_id", who),
            ("user_name", &user_name),
            ("command", command),
            ("text", text),
            ("api_app_id", APP),
            ("is_enterprise_install", "false"),
            ("response_url", &url),
            ("trigger_id", &trigger),
        ],
    );
    let answer = send(
        world,
        &format!("{command} command"),
        request,
        Tamper::default(),
    )
    .await;
    show(world, who, channel, command, &answer);
    answer
}

fn show(world: &World, who: &str, channel: &str, command: &str, answer: &BotAnswer) {
    let now = world.now();
    let given = match (answer.status, answer.is_ok()) {
        (0, _) => json!({"text": format!("{command} failed with the error \"operation_timeout\"")}),
        (_, false) => {
            json!({"text": format!("{command} failed with the error \"dispatch_failed\"")})
        }
        _ if answer.body.trim().is_empty() => return,
        _ => match serde_json::from_str(&answer.body) {
            Ok(Value::Object(map)) => Value::Object(map),
            _ => json!({"text": answer.body}),
        },
    };
    world.change(|state| {
        let made = response_urls::from_answer(&mut state.slack, &given, channel, who);
        let message = made.unwrap_or_else(|problem| {
            let text = format!("{command} failed with the error \"{problem}\"");
            let mut message = Message::plain(channel, BOT_USER, &text);
            message.ephemeral_for = Some(who.to_owned());
            message
        });
        state.slack.put(message, now);
    });
}
