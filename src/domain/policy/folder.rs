//! A policy folder, or some documents of one, while it is read: what was found, and every problem on the way.

use std::collections::BTreeMap;

use super::approvers::{self, Approvers};
use super::contract::{self, Contract};
use super::escalation::{self, Escalations};
use super::forms::SCHEMA;
use super::json::{Node, Shape, Spot};
use super::problem::{Problem, did_you_mean};
use super::reader::Sheet;
use super::tiers::{self, Around, TierFile};
use super::{Documents, lint};
use crate::domain::draft::ActionKind;
use crate::domain::ids::RuleName;

/// What could be read of the documents.
#[derive(Default)]
pub(super) struct Found {
    pub(super) contract: Option<Contract>,
    pub(super) tiers: BTreeMap<ActionKind, TierFile>,
    pub(super) escalations: Option<Escalations>,
    pub(super) approvers: Option<Approvers>,
}

/// The documents, with the problems found so far.
pub(super) struct Folder<'a> {
    documents: &'a Documents,
    /// Whether a document that is not there is a problem.
    whole: bool,
    /// What could be parsed, by file.
    trees: BTreeMap<String, Node>,
    problems: Vec<Problem>,
}

impl<'a> Folder<'a> {
    /// A folder in which every document has to be.
    pub(super) fn whole(documents: &'a Documents) -> Self {
        Self {
            documents,
            whole: true,
            trees: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Some documents by themselves.
    pub(super) fn part(documents: &'a Documents) -> Self {
        Self {
            whole: false,
            ..Self::whole(documents)
        }
    }

    /// Every problem, in the order of files and lines.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort();
        problems.dedup();
        problems
    }

    /// Reads every document.
    pub(super) fn find(&mut self) -> Found {
        self.refuse_strangers();
        let names = self.rule_names();
        let mut found = Found {
            approvers: self.read(approvers::FILE, Approvers::read),
            contract: self.read(contract::FILE, Contract::read),
            escalations: self.read(escalation::FILE, |sheet, node| {
                Escalations::read(sheet, node, &names)
            }),
            ..Found::default()
        };
        for action in ActionKind::ALL.iter().copied() {
            let names = &names;
            let around = Around { action, names };
            let read = self.read(&tiers::file_of(action), |sheet, node| {
                TierFile::read(sheet, node, around)
            });
            found.tiers.extend(read.map(|file| (action, file)));
        }
        found
    }

    /// Holds what was found against the linter.
    pub(super) fn lint(&mut self, found: &Found) {
        self.problems.extend(lint::problems(&lint::Parts {
            trees: &self.trees,
            contract: found.contract.as_ref(),
            tiers: &found.tiers,
            escalations: found.escalations.as_ref(),
            approvers: found.approvers.as_ref(),
        }));
    }

    fn read<T>(&mut self, file: &str, read: impl FnOnce(&Sheet, &Node) -> Option<T>) -> Option<T> {
        let Some(text) = self.documents.get(file) else {
            let message = "the file is missing";
            let fix = "it, as the shipped `manifests/policy` has it";
            let missing = Problem::at(file, Spot::START, message, fix);
            self.problems.extend(self.whole.then_some(missing));
            return None;
        };
        let (sheet, node) = Sheet::open(file, text);
        let value = node.as_ref().and_then(|node| read(&sheet, node));
        self.trees.extend(node.map(|node| (file.to_owned(), node)));
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
            let fix = did_you_mean(name, &known);
            self.problems.push(Problem::at(
                name,
                Spot::START,
                "a policy has no such file",
                fix,
            ));
        }
    }

    /// The names of the approver rules, even of those that have problems of their own. Where the rules are not there or
    /// cannot be read, which is told once, every name that is used is taken for one.
    fn rule_names(&self) -> Vec<RuleName> {
        self.listed_rules().unwrap_or_else(|| {
            let mut names = Vec::new();
            for (file, text) in self.documents {
                let (_, node) = Sheet::open(file, text);
                node.iter().for_each(|node| used(node, &mut names));
            }
            names
        })
    }

    fn listed_rules(&self) -> Option<Vec<RuleName>> {
        let text = self.documents.get(approvers::FILE)?;
        let (sheet, node) = Sheet::open(approvers::FILE, text);
        let rules = node
            .as_ref()
            .and_then(|n| sheet.map(n))?
            .optional("rules")?;
        Some(escalation::names_in(&sheet.map(rules)?))
    }

    pub(super) fn canonical(&self) -> Option<String> {
        let json = self
            .documents
            .iter()
            .filter(|(name, _)| name.ends_with(".json"));
        let read = json.map(|(name, text)| {
            let mut document: serde_json::Value = serde_json::from_str(text).ok()?;
            // Where its schema is, is layout: an editor's line is no change of authority.
            document.as_object_mut().map(|top| top.remove(SCHEMA));
            Some((name.as_str(), document))
        });
        let files: BTreeMap<&str, serde_json::Value> = read.collect::<Option<_>>()?;
        serde_json_canonicalizer::to_string(&files).ok()
    }
}

/// The names that stand where a document names an approver rule.
fn used(node: &Node, names: &mut Vec<RuleName>) {
    let mut take = |node: &Node| {
        if let Shape::Text(name) = &node.shape {
            names.push(RuleName::new(name.as_str()));
        }
    };
    match &node.shape {
        Shape::List(items) => items.iter().for_each(|item| used(item, names)),
        Shape::Object(entries) => {
            for entry in entries {
                match (entry.key.as_str(), &entry.value.shape) {
                    ("approver_rule" | "escalate_to" | "then", Shape::List(items)) => {
                        items.iter().for_each(&mut take);
                    }
                    ("approver_rule" | "escalate_to" | "then", _) => take(&entry.value),
                    _ => {}
                }
            }
            entries.iter().for_each(|entry| used(&entry.value, names));
        }
        _ => {}
    }
}
