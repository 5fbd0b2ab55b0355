//! Which role a case belongs to, and who follows when nobody answers.

use std::collections::BTreeMap;

use super::approvers::check_rule;
use super::conditions::{Condition, Outcome, read_condition, sort};
use super::facts::said_by;
use super::forms::escalation as forms;
use super::json::{Node, Shape};
use super::reader::{Fields, Sheet};
use super::sla::{Calendar, Clock, Sla, read_sla};
use super::structural::STRUCTURAL;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::evidence::Facts;
use crate::domain::ids::RuleName;
use crate::domain::verdict::{Signal, Verdict};

/// The file that it stands in.
pub const FILE: &str = "escalation.json";

/// What is to be assigned: a case by its verdict, and the action in question if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The action that is blocked, recommended or routed.
    pub kind: Option<ActionKind>,
    /// The verdict on the case.
    pub verdict: &'a Verdict,
    /// What is known besides the verdict.
    pub facts: &'a Facts,
}

impl Matter<'_> {
    /// What is known: what the verdict says, whether or not there is a draft yet, and the rest.
    pub(super) fn known(&self) -> Facts {
        let mut facts = said_by(self.verdict);
        facts.extend(self.facts.clone());
        facts
    }
}

/// The role that has it, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assigned {
    /// The role.
    pub role: Role,
    /// The rule, for example `structural: money to billing` or `escalation.json rule 2`.
    pub rule: String,
}

/// One rule of the file. All of it must hold; a rule without conditions catches all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleRule {
    /// Conditions on facts.
    pub when: Vec<Condition>,
    /// At least one of these signals. Empty: any or none.
    pub signals: Vec<Signal>,
    /// The role.
    pub role: Role,
}

/// What follows for a role when nobody answers in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// Approver rules that are asked after a tier's own `escalate_to`, in order.
    pub then: Vec<RuleName>,
    /// The role that has it after the last of them. The role itself: it stays there and is pinged.
    pub finally: Role,
    /// How long each step may wait, and how long an escalation to the role may stay untaken.
    pub sla: Sla,
}

/// All of `escalation.json`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Escalations {
    /// Business hours.
    pub calendar: Calendar,
    /// The ordered rules; the last one catches all.
    pub rules: Vec<RoleRule>,
    /// One chain for each role.
    pub chains: BTreeMap<Role, Chain>,
}

impl Escalations {
    /// The role that a matter belongs to: the structural rules first, then those of the file.
    #[must_use]
    pub fn assign(&self, matter: &Matter<'_>) -> Assigned {
        if let Some(rule) = STRUCTURAL.iter().find(|rule| rule.holds(matter)) {
            return Assigned {
                role: rule.role,
                rule: format!("structural: {}", rule.name),
            };
        }
        self.own(matter)
    }

    /// The role that the rules of the file alone give.
    pub(super) fn own(&self, matter: &Matter<'_>) -> Assigned {
        let facts = matter.known();
        let mut rules = self.rules.iter().enumerate();
        let found = rules.find(|(_, rule)| rule.holds(matter, &facts));
        found.map_or_else(
            || Assigned {
                role: Role::SupportL1,
                rule: "no rule matched".to_owned(),
            },
            |(i, rule)| Assigned {
                role: rule.role,
                rule: format!("{FILE} rule {}", i + 1),
            },
        )
    }

    /// Reads `escalation.json`. `names` are the approver rules that exist.
    pub(super) fn read(sheet: &Sheet, node: &Node, names: &[RuleName]) -> Option<Self> {
        let fields = sheet.form(node, &forms::FORM)?;
        fields.layout();
        let calendar = fields
            .required("calendar")
            .and_then(|n| Calendar::read(sheet, n));
        let rules = fields.required("rules").and_then(|n| read_rules(sheet, n));
        let chains = fields
            .required("chains")
            .and_then(|n| read_chains(sheet, n, names));
        Some(Self {
            calendar: calendar?,
            rules: rules?,
            chains: chains?,
        })
    }
}

impl RoleRule {
    pub(super) fn holds(&self, matter: &Matter<'_>, facts: &Facts) -> bool {
        let signalled = self.signals.is_empty()
            || self
                .signals
                .iter()
                .any(|s| matter.verdict.signals.contains(s));
        signalled && self.when.iter().all(|c| c.against(facts) == Outcome::Holds)
    }
}

