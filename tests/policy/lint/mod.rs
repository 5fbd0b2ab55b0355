//! The linter: cells, what is refused, and the same verdicts from an evaluator that tries everything.

mod brute;
mod cells;
mod refused;
