//! What Slack sends: verified over raw bytes first, parsed tolerantly afterwards.

pub mod payload;
pub mod signature;
mod skim;
