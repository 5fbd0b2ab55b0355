//! Whether a step may go out now: permit, hold or void, computed from the journal at the moment of sending.

use super::event::Phase;
use crate::domain::ids::{DraftId, EffectId};

/// Leave to carry out one step once. Only this file can make one.
#[derive(Debug)]
pub struct Permit {
    effect: EffectId,
    draft: DraftId,
    phase: Phase,
}

impl Permit {
    /// The effect that is permitted; its id is the idempotency key.
    #[must_use]
    pub const fn effect(&self) -> &EffectId {
        &self.effect
    }

    /// The draft that is carried out.
    #[must_use]
    pub const fn draft(&self) -> &DraftId {
        &self.draft
    }

    /// Which step of it.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }
}

/// The gate's answer.
#[derive(Debug)]
pub enum Gate {
    /// It may go out, once.
    Permit(Permit),
    /// Not now: paused, not pinned, over a limit. The row stays and waits.
    Hold(String),
    /// Never: stale, denied, target moved.
    Void(String),
}
