//! The help desk's state.

/// Tickets and writes.
#[derive(Default)]
pub(super) struct Desk {}
