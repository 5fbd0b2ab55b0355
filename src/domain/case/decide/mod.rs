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
mod evidence;
mod link;
mod open;
mod outcomes;
mod reading;
mod showing;
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
        } => Ok(reading::record_verdict(
            case,
            (revision, verdict),
            receipt,
            ctx,
        )),
        C::RecordModelFailure { receipt, lasting } => {
            Ok(reading::record_model_failure(case, receipt, lasting, ctx))
        }
        C::RecordEvidence { taken } => evidence::record_evidence(case, taken),
        C::RecordEvidenceFailure { ask, silence } => {
            evidence::record_evidence_failure(case, ask, silence, ctx)
        }
        C::RecordDrafts {
            revision,
            proposals,
            receipt,
        } => Ok(drafting::record_drafts(
            case,
            (revision, proposals),
            receipt,
            ctx,
        )),
        C::RecordApprovers { request, people } => showing::approvers(case, request, people, ctx),
        C::RecordBatched {
            request,
            batch,
            row,
        } => showing::batched(case, request, batch, row),
        C::RecordShown { views } => Ok(showing::shown(case, views)),
        C::RecordCardPosted { card, channel, ts } => Ok(showing::posted(case, card, channel, ts)),
        C::RecordCardFailed { card, why } => Ok(vec![CaseEvent::CardFailed { card, why }]),
        C::Click(click) => clicks::click(case, &click, ctx),
        C::Work(work) => work::work(case, &work, ctx),
        C::Wake { deadline } => deadlines::wake(case, &deadline, ctx),
        C::RecordOutcome {
            effect,
            draft,
            phase,
            outcome,
        } if case.planned_by(&draft, phase, &effect) => {
            outcomes::record_outcome(case, draft, phase, outcome, ctx)
        }
        C::RecordOutcome { .. } => Err(out_of_place("that step was planned anew or not at all")),
    }
}

/// A command that does not fit the state: late, repeated, or about something that is not there.
fn out_of_place(why: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::OutOfPlace, why, "Nothing needs to be done.")
}

/// A case while a decision unfolds: each event is folded as it is decided, so that the next sees it.
struct Unfolding<'a> {
    case: Case,
    ctx: &'a Context<'a>,
    events: Vec<CaseEvent>,
}

impl<'a> Unfolding<'a> {
    fn of(case: &Case, ctx: &'a Context<'a>) -> Self {
        Self {
            case: case.clone(),
            ctx,
            events: vec![],
        }
    }

    /// The next event.
    fn then(&mut self, event: CaseEvent) {
        self.case.apply(self.ctx.now, &event);
        self.events.push(event);
    }

    /// The next events.
    fn then_all(&mut self, events: impl IntoIterator<Item = CaseEvent>) {
        for event in events {
            self.then(event);
        }
    }
}
