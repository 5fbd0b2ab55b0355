//! The door for what Slack sends: verified, parsed, stored, and only then acknowledged.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::client::SlackClient;
use super::inbound::payload::{self, Delivery, Interaction, Press, Sender};
use super::inbound::signature::{SignedHeaders, verify};
use super::surface::SlackSurface;
use super::{PolicyInForce, SlackSettings};
use crate::domain::case::refusal::{Answer, Refusal, RefusalCode};
use crate::domain::ids::{AppId, ChannelId, TeamId};
use crate::domain::journal::ReplyTo;
use crate::domain::person::{Membership, Person};
use crate::ports::{Clock, Entropy, People, Surface as _};
use crate::store::{Changing, Store, StoreError};

/// How long a question about a person may take while Slack waits for our answer.
const PERSON_PATIENCE: Duration = Duration::from_millis(1_200);

/// What the door answers to Slack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoorReply {
    /// The HTTP status.
    pub status: u16,
    /// The body: a JSON object, or empty.
    pub body: Option<String>,
}

impl DoorReply {
    /// Taken; there is nothing to say.
    #[must_use]
    pub const fn done() -> Self {
        Self {
            status: 200,
            body: None,
        }
    }

    /// Taken, with an answer.
    #[must_use]
    pub fn says(answer: &Value) -> Self {
        Self {
            status: 200,
            body: Some(answer.to_string()),
        }
    }

    /// Not taken, with a sentence.
    #[must_use]
    pub fn refused(status: u16, sentence: impl std::fmt::Display) -> Self {
        let body = json!({"error": sentence.to_string()});
        Self {
            status,
            body: Some(body.to_string()),
        }
    }

    /// Nothing was stored, so nothing is acknowledged: Slack shows the person that it failed, or sends again.
    #[must_use]
    pub fn of_store(error: &StoreError) -> Self {
        tracing::error!(%error, "a request from Slack could not be stored");
        let status = if error.is_passing() { 503 } else { 500 };
        Self::refused(status, "nothing was recorded: try again in a moment")
    }
}

/// Events after which what was read about people counts no more. Source: Slack, "Event types".
const CHANGES: [&str; 3] = ["subteam_updated", "subteam_members_changed", "user_change"];

/// What a door is made of.
pub struct DoorParts {
    /// Where commands are stored.
    pub store: Store,
    /// Opens modals.
    pub client: Arc<SlackClient>,
    /// Answers people.
    pub surface: Arc<SlackSurface>,
    /// Says who people are.
    pub people: Arc<dyn People>,
    /// The installation.
    pub settings: SlackSettings,
    /// What Slack signs with.
    pub signing: SecretString,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Salts.
    pub entropy: Arc<dyn Entropy>,
    /// The policy in force, for words about who may decide.
    pub policy: PolicyInForce,
}

/// The one way in for Slack's requests.
pub struct Door {
    pub(super) parts: DoorParts,
}

impl Door {
    /// A door.
    #[must_use]
    pub const fn of(parts: DoorParts) -> Self {
        Self { parts }
    }

    /// Takes a click, a modal or a shortcut. `body` is the raw body.
    pub async fn interaction(&self, headers: SignedHeaders<'_>, body: &[u8]) -> DoorReply {
        if let Some(refused) = self.unsigned(headers, body) {
            return refused;
        }
        match payload::interaction(body) {
            Err(malformed) => DoorReply::refused(400, malformed),
            Ok(Interaction::Other(_)) => DoorReply::done(),
            Ok(Interaction::Press(press)) => match self.foreign(&press.sender) {
                Some(refused) => refused,
                None => self.press(press).await,
            },
            Ok(Interaction::Submit(sender, view)) => match self.foreign(&sender) {
                Some(refused) => refused,
                None => self.submitted(sender, view).await,
            },
        }
    }

    /// Takes a slash command and answers it for the sender alone.
    pub async fn command(&self, headers: SignedHeaders<'_>, body: &[u8]) -> DoorReply {
        if let Some(refused) = self.unsigned(headers, body) {
            return refused;
        }
        let slash = match payload::slash(body) {
            Err(malformed) => return DoorReply::refused(400, malformed),
            Ok(slash) => slash,
        };
        if let Some(refused) = self.foreign(&slash.sender) {
            return refused;
        }
        self.slash(&slash).await
    }

