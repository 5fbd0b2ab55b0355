//! Takes the secrets that the manifests name out of the environment, and makes the one [`Config`].

use std::collections::BTreeMap;
use std::net::SocketAddr;

use secrecy::{ExposeSecret as _, SecretString};

use super::read::Places;
use super::workspace::{EnvName, IntakeBlock, ModelKind, SlackBlock, Workspace};
use super::{Manifests, WORKSPACE};
use crate::adapters::desks::{DeskKind, DeskSettings};
use crate::adapters::evidence::ConnectorSettings;
use crate::adapters::outside::Base;
use crate::domain::digest::Digest;
use crate::domain::escalation::Role;
use crate::domain::ids::{AppId, ChannelId, EnterpriseId, RuleName, SourceName, TeamId};
use crate::domain::intake::{IntakeSource, SourceAuth, SourceProof};
use crate::domain::policy::json::Spot;
use crate::domain::policy::{Documents, Policy, Problem};
use crate::domain::webhook::WebhookKey;

/// Slack's own Web API.
const SLACK_API: &str = "https://slack.com/api";

/// A token shorter than this can be guessed.
const LEAST_TOKEN: usize = 20;

/// What the installation is. Nothing in it changes after the start.
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The database, `sqlite://...` or `postgres://...`.
    pub database_url: SecretString,
    /// The policy.
    pub policy: Policy,
    /// The policy's files as they were read.
    pub documents: Documents,
    /// Slack.
    pub slack: SlackConfig,
    /// The model.
    pub model: ModelKind,
    /// Where tickets come from.
    pub intake: Vec<IntakeSource>,
    /// Where evidence comes from.
    pub connectors: Vec<ConnectorSettings>,
    /// Where tickets are answered.
    pub desks: BTreeMap<SourceName, DeskSettings>,
}

/// Slack, with its two secrets.
pub struct SlackConfig {
    /// The workspace.
    pub team: TeamId,
    /// The enterprise grid, where there is one.
    pub enterprise: Option<EnterpriseId>,
    /// The app.
    pub app: AppId,
    /// The base of the Web API, without a slash at its end.
    pub api_url: String,
    /// The channel of each role.
    pub role_channels: BTreeMap<Role, ChannelId>,
    /// Where the reviewers of an approver rule look.
    pub review_channels: BTreeMap<RuleName, ChannelId>,
    /// Where the reviewers of all other rules look.
    pub default_review_channel: ChannelId,
    /// Signs what Slack sends us.
    pub signing_secret: SecretString,
    /// Authorises what we send to Slack.
    pub bot_token: SecretString,
}

/// The environment while it is read, with what was missing or wrong.
struct Shelf<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    places: &'a Places,
    problems: Vec<Problem>,
}

impl Shelf<'_> {
    fn refuse(&mut self, name: &EnvName, message: String, fix: &str) {
        let at = self.places.variables.get(name).copied();
        let at = at.unwrap_or(Spot::START);
        self.problems.push(Problem::at(WORKSPACE, at, message, fix));
    }

    fn secret(&mut self, name: &EnvName) -> Option<SecretString> {
        let value = self.optional(name);
        if value.is_none() {
            let message = format!("the environment variable `{}` is not set", name.as_str());
            self.refuse(
                name,
                message,
                "its value into the environment of the server",
            );
        }
        value
    }

    fn optional(&self, name: &EnvName) -> Option<SecretString> {
        let value = (self.read)(name.as_str())?;
        let value = value.trim();
        (!value.is_empty()).then(|| SecretString::from(value))
    }

    fn take<T>(&mut self, name: &EnvName, taken: Result<T, String>) -> Option<T> {
        taken
            .map_err(|why| {
                let message = format!("the value of `{}` cannot be used: {why}", name.as_str());
                self.refuse(name, message, "a value of that shape into the environment");
            })
            .ok()
    }
}

