//! The limits of the contract: how much may happen at once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::forms;
use super::json::Node;
use super::reader::Sheet;
use crate::domain::time::Span;

/// Writes in a minute.
pub const RATE: RangeInclusive<i64> = 1..=100_000;

/// Effects under way at once.
pub const CONCURRENCY: RangeInclusive<i64> = 1..=1_000;

/// Model calls for one revision.
pub const CALLS: RangeInclusive<i64> = 1..=100;

/// Seconds that an Undo waits.
pub const UNDO: RangeInclusive<i64> = 5..=3_600;

/// How much may happen at once. All positive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueLimits {
    /// Writes that go out in any 60 seconds: changes on a desk and pages.
    pub rate_limit_per_minute: u32,
    /// Calls of models, sources and desks that are under way at the same time, over all processes together.
    pub max_concurrency: u32,
}

/// The limits of the contract.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    all: QueueLimits,
    per_queue: BTreeMap<String, QueueLimits>,
    /// Model calls for one conversation revision. Exhausted means a person.
    pub max_model_calls_per_ticket: u32,
    /// How long a customer-visible effect waits with an Undo on its card.
    pub undo: Span,
}

impl Limits {
    /// The limits of a queue: its own where it has any, never above those of the whole.
    #[must_use]
    pub fn of_queue(&self, queue: &str) -> QueueLimits {
        self.per_queue.get(queue).copied().unwrap_or(self.all)
    }

    /// The queues of which fewer effects may be under way at once than of the whole, and how many.
    pub fn narrow_queues(&self) -> impl Iterator<Item = (&str, u32)> {
        let own = self.per_queue.iter();
        own.map(|(queue, own)| (queue.as_str(), own.max_concurrency))
            .filter(|(_, most)| *most < self.all.max_concurrency)
    }

    /// The queues that have limits of their own.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        self.per_queue.keys().map(String::as_str)
    }

    /// The limits of everything together.
    #[must_use]
    pub const fn overall(&self) -> QueueLimits {
        self.all
    }
}

/// Reads `limits`.
#[must_use]
pub(super) fn read_limits(sheet: &Sheet, node: &Node) -> Option<Limits> {
    let fields = sheet.form(node, &forms::contract::LIMITS)?;
    let rate = fields
        .required("rate_limit_per_minute")
        .and_then(|n| read_count(sheet, n, RATE));
    let concurrency = fields
        .required("max_concurrency")
        .and_then(|n| read_count(sheet, n, CONCURRENCY));
    let calls = fields
        .required("max_model_calls_per_ticket")
        .and_then(|n| read_count(sheet, n, CALLS));
    let undo = fields
        .optional("undo_seconds")
        .map_or(Some(30), |n| sheet.whole(n, UNDO));
    let all = QueueLimits {
        rate_limit_per_minute: rate?,
        max_concurrency: concurrency?,
    };
    let per_queue = fields
        .optional("per_queue")
        .map_or(Some(BTreeMap::new()), |n| read_per_queue(sheet, n, all));
    Some(Limits {
        all,
        per_queue: per_queue?,
        max_model_calls_per_ticket: calls?,
        undo: Span::seconds(undo?),
    })
}

/// Reads the limits of single queues. What a queue leaves out, and the most it may have, is the whole's.
fn read_per_queue(
    sheet: &Sheet,
    node: &Node,
    all: QueueLimits,
) -> Option<BTreeMap<String, QueueLimits>> {
    let mut per_queue = BTreeMap::new();
    for entry in sheet.map(node)?.entries() {
        let Some(own) = sheet.form(&entry.value, &forms::contract::QUEUE) else {
            continue;
        };
        if own.entries().is_empty() {
            let fix = "`rate_limit_per_minute` or `max_concurrency`, or leave the queue out";
            sheet.note(entry.value.at, "the queue has no limit of its own", fix);
        }
        let within = |key: &str, most: u32| match own.optional(key) {
            Some(n) => read_count(sheet, n, 1..=i64::from(most)),
            None => Some(most),
        };
        let rate = within("rate_limit_per_minute", all.rate_limit_per_minute);
        let concurrency = within("max_concurrency", all.max_concurrency);
        if let (Some(rate_limit_per_minute), Some(max_concurrency)) = (rate, concurrency) {
            let limits = QueueLimits {
                rate_limit_per_minute,
                max_concurrency,
            };
            per_queue.insert(entry.key.clone(), limits);
        }
    }
    Some(per_queue)
}

fn read_count(sheet: &Sheet, node: &Node, bounds: RangeInclusive<i64>) -> Option<u32> {
    u32::try_from(sheet.whole(node, bounds)?).ok()
}
