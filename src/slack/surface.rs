//! Cards and answers on their way to Slack: posted once, looked up when an answer was lost, updated in place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::{Value, json};

use super::SlackSettings;
use super::blocks;
use super::blocks::rich::{Line, Rich};
use super::client::{Again, CallFailed, SlackClient};
use crate::domain::card::{Card, Composed, Destination};
use crate::domain::case::refusal::Answer;
use crate::domain::ids::{CardId, ChannelId, UserId};
use crate::domain::journal::ReplyTo;
use crate::ports::{Address, PortError, Surface, Whereabouts};

/// Marks our cards, so that a post whose answer was lost can be found.
const CARD_EVENT: &str = "countersign_card";

/// What Slack says when a message is not there to be updated any more.
const GONE: &[&str] = &[
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
];

/// What Slack says when a channel is not to be had any more.
const CLOSED: &[&str] = &["is_archived", "channel_not_found", "not_in_channel"];

/// Slack as a surface.
pub struct SlackSurface {
    client: Arc<SlackClient>,
    settings: SlackSettings,
    direct: Mutex<BTreeMap<UserId, ChannelId>>,
}

impl SlackSurface {
    /// A surface over a client.
    #[must_use]
    pub fn over(client: Arc<SlackClient>, settings: SlackSettings) -> Self {
        Self {
            client,
            settings,
            direct: Mutex::default(),
        }
    }

    async fn channel(&self, to: &Destination) -> Result<ChannelId, PortError> {
        match to {
            Destination::Person { person } => self.direct_message(&person.user).await,
            Destination::Role { role } => {
                let found = self.settings.roles.get(role).cloned();
                found.ok_or_else(|| PortError::No {
                    why: format!("the role {role} has no channel: add one to workspace.json"),
                })
            }
            Destination::Reviewers { rule } => {
                let own = self.settings.reviewers.get(rule);
                Ok(own.unwrap_or(&self.settings.reviewers_default).clone())
            }
        }
    }

    /// The direct message with a person. Opening it twice gives the same one.
    async fn direct_message(&self, user: &UserId) -> Result<ChannelId, PortError> {
        let kept = || self.direct.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = kept().get(user).cloned() {
            return Ok(channel);
        }
        let body = json!({"users": user.as_str()});
        let answer = self
            .client
            .write("conversations.open", &body, Again::Harmless)
            .await?;
        let channel = answer["channel"]["id"].as_str().map(ChannelId::new);
        let channel = channel.ok_or_else(|| PortError::Again {
            why: "conversations.open named no channel".into(),
            after: None,
        })?;
        kept().insert(user.clone(), channel.clone());
        Ok(channel)
    }

    async fn post(&self, composed: &Composed, channel: &ChannelId) -> Result<Address, PortError> {
        let mut body = message(composed, channel)?;
        body["metadata"] = json!({
            "event_type": CARD_EVENT,
            "event_payload": {"card": composed.card.as_str()},
        });
        body["unfurl_links"] = json!(false);
        body["unfurl_media"] = json!(false);
        let answer = self
            .client
            .write("chat.postMessage", &body, Again::Twice)
            .await?;
        address(&answer).ok_or_else(|| PortError::Unknown {
            why: "chat.postMessage did not say where the message stands".into(),
        })
    }

    async fn update(&self, composed: &Composed, at: &Address) -> Result<Address, CallFailed> {
        let mut body =
            message(composed, &at.channel).map_err(|port| CallFailed { code: None, port })?;
        body["ts"] = json!(at.ts);
        self.client
            .write("chat.update", &body, Again::Harmless)
            .await?;
        Ok(at.clone())
    }

