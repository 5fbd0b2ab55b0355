//! Everything the page shows to one person, as one document.

use super::super::cast::{BOT_USER, Channel, ChannelKind, TEAM, TEAM_NAME};
use super::super::desk::ticket::DeskTicket;
use super::super::slack::Workspace;
use super::super::slack::messages::Message;
use super::super::slack::view_model::View;
use super::super::stripe::StripeBooks;
use super::super::world::{State, World};
use serde_json::{Map, Value, json};

const NOTICE: &str = "Local workspace: a stand-in for Slack, Stripe and a help desk on this machine. Nothing here leaves it.";

/// The document for `who`.
pub(super) fn of(world: &World, who: &str) -> Value {
    let now = world.now();
    world.with(|state| {
        if state.slack.user(who).is_some_and(|user| !user.is_bot) {
            state.slack.direct_message(who);
        }
        build(state, who, now)
    })
}

fn build(state: &State, who: &str, now: i64) -> Value {
    let slack = &state.slack;
    let mine: Vec<&Channel> = slack
        .channels
        .iter()
        .filter(|channel| channel.has(who))
        .collect();
    let messages: Map<String, Value> = mine
        .iter()
        .map(|channel| {
            (
                channel.id.clone(),
                Value::Array(messages(slack, channel, who)),
            )
        })
        .collect();
    json!({
        "workspace": {"team_id": TEAM, "name": TEAM_NAME, "notice": NOTICE},
        "me": who, "now": now,
        "users": users(slack), "groups": groups(slack),
        "channels": mine.iter().map(|channel| channel_json(slack, channel, who)).collect::<Vec<_>>(),
        "messages": messages,
        "modal": slack.stacks.get(who).and_then(|stack| stack.last()).map(modal),
        "home": slack.homes.get(who).map(|view| json!({"id": view.id, "blocks": view.blocks()})),
        "tickets": state.desk.tickets.iter().map(ticket).collect::<Vec<_>>(),
        "stripe": stripe(&state.stripe),
        "bot": bot(state),
    })
}

fn users(slack: &Workspace) -> Vec<Value> {
    let all = slack.users.iter().map(|user| {
        json!({
            "id": user.id, "name": user.name, "real_name": user.real_name, "is_bot": user.is_bot,
            "is_guest": user.is_guest(), "is_ultra": user.is_ultra_restricted,
            "deleted": user.deleted, "foreign": user.is_stranger(),
        })
    });
    all.collect()
}

fn groups(slack: &Workspace) -> Vec<Value> {
    let all = slack.groups.iter();
    all.map(|group| json!({"id": group.id, "handle": group.handle, "members": group.members}))
        .collect()
}

fn visible<'a>(
    slack: &'a Workspace,
    channel: &Channel,
    who: &'a str,
) -> impl Iterator<Item = &'a Message> {
    let all = slack.messages.get(&channel.id).into_iter().flatten();
    all.filter(move |message| {
        message
            .ephemeral_for
            .as_deref()
            .is_none_or(|only| only == who)
    })
}

fn messages(slack: &Workspace, channel: &Channel, who: &str) -> Vec<Value> {
    visible(slack, channel, who)
        .map(|message| {
            let gone = message.deleted;
            json!({
                "ts": message.ts, "user": message.user, "thread_ts": message.thread_ts,
                "text": if gone { "" } else { &message.text },
                "blocks": if gone { json!([]) } else { message.blocks.clone() },
                "ephemeral_for": message.ephemeral_for, "edited": message.edited, "deleted": gone,
            })
        })
        .collect()
}

/// Unread is what others wrote after this person's own last message.
fn channel_json(slack: &Workspace, channel: &Channel, who: &str) -> Value {
    let all: Vec<&Message> = visible(slack, channel, who)
        .filter(|message| !message.deleted)
        .collect();
    let unread = all
        .iter()
        .rev()
        .take_while(|message| message.user != who)
        .count();
    let im = channel.kind == ChannelKind::Im;
    // Everybody sees the other side of a conversation, and the bot is the other side of theirs.
    let with = channel
        .with()
        .map(|with| if with == who { BOT_USER } else { with });
    let name = if with == Some(BOT_USER) {
        "Countersign"
    } else {
        channel.name.as_str()
    };
    json!({
        "id": channel.id, "name": name, "kind": if im { "im" } else { "channel" },
        "with": with, "archived": channel.archived, "unread": unread,
    })
}

fn modal(view: &View) -> Value {
    json!({
        "id": view.id, "hash": view.hash, "callback_id": view.callback_id(),
        "private_metadata": view.private_metadata(), "title": view.title(),
        "submit": label_or_null(view, "submit"), "close": label_or_null(view, "close"),
        "blocks": view.blocks(), "errors": view.errors,
        "notify_on_close": view.body.get("notify_on_close") == Some(&json!(true)),
        "values": view.entered,
    })
}

fn label_or_null(view: &View, name: &str) -> Value {
    let label = view.label(name);
    if label.is_empty() {
        Value::Null
    } else {
        json!(label)
    }
}

fn ticket(ticket: &DeskTicket) -> Value {
    let entries: Vec<Value> = ticket
        .entries
        .iter()
        .map(|entry| json!({"kind": entry.kind.name(), "text": entry.text, "at": entry.at, "key": entry.key}))
        .collect();
    let mut out = ticket.json();
    if let Some(map) = out.as_object_mut() {
        map.insert("entries".to_owned(), Value::Array(entries));
    }
    out
}

fn stripe(books: &StripeBooks) -> Value {
    json!({
        "customers": books.customers.iter().map(StripeBooks::customer_json).collect::<Vec<_>>(),
        "charges": books.charges.iter().map(|charge| books.charge_json(charge)).collect::<Vec<_>>(),
    })
}

fn bot(state: &State) -> Value {
    let log: Vec<Value> = state
        .bot_log
        .iter()
        .map(|request| json!({"at": request.at, "what": request.what, "status": request.status, "ms": request.ms}))
        .collect();
    let last = state.bot_log.last().map_or(0, |request| request.status);
    json!({"requests": state.bot_requests, "last_status": last, "log": log})
}
