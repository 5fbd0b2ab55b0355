//! The rooms of Countersign, one line each. `ARCHITECTURE.md` says who may know whom.

#![warn(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used
)]

/// Outside systems: evidence that is read, tickets that are written on. GET only where money is near.
pub mod adapters;
/// What a model is asked and how its answer is read. Redaction. Pure.
pub mod agent;
/// The only place that builds things: start order, stop order.
pub mod app;
/// The command line: one file for each subcommand.
pub mod cli;
/// Environment and manifests, read once into one validated, immutable Config.
pub mod config;
/// The pure core: words, rules, decisions. No clock, no network, no database.
pub mod domain;
/// The loop: commands in, decisions, effects out.
pub mod engine;
/// The HTTP server: tickets in, Slack in, health out.
pub mod http;
/// What the engine needs from outside, as small traits.
pub mod ports;
/// Records that mean something to a stranger. No network, no files.
pub mod proof;
/// The local workspace: stand-ins for Slack, Stripe and a help desk, for rehearsal and for tests.
pub mod sandbox;
/// Slack as the approval surface: cards, clicks, modals, people.
pub mod slack;
/// The only room that speaks SQL: journal, inbox, outbox, content, lists.
pub mod store;
/// Logs and metrics: what goes where, and what never does.
pub mod telemetry;
