//! What came of a step towards the outside.

use super::asking::{Given, escalate, needs_human, request};
use super::out_of_place;
use crate::domain::approval::{Course, RequestState};
use crate::domain::case::command::Outcome;
use crate::domain::case::context::Context;
use crate::domain::case::event::{CaseEvent, Phase};
use crate::domain::case::gate::EXPIRED;
use crate::domain::case::refusal::Refusal;
use crate::domain::case::{Case, DraftProgress, StepState, judge};
use crate::domain::draft::Action;
use crate::domain::escalation::EscalationCause;
use crate::domain::ids::DraftId;

pub(super) fn record_outcome(
    case: &Case,
    draft: DraftId,
    phase: Phase,
    outcome: Outcome,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let progress = case
        .draft(&draft)
        .ok_or_else(|| out_of_place("there is no such draft"))?;
    let step = if phase == Phase::Note {
        &progress.note
    } else {
        &progress.act
    };
    if !matches!(
        step,
        StepState::Due(_) | StepState::Held(_) | StepState::Going(_)
    ) {
        return Err(out_of_place("that step is over"));
    }
    let act = phase == Phase::Act;
    Ok(match outcome {
        Outcome::Done { acknowledgement } => {
            let mut events = vec![CaseEvent::Performed {
                draft,
                phase,
                acknowledgement,
            }];
            events.extend(act.then(|| notice(case, progress, ctx)).flatten());
            events
        }
        Outcome::Held { why } => match step {
            StepState::Held(before) if *before == why => vec![],
            _ => vec![CaseEvent::Held { draft, phase, why }],
        },
        Outcome::Voided { why } => {
            let again = (act && why == EXPIRED)
                .then(|| ask_again(case, progress, ctx))
                .unwrap_or_default();
            let mut events = vec![CaseEvent::Voided { draft, phase, why }];
            events.extend(again);
            events
        }
        Outcome::Refused { why } => {
            let told = act.then(|| {
                let sentence = format!(
                    "{} was refused by the desk: {why}",
                    progress.draft.action.kind()
                );
                needs_human(case, &sentence, EscalationCause::NeedsHuman, ctx)
            });
            let mut events = vec![CaseEvent::PerformFailed { draft, phase, why }];
            events.extend(told.unwrap_or_default());
            events
        }
        Outcome::Unknown { why } => {
            let told = act.then(|| {
                let sentence = format!(
                    "Nobody knows whether {} was carried out: {why}",
                    progress.draft.action.kind()
                );
                needs_human(case, &sentence, EscalationCause::UnknownOutcome, ctx)
            });
            let mut events = vec![CaseEvent::OutcomeUnknown { draft, phase, why }];
            events.extend(told.unwrap_or_default());
            events
        }
    })
}

/// Routing and paging put the case into a role's hands; the card in its channel is how the role learns.
fn notice(case: &Case, progress: &DraftProgress, ctx: &Context) -> Option<CaseEvent> {
    let (role, cause) = match progress.draft.action {
        Action::RouteCase { role } => (role, EscalationCause::Routed),
        Action::PageOncall { role } => (role, EscalationCause::Paged),
        _ => return None,
    };
    let verdict = case.verdict.as_ref()?;
    let rule = judge::role_of(ctx.policy, verdict).rule;
    let given = Given::of(role, cause, &rule).about(&progress.draft);
    let given = match case.request_of(&progress.draft.id) {
        Some(asked) => given.after(&asked.request),
        None => given,
    };
    Some(escalate(case, given, ctx))
}

/// A held approval that outlived its expiry is worth nothing; the question is put again.
fn ask_again(case: &Case, progress: &DraftProgress, ctx: &Context) -> Vec<CaseEvent> {
    let approved = case
        .request_of(&progress.draft.id)
        .filter(|asked| asked.state == RequestState::Approved);
    let assessment = judge::assess(ctx.policy, case, &progress.draft, ctx.now);
    let (Some(asked), Some(assessment)) = (approved, assessment) else {
        return vec![];
    };
    let Course::Ask(asking) = &assessment.course else {
        return vec![];
    };
    let again = request(
        case,
        &progress.draft,
        &assessment,
        asking.clone(),
        Some(&asked.request),
        ctx,
    );
    vec![
        CaseEvent::Settled {
            request: asked.request.id.clone(),
            state: RequestState::Superseded,
            why: Some("The approval expired before the action could go out.".into()),
            successor: Some(again.id.clone()),
            not_before: None,
        },
        CaseEvent::ApprovalRequested { request: again },
    ]
}
