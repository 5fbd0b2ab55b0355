//! A click on a request: who, on what exactly, and whether it counts.

use super::asking::{Given, escalate, goes_out};
use super::edits::edit;
use super::standing::standing;
use super::undo::undo;
use crate::domain::approval::{Decision, RejectPreset, RequestProgress, RequestState, Tier, Verb};
use crate::domain::case::command::{Click, Wants};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::subject::subject_digest;
use crate::domain::case::{Case, judge};
use crate::domain::draft::Executor;
use crate::domain::escalation::{EscalationCause, Role};
use crate::domain::person::{Eligibility, Standing};

/// The decision on a click, in the order in which a person would want to hear why not.
pub(super) fn click(case: &Case, click: &Click, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    from_home(click, ctx)?;
    let progress = shown(case, click, ctx)?;
    if matches!(click.wants, Wants::Undo) {
        let standing = standing(ctx, progress.request.tier)?;
        eligible(case, progress, click, &standing, ctx)?;
        return undo(case, progress, ctx);
    }
    still_open(progress, click, ctx)?;
    let standing = standing(ctx, progress.request.tier)?;
    not_own(progress, click, ctx)?;
    let eligibility = eligible(case, progress, click, &standing, ctx)?;
    still_allowed(case, progress, ctx)?;
    reasoned(progress, &click.wants)?;
    match &click.wants {
        Wants::Approve { reason } => {
            let decision = decision(progress, click, eligibility, Verb::Approve, ctx);
            let decision = Decision {
                reason: *reason,
                ..decision
            };
            Ok(approve(case, progress, decision, ctx))
        }
        Wants::Reject { preset, reason } => {
            let decision = decision(progress, click, eligibility, Verb::Reject, ctx);
            Ok(reject(
                progress,
                Decision {
                    preset: *preset,
                    reason: *reason,
                    ..decision
                },
            ))
        }
        Wants::Edit { action, reason } => {
            let decision = decision(progress, click, eligibility, Verb::Edit, ctx);
            edit(
                case,
                progress,
                action.clone(),
                Decision {
                    reason: *reason,
                    ..decision
                },
                ctx,
            )
        }
        Wants::Undo => Err(super::out_of_place("undo was handled above")),
    }
}

fn from_home(click: &Click, ctx: &Context) -> Result<(), Refusal> {
    if ctx.installation.is_home_of(&click.person) && click.app == ctx.installation.app {
        return Ok(());
    }
    let sentence =
        "This click came from another workspace or app than the one this case belongs to.";
    Err(Refusal::new(
        Code::WrongWorkspace,
        sentence,
        "Open the card in its own workspace.",
    ))
}

/// The request, if what the person was shown is exactly what stands now.
fn shown<'a>(case: &'a Case, click: &Click, ctx: &Context) -> Result<&'a RequestProgress, Refusal> {
    let unknown = || {
        let next = "Open the newest card of this case: /triage show.";
        Refusal::new(
            Code::Unknown,
            "This button belongs to nothing that is in this case.",
            next,
        )
    };
    let stale = || {
        let sentence = "What you were shown is not what stands now; your click changed nothing.";
        Refusal::new(
            Code::Stale,
            sentence,
            "Read the newest card of this case and decide there.",
        )
    };
    let progress = case.request(&click.request).ok_or_else(unknown)?;
    let view = case.views.get(&click.view).ok_or_else(unknown)?;
    if view.request.as_ref() != Some(&click.request) {
        return Err(unknown());
    }
    let draft = case.draft(&progress.request.draft).ok_or_else(unknown)?;
    let assessment = draft.assessment.as_ref().ok_or_else(unknown)?;
    let now = subject_digest(
        ctx.installation,
        case,
        &progress.request,
        &draft.draft,
        assessment,
    );
    let same = now.matches_prefix(&click.subject_prefix)
        && view.subject == now
        && progress.request.subject == now
        && view.digest == click.view_digest;
    if same { Ok(progress) } else { Err(stale()) }
}

fn still_open(progress: &RequestProgress, click: &Click, ctx: &Context) -> Result<(), Refusal> {
    let mine = progress
        .decisions
        .iter()
        .find(|decision| decision.person == click.person);
    match progress.state {
        RequestState::Pending if ctx.now >= progress.request.asking.due_at => Err(lapsed()),
        RequestState::Pending => match mine {
            None => Ok(()),
            Some(_) => Err(twice()),
        },
        _ if mine.is_some() => Err(twice()),
        RequestState::Approved | RequestState::Rejected => Err(too_late(progress)),
        RequestState::Lapsed => Err(lapsed()),
        RequestState::Superseded | RequestState::Undone => {
            let why = progress
                .superseded
                .as_deref()
                .unwrap_or("A newer draft took its place.");
            let next = "Decide on the newest card of this case.";
            Err(Refusal::new(
                Code::Superseded,
                format!("{why} Your click changed nothing."),
                next,
            ))
        }
    }
}

fn twice() -> Refusal {
    let sentence = "You have decided this already; your second click changed nothing.";
    Refusal::new(Code::Twice, sentence, "Nothing needs to be done.")
}

