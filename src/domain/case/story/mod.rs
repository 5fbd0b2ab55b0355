//! What happened to a case, one sentence for each event that a person would tell.

mod deciding;
mod reading;

use std::collections::BTreeMap;

use super::Case;
use super::event::CaseEvent;
use super::face::Lens;
use super::naming::{Names, minute};
use crate::domain::journal::{Event, Recorded};
use crate::domain::person::{Actor, Person};
use crate::domain::time::At;

/// A sentence with the moment at which it first became true, in UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// When.
    pub at: At,
    /// What happened.
    pub sentence: String,
}

/// The story of a case: its events in order, each in a sentence. Renderings and addresses of cards are
/// left out, because they tell nothing that the decisions do not; and what happens over and over, such as
/// an outside system that does not answer, is told once, with how often.
#[must_use]
pub fn story(case: &Case, events: &[Recorded<Event>], lens: Lens) -> Vec<Told> {
    let names = Names::of(case, lens);
    let telling = |by| Telling {
        case,
        lens,
        names: &names,
        by,
    };
    let mut lines: Vec<Line> = vec![];
    let mut told_before: BTreeMap<String, usize> = BTreeMap::new();
    for recorded in events {
        let Event::Case(event) = &recorded.event else {
            continue;
        };
        let by = match &recorded.actor {
            Actor::Person { person } => Some(person),
            Actor::Source { .. } | Actor::Countersign => None,
        };
        let Some(said) = telling(by).said(event) else {
            continue;
        };
        let earlier = told_before
            .get(&said)
            .filter(|_| repeats(event))
            .and_then(|&line| lines.get_mut(line));
        if let Some(line) = earlier {
            line.times += 1;
            line.until = recorded.at;
            continue;
        }
        told_before.insert(said.clone(), lines.len());
        lines.push(Line {
            at: recorded.at,
            said,
            times: 1,
            until: recorded.at,
        });
    }
    lines.into_iter().map(Line::told).collect()
}

/// One event in a sentence; `None` for what nobody would tell.
#[must_use]
pub fn sentence(case: &Case, event: &CaseEvent, lens: Lens) -> Option<String> {
    let names = Names::of(case, lens);
    let telling = Telling {
        case,
        lens,
        names: &names,
        by: None,
    };
    telling.said(event).map(|said| format!("{said}."))
}

/// What happens over and over while nothing else follows from it.
const fn repeats(event: &CaseEvent) -> bool {
    matches!(
        event,
        CaseEvent::EvidenceFailed {
            again_at: Some(_),
            ..
        } | CaseEvent::ModelCalled { .. }
            | CaseEvent::Reminded { .. }
            | CaseEvent::CardFailed { .. }
    )
}

struct Line {
    at: At,
    said: String,
    times: u32,
    until: At,
}

impl Line {
    fn told(self) -> Told {
        let Self {
            at,
            said,
            times,
            until,
        } = self;
        let sentence = match times {
            1 => format!("{said}."),
            n => format!("{said} ({n} times, until {}).", minute(until)),
        };
        Told { at, sentence }
    }
}

/// What a sentence is told from.
#[derive(Clone, Copy)]
struct Telling<'a> {
    case: &'a Case,
    lens: Lens<'a>,
    names: &'a Names,
    /// Who caused the event, if a person did.
    by: Option<&'a Person>,
}

impl Telling<'_> {
    /// The event in a sentence without its full stop.
    fn said(&self, event: &CaseEvent) -> Option<String> {
        self.read(event)
            .or_else(|| self.proposed(event))
            .or_else(|| self.decided(event))
            .or_else(|| self.with_role(event))
            .or_else(|| self.acted(event))
    }
}
