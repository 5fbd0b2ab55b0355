//! What an operator sees of a running process: logs, metrics and traces, and what never reaches any of them.
//!
//! This room names no other room and knows none of their types: it takes words and numbers. Customer text,
//! bodies, headers, secrets and queries never come here. The label of a metric is a word of a closed set of ours,
//! or a name that an operator gave in a manifest; whatever else comes in from outside is counted as `other`.
//!
//! To add a metric: a constant in `catalogue.rs` with a line in its list, one call where it happens, and a row in
//! `docs/METRICS.md`. A test holds the page to the catalogue.

pub mod catalogue;
mod logs;
pub mod metrics;
#[cfg(feature = "otel")]
mod otlp;
#[cfg(feature = "otel")]
pub mod spans;
mod traces;

pub use self::logs::{LogForm, start};
pub use self::metrics::{Metrics, Reading, Stopwatch};
pub use self::traces::Traces;
