//! What changes between two policies: for which drafts and which cases, before and after, in sentences.
//!
//! Inputs are compared by cells: the parts of every fact that the conditions of both policies can tell apart. Of each
//! cell both policies are asked, by what decides itself; cells that differ alike are put together into ranges. So a
//! draft or a case comes out differently if and only if a range that is told contains it. To compare more, give it a
//! subject: where its inputs are told apart (`axes.rs`), what comes out (`outcome.rs`), and what contains an input.

pub mod axes;
mod boxes;
mod cases;
mod drafts;
mod outcome;
mod people;
mod settings;
mod values;

use serde::Serialize;

use self::axes::Input;
use self::boxes::Region;
use super::Policy;
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::RuleName;
use crate::domain::words::closed_set;

pub use self::outcome::Outcome;
pub use self::values::ValueChange;

closed_set! {
    /// What a change is about.
    Subject {
        /// What becomes of drafts.
        Draft = "draft",
        /// Which role a case belongs to.
        Case = "case",
        /// What follows for a role when nobody answers, and who acts for it.
        Role = "role",
        /// Who decides under an approver rule.
        Approvers = "approvers",
        /// The business hours.
        Calendar = "calendar",
        /// A line of the contract, a limit, a word on cards.
        Setting = "setting",
    }
}

/// One thing that changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// Of what: an action, a role, an approver rule, a setting.
    pub of: String,
    /// For which inputs: those within all the ranges of one of these, each range in words. Empty: for all.
    pub when: Vec<Vec<String>>,
    /// What comes out before.
    pub before: String,
    /// What comes out after.
    pub after: String,
    #[serde(skip)]
    scope: Scope,
}

/// Which inputs a change is for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Scope {
    /// Drafts of an action within a region.
    Drafts(ActionKind, Region),
    /// Cases within a region that no structural rule takes.
    Cases(Region),
    /// Whatever belongs to a role.
    Role(Role),
    /// Whatever asks an approver rule, for amounts within a region.
    Approvers(RuleName, Region),
    /// Whatever is counted in business hours.
    Calendar,
    /// Nothing that is decided: it shows elsewhere.
    Elsewhere,
}

/// All that changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Diff {
    /// The digest of the one.
    pub before: Digest,
    /// The digest of the other.
    pub after: Digest,
    /// The changes, those of drafts first.
    pub changes: Vec<Change>,
    /// Every value that differs, by the way to it.
    pub values: Vec<ValueChange>,
    /// What could not be compared, in sentences: it tells too many inputs apart.
    pub not_compared: Vec<String>,
}

impl Diff {
    /// Compares two policies.
    #[must_use]
    pub fn between(before: &Policy, after: &Policy) -> Self {
        let mut diff = Self {
            before: before.digest(),
            after: after.digest(),
            changes: Vec::new(),
            values: values::between(before, after),
            not_compared: Vec::new(),
        };
        if diff.before == diff.after {
            return diff;
        }
        for action in ActionKind::ALL.iter().copied() {
            match drafts::changes(before, after, action) {
                Ok(changes) => diff.changes.extend(changes),
                Err(why) => diff.not_compared.push(format!("drafts of {action}: {why}")),
            }
        }
        match cases::changes(before, after) {
            Ok(changes) => diff.changes.extend(changes),
            Err(why) => diff.not_compared.push(format!("cases: {why}")),
        }
        diff.changes.extend(people::changes(before, after));
        diff.changes.extend(settings::changes(before, after));
        diff
    }

    /// Whether a range that is told contains the input: what comes out for it differs.
    #[must_use]
    pub fn mentions(&self, input: &Input, before: &Outcome, after: &Outcome) -> bool {
        self.changes.iter().any(|change| match &change.scope {
            Scope::Drafts(action, region) => {
                input.action == Some(*action) && region.contains(input)
            }
            Scope::Cases(region) => input.is_free() && region.contains(input),
            Scope::Role(role) => before.role == *role || after.role == *role,
            Scope::Approvers(rule, region) => {
                (before.asks(rule) || after.asks(rule)) && region.contains(input)
            }
            Scope::Calendar => before.in_business_hours() || after.in_business_hours(),
            Scope::Elsewhere => false,
        })
    }
}
