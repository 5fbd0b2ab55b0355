//! Cells: the inputs that conditions can tell apart, one example of each, so that a proof over all inputs ends.

use crate::domain::draft::ActionKind;
use crate::domain::evidence::{Fact, FactName, FactValue, Facts, Provenance};
use crate::domain::policy::conditions::{Condition, Outcome, provenance_of};

use super::ranges::{Part, parts_of};

/// A grid of more cells than this is not looked at.
pub const MAX_CELLS: usize = 20_000;

/// All the values that one fact can have, parted where the answer of some condition changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// The fact.
    pub fact: FactName,
    /// Its parts: the known ones in rising order, then the unknown one where the fact can be unknown.
    pub parts: Vec<Part>,
}

/// The cells of a set of conditions: one part of each fact that occurs in them.
///
/// Within a cell every condition has one answer, so that what holds for its example holds for all of it. Conditions on
/// the amount have to be in one currency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grid {
    axes: Vec<Axis>,
}

/// The conditions tell more inputs apart than [`MAX_CELLS`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany {
    /// How many cells there would be.
    pub cells: usize,
}

/// One cell of a grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell<'a> {
    parts: Vec<(FactName, &'a Part)>,
}

impl Grid {
    /// The grid of the conditions. `action` narrows what its facts can be: a property of the action has one value, and
    /// what an action can never have is always unknown. Without an action both are open.
    ///
    /// # Errors
    ///
    /// When there are more than [`MAX_CELLS`].
    pub fn over<'a>(
        action: Option<ActionKind>,
        conditions: impl IntoIterator<Item = &'a Condition>,
    ) -> Result<Self, TooMany> {
        let conditions: Vec<&Condition> = conditions.into_iter().collect();
        let mut facts: Vec<FactName> = conditions.iter().map(|c| c.fact).collect();
        facts.sort();
        facts.dedup();
        let axis = |fact: FactName| {
            let on: Vec<&Condition> = conditions
                .iter()
                .copied()
                .filter(|c| c.fact == fact)
                .collect();
            let parts = parts_of(fact, action, &on);
            Axis { fact, parts }
        };
        let grid = Self {
            axes: facts.into_iter().map(axis).collect(),
        };
        match grid.len() {
            cells if cells > MAX_CELLS => Err(TooMany { cells }),
            _ => Ok(grid),
        }
    }

    /// The facts and their parts, in the order of facts.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many cells there are. Without conditions there is one, which is everything.
    #[must_use]
    pub fn len(&self) -> usize {
        let sizes = self.axes.iter().map(|axis| axis.parts.len());
        sizes.fold(1, usize::saturating_mul)
    }

    /// Whether there are none, because some fact has no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every cell, the last fact turning fastest.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|number| {
            let mut rest = number;
            let mut parts: Vec<(FactName, &Part)> = Vec::with_capacity(self.axes.len());
            for axis in self.axes.iter().rev() {
                parts.push((axis.fact, &axis.parts[rest % axis.parts.len()]));
                rest /= axis.parts.len();
            }
            parts.reverse();
            Cell { parts }
        })
    }
}

impl Cell<'_> {
    /// The example of the cell as facts, each from where it must come from. Unknown ones are absent.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let known = self.parts.iter().filter_map(|(fact, part)| {
            let value = part.example.clone()?;
            Some((*fact, vouched(*fact, value)))
        });
        known.collect()
    }

    /// Whether every fact is known.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.parts.iter().all(|(_, part)| part.example.is_some())
    }

    /// The facts that occur in the conditions.
    #[must_use]
    pub fn fact_names(&self) -> Vec<FactName> {
        self.parts.iter().map(|(fact, _)| *fact).collect()
    }

    /// Whether two cells of one grid have the same parts of these facts.
    #[must_use]
    pub fn agrees(&self, other: &Self, facts: &[FactName]) -> bool {
        facts
            .iter()
            .all(|fact| self.part(*fact) == other.part(*fact))
    }

    /// The part of a fact, if the fact occurs in the conditions.
    #[must_use]
    pub fn part(&self, fact: FactName) -> Option<&Part> {
        let found = self.parts.iter().find(|(name, _)| *name == fact);
        found.map(|(_, part)| *part)
    }

    /// The example in words: `amount 500.01 USD, customer months 2`.
    #[must_use]
    pub fn example(&self) -> String {
        self.in_words(Part::example_words)
    }

    /// All of the cell in words: `amount from 50.01 USD to 500.00 USD, customer months up to 2`.
    #[must_use]
    pub fn ranges(&self) -> String {
        self.in_words(Part::range_words)
    }

    /// The example in words, as far as these facts go; `anything` without any.
    #[must_use]
    pub fn example_of(&self, facts: &[FactName]) -> String {
        let parts = self.parts.iter().filter(|(fact, _)| facts.contains(fact));
        let parts = parts.copied().collect();
        Self { parts }.example()
    }

    fn in_words(&self, words: fn(&Part, FactName) -> String) -> String {
        if self.parts.is_empty() {
            return "anything".to_owned();
        }
        let said: Vec<String> = self.parts.iter().map(|(fact, p)| words(p, *fact)).collect();
        said.join(", ")
    }
}

/// What becomes of conditions that all must hold: unknown as soon as one of them is.
#[must_use]
pub fn all_of(when: &[Condition], facts: &Facts) -> Outcome {
    let mut holds = true;
    for condition in when {
        match condition.against(facts) {
            Outcome::Unknown => return Outcome::Unknown,
            outcome => holds &= outcome == Outcome::Holds,
        }
    }
    if holds {
        Outcome::Holds
    } else {
        Outcome::Fails
    }
}

/// A value as a fact that comes from where it must come from.
pub(super) fn vouched(fact: FactName, value: FactValue) -> Fact {
    let provenance: Provenance = provenance_of(fact);
    Fact {
        value,
        provenance,
        evidence: None,
    }
}

impl std::fmt::Display for TooMany {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the conditions tell {} inputs apart, and no more than {MAX_CELLS} are looked at",
            self.cells
        )
    }
}

impl std::error::Error for TooMany {}
