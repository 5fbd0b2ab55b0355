//! The walk over a tier file: which tier a draft has, and what is known to block it.

use super::assess::Proposal;
use super::conditions::{Condition, Outcome, provenance_of};
use super::tiers::{Constraints, TierFile, TierList};
use super::ways::Way;
use crate::domain::approval::Tier;
use crate::domain::evidence::{FactName, FactValue, Facts, Provenance};
use crate::domain::words::closed_set;

/// What the tier file says, before the contract is looked at.
pub(super) struct Tiering<'a> {
    pub(super) tier: Tier,
    /// Its place in the list, from 1.
    pub(super) number: usize,
    pub(super) rule: String,
    pub(super) because: Vec<String>,
    pub(super) missing: Vec<FactName>,
    pub(super) way: &'a Way,
    /// The hard block or broken constraint that holds.
    pub(super) blocked: Option<String>,
}

closed_set! {
    /// How the trial of one tier ended.
    TrialEnd {
        /// All of it holds: this is the tier.
        Holds = "holds",
        /// Something known does not hold.
        Fails = "fails",
        /// It asks for something unknown, which ends the walk in the last tier.
        Unknown = "unknown",
        /// All of it holds, but whoever was named by a person gets no lowest tier.
        TooLow = "too_low",
    }
}

/// One tier that was tried.
pub(super) struct Trial<'a> {
    pub(super) answers: Vec<(&'a Condition, Outcome)>,
    pub(super) end: TrialEnd,
}

impl Trial<'_> {
    fn unknown(&self) -> impl Iterator<Item = FactName> {
        let unknown = self.answers.iter().filter(|(_, o)| *o == Outcome::Unknown);
        unknown.map(|(condition, _)| condition.fact)
    }
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
    let trials = trials(list, proposal);
    let tried = trials.len().saturating_sub(1);
    let passed_over = trials.iter().any(|trial| trial.end == TrialEnd::TooLow);
    let mut found = match trials.last().map(|trial| trial.end) {
        Some(TrialEnd::Holds) => tried,
        _ => last,
    };
    missing.extend(trials.iter().flat_map(Trial::unknown));
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
        number,
        rule: format!("{}.json{scope} tier {number} ({})", file.action, rule.tier),
        because,
        missing,
        way: &rule.way,
        blocked,
    })
}

/// Tries the tiers in order, up to the first that holds or asks for something unknown.
pub(super) fn trials<'a>(list: &'a TierList, proposal: &Proposal<'_>) -> Vec<Trial<'a>> {
    let last = list.tiers.last().map(|rule| rule.tier);
    let mut trials: Vec<Trial<'a>> = Vec::new();
    for rule in &list.tiers {
        let answer = |condition: &'a Condition| (condition, condition.against(proposal.facts));
        let answers: Vec<(&Condition, Outcome)> = rule.when.iter().map(answer).collect();
        let some = |outcome| answers.iter().any(|(_, o)| *o == outcome);
        // Whoever was named by a person gets no tier that is lowest, where there is a higher one.
        let too_low =
            proposal.is_money_on_a_word() && rule.tier == Tier::Low && last > Some(Tier::Low);
        let end = if some(Outcome::Unknown) {
            TrialEnd::Unknown
        } else if some(Outcome::Fails) {
            TrialEnd::Fails
        } else if too_low {
            TrialEnd::TooLow
        } else {
            TrialEnd::Holds
        };
        trials.push(Trial { answers, end });
        if matches!(end, TrialEnd::Unknown | TrialEnd::Holds) {
            break;
        }
    }
    trials
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

/// One hard block or constraint that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Check {
    /// The fact that it needs.
    pub fact: FactName,
    /// Whether it stands against the draft; `None` where that is unknown.
    pub against: Option<bool>,
    /// What was found, in words.
    pub told: String,
}

/// The hard block or broken constraint that holds, and the facts that would have been needed to know.
fn blocks(
    file: &TierFile,
    list: &TierList,
    proposal: &Proposal<'_>,
) -> (Option<String>, Vec<FactName>) {
    let checks = checks(file, list, proposal);
    let unknown = checks.iter().filter(|check| check.against.is_none());
    let missing = unknown.map(|check| check.fact).collect();
    let held = checks.iter().filter(|check| check.against == Some(true));
    let reasons: Vec<&str> = held.map(|check| check.told.as_str()).collect();
    ((!reasons.is_empty()).then(|| reasons.join("; ")), missing)
}

/// Every hard block and constraint, held against the draft.
pub(super) fn checks(file: &TierFile, list: &TierList, proposal: &Proposal<'_>) -> Vec<Check> {
    let block = |name: &FactName| {
        let words = name.word().replace('_', " ");
        let against = truth(*name, proposal.facts);
        let told = match against {
            Some(true) => format!("hard block: {words}"),
            Some(false) => format!("{words} is no"),
            None => format!("{words} is unknown"),
        };
        Check {
            fact: *name,
            against,
            told,
        }
    };
    let window = list.constraints.refund_window_days.map(|days| {
        let open = truth(FactName::RefundWindowOpen, proposal.facts);
        let told = match open {
            Some(true) => format!("the charge is at most {days} days old"),
            Some(false) => format!("the charge is older than {days} days"),
            None => format!("whether the charge is at most {days} days old is unknown"),
        };
        Check {
            fact: FactName::RefundWindowOpen,
            against: open.map(|open| !open),
            told,
        }
    });
    let most = list.constraints.max_amount.map(|most| {
        // The draft's own amount is enough to refuse; to let pass, it must be in this currency.
        let sum = proposal.amount.filter(|m| m.currency == most.currency);
        let told = match sum {
            Some(sum) if sum.minor > most.minor => format!("amount {sum} is above {most}"),
            Some(sum) => format!("amount {sum} is at most {most}"),
            None => format!("whether the amount is at most {most} is unknown"),
        };
        Check {
            fact: FactName::Amount,
            against: sum.map(|sum| sum.minor > most.minor),
            told,
        }
    });
    let blocks = file.hard_blocks.iter().map(block);
    blocks.chain(window).chain(most).collect()
}

/// A yes or no from where it must come from.
fn truth(name: FactName, facts: &Facts) -> Option<bool> {
    match facts.get(&name).map(|f| (&f.value, f.provenance)) {
        Some((FactValue::Truth(truth), from))
            if from == provenance_of(name) || from == Provenance::Connector =>
        {
            Some(*truth)
        }
        _ => None,
    }
}

pub(super) fn in_words(constraints: &Constraints) -> Vec<String> {
    let most = constraints.max_amount.map(|m| format!("at most {m}"));
    let window = constraints
        .refund_window_days
        .map(|days| format!("the charge is at most {days} days old"));
    most.into_iter().chain(window).collect()
}
