//! The walk over a tier file: which tier a draft has, and what is known to block it.

use super::assess::Proposal;
use super::conditions::{Condition, Outcome, provenance_of};
use super::tiers::{Constraints, TierFile, TierList};
use super::ways::Way;
use crate::domain::approval::Tier;
use crate::domain::evidence::{FactName, FactValue, Facts, Provenance};

/// What the tier file says, before the contract is looked at.
pub(super) struct Tiering<'a> {
    pub(super) tier: Tier,
    pub(super) rule: String,
    pub(super) because: Vec<String>,
    pub(super) missing: Vec<FactName>,
    pub(super) way: &'a Way,
    /// The hard block or broken constraint that holds.
    pub(super) blocked: Option<String>,
}

/// The list in the draft's currency; for another or unknown one the list that ends highest, where
/// the amount then counts as missing.
pub(super) fn list_for<'a>(file: &'a TierFile, proposal: &Proposal<'_>) -> Option<&'a TierList> {
    let currency = proposal.amount.map(|m| m.currency);
    let same = file
        .lists
        .iter()
        .find(|l| l.currency.is_some() && l.currency == currency);
    let highest = |l: &&TierList| l.tiers.last().map(|t| t.tier);
    same.or_else(|| file.lists.iter().rev().max_by_key(highest))
}

/// Walks the tiers. The first that holds wins; the first that asks for something unknown ends the
/// walk in the last tier, and so does anything unknown in a hard block or a constraint.
pub(super) fn tiering<'a>(
    file: &TierFile,
    list: &'a TierList,
    proposal: &Proposal<'_>,
) -> Option<Tiering<'a>> {
    let facts = proposal.facts;
    let (blocked, mut missing) = blocks(file, list, proposal);
    let last = list.tiers.len().checked_sub(1)?;
    let mut found = last;
    // Whoever was named by a person gets no tier that is lowest, where there is a higher one.
    let too_low = |i: usize| {
        proposal.is_money_on_a_word()
            && list.tiers[i].tier == Tier::Low
            && list.tiers[last].tier > Tier::Low
    };
    let mut passed_over = false;
    for (i, rule) in list.tiers.iter().enumerate() {
        let outcomes: Vec<(&Condition, Outcome)> =
            rule.when.iter().map(|c| (c, c.against(facts))).collect();
        let unknown: Vec<FactName> = outcomes
            .iter()
            .filter(|(_, o)| *o == Outcome::Unknown)
            .map(|(c, _)| c.fact)
            .collect();
        let stop = !unknown.is_empty();
        missing.extend(unknown);
        if stop {
            break;
        }
        let held = outcomes.iter().all(|(_, o)| *o == Outcome::Holds);
        passed_over |= held && too_low(i);
        if held && !too_low(i) {
            found = i;
            break;
        }
    }
    missing.sort();
    missing.dedup();
    let mut because = if missing.is_empty() {
        held(list, found, facts)
    } else {
        found = last;
        missing
            .iter()
            .map(|name| why_missing(*name, list, proposal))
            .collect()
    };
    if passed_over {
        because.push("a person said who asked, so that it is not the lowest tier".to_owned());
    }
    let rule = list.tiers.get(found)?;
    let number = found + 1;
    let scope = list
        .currency
        .filter(|_| file.lists.len() > 1)
        .map(|c| format!(" {}", c.code()))
        .unwrap_or_default();
    Some(Tiering {
        tier: rule.tier,
        rule: format!("{}.json{scope} tier {number} ({})", file.action, rule.tier),
        because,
        missing,
        way: &rule.way,
        blocked,
    })
}

fn held(list: &TierList, found: usize, facts: &Facts) -> Vec<String> {
    let when = &list.tiers[found].when;
    if when.is_empty() {
        let only = if list.tiers.len() == 1 {
            "the only tier"
        } else {
            "no earlier tier holds"
        };
        return vec![only.to_owned()];
    }
    when.iter()
        .map(|c| match c.against(facts) {
            Outcome::Holds => c.words(facts),
            _ => format!(
                "no tier holds, so it is the last ({} is not met)",
                c.fact.word().replace('_', " ")
            ),
        })
        .collect()
}

fn why_missing(name: FactName, list: &TierList, proposal: &Proposal<'_>) -> String {
    let word = name.word().replace('_', " ");
    match (proposal.facts.get(&name), proposal.amount, list.currency) {
        (Some(_), Some(sum), Some(currency))
            if name == FactName::Amount && sum.currency != currency =>
        {
            format!(
                "amount {sum} is not in {}, which counts as unknown: the highest tier",
                currency.code().to_ascii_uppercase()
            )
        }
        (None, Some(sum), _) if name == FactName::Amount => format!(
            "no source confirms the amount {sum}, so it counts as unknown: the highest tier"
        ),
        _ => format!("{word} is unknown: the highest tier"),
    }
}

/// The hard block or broken constraint that holds, and the facts that would have been needed to know.
fn blocks(
    file: &TierFile,
    list: &TierList,
    proposal: &Proposal<'_>,
) -> (Option<String>, Vec<FactName>) {
    let (mut reasons, mut missing) = (Vec::new(), Vec::new());
    let mut truth =
        |name: FactName| match proposal.facts.get(&name).map(|f| (&f.value, f.provenance)) {
            Some((FactValue::Truth(truth), from))
                if from == provenance_of(name) || from == Provenance::Connector =>
            {
                Some(*truth)
            }
            _ => {
                missing.push(name);
                None
            }
        };
    for name in &file.hard_blocks {
        if truth(*name) == Some(true) {
            reasons.push(format!("hard block: {}", name.word().replace('_', " ")));
        }
    }
    if let Some(days) = list.constraints.refund_window_days
        && truth(FactName::RefundWindowOpen) == Some(false)
    {
        reasons.push(format!("the charge is older than {days} days"));
    }
    if let Some(most) = list.constraints.max_amount {
        // The draft's own amount is enough to refuse; to let pass, it must be in this currency.
        match proposal.amount.filter(|m| m.currency == most.currency) {
            Some(sum) if sum.minor > most.minor => {
                reasons.push(format!("amount {sum} is above {most}"))
            }
            Some(_) => {}
            None => missing.push(FactName::Amount),
        }
    }
    ((!reasons.is_empty()).then(|| reasons.join("; ")), missing)
}

pub(super) fn in_words(constraints: &Constraints) -> Vec<String> {
    let most = constraints.max_amount.map(|m| format!("at most {m}"));
    let window = constraints
        .refund_window_days
        .map(|days| format!("the charge is at most {days} days old"));
    most.into_iter().chain(window).collect()
}
