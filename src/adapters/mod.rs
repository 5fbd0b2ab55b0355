//! Outside systems: what reads evidence, and what writes on tickets.
//!
//! This room may not decide anything, may not touch the store, and may not move money: evidence is read through
//! `outside::Reader`, which has no method but GET, and no desk change is about money. Text of customers and secrets
//! never reach a log or an error. Clients follow no redirects and every call has a timeout.
//!
//! To add a connector or a desk: one file in `evidence/` or `desks/`, one member of its `..Kind`, one line in its
//! `open`, one block in `manifests/workspace.json`.

pub mod desks;
pub mod evidence;
pub mod machine;
pub mod models;
pub mod outside;
