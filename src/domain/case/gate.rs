//! Whether a step may go out now: permit, hold or void, computed from the journal at the moment of sending.

use std::collections::BTreeSet;

use super::context::Context;
use super::event::Phase;
use super::subject::subject_digest;
use super::{Case, DraftProgress, StepState, judge};
use crate::domain::approval::{Course, Decision, RequestProgress, RequestState, Verb};
use crate::domain::digest::Digest;
use crate::domain::draft::Executor;
use crate::domain::ids::{DraftId, EffectId};
use crate::domain::time::At;

/// Why a held approval that outlived its expiry is void. The question is put again.
pub const EXPIRED: &str = "the approval expired while it was held";

/// How a hold begins that a limit of the contract is the reason of.
pub const OVER_LIMIT: &str = "over the limit of";

/// Leave to carry out one step once. Only the gate can make one.
#[derive(Debug)]
pub struct Permit {
    effect: EffectId,
    draft: DraftId,
    phase: Phase,
    policy: Digest,
}

impl Permit {
    /// The effect that is permitted; its id is the idempotency key.
    #[must_use]
    pub const fn effect(&self) -> &EffectId {
        &self.effect
    }

    /// The draft that is carried out.
    #[must_use]
    pub const fn draft(&self) -> &DraftId {
        &self.draft
    }

    /// Which step of it.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// The policy under which it was permitted.
    #[must_use]
    pub const fn policy(&self) -> &Digest {
        &self.policy
    }
}

/// The gate's answer.
#[derive(Debug)]
pub enum Gate {
    /// It may go out, once.
    Permit(Permit),
    /// Not now: paused, not pinned, not due. The row stays and waits.
    Hold(String),
    /// Never: stale, denied, target moved.
    Void(String),
}

/// Whether this step of this draft may go out now.
#[must_use]
pub fn gate(case: &Case, effect: &EffectId, draft: &DraftId, phase: Phase, ctx: &Context) -> Gate {
    match weigh(case, effect, (draft, phase), ctx) {
        Ok(()) => Gate::Permit(Permit {
            effect: effect.clone(),
            draft: draft.clone(),
            phase,
            policy: ctx.policy.digest(),
        }),
        Err(No::Hold(why)) => Gate::Hold(why),
        Err(No::Void(why)) => Gate::Void(why),
    }
}

enum No {
    Hold(String),
    Void(String),
}

fn void(why: impl Into<String>) -> No {
    No::Void(why.into())
}

/// The checks in order. What can never go out is void before anything is held.
fn weigh(
    case: &Case,
    effect: &EffectId,
    (draft, phase): (&DraftId, Phase),
    ctx: &Context,
) -> Result<(), No> {
    let progress = case
        .draft(draft)
        .ok_or_else(|| void("there is no such draft"))?;
    if !case.planned_by(draft, phase, effect) {
        return Err(void("it was planned anew"));
    }
    let due = due(progress, phase)?;
    current(case, progress)?;
    match phase {
        Phase::Note => may_note(case, progress, ctx)?,
        Phase::Act => may_act(case, progress, ctx)?,
    }
    unheld(progress, phase, ctx)?;
    if ctx.now < due {
        return Err(No::Hold("it can still be taken back".into()));
    }
    within_limits(case, progress, phase, ctx)
}

/// When the step is due, if it is planned at all.
fn due(progress: &DraftProgress, phase: Phase) -> Result<At, No> {
    let step = match phase {
        Phase::Note => &progress.note,
        Phase::Act => &progress.act,
    };
    match step {
        StepState::Due(at) => Ok(*at),
        StepState::Held(_) | StepState::Going(_) => Ok(At(i64::MIN)),
        StepState::Idle => Err(void("it is not planned any more")),
        StepState::Done(..)
        | StepState::Voided(_)
        | StepState::Failed(_)
        | StepState::Unknown(_) => Err(void("it is over")),
    }
}

/// What answers the customer must answer what the customer said last; what is reversible and internal
/// waits while a new message is being read.
fn current(case: &Case, progress: &DraftProgress) -> Result<(), No> {
    let bound = progress.draft.target.revision;
    if bound.is_some_and(|revision| revision != case.revision) {
        return Err(void("the customer has written since"));
    }
    match (&case.verdict, &case.human_needed) {
        (Some(_), _) => Ok(()),
        (None, None) => Err(No::Hold("the customer's new message is being read".into())),
        (None, Some(_)) => Err(void("the customer's new message could not be read")),
    }
}

/// A proposal is written down while it is one: before the decision, and before what was decided runs.
fn may_note(case: &Case, progress: &DraftProgress, ctx: &Context) -> Result<(), No> {
    let over = case.request_of(&progress.draft.id).is_some_and(|asked| {
        matches!(
            asked.state,
            RequestState::Rejected | RequestState::Superseded
        )
    });
    if over {
        return Err(void("the proposal does not stand any more"));
    }
    judge::permits_note(ctx.policy, case, &progress.draft, ctx.now).map_err(No::Void)
}

