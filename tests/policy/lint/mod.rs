//! The linter: cells, what is refused, and the same verdicts from evaluators that try everything.

mod brute;
mod brute_chains;
mod brute_examples;
mod brute_people;
mod brute_roles;
mod cells;
mod refused;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;

/// The same values on every run, for comparisons that must find a planted mistake.
fn samples<S: Strategy>(of: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| of.new_tree(&mut runner).unwrap().current())
        .collect()
}
