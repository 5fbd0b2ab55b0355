//! What a test does as a person: click, fill in and submit, type a command, write a message.

use super::super::Sandbox;
use super::super::world::{BotAnswer, World};
use super::messages::Message;
use super::view_model::{Control, View, controls_of};
use super::{interactions, state_values, submissions};
use serde_json::Value;
use std::fmt;

pub use super::submissions::Submitted;

/// What the bot answered to an interaction.
pub type Answered = BotAnswer;

/// A person cannot do that: the message, control, option or view is not there for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotThere(pub String);

impl fmt::Display for NotThere {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for NotThere {}

/// Which control to use, and what to choose in it.
#[derive(Clone, Debug)]
pub struct Pick {
    by: By,
    nth: usize,
    option: Option<String>,
}

#[derive(Clone, Debug)]
enum By {
    Action(String),
    Label(String),
}

impl Pick {
    /// A control whose `action_id` or `value` is this, or else contains it.
    pub fn action(part: &str) -> Self {
        Self {
            by: By::Action(part.to_owned()),
            nth: 0,
            option: None,
        }
    }

    /// A control with exactly this text on it.
    pub fn label(text: &str) -> Self {
        Self {
            by: By::Label(text.to_owned()),
            nth: 0,
            option: None,
        }
    }

    /// The n-th of those that match, from top to bottom, beginning with 0.
    #[must_use]
    pub fn nth(mut self, n: usize) -> Self {
        self.nth = n;
        self
    }

    /// The option to choose in a menu, by its value or its text; for several, commas between them.
    /// In a text or date field, what is entered.
    #[must_use]
    pub fn choose(mut self, option: &str) -> Self {
        self.option = Some(option.to_owned());
        self
    }

    fn matches(&self, control: &Control) -> bool {
        match &self.by {
            By::Action(part) => {
                control.action_id().contains(part) || control.value().contains(part)
            }
            By::Label(text) => control.label() == *text,
        }
    }

    /// Row 1 must not be taken for row 10: where an id or value is exactly this, only those count.
    fn chosen_from(&self, all: Vec<Control>) -> Option<Control> {
        let exact = |control: &Control| match &self.by {
            By::Action(part) => control.action_id() == *part || control.value() == *part,
            By::Label(_) => false,
        };
        let only_exact = all.iter().any(exact);
        let fits = |control: &Control| {
            if only_exact {
                exact(control)
            } else {
                self.matches(control)
            }
        };
        all.into_iter().filter(fits).nth(self.nth)
    }

    fn find(&self, blocks: &Value) -> Result<(Control, Option<Value>), NotThere> {
        let all = controls_of(blocks);
        let seen: Vec<String> = all
            .iter()
            .map(|c| format!("{} \"{}\"", c.action_id(), c.label()))
            .collect();
        let found = self.chosen_from(all);
        let control = found.ok_or_else(|| {
            NotThere(format!(
                "no control for {self:?}; there are: {}",
                seen.join(", ")
            ))
        })?;
        let Some(option) = &self.option else {
            return Ok((control, None));
        };
        let chosen = state_values::answered(&control, option);
        let chosen = chosen
            .ok_or_else(|| NotThere(format!("{} has no option {option}", control.action_id())))?;
        Ok((control, Some(chosen)))
    }
}

fn visible(world: &World, who: &str, channel: &str, ts: &str) -> Result<Message, NotThere> {
    let found = world.with(|state| state.slack.message(channel, ts).cloned());
    let message = found.ok_or_else(|| NotThere(format!("no message {ts} in {channel}")))?;
    match &message.ephemeral_for {
        Some(only) if only != who => {
            Err(NotThere(format!("message {ts} is only visible to {only}")))
        }
        _ => Ok(message),
    }
}

impl Sandbox {
    /// Clicks on a message as somebody. Deactivated people can click too, which Slack would not
    /// let them: that is how a click that was on its way is rehearsed.
    ///
    /// # Errors
    /// The message or the control is not there for this person.
    pub async fn click(
        &self,
        who: &str,
        channel: &str,
        ts: &str,
        pick: Pick,
    ) -> Result<Answered, NotThere> {
        let payload = self.click_payload(who, channel, ts, pick)?;
        Ok(interactions::tell(&self.world, &payload).await)
    }

