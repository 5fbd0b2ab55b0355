//! The pure core: what a ticket, a draft, a decision is, and which facts follow from which command.
//!
//! Nothing here reads a clock, a file, a socket or a database, draws a random number, or is `async`.
//! To add a word, add a file named after it; to add a closed set's member, follow the compiler.

pub mod approval;
pub mod board;
pub mod card;
pub mod case;
pub mod caution;
pub mod content;
pub mod digest;
pub mod draft;
pub mod escalation;
pub mod evidence;
pub mod ids;
pub mod intake;
pub mod journal;
pub mod model;
pub mod money;
pub mod person;
pub mod phrase;
pub mod policy;
pub mod ticket;
pub mod time;
pub mod verdict;
pub mod webhook;
pub mod words;
