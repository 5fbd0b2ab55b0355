//! The only place that builds things: what is opened in which order, and what stops when.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use crate::adapters::desks::{self, DeskSettings};
use crate::adapters::evidence;
use crate::adapters::models::builtin::Builtin;
use crate::agent::redaction::Redactor;
use crate::config::Config;
use crate::config::workspace::ModelKind;
use crate::domain::board::BoardCommand;
use crate::domain::case::context::Installation;
use crate::domain::case::refusal::Answer;
use crate::domain::digest::Digest;
use crate::domain::ids::{CommandId, SourceName};
use crate::domain::journal::{Command, Event, Submission};
use crate::domain::person::{Actor, Person};
use crate::engine::{Engine, Outside, Policies, Settings};
use crate::http::Doors;
use crate::http::health::Readiness;
use crate::http::intake::Intake;
use crate::ports::{Clock, Connector, Desk, Entropy, Model, People, Register, Surface};
use crate::slack::client::SlackClient;
use crate::slack::desk::SlackDesk;
use crate::slack::door::{Door, DoorParts};
use crate::slack::people::SlackPeople;
use crate::slack::surface::SlackSurface;
use crate::slack::{SlackSecrets, SlackSettings};
use crate::store::{Store, StoreError};
use crate::telemetry::Metrics;

/// How long one call of Slack's Web API may take.
const SLACK_PATIENCE: Duration = Duration::from_secs(10);

/// What differs between a server, a rehearsal and a test.
pub struct Stage {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Who people are.
    pub people: Arc<dyn People>,
    /// Where cards appear.
    pub surface: Arc<dyn Surface>,
    /// The desk of tickets that came from Slack, where there is one.
    pub slack_desk: Option<Arc<dyn Desk>>,
    /// Where it is counted.
    pub metrics: Metrics,
}

/// The policy folder is another one than the policy that this database runs.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error(
    "the policy folder is {} and the pinned policy is {}; look at the difference, then let an operator run `countersign policy pin --as USER` on this database",
    folder.short(), pinned.short()
)]
pub struct NotPinned {
    /// The folder's digest.
    pub folder: Digest,
    /// The digest in force.
    pub pinned: Digest,
}

/// Builds the engine on an open store.
///
/// # Errors
/// A sentence, when an adapter cannot be opened or the pinned policy is another one.
pub async fn engine(config: &mut Config, store: Store, stage: Stage) -> anyhow::Result<Engine> {
    let metrics = stage.metrics.clone();
    let outside = outside(config, stage)?;
    engine_towards(config, store, outside, metrics).await
}

/// Opens everything that is outside. Nothing is called yet.
///
/// # Errors
/// A sentence, when an adapter cannot be opened.
pub fn outside(config: &mut Config, stage: Stage) -> anyhow::Result<Outside> {
    let model: Arc<dyn Model> = match config.model {
        ModelKind::Builtin => Arc::new(Builtin),
    };
    Ok(Outside {
        desks: desks(config, &stage)?,
        connectors: connectors(config)?,
        model,
        clock: stage.clock,
        entropy: stage.entropy,
        people: stage.people,
        surface: stage.surface,
    })
}

/// Builds the engine on an open store, towards an outside that is opened already.
///
/// # Errors
/// A sentence, when the pinned policy is another one.
pub async fn engine_towards(
    config: &Config,
    store: Store,
    outside: Outside,
    metrics: Metrics,
) -> anyhow::Result<Engine> {
    let settings = Settings {
        installation: installation(config),
        triage_prompt: crate::agent::triage::PROMPT.to_owned(),
        draft_prompt: crate::agent::draft::PROMPT.to_owned(),
    };
    let redactor = Redactor::new().context("a redaction rule does not compile")?;
    let (clock, entropy) = (Arc::clone(&outside.clock), Arc::clone(&outside.entropy));
    let policies = Policies::new(config.policy.clone());
    let engine = Engine::new(store, outside, settings, policies, redactor).counting(metrics);
    keep_policy(config, &engine, clock.as_ref(), entropy.as_ref()).await?;
    Ok(engine)
}

/// Slack, opened as configured.
#[derive(Clone)]
pub struct Slack {
    client: Arc<SlackClient>,
    people: Arc<SlackPeople>,
    surface: Arc<SlackSurface>,
    settings: SlackSettings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    metrics: Metrics,
}

