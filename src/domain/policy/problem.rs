//! What is wrong with a manifest: where, why, and what to write instead.

use super::json::{Fault, Spot};

/// One problem in one file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
pub struct Problem {
    /// The file, as named in the folder, for example `tiers/refund.json`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(file: &str, spot: Spot, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: spot.line,
            column: spot.column,
            message: message.into(),
            fix: fix.into(),
        }
    }

    /// The problem that a text is not JSON.
    #[must_use]
    pub fn of_fault(file: &str, fault: Fault) -> Self {
        Self::at(file, fault.at, fault.message, fault.fix)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}:{}: {} — write {}",
            self.file, self.line, self.column, self.message, self.fix
        )
    }
}

/// What to write instead of an unknown word: the nearest known one, else the list of them.
#[must_use]
pub fn did_you_mean(word: &str, known: &[&str]) -> String {
    let near = known.iter().map(|k| (distance(word, k), *k)).min();
    match near {
        Some((d, k)) if d <= 2.max(word.chars().count() / 3) => {
            format!("`{k}` (did you mean that?)")
        }
        _ if known.is_empty() => "nothing here".to_owned(),
        _ => format!(
            "one of {}",
            known
                .iter()
                .map(|k| format!("`{k}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// Levenshtein distance in characters.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in two.iter().enumerate() {
            let cost = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_offered_and_else_the_list() {
        assert_eq!(
            did_you_mean("batch_reveiw", &["batch_review", "to_role"]),
            "`batch_review` (did you mean that?)"
        );
        assert_eq!(
            did_you_mean("xyz", &["low", "high"]),
            "one of `low`, `high`"
        );
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_problem_reads_as_a_sentence_with_its_place() {
        let problem = Problem::at(
            "tiers/refund.json",
            Spot {
                line: 7,
                column: 21,
            },
            "`hours` is unknown",
            "`sla_hours`",
        );
        assert_eq!(
            problem.to_string(),
            "tiers/refund.json:7:21: `hours` is unknown — write `sla_hours`"
        );
    }
}
