//! Which cases belong to another role.

use super::axes::{Axis, probe};
use super::boxes::{Region, regions, too_many};
use super::drafts::fact_axes;
use super::{Change, Scope, Subject};
use crate::domain::evidence::{FactName, FactValue};
use crate::domain::policy::Policy;
use crate::domain::policy::conditions::{Condition, Op};
use crate::domain::policy::explain::Situation;
use crate::domain::policy::structural::Structural;
use crate::domain::time::At;
use crate::domain::verdict::{Category, Signal};

/// The changes for cases that no structural rule takes: those rules are the same under every policy.
///
/// # Errors
///
/// Why they were not compared.
pub(super) fn changes(before: &Policy, after: &Policy) -> Result<Vec<Change>, String> {
    let both = [before, after];
    let rules = || both.iter().flat_map(|policy| &policy.escalations().rules);
    let mut conditions: Vec<Condition> = rules().flat_map(|rule| rule.when.clone()).collect();
    if conditions.iter().any(|c| c.fact == FactName::Category) {
        conditions.push(taken_by_structure());
    }
    let mut signals: Vec<Signal> = rules().flat_map(|rule| rule.signals.clone()).collect();
    signals.sort();
    signals.dedup();
    // A case with one of the others is taken by a structural rule.
    signals.retain(|signal| Structural::of(Category::Other, &[*signal]).is_none());
    let mut axes = fact_axes(conditions, None);
    axes.extend(signals.into_iter().map(Axis::Seen));
    if let Some(why) = too_many(&axes) {
        return Err(why);
    }
    let blank = Situation::blank(None, At(0));
    let differing = regions(&axes, &blank, |input| {
        let roles = both.map(|policy| policy.escalations().own(&input.matter()).role);
        (input.is_free() && roles[0] != roles[1]).then_some(roles)
    });
    let change = |(roles, region): ([_; 2], Region)| Change {
        subject: Subject::Case,
        of: "cases that no structural rule takes".to_owned(),
        when: region.words(),
        before: format!("to {}", roles[0]),
        after: format!("to {}", roles[1]),
        scope: Scope::Cases(region),
    };
    Ok(differing.into_iter().map(change).collect())
}

/// Tells the categories that a structural rule takes from the others.
fn taken_by_structure() -> Condition {
    let all = Category::ALL.iter().copied();
    let taken = all.filter(|category| Structural::of(*category, &[]).is_some());
    let words = taken.map(|category| FactValue::Word(category.word().to_owned()));
    probe(FactName::Category, Op::In, words.collect())
}