fn read_rules(sheet: &Sheet, node: &Node) -> Option<Vec<RoleRule>> {
    let items = sheet.some_of(node, "rule")?;
    let mut rules = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let Some(fields) = sheet.form(item, &forms::RULE) else {
            continue;
        };
        let is_last = i + 1 == items.len();
        match (fields.entry("when"), is_last) {
            (Some(when), true) => sheet.note(
                when.key_at,
                "the last rule has a condition, so some cases would have no role",
                "a last rule without `when`",
            ),
            (None, false) => sheet.note(
                item.at,
                "a rule without `when` catches all, so the rules after it never count",
                "it as the last rule",
            ),
            _ => {}
        }
        let role = fields
            .required("assign_to_role")
            .and_then(|n| read_role(sheet, n));
        let conditions = fields
            .optional("when")
            .map_or(Some((Vec::new(), Vec::new())), |n| read_role_when(sheet, n));
        if let (Some(role), Some((when, signals))) = (role, conditions) {
            rules.push(RoleRule {
                when,
                signals,
                role,
            });
        }
    }
    (rules.len() == items.len()).then_some(rules)
}

/// Conditions on facts, and `signals_in` with what plain rules saw in the text.
fn read_role_when(sheet: &Sheet, node: &Node) -> Option<(Vec<Condition>, Vec<Signal>)> {
    let fields = sheet.map(node)?;
    if fields.entries().is_empty() {
        return sheet.refuse(
            node.at,
            "the condition is empty",
            "at least one condition, or a last rule without `when`",
        );
    }
    let (mut when, mut signals, mut whole) = (Vec::new(), Vec::new(), true);
    for entry in fields.entries() {
        if entry.key == "signals_in" {
            let items = sheet.some_of(&entry.value, "signal").unwrap_or_default();
            signals = sheet.each(items, |n| {
                sheet.word(n, "a signal", Signal::ALL, Signal::word)
            });
            whole &= !signals.is_empty();
        } else {
            let read = read_condition(sheet, entry, None);
            whole &= read.is_some();
            when.extend(read);
        }
    }
    sort(&mut when);
    whole.then_some((when, signals))
}

fn read_role(sheet: &Sheet, node: &Node) -> Option<Role> {
    sheet.word(node, "a role", Role::ALL, Role::word)
}

fn read_chains(sheet: &Sheet, node: &Node, names: &[RuleName]) -> Option<BTreeMap<Role, Chain>> {
    let fields = sheet.form(node, &forms::CHAINS)?;
    let mut chains = BTreeMap::new();
    for role in Role::ALL {
        if let Some(chain) = fields
            .required(role.word())
            .and_then(|n| read_chain(sheet, n, names))
        {
            chains.insert(*role, chain);
        }
    }
    for role in Role::ALL {
        if let (true, Some(entry)) = (goes_round(*role, &chains), fields.entry(role.word())) {
            let message = format!(
                "the chain of `{role}` comes back to it through `finally`: nobody would ever have it"
            );
            sheet.note(
                entry.key_at,
                message,
                "a `finally` that ends with a role which keeps it",
            );
        }
    }
    (chains.len() == Role::ALL.len()).then_some(chains)
}

/// Whether following `finally` leads back to a role through another one.
fn goes_round(start: Role, chains: &BTreeMap<Role, Chain>) -> bool {
    let mut at = start;
    for _ in Role::ALL {
        let Some(next) = chains
            .get(&at)
            .map(|c| c.finally)
            .filter(|next| *next != at)
        else {
            return false;
        };
        if next == start {
            return true;
        }
        at = next;
    }
    false
}

fn read_chain(sheet: &Sheet, node: &Node, names: &[RuleName]) -> Option<Chain> {
    let fields = sheet.form(node, &forms::CHAIN)?;
    let then = fields
        .optional("then")
        .map_or(Some(Vec::new()), |n| read_steps(sheet, n, names));
    let finally = fields.required("finally").and_then(|n| read_role(sheet, n));
    let sla = read_sla(&fields, Clock::Business);
    Some(Chain {
        then: then?,
        finally: finally?,
        sla: sla?,
    })
}

/// Reads one approver rule or a list of them, each once.
#[must_use]
pub(super) fn read_steps(sheet: &Sheet, node: &Node, names: &[RuleName]) -> Option<Vec<RuleName>> {
    let one = |n: &Node| read_rule_name(sheet, n, names);
    if !matches!(node.shape, Shape::List(_)) {
        return Some(vec![one(node)?]);
    }
    let items = sheet.some_of(node, "approver rule")?;
    let steps = sheet.each(items, one);
    (steps.len() == items.len()).then_some(steps)
}

/// Reads the name of an approver rule that exists.
#[must_use]
pub(super) fn read_rule_name(sheet: &Sheet, node: &Node, names: &[RuleName]) -> Option<RuleName> {
    let name = RuleName::new(sheet.text(node)?);
    check_rule(sheet, node.at, &name, names);
    Some(name)
}

/// The names that an open object holds, for [`Fields`] whose members are named by the operator.
#[must_use]
pub(super) fn names_in(fields: &Fields<'_>) -> Vec<RuleName> {
    fields
        .entries()
        .iter()
        .map(|e| RuleName::new(e.key.as_str()))
        .collect()
}
