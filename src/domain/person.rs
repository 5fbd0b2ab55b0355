//! Who acts: a Slack identity, and what made that person eligible when it was read.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::ids::{EnterpriseId, GroupId, RuleName, TeamId, UserId};
use super::time::At;
use super::words::closed_set;

/// A person as Slack identifies one: never by name or e-mail, which can be taken over or shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The enterprise grid, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<EnterpriseId>,
    /// The workspace that the person acted in.
    pub team: TeamId,
    /// The user id.
    pub user: UserId,
}

impl Person {
    /// Whether this is the same human being. Slack sometimes leaves the enterprise out, and a user id is
    /// one person's within a workspace, so the enterprise is not compared.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.team == other.team && self.user == other.user
    }
}

/// Who caused an event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Actor {
    /// A person in Slack or at a terminal.
    Person {
        /// Who.
        #[serde(flatten)]
        person: Person,
    },
    /// A system that sends us tickets or answers.
    Source {
        /// Its name in `workspace.json`.
        name: String,
    },
    /// Our own rules and clocks.
    Countersign,
}

closed_set! {
    /// What kind of account a person has, as far as approving goes.
    Membership {
        /// A full member of this workspace.
        Member = "member",
        /// A multi-channel or single-channel guest.
        Guest = "guest",
        /// A bot or an app.
        Bot = "bot",
        /// A deactivated account.
        Deactivated = "deactivated",
        /// Somebody from another workspace (Slack Connect).
        Foreign = "foreign",
        /// Slack does not know the user, or would not say.
        Unknown = "unknown",
    }
}

/// What was read about a person just before a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// The account kind.
    pub membership: Membership,
    /// Which of the user groups that the rule names this person is in.
    pub groups: Vec<GroupId>,
    /// When this was read from the source.
    pub read_at: At,
    /// Where it was read: `slack`, `slack (cached)`, `terminal`.
    pub source: String,
    /// Name and e-mail at that time, erasable: a record must still mean something in two years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Sealed>,
}

/// Why a person may decide: the standing, and the rule that matched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Eligibility {
    /// The approver rule.
    pub rule: RuleName,
    /// How it matched: `named user`, or `member of S...`.
    pub matched: String,
    /// What was read.
    pub standing: Standing,
}
