//! For which drafts of one action something else follows.

use super::axes::{Axis, Confirmed, Input, probe};
use super::boxes::{Region, regions, too_many};
use super::outcome::{Follows, follows};
use super::{Change, Scope, Subject};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue};
use crate::domain::money::{Currency, Money};
use crate::domain::policy::Policy;
use crate::domain::policy::conditions::{Condition, Op};
use crate::domain::policy::contract::{Quarantined, Tool};
use crate::domain::policy::explain::Situation;
use crate::domain::policy::facts::can_be_known;
use crate::domain::policy::tiers::TierList;
use crate::domain::time::At;

/// The changes for drafts of an action.
///
/// # Errors
///
/// Why they were not compared.
pub(super) fn changes(
    before: &Policy,
    after: &Policy,
    action: ActionKind,
) -> Result<Vec<Change>, String> {
    let both = [before, after];
    let common = common_axes(both, action);
    let mut changes = Vec::new();
    for sums in amount_axes(both, action) {
        let only_other = matches!(sums.as_slice(), [Axis::Currency(_)]);
        let axes: Vec<Axis> = sums.into_iter().chain(common.clone()).collect();
        if let Some(why) = too_many(&axes) {
            return Err(why);
        }
        let blank = Situation::blank(Some(action), At(0));
        let known = |input: &Input, codes: &[Currency]| {
            input
                .amount
                .is_some_and(|sum| codes.contains(&sum.currency))
        };
        let differing = regions(&axes, &blank, |input| {
            if let (true, Some(Axis::Currency(codes))) = (only_other, axes.first())
                && known(input, codes)
            {
                return None;
            }
            let proposal = input.proposal()?;
            let pair = (follows(before, &proposal)?, follows(after, &proposal)?);
            (pair.0 != pair.1).then_some(pair)
        });
        changes.extend(differing.into_iter().map(|found| change(action, found)));
    }
    Ok(changes)
}

fn change(action: ActionKind, ((before, after), region): ((Follows, Follows), Region)) -> Change {
    Change {
        subject: Subject::Draft,
        of: action.word().to_owned(),
        when: region.words(),
        before: before.words(action),
        after: after.words(action),
        scope: Scope::Drafts(action, region),
    }
}

fn lists(both: [&Policy; 2], action: ActionKind) -> impl Iterator<Item = &TierList> {
    let files = both.into_iter().filter_map(move |p| p.tier_file(action));
    files.flat_map(|file| &file.lists)
}

/// What can be told apart whatever the amount is.
fn common_axes(both: [&Policy; 2], action: ActionKind) -> Vec<Axis> {
    let mut conditions: Vec<Condition> = lists(both, action)
        .flat_map(|list| &list.tiers)
        .flat_map(|tier| tier.when.clone())
        .filter(|condition| condition.fact != FactName::Amount)
        .collect();
    let yes = |fact| probe(fact, Op::Is, vec![FactValue::Truth(true)]);
    let windowed = |list: &TierList| list.constraints.refund_window_days.is_some();
    if lists(both, action).any(windowed) {
        conditions.push(yes(FactName::RefundWindowOpen));
    }
    let (mut models, mut prompts) = (Vec::new(), Vec::new());
    for policy in both {
        let blocks = policy.tier_file(action).map(|file| file.hard_blocks.iter());
        conditions.extend(blocks.into_iter().flatten().map(|fact| yes(*fact)));
        let contract = policy.contract();
        for list in [&contract.allow, &contract.deny, &contract.requires_approval] {
            let own = list.0.iter().filter(|line| line.tool == Tool::Acts(action));
            conditions.extend(own.flat_map(|line| line.when.clone()));
        }
        let blocked = contract.block_categories.iter();
        let blocked: Vec<FactValue> = blocked
            .map(|c| FactValue::Word(c.word().to_owned()))
            .collect();
        if !blocked.is_empty() {
            conditions.push(probe(FactName::Category, Op::In, blocked));
        }
        for quarantined in &contract.quarantine {
            match quarantined {
                Quarantined::Model(name) => models.push(name.clone()),
                Quarantined::Prompt(digest) => prompts.push(*digest),
            }
        }
    }
    let mut axes = fact_axes(conditions, Some(action));
    if action.is_money() {
        axes.push(Axis::Linked);
    }
    models.sort();
    models.dedup();
    prompts.sort();
    prompts.dedup();
    axes.extend((!models.is_empty()).then_some(Axis::Model(models)));
    axes.extend((!prompts.is_empty()).then_some(Axis::Prompt(prompts)));
    axes
}

/// One axis for each fact of some conditions.
pub(super) fn fact_axes(mut conditions: Vec<Condition>, action: Option<ActionKind>) -> Vec<Axis> {
    let mut facts: Vec<FactName> = conditions.iter().map(|c| c.fact).collect();
    facts.sort();
    facts.dedup();
    facts
        .into_iter()
        .map(|fact| {
            let own = conditions.extract_if(.., |c| c.fact == fact).collect();
            Axis::of_fact(fact, action, own)
        })
        .collect()
}

/// The axes of the amount: one list for each currency that either policy knows, and one for all others.
fn amount_axes(both: [&Policy; 2], action: ActionKind) -> Vec<Vec<Axis>> {
    if !action.is_money() || action == ActionKind::SubscriptionCancel {
        return vec![Vec::new()];
    }
    let mut codes: Vec<Currency> = lists(both, action).filter_map(|l| l.currency).collect();
    codes.sort();
    codes.dedup();
    let mut all: Vec<Vec<Axis>> = codes
        .iter()
        .map(|code| {
            let own = lists(both, action).filter(|list| list.currency == Some(*code));
            vec![amount_axis(own, *code, action)]
        })
        .collect();
    all.push(vec![Axis::Currency(codes)]);
    all
}

fn amount_axis<'a>(
    lists: impl Iterator<Item = &'a TierList>,
    currency: Currency,
    action: ActionKind,
) -> Axis {
    let mut conditions = vec![in_currency(currency)];
    for list in lists {
        let own = list.tiers.iter().flat_map(|tier| &tier.when);
        conditions.extend(own.filter(|c| c.fact == FactName::Amount).cloned());
        let most = list.constraints.max_amount.map(FactValue::Money);
        conditions.extend(most.map(|most| probe(FactName::Amount, Op::Lte, vec![most])));
    }
    let confirmed = if can_be_known(FactName::Amount, action) {
        Confirmed::Either
    } else {
        Confirmed::Never
    };
    Axis::of_amount(confirmed, conditions)
}

/// Holds for every amount of a currency and for no other.
pub(super) fn in_currency(currency: Currency) -> Condition {
    let nothing = FactValue::Money(Money { minor: 0, currency });
    probe(FactName::Amount, Op::Gte, vec![nothing])
}
