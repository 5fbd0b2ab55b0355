//! The rules of `escalation.json`: each of them can be reached, and none tries to take what the code has fixed.

use std::collections::BTreeSet;

use super::Parts;
use super::cells::{Grid, MAX_CELLS};
use super::page::{Page, Step, along};
use crate::domain::evidence::{FactName, FactValue, Facts};
use crate::domain::policy::conditions::{Condition, Op, Outcome};
use crate::domain::policy::escalation::{FILE, RoleRule};
use crate::domain::policy::json::{Node, Shape, Spot};
use crate::domain::policy::problem::Problem;
use crate::domain::policy::structural::Structural;
use crate::domain::verdict::{Category, Signal};

use Step::{Item, Name};

/// A category that belongs to no role by the rules of the code.
const FREE: Category = Category::Other;

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let (Some(page), Some(escalations)) = (parts.page(FILE), parts.escalations) else {
        return Vec::new();
    };
    let rules = &escalations.rules;
    let mut found: Vec<Problem> = (0..rules.len())
        .flat_map(|i| taken(&page, i, &rules[i]))
        .collect();
    let last = rules.len().saturating_sub(1);
    let catches_all = |rule: &RoleRule| rule.when.is_empty() && rule.signals.is_empty();
    // A rule that catches all before the last one was told when it was read.
    if found.is_empty() && !rules.iter().take(last).any(catches_all) {
        found.extend(never_count(&page, rules));
    }
    found
}

/// What a rule names although a rule of the code has it first.
fn taken(page: &Page<'_>, index: usize, rule: &RoleRule) -> Vec<Problem> {
    let when = [Name("rules"), Item(index), Name("when")];
    let told = |at, word: &str, fixed: &Structural| {
        let why = fixed.name;
        let message = format!("`{word}` never comes to this rule: {why} is a rule of the code");
        let fix = if fixed.role == rule.role {
            "nothing about it: it is so without being written"
        } else {
            "nothing about it: that rule cannot be taken away or changed here"
        };
        page.problem(at, message, fix)
    };
    let mut found = Vec::new();
    for condition in named_categories(&rule.when) {
        for (word, category) in categories(condition) {
            if let Some(fixed) = Structural::of(category, &[]) {
                let way = along(&when, &[Name(key(condition.op))]);
                found.push(told(place_of(page, &way, word), word, fixed));
            }
        }
    }
    for signal in &rule.signals {
        if let Some(fixed) = Structural::of(FREE, &[*signal]) {
            let way = along(&when, &[Name("signals_in")]);
            found.push(told(
                place_of(page, &way, signal.word()),
                signal.word(),
                fixed,
            ));
        }
    }
    found
}

fn named_categories(when: &[Condition]) -> impl Iterator<Item = &Condition> {
    when.iter()
        .filter(|c| c.fact == FactName::Category && matches!(c.op, Op::Eq | Op::In))
}

fn categories(condition: &Condition) -> impl Iterator<Item = (&str, Category)> {
    condition.values.iter().filter_map(|value| match value {
        FactValue::Word(word) => Some((word.as_str(), Category::from_word(word)?)),
        _ => None,
    })
}

const fn key(op: Op) -> &'static str {
    match op {
        Op::In => "category_in",
        _ => "category_eq",
    }
}

/// Where a word stands: in the list at the end of the way, or alone there.
fn place_of(page: &Page<'_>, way: &[Step<'_>], word: &str) -> Spot {
    let node = page.node(way);
    let is = |n: &Node| matches!(&n.shape, Shape::Text(t) if t == word);
    match &node.shape {
        Shape::List(items) => items.iter().find(|n| is(n)).map_or(node.at, |n| n.at),
        _ => node.at,
    }
}

/// Rules that no case comes to, because those before them take all.
fn never_count(page: &Page<'_>, rules: &[RoleRule]) -> Vec<Problem> {
    let Some(taken) = who_takes(rules) else {
        let at = page.name(&[Name("rules")]);
        let message = format!(
            "the rules tell more than {MAX_CELLS} inputs apart, and so many are not looked at"
        );
        let fix = "fewer facts and signals, so that it can be proved that every rule counts";
        return vec![page.problem(at, message, fix)];
    };
    let lost = taken
        .iter()
        .enumerate()
        .filter(|(i, by)| !by.is_empty() && !by.contains(i));
    lost.map(|(i, by)| {
        let before: Vec<String> = by.iter().map(|n| format!("rule {}", n + 1)).collect();
        let come = if before.len() == 1 { "comes" } else { "come" };
        let before = before.join(" and ");
        let message = format!(
            "rule {} never counts: {before} {come} first for all of it",
            i + 1
        );
        let at = page.value(&[Name("rules"), Item(i)]);
        page.problem(at, message, "the narrower rule first, or leave it out")
    })
    .collect()
}

/// For each rule, which rules get the inputs that it holds for. `None` when there are too many inputs.
fn who_takes(rules: &[RoleRule]) -> Option<Vec<BTreeSet<usize>>> {
    let every_category = Category::ALL.iter().map(|c| Condition {
        fact: FactName::Category,
        op: Op::Eq,
        values: vec![FactValue::Word(c.word().to_owned())],
    });
    let every_category: Vec<Condition> = every_category.collect();
    let conditions = || rules.iter().flat_map(|rule| &rule.when);
    let by_category = conditions().any(|c| c.fact == FactName::Category);
    // What belongs to a role by a rule of the code does not come to these, so each category is looked at by itself.
    let told_apart = every_category.iter().filter(|_| by_category);
    let grid = Grid::over(None, conditions().chain(told_apart)).ok()?;
    let signals = named_signals(rules);
    let sets = 1_usize << signals.len();
    if grid.len().saturating_mul(sets) > MAX_CELLS {
        return None;
    }
    let mut taken = vec![BTreeSet::new(); rules.len()];
    for facts in grid.cells().map(|cell| cell.facts()) {
        if belongs_elsewhere(&facts) {
            continue;
        }
        for set in 0..sets {
            let seen = |s: &Signal| {
                let at = signals.iter().position(|one| one == s);
                at.is_some_and(|at| set >> at & 1 == 1)
            };
            let holds = |i: &usize| {
                let rule = &rules[*i];
                let signalled = rule.signals.is_empty() || rule.signals.iter().any(seen);
                signalled
                    && rule
                        .when
                        .iter()
                        .all(|c| c.against(&facts) == Outcome::Holds)
            };
            let holding: Vec<usize> = (0..rules.len()).filter(holds).collect();
            for i in &holding {
                taken[*i].extend(holding.first());
            }
        }
    }
    Some(taken)
}

fn belongs_elsewhere(facts: &Facts) -> bool {
    let word = match facts.get(&FactName::Category).map(|f| &f.value) {
        Some(FactValue::Word(word)) => word.as_str(),
        _ => return false,
    };
    let category = Category::from_word(word);
    category.is_some_and(|category| Structural::of(category, &[]).is_some())
}

/// The signals that rules name, without those that a rule of the code has.
fn named_signals(rules: &[RoleRule]) -> Vec<Signal> {
    let mut named: Vec<Signal> = rules.iter().flat_map(|r| r.signals.clone()).collect();
    named.retain(|signal| Structural::of(FREE, &[*signal]).is_none());
    named.sort();
    named.dedup();
    named
}
