//! The desk of tickets that came from Slack: an approved reply goes into their thread, and nothing else does.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::blocks::kit;
use super::blocks::limits::TEXT;
use super::blocks::text::pieces;
use super::client::{Again, SlackClient};
use crate::domain::case::event::Acknowledgement;
use crate::domain::case::gate::Permit;
use crate::domain::ticket::{Thread, TicketState};
use crate::ports::{Desk, DeskChange, DeskWrite, PortError};

/// Marks our replies, so that one whose answer was lost can be found.
const WRITE_EVENT: &str = "countersign_write";

/// Slack threads as a desk.
pub struct SlackDesk {
    client: Arc<SlackClient>,
}

impl SlackDesk {
    /// A desk over a client.
    #[must_use]
    pub const fn over(client: Arc<SlackClient>) -> Self {
        Self { client }
    }

    /// The messages of a thread, the first one of them being the ticket. Source: Slack, "conversations.replies".
    async fn thread(&self, thread: &Thread) -> Result<Vec<Value>, PortError> {
        let mut all = vec![];
        let mut cursor = String::new();
        for _ in 0..10 {
            let mut arguments = vec![
                ("channel", thread.channel.as_str()),
                ("ts", thread.ts.as_str()),
                ("include_all_metadata", "true"),
                ("limit", "200"),
            ];
            if !cursor.is_empty() {
                arguments.push(("cursor", &cursor));
            }
            let answer = self
                .client
                .read("conversations.replies", &arguments)
                .await?;
            all.extend(answer["messages"].as_array().into_iter().flatten().cloned());
            match answer["response_metadata"]["next_cursor"]
                .as_str()
                .filter(|next| !next.is_empty())
            {
                Some(next) => cursor = next.to_owned(),
                None => return Ok(all),
            }
        }
        Err(PortError::No {
            why: "the thread is too long to be read whole; answer it by hand".into(),
        })
    }

    /// Whether the last message that somebody else wrote is still the one that the draft answers.
    async fn unmoved(&self, thread: &Thread, expected: &str) -> Result<(), PortError> {
        let all = self.thread(thread).await?;
        let ours = |message: &Value| message["metadata"]["event_type"] == WRITE_EVENT;
        let last = all.iter().rfind(|message| !ours(message));
        if last.and_then(|message| message["ts"].as_str()) == Some(expected) {
            return Ok(());
        }
        Err(PortError::No {
            why: "target moved: somebody wrote in the thread since the draft was made".into(),
        })
    }
}

/// The blocks of a reply: plain text, so that nothing in it mentions anybody or becomes a link of ours.
fn reply(words: &str) -> Vec<Value> {
    let parts = pieces(words, TEXT);
    let sections = parts.iter().enumerate().map(|(n, part)| {
        json!({"type": "section", "block_id": format!("cs.reply.{n}"), "text": kit::plain(part)})
    });
    sections.collect()
}

fn home(write: &DeskWrite) -> Result<&Thread, PortError> {
    write.thread.as_ref().ok_or_else(|| PortError::No {
        why: "this ticket has no Slack thread to be answered in".into(),
    })
}

#[async_trait]
impl Desk for SlackDesk {
    /// A thread has no fields; that it was not written in is checked with each write.
    async fn read(&self, _ticket: &str) -> Result<Option<TicketState>, PortError> {
        Ok(None)
    }

    async fn write(
        &self,
        _permit: &Permit,
        write: &DeskWrite,
    ) -> Result<Acknowledgement, PortError> {
        let DeskChange::Reply(words) = &write.change else {
            return Err(PortError::No {
                why: "a Slack thread has no notes, labels, queues or priorities: only replies"
                    .into(),
            });
        };
        let thread = home(write)?;
        if let Some(expected) = &write.expect_last_comment {
            self.unmoved(thread, expected).await?;
        }
        let blocks = reply(words);
        if !super::blocks::limits::message_problems(&blocks).is_empty() {
            return Err(PortError::No {
                why: "the reply is too long for one Slack message: shorten it and ask again".into(),
            });
        }
        let body = json!({
            "channel": thread.channel.as_str(),
            "thread_ts": thread.ts,
            "text": "A reply from support",
            "blocks": blocks,
            "unfurl_links": false,
            "unfurl_media": false,
            "metadata": {"event_type": WRITE_EVENT, "event_payload": {"key": write.key}},
        });
        let answer = self
            .client
            .write("chat.postMessage", &body, Again::Twice)
            .await?;
        let reference = answer["ts"].as_str().ok_or_else(|| PortError::Unknown {
            why: "chat.postMessage did not say where the reply stands".into(),
        })?;
        Ok(Acknowledgement {
            reference: reference.to_owned(),
            prior: None,
        })
    }

    async fn look_up(&self, write: &DeskWrite) -> Result<Option<Acknowledgement>, PortError> {
        let all = self.thread(home(write)?).await?;
        let ours = |message: &&Value| {
            message["metadata"]["event_type"] == WRITE_EVENT
                && message["metadata"]["event_payload"]["key"] == write.key.as_str()
        };
        let found = all
            .iter()
            .find(ours)
            .and_then(|message| message["ts"].as_str());
        Ok(found.map(|ts| Acknowledgement {
            reference: ts.to_owned(),
            prior: None,
        }))
    }
}
