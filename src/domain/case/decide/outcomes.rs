//! What came of a step towards the outside.

use super::asking::{Given, escalate, needs_human, request};
use super::{Unfolding, out_of_place};
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
    let step = match phase {
        Phase::Note => &progress.note,
        Phase::Act => &progress.act,
    };
    let going = matches!(step, StepState::Going(_));
    let waiting = matches!(step, StepState::Due(_) | StepState::Held(_));
    let fits = match &outcome {
        Outcome::Done { .. } | Outcome::Refused { .. } | Outcome::Unknown { .. } => going,
        Outcome::Held { .. } | Outcome::Voided { .. } => going || waiting,
    };
    if !fits {
        return Err(out_of_place("that step is not under way"));
    }
    let mut unfolding = Unfolding::of(case, ctx);
    unfolding.then_all(recorded(step, (draft, phase), &outcome, ctx));
    if phase == Phase::Act {
        let following = follows(&unfolding.case, progress, &outcome, ctx);
        unfolding.then_all(following);
    }
    Ok(unfolding.events)
}

/// The outcome itself, as an event.
fn recorded(
    step: &StepState,
    (draft, phase): (DraftId, Phase),
    outcome: &Outcome,
    ctx: &Context,
) -> Option<CaseEvent> {
    Some(match outcome.clone() {
        Outcome::Done { acknowledgement } => CaseEvent::Performed {
            draft,
            phase,
            acknowledgement,
        },
        Outcome::Held { why } => match step {
            // What departed may have arrived: it stays departed, so that it is looked up before it is sent.
            StepState::Going(_) => return None,
            // What can still be taken back is due as planned; that is no hold.
            StepState::Due(at) if ctx.now < *at => return None,
            StepState::Held(before) if *before == why => return None,
            _ => CaseEvent::Held { draft, phase, why },
        },
        Outcome::Voided { why } => CaseEvent::Voided { draft, phase, why },
        Outcome::Refused { why } => CaseEvent::PerformFailed { draft, phase, why },
        Outcome::Unknown { why } => CaseEvent::OutcomeUnknown { draft, phase, why },
    })
}

/// What follows from the outcome of an action. `progress` is the draft as it was before.
fn follows(
    case: &Case,
    progress: &DraftProgress,
    outcome: &Outcome,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let kind = progress.draft.action.kind();
    let about = Some(&progress.draft);
    match outcome {
        Outcome::Done { .. } => notice(case, progress, ctx).into_iter().collect(),
        Outcome::Voided { why } if why == EXPIRED => ask_again(case, progress, ctx),
        Outcome::Held { .. } | Outcome::Voided { .. } => vec![],
        Outcome::Refused { why } => {
            let sentence = format!("{kind} was refused by the desk: {why}");
            needs_human(case, &sentence, EscalationCause::NeedsHuman, about, ctx)
        }
        Outcome::Unknown { why } => {
            let sentence = format!("Nobody knows whether {kind} was carried out: {why}");
            needs_human(case, &sentence, EscalationCause::UnknownOutcome, about, ctx)
        }
    }
}

/// Routing and paging put the case into a role's hands; the card in its channel is how the role learns. What
/// the role was told to do meanwhile has told it already that the case is theirs.
fn notice(case: &Case, progress: &DraftProgress, ctx: &Context) -> Option<CaseEvent> {
    let (role, cause) = match progress.draft.action {
        Action::RouteCase { role } if case.knows_what_to_do(role) => return None,
        Action::RouteCase { role } => (role, EscalationCause::Routed),
        Action::PageOncall { role } => (role, EscalationCause::Paged),
        _ => return None,
    };
    // The customer may have written since it departed, and then there is no verdict to name the rule.
    let rule = case.verdict.as_ref().map_or_else(
        || "the routing of an earlier revision".to_owned(),
        |verdict| judge::role_of(ctx.policy, verdict).rule,
    );
    let given = Given::of(role, cause, &rule).about(&progress.draft);
    let given = match case.request_of(&progress.draft.id) {
        Some(asked) => given.after(&asked.request),
        None => given,
    };
    Some(escalate(case, given, ctx))
}

/// A held approval that outlived its expiry is worth nothing; the question is put again, under the rules
/// as they are now. Where they would not put it to people any more, a person looks.
fn ask_again(case: &Case, progress: &DraftProgress, ctx: &Context) -> Vec<CaseEvent> {
    let approved = case
        .request_of(&progress.draft.id)
        .filter(|asked| asked.state == RequestState::Approved);
    let Some(asked) = approved else {
        return vec![];
    };
    let why = "The approval expired before the action could go out.";
    let settled = |successor| CaseEvent::Settled {
        request: asked.request.id.clone(),
        state: RequestState::Superseded,
        why: Some(why.into()),
        successor,
        not_before: None,
    };
    let draft = &progress.draft;
    let assessment = judge::assess(ctx.policy, case, draft, ctx.now);
    let asking = assessment.as_ref().map(|assessment| &assessment.course);
    let (Some(assessment), Some(Course::Ask(asking))) = (&assessment, asking) else {
        let cause = EscalationCause::NeedsHuman;
        let human = needs_human(case, why, cause, Some(draft), ctx);
        return std::iter::once(settled(None)).chain(human).collect();
    };
    let follows = Some(&asked.request);
    let again = request(case, draft, assessment, (asking.clone(), follows), ctx);
    vec![
        // What is bound is what the rules say now, so it is said again before it is asked again.
        CaseEvent::RiskAssessed {
            draft: draft.id.clone(),
            assessment: assessment.clone(),
        },
        settled(Some(again.id.clone())),
        CaseEvent::ApprovalRequested { request: again },
    ]
}
