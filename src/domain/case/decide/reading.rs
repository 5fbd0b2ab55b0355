//! From the ticket to the verdict, and the model calls on the way.

use super::asking::{needs_human, superseded};
use super::drafting::{propose, routing_action};
use super::{Unfolding, out_of_place};
use crate::domain::case::Case;
use crate::domain::case::context::{Context, FirstAsks};
use crate::domain::case::event::{CaseEvent, ModelView, Receipt};
use crate::domain::case::refusal::Refusal;
use crate::domain::content::Sealed;
use crate::domain::draft::Origin;
use crate::domain::escalation::EscalationCause;
use crate::domain::evidence::Ask;
use crate::domain::model::ModelTask;
use crate::domain::ticket::Ticket;
use crate::domain::time::Span;
use crate::domain::verdict::{Resolution, Signal, Verdict};

/// The pause before a model is asked again; it doubles with each call of the revision.
const FIRST_PAUSE: Span = Span::seconds(15);

pub(super) fn open(case: &Case, ticket: Ticket, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    if case.ticket.is_some() {
        return Err(out_of_place("this ticket has a case already"));
    }
    Ok(vec![CaseEvent::TicketReceived {
        number: ctx.next_number,
        ticket,
    }])
}

/// A new message makes a new revision. What answered the old one is void at the gate, and its open
/// questions are withdrawn here.
pub(super) fn add_message(case: &Case, message: Sealed) -> Vec<CaseEvent> {
    let mut events = vec![CaseEvent::CustomerWrote {
        revision: case.revision + 1,
        message,
    }];
    events.extend(
        case.pending()
            .filter(|progress| {
                case.draft(&progress.request.draft)
                    .is_some_and(|draft| draft.draft.target.revision.is_some())
            })
            .map(|progress| superseded(progress, "The customer wrote again.", None)),
    );
    events
}

pub(super) fn record_view(
    case: &Case,
    revision: u32,
    view: ModelView,
) -> Result<Vec<CaseEvent>, Refusal> {
    if revision != case.revision || case.view.is_some() {
        return Err(out_of_place("that revision was read already"));
    }
    Ok(vec![CaseEvent::Redacted { revision, view }])
}

/// A late or repeated verdict leaves its receipt and nothing else.
pub(super) fn record_verdict(
    case: &Case,
    (revision, verdict): (u32, Verdict),
    receipt: Receipt,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let mut unfolding = Unfolding::of(case, ctx);
    unfolding.then(CaseEvent::ModelCalled { receipt });
    let view = case
        .view
        .as_ref()
        .filter(|_| revision == case.revision && case.verdict.is_none());
    let Some(view) = view else {
        return unfolding.events;
    };
    let verdict = disciplined(verdict, view);
    let money = is_money(&verdict);
    unfolding.then(CaseEvent::Triaged { revision, verdict });

    // The routing draft is ours and waits for nothing: an outage is not held up by a slow connector.
    if let Some(action) = routing_action(&unfolding.case, ctx) {
        propose(&mut unfolding, action, Origin::Code, vec![]);
    }
    let unverified = case
        .ticket
        .as_ref()
        .is_none_or(|t| !t.requester.verified || !t.requester.has_email);
    if money && unverified && case.link().is_none() {
        let reason =
            "The source does not vouch for who asked, so nothing was looked up.".to_owned();
        unfolding.then(CaseEvent::IdentityNeeded { reason });
    }
    if spent(&unfolding.case, ctx) {
        let why = "The model calls of this revision were used up before anything was drafted.";
        let human = needs_human(&unfolding.case, why, EscalationCause::NeedsHuman, None, ctx);
        unfolding.then_all(human);
    } else {
        let asks = asks(case, &ctx.first_asks, money, unverified);
        unfolding.then(CaseEvent::EvidenceAsked { asks });
    }
    unfolding.events
}

/// The questions that begin the gathering: the ticket's own desk always, sources about the customer only
/// for money matters of a requester who is vouched for, or linked to a customer by a person.
fn asks(case: &Case, first: &FirstAsks, money: bool, unverified: bool) -> Vec<Ask> {
    let customer = match case.link() {
        _ if !money => &[],
        Some(_) => first.linked.as_slice(),
        None if unverified => &[],
        None => first.customer.as_slice(),
    };
    first.ticket.iter().chain(customer).cloned().collect()
}

/// The verdict as it counts: never milder than the signals, and `escalate` on every money matter.
fn disciplined(mut verdict: Verdict, view: &ModelView) -> Verdict {
    verdict.severity = verdict.severity.max(view.floor);
    verdict.signals.clone_from(&view.signals);
    if is_money(&verdict) {
        verdict.resolution = Resolution::Escalate;
    }
    verdict
}

/// Whether money is what the case is about, or one of the things.
pub(super) fn is_money(verdict: &Verdict) -> bool {
    verdict.category.is_money() || verdict.signals.contains(&Signal::Money)
}

/// Whether the revision has no model call left.
pub(super) fn spent(case: &Case, ctx: &Context) -> bool {
    case.calls >= ctx.policy.contract().limits.max_model_calls_per_ticket
}

/// A call that brought nothing usable costs budget; past the budget, or for good, a person looks.
/// A failure of what has succeeded meanwhile leaves its receipt and nothing else.
pub(super) fn record_model_failure(
    case: &Case,
    receipt: Receipt,
    lasting: bool,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let (task, revision) = (receipt.task, receipt.revision);
    let why = format!("The model brought nothing usable: {}.", receipt.outcome);
    let over = match task {
        ModelTask::Triage => case.verdict.is_some(),
        ModelTask::Draft => case.drafted || case.verdict.is_none(),
    };
    let mut unfolding = Unfolding::of(case, ctx);
    unfolding.then(CaseEvent::ModelCalled { receipt });
    if revision != case.revision || over {
        return unfolding.events;
    }
    if lasting || spent(&unfolding.case, ctx) {
        let human = needs_human(
            &unfolding.case,
            &why,
            EscalationCause::NeedsHuman,
            None,
            ctx,
        );
        unfolding.then_all(human);
    } else {
        let pause = Span(FIRST_PAUSE.0 << case.calls.min(8));
        unfolding.then(CaseEvent::CallAgain {
            task,
            revision,
            at: ctx.now.plus(pause),
        });
    }
    unfolding.events
}
