//! What follows from an event and happens outside, with ids that derive from the event's place.

use super::command::Deadline;
use super::effect::{Effect, Planned};
use super::event::{CaseEvent, Phase};
use super::{Case, PING, StepState, cards};
use crate::domain::approval::{RequestState, Route};
use crate::domain::evidence::Ask;
use crate::domain::ids::{CardId, DraftId, EffectId, EscalationId, RequestId};
use crate::domain::model::ModelTask;
use crate::domain::time::At;

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
    let rows = match event {
        CaseEvent::TicketReceived { .. }
        | CaseEvent::CustomerWrote { .. }
        | CaseEvent::Redacted { .. }
        | CaseEvent::EvidenceAsked { .. }
        | CaseEvent::EvidenceTaken { .. }
        | CaseEvent::EvidenceFailed { .. }
        | CaseEvent::CallAgain { .. } => of_reading(event, case),
        CaseEvent::NotePlanned { draft } => perform(case, draft, Phase::Note),
        CaseEvent::Cleared { draft, .. } => perform(case, draft, Phase::Act),
        CaseEvent::Departed { draft, .. }
        | CaseEvent::Held { draft, .. }
        | CaseEvent::Voided { draft, .. }
        | CaseEvent::Performed { draft, .. }
        | CaseEvent::PerformFailed { draft, .. }
        | CaseEvent::OutcomeUnknown { draft, .. } => about_draft(case, draft),
        CaseEvent::ApprovalRequested { .. }
        | CaseEvent::ApproversFound { .. }
        | CaseEvent::Batched { .. }
        | CaseEvent::Decided { .. }
        | CaseEvent::Settled { .. }
        | CaseEvent::Lapsed { .. } => of_request(event, case),
        CaseEvent::Escalated { .. }
        | CaseEvent::EscalationTaken { .. }
        | CaseEvent::EscalationResolved { .. }
        | CaseEvent::BillingAnswered { .. }
        | CaseEvent::EscalationLapsed { .. }
        | CaseEvent::Reminded { .. } => of_escalation(event, case),
        CaseEvent::CardFailed { card: missing, .. } if cards::noticed(missing).is_none() => {
            vec![card(case, cards::notice_of(missing), Priority::Escalation)]
        }
        CaseEvent::CardPosted { card: found, .. }
            if case.cards.contains_key(&cards::notice_of(found)) =>
        {
            vec![card(case, cards::notice_of(found), Priority::Rest)]
        }
        CaseEvent::WokenEarly { deadline, until } => vec![wake(deadline.clone(), *until)],
        CaseEvent::ModelCalled { receipt } if receipt.task == ModelTask::Draft => still_open(case),
        CaseEvent::IdentityNeeded { .. } | CaseEvent::CustomerLinked { .. } => of_identity(case),
        CaseEvent::Triaged { .. }
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
            // One chain of pings for an escalation, however often it is planned.
            Effect::Wake {
                deadline: Deadline::Parked { escalation },
            } => Some(format!("parked:{escalation}")),
            _ => None,
        },
        effect,
        due_at,
        priority: priority as u8,
    }
}

fn of_reading(event: &CaseEvent, case: &Case) -> Vec<Row> {
    let now = case.changed_at;
    let rest = |effect: Effect| vec![(effect, now, Priority::Rest)];
    match event {
        CaseEvent::TicketReceived { .. } => rest(Effect::Redact { revision: 1 }),
        CaseEvent::CustomerWrote { revision, .. } => {
            let mut rows = rest(Effect::Redact {
                revision: *revision,
            });
            rows.extend(outdated(case));
            rows
        }
        CaseEvent::Redacted { revision, .. } => rest(Effect::Triage {
            revision: *revision,
        }),
        CaseEvent::EvidenceAsked { asks } => after_evidence(case, asks, now),
        CaseEvent::EvidenceTaken { next, .. } => after_evidence(case, next, now),
        CaseEvent::EvidenceFailed { ask, again_at, .. } => match again_at {
            Some(at) => vec![(Effect::Gather { ask: ask.clone() }, *at, Priority::Rest)],
            None => {
                let mut rows = after_evidence(case, &[], now);
                rows.extend(still_open(case));
                rows
            }
        },
        CaseEvent::CallAgain { task, revision, at } => {
            let revision = *revision;
            let effect = match task {
                ModelTask::Triage => Effect::Triage { revision },
                ModelTask::Draft => Effect::Draft { revision },
            };
            vec![(effect, *at, Priority::Rest)]
        }
        _ => vec![],
    }
}