impl Slack {
    /// Opens Slack. Nothing is called yet.
    ///
    /// # Errors
    /// A sentence, when the address is not allowed.
    pub fn open(
        config: &Config,
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Self> {
        let settings = slack_settings(config);
        let metrics = Metrics::default();
        let client = SlackClient::connect(&settings, &slack_secrets(config))?;
        let client = Arc::new(client.counting(metrics.clone()));
        let people = SlackPeople::of(
            Arc::clone(&client),
            store,
            Arc::clone(&clock),
            settings.team.clone(),
        );
        let surface = SlackSurface::over(Arc::clone(&client), settings.clone());
        Ok(Self {
            client,
            people: Arc::new(people),
            surface: Arc::new(surface),
            settings,
            clock,
            entropy,
            metrics,
        })
    }

    /// What the engine needs, with Slack as its surface.
    #[must_use]
    pub fn stage(&self) -> Stage {
        Stage {
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            people: self.people.clone(),
            surface: self.surface.clone(),
            slack_desk: Some(Arc::new(SlackDesk::over(Arc::clone(&self.client)))),
            metrics: self.metrics.clone(),
        }
    }

    /// The doors of the server: tickets and Slack come in, health goes out.
    #[must_use]
    pub fn doors(&self, config: &mut Config, engine: &Engine) -> Doors {
        let store = engine.store().clone();
        let judged = engine.clone();
        let door = Door::of(DoorParts {
            store: store.clone(),
            client: Arc::clone(&self.client),
            surface: Arc::clone(&self.surface),
            people: self.people.clone(),
            settings: self.settings.clone(),
            signing: config.slack.signing_secret.clone(),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            policy: Arc::new(move || judged.policy()),
        });
        let sources = std::mem::take(&mut config.intake);
        Doors {
            intake: Intake::of(
                sources,
                store.clone(),
                Arc::clone(&self.clock),
                Arc::clone(&self.entropy),
            ),
            readiness: self.readiness(engine),
            slack: Arc::new(door),
        }
    }

    /// What `/readyz` and `/metrics` of a process with this engine say.
    #[must_use]
    pub fn readiness(&self, engine: &Engine) -> Readiness {
        Readiness::of(engine.store().clone(), Arc::clone(&self.clock))
            .under(engine.policy().digest())
            .speaking_to(Arc::clone(&self.client))
            .counting(self.metrics.clone())
    }
}

/// The settings of the Slack room.
#[must_use]
pub fn slack_settings(config: &Config) -> SlackSettings {
    let slack = &config.slack;
    SlackSettings {
        team: slack.team.clone(),
        enterprise: slack.enterprise.clone(),
        app: slack.app.clone(),
        api_url: slack.api_url.clone(),
        call_timeout: SLACK_PATIENCE,
        roles: slack.role_channels.clone(),
        reviewers: slack.review_channels.clone(),
        reviewers_default: slack.default_review_channel.clone(),
    }
}

/// The secrets of the Slack room.
#[must_use]
pub fn slack_secrets(config: &Config) -> SlackSecrets {
    SlackSecrets {
        signing: config.slack.signing_secret.clone(),
        bot_token: config.slack.bot_token.clone(),
    }
}

/// Which installation a configuration is of.
#[must_use]
pub fn installation(config: &Config) -> Installation {
    Installation {
        enterprise: config.slack.enterprise.clone(),
        team: config.slack.team.clone(),
        app: config.slack.app.clone(),
    }
}

fn connectors(config: &mut Config) -> anyhow::Result<Register<dyn Connector>> {
    std::mem::take(&mut config.connectors)
        .into_iter()
        .map(|settings| {
            let name = settings.name.clone();
            let opened = evidence::open(settings).map_err(anyhow::Error::msg);
            Ok((
                name.clone(),
                opened.with_context(|| format!("the connector `{name}` cannot be opened"))?,
            ))
        })
        .collect()
}

fn desks(config: &Config, stage: &Stage) -> anyhow::Result<Register<dyn Desk>> {
    let mut opened: BTreeMap<SourceName, Arc<dyn Desk>> = BTreeMap::new();
    for (name, settings) in &config.desks {
        let desk: Arc<dyn Desk> = match settings {
            DeskSettings::Slack => stage
                .slack_desk
                .clone()
                .with_context(|| format!("the desk `{name}` needs Slack"))?,
            DeskSettings::Webhook { base, key } => {
                let desk = desks::webhook::WebhookDesk::open(
                    base.clone(),
                    key.clone(),
                    Arc::clone(&stage.clock),
                );
                Arc::new(
                    desk.map_err(anyhow::Error::msg)
                        .with_context(|| format!("the desk `{name}` cannot be opened"))?,
                )
            }
            DeskSettings::None => Arc::new(desks::none::NoDesk),
        };
        opened.insert(name.clone(), desk);
    }
    Ok(opened)
}

/// Keeps the policy by its digest, and pins it where none is pinned yet. Another one than the pinned one
/// is refused: nothing changes what may be done by editing a file and starting again.
async fn keep_policy(
    config: &Config,
    engine: &Engine,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> anyhow::Result<()> {
    let digest = config.policy.digest();
    let store = engine.store();
    store
        .put_policy(&digest, config.policy.canonical(), clock.now())
        .await?;
    match store.board().await?.policy {
        Some(pinned) if pinned == digest => Ok(()),
        Some(pinned) => {
            let folder = digest;
            Err(NotPinned { folder, pinned }.into())
        }
        None => pin(store, digest, None, clock, entropy).await,
    }
}

/// Puts a policy in force, for every process on this database.
///
/// # Errors
/// When the store does not answer.
pub async fn pin(
    store: &Store,
    policy: Digest,
    by: Option<Person>,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> anyhow::Result<()> {
    let id = CommandId::new(format!("k{}", &hex::encode(entropy.salt())[..24]));
    let actor = by
        .clone()
        .map_or(Actor::Countersign, |person| Actor::Person { person });
    let submission = Submission {
        key: format!("pin:{id}"),
        id,
        origin: policy,
        actor,
        at: clock.now(),
        command: Command::Board {
            ask: BoardCommand::ActivatePolicy { policy, by },
        },
        contents: vec![],
        reply_to: None,
    };
    store.submit(&submission).await?;
    match decide_pin(store, &submission, clock).await {
        // A running process was faster: the same command is never decided twice.
        Err(StoreError::Overtaken { .. }) => Ok(()),
        decided => Ok(decided?),
    }
}

/// Decides a pin here and now, so that nothing else in the inbox is decided before the policy is known.
async fn decide_pin(
    store: &Store,
    submission: &Submission,
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    let Command::Board { ask } = &submission.command else {
        return Ok(());
    };
    let mut turn = store.begin(&submission.command.stream()).await?;
    let now = clock.now();
    let decided = turn.board().await?.decide(ask, now);
    let events: Vec<Event> = decided.into_iter().map(Event::Board).collect();
    turn.append(&events, &submission.actor, &submission.id, now)?;
    let sentence = "The policy is in force.".to_owned();
    turn.finish(&submission.id, &Answer::Recorded { sentence })?;
    turn.commit().await
}