impl Manifests {
    /// The address of the database alone, for commands that only read the record.
    ///
    /// # Errors
    ///
    /// The variable that is missing or whose value cannot be used.
    pub fn database_url(
        &self,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Result<SecretString, Vec<Problem>> {
        let mut shelf = Shelf {
            read,
            places: &self.places,
            problems: Vec::new(),
        };
        database(&mut shelf, &self.workspace).ok_or(shelf.problems)
    }

    /// Takes the secrets out of the environment. `read` answers for one variable by its name.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or whose value cannot be used, at the place that names it. No value is repeated.
    pub fn resolve(self, read: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<Problem>> {
        let workspace = &self.workspace;
        let mut shelf = Shelf {
            read,
            places: &self.places,
            problems: Vec::new(),
        };
        let database_url = database(&mut shelf, workspace);
        let slack = slack(&mut shelf, &workspace.slack);
        let intake: Vec<_> = workspace
            .intake
            .iter()
            .filter_map(|block| source(&mut shelf, block))
            .collect();
        let connectors: Vec<_> = workspace
            .connectors
            .iter()
            .filter_map(|block| {
                let base = block.base_url.as_deref();
                let settings = ConnectorSettings {
                    name: block.name.clone(),
                    kind: block.kind,
                    base: Base::parse(base.unwrap_or(block.kind.usual_address())).ok()?,
                    key: shelf.secret(&block.key_env)?,
                };
                let checked = settings.check().map(|()| settings);
                shelf.take(&block.key_env, checked)
            })
            .collect();
        let desks = desks(&mut shelf, workspace);
        let problems = shelf.problems;
        match (workspace.listen.parse(), database_url, slack) {
            (Ok(listen), Some(database_url), Some(slack)) if problems.is_empty() => Ok(Config {
                listen,
                database_url,
                policy: self.policy,
                documents: self.documents,
                slack,
                model: workspace.model.kind,
                intake,
                connectors,
                desks,
            }),
            _ => Err(problems),
        }
    }
}

fn database(shelf: &mut Shelf<'_>, workspace: &Workspace) -> Option<SecretString> {
    let block = &workspace.database;
    let Some(url) = shelf.optional(&block.url_env) else {
        return match &block.file {
            Some(file) => Some(SecretString::from(format!("sqlite://{file}"))),
            None => shelf.secret(&block.url_env),
        };
    };
    let known = ["sqlite:", "postgres://", "postgresql://"];
    let fits = known
        .iter()
        .any(|start| url.expose_secret().starts_with(start));
    let why = || "it begins with neither `sqlite://` nor `postgres://`".to_owned();
    shelf.take(&block.url_env, fits.then_some(url).ok_or_else(why))
}

fn slack(shelf: &mut Shelf<'_>, block: &SlackBlock) -> Option<SlackConfig> {
    let signing_secret = shelf.secret(&block.signing_secret_env);
    let bot_token = shelf.secret(&block.bot_token_env).and_then(|token| {
        let fits = token.expose_secret().starts_with("xoxb-");
        let why = || "a bot token begins with `xoxb-`".to_owned();
        shelf.take(&block.bot_token_env, fits.then_some(token).ok_or_else(why))
    });
    Some(SlackConfig {
        team: block.team.clone(),
        enterprise: block.enterprise.clone(),
        app: block.app.clone(),
        api_url: block
            .api_url
            .clone()
            .unwrap_or_else(|| SLACK_API.to_owned()),
        role_channels: block.role_channels.clone(),
        review_channels: block.review_channels.clone(),
        default_review_channel: block.default_review_channel.clone(),
        signing_secret: signing_secret?,
        bot_token: bot_token?,
    })
}

fn source(shelf: &mut Shelf<'_>, block: &IntakeBlock) -> Option<IntakeSource> {
    let secret = shelf.secret(&block.secret_env)?;
    let secret = secret.expose_secret();
    let proof = match block.auth {
        SourceAuth::StandardWebhooks => {
            WebhookKey::standard(secret).map(SourceProof::StandardWebhooks)
        }
        SourceAuth::Zendesk => WebhookKey::raw(secret.as_bytes()).map(SourceProof::Zendesk),
        SourceAuth::Bearer if secret.len() < LEAST_TOKEN => Err(format!(
            "the token is shorter than {LEAST_TOKEN} characters"
        )),
        SourceAuth::Bearer => Ok(SourceProof::Bearer(Digest::of(secret.as_bytes()))),
    };
    Some(IntakeSource {
        name: block.name.clone(),
        proof: shelf.take(&block.secret_env, proof)?,
        verifies_requesters: block.verifies_requesters,
        desk: block.desk.clone(),
    })
}

fn desks(shelf: &mut Shelf<'_>, workspace: &Workspace) -> BTreeMap<SourceName, DeskSettings> {
    let mut desks = BTreeMap::new();
    for block in &workspace.desks {
        let settings = match (block.kind, &block.url, &block.secret_env) {
            (DeskKind::Slack, ..) => Some(DeskSettings::Slack),
            (DeskKind::None, ..) => Some(DeskSettings::None),
            (DeskKind::Webhook, Some(url), Some(name)) => shelf.secret(name).and_then(|secret| {
                let key = WebhookKey::standard(secret.expose_secret());
                Some(DeskSettings::Webhook {
                    base: Base::parse(url).ok()?,
                    key: shelf.take(name, key)?,
                })
            }),
            // The reader has refused a webhook desk without these two.
            (DeskKind::Webhook, ..) => None,
        };
        desks.extend(settings.map(|settings| (block.name.clone(), settings)));
    }
    desks
}
