//! `conversations.*`: direct messages, channels, members, history.

use super::super::cast::{BOT_USER, Channel, ChannelKind, TEAM};
use super::args::{Args, Outcome, Refused};
use super::messages::Message;
use super::web_api::Scene;
use serde_json::{Value, json};

/// A fixed day in the past on which all channels were made.
const MADE: i64 = 1_700_000_000;

fn channel_json(channel: &Channel) -> Value {
    let im = channel.kind == ChannelKind::Im;
    let mut out = json!({
        "id": channel.id, "created": MADE, "is_im": im, "is_channel": !im, "is_group": false,
        "is_mpim": false, "is_private": im, "is_archived": channel.archived, "is_general": channel.name == "general",
        "is_member": channel.has(BOT_USER), "num_members": channel.members.len(),
        "context_team_id": TEAM, "is_shared": false, "is_ext_shared": false, "is_org_shared": false,
    });
    if let Some(map) = out.as_object_mut() {
        let name = if im { "user" } else { "name" };
        map.insert(name.to_owned(), json!(channel.name));
        if !im {
            map.insert("name_normalized".to_owned(), json!(channel.name));
        }
    }
    out
}

fn find(scene: &Scene<'_>, args: &Args) -> Result<Channel, Refused> {
    let id = args.need("channel", "channel_not_found")?;
    let found = scene
        .state
        .slack
        .channels
        .iter()
        .find(|channel| channel.id == id);
    found
        .cloned()
        .ok_or_else(|| Refused::named("channel_not_found"))
}

