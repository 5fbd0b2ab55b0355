//! `chat.*`: posting, updating, deleting, and permanent links.

use super::super::cast::{BOT_USER, Channel, ChannelKind};
use super::args::{Args, Outcome, Refused};
use super::limits;
use super::messages::Message;
use super::web_api::Scene;
use serde_json::{Value, json};

/// Where the bot may write: the channel is there, open, and the bot is in it.
fn writable(scene: &mut Scene<'_>, args: &Args) -> Result<Channel, Refused> {
    let name = args.need("channel", "channel_not_found")?;
    if name.starts_with('U') {
        super::conversations::check_reachable(scene, name)?;
        scene.state.slack.direct_message(name);
    }
    let found = scene
        .state
        .slack
        .channels
        .iter()
        .find(|channel| channel.with() == Some(name))
        .or_else(|| scene.state.slack.channel(name));
    let channel = found
        .cloned()
        .ok_or_else(|| Refused::named("channel_not_found"))?;
    if channel.archived {
        return Err(Refused::named("is_archived"));
    }
    if !channel.has(BOT_USER) {
        return Err(Refused::named("not_in_channel"));
    }
    Ok(channel)
}

/// Text, blocks and metadata of a message as the caller gave them, checked.
struct Content {
    text: Option<String>,
    blocks: Option<Value>,
    metadata: Option<Value>,
}

fn content(args: &Args, longest_text: usize) -> Result<Content, Refused> {
    let text = args.text("text").map(str::to_owned);
    let blocks = args.json("blocks", "invalid_blocks_format")?;
    if let Some(blocks) = &blocks {
        limits::check_message(blocks)?;
    }
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > longest_text)
    {
        return Err(Refused::named("msg_too_long"));
    }
    let metadata = args.json("metadata", "invalid_metadata_format")?;
    if let Some(metadata) = &metadata {
        check_metadata(metadata)?;
    }
    Ok(Content {
        text,
        blocks,
        metadata,
    })
}

/// Source: <https://docs.slack.dev/messaging/message-metadata>
fn check_metadata(metadata: &Value) -> Result<(), Refused> {
    let empty = metadata.as_object().is_some_and(serde_json::Map::is_empty);
    let typed = metadata
        .get("event_type")
        .and_then(Value::as_str)
        .is_some_and(|kind| !kind.is_empty());
    let payload = metadata.get("event_payload").is_some_and(Value::is_object);
    if empty || (typed && payload) {
        return Ok(());
    }
    Err(Refused::named("invalid_metadata_schema"))
}

fn draft(
    scene: &mut Scene<'_>,
    channel: &Channel,
    args: &Args,
    given: Content,
) -> Result<Message, Refused> {
    let no_blocks = given
        .blocks
        .as_ref()
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty);
    if given.text.is_none() && no_blocks {
        return Err(Refused::named("no_text"));
    }
    let mut message = Message::plain(
        &channel.id,
        BOT_USER,
        given.text.as_deref().unwrap_or_default(),
    );
    if let Some(blocks) = given.blocks {
        message.blocks = limits::with_block_ids(blocks, &mut || scene.state.slack.count());
    }
    message.metadata = given.metadata;
    if let Some(thread) = args.text("thread_ts") {
        let there = scene.state.slack.message(&channel.id, thread).is_some();
        if !there {
            return Err(Refused::named("thread_not_found"));
        }
        message.thread_ts = Some(thread.to_owned());
    }
    Ok(message)
}

/// Messages longer than this are cut by Slack; here they are refused, so that nobody relies on it.
const LONGEST_POST: usize = 40_000;
/// Source: the error list of <https://docs.slack.dev/reference/methods/chat.update>.
const LONGEST_UPDATE: usize = 4_000;

/// Source: <https://docs.slack.dev/reference/methods/chat.postMessage>
pub(in crate::sandbox) fn post_message(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = writable(scene, args)?;
    let given = content(args, LONGEST_POST)?;
    let message = draft(scene, &channel, args, given)?;
    let now = scene.now;
    let put = scene.state.slack.put(message, now);
    Ok(json!({"channel": put.channel, "ts": put.ts, "message": put.slack_json(true)}))
}

