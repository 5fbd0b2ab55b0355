//! Whether a request still waits for this person, and what somebody is told who comes too late.

use super::deadlines::{End, end, next_asking};
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::Case;
use crate::domain::case::command::Click;
use crate::domain::case::context::Context;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::escalation::Role;
use crate::domain::ids::RuleName;
use crate::domain::time::At;

pub(super) fn still_open(
    case: &Case,
    progress: &RequestProgress,
    click: &Click,
    ctx: &Context,
) -> Result<(), Refusal> {
    let mine = progress
        .decisions
        .iter()
        .any(|decision| decision.person.is(&click.person));
    match progress.state {
        RequestState::Pending if ctx.now >= progress.request.asking.due_at => {
            Err(lapsed(case, progress, ctx))
        }
        RequestState::Pending if !mine => Ok(()),
        RequestState::Pending | RequestState::Approved | RequestState::Rejected if mine => {
            Err(twice())
        }
        RequestState::Pending | RequestState::Approved | RequestState::Rejected => {
            Err(too_late(progress))
        }
        RequestState::Lapsed => Err(lapsed(case, progress, ctx)),
        RequestState::Superseded | RequestState::Undone => Err(superseded(progress)),
    }
}

fn twice() -> Refusal {
    let sentence = "You have decided this already; your second click changed nothing.";
    Refusal::new(Code::Twice, sentence, "Nothing needs to be done.")
}

fn superseded(progress: &RequestProgress) -> Refusal {
    let why = progress
        .superseded
        .as_deref()
        .unwrap_or("A newer draft took its place.");
    Refusal::new(
        Code::Superseded,
        format!("{why} Your click changed nothing."),
        "Decide on the newest card of this case.",
    )
}

/// Names who has it now. Where the deadline has passed and the lapse is not recorded yet, that is who will
/// have it in a moment.
fn lapsed(case: &Case, progress: &RequestProgress, ctx: &Context) -> Refusal {
    let amount = case
        .draft(&progress.request.draft)
        .and_then(|draft| draft.draft.action.amount());
    let people = |rule: &RuleName| ctx.policy.names_for_people(rule, amount);
    let recorded = progress.state == RequestState::Lapsed;
    let next = if recorded {
        let successor = progress.successor.as_ref();
        successor
            .and_then(|next| case.request(next))
            .map(|next| next.request.asking.clone())
    } else {
        next_asking(case, progress, ctx)
    };
    let next_step = match next {
        Some(asking) => format!("It is with {} now.", people(&asking.approver_rule)),
        None if recorded => left_at(case, progress),
        None => match end(case, progress, ctx) {
            End::Given(role) => with_role(role),
            End::Shown(escalation) => shown_to(escalation.role),
            End::Dropped => NOTHING_DONE.into(),
        },
    };
    let sentence = format!(
        "The time for this decision ran out at {}; your click changed nothing.",
        clock(progress.request.asking.due_at)
    );
    Refusal::new(Code::Lapsed, sentence, next_step)
}

const NOTHING_DONE: &str = "Nobody else is asked about it, and nothing was done.";

/// Where a request is whose lapse is recorded and that was put to nobody else.
fn left_at(case: &Case, progress: &RequestProgress) -> String {
    let with = progress.with.as_ref().and_then(|id| case.escalation(id));
    match with {
        Some((given, _)) if case.left_undone(progress) => shown_to(given.role),
        Some((given, _)) => with_role(given.role),
        None => NOTHING_DONE.into(),
    }
}

fn with_role(role: Role) -> String {
    format!("It is with the role {role} now.")
}

fn shown_to(role: Role) -> String {
    format!("{NOTHING_DONE} The role {role} has the case and sees it on its card.")
}

fn too_late(progress: &RequestProgress) -> Refusal {
    let sentence = match progress.decisions.last() {
        Some(last) => {
            let verb = if progress.state == RequestState::Rejected {
                "rejected"
            } else {
                "approved"
            };
            format!(
                "<@{}> {verb} this at {}; your click changed nothing.",
                last.person.user,
                clock(last.at)
            )
        }
        None => "This was decided already; your click changed nothing.".into(),
    };
    Refusal::new(Code::TooLate, sentence, "Nothing needs to be done.")
}

/// The time of day in UTC, for sentences.
fn clock(at: At) -> String {
    at.rfc3339()
        .get(11..19)
        .map_or_else(String::new, |time| format!("{time} UTC"))
}
