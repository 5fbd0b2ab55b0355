//! Undo: taking an approved action back before it goes out.

use super::asking::request;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::{Case, StepState};
use crate::domain::person::Person;

/// Takes an approved action back while it has not gone out, and asks again with the original due time.
pub(super) fn undo(
    case: &Case,
    progress: &RequestProgress,
    by: &Person,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let nothing = || {
        let sentence = "There is nothing to take back any more.";
        Refusal::new(
            Code::NothingToUndo,
            sentence,
            "The card says what has happened.",
        )
    };
    let draft = case.draft(&progress.request.draft).ok_or_else(nothing)?;
    let waiting = match &draft.act {
        StepState::Due(at) => ctx.now < *at,
        StepState::Held(_) => true,
        _ => false,
    };
    if progress.state != RequestState::Approved || !waiting {
        return Err(nothing());
    }
    let assessment = draft.assessment.as_ref().ok_or_else(nothing)?;
    let asking = progress.request.asking.clone();
    let follows = Some(&progress.request);
    let again = request(case, &draft.draft, assessment, (asking, follows), ctx);
    Ok(vec![
        CaseEvent::Settled {
            request: progress.request.id.clone(),
            state: RequestState::Undone,
            why: Some(format!("<@{}> took it back before it went out.", by.user)),
            successor: Some(again.id.clone()),
            not_before: None,
        },
        CaseEvent::ApprovalRequested { request: again },
    ])
}
