//! What `workspace.json` says: channels, sources, connectors, desks, addresses. No authority, and no secret.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::adapters::desks::DeskKind;
use crate::adapters::evidence::ConnectorKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{AppId, ChannelId, EnterpriseId, RuleName, SourceName, TeamId};
use crate::domain::intake::SourceAuth;
use crate::domain::words::closed_set;

closed_set! {
    /// The kinds of models.
    ModelKind {
        /// The offline rules that come with the software.
        Builtin = "builtin",
    }
}

/// The name of an environment variable that holds a secret: capital letters, digits and underscores.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct EnvName(#[schemars(regex(pattern = r"^[A-Z][A-Z0-9_]*$"))] pub(super) String);

impl EnvName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The workspace manifest. Nothing in it says who may decide: that is `policy/approvers.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "workspace.json")]
pub struct Workspace {
    /// Where the schema of this file is, for editors.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The address that the server listens on, for example `127.0.0.1:8080`.
    pub listen: String,
    /// The database.
    pub database: DatabaseBlock,
    /// The policy folder, relative to this file.
    pub policy: String,
    /// The Slack workspace.
    pub slack: SlackBlock,
    /// The model that triages and drafts.
    pub model: ModelBlock,
    /// Where tickets come from.
    pub intake: Vec<IntakeBlock>,
    /// Where evidence comes from.
    pub connectors: Vec<ConnectorBlock>,
    /// Where tickets are answered.
    pub desks: Vec<DeskBlock>,
}

/// The database.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DatabaseBlock {
    /// The variable that holds the address: `sqlite://path/to/file.db` or `postgres://...`.
    pub url_env: EnvName,
    /// The SQLite file that is used while that variable is not set, relative to where the server runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// The Slack workspace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SlackBlock {
    /// The workspace, `T...`. Clicks from another one are refused.
    pub team: TeamId,
    /// The enterprise grid, `E...`, where the workspace belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<EnterpriseId>,
    /// The app, `A...`.
    pub app: AppId,
    /// The base of the Web API; Slack's own when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_url: Option<String>,
    /// The variable that holds the signing secret.
    pub signing_secret_env: EnvName,
    /// The variable that holds the bot token.
    pub bot_token_env: EnvName,
    /// The channel of each role.
    #[schemars(schema_with = "a_channel_for_every_role")]
    pub role_channels: BTreeMap<Role, ChannelId>,
    /// Where the reviewers of an approver rule look, for rules that have a channel of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub review_channels: BTreeMap<RuleName, ChannelId>,
    /// Where the reviewers of all other rules look.
    pub default_review_channel: ChannelId,
}

/// An escalation that had no channel would reach nobody.
fn a_channel_for_every_role(generator: &mut SchemaGenerator) -> Schema {
    let channel = generator.subschema_for::<ChannelId>();
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
    let channels: BTreeMap<&str, &Schema> = roles.iter().map(|role| (*role, &channel)).collect();
    json_schema!({
        "type": "object",
        "properties": channels,
        "required": roles,
        "additionalProperties": false,
    })
}

/// The model.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ModelBlock {
    /// Which kind.
    pub kind: ModelKind,
}

/// A source of tickets: `POST /intake/<name>`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct IntakeBlock {
    /// Its name, which is the last part of its address.
    pub name: SourceName,
    /// How it proves that a request is its own.
    pub auth: SourceAuth,
    /// The variable that holds its secret or token.
    pub secret_env: EnvName,
    /// Whether it vouches for who asked. Without that no customer is looked up.
    pub verifies_requesters: bool,
    /// The desk that its tickets are answered on.
    pub desk: SourceName,
}

/// A source of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConnectorBlock {
    /// Its name, which its evidence carries.
    pub name: SourceName,
    /// Its kind.
    pub kind: ConnectorKind,
    /// Where it is; the vendor's own address when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The variable that holds its key.
    pub key_env: EnvName,
}

/// A desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DeskBlock {
    /// Its name.
    pub name: SourceName,
    /// Its kind.
    pub kind: DeskKind,
    /// Where it is; `webhook` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The variable that holds its secret; `webhook` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<EnvName>,
}
