//! What comes back about cards: who can answer, which row, what was shown, where it stands.

use std::collections::BTreeSet;

use super::out_of_place;
use crate::domain::approval::RequestState;
use crate::domain::case::Case;
use crate::domain::case::event::{CaseEvent, ShownView};
use crate::domain::case::refusal::Refusal;
use crate::domain::ids::{BatchId, CardId, ChannelId, RequestId};
use crate::domain::person::Person;

/// The people are told once, and only while there is something to answer.
pub(super) fn approvers(
    case: &Case,
    request: RequestId,
    people: Vec<Person>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let progress = case
        .request(&request)
        .ok_or_else(|| out_of_place("there is no such request"))?;
    if progress.state != RequestState::Pending {
        return Err(out_of_place("that request does not wait any more"));
    }
    if !progress.approvers.is_empty() {
        return Err(out_of_place("the people for that request are known"));
    }
    Ok(vec![CaseEvent::ApproversFound { request, people }])
}

/// A row never moves. A request that was settled meanwhile keeps its row, and the row says so.
pub(super) fn batched(
    case: &Case,
    request: RequestId,
    batch: BatchId,
    row: u32,
) -> Result<Vec<CaseEvent>, Refusal> {
    let progress = case
        .request(&request)
        .ok_or_else(|| out_of_place("there is no such request"))?;
    if progress.batch.is_some() {
        return Err(out_of_place("that request is a row already"));
    }
    Ok(vec![CaseEvent::Batched {
        request,
        batch,
        row,
    }])
}

/// Each rendering is kept once, and only when it shows something of this case.
pub(super) fn shown(case: &Case, views: Vec<ShownView>) -> Vec<CaseEvent> {
    let mut seen = BTreeSet::new();
    let ours = |view: &ShownView| {
        let request = view.request.as_ref().map(|id| case.request(id).is_some());
        let escalation = view
            .escalation
            .as_ref()
            .map(|id| case.escalation(id).is_some());
        request.or(escalation).unwrap_or(false) && escalation.unwrap_or(true)
    };
    views
        .into_iter()
        .filter(|view| ours(view) && !case.views.contains_key(&view.view))
        .filter(|view| seen.insert(view.view.clone()))
        .map(|view| CaseEvent::Shown { view })
        .collect()
}

pub(super) fn posted(case: &Case, card: CardId, channel: ChannelId, ts: String) -> Vec<CaseEvent> {
    let address = (channel, ts);
    if case.cards.get(&card) == Some(&address) {
        return vec![];
    }
    let (channel, ts) = address;
    vec![CaseEvent::CardPosted { card, channel, ts }]
}
