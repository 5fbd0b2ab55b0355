//! The policy folder: everything that is authority, read whole or refused whole.
//!
//! Nothing here opens a file, asks a clock or a network: documents come in as texts, the time with
//! the question. No setting is read and forgotten, and nothing a model said becomes authority.
//!
//! To add a condition on a new fact: a member of `FactName`, its kind and provenance in
//! `conditions.rs`, its reading in `facts.rs`. To add a check across tiers: a file of its own that
//! takes the read [`Policy`] and returns [`Problem`]s. To add a key: its line in `forms/`, its reading
//! where its object is read, a sentence for what is wrong, and an accessor that somebody calls.

pub mod approvers;
pub mod assess;
pub mod conditions;
pub mod contract;
pub mod decided_by;
pub mod diff;
pub mod escalation;
pub mod explain;
pub mod facts;
mod folder;
pub mod forms;
pub mod json;
mod json_cursor;
pub mod limits;
pub mod lines;
pub mod lint;
pub mod outputs;
pub mod people;
pub mod problem;
pub mod reader;
pub mod sla;
mod structural;
pub mod tiers;
mod told;
pub mod walk;
pub mod ways;

use std::collections::BTreeMap;

use self::approvers::Approvers;
use self::contract::Contract;
use self::escalation::{Assigned, Chain, Escalations, Matter};
use self::folder::{Folder, Found};
use self::json::Spot;
use self::tiers::TierFile;
use super::approval::{Asking, Route};
use super::digest::Digest;
use super::draft::ActionKind;
use super::escalation::Role;
use super::time::At;

pub use self::assess::Proposal;
pub use self::decided_by::{Ineligible, NotEligible};
pub use self::facts::Known;
pub use self::problem::Problem;

/// The texts of a policy folder by file name, for example `contract.json`, `tiers/refund.json`.
/// Names that do not end in `.json` are not part of the policy and are passed over.
pub type Documents = BTreeMap<String, String>;

/// One whole, valid policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    contract: Contract,
    tiers: BTreeMap<ActionKind, TierFile>,
    escalations: Escalations,
    approvers: Approvers,
    canonical: String,
    digest: Digest,
}

impl Policy {
    /// Reads a policy folder.
    ///
    /// # Errors
    ///
    /// Every problem of every file, in the order of files and lines.
    pub fn load(documents: &Documents) -> Result<Self, Vec<Problem>> {
        Self::read(documents, |folder, found| folder.lint(found))
    }

    /// Every problem of some documents of a folder. What they would mean to the documents that are not there is not
    /// looked at: the name of an approver rule is taken for right where `approvers.json` is not among them.
    #[must_use]
    pub fn check(documents: &Documents) -> Vec<Problem> {
        let mut folder = Folder::part(documents);
        let found = folder.find();
        folder.lint(&found);
        folder.into_problems()
    }

    /// Reads a policy folder and looks at what was found.
    fn read(
        documents: &Documents,
        look: impl FnOnce(&mut Folder<'_>, &Found),
    ) -> Result<Self, Vec<Problem>> {
        let mut folder = Folder::whole(documents);
        let found = folder.find();
        look(&mut folder, &found);
        let canonical = folder.canonical();
        let problems = folder.into_problems();
        match (
            found.contract,
            found.escalations,
            found.approvers,
            canonical,
        ) {
            (Some(contract), Some(escalations), Some(approvers), Some(canonical))
                if problems.is_empty() =>
            {
                let digest = Digest::of(canonical.as_bytes());
                Ok(Self {
                    contract,
                    tiers: found.tiers,
                    escalations,
                    approvers,
                    canonical,
                    digest,
                })
            }
            _ if problems.is_empty() => {
                // A refusal always says something, even where a reader forgot to.
                let message = "the folder could not be read as a policy";
                let fix = "it as the shipped `manifests/policy` has it";
                Err(vec![Problem::at("policy", Spot::START, message, fix)])
            }
            _ => Err(problems),
        }
    }

    /// Reads a policy from [`Policy::canonical`], as the store keeps it by digest.
    ///
    /// # Errors
    ///
    /// As for [`Policy::load`], but for the linter: what was put in force stays readable. Places are in the
    /// canonical texts then.
    pub fn restore(canonical: &str) -> Result<Self, Vec<Problem>> {
        let refuse = |why: String| {
            vec![Problem::at(
                "policy",
                Spot::START,
                why,
                "the canonical JSON of a policy folder",
            )]
        };
        let files: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(canonical).map_err(|e| refuse(e.to_string()))?;
        let documents: Documents = files
            .into_iter()
            .map(|(name, document)| (name, document.to_string()))
            .collect();
        Self::read(&documents, |_, _| ())
    }

    /// SHA-256 over [`Policy::canonical`].
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The RFC 8785 canonical JSON of `{file name: document}`, each document without its `$schema`.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What the agent may do at all.
    #[must_use]
    pub const fn contract(&self) -> &Contract {
        &self.contract
    }

    /// The approver rules, role members and operators.
    #[must_use]
    pub const fn approvers(&self) -> &Approvers {
        &self.approvers
    }

    /// Role rules, chains and the calendar.
    #[must_use]
    pub const fn escalations(&self) -> &Escalations {
        &self.escalations
    }

    /// The tier file of an action. Every loaded policy has one for each.
    #[must_use]
    pub fn tier_file(&self, kind: ActionKind) -> Option<&TierFile> {
        self.tiers.get(&kind)
    }

    /// The role that a matter belongs to.
    #[must_use]
    pub fn role_of(&self, matter: &Matter<'_>) -> Assigned {
        self.escalations.assign(matter)
    }

    /// What follows for a role when nobody answers. Every loaded policy has a chain for each role.
    #[must_use]
    pub fn chain(&self, role: Role) -> Option<&Chain> {
        self.escalations.chains.get(&role)
    }

    /// When an escalation to a role that nobody has taken becomes a lapse.
    #[must_use]
    pub fn role_due(&self, role: Role, since: At) -> Option<At> {
        Some(self.chain(role)?.sla.due(since, &self.escalations.calendar))
    }

    /// How the next approver rule is asked after a lapse, with the SLA of the chain's role; `None`
    /// when the chain ran out and [`Asking::finally`] has it.
    #[must_use]
    pub fn asking_after(&self, lapsed: &Asking, at: At) -> Option<Asking> {
        let (next, rest) = lapsed.then.split_first()?;
        Some(Asking {
            route: Route::NamedApprover,
            approver_rule: next.clone(),
            quorum: self.quorum(next),
            due_at: self.role_due(lapsed.finally, at)?,
            then: rest.to_vec(),
            finally: lapsed.finally,
        })
    }
}
