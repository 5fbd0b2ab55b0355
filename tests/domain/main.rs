//! The pure core: decisions, the gate, what an approval is bound to, and a walk through many lives of a case.

mod acting;
mod board;
mod edits;
mod escalations;
mod flow;
mod gate;
mod refusals;
mod requests;
mod subject;
mod support;
mod told;
