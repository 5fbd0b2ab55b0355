//! The stand-in for Slack: Web API, interactions, slash commands, events and response URLs.
//!
//! It behaves as the pages under <https://docs.slack.dev> say and names the page where a rule is
//! not obvious. It never reads the product's own tables. To add a method: write the function next
//! to its family, give it its line in `web_api::act`, and use the error names of its page.

pub(super) mod args;
pub(super) mod chat;
pub(super) mod commands;
pub(super) mod conversations;
pub(super) mod events;
pub mod hands;
pub(super) mod interactions;
pub(super) mod limits;
pub mod messages;
pub(super) mod people;
pub mod raw;
pub(super) mod response_urls;
pub(super) mod scopes;
pub mod setup;
pub(super) mod state_values;
pub(super) mod submissions;
pub(super) mod throttle;
pub mod view_model;
pub(super) mod views;
pub(super) mod voices;
pub(super) mod web_api;

use super::cast::{self, Channel, ChannelKind, Group, User};
use messages::Message;
use std::collections::BTreeMap;
use view_model::View;

/// Everything that Slack knows.
pub(super) struct Workspace {
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub channels: Vec<Channel>,
    pub messages: BTreeMap<String, Vec<Message>>,
    last_ts: BTreeMap<String, i64>,
    pub stacks: BTreeMap<String, Vec<View>>,
    pub homes: BTreeMap<String, View>,
    pub triggers: BTreeMap<String, Trigger>,
    pub response_urls: BTreeMap<String, response_urls::ResponseUrl>,
    pub throttle: throttle::Throttle,
    pub scopes: Vec<String>,
    counter: u64,
}

/// A trigger id that was handed out with an interaction.
pub(super) struct Trigger {
    pub user: String,
    pub at: i64,
    pub used: bool,
}

impl Workspace {
    pub fn fresh() -> Self {
        Self {
            users: cast::users(),
            groups: cast::groups(),
            channels: cast::channels(),
            messages: BTreeMap::new(),
            last_ts: BTreeMap::new(),
            stacks: BTreeMap::new(),
            homes: BTreeMap::new(),
            triggers: BTreeMap::new(),
            response_urls: BTreeMap::new(),
            throttle: throttle::Throttle::default(),
            scopes: scopes::granted(),
            counter: 0,
        }
    }

    /// A number that was never given before.
    pub fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A message timestamp: unix seconds and six digits, strictly increasing per channel.
    pub fn next_ts(&mut self, channel: &str, now: i64) -> String {
        let last = self.last_ts.entry(channel.to_owned()).or_insert(0);
        *last = (now.saturating_mul(1000)).max(*last) + 100;
        format!("{}.{:06}", *last / 1_000_000, *last % 1_000_000)
    }

    /// A user by id.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A channel by id, or by `#name` as `chat.postMessage` accepts it.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        let bare = id.strip_prefix('#').unwrap_or(id);
        self.channels.iter().find(|channel| {
            channel.id == bare || (channel.kind == ChannelKind::Public && channel.name == bare)
        })
    }

    /// The direct message of the bot with this person, made if it is not there. The id is `D0` and
    /// the last eight characters of the user's id, so that it is the same in every run.
    pub fn direct_message(&mut self, user: &str) -> (String, bool) {
        let tail: String = user
            .chars()
            .skip(user.chars().count().saturating_sub(8))
            .collect();
        let id = format!("D0{tail}");
        let there = self.channels.iter().any(|channel| channel.id == id);
        if !there {
            self.channels.push(Channel {
                id: id.clone(),
                name: user.to_owned(),
                kind: ChannelKind::Im,
                members: vec![user.to_owned(), cast::BOT_USER.to_owned()],
                archived: false,
            });
        }
        (id, there)
    }

    /// A message that is still there.
    pub fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.messages
            .get(channel)?
            .iter()
            .find(|message| message.ts == ts && !message.deleted)
    }

    /// A message that is still there, to be changed.
    pub fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        let all = self.messages.get_mut(channel)?;
        all.iter_mut()
            .find(|message| message.ts == ts && !message.deleted)
    }

    /// Puts a message into its channel and answers it with its timestamp.
    pub fn put(&mut self, mut message: Message, now: i64) -> Message {
        message.ts = self.next_ts(&message.channel, now);
        self.messages
            .entry(message.channel.clone())
            .or_default()
            .push(message.clone());
        message
    }

    /// A fresh trigger id, good for three seconds and one use.
    pub fn trigger(&mut self, user: &str, now: i64) -> String {
        let number = self.count();
        let id = format!(
            "{number}.{}.{:016x}",
            now.rem_euclid(1_000_000_000),
            number.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        );
        self.triggers.insert(
            id.clone(),
            Trigger {
                user: user.to_owned(),
                at: now,
                used: false,
            },
        );
        id
    }

    /// A view of anybody, open or at home, by id.
    pub fn view_mut(&mut self, id: &str) -> Option<&mut View> {
        let Self { stacks, homes, .. } = self;
        stacks
            .values_mut()
            .flatten()
            .chain(homes.values_mut())
            .find(|view| view.id == id)
    }
}