/// Asks what follows; when nothing is open any more, drafting begins.
fn after_evidence(case: &Case, next: &[Ask], now: At) -> Vec<Row> {
    // What was drafted before a link that fell stands, and is not drafted once more.
    if case.asking.is_empty() && case.drafted {
        return vec![];
    }
    if case.asking.is_empty() {
        let revision = case.revision;
        return vec![(Effect::Draft { revision }, now, Priority::Rest)];
    }
    next.iter()
        .map(|ask| (Effect::Gather { ask: ask.clone() }, now, Priority::Rest))
        .collect()
}

/// The cards of open escalations, when what they say of the reading is not so any more.
fn still_open(case: &Case) -> Vec<Row> {
    case.open_escalations()
        .flat_map(|(escalation, _)| cards_of_escalation(case, &escalation.id, Priority::Rest))
        .collect()
}

/// The cards of open escalations whose draft answers what the customer said before.
fn outdated(case: &Case) -> Vec<Row> {
    case.open_escalations()
        .filter(|(escalation, _)| {
            let draft = escalation.draft.as_ref().and_then(|id| case.draft(id));
            draft.is_some_and(|progress| progress.draft.target.revision.is_some())
        })
        .flat_map(|(escalation, _)| cards_of_escalation(case, &escalation.id, Priority::Result))
        .collect()
}

/// Every card on which it shows who asked: those of open escalations have the button to say so.
fn of_identity(case: &Case) -> Vec<Row> {
    let open = case
        .open_escalations()
        .flat_map(|(escalation, _)| cards_of_escalation(case, &escalation.id, Priority::Result));
    let asked = case
        .pending()
        .flat_map(|asked| cards_of(case, &asked.request.id, Priority::Result));
    open.chain(asked).collect()
}

/// The step of a draft, when it is due. The gate decides once more when it is taken from the outbox.
fn perform(case: &Case, draft: &DraftId, phase: Phase) -> Vec<Row> {
    let Some(StepState::Due(at)) = case.step(draft, phase) else {
        return vec![];
    };
    let effect = Effect::Perform {
        draft: draft.clone(),
        phase,
    };
    let priority = match phase {
        Phase::Note => Priority::Rest,
        Phase::Act => Priority::Result,
    };
    vec![(effect, *at, priority)]
}

fn wake(deadline: Deadline, until: At) -> Row {
    (Effect::Wake { deadline }, until, Priority::Escalation)
}

fn of_request(event: &CaseEvent, case: &Case) -> Vec<Row> {
    match event {
        CaseEvent::ApprovalRequested { request } => {
            let mut rows = requested(case, &request.id);
            rows.extend(
                request
                    .follows
                    .iter()
                    .flat_map(|earlier| cards_of(case, earlier, Priority::Result)),
            );
            rows
        }
        CaseEvent::ApproversFound { request, .. } | CaseEvent::Batched { request, .. } => {
            cards_of(case, request, Priority::Request)
        }
        CaseEvent::Decided { request, .. } => cards_of(case, request, Priority::Result),
        CaseEvent::Lapsed { request, with, .. } => {
            let mut rows = cards_of(case, request, Priority::Result);
            rows.extend(
                with.iter()
                    .flat_map(|id| cards_of_escalation(case, id, Priority::Result)),
            );
            rows
        }
        CaseEvent::Settled { request, state, .. } => {
            let mut rows = cards_of(case, request, Priority::Result);
            if let (RequestState::Approved, Some(progress)) = (state, case.request(request)) {
                rows.extend(perform(case, &progress.request.draft, Phase::Act));
            }
            rows
        }
        _ => vec![],
    }
}

