//! Tiers: every input has one, every tier has inputs of its own, and no two overlap in part.

use super::Parts;
use super::cells::{Cell, Grid, TooMany, all_of};
use super::listed::Listed;
use super::page::{Page, Step, along};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue, Facts};
use crate::domain::policy::conditions::{Condition, Op, Outcome};
use crate::domain::policy::json::Spot;
use crate::domain::policy::problem::Problem;
use crate::domain::policy::tiers::{TierFile, TierList, TierRule};

use Step::{Item, Name};

/// What is wrong with the tiers of one list. Tiers are counted from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// No tier holds for an input.
    Uncovered {
        /// The input, in words; facts that do not matter are left out.
        example: String,
    },
    /// Earlier tiers take all that a tier holds for.
    Unreachable {
        /// The tier.
        tier: usize,
        /// The earlier tiers.
        behind: Vec<usize>,
    },
    /// A hard block or a constraint stops all that a tier would get.
    Stopped {
        /// The tier.
        tier: usize,
        /// What stops it, as it is written.
        by: String,
    },
    /// Two tiers hold for some input, and each of them for some that the other does not hold for.
    Overlap {
        /// The earlier tier.
        earlier: usize,
        /// The later tier.
        later: usize,
        /// An input of both, in words.
        both: String,
        /// An input of the earlier one alone, in words.
        alone: String,
    },
}

/// Everything that is wrong with a list of tiers. A tier whose conditions contradict each other is left to `readings`.
///
/// # Errors
///
/// When the conditions tell too many inputs apart for a proof.
pub fn findings(
    action: ActionKind,
    list: &TierList,
    hard_blocks: &[FactName],
) -> Result<Vec<Finding>, TooMany> {
    let most = list.constraints.max_amount.map(|most| Condition {
        fact: FactName::Amount,
        op: Op::Gt,
        values: vec![FactValue::Money(most)],
    });
    let conditions = || list.tiers.iter().flat_map(|tier| &tier.when);
    let priced = conditions().any(|c| c.fact == FactName::Amount);
    let grid = Grid::over(
        Some(action),
        conditions().chain(most.iter().filter(|_| priced)),
    )?;
    let rows: Vec<Row<'_>> = grid
        .cells()
        .map(|cell| Row::of(cell, &list.tiers))
        .collect();
    let table = Table {
        list,
        hard_blocks,
        rows,
    };
    let mut found: Vec<Finding> = table.uncovered().into_iter().collect();
    for tier in 0..list.tiers.len() {
        found.extend(table.never_counts(tier));
    }
    for later in 1..list.tiers.len() {
        found.extend((0..later).filter_map(|earlier| table.overlap(earlier, later)));
    }
    Ok(found)
}

/// One cell, and what each tier says of it.
struct Row<'g> {
    cell: Cell<'g>,
    facts: Facts,
    whole: bool,
    outcomes: Vec<Outcome>,
}

impl<'g> Row<'g> {
    fn of(cell: Cell<'g>, tiers: &[TierRule]) -> Self {
        let facts = cell.facts();
        let outcomes = tiers.iter().map(|t| all_of(&t.when, &facts)).collect();
        let whole = cell.is_whole();
        Self {
            cell,
            facts,
            whole,
            outcomes,
        }
    }

    fn holds(&self, tier: usize) -> bool {
        self.whole && self.outcomes[tier] == Outcome::Holds
    }

    /// The tier that the walk ends in: the first that does not fail, and the last for whatever is unknown.
    fn ends_in(&self) -> usize {
        let last = self.outcomes.len().saturating_sub(1);
        let first = self.outcomes.iter().position(|o| *o != Outcome::Fails);
        first
            .filter(|tier| self.outcomes[*tier] == Outcome::Holds)
            .unwrap_or(last)
    }
}

struct Table<'a> {
    list: &'a TierList,
    hard_blocks: &'a [FactName],
    rows: Vec<Row<'a>>,
}

