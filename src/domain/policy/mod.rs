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
pub mod escalation;
pub mod explain;
pub mod facts;
pub mod forms;
pub mod json;
mod json_cursor;
pub mod limits;
pub mod lines;
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
use self::json::{Node, Spot};
use self::reader::Sheet;
use self::tiers::{Around, TierFile};
use super::approval::{Asking, Route};
use super::digest::Digest;
use super::draft::ActionKind;
use super::escalation::Role;
use super::ids::RuleName;
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
        let mut folder = Folder {
            documents,
            problems: Vec::new(),
        };
        folder.refuse_strangers();
        let names = folder.rule_names();
        let approvers = folder.read(approvers::FILE, Approvers::read);
        let contract = folder.read(contract::FILE, Contract::read);
        let escalations = folder.read(escalation::FILE, |sheet, node| {
            Escalations::read(sheet, node, &names)
        });
        let mut files = BTreeMap::new();
        for action in ActionKind::ALL.iter().copied() {
            let around = Around {
                action,
                names: &names,
            };
            if let Some(file) = folder.read(&tiers::file_of(action), |sheet, node| {
                TierFile::read(sheet, node, around)
            }) {
                files.insert(action, file);
            }
        }
        let canonical = folder.canonical();
        let Folder { mut problems, .. } = folder;
        problems.sort();
        match (contract, escalations, approvers, canonical) {
            (Some(contract), Some(escalations), Some(approvers), Some(canonical))
                if problems.is_empty() =>
            {
                let digest = Digest::of(canonical.as_bytes());
                Ok(Self {
                    contract,
                    tiers: files,
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
    /// As for [`Policy::load`]; places are in the canonical texts then.
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
        Self::load(&documents)
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

/// The documents while they are read, with the problems found so far.
struct Folder<'a> {
    documents: &'a Documents,
    problems: Vec<Problem>,
}

impl Folder<'_> {
    fn read<T>(&mut self, file: &str, read: impl FnOnce(&Sheet, &Node) -> Option<T>) -> Option<T> {
        let Some(text) = self.documents.get(file) else {
            self.problems.push(Problem::at(
                file,
                Spot::START,
                "the file is missing",
                "it, as the shipped `manifests/policy` has it",
            ));
            return None;
        };
        let (sheet, node) = Sheet::open(file, text);
        let value = node.and_then(|node| read(&sheet, &node));
        self.problems.extend(sheet.into_problems());
        value
    }

    fn refuse_strangers(&mut self) {
        let tier_files: Vec<String> = ActionKind::ALL.iter().map(|k| tiers::file_of(*k)).collect();
        let mut known = vec![approvers::FILE, contract::FILE, escalation::FILE];
        known.extend(tier_files.iter().map(String::as_str));
        for name in self
            .documents
            .keys()
            .filter(|n| n.ends_with(".json") && !known.contains(&n.as_str()))
        {
            let fix = problem::did_you_mean(name, &known);
            self.problems.push(Problem::at(
                name,
                Spot::START,
                "a policy has no such file",
                fix,
            ));
        }
    }

    /// The names of the approver rules, even of those that have problems of their own.
    fn rule_names(&self) -> Vec<RuleName> {
        let Some(text) = self.documents.get(approvers::FILE) else {
            return Vec::new();
        };
        let (sheet, node) = Sheet::open(approvers::FILE, text);
        let rules = node
            .as_ref()
            .and_then(|n| sheet.map(n))
            .and_then(|f| f.optional("rules"));
        rules
            .and_then(|n| sheet.map(n))
            .map(|f| escalation::names_in(&f))
            .unwrap_or_default()
    }

    fn canonical(&self) -> Option<String> {
        let json = self
            .documents
            .iter()
            .filter(|(name, _)| name.ends_with(".json"));
        let read = json.map(|(name, text)| {
            let mut document: serde_json::Value = serde_json::from_str(text).ok()?;
            // Where its schema is, is layout: an editor's line is no change of authority.
            document
                .as_object_mut()
                .map(|top| top.remove(forms::SCHEMA));
            Some((name.as_str(), document))
        });
        let files: BTreeMap<&str, serde_json::Value> = read.collect::<Option<_>>()?;
        serde_json_canonicalizer::to_string(&files).ok()
    }
}