/// A new question: its deadline, and its way to people.
fn requested(case: &Case, id: &RequestId) -> Vec<Row> {
    let Some(progress) = case.request(id) else {
        return vec![];
    };
    let asking = &progress.request.asking;
    let request = id.clone();
    let find = Effect::FindApprovers {
        request: request.clone(),
    };
    let mut rows = vec![
        (find, case.changed_at, Priority::Request),
        wake(
            Deadline::Request {
                request: request.clone(),
            },
            asking.due_at,
        ),
    ];
    if asking.route == Route::BatchReview {
        let rule = asking.approver_rule.clone();
        let join = Effect::JoinBatch { request, rule };
        rows.push((join, case.changed_at, Priority::Request));
    }
    rows
}

fn of_escalation(event: &CaseEvent, case: &Case) -> Vec<Row> {
    let now = case.changed_at;
    match event {
        CaseEvent::Escalated { escalation } => {
            let id = &escalation.id;
            let mut rows = cards_of_escalation(case, id, Priority::Escalation);
            let deadline = || Deadline::Escalation {
                escalation: id.clone(),
            };
            rows.extend(escalation.due_at.map(|due| wake(deadline(), due)));
            rows.extend(
                escalation
                    .request
                    .iter()
                    .flat_map(|asked| cards_of(case, asked, Priority::Result)),
            );
            rows.extend(
                escalation
                    .succeeds
                    .iter()
                    .flat_map(|earlier| cards_of_escalation(case, earlier, Priority::Result)),
            );
            rows
        }
        CaseEvent::EscalationTaken { escalation, .. }
        | CaseEvent::EscalationResolved { escalation, .. }
        | CaseEvent::BillingAnswered { escalation, .. } => {
            let mut rows = cards_of_escalation(case, escalation, Priority::Result);
            // Whoever approved reads what the role made of it.
            let of = case.escalation(escalation);
            let asked = of.and_then(|(escalation, _)| escalation.request.as_ref());
            rows.extend(
                asked
                    .iter()
                    .flat_map(|asked| cards_of(case, asked, Priority::Result)),
            );
            rows
        }
        CaseEvent::EscalationLapsed {
            escalation,
            successor: Some(_),
        } => cards_of_escalation(case, escalation, Priority::Escalation),
        CaseEvent::EscalationLapsed {
            escalation,
            successor: None,
        }
        | CaseEvent::Reminded { escalation } => {
            let mut rows = cards_of_escalation(case, escalation, Priority::Escalation);
            let escalation = escalation.clone();
            rows.push(wake(Deadline::Parked { escalation }, now.plus(PING)));
            rows
        }
        _ => vec![],
    }
}

fn card(case: &Case, card: CardId, priority: Priority) -> Row {
    (Effect::Card { card }, case.changed_at, priority)
}

fn cards_of(case: &Case, request: &RequestId, priority: Priority) -> Vec<Row> {
    cards::of_request(case, request)
        .into_iter()
        .map(|id| card(case, id, priority))
        .collect()
}

fn cards_of_escalation(case: &Case, escalation: &EscalationId, priority: Priority) -> Vec<Row> {
    cards::of_escalation(case, escalation)
        .into_iter()
        .map(|id| card(case, id, priority))
        .collect()
}

/// Every card on which the state of a draft shows.
fn about_draft(case: &Case, draft: &DraftId) -> Vec<Row> {
    let asked = case
        .request_of(draft)
        .map(|progress| progress.request.id.clone());
    let mut rows: Vec<Row> = asked
        .iter()
        .flat_map(|request| cards_of(case, request, Priority::Result))
        .collect();
    rows.extend(
        case.escalations
            .iter()
            .filter(|(escalation, _)| escalation.draft.as_ref() == Some(draft))
            .flat_map(|(escalation, _)| {
                cards_of_escalation(case, &escalation.id, Priority::Result)
            }),
    );
    rows
}
