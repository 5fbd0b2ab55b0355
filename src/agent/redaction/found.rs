//! One thing that a recogniser found, and how overlapping finds become one.

use regex::{Regex, RegexBuilder};

use super::kind::Kind;

/// A byte range of the folded text and what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes, exclusive.
    pub end: usize,
}

impl Found {
    /// A find.
    #[must_use]
    pub const fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self { kind, start, end }
    }

    /// Whether two finds share a byte.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A rule whose pattern does not compile: a mistake in our own table.
#[derive(Debug, thiserror::Error)]
#[error("the redaction rule `{rule}` does not compile: {why}")]
pub struct BrokenRule {
    /// The rule.
    pub rule: String,
    /// What the regular expression engine says.
    pub why: String,
}

/// Compiles a pattern. The engine runs in time linear in the text whatever the pattern.
pub fn compile(rule: &str, pattern: &str) -> Result<Regex, BrokenRule> {
    RegexBuilder::new(pattern)
        .size_limit(1 << 22)
        .build()
        .map_err(|error| BrokenRule {
            rule: rule.to_owned(),
            why: error.to_string(),
        })
}

/// Sorts finds and joins those that overlap: the range of both, under the more careful kind.
///
/// Kinds are declared from the most to the least careful, so the smaller one wins.
#[must_use]
pub fn joined(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|one| one.start < one.end);
    found.sort_by_key(|one| (one.start, one.kind));
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        match out.last_mut() {
            Some(last) if last.overlaps(&one) => {
                last.end = last.end.max(one.end);
                last.kind = last.kind.min(one.kind);
            }
            _ => out.push(one),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_finds_become_one_of_the_more_careful_kind() {
        let found = vec![
            Found::new(Kind::Phone, 4, 9),
            Found::new(Kind::Password, 2, 6),
            Found::new(Kind::Email, 9, 12),
            Found::new(Kind::Email, 13, 13),
        ];
        assert_eq!(
            joined(found),
            vec![
                Found::new(Kind::Password, 2, 9),
                Found::new(Kind::Email, 9, 12)
            ]
        );
    }
}