/// Whether a direct message with this user can be opened.
pub(in crate::sandbox) fn check_reachable(scene: &Scene<'_>, user: &str) -> Result<(), Refused> {
    match scene.state.slack.user(user) {
        None => Err(Refused::named("user_not_found")),
        Some(found) if found.deleted => Err(Refused::named("user_disabled")),
        Some(found) if found.is_bot => Err(Refused::named("cannot_dm_bot")),
        Some(_) => Ok(()),
    }
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.open>. One person at a time:
/// group direct messages are refused, because nothing here may need one.
pub(in crate::sandbox) fn open(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    if args.text("channel").is_some() {
        let channel = find(scene, args)?;
        return Ok(json!({"channel": channel_json(&channel), "already_open": true, "no_op": true}));
    }
    let users = args.list("users");
    let [user] = users.as_slice() else {
        let error = if users.is_empty() {
            "users_list_not_supplied"
        } else {
            "too_many_users"
        };
        return Err(Refused::named(error));
    };
    check_reachable(scene, user)?;
    let (id, there) = scene.state.slack.direct_message(user);
    let mut channel = json!({"id": id});
    if args.flag("return_im") {
        let full = scene
            .state
            .slack
            .channels
            .iter()
            .find(|channel| channel.id == id);
        channel = full.map_or(channel, channel_json);
    }
    Ok(json!({"channel": channel, "already_open": there, "no_op": there}))
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.info>
pub(in crate::sandbox) fn info(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = find(scene, args)?;
    Ok(json!({"channel": channel_json(&channel)}))
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.list>
pub(in crate::sandbox) fn list(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let kinds = args.list("types");
    let wanted = |kind: ChannelKind| match kind {
        ChannelKind::Public => {
            kinds.is_empty() || kinds.iter().any(|kind| kind == "public_channel")
        }
        ChannelKind::Im => kinds.iter().any(|kind| kind == "im"),
    };
    let all = scene.state.slack.channels.iter();
    let chosen: Vec<Value> = all
        .filter(|channel| {
            wanted(channel.kind) && !(args.flag("exclude_archived") && channel.archived)
        })
        .map(channel_json)
        .collect();
    let (page, next) = page_of(chosen, args, 100)?;
    Ok(json!({"channels": page, "response_metadata": {"next_cursor": next}}))
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.members>
pub(in crate::sandbox) fn members(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = find(scene, args)?;
    let (page, next) = page_of(channel.members, args, 100)?;
    Ok(json!({"members": page, "response_metadata": {"next_cursor": next}}))
}

/// One page of a list, and the cursor of the next one, empty at the end.
pub(in crate::sandbox) fn page_of<T>(
    all: Vec<T>,
    args: &Args,
    usual: usize,
) -> Result<(Vec<T>, String), Refused> {
    let from = match args.text("cursor") {
        None => 0,
        Some(cursor) => {
            let number = cursor
                .strip_prefix("next:")
                .and_then(|number| number.parse::<usize>().ok());
            number.ok_or_else(|| Refused::named("invalid_cursor"))?
        }
    };
    let limit = args
        .number("limit")
        .filter(|limit| *limit > 0)
        .unwrap_or(usual)
        .min(1000);
    let end = from.saturating_add(limit);
    let next = if end < all.len() {
        format!("next:{end}")
    } else {
        String::new()
    };
    Ok((all.into_iter().skip(from).take(limit).collect(), next))
}

/// A timestamp as a number of microseconds, so that both bounds compare as Slack compares them.
fn micros(ts: &str) -> Option<i64> {
    let (seconds, rest) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits: String = rest.chars().chain("000000".chars()).take(6).collect();
    Some(seconds.parse::<i64>().ok()?.saturating_mul(1_000_000) + digits.parse::<i64>().ok()?)
}

fn within(message: &Message, args: &Args) -> Result<bool, Refused> {
    let bound = |name: &str, error: &str| match args.text(name) {
        None => Ok(None),
        Some(text) => micros(text).map(Some).ok_or_else(|| Refused::named(error)),
    };
    let at = micros(&message.ts).unwrap_or_default();
    let inclusive = args.flag("inclusive");
    let after = bound("oldest", "invalid_ts_oldest")?
        .is_none_or(|old| at > old || (inclusive && at == old));
    let before = bound("latest", "invalid_ts_latest")?
        .is_none_or(|new| at < new || (inclusive && at == new));
    Ok(after && before)
}

fn readable(scene: &Scene<'_>, args: &Args) -> Result<Vec<Message>, Refused> {
    let channel = find(scene, args)?;
    if !channel.has(BOT_USER) {
        return Err(Refused::named("not_in_channel"));
    }
    let all = scene
        .state
        .slack
        .messages
        .get(&channel.id)
        .cloned()
        .unwrap_or_default();
    // Ephemeral messages are in nobody's history.
    Ok(all
        .into_iter()
        .filter(|message| !message.deleted && message.ephemeral_for.is_none())
        .collect())
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.history>: newest first, without
/// replies in threads, metadata only where `include_all_metadata` asks for it.
pub(in crate::sandbox) fn history(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let mut chosen = Vec::new();
    for message in readable(scene, args)?.iter().rev() {
        let reply = message
            .thread_ts
            .as_ref()
            .is_some_and(|thread| *thread != message.ts);
        if !reply && within(message, args)? {
            chosen.push(message.slack_json(args.flag("include_all_metadata")));
        }
    }
    answer_page(chosen, args)
}

/// Source: <https://docs.slack.dev/reference/methods/conversations.replies>: oldest first, the
/// parent before its replies.
pub(in crate::sandbox) fn replies(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let ts = args.need("ts", "thread_not_found")?;
    let all = readable(scene, args)?;
    let asked = all
        .iter()
        .find(|message| message.ts == ts)
        .ok_or_else(|| Refused::named("thread_not_found"))?;
    let root = asked.thread_ts.clone().unwrap_or_else(|| asked.ts.clone());
    let mut chosen = Vec::new();
    for message in &all {
        let in_thread = message.ts == root || message.thread_ts.as_ref() == Some(&root);
        if in_thread && (message.ts == root || within(message, args)?) {
            chosen.push(message.slack_json(args.flag("include_all_metadata")));
        }
    }
    answer_page(chosen, args)
}

fn answer_page(chosen: Vec<Value>, args: &Args) -> Outcome {
    let (page, next) = page_of(chosen, args, 100)?;
    Ok(
        json!({"messages": page, "has_more": !next.is_empty(), "response_metadata": {"next_cursor": next}}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_compare_by_the_microsecond() {
        assert_eq!(micros("1700000000.000100"), Some(1_700_000_000_000_100));
        assert_eq!(micros("1700000000"), Some(1_700_000_000_000_000));
        assert_eq!(micros("soon"), None);
    }
}