impl Table<'_> {
    fn uncovered(&self) -> Option<Finding> {
        let open = |row: &&Row<'_>| row.whole && row.outcomes.iter().all(|o| *o == Outcome::Fails);
        let found = self.rows.iter().find(open)?;
        // A fact matters if another value of it would be covered.
        let mut matter = found.cell.fact_names();
        for fact in found.cell.fact_names() {
            let fewer: Vec<FactName> = matter.iter().copied().filter(|f| *f != fact).collect();
            let alike = |row: &&Row<'_>| row.whole && row.cell.agrees(&found.cell, &fewer);
            if self.rows.iter().filter(alike).all(|row| open(&row)) {
                matter = fewer;
            }
        }
        let example = found.cell.example_of(&matter);
        Some(Finding::Uncovered { example })
    }

    fn never_counts(&self, tier: usize) -> Option<Finding> {
        let mut its_own = self
            .rows
            .iter()
            .filter(|row| row.ends_in() == tier)
            .peekable();
        let held: Vec<&Row<'_>> = self.rows.iter().filter(|row| row.holds(tier)).collect();
        if its_own.peek().is_none() {
            let mut behind: Vec<usize> = held.iter().map(|row| row.ends_in()).collect();
            behind.sort_unstable();
            behind.dedup();
            return (!behind.is_empty()).then_some(Finding::Unreachable { tier, behind });
        }
        if tier + 1 == self.list.tiers.len() {
            return None;
        }
        let by: Option<Vec<String>> = its_own.map(|row| self.stopped_by(row)).collect();
        let mut by = by?;
        by.sort();
        by.dedup();
        let by = by.join(" and ");
        Some(Finding::Stopped { tier, by })
    }

    /// What stops an input whatever its tier is.
    fn stopped_by(&self, row: &Row<'_>) -> Option<String> {
        let truth = |fact: FactName| match row.facts.get(&fact)?.value {
            FactValue::Truth(truth) => Some(truth),
            _ => None,
        };
        let blocked = self.hard_blocks.iter().find(|f| truth(**f) == Some(true));
        if let Some(fact) = blocked {
            return Some(format!("the hard block `{fact}`"));
        }
        if truth(FactName::RefundWindowOpen) == Some(false) {
            return Some("`refund_window_days`".to_owned());
        }
        // That nothing may be above zero is told by itself.
        let most = self.list.constraints.max_amount.filter(|m| m.minor > 0)?;
        match row.facts.get(&FactName::Amount)?.value {
            FactValue::Money(sum) if sum.minor > most.minor => Some("`max_amount`".to_owned()),
            _ => None,
        }
    }

    fn overlap(&self, earlier: usize, later: usize) -> Option<Finding> {
        let find = |one: bool, two: bool| {
            let fits = |row: &&Row<'_>| row.holds(earlier) == one && row.holds(later) == two;
            self.rows.iter().filter(|row| row.whole).find(fits)
        };
        let (both, alone, _) = (find(true, true)?, find(true, false)?, find(false, true)?);
        let mut facts: Vec<FactName> = [earlier, later]
            .iter()
            .flat_map(|tier| self.list.tiers[*tier].when.iter().map(|c| c.fact))
            .collect();
        facts.sort();
        Some(Finding::Overlap {
            earlier,
            later,
            both: both.cell.example_of(&facts),
            alone: alone.cell.example_of(&facts),
        })
    }
}

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let of_one = |one: Listed<'_>| of_list(&one.page, &one.way, one.file, one.list);
    parts.listed().flat_map(of_one).collect()
}

fn of_list(page: &Page<'_>, way: &[Step<'_>], file: &TierFile, list: &TierList) -> Vec<Problem> {
    let tiers_at = along(way, &[Name("tiers")]);
    let last = list.tiers.len().saturating_sub(1);
    // A tier without conditions before the last one was told when it was read, and explains all that follows from it.
    if list
        .tiers
        .iter()
        .take(last)
        .any(|tier| tier.when.is_empty())
    {
        return Vec::new();
    }
    let findings = match findings(file.action, list, &file.hard_blocks) {
        Ok(findings) => findings,
        Err(too_many) => {
            let at = page.name(&tiers_at);
            let fix =
                "fewer limits or fewer facts, so that it can be proved that every input has a tier";
            return vec![page.problem(at, too_many.to_string(), fix)];
        }
    };
    let said = Said {
        page,
        tiers_at,
        list,
    };
    findings
        .iter()
        .map(|finding| said.problem(finding))
        .collect()
}

/// Findings as problems of a document.
struct Said<'a> {
    page: &'a Page<'a>,
    tiers_at: Vec<Step<'a>>,
    list: &'a TierList,
}

impl Said<'_> {
    fn tier(&self, i: usize) -> String {
        let class = self.list.tiers.get(i).map_or("", |tier| tier.tier.word());
        format!("tier {} ({class})", i + 1)
    }

    fn when(&self, i: usize) -> Spot {
        self.page
            .name(&along(&self.tiers_at, &[Item(i), Name("when")]))
    }

    fn problem(&self, finding: &Finding) -> Problem {
        let page = self.page;
        match finding {
            Finding::Uncovered { example } => page.problem(
                self.when(self.list.tiers.len().saturating_sub(1)),
                format!("no tier holds for {example}"),
                "the last tier without `when`, so that it takes whatever is left",
            ),
            Finding::Unreachable { tier, behind } => {
                let behind: Vec<String> = behind.iter().map(|b| self.tier(*b)).collect();
                let takes = match behind.as_slice() {
                    [one] => format!("{one} comes"),
                    several => format!("{} come", several.join(" and ")),
                };
                let one = self.tier(*tier);
                let message = format!("{one} never counts: {takes} first for all of it");
                let fix = "the narrower conditions first, or leave the tier out";
                let at = page.value(&along(&self.tiers_at, &[Item(*tier)]));
                page.problem(at, message, fix)
            }
            Finding::Stopped { tier, by } => {
                let message = format!("{} never counts: {by} stops all of it", self.tier(*tier));
                let fix = "conditions that leave something, or leave the tier out";
                page.problem(self.when(*tier), message, fix)
            }
            Finding::Overlap {
                earlier,
                later,
                both,
                alone,
            } => {
                let (one, two) = (self.tier(*earlier), self.tier(*later));
                let message = format!(
                    "{one} and {two} overlap in part: both hold for {both}, and only {one} for {alone}"
                );
                let fix = format!(
                    "limits of which only one tier holds for that input, or all of {one} inside {two}"
                );
                page.problem(self.when(*earlier), message, fix)
            }
        }
    }
}