fn lapsed() -> Refusal {
    let sentence = "The time for this decision ran out; your click changed nothing.";
    Refusal::new(Code::Lapsed, sentence, "The card says who has it now.")
}

fn too_late(progress: &RequestProgress) -> Refusal {
    let sentence = match progress.decisions.last() {
        Some(first) => {
            let verb = if progress.state == RequestState::Rejected {
                "rejected"
            } else {
                "approved"
            };
            format!(
                "<@{}> {verb} this at {}; your click changed nothing.",
                first.person.user,
                clock(first.at)
            )
        }
        None => "This was decided already; your click changed nothing.".into(),
    };
    Refusal::new(Code::TooLate, sentence, "Nothing needs to be done.")
}

/// The time of day in UTC, for sentences.
fn clock(at: crate::domain::time::At) -> String {
    at.rfc3339()
        .get(11..19)
        .map_or_else(String::new, |time| format!("{time} UTC"))
}

fn not_own(progress: &RequestProgress, click: &Click, ctx: &Context) -> Result<(), Refusal> {
    if !ctx.wrote_ticket && !progress.request.authors.contains(&click.person) {
        return Ok(());
    }
    let sentence = "You wrote this ticket or this draft, so somebody else has to decide it.";
    Err(Refusal::new(
        Code::OwnDraft,
        sentence,
        "Ask another approver who is named on the card.",
    ))
}

/// Whether the person may decide, under the policy of the request and under the one in force.
fn eligible(
    case: &Case,
    progress: &RequestProgress,
    click: &Click,
    standing: &Standing,
    ctx: &Context,
) -> Result<Eligibility, Refusal> {
    let rule = &progress.request.asking.approver_rule;
    let amount = case
        .draft(&progress.request.draft)
        .and_then(|draft| draft.draft.action.amount());
    let asked = ctx.asked_under.unwrap_or(ctx.policy);
    let home = &ctx.installation.team;
    let not_yours = |policy: &crate::domain::policy::Policy| {
        let who = policy.names_for_people(rule, amount);
        let sentence = format!("This is for {who} to decide; your click changed nothing.");
        Refusal::new(Code::NotYours, sentence, "Ask one of them.")
    };
    let eligibility = asked
        .may_decide(rule, amount, &click.person, standing, home)
        .map_err(|_| not_yours(asked))?;
    ctx.policy
        .may_decide(rule, amount, &click.person, standing, home)
        .map_err(|_| not_yours(ctx.policy))?;
    Ok(eligibility)
}

/// Whether the policy in force still puts this draft to people at all.
fn still_allowed(case: &Case, progress: &RequestProgress, ctx: &Context) -> Result<(), Refusal> {
    if progress.request.policy == ctx.policy.digest() {
        return Ok(());
    }
    let allowed = case
        .draft(&progress.request.draft)
        .and_then(|draft| judge::assess(ctx.policy, case, &draft.draft, ctx.now))
        .is_some_and(|assessment| judge::permits(&assessment));
    if allowed {
        return Ok(());
    }
    let sentence = "The policy has changed since this was asked and does not allow it any more.";
    Err(Refusal::new(
        Code::PolicyChanged,
        sentence,
        "The case is with its role; nothing will be sent.",
    ))
}

fn reasoned(progress: &RequestProgress, wants: &Wants) -> Result<(), Refusal> {
    let missing = match wants {
        Wants::Approve { reason } => reason.is_none() && progress.request.tier == Tier::High,
        Wants::Reject {
            preset: None | Some(RejectPreset::Other),
            reason,
        } => reason.is_none(),
        Wants::Edit { reason, .. } => reason.is_none(),
        Wants::Reject { .. } | Wants::Undo => false,
    };
    if !missing {
        return Ok(());
    }
    let sentence = "A reason is required here: it is what the record will say in two years.";
    Err(Refusal::new(
        Code::ReasonMissing,
        sentence,
        "Give a reason and decide again.",
    ))
}

fn decision(
    progress: &RequestProgress,
    click: &Click,
    eligibility: Eligibility,
    verb: Verb,
    ctx: &Context,
) -> Decision {
    Decision {
        person: click.person.clone(),
        verb,
        preset: None,
        reason: None,
        eligibility,
        view: click.view.clone(),
        view_digest: click.view_digest,
        subject: progress.request.subject,
        at: ctx.now,
    }
}

/// An approval counts towards the quorum; with the last one the request is settled and the action is due.
pub(super) fn approve(
    case: &Case,
    progress: &RequestProgress,
    decision: Decision,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let id = progress.request.id.clone();
    let approvals = progress
        .decisions
        .iter()
        .filter(|earlier| earlier.verb != Verb::Reject)
        .count()
        + 1;
    let mut events = vec![CaseEvent::Decided {
        request: id.clone(),
        decision,
    }];
    if approvals < progress.request.asking.quorum as usize {
        return events;
    }
    let Some(draft) = case.draft(&progress.request.draft) else {
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