    /// Takes an event. A change of people or groups ends what is remembered of them; every other event is only
    /// acknowledged, and the address check is answered.
    pub async fn event(&self, headers: SignedHeaders<'_>, body: &[u8]) -> DoorReply {
        if let Some(refused) = self.unsigned(headers, body) {
            return refused;
        }
        match payload::event(body) {
            Err(malformed) => DoorReply::refused(400, malformed),
            Ok((Delivery::Challenge(challenge), ..)) => {
                DoorReply::says(&json!({"challenge": challenge}))
            }
            Ok((delivery, app, team)) => {
                let ours = team.is_none_or(|team| team == self.parts.settings.team);
                match self.foreign_app(app.as_ref()) {
                    Some(refused) => refused,
                    None if ours => {
                        if matches!(&delivery, Delivery::Event(kind) if CHANGES.contains(&kind.as_str()))
                        {
                            return self.people_changed().await;
                        }
                        DoorReply::done()
                    }
                    None => DoorReply::refused(403, "this event is of another workspace"),
                }
            }
        }
    }

    /// Ends what any process remembers of people. Acknowledged only once it is stored: Slack sends it again.
    async fn people_changed(&self) -> DoorReply {
        match self.parts.store.count_change(Changing::People).await {
            Ok(()) => DoorReply::done(),
            Err(error) => DoorReply::of_store(&error),
        }
    }

    fn unsigned(&self, headers: SignedHeaders<'_>, body: &[u8]) -> Option<DoorReply> {
        let now = self.parts.clock.now();
        let rejected = verify(&self.parts.signing, headers, body, now).err()?;
        tracing::warn!(%rejected, "a request was not signed by Slack");
        Some(DoorReply::refused(401, rejected))
    }

    /// Whether it happened in another workspace or for another app. On a grid, each workspace of our
    /// enterprise is ours.
    fn foreign(&self, sender: &Sender) -> Option<DoorReply> {
        let settings = &self.parts.settings;
        let same_grid = settings.enterprise.is_some() && sender.enterprise == settings.enterprise;
        let workspace = sender.workspace.as_ref();
        let elsewhere = workspace.is_some_and(|team| *team != settings.team) && !same_grid;
        self.foreign_app(sender.app.as_ref()).or_else(|| {
            let said = "this request is from another workspace than the configured one";
            elsewhere.then(|| DoorReply::refused(403, said))
        })
    }

    fn foreign_app(&self, app: Option<&AppId>) -> Option<DoorReply> {
        let ours = app == Some(&self.parts.settings.app);
        (!ours).then(|| {
            DoorReply::refused(
                403,
                "this request is for another app than the configured one",
            )
        })
    }

    /// The person behind a payload. On a grid, everybody of our enterprise is asked about in our workspace.
    pub(super) fn person(&self, sender: &Sender) -> Person {
        let settings = &self.parts.settings;
        let same_grid = settings.enterprise.is_some() && sender.enterprise == settings.enterprise;
        let team = if same_grid {
            Some(settings.team.clone())
        } else {
            sender.team.clone()
        };
        Person {
            enterprise: settings
                .enterprise
                .as_ref()
                .and_then(|_| sender.enterprise.clone()),
            team: team.unwrap_or_else(|| TeamId::new("")),
            user: sender.user.clone(),
        }
    }

    /// Whether a person may read cases here: a full member of this workspace, read just now.
    pub(super) async fn may_read(&self, person: &Person) -> Result<(), Refusal> {
        let reading = self.parts.people.read(person, &[]);
        match tokio::time::timeout(PERSON_PATIENCE, reading).await {
            Ok(Ok(reading)) if reading.membership == Membership::Member => Ok(()),
            Ok(Ok(_)) => Err(Refusal::new(
                RefusalCode::NotAMember,
                "This is for full members of this workspace.",
                "Ask a colleague who is one.",
            )),
            _ => Err(Refusal::new(
                RefusalCode::CannotTell,
                "Slack did not say in time whether you are a member here.",
                "Try again in a moment.",
            )),
        }
    }

    /// Tells one person something right away. When even that fails, Slack shows that the click failed.
    pub(super) async fn say(&self, to: &ReplyTo, refusal: Refusal) -> DoorReply {
        match self
            .parts
            .surface
            .tell(to, &Answer::Refused { refusal })
            .await
        {
            Ok(()) => DoorReply::done(),
            Err(error) => {
                tracing::warn!(%error, "a person could not be told why nothing happened");
                DoorReply::refused(503, "the answer could not be shown: try again")
            }
        }
    }
}

/// Where the answer to a press goes.
pub(super) fn reply_to(press: &Press) -> ReplyTo {
    ReplyTo {
        user: press.sender.user.clone(),
        channel: press.channel.as_ref().map(|id| ChannelId::new(id.as_str())),
        thread_ts: press.thread_ts.clone(),
    }
}