    /// The payload that a click would send, to be kept, changed, and sent with [`Self::tell_bot`].
    ///
    /// # Errors
    /// As for [`Self::click`].
    pub fn click_payload(
        &self,
        who: &str,
        channel: &str,
        ts: &str,
        pick: Pick,
    ) -> Result<Value, NotThere> {
        let message = visible(&self.world, who, channel, ts)?;
        let (control, chosen) = pick.find(&message.blocks)?;
        let payload = interactions::message_click(
            &self.world,
            who,
            (channel, ts),
            (&control, chosen.as_ref()),
        );
        payload.ok_or_else(|| NotThere(format!("message {ts} has gone")))
    }

    /// Sends any interaction payload, rightly signed.
    pub async fn tell_bot(&self, payload: &Value) -> Answered {
        interactions::tell(&self.world, payload).await
    }

    /// The view on the top of somebody's stack.
    pub fn modal_of(&self, who: &str) -> Option<View> {
        self.world.with(|state| {
            state
                .slack
                .stacks
                .get(who)
                .and_then(|stack| stack.last().cloned())
        })
    }

    /// Somebody's App Home, if the bot has published one.
    pub fn home_of(&self, who: &str) -> Option<View> {
        self.world.with(|state| state.slack.homes.get(who).cloned())
    }

    /// Clicks inside the open modal.
    ///
    /// # Errors
    /// No modal is open, or the control is not in it.
    pub async fn click_modal(&self, who: &str, pick: Pick) -> Result<Answered, NotThere> {
        let view = self
            .modal_of(who)
            .ok_or_else(|| NotThere(format!("{who} has no modal open")))?;
        self.click_view(who, &view, pick).await
    }

    /// Clicks on App Home.
    ///
    /// # Errors
    /// Nothing was published, or the control is not on it.
    pub async fn click_home(&self, who: &str, pick: Pick) -> Result<Answered, NotThere> {
        let view = self
            .home_of(who)
            .ok_or_else(|| NotThere(format!("{who} has no App Home")))?;
        self.click_view(who, &view, pick).await
    }

    async fn click_view(&self, who: &str, view: &View, pick: Pick) -> Result<Answered, NotThere> {
        let (control, chosen) = pick.find(&view.blocks())?;
        let payload =
            interactions::view_click(&self.world, who, &view.id, (&control, chosen.as_ref()));
        let payload = payload.ok_or_else(|| NotThere(format!("view {} has gone", view.id)))?;
        Ok(interactions::tell(&self.world, &payload).await)
    }

    /// Fills in the open modal and submits it. Each answer is `(part of action id or block id,
    /// what is typed or chosen)`; everything else stays as it is. A required field that is left
    /// empty comes back as an error without asking the bot, as in Slack's clients.
    ///
    /// # Errors
    /// No modal is open, or an answer has no field.
    pub async fn submit(&self, who: &str, answers: &[(&str, &str)]) -> Result<Submitted, NotThere> {
        let view = self
            .modal_of(who)
            .ok_or_else(|| NotThere(format!("{who} has no modal open")))?;
        let mut values = view.entered.clone();
        let controls = controls_of(&view.blocks());
        for (part, answer) in answers {
            let hit = controls
                .iter()
                .find(|c| c.action_id().contains(part) || c.block_id.contains(part));
            let control = hit.ok_or_else(|| NotThere(format!("the modal has no field {part}")))?;
            let value = state_values::answered(control, answer);
            let value = value.ok_or_else(|| NotThere(format!("{part} has no option {answer}")))?;
            state_values::write(&mut values, control, value);
        }
        self.submit_values(who, values).await
    }

    /// Submits the open modal with a whole `state.values`.
    ///
    /// # Errors
    /// No modal is open.
    pub async fn submit_values(&self, who: &str, values: Value) -> Result<Submitted, NotThere> {
        let view = self
            .modal_of(who)
            .ok_or_else(|| NotThere(format!("{who} has no modal open")))?;
        let done = submissions::submit(&self.world, who, &view.id, values).await;
        done.ok_or_else(|| NotThere(format!("view {} has gone", view.id)))
    }

    /// Closes the open modal.
    ///
    /// # Errors
    /// No modal is open.
    pub async fn close_modal(&self, who: &str) -> Result<Answered, NotThere> {
        let view = self
            .modal_of(who)
            .ok_or_else(|| NotThere(format!("{who} has no modal open")))?;
        let closed = submissions::close(&self.world, who, &view.id).await;
        closed.ok_or_else(|| NotThere(format!("view {} has gone", view.id)))
    }
}
