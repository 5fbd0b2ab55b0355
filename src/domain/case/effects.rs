//! What follows from an event and happens outside, with ids that derive from the event's place.

use super::command::Deadline;
use super::effect::{Effect, Planned};
use super::event::{CaseEvent, Phase};
use super::{Case, StepState, cards};
use crate::domain::approval::{RequestState, Route};
use crate::domain::evidence::Ask;
use crate::domain::ids::{DraftId, EffectId, EscalationId, RequestId};
use crate::domain::model::ModelTask;
use crate::domain::time::{At, Span};

/// How often a parked escalation is pinged.
const PING: Span = Span::days(1);

/// Decisions' results first, then escalations, new requests, and the rest.
#[derive(Clone, Copy)]
enum Priority {
    Result = 0,
    Escalation = 1,
    Request = 2,
    Rest = 3,
}

type Row = (Effect, At, Priority);

/// The effects of the event that was folded last.
#[must_use]
pub fn effects_of(event: &CaseEvent, case: &Case) -> Vec<Planned<Effect>> {
    let now = case.changed_at;
    let rows = match event {
        CaseEvent::TicketReceived { .. } => {
            vec![(Effect::Redact { revision: 1 }, now, Priority::Rest)]
        }
        CaseEvent::CustomerWrote { revision, .. } => vec![(
            Effect::Redact {
                revision: *revision,
            },
            now,
            Priority::Rest,
        )],
        CaseEvent::Redacted { revision, .. } => vec![(
            Effect::Triage {
                revision: *revision,
            },
            now,
            Priority::Rest,
        )],
        CaseEvent::EvidenceAsked { asks } if asks.is_empty() => after_evidence(case, &[], now),
        CaseEvent::EvidenceAsked { asks } => gather(asks, now),
        CaseEvent::EvidenceTaken { next, .. } => after_evidence(case, next, now),
        CaseEvent::EvidenceFailed { ask, again_at, .. } => match again_at {
            Some(at) => vec![(Effect::Gather { ask: ask.clone() }, *at, Priority::Rest)],
            None => after_evidence(case, &[], now),
        },
        CaseEvent::NotePlanned { draft } => perform(case, draft, Phase::Note),
        CaseEvent::Cleared { draft, .. } => perform(case, draft, Phase::Act),
        CaseEvent::ApprovalRequested { request } => {
            let mut rows = requested(case, &request.id, now);
            rows.extend(
                request
                    .follows
                    .iter()
                    .flat_map(|earlier| cards_of(case, earlier, now, Priority::Result)),
            );
            rows
        }
        CaseEvent::ApproversFound { request, .. } | CaseEvent::Batched { request, .. } => {
            cards_of(case, request, now, Priority::Request)
        }
        CaseEvent::Decided { request, .. } | CaseEvent::Lapsed { request, .. } => {
            cards_of(case, request, now, Priority::Result)
        }
        CaseEvent::Settled { request, state, .. } => settled(case, request, *state, now),
        CaseEvent::CallAgain { task, revision, at } => {
            let effect = match task {
                ModelTask::Triage => Effect::Triage {
                    revision: *revision,
                },
                ModelTask::Draft => Effect::Draft {
                    revision: *revision,
                },
            };
            vec![(effect, *at, Priority::Rest)]
        }
        CaseEvent::Departed { draft, .. } => about_draft(case, draft, now),
        CaseEvent::Held { draft, .. } | CaseEvent::Voided { draft, .. } => {
            about_draft(case, draft, now)
        }
        CaseEvent::Performed { draft, .. }
        | CaseEvent::PerformFailed { draft, .. }
        | CaseEvent::OutcomeUnknown { draft, .. } => about_draft(case, draft, now),
        CaseEvent::Escalated { escalation } => {
            let mut rows = escalated(&escalation.id, escalation.due_at, now);
            rows.extend(
                escalation
                    .request
                    .iter()
                    .flat_map(|asked| cards_of(case, asked, now, Priority::Result)),
            );
            rows
        }
        CaseEvent::EscalationTaken { escalation, .. }
        | CaseEvent::EscalationResolved { escalation, .. }
        | CaseEvent::BillingAnswered { escalation, .. } => {
            vec![(
                Effect::Card {
                    card: cards::of_escalation(escalation),
                },
                now,
                Priority::Result,
            )]
        }
        CaseEvent::EscalationLapsed {
            escalation,
            successor,
        } => lapsed(escalation, successor.is_none(), now),
        CaseEvent::Reminded { escalation } => lapsed(escalation, true, now),
        CaseEvent::IdentityNeeded { .. }
        | CaseEvent::Triaged { .. }
        | CaseEvent::ModelCalled { .. }
        | CaseEvent::DraftProposed { .. }
        | CaseEvent::RiskAssessed { .. }
        | CaseEvent::Declined { .. }
        | CaseEvent::Shown { .. }
        | CaseEvent::CardPosted { .. }
        | CaseEvent::CardFailed { .. }
        | CaseEvent::ClickRefused { .. }
        | CaseEvent::HumanNeeded { .. } => vec![],
    };
    rows.into_iter()
        .enumerate()
        .map(|(n, row)| planned(case, n, row))
        .collect()
}