    /// Finds a card among the newest messages of a channel. Source: Slack, "conversations.history".
    async fn find(&self, card: &CardId, channel: &ChannelId) -> Result<Option<Address>, PortError> {
        let mut cursor = String::new();
        for _ in 0..5 {
            let mut arguments = vec![
                ("channel", channel.as_str()),
                ("include_all_metadata", "true"),
                ("limit", "100"),
            ];
            if !cursor.is_empty() {
                arguments.push(("cursor", &cursor));
            }
            let answer = self
                .client
                .read("conversations.history", &arguments)
                .await?;
            let found = answer["messages"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|message| {
                    let metadata = &message["metadata"];
                    metadata["event_type"] == CARD_EVENT
                        && metadata["event_payload"]["card"] == card.as_str()
                });
            if let Some(ts) = found.and_then(|message| message["ts"].as_str()) {
                return Ok(Some(Address {
                    channel: channel.clone(),
                    ts: ts.to_owned(),
                }));
            }
            let next = answer["response_metadata"]["next_cursor"].as_str();
            match next.filter(|next| !next.is_empty()) {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        Ok(None)
    }

    async fn whisper(
        &self,
        to: &ReplyTo,
        channel: &ChannelId,
        body: &Value,
    ) -> Result<(), CallFailed> {
        let mut body = body.clone();
        body["channel"] = json!(channel.as_str());
        body["user"] = json!(to.user.as_str());
        if let Some(thread) = &to.thread_ts {
            body["thread_ts"] = json!(thread);
        }
        self.client
            .write("chat.postEphemeral", &body, Again::Harmless)
            .await
            .map(drop)
    }
}

fn message(composed: &Composed, channel: &ChannelId) -> Result<Value, PortError> {
    let blocks: Value = serde_json::from_str(&composed.blocks).map_err(|_| PortError::No {
        why: format!("the card {} has no readable blocks", composed.card),
    })?;
    Ok(json!({"channel": channel.as_str(), "text": composed.text, "blocks": blocks}))
}

fn address(answer: &Value) -> Option<Address> {
    Some(Address {
        channel: ChannelId::new(answer["channel"].as_str()?),
        ts: answer["ts"].as_str()?.to_owned(),
    })
}

/// What a person is told, as blocks, and as a notification without any of it.
#[must_use]
pub fn answer_blocks(answer: &Answer) -> (Vec<Value>, &'static str) {
    let (rich, text) = match answer {
        Answer::Recorded { sentence } => (
            Rich::begin().line(Line::begin().people(sentence)),
            "Countersign: your click was recorded",
        ),
        Answer::Refused { refusal } => (
            Rich::begin()
                .line(Line::begin().people(&refusal.sentence))
                .line(Line::begin().people(&refusal.next_step)),
            "Countersign: your click changed nothing",
        ),
    };
    (vec![rich.done("cs.answer.0")], text)
}

#[async_trait]
impl Surface for SlackSurface {
    fn compose(&self, card: &Card) -> Composed {
        blocks::compose(card)
    }

    async fn deliver(
        &self,
        composed: &Composed,
        to: &Destination,
        stands: &Whereabouts,
    ) -> Result<Address, PortError> {
        let known = match stands {
            Whereabouts::At(address) => Some(address.clone()),
            Whereabouts::Nowhere => None,
            Whereabouts::Perhaps => {
                let channel = self.channel(to).await?;
                self.find(&composed.card, &channel).await?
            }
        };
        if let Some(address) = known {
            match self.update(composed, &address).await {
                Err(failed) if failed.is(GONE) => {}
                // The role may have another channel by now; in the same one there is nothing to be done.
                Err(failed) if failed.is(CLOSED) && self.channel(to).await? != address.channel => {}
                outcome => return outcome.map_err(PortError::from),
            }
        }
        let channel = self.channel(to).await?;
        self.post(composed, &channel).await
    }

    async fn tell(&self, to: &ReplyTo, answer: &Answer) -> Result<(), PortError> {
        let (blocks, text) = answer_blocks(answer);
        let body = json!({"text": text, "blocks": blocks});
        if let Some(channel) = &to.channel {
            // Whoever is not in the channel (a guest who was sent the message, say) is told directly instead,
            // whatever name Slack has for the reason.
            match self
                .whisper(to, channel, &body)
                .await
                .map_err(PortError::from)
            {
                Err(PortError::No { .. }) => {}
                outcome => return outcome,
            }
        }
        let channel = self.direct_message(&to.user).await?;
        let mut body = body;
        body["channel"] = json!(channel.as_str());
        // Told twice is better than not told: an answer that was lost is sent again.
        self.client
            .write("chat.postMessage", &body, Again::Harmless)
            .await?;
        Ok(())
    }
}