/// An action needs the clearance of the rules or the decision of people, and rules that still allow it.
fn may_act(case: &Case, progress: &DraftProgress, ctx: &Context) -> Result<(), No> {
    let draft = &progress.draft;
    if draft.action.kind().executor() == Executor::Nothing {
        return Err(void("nothing of ours carries out a money action"));
    }
    if progress.declined.is_some() {
        return Err(void("the policy keeps it as a proposal"));
    }
    let assessment = judge::assess(ctx.policy, case, draft, ctx.now)
        .ok_or_else(|| void("the case was not triaged"))?;
    match (&assessment.course, case.request_of(&draft.id)) {
        (
            Course::Never { reason }
            | Course::Blocked { reason, .. }
            | Course::RecordOnly { reason },
            _,
        ) => Err(void(format!(
            "the policy in force does not allow it: {reason}"
        ))),
        (Course::ToRole { role }, _) => Err(void(format!(
            "the policy in force gives such cases to {role}"
        ))),
        (Course::Auto, None) if progress.cleared.is_some() => Ok(()),
        (_, None) => Err(void(
            "the policy in force asks for a decision, and there is none",
        )),
        (_, Some(asked)) if assessment.tier > asked.request.tier => {
            Err(void("the rules put it into a higher tier now"))
        }
        (_, Some(asked)) => decided(case, progress, asked, ctx),
    }
}

/// The newest request for the draft is approved on exactly this subject, by as many people as it asked
/// for, who by what was read of them at the click may decide under the policy in force as well.
fn decided(
    case: &Case,
    progress: &DraftProgress,
    asked: &RequestProgress,
    ctx: &Context,
) -> Result<(), No> {
    if asked.state != RequestState::Approved {
        return Err(void("it is not approved"));
    }
    let assessment = progress
        .assessment
        .as_ref()
        .ok_or_else(|| void("it was never assessed"))?;
    let draft = &progress.draft;
    let subject = subject_digest(ctx.installation, case, &asked.request, draft, assessment);
    let same = subject == asked.request.subject
        && asked
            .decisions
            .iter()
            .all(|decision| decision.subject == subject);
    if !same {
        return Err(void("what was approved is not what would be done"));
    }
    let rule = &asked.request.asking.approver_rule;
    let (amount, home) = (draft.action.amount(), &ctx.installation.team);
    let may = |decision: &Decision| {
        let standing = &decision.eligibility.standing;
        ctx.policy
            .may_decide(rule, amount, &decision.person, standing, home)
            .is_ok()
    };
    let people: BTreeSet<_> = asked
        .decisions
        .iter()
        .filter(|decision| decision.verb != Verb::Reject && may(decision))
        .map(|decision| (&decision.person.team, &decision.person.user))
        .collect();
    let needed = asked.request.asking.quorum.max(ctx.policy.quorum(rule));
    if people.len() < needed as usize {
        return Err(void(
            "too few of the people who approved it may do so under the policy in force",
        ));
    }
    let held = matches!(progress.act, StepState::Held(_));
    if held && ctx.now >= asked.request.asking.due_at {
        return Err(void(EXPIRED));
    }
    Ok(())
}

/// Whether a step is a write: a change on a desk or a page. A notice to a role is none.
#[must_use]
pub fn is_write(progress: &DraftProgress, phase: Phase) -> bool {
    phase == Phase::Note || progress.draft.action.kind().executor() != Executor::RoleNotice
}

/// Paused and unpinned hold every write.
fn unheld(progress: &DraftProgress, phase: Phase, ctx: &Context) -> Result<(), No> {
    if !is_write(progress, phase) {
        return Ok(());
    }
    if let Some(reason) = &ctx.paused {
        return Err(No::Hold(format!("paused: {reason}")));
    }
    if !ctx.pinned {
        return Err(No::Hold("the policy in force is not the pinned one".into()));
    }
    Ok(())
}

/// Writes that went out in the last minute leave room for this one. One that departed already was counted then.
fn within_limits(
    case: &Case,
    progress: &DraftProgress,
    phase: Phase,
    ctx: &Context,
) -> Result<(), No> {
    let departed = matches!(
        case.step(&progress.draft.id, phase),
        Some(StepState::Going(_))
    );
    if departed || !is_write(progress, phase) {
        return Ok(());
    }
    let limits = &ctx.policy.contract().limits;
    let most = limits.overall().rate_limit_per_minute;
    if ctx.departures.overall >= most.into() {
        return Err(No::Hold(format!("{OVER_LIMIT} {most} writes a minute")));
    }
    let Some(verdict) = &case.verdict else {
        return Ok(());
    };
    let most = limits.of_queue(&verdict.queue).rate_limit_per_minute;
    if ctx.departures.in_queue >= most.into() {
        return Err(No::Hold(format!(
            "{OVER_LIMIT} {most} writes a minute for the queue {}",
            verdict.queue
        )));
    }
    Ok(())
}
