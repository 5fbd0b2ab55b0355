//! A click on a request: who, on what exactly, and whether it counts.

use super::asking::{Given, escalate, goes_out};
use super::edits::edit;
use super::open::still_open;
use super::standing::{eligible, from_home, not_own, standing, still_allowed};
use super::undo::undo;
use crate::domain::approval::{
    Decision, RejectPreset, Request, RequestProgress, RequestState, Tier, Verb,
};
use crate::domain::case::Case;
use crate::domain::case::command::{Click, Wants};
use crate::domain::case::context::Context;
use crate::domain::case::event::{CaseEvent, ShownView};
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::subject::subject_digest;
use crate::domain::draft::Executor;
use crate::domain::escalation::{EscalationCause, Role};

/// The decision on a click, in the order in which a person would want to hear why not.
pub(super) fn click(case: &Case, click: &Click, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    from_home(&click.person, &click.app, ctx)?;
    let (progress, view) = found(case, click)?;
    let undoes = matches!(click.wants, Wants::Undo);
    if !undoes {
        still_open(case, progress, click, ctx)?;
    }
    as_shown(case, progress, (view, click), ctx)?;
    let standing = standing(ctx, progress.request.tier)?;
    // Taking one's own decision back gives nobody a say that they did not have.
    let own_decision = progress
        .decisions
        .iter()
        .any(|decision| decision.person.is(&click.person));
    if !(undoes && own_decision) {
        not_own(&progress.request.authors, &click.person, ctx)?;
    }
    let eligibility = eligible(case, progress, &click.person, standing, ctx)?;
    if undoes {
        return undo(case, progress, &click.person, ctx);
    }
    still_allowed(case, progress, &click.person, standing, ctx)?;
    not_being_moved(case, progress, &click.wants)?;
    reasoned(&progress.request, &click.wants)?;
    let decided = |verb, preset, reason| Decision {
        person: click.person.clone(),
        verb,
        preset,
        reason,
        eligibility,
        view: click.view.clone(),
        view_digest: click.view_digest,
        subject: progress.request.subject,
        at: ctx.now,
    };
    match &click.wants {
        Wants::Approve { reason } => {
            let decision = decided(Verb::Approve, None, *reason);
            Ok(approve(case, progress, decision, ctx))
        }
        Wants::Reject { preset, reason } => {
            Ok(reject(progress, decided(Verb::Reject, *preset, *reason)))
        }
        Wants::Edit { action, reason } => {
            let decision = decided(Verb::Edit, None, *reason);
            edit(case, progress, action.clone(), decision, ctx)
        }
        Wants::Undo => undo(case, progress, &click.person, ctx),
    }
}

/// The request, and the rendering of it that was clicked on.
fn found<'a>(
    case: &'a Case,
    click: &Click,
) -> Result<(&'a RequestProgress, &'a ShownView), Refusal> {
    let view = case
        .views
        .get(&click.view)
        .filter(|view| view.request.as_ref() == Some(&click.request));
    case.request(&click.request).zip(view).ok_or_else(|| {
        Refusal::new(
            Code::Unknown,
            "This button belongs to nothing that is in this case.",
            "Open the newest card of this case: /triage show.",
        )
    })
}

/// Whether what the person was shown is exactly what stands now.
fn as_shown(
    case: &Case,
    progress: &RequestProgress,
    (view, click): (&ShownView, &Click),
    ctx: &Context,
) -> Result<(), Refusal> {
    let now = case.draft(&progress.request.draft).and_then(|draft| {
        let assessment = draft.assessment.as_ref()?;
        let (request, draft) = (&progress.request, &draft.draft);
        Some(subject_digest(
            ctx.installation,
            case,
            request,
            draft,
            assessment,
        ))
    });
    let same = now.is_some_and(|now| {
        now.matches_prefix(&click.subject_prefix)
            && view.subject == now
            && progress.request.subject == now
            && view.digest == click.view_digest
    });
    if same {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Stale,
        "What you were shown is not what stands now; your click changed nothing.",
        "Read the newest card of this case and decide there.",
    ))
}

/// Money that somebody of billing says they are moving is not recommended to another one, however the earlier
/// recommendation came about. It can still be rejected.
fn not_being_moved(case: &Case, progress: &RequestProgress, wants: &Wants) -> Result<(), Refusal> {
    let draft = case.draft(&progress.request.draft);
    let moved = draft.is_some_and(|one| case.is_being_moved(&one.draft.action));
    if !moved || matches!(wants, Wants::Reject { .. }) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::TooLate,
        "Billing is moving this money already, on an earlier card of this case; your click changed nothing.",
        "Reject this one, or speak to whoever answered on billing's card.",
    ))
}

fn reasoned(request: &Request, wants: &Wants) -> Result<(), Refusal> {
    let missing = match wants {
        Wants::Approve { reason } => reason.is_none() && request.tier == Tier::High,
        Wants::Reject {
            preset: None | Some(RejectPreset::Other),
            reason,
        }
        | Wants::Edit { reason, .. } => reason.is_none(),
        Wants::Reject { .. } | Wants::Undo => false,
    };
    if !missing {
        return Ok(());
    }
    Err(Refusal::new(
        Code::ReasonMissing,
        "A reason is required here: it is what the record will say in two years.",
        "Give a reason and decide again.",
    ))
}

/// An approval counts towards the quorum; with the last one the request is settled and the action is due.
/// The quorum is the request's, or the one of the policy in force if that wants more people.
pub(super) fn approve(
    case: &Case,
    progress: &RequestProgress,
    decision: Decision,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let asking = &progress.request.asking;
    let needed = asking.quorum.max(ctx.policy.quorum(&asking.approver_rule));
    let others = progress
        .decisions
        .iter()
        .filter(|earlier| earlier.verb != Verb::Reject && !earlier.person.is(&decision.person))
        .count();
    let id = progress.request.id.clone();
    let mut events = vec![CaseEvent::Decided {
        request: id.clone(),
        decision,
    }];
    let draft = case.draft(&progress.request.draft);
    let Some(draft) = draft.filter(|_| others + 1 >= needed as usize) else {
        return events;
    };
    let kind = draft.draft.action.kind();
    let ours = kind.executor() != Executor::Nothing;
    events.push(CaseEvent::Settled {
        request: id,
        state: RequestState::Approved,
        why: None,
        successor: None,
        not_before: ours.then(|| goes_out(kind, ctx)),
    });
    if !ours {
        // Nothing of ours runs: the decided case goes to the people who act on money.
        let given = Given::of(
            Role::Billing,
            EscalationCause::ApprovedRecommendation,
            "structural: money to billing",
        );
        events.push(escalate(case, given.after(&progress.request), ctx));
    }
    events
}

fn reject(progress: &RequestProgress, decision: Decision) -> Vec<CaseEvent> {
    let request = progress.request.id.clone();
    let settled = CaseEvent::Settled {
        request: request.clone(),
        state: RequestState::Rejected,
        why: None,
        successor: None,
        not_before: None,
    };
    vec![CaseEvent::Decided { request, decision }, settled]
}
