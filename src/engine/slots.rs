//! How many effects of a queue are under way at once in this process, where the contract gives the queue fewer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Engine, EngineError};
use crate::domain::case::effect::Effect;
use crate::domain::ids::CaseId;
use crate::domain::time::Span;
use crate::telemetry::catalogue::LIMITS;

/// How soon an effect that found no place is tried again.
pub(super) const BUSY_PAUSE: Span = Span::seconds(1);

/// The places that are taken, by queue.
#[derive(Default)]
pub(super) struct Slots(Mutex<BTreeMap<String, u32>>);

/// A place that is given back when it is dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    queue: String,
}

/// Whether an effect may begin.
pub(super) enum Place {
    /// It may. Where the queue has places of its own, one is taken for as long as this lives.
    Taken(Option<Slot>),
    /// The queue has no place left; the sentence says so.
    None(String),
}

impl Slots {
    fn take(self: &Arc<Self>, queue: &str, most: u32) -> Option<Slot> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(queue.to_owned()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Slot {
            slots: Arc::clone(self),
            queue: queue.to_owned(),
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.queue) {
            *count = count.saturating_sub(1);
        }
    }
}

impl Engine {
    /// Takes a place for work that reaches outside on behalf of a case whose queue has fewer places than the
    /// whole. Cards and deadlines are never kept waiting.
    pub(super) async fn place(&self, id: &CaseId, effect: &Effect) -> Result<Place, EngineError> {
        let reaches_out = matches!(
            effect,
            Effect::Triage { .. }
                | Effect::Draft { .. }
                | Effect::Gather { .. }
                | Effect::Perform { .. }
        );
        let policy = self.policy();
        let limits = &policy.contract().limits;
        if !reaches_out || !limits.narrow_a_queue() {
            return Ok(Place::Taken(None));
        }
        let case = self.folded(id).await?;
        let Some(verdict) = &case.verdict else {
            return Ok(Place::Taken(None));
        };
        let most = limits.of_queue(&verdict.queue).max_concurrency;
        if most >= limits.overall().max_concurrency {
            return Ok(Place::Taken(None));
        }
        Ok(match self.slots.take(&verdict.queue, most) {
            Some(slot) => Place::Taken(Some(slot)),
            None => {
                self.metrics.count(&LIMITS, ["concurrency"]);
                Place::None(format!(
                    "{most} effects of the queue {} are under way already",
                    verdict.queue
                ))
            }
        })
    }
}
