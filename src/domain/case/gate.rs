//! Whether a step may go out now: permit, hold or void, computed from the journal at the moment of sending.

use super::context::Context;
use super::event::Phase;
use super::subject::subject_digest;
use super::{Case, DraftProgress, StepState, judge};
use crate::domain::approval::{Course, RequestProgress, RequestState};
use crate::domain::digest::Digest;
use crate::domain::draft::Executor;
use crate::domain::ids::{DraftId, EffectId};

/// Why a held approval that outlived its expiry is void. The question is put again.
pub const EXPIRED: &str = "the approval expired while it was held";

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
    match weigh(case, draft, phase, ctx) {
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
fn weigh(case: &Case, draft: &DraftId, phase: Phase, ctx: &Context) -> Result<(), No> {
    let progress = case
        .draft(draft)
        .ok_or_else(|| void("there is no such draft"))?;
    let due = due(progress, phase)?;
    match phase {
        Phase::Note => {
            judge::permits_note(ctx.policy, case, &progress.draft, ctx.now).map_err(No::Void)?
        }
        Phase::Act => may_act(case, progress, ctx)?,
    }
    unheld(progress, phase, ctx)?;
    if ctx.now < due {
        Err(No::Hold("it can still be taken back".into()))
    } else {
        Ok(())
    }
}

/// When the step is due, if it is planned at all.
fn due(progress: &DraftProgress, phase: Phase) -> Result<crate::domain::time::At, No> {
    let step = if phase == Phase::Note {
        &progress.note
    } else {
        &progress.act
    };
    match step {
        StepState::Due(at) => Ok(*at),
        StepState::Held(_) | StepState::Going(_) => Ok(crate::domain::time::At(i64::MIN)),
        StepState::Idle => Err(void("it is not planned any more")),
        StepState::Done(..)
        | StepState::Voided(_)
        | StepState::Failed(_)
        | StepState::Unknown(_) => Err(void("it is over")),
    }
}

/// An action needs the clearance of the rules or the decision of people, and a world that has not moved.
fn may_act(case: &Case, progress: &DraftProgress, ctx: &Context) -> Result<(), No> {
    let draft = &progress.draft;
    if draft.action.kind().executor() == Executor::Nothing {
        return Err(void("nothing of ours carries out a money action"));
    }
    if progress.declined.is_some() {
        return Err(void("the policy keeps it as a proposal"));
    }
    if draft
        .target
        .revision
        .is_some_and(|revision| revision != case.revision)
    {
        return Err(void("the customer has written since"));
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
        (Course::Auto, None) => Ok(()),
        (_, None) => Err(void(
            "the policy in force asks for a decision, and there is none",
        )),
        (_, Some(asked)) => decided(case, progress, asked, ctx),
    }
}

/// The newest request for the draft is approved, by as many people as it asked for, on exactly this subject.
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
    let subject = subject_digest(
        ctx.installation,
        case,
        &asked.request,
        &progress.draft,
        assessment,
    );
    let same = subject == asked.request.subject
        && asked
            .decisions
            .iter()
            .all(|decision| decision.subject == subject);
    if !same {
        return Err(void("what was approved is not what would be done"));
    }
    let people: std::collections::BTreeSet<_> = asked
        .decisions
        .iter()
        .map(|decision| &decision.person)
        .collect();
    if people.len() < asked.request.asking.quorum as usize {
        return Err(void("too few people approved it"));
    }
    let held = matches!(progress.act, StepState::Held(_));
    if held && ctx.now >= asked.request.asking.due_at {
        return Err(void(EXPIRED));
    }
    Ok(())
}

/// Paused and unpinned hold every write. A notice to a role is not a write.
fn unheld(progress: &DraftProgress, phase: Phase, ctx: &Context) -> Result<(), No> {
    if phase == Phase::Act && progress.draft.action.kind().executor() == Executor::RoleNotice {
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
