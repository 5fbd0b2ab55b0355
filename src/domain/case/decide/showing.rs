//! What comes back about cards: who can answer, which row, what was shown, where it stands.

use std::collections::BTreeSet;

use super::asking::{Given, escalate, request as asked_anew, superseded};
use super::deadlines::next_asking;
use super::out_of_place;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::Case;
use crate::domain::case::cards::MOST_APPROVERS;
use crate::domain::case::context::Context;
use crate::domain::case::event::{CaseEvent, ShownView};
use crate::domain::case::refusal::Refusal;
use crate::domain::escalation::EscalationCause;
use crate::domain::ids::{BatchId, CardId, ChannelId, RequestId};
use crate::domain::person::Person;

/// The people are told once, and only while there is something to answer. A question that too few people can
/// answer is not waited for: it passes on at once.
pub(super) fn approvers(
    case: &Case,
    request: RequestId,
    people: Vec<Person>,
    ctx: &Context,
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
    let needed = progress.request.asking.quorum;
    let enough = people.len() >= MOST_APPROVERS.min(usize::try_from(needed).unwrap_or(usize::MAX));
    let rest = if enough {
        vec![]
    } else {
        passed_on(case, progress, people.len(), ctx)
    };
    let found = CaseEvent::ApproversFound { request, people };
    Ok(std::iter::once(found).chain(rest).collect())
}

/// The next people of the chain are asked, or the role has it.
fn passed_on(
    case: &Case,
    progress: &RequestProgress,
    found: usize,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let asking = &progress.request.asking;
    let rule = &asking.approver_rule;
    let why = match found {
        0 => format!(
            "Nobody can be asked: {rule} names no full member of this workspace who may decide."
        ),
        _ => format!(
            "Too few can be asked: {rule} names {found} who may decide, and {} are needed.",
            asking.quorum
        ),
    };
    let drafted = case.draft(&progress.request.draft);
    let assessed = drafted.and_then(|draft| Some((&draft.draft, draft.assessment.as_ref()?)));
    let next = next_asking(case, progress, ctx).zip(assessed);
    if let Some((asking, (draft, assessment))) = next {
        let follows = Some(&progress.request);
        let request = asked_anew(case, draft, assessment, (asking, follows), ctx);
        let ended = superseded(progress, &why, Some(request.id.clone()));
        return vec![ended, CaseEvent::ApprovalRequested { request }];
    }
    let given = Given::of(asking.finally, EscalationCause::ChainExhausted, &why);
    vec![
        superseded(progress, &why, None),
        escalate(case, given.after(&progress.request), ctx),
    ]
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
