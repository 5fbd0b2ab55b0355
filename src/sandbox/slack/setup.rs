//! What a test reads and sets without a person's hand: messages, the cast, channels.

use super::super::Sandbox;
use super::super::cast::{BOT_USER, TEAM, User};
use super::messages::Message;

impl Sandbox {
    /// All messages of a channel that are still there, oldest first. Does not count as reading.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        let all = self
            .world
            .with(|state| state.slack.messages.get(channel).cloned());
        all.unwrap_or_default()
            .into_iter()
            .filter(|message| !message.deleted)
            .collect()
    }

    /// All messages of a channel, marked as looked at.
    pub fn read_messages(&self, channel: &str) -> Vec<Message> {
        self.mark_channel_read(channel);
        self.messages(channel)
    }

    /// Marks one message as looked at. Answers whether it is there.
    pub fn mark_read(&self, channel: &str, ts: &str) -> bool {
        self.world
            .with(|state| match state.slack.message_mut(channel, ts) {
                Some(message) => {
                    message.read = true;
                    true
                }
                None => false,
            })
    }

    /// Marks all messages of a channel as looked at.
    pub fn mark_channel_read(&self, channel: &str) {
        self.world.with(|state| {
            for message in state.slack.messages.get_mut(channel).into_iter().flatten() {
                message.read = true;
            }
        });
    }

    /// Messages of the bot that no test has ever looked at, in all channels.
    pub fn unread_messages(&self) -> Vec<Message> {
        self.world.with(|state| {
            let all = state.slack.messages.values().flatten();
            all.filter(|message| !message.read && !message.deleted && message.user == BOT_USER)
                .cloned()
                .collect()
        })
    }

    /// The id of the direct message between the bot and this person; made if it is not there.
    pub fn dm_of(&self, user: &str) -> String {
        self.world
            .change(|state| state.slack.direct_message(user).0)
    }

    /// The channels that have messages.
    pub fn channels_with_messages(&self) -> Vec<String> {
        self.world.with(|state| {
            let used = state
                .slack
                .messages
                .iter()
                .filter(|(_, all)| all.iter().any(|message| !message.deleted));
            used.map(|(channel, _)| channel.clone()).collect()
        })
    }

    /// Takes somebody out of a user group. The bot is not told: see [`Sandbox::tell_group_change`].
    pub fn remove_from_group(&self, group: &str, user: &str) {
        self.change_group(group, |members| members.retain(|member| member != user));
    }

    /// Puts somebody into a user group. The bot is not told.
    pub fn add_to_group(&self, group: &str, user: &str) {
        self.change_group(group, |members| {
            if !members.iter().any(|member| member == user) {
                members.push(user.to_owned());
            }
        });
    }

    fn change_group(&self, group: &str, change: impl FnOnce(&mut Vec<String>)) {
        self.world.change(|state| {
            if let Some(found) = state.slack.groups.iter_mut().find(|one| one.id == group) {
                change(&mut found.members);
            }
        });
    }

    /// Somebody new joins: a full member of the workspace, in every public channel and in no group.
    pub fn hire(&self, user: &str) {
        self.world.change(|state| {
            let name = format!("colleague.{}", user.to_lowercase());
            state.slack.users.push(User {
                id: user.to_owned(),
                real_name: name.clone(),
                name,
                team: TEAM.to_owned(),
                tz: "Europe/Berlin",
                is_bot: false,
                is_restricted: false,
                is_ultra_restricted: false,
                deleted: false,
            });
            let open = state.slack.channels.iter_mut();
            open.filter(|channel| channel.with().is_none())
                .for_each(|channel| channel.members.push(user.to_owned()));
        });
    }

    /// Deactivates somebody: Slack also takes them out of all groups and channels. The bot is not
    /// told: see [`Sandbox::tell_user_change`].
    pub fn deactivate(&self, user: &str) {
        self.world.change(|state| {
            let slack = &mut state.slack;
            slack
                .users
                .iter_mut()
                .filter(|one| one.id == user)
                .for_each(|one| one.deleted = true);
            slack
                .groups
                .iter_mut()
                .for_each(|group| group.members.retain(|member| member != user));
            slack
                .channels
                .iter_mut()
                .filter(|channel| channel.with().is_none())
                .for_each(|channel| channel.members.retain(|member| member != user));
        });
    }

    /// Makes somebody a guest.
    pub fn make_guest(&self, user: &str) {
        self.world.change(|state| {
            let found = state.slack.users.iter_mut().filter(|one| one.id == user);
            found.for_each(|one| one.is_restricted = true);
        });
    }

    /// Archives a channel.
    pub fn archive_channel(&self, channel: &str) {
        self.world.change(|state| {
            let found = state
                .slack
                .channels
                .iter_mut()
                .filter(|one| one.id == channel);
            found.for_each(|one| one.archived = true);
        });
    }

    /// Takes the bot out of a channel.
    pub fn remove_bot_from(&self, channel: &str) {
        self.world.change(|state| {
            let found = state
                .slack
                .channels
                .iter_mut()
                .filter(|one| one.id == channel);
            found.for_each(|one| one.members.retain(|member| member != BOT_USER));
        });
    }

    /// Deletes a message, as a person with the right to do so.
    pub fn delete_message(&self, channel: &str, ts: &str) {
        self.world.change(|state| {
            if let Some(message) = state.slack.message_mut(channel, ts) {
                message.deleted = true;
            }
        });
    }

    /// Takes a scope from the bot's token: methods that ask for it answer `missing_scope`.
    pub fn remove_scope(&self, scope: &str) {
        self.world
            .with(|state| state.slack.scopes.retain(|one| one != scope));
    }

    /// Gives the bot's token a scope that its manifest does not ask for.
    pub fn grant_scope(&self, scope: &str) {
        self.world
            .with(|state| state.slack.scopes.push(scope.to_owned()));
    }

    /// The trigger id of nobody's click, for tests of `views.open`.
    pub fn trigger_for(&self, user: &str) -> String {
        let now = self.world.now();
        self.world.with(|state| state.slack.trigger(user, now))
    }
}
