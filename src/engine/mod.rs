//! The loop: commands in, decisions, effects out. One transaction for the commands that wait together.
//!
//! Nothing here decides what may happen (`domain` does) or knows a vendor (`adapters` and `slack` do).
//! Commands are taken from the inbox, of each stream the oldest; what they need to know is read from outside first,
//! then one transaction decides each by itself, appends and plans. An effect is taken from the outbox under a
//! lease, carried out, and its answer comes back as a command in the same commit that ends the effect.
//! To add an effect, follow the compiler from `domain::case::effect`.

use std::sync::Arc;

use crate::agent::redaction::Redactor;
use crate::domain::case::context::Installation;
use crate::domain::content::{Content, ContentKind};
use crate::domain::ids::{CommandId, SourceName};
use crate::domain::journal::{Command, Submission};
use crate::domain::person::Actor;
use crate::domain::policy::Policy;
use crate::domain::time::At;
use crate::ports::{Clock, Connector, Desk, Entropy, Model, People, Register, Surface};
use crate::store::Store;
use crate::telemetry::Metrics;

mod before;
mod cards;
mod effects;
mod gather;
mod inbox;
mod measures;
mod models;
mod perform;
mod policies;
mod posting;
mod run;
mod spans;

pub use self::policies::Policies;

/// What the engine needs from outside.
#[derive(Clone)]
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Desks by name.
    pub desks: Register<dyn Desk>,
    /// Connectors by name.
    pub connectors: Register<dyn Connector>,
    /// The model.
    pub model: Arc<dyn Model>,
    /// Who people are.
    pub people: Arc<dyn People>,
    /// Where cards appear.
    pub surface: Arc<dyn Surface>,
}

/// What an operator may set that is not authority.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which installation this is.
    pub installation: Installation,
    /// The prompt for triage.
    pub triage_prompt: String,
    /// The prompt for drafts.
    pub draft_prompt: String,
}

/// The engine. Cheap to clone; every clone works on the same database.
#[derive(Clone)]
pub struct Engine {
    store: Store,
    outside: Outside,
    settings: Arc<Settings>,
    policies: Arc<Policies>,
    redactor: Arc<Redactor>,
    metrics: Metrics,
    /// Names this process in leases.
    worker: String,
}

/// Why the engine could not do a step. The command or effect stays and is taken again.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// A row refers to something that is not there.
    #[error("{0}")]
    Lost(String),
}

impl Engine {
    /// Builds an engine on an open store. The redactor takes out what the policy in force names.
    #[must_use]
    pub fn new(
        store: Store,
        outside: Outside,
        settings: Settings,
        policies: Policies,
        redactor: Redactor,
    ) -> Self {
        let in_force = policies.in_force();
        let rules = &in_force.contract().outputs.dlp_rules;
        let worker = format!("w{}", &hex::encode(outside.entropy.salt())[..12]);
        Self {
            store,
            outside,
            settings: Arc::new(settings),
            policies: Arc::new(policies),
            redactor: Arc::new(redactor.taking(rules)),
            metrics: Metrics::default(),
            worker,
        }
    }

    /// The store that it works on.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        self.policies.in_force()
    }

    /// Which installation this is.
    #[must_use]
    pub fn installation(&self) -> &Installation {
        &self.settings.installation
    }

    /// Puts a command through the one door, as a person at a terminal does.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submit(
        &self,
        actor: Actor,
        command: Command,
        contents: Vec<Content>,
    ) -> Result<CommandId, EngineError> {
        let id = self.command_id();
        let key = format!("typed:{id}");
        let submission = Submission {
            origin: inbox::own_origin(&key),
            id: id.clone(),
            key,
            actor,
            at: self.now(),
            command,
            contents,
            reply_to: None,
        };
        self.store.submit(&submission).await?;
        Ok(id)
    }

    /// Seals a text under a fresh salt.
    #[must_use]
    pub fn seal(&self, kind: ContentKind, text: impl Into<String>) -> Content {
        Content::seal(kind, self.outside.entropy.salt(), text)
    }

    /// The time by the clock that the engine lives by.
    #[must_use]
    pub fn time(&self) -> At {
        self.now()
    }

    fn now(&self) -> At {
        self.outside.clock.now()
    }

    fn command_id(&self) -> CommandId {
        CommandId::new(format!(
            "k{}",
            &hex::encode(self.outside.entropy.salt())[..24]
        ))
    }

    fn desk(&self, name: &SourceName) -> Result<&Arc<dyn Desk>, EngineError> {
        let lost = || {
            EngineError::Lost(format!(
                "workspace.json has no desk `{name}` any more; add it back"
            ))
        };
        self.outside.desks.get(name).ok_or_else(lost)
    }
}
