//! What a test says and announces: commands, messages, shortcuts, and changes that Slack tells of.

use super::super::Sandbox;
use super::super::cast::BOT_USER;
use super::super::world::World;
use super::hands::{Answered, NotThere};
use super::messages::Message;
use super::{commands, events, interactions};
use serde_json::{Value, json};

impl Sandbox {
    /// Uses a message shortcut ("Triage this message") as somebody.
    ///
    /// # Errors
    /// The message is not there.
    pub async fn shortcut(
        &self,
        who: &str,
        channel: &str,
        ts: &str,
        callback: &str,
    ) -> Result<Answered, NotThere> {
        let payload = interactions::message_shortcut(&self.world, who, (channel, ts), callback);
        let payload = payload.ok_or_else(|| NotThere(format!("no message {ts} in {channel}")))?;
        Ok(interactions::tell(&self.world, &payload).await)
    }

    /// Tells the bot that a channel was archived (`channel_archive`).
    pub async fn tell_archived(&self, channel: &str) -> Vec<Answered> {
        let event = json!({"type": "channel_archive", "channel": channel, "user": "U0LEAD0001"});
        events::deliver(&self.world, event).await
    }

    /// Tells the bot that it was taken out of a channel (`member_left_channel`).
    pub async fn tell_bot_left(&self, channel: &str) -> Vec<Answered> {
        let event = json!({"type": "member_left_channel", "channel": channel, "user": BOT_USER,
                           "channel_type": "C", "team": super::super::cast::TEAM});
        events::deliver(&self.world, event).await
    }

    /// Types `/triage <text>`. The answer shows in the channel for that person as well.
    pub async fn slash(&self, who: &str, channel: &str, text: &str) -> Answered {
        commands::run(&self.world, who, channel, ("/triage", text)).await
    }

    /// Writes a message as a person, and tells the bot where it is in the channel. Answers the
    /// message's timestamp and what the bot said to each event, the last attempt of each.
    pub async fn post_as(
        &self,
        who: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
    ) -> (String, Vec<Answered>) {
        let message = say(&self.world, who, channel, thread, text);
        let mut answers = Vec::new();
        for event in events::of_message(&self.world, &message) {
            answers.extend(events::deliver(&self.world, event).await.pop());
        }
        (message.ts, answers)
    }

    /// Opens App Home as somebody, which tells the bot.
    pub async fn open_home(&self, who: &str) -> Vec<Answered> {
        let event = events::home_opened(&self.world, who);
        events::deliver(&self.world, event).await
    }

    /// Sends any event, with Slack's repeats; one answer for each attempt.
    pub async fn send_event(&self, event: Value) -> Vec<Answered> {
        events::deliver(&self.world, event).await
    }

    /// Tells the bot that a user changed (`user_change`).
    pub async fn tell_user_change(&self, user: &str) -> Vec<Answered> {
        match events::user_changed(&self.world, user) {
            Some(event) => events::deliver(&self.world, event).await,
            None => Vec::new(),
        }
    }

    /// Tells the bot that a user group changed (`subteam_updated`).
    pub async fn tell_group_change(&self, group: &str) -> Vec<Answered> {
        match events::group_changed(&self.world, group) {
            Some(event) => events::deliver(&self.world, event).await,
            None => Vec::new(),
        }
    }

    /// The handshake of the Events API: whether the bot echoes the challenge.
    pub async fn verify_url(&self) -> (bool, Answered) {
        events::verify_url(&self.world).await
    }
}

/// Puts a person's message into a channel.
pub(in crate::sandbox) fn say(
    world: &World,
    who: &str,
    channel: &str,
    thread: Option<&str>,
    text: &str,
) -> Message {
    let now = world.now();
    let mut message = Message::plain(channel, who, text);
    message.thread_ts = thread.map(str::to_owned);
    message.read = true;
    world.change(|state| state.slack.put(message, now))
}
