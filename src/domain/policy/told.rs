//! What became of a condition, in words.

use super::conditions::{Condition, Op, Outcome};
use crate::domain::evidence::Facts;

impl Condition {
    /// Why it does not hold, in words; `None` where it holds or the fact is unknown.
    #[must_use]
    pub fn why_not(&self, facts: &Facts) -> Option<String> {
        (self.against(facts) == Outcome::Fails).then(|| self.told(facts))
    }

    /// What became of it, in words: `amount 180.00 USD is not at most 50.00 USD`.
    #[must_use]
    pub fn told(&self, facts: &Facts) -> String {
        let name = self.fact.word().replace('_', " ");
        let wanted: Vec<String> = self.values.iter().map(ToString::to_string).collect();
        let wanted = match self.op {
            Op::Is | Op::Eq => wanted.join(", "),
            op => format!(
                "{} {}",
                op.words().trim_start_matches("is "),
                wanted.join(", ")
            ),
        };
        let value = facts.get(&self.fact).map(|fact| fact.value.to_string());
        match (self.against(facts), value) {
            (Outcome::Holds, _) => self.words(facts),
            (Outcome::Unknown, None) => format!("{name} is unknown (wanted: {wanted})"),
            (Outcome::Unknown, Some(value)) => {
                format!("{name} {value} counts as unknown (wanted: {wanted})")
            }
            (Outcome::Fails, value) => {
                let value = value.unwrap_or_default();
                match self.op {
                    Op::Is | Op::Eq => format!("{name} is {value}, not {wanted}"),
                    Op::Ne => format!("{name} is {value}"),
                    _ => format!("{name} {value} is not {wanted}"),
                }
            }
        }
    }
}
