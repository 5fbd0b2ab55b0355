//! From the ticket to the verdict and the evidence.

use super::asking::{needs_human, superseded};
use super::drafting::{propose, routing_action};
use super::out_of_place;
use crate::domain::case::Case;
use crate::domain::case::command::Taken;
use crate::domain::case::context::{Context, FirstAsks};
use crate::domain::case::event::{CaseEvent, ModelView, Receipt};
use crate::domain::case::refusal::Refusal;
use crate::domain::content::Sealed;
use crate::domain::draft::Origin;
use crate::domain::escalation::EscalationCause;
use crate::domain::evidence::{Ask, Evidence};
use crate::domain::ids::EvidenceId;
use crate::domain::ticket::Ticket;
use crate::domain::time::Span;
use crate::domain::verdict::{Resolution, Signal, Verdict};

/// How long a silent source is asked again before tiering goes on without it.
const PATIENCE: Span = Span::minutes(15);
/// The pause before the first repeat; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Span = Span::seconds(15);
const LONGEST_PAUSE: Span = Span::minutes(3);

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

pub(super) fn record_verdict(
    case: &Case,
    revision: u32,
    verdict: Verdict,
    receipt: Receipt,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let mut events = vec![CaseEvent::ModelCalled { receipt }];
    if revision != case.revision || case.verdict.is_some() {
        return Ok(events);
    }
    let Some(view) = &case.view else {
        return Err(out_of_place("that revision was not read yet"));
    };
    let verdict = disciplined(verdict, view);
    let mut judged = case.clone();
    judged.verdict = Some(verdict.clone());
    let money = is_money(&verdict);
    events.push(CaseEvent::Triaged { revision, verdict });

    // The routing draft is ours and waits for nothing: an outage is not held up by a slow connector.
    if let Some(action) = routing_action(&judged, ctx) {
        events.extend(propose(&judged, action, Origin::Code, vec![], ctx));
    }
    let unverified = judged
        .ticket
        .as_ref()
        .is_none_or(|t| !t.requester.verified || !t.requester.has_email);
    if money && unverified {
        let reason =
            "The source does not vouch for who asked, so nothing was looked up.".to_owned();
        events.push(CaseEvent::IdentityNeeded { reason });
    }
    events.push(CaseEvent::EvidenceAsked {
        asks: asks(&ctx.first_asks, money, unverified),
    });
    Ok(events)
}

/// The questions that begin the gathering: the ticket's own desk always, sources about the customer only
/// for money matters of a requester who is vouched for.
fn asks(first: &FirstAsks, money: bool, unverified: bool) -> Vec<Ask> {
    let customer = if money && !unverified {
        first.customer.as_slice()
    } else {
        &[]
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

/// A call that brought nothing usable costs budget; past the budget, or for good, a person looks.
pub(super) fn record_model_failure(
    case: &Case,
    receipt: Receipt,
    lasting: bool,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let spent = case.calls + 1 >= ctx.policy.contract().limits.max_model_calls_per_ticket;
    let current = receipt.revision == case.revision;
    let why = format!("The model brought nothing usable: {}.", receipt.outcome);
    let again = CaseEvent::CallAgain {
        task: receipt.task,
        revision: receipt.revision,
        at: ctx.now.plus(Span(FIRST_PAUSE.0 << case.calls.min(8))),
    };
    let mut events = vec![CaseEvent::ModelCalled { receipt }];
    if current && (lasting || spent) {
        events.extend(needs_human(case, &why, EscalationCause::NeedsHuman, ctx));
    } else if current {
        events.push(again);
    }
    events
}

pub(super) fn record_evidence(case: &Case, taken: Taken) -> Result<Vec<CaseEvent>, Refusal> {
    if !case.asking.contains_key(&taken.ask) {
        return Err(out_of_place("that question is not open"));
    }
    let known =
        |ask: &Ask| case.asking.contains_key(ask) || case.evidence.iter().any(|e| e.ask == *ask);
    let evidence = Evidence {
        id: EvidenceId::new(case.id.nth('v', case.evidence.len() + 1)),
        ask: taken.ask,
        taken_at: taken.at,
        bytes: taken.bytes,
        body: taken.body,
        findings: taken.findings,
    };
    let next = taken.next.into_iter().filter(|ask| !known(ask)).collect();
    Ok(vec![CaseEvent::EvidenceTaken { evidence, next }])
}

pub(super) fn record_evidence_failure(
    case: &Case,
    ask: Ask,
    why: String,
    lasting: bool,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let Some(failures) = case.asking.get(&ask) else {
        return Err(out_of_place("that question is not open"));
    };
    let waited = failures.since.map_or(Span(0), |since| ctx.now.since(since));
    let pause = Span((FIRST_PAUSE.0 << failures.count.min(8)).min(LONGEST_PAUSE.0));
    let again_at = (!lasting && waited < PATIENCE).then(|| ctx.now.plus(pause));
    Ok(vec![CaseEvent::EvidenceFailed { ask, why, again_at }])
}
