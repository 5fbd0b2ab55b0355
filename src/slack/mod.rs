//! Slack as the approval surface: cards, clicks, modals, slash commands, people.
//!
//! This room may use `domain`, `ports` and `store`, and it is the only one that names `slack_morphism`. It
//! decides nothing: a click becomes a command, and what a person is told comes from committed state. Text
//! that a customer, a model or a colleague wrote never becomes markup (`blocks::text`), and no card leaves
//! without the check in `blocks::limits`.
//!
//! To add a card: one file in `blocks/`, one arm in `blocks::compose`. To add a verb: one member of
//! `verbs::Verb`, and the compiler lists what is missing. To add a modal: one file in `modals/`, one arm
//! in `modals::open`. To add a Web API method: one call in the file that needs it, through
//! `client::SlackClient`, which knows how each kind of failure is told apart.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::domain::escalation::Role;
use crate::domain::ids::{AppId, ChannelId, EnterpriseId, RuleName, TeamId};
use crate::domain::policy::Policy;

pub mod blocks;
mod case_answers;
mod clicks;
pub mod client;
pub mod commands;
pub mod desk;
pub mod door;
pub mod inbound;
mod line;
pub mod modals;
pub mod people;
mod status;
pub mod surface;
pub mod verbs;
mod windows;

pub use self::line::LineState;

/// The installation's Slack, as configured: ids and addresses, no secrets.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    /// The workspace. Clicks from another one are refused.
    pub team: TeamId,
    /// The enterprise grid, where the workspace belongs to one.
    pub enterprise: Option<EnterpriseId>,
    /// The app. Requests for another one are refused.
    pub app: AppId,
    /// The base of the Web API without a slash at the end: `https://slack.com/api`, or a stand-in on loopback.
    pub api_url: String,
    /// How long one Web API call may take.
    pub call_timeout: Duration,
    /// The channel of each role.
    pub roles: BTreeMap<Role, ChannelId>,
    /// The channel where the reviewers of a rule look.
    pub reviewers: BTreeMap<RuleName, ChannelId>,
    /// The channel for reviewers of rules without a channel of their own.
    pub reviewers_default: ChannelId,
}

/// The policy in force, asked for anew each time.
pub type PolicyInForce = Arc<dyn Fn() -> Arc<Policy> + Send + Sync>;

/// The two secrets of a Slack app. They come from the environment and are never written.
pub struct SlackSecrets {
    /// Signs what Slack sends us.
    pub signing: SecretString,
    /// Authorises what we send to Slack (`xoxb-...`).
    pub bot_token: SecretString,
}
