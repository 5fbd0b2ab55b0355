//! When two states are the same: the abstraction, in one place, and why it is sound.
//!
//! A case grows for as long as people talk, so its raw states have no end. What is left out here is what no decision
//! asks for:
//!
//! - ids and the numbers in them: they are names. What refers to what is kept, by the class of what is referred to.
//! - moments: what counts is which of them have come, in which order the others come, and whether the next is so near
//!   that a write which can still be taken back would outlive it.
//! - texts, receipts, renderings and addresses of cards: they are carried, and never read.
//! - what holds a step: it is asked anew at every sending.
//! - how often: of requests, drafts and escalations that are over, and answer every further word alike, one stands for
//!   all. What is still open is counted one by one.
//! - which of two people it was whom every rule names together: the smaller of the two readings counts.
//!
//! That none of this matters is not only said: the walk takes every n-th state that it holds to be an old one, says
//! the whole alphabet to it as well, and compares what came of it with what came of the first. One thing is left out of
//! that comparison: which comes first, a deadline that was only just made or one that waits already. One state stands
//! for both orders there, and both are walked on from where both are met.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use countersign::domain::approval::RequestState;
use countersign::domain::ids::{DraftId, EscalationId, RequestId};
use countersign::domain::time::At;

use super::reading::{Reader, is_moving, moments};
use super::spot::Spot;

/// A state as far as it matters: one of each kind of thing that can be spoken to, and the moments that count.
pub struct Sketch {
    pub now: At,
    /// The moments to come that something waits for, the next one first.
    pub moments: Vec<At>,
    pub drafts: Vec<DraftId>,
    pub requests: Vec<RequestId>,
    pub escalations: Vec<EscalationId>,
    text: String,
}

/// What tells states apart.
pub fn key(spot: &Spot) -> String {
    let twin = Sketch::read(spot, true).text;
    Sketch::read(spot, false).text.min(twin)
}

/// A key without the order of the moments that are to come.
pub fn unordered(key: &str) -> String {
    let mut parts = key.split('@');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('@');
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '~'));
    }
    text
}

impl Sketch {
    pub fn of(spot: &Spot) -> Self {
        Self::read(spot, false)
    }

    fn read(spot: &Spot, swapped: bool) -> Self {
        let case = &spot.case;
        let moments: BTreeSet<At> = moments(case).filter(|at| *at > spot.now).collect();
        let reader = Reader {
            case,
            now: spot.now,
            moments: moments.into_iter().collect(),
            swapped,
        };
        let drafts = Classes::of(case.drafts.iter().map(|one| {
            let live = is_moving(one)
                || case
                    .pending()
                    .any(|asked| asked.request.draft == one.draft.id);
            (one.draft.id.clone(), reader.draft(one), live)
        }));
        let requests = Classes::of(case.requests.iter().map(|one| {
            let live = one.state == RequestState::Pending;
            (one.request.id.clone(), reader.request(one, &drafts), live)
        }));
        let escalations = Classes::of(case.escalations.iter().map(|(one, progress)| {
            let read = reader.escalation(one, progress, (&drafts, &requests));
            (one.id.clone(), read, progress.is_open())
        }));
        let mut text = reader.whole(&spot.under_way);
        for part in [&drafts.text, &requests.text, &escalations.text] {
            text.push('\n');
            text.push_str(part);
        }
        Self {
            now: spot.now,
            moments: reader.moments,
            drafts: drafts.first,
            requests: requests.first,
            escalations: escalations.first,
            text,
        }
    }
}

/// Things by what is read of them. Of those that are over, one of each reading.
pub struct Classes<Id> {
    /// Which reading each one has.
    pub class: BTreeMap<Id, usize>,
    first: Vec<Id>,
    text: String,
}

impl<Id: Ord + Clone> Classes<Id> {
    fn of(things: impl Iterator<Item = (Id, String, bool)>) -> Self {
        let mut classes: BTreeMap<(bool, String), Vec<Id>> = BTreeMap::new();
        for (id, reading, live) in things {
            classes.entry((live, reading)).or_default().push(id);
        }
        let mut out = Self {
            class: BTreeMap::new(),
            first: vec![],
            text: String::new(),
        };
        for (n, ((live, reading), ids)) in classes.into_iter().enumerate() {
            let count = if live { ids.len() } else { 1 };
            write!(out.text, "{count}x{reading};").unwrap();
            out.first.extend(ids.iter().take(count).cloned());
            out.class.extend(ids.into_iter().map(|id| (id, n)));
        }
        out
    }
}
