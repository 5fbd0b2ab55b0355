//! What the engine needs from outside, as small traits. Adapters and surfaces implement them.

use async_trait::async_trait;

use crate::domain::card::{Card, Composed, Destination};
use crate::domain::case::event::Acknowledgement;
use crate::domain::case::gate::Permit;
use crate::domain::case::refusal::Answer;
use crate::domain::digest::Digest;
use crate::domain::evidence::{Ask, Finding};
use crate::domain::ids::{ChannelId, CustomerId, GroupId, SourceName, UserId};
use crate::domain::journal::ReplyTo;
use crate::domain::model::{ModelAnswer, ModelRequest};
use crate::domain::person::{Membership, Person};
use crate::domain::ticket::{Thread, TicketField, TicketState};
use crate::domain::time::{At, Span};

/// How something outside failed. The three need three different next steps.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PortError {
    /// It did not happen; the same call may go through later.
    #[error("not now: {why}")]
    Again {
        /// What happened.
        why: String,
        /// Not before this long, if the outside said so (`Retry-After`).
        after: Option<Span>,
    },
    /// It did not happen and never will.
    #[error("no: {why}")]
    No {
        /// What the outside said.
        why: String,
    },
    /// Nobody knows whether it happened: the answer was lost.
    #[error("unknown: {why}")]
    Unknown {
        /// What is known.
        why: String,
    },
}

/// The time. Tests move it; the product reads the machine's clock in one place.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> At;
}

/// Randomness for salts and ids.
pub trait Entropy: Send + Sync {
    /// 32 random bytes.
    fn salt(&self) -> [u8; 32];
}

/// Who asked, in clear, for the one connector call that looks the customer up.
#[derive(Clone, Default)]
pub struct Subject {
    /// The verified address.
    pub email: Option<String>,
    /// Ids of charges that the ticket names.
    pub mentions: Vec<String>,
    /// The ticket's own id on its desk.
    pub ticket: String,
}

/// What a connector brings back.
#[derive(Clone)]
pub struct Fetched {
    /// The digest of the bytes as they came.
    pub bytes: Digest,
    /// The answer as JSON text, in clear; the engine redacts it before it is kept.
    pub body: String,
    /// What the connector understood of it.
    pub findings: Vec<Finding>,
    /// What it asks next.
    pub next: Vec<Ask>,
}

/// A read-only source of evidence.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The questions that begin the gathering for a case about money (or about anything, for a desk).
    fn first(&self) -> Vec<Ask>;
    /// The questions that begin it where a person named the customer. None where that is no id of this source.
    fn linked(&self, customer: &CustomerId) -> Vec<Ask>;
    /// Answers one question for one requester. One call to the outside.
    async fn fetch(&self, ask: &Ask, subject: &Subject) -> Result<Fetched, PortError>;
}

/// A model behind the gateway.
#[async_trait]
pub trait Model: Send + Sync {
    /// One call.
    async fn call(&self, request: &ModelRequest) -> Result<ModelAnswer, PortError>;
}

/// A write on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskWrite {
    /// The idempotency key: the effect's id.
    pub key: String,
    /// The ticket's id on the desk.
    pub ticket: String,
    /// The thread, for tickets from Slack.
    pub thread: Option<Thread>,
    /// What to write. Placeholders have been put back.
    pub change: DeskChange,
    /// What must still be so.
    pub expect_field: Option<(TicketField, Option<String>)>,
    /// The last public comment that must still be the last one.
    pub expect_last_comment: Option<String>,
}

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskChange {
    /// Add a label.
    Label(String),
    /// Add a note that the customer does not see.
    Note(String),
    /// Answer the customer.
    Reply(String),
    /// Move to a queue.
    Queue(String),
    /// Change the priority.
    Priority(String),
}

/// The ticket system that a case is answered on.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The ticket as it stands now; `None` where the desk has no readable state.
    async fn read(&self, ticket: &str) -> Result<Option<TicketState>, PortError>;
    /// Writes once. Only the gate can make the permit. `PortError::No` whose reason starts with
    /// `target moved` means that an expectation did not hold.
    async fn write(&self, permit: &Permit, write: &DeskWrite)
    -> Result<Acknowledgement, PortError>;
    /// Whether a write with this key was carried out. `Err(No)` where the desk has no look-up.
    async fn look_up(&self, write: &DeskWrite) -> Result<Option<Acknowledgement>, PortError>;
}

/// What is read about a person, in clear.
#[derive(Clone)]
pub struct PersonReading {
    /// The account kind.
    pub membership: Membership,
    /// Which of the asked groups the person is in.
    pub groups: Vec<GroupId>,
    /// When this was read.
    pub read_at: At,
    /// Where it was read.
    pub source: String,
    /// The name shown in Slack.
    pub name: String,
    /// The e-mail address, if readable.
    pub email: Option<String>,
}

/// Who people are and which groups they are in.
#[async_trait]
pub trait People: Send + Sync {
    /// Reads a person and the person's membership of exactly these groups.
    async fn read(&self, person: &Person, groups: &[GroupId]) -> Result<PersonReading, PortError>;
    /// The members of a group.
    async fn members(&self, group: &GroupId) -> Result<Vec<UserId>, PortError>;
    /// People or groups have changed: what was read before counts no more.
    fn forget(&self) {}
}

/// Where a card stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    /// Slack's channel.
    pub channel: ChannelId,
    /// Slack's message timestamp.
    pub ts: String,
}

/// What is known of where a card stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// It was never sent: post it.
    Nowhere,
    /// It was sent and the answer was lost: look for it (by the card id in the message metadata) before
    /// posting it again.
    Perhaps,
    /// It stands here: bring this message to the new state.
    At(Address),
}

/// Where cards and answers appear.
#[async_trait]
pub trait Surface: Send + Sync {
    /// Renders a card. Pure: the same card gives the same bytes and the same view ids.
    fn compose(&self, card: &Card) -> Composed;
    /// Puts a rendering up, or brings the one that stands already to this state. Returns where it stands.
    async fn deliver(
        &self,
        composed: &Composed,
        to: &Destination,
        stands: &Whereabouts,
    ) -> Result<Address, PortError>;
    /// Tells one person something that only that person sees.
    async fn tell(&self, to: &ReplyTo, answer: &Answer) -> Result<(), PortError>;
}

/// Names a connector in the register.
pub type Register<T> = std::collections::BTreeMap<SourceName, std::sync::Arc<T>>;
