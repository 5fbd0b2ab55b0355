//! Readings: conditions that contradict each other, say a thing twice, say nothing, or can be read in two ways.

use super::Parts;
use super::cells::vouched;
use super::listed::Listed;
use super::page::{Page, Step, along, key_of};
use super::ranges::{Part, can_be_unknown, parts_of};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue, Facts};
use crate::domain::policy::conditions::{Condition, Kind, Outcome, kind_of};
use crate::domain::policy::contract::{self, Tool};
use crate::domain::policy::escalation;
use crate::domain::policy::problem::Problem;

use Step::{Item, Name};

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for Listed {
        page,
        way,
        file,
        list,
    } in parts.listed()
    {
        for (i, tier) in list.tiers.iter().enumerate() {
            let way = along(&way, &[Name("tiers"), Item(i), Name("when")]);
            found.extend(of_when(&page, &way, &tier.when, Some(file.action)));
        }
    }
    if let (Some(page), Some(contract)) = (parts.page(contract::FILE), parts.contract) {
        for (way, list) in contract.lists() {
            let way: Vec<Step<'_>> = way.iter().map(|name| Name(name)).collect();
            for (i, line) in list.0.iter().enumerate() {
                let way = along(&way, &[Item(i), Name("when")]);
                if let Tool::Acts(action) = line.tool {
                    found.extend(of_when(&page, &way, &line.when, Some(action)));
                }
            }
        }
    }
    if let (Some(page), Some(escalations)) = (parts.page(escalation::FILE), parts.escalations) {
        for (i, rule) in escalations.rules.iter().enumerate() {
            let way = [Name("rules"), Item(i), Name("when")];
            found.extend(of_when(&page, &way, &rule.when, None));
        }
    }
    found
}

/// The problems of one `when`, to which `way` leads.
fn of_when(
    page: &Page<'_>,
    way: &[Step<'_>],
    when: &[Condition],
    action: Option<ActionKind>,
) -> Vec<Problem> {
    let mut found = Vec::new();
    for (i, condition) in when.iter().enumerate() {
        let first = when[..i].iter().all(|before| before.fact != condition.fact);
        if first {
            let same: Vec<&Condition> = when.iter().filter(|c| c.fact == condition.fact).collect();
            found.extend(of_fact(page, way, &same, action));
        }
        let one = condition.values.contains(&FactValue::Number(1));
        if condition.fact == FactName::Confidence && one {
            found.push(page.problem(
                page.value(&along(way, &[Name(&key_of(condition))])),
                "a confidence of 1 can be read as one percent and as certainty",
                "`100` for certainty, `0` with `confidence_gt` for one percent and more",
            ));
        }
    }
    found
}

/// The problems of the conditions on one fact, which all must hold.
fn of_fact(
    page: &Page<'_>,
    way: &[Step<'_>],
    conditions: &[&Condition],
    action: Option<ActionKind>,
) -> Option<Problem> {
    let fact = conditions.first()?.fact;
    let parts = parts_of(fact, action, conditions);
    let known: Vec<&Part> = parts.iter().filter(|p| p.example.is_some()).collect();
    let holds = |condition: &Condition, part: &Part| {
        let value = part.example.clone();
        let facts: Facts = value
            .map(|v| (fact, vouched(fact, v)))
            .into_iter()
            .collect();
        condition.against(&facts) == Outcome::Holds
    };
    let keys: Vec<String> = conditions
        .iter()
        .map(|c| format!("`{}`", key_of(c)))
        .collect();
    let at = |i: usize| page.condition(way, conditions[i]);
    let all = |part: &&&Part| conditions.iter().all(|c| holds(c, part));
    if !known.iter().any(|part| all(&part)) {
        let fix = "conditions that some input meets, or leave the whole entry out";
        let message = match keys.as_slice() {
            [key] => format!("{key} never holds: {}", scale(fact, action)),
            _ => format!("{} never hold together", keys.join(" and ")),
        };
        return Some(page.problem(at(0), message, fix));
    }
    for (i, condition) in conditions.iter().enumerate() {
        let others = || conditions.iter().enumerate().filter(|(j, _)| *j != i);
        let left = |part: &&&Part| others().all(|(_, c)| holds(c, part));
        if !known.iter().filter(left).all(|part| holds(condition, part)) {
            continue;
        }
        if conditions.len() == 1 {
            // Of what can be unknown, a condition that always holds says that it has to be known.
            let fix = "a condition that some input does not meet, or leave it out";
            let message = format!("{} always holds: {}", keys[i], scale(fact, action));
            return (!can_be_unknown(fact, action)).then(|| page.problem(at(i), message, fix));
        }
        let beside: Vec<&str> = others().map(|(j, _)| keys[j].as_str()).collect();
        let message = format!("{} adds nothing to {}", keys[i], beside.join(" and "));
        return Some(page.problem(at(i), message, "the one that is meant, alone"));
    }
    None
}

/// All that a fact can be, as a sentence.
fn scale(fact: FactName, action: Option<ActionKind>) -> String {
    let name = fact.word().replace('_', " ");
    match (kind_of(fact), action) {
        _ if fact == FactName::BlastRadius => format!("{name} is always 1"),
        (Kind::Truth, Some(action)) if fact == FactName::Reversible => {
            let is = if action.reversible() { "yes" } else { "no" };
            format!("of `{action}`, {name} is always {is}")
        }
        (Kind::Number(low, high), _) => format!("{name} is from {low} to {high}"),
        (Kind::Money, _) => format!("an {name} is always above zero"),
        _ => format!("{name} has no such value"),
    }
}
