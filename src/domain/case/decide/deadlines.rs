//! Deadlines: a lapse is neither an approval nor a rejection, and moves the case on.

use super::asking::{Given, escalate, request};
use super::out_of_place;
use crate::domain::approval::{Asking, RequestProgress, RequestState};
use crate::domain::case::command::Deadline;
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::Refusal;
use crate::domain::case::{Case, PING, judge};
use crate::domain::escalation::{Escalation, EscalationCause, Role};
use crate::domain::ids::{EscalationId, RequestId};
use crate::domain::time::At;

pub(super) fn wake(
    case: &Case,
    deadline: &Deadline,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    match deadline {
        Deadline::Request { request } => request_lapses(case, request, ctx),
        Deadline::Escalation { escalation } => escalation_lapses(case, escalation, ctx),
        Deadline::Parked { escalation } => remind(case, escalation, ctx),
    }
}

/// Clocks of several machines differ, and a clock can be set back. A deadline that is called early would
/// be lost if it were only refused, so it is waited for again.
fn early(deadline: Deadline, until: At) -> Vec<CaseEvent> {
    vec![CaseEvent::WokenEarly { deadline, until }]
}

fn request_lapses(case: &Case, id: &RequestId, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    let progress = case
        .request(id)
        .filter(|progress| progress.state == RequestState::Pending)
        .ok_or_else(|| out_of_place("that request does not wait any more"))?;
    let due = progress.request.asking.due_at;
    if ctx.now < due {
        let request = id.clone();
        return Ok(early(Deadline::Request { request }, due));
    }
    let next = next_asking(case, progress, ctx);
    Ok(next
        .and_then(|asking| pass_on(case, progress, asking, ctx))
        .unwrap_or_else(|| give_up(case, progress, ctx)))
}

/// How the next approvers of the chain are asked. A rule that the policy in force does not have can be
/// answered by nobody and is passed over; a draft that the rules allow no more is asked about no more.
pub(super) fn next_asking(
    case: &Case,
    progress: &RequestProgress,
    ctx: &Context,
) -> Option<Asking> {
    let draft = case.draft(&progress.request.draft)?;
    let allowed = judge::assess(ctx.policy, case, &draft.draft, ctx.now)
        .is_none_or(|assessment| judge::permits(&assessment));
    let mut next = ctx
        .policy
        .asking_after(&progress.request.asking, ctx.now)
        .filter(|_| allowed)?;
    while next.quorum == u32::MAX {
        next = ctx.policy.asking_after(&next, ctx.now)?;
    }
    Some(next)
}

fn pass_on(
    case: &Case,
    progress: &RequestProgress,
    asking: Asking,
    ctx: &Context,
) -> Option<Vec<CaseEvent>> {
    let draft = case.draft(&progress.request.draft)?;
    let assessment = draft.assessment.as_ref()?;
    let follows = Some(&progress.request);
    let successor = request(case, &draft.draft, assessment, (asking, follows), ctx);
    Some(vec![
        CaseEvent::Lapsed {
            request: progress.request.id.clone(),
            successor: Some(successor.id.clone()),
            with: None,
        },
        CaseEvent::ApprovalRequested { request: successor },
    ])
}

/// Where a request goes that nobody of its chain decided.
pub(super) enum End<'a> {
    /// To a role, as an escalation of its own.
    Given(Role),
    /// Onto the card of a role that has the case open.
    Shown(&'a Escalation),
    /// Nowhere: it was not done, and nobody is missing it.
    Dropped,
}

/// Housekeeping wakes nobody who does not have the case open anyway. Where nobody ever had the case in
/// their hands, it is the last that anybody would hear of it, so then it goes to the role like the rest.
pub(super) fn end<'a>(case: &'a Case, progress: &RequestProgress, ctx: &Context) -> End<'a> {
    let asking = &progress.request.asking;
    let draft = case.draft(&progress.request.draft);
    let small = draft.is_some_and(|one| one.draft.action.kind().is_housekeeping());
    let decided = case.requests.iter().any(|one| !one.decisions.is_empty());
    if !small || (case.escalations.is_empty() && !decided) {
        return End::Given(asking.finally);
    }
    let belongs = [asking.finally, judge::role_of_case(ctx.policy, case)];
    // The newest one of the case's own role, or else the newest of all.
    case.open_escalations()
        .map(|(escalation, _)| escalation)
        .max_by_key(|escalation| belongs.contains(&escalation.role))
        .map_or(End::Dropped, End::Shown)
}

fn give_up(case: &Case, progress: &RequestProgress, ctx: &Context) -> Vec<CaseEvent> {
    let lapsed = |with| CaseEvent::Lapsed {
        request: progress.request.id.clone(),
        successor: None,
        with,
    };
    match end(case, progress, ctx) {
        End::Given(role) => {
            let why = "no approver of the chain decided in time";
            let given = Given::of(role, EscalationCause::ChainExhausted, why);
            let given = escalate(case, given.after(&progress.request), ctx);
            vec![lapsed(None), given]
        }
        End::Shown(escalation) => vec![lapsed(Some(escalation.id.clone()))],
        End::Dropped => vec![lapsed(None)],
    }
}

/// Nobody took an escalation: it goes to the next role of the chain, or stays and is pinged daily.
fn escalation_lapses(
    case: &Case,
    id: &EscalationId,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let untouched = case.escalation(id).and_then(|(escalation, progress)| {
        let waits = progress.is_open() && progress.taken.is_none() && !progress.parked;
        Some((escalation, escalation.due_at?)).filter(|_| waits)
    });
    let (escalation, due) =
        untouched.ok_or_else(|| out_of_place("that escalation does not wait any more"))?;
    let id = escalation.id.clone();
    if ctx.now < due {
        return Ok(early(Deadline::Escalation { escalation: id }, due));
    }
    let next = ctx.policy.chain(escalation.role).map(|chain| chain.finally);
    let Some(role) = next.filter(|role| *role != escalation.role) else {
        return Ok(vec![CaseEvent::EscalationLapsed {
            escalation: id,
            successor: None,
        }]);
    };
    let given = Given::of(role, EscalationCause::Unanswered, "nobody took it in time");
    let next = escalate(case, given.lapsed_from(escalation), ctx);
    let successor = match &next {
        CaseEvent::Escalated { escalation } => Some(escalation.id.clone()),
        _ => None,
    };
    let lapsed = CaseEvent::EscalationLapsed {
        escalation: id,
        successor,
    };
    Ok(vec![lapsed, next])
}

/// Nobody has taken a parked escalation for another day.
fn remind(case: &Case, id: &EscalationId, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    let pinged = case
        .escalation(id)
        .filter(|(_, progress)| progress.is_open() && progress.parked && progress.taken.is_none())
        .and_then(|(_, progress)| progress.pinged)
        .ok_or_else(|| out_of_place("that escalation is not parked"))?;
    let escalation = id.clone();
    let due = pinged.plus(PING);
    if ctx.now < due {
        return Ok(early(Deadline::Parked { escalation }, due));
    }
    Ok(vec![CaseEvent::Reminded { escalation }])
}