/// Source: <https://docs.slack.dev/reference/methods/chat.postEphemeral>
pub(in crate::sandbox) fn post_ephemeral(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = writable(scene, args)?;
    let user = args.need("user", "user_not_in_channel")?;
    if !channel.has(user) {
        return Err(Refused::named("user_not_in_channel"));
    }
    let given = content(args, LONGEST_POST)?;
    let mut message = draft(scene, &channel, args, given)?;
    message.ephemeral_for = Some(user.to_owned());
    let now = scene.now;
    let put = scene.state.slack.put(message, now);
    Ok(json!({"message_ts": put.ts}))
}

/// Source: <https://docs.slack.dev/reference/methods/chat.update>. Without `blocks`, a new text
/// takes the blocks away; without both, they stay. Metadata stays unless it is given.
pub(in crate::sandbox) fn update(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = writable(scene, args)?;
    let ts = args.need("ts", "message_not_found")?.to_owned();
    let given = content(args, LONGEST_UPDATE)?;
    let blocks = given
        .blocks
        .map(|blocks| limits::with_block_ids(blocks, &mut || scene.state.slack.count()));
    let found = scene.state.slack.message_mut(&channel.id, &ts);
    let message = found
        .filter(|message| message.ephemeral_for.is_none())
        .ok_or_else(|| Refused::named("message_not_found"))?;
    if message.user != BOT_USER {
        return Err(Refused::named("cant_update_message"));
    }
    match (blocks, given.text) {
        (None, None) => {
            if given.metadata.is_none() {
                return Err(Refused::named("no_text"));
            }
        }
        (Some(blocks), text) => {
            let emptied = blocks.as_array().is_none_or(Vec::is_empty) && text.is_none();
            if emptied {
                return Err(Refused::named("no_text"));
            }
            message.blocks = blocks;
            message.text = text.unwrap_or_default();
        }
        (None, Some(text)) => {
            message.text = text;
            message.blocks = json!([]);
            message.edited = true;
        }
    }
    if let Some(metadata) = given.metadata {
        let emptied = metadata.as_object().is_some_and(serde_json::Map::is_empty);
        message.metadata = (!emptied).then_some(metadata);
    }
    message.revisions += 1;
    Ok(
        json!({"channel": channel.id, "ts": ts, "text": message.text, "message": message.slack_json(true)}),
    )
}

/// Source: <https://docs.slack.dev/reference/methods/chat.delete>
pub(in crate::sandbox) fn delete(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = writable(scene, args)?;
    let ts = args.need("ts", "message_not_found")?.to_owned();
    let found = scene.state.slack.message_mut(&channel.id, &ts);
    let message = found.ok_or_else(|| Refused::named("message_not_found"))?;
    if message.user != BOT_USER {
        return Err(Refused::named("cant_delete_message"));
    }
    message.deleted = true;
    Ok(json!({"channel": channel.id, "ts": ts}))
}

/// Source: <https://docs.slack.dev/reference/methods/chat.getPermalink>. The link opens the page.
pub(in crate::sandbox) fn permalink(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let channel = args.need("channel", "channel_not_found")?;
    let found = scene
        .state
        .slack
        .channel(channel)
        .ok_or_else(|| Refused::named("channel_not_found"))?;
    let ts = args.need("message_ts", "message_not_found")?;
    let message = scene.state.slack.message(&found.id, ts);
    let message = message.ok_or_else(|| Refused::named("message_not_found"))?;
    let viewer = match found.kind {
        ChannelKind::Im => format!("as={}&", found.name),
        ChannelKind::Public => String::new(),
    };
    let link = format!(
        "{}/#{viewer}at={}&ts={}",
        scene.base_url, found.id, message.ts
    );
    Ok(json!({"channel": found.id, "permalink": link}))
}
