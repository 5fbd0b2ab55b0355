//! The pure core: decisions, the gate, what an approval is bound to, and a walk through many lives of a case.

mod acting;
mod board;
mod cautions;
mod choices;
mod edits;
mod escalations;
mod flow;
mod gate;
mod gate_answers;
mod gate_kinds;
mod gathering;
mod housekeeping;
mod refusals;
mod refused_by_rules;
mod requests;
mod same_money;
mod samples;
mod sentences;
mod steps;
mod subject;
mod succession;
mod support;
mod telling;
mod told;
mod walk;
