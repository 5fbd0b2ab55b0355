//! The time the stand-ins live by: the machine's, or one that a test moves.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Answers the current time as unix milliseconds.
pub type SandboxClock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's own clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock of a workspace that somebody looks at; tests inject their own"
)]
pub fn system_clock() -> SandboxClock {
    Arc::new(|| {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
