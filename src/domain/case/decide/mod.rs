//! The decision: which events follow from a command to a case. Pure; one file per kind of command.

use super::Case;
use super::command::CaseCommand;
use super::context::Context;
use super::event::CaseEvent;
use super::refusal::{Refusal, RefusalCode};

mod asking;
mod clicks;
mod deadlines;
mod drafting;
mod edits;
mod outcomes;
mod reading;
mod standing;
mod undo;
mod work;

/// What follows from a command: events, or a refusal that the sender is told.
///
/// # Errors
/// A [`Refusal`] when the command changes nothing. For clicks the engine journals it as `ClickRefused`.
pub fn decide(case: &Case, command: CaseCommand, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    use CaseCommand as C;
    match command {
        C::Open { ticket } => reading::open(case, ticket, ctx),
        _ if case.ticket.is_none() => Err(out_of_place("there is no such case")),
        C::AddMessage { message } => Ok(reading::add_message(case, message)),
        C::RecordView { revision, view } => reading::record_view(case, revision, view),
        C::RecordVerdict {
            revision,
            verdict,
            receipt,
        } => reading::record_verdict(case, revision, verdict, receipt, ctx),
        C::RecordModelFailure { receipt, lasting } => {
            Ok(reading::record_model_failure(case, receipt, lasting, ctx))
        }
        C::RecordEvidence { taken } => reading::record_evidence(case, taken),
        C::RecordEvidenceFailure { ask, why, lasting } => {
            reading::record_evidence_failure(case, ask, why, lasting, ctx)
        }
        C::RecordDrafts {
            revision,
            proposals,
            receipt,
        } => drafting::record_drafts(case, revision, proposals, receipt, ctx),
        C::RecordApprovers { request, people } => {
            Ok(vec![CaseEvent::ApproversFound { request, people }])
        }
        C::RecordBatched {
            request,
            batch,
            row,
        } => Ok(vec![CaseEvent::Batched {
            request,
            batch,
            row,
        }]),
        C::RecordShown { views } => Ok(views
            .into_iter()
            .filter(|view| !case.views.contains_key(&view.view))
            .map(|view| CaseEvent::Shown { view })
            .collect()),
        C::RecordCardPosted { card, channel, ts } => {
            Ok(vec![CaseEvent::CardPosted { card, channel, ts }])
        }
        C::RecordCardFailed { card, why } => Ok(vec![CaseEvent::CardFailed { card, why }]),
        C::Click(click) => clicks::click(case, &click, ctx),
        C::Work(work) => work::work(case, &work, ctx),
        C::Wake { deadline } => deadlines::wake(case, &deadline, ctx),
        C::RecordOutcome {
            draft,
            phase,
            outcome,
        } => outcomes::record_outcome(case, draft, phase, outcome, ctx),
    }
}

/// A command that does not fit the state: late, repeated, or about something that is not there.
fn out_of_place(why: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::OutOfPlace, why, "Nothing needs to be done.")
}
