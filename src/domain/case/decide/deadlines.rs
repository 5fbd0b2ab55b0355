//! Deadlines: a lapse is neither an approval nor a rejection, and moves the case on.

use super::asking::{Given, escalate, request};
use super::out_of_place;
use crate::domain::approval::{Asking, RequestProgress, RequestState};
use crate::domain::case::Case;
use crate::domain::case::command::Deadline;
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::Refusal;
use crate::domain::escalation::EscalationCause;
use crate::domain::ids::{EscalationId, RequestId};

pub(super) fn wake(
    case: &Case,
    deadline: &Deadline,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    match deadline {
        Deadline::Request { request } => request_lapses(case, request, ctx),
        Deadline::Escalation { escalation } => escalation_lapses(case, escalation, ctx),
        Deadline::Parked { escalation } => remind(case, escalation),
    }
}

fn request_lapses(case: &Case, id: &RequestId, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    let progress = case
        .request(id)
        .ok_or_else(|| out_of_place("there is no such request"))?;
    if progress.state != RequestState::Pending || ctx.now < progress.request.asking.due_at {
        return Err(out_of_place("that request does not wait any more"));
    }
    Ok(
        match ctx.policy.asking_after(&progress.request.asking, ctx.now) {
            Some(asking) => pass_on(case, progress, asking, ctx),
            None => give_up(case, progress, ctx),
        },
    )
}

fn pass_on(
    case: &Case,
    progress: &RequestProgress,
    asking: Asking,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let id = progress.request.id.clone();
    let draft = case.draft(&progress.request.draft);
    let Some((draft, assessment)) =
        draft.and_then(|draft| Some((&draft.draft, draft.assessment.as_ref()?)))
    else {
        return vec![CaseEvent::Lapsed {
            request: id,
            successor: None,
        }];
    };
    let successor = request(
        case,
        draft,
        assessment,
        asking,
        Some(&progress.request),
        ctx,
    );
    vec![
        CaseEvent::Lapsed {
            request: id,
            successor: Some(successor.id.clone()),
        },
        CaseEvent::ApprovalRequested { request: successor },
    ]
}

fn give_up(case: &Case, progress: &RequestProgress, ctx: &Context) -> Vec<CaseEvent> {
    let role = progress.request.asking.finally;
    let given = Given::of(
        role,
        EscalationCause::ChainExhausted,
        "no approver of the chain decided in time",
    );
    vec![
        CaseEvent::Lapsed {
            request: progress.request.id.clone(),
            successor: None,
        },
        escalate(case, given.after(&progress.request), ctx),
    ]
}

/// Nobody took an escalation: it goes to the next role of the chain, or stays and is pinged daily.
fn escalation_lapses(
    case: &Case,
    id: &EscalationId,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let open = case.escalation(id).filter(|(escalation, progress)| {
        let untouched = progress.taken.is_none() && progress.resolved.is_none();
        untouched
            && progress.lapsed.is_none()
            && escalation.due_at.is_some_and(|due| due <= ctx.now)
    });
    let (escalation, _) =
        open.ok_or_else(|| out_of_place("that escalation does not wait any more"))?;
    let next = ctx.policy.chain(escalation.role).map(|chain| chain.finally);
    Ok(match next.filter(|role| *role != escalation.role) {
        Some(role) => {
            let given = Given::of(role, EscalationCause::Unanswered, "nobody took it in time");
            let next = escalate(case, given.lapsed_from(escalation), ctx);
            let successor = match &next {
                CaseEvent::Escalated { escalation } => Some(escalation.id.clone()),
                _ => None,
            };
            vec![
                CaseEvent::EscalationLapsed {
                    escalation: id.clone(),
                    successor,
                },
                next,
            ]
        }
        None => vec![CaseEvent::EscalationLapsed {
            escalation: id.clone(),
            successor: None,
        }],
    })
}

fn remind(case: &Case, id: &EscalationId) -> Result<Vec<CaseEvent>, Refusal> {
    let parked = case
        .escalation(id)
        .is_some_and(|(_, progress)| progress.parked && progress.resolved.is_none());
    if parked {
        Ok(vec![CaseEvent::Reminded {
            escalation: id.clone(),
        }])
    } else {
        Err(out_of_place("that escalation is not parked"))
    }
}
