//! The linter: what a policy says without meaning it, proved over every input that its conditions tell apart.
//!
//! Reading refuses what is malformed. This room refuses what is well formed and wrong: inputs that no tier covers,
//! tiers and rules that never count, words that can be read in two ways. It decides nothing about a draft and asks
//! nobody. A policy that was pinned is not held against it again: no old record becomes unreadable.
//!
//! To add a check: a file here with a function from `Parts` to [`Problem`]s, a line in `problems`, and in
//! `tests/policy/lint/` a document that it refuses beside the same document mended.

pub mod cells;
pub mod currencies;
mod listed;
mod lists;
mod money;
mod page;
mod people;
pub mod ranges;
mod readings;
mod roles;
mod spellings;
mod terms;
pub mod tiers;

use std::collections::BTreeMap;

use self::page::Page;
use super::approvers::Approvers;
use super::contract::Contract;
use super::escalation::Escalations;
use super::json::Node;
use super::problem::Problem;
use super::tiers::TierFile;
use crate::domain::draft::ActionKind;

/// What was read of a folder, as far as it could be, with the trees that it was read from.
pub(super) struct Parts<'a> {
    /// By file name.
    pub(super) trees: &'a BTreeMap<String, Node>,
    pub(super) contract: Option<&'a Contract>,
    pub(super) tiers: &'a BTreeMap<ActionKind, TierFile>,
    pub(super) escalations: Option<&'a Escalations>,
    pub(super) approvers: Option<&'a Approvers>,
}

impl<'a> Parts<'a> {
    fn page(&self, file: &'a str) -> Option<Page<'a>> {
        let tree = self.trees.get(file)?;
        Some(Page { file, tree })
    }
}

/// Every problem of what was read, in no order.
pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let checks = [
        tiers::problems,
        roles::problems,
        lists::problems,
        readings::problems,
        spellings::problems,
        money::problems,
        people::problems,
        terms::problems,
    ];
    checks.iter().flat_map(|check| check(parts)).collect()
}
