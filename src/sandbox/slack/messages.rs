//! A message as the stand-in keeps it, and the shape in which Slack's methods show it.

use super::super::cast::{APP, BOT, BOT_USER, TEAM};
use serde_json::{Value, json};

/// A message in a channel or a direct message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Timestamp, the id of the message within its channel.
    pub ts: String,
    /// Conversation id.
    pub channel: String,
    /// Who wrote it.
    pub user: String,
    /// Text; with blocks, the fallback.
    pub text: String,
    /// Blocks as an array; empty where there are none.
    pub blocks: Value,
    /// The thread it stands in.
    pub thread_ts: Option<String>,
    /// The only person who sees it.
    pub ephemeral_for: Option<String>,
    /// Whether Slack shows the edited mark: after an update of text, not of blocks.
    pub edited: bool,
    /// How often it was updated.
    pub revisions: u32,
    /// Deleted.
    pub deleted: bool,
    /// Message metadata.
    pub metadata: Option<Value>,
    /// Whether a test has looked at it.
    pub read: bool,
}

impl Message {
    /// A message without blocks, not yet put anywhere.
    pub(in crate::sandbox) fn plain(channel: &str, user: &str, text: &str) -> Self {
        Self {
            ts: String::new(),
            channel: channel.to_owned(),
            user: user.to_owned(),
            text: text.to_owned(),
            blocks: json!([]),
            thread_ts: None,
            ephemeral_for: None,
            edited: false,
            revisions: 0,
            deleted: false,
            metadata: None,
            read: false,
        }
    }

    /// Every text in the message, one after the other: fallback, then blocks from top to bottom.
    pub fn all_text(&self) -> String {
        let mut out = self.text.clone();
        super::view_model::collect_text(&self.blocks, &mut out);
        out
    }

    /// The buttons and other controls, as `(action_id, value or empty, shown text)`.
    pub fn controls(&self) -> Vec<(String, String, String)> {
        super::view_model::controls_of(&self.blocks)
            .into_iter()
            .map(|control| (control.action_id(), control.value(), control.label()))
            .collect()
    }

    /// The shape of history, of `message` events and of interaction payloads.
    /// Source: <https://docs.slack.dev/reference/events/message>
    pub(in crate::sandbox) fn slack_json(&self, with_metadata: bool) -> Value {
        let mut out = json!({
            "type": "message", "ts": self.ts, "user": self.user, "text": self.text, "team": TEAM,
        });
        let Some(map) = out.as_object_mut() else {
            return out;
        };
        if self
            .blocks
            .as_array()
            .is_some_and(|blocks| !blocks.is_empty())
        {
            map.insert("blocks".to_owned(), self.blocks.clone());
        }
        if self.user == BOT_USER {
            map.insert("bot_id".to_owned(), json!(BOT));
            map.insert("app_id".to_owned(), json!(APP));
        }
        if let Some(thread) = &self.thread_ts {
            map.insert("thread_ts".to_owned(), json!(thread));
        }
        if self.edited {
            map.insert(
                "edited".to_owned(),
                json!({"user": self.user, "ts": self.ts}),
            );
        }
        if let Some(metadata) = self.metadata.as_ref().filter(|_| with_metadata) {
            map.insert("metadata".to_owned(), metadata.clone());
        }
        out
    }
}