fn planned(case: &Case, n: usize, (effect, due_at, priority): Row) -> Planned<Effect> {
    Planned {
        id: EffectId::new(format!("{}.{}.{n}", case.id, case.seq)),
        coalesce: match &effect {
            Effect::Card { card } => Some(format!("card:{card}")),
            _ => None,
        },
        effect,
        due_at,
        priority: priority as u8,
    }
}

fn gather(asks: &[Ask], now: At) -> Vec<Row> {
    asks.iter()
        .map(|ask| (Effect::Gather { ask: ask.clone() }, now, Priority::Rest))
        .collect()
}

/// Asks what follows; when nothing is open any more, drafting begins.
fn after_evidence(case: &Case, next: &[Ask], now: At) -> Vec<Row> {
    if case.asking.is_empty() {
        return vec![(
            Effect::Draft {
                revision: case.revision,
            },
            now,
            Priority::Rest,
        )];
    }
    gather(next, now)
}

/// The step of a draft, when it is due. The gate decides once more when it is taken from the outbox.
fn perform(case: &Case, draft: &DraftId, phase: Phase) -> Vec<Row> {
    match case.step(draft, phase) {
        Some(StepState::Due(at)) => vec![(
            Effect::Perform {
                draft: draft.clone(),
                phase,
            },
            *at,
            Priority::Rest,
        )],
        _ => vec![],
    }
}

/// A new question: its deadline, and its way to people.
fn requested(case: &Case, id: &RequestId, now: At) -> Vec<Row> {
    let Some(progress) = case.request(id) else {
        return vec![];
    };
    let asking = &progress.request.asking;
    let way = match asking.route {
        Route::BatchReview => Effect::JoinBatch {
            request: id.clone(),
            rule: asking.approver_rule.clone(),
        },
        _ => Effect::FindApprovers {
            request: id.clone(),
        },
    };
    let wake = Effect::Wake {
        deadline: Deadline::Request {
            request: id.clone(),
        },
    };
    vec![
        (way, now, Priority::Request),
        (wake, asking.due_at, Priority::Escalation),
    ]
}

fn settled(case: &Case, id: &RequestId, state: RequestState, now: At) -> Vec<Row> {
    let mut rows = cards_of(case, id, now, Priority::Result);
    if state == RequestState::Approved {
        let draft = case
            .request(id)
            .map(|progress| progress.request.draft.clone());
        rows.extend(
            draft
                .iter()
                .flat_map(|draft| perform(case, draft, Phase::Act)),
        );
    }
    rows
}

fn escalated(id: &EscalationId, due_at: Option<At>, now: At) -> Vec<Row> {
    let card = (
        Effect::Card {
            card: cards::of_escalation(id),
        },
        now,
        Priority::Escalation,
    );
    let wake = due_at.map(|due| {
        let deadline = Deadline::Escalation {
            escalation: id.clone(),
        };
        (Effect::Wake { deadline }, due, Priority::Escalation)
    });
    std::iter::once(card).chain(wake).collect()
}

fn lapsed(id: &EscalationId, parked: bool, now: At) -> Vec<Row> {
    let card = (
        Effect::Card {
            card: cards::of_escalation(id),
        },
        now,
        Priority::Escalation,
    );
    let ping = parked.then(|| {
        let deadline = Deadline::Parked {
            escalation: id.clone(),
        };
        (
            Effect::Wake { deadline },
            now.plus(PING),
            Priority::Escalation,
        )
    });
    std::iter::once(card).chain(ping).collect()
}

fn cards_of(case: &Case, request: &RequestId, now: At, priority: Priority) -> Vec<Row> {
    cards::of_request(case, request)
        .into_iter()
        .map(|card| (Effect::Card { card }, now, priority))
        .collect()
}

/// Every card on which the state of a draft shows.
fn about_draft(case: &Case, draft: &DraftId, now: At) -> Vec<Row> {
    let asked = case
        .request_of(draft)
        .map(|progress| progress.request.id.clone());
    let mut rows: Vec<Row> = asked
        .iter()
        .flat_map(|request| cards_of(case, request, now, Priority::Result))
        .collect();
    rows.extend(
        case.escalations
            .iter()
            .filter(|(escalation, _)| escalation.draft.as_ref() == Some(draft))
            .map(|(escalation, _)| {
                (
                    Effect::Card {
                        card: cards::of_escalation(&escalation.id),
                    },
                    now,
                    Priority::Result,
                )
            }),
    );
    rows
}
