//! Steps towards the outside: the gate, then one send, and what came of it.

use std::sync::Arc;

use tracing::Instrument as _;

use super::effects::{Brought, Ended};
use super::measures::result_word;
use super::{Engine, EngineError};
use crate::domain::case::command::{CaseCommand, Outcome};
use crate::domain::case::context::{Context, FirstAsks};
use crate::domain::case::event::{Acknowledgement, CaseEvent, Phase};
use crate::domain::case::face::{Lens, draft_face};
use crate::domain::case::gate::{Gate, OVER_LIMIT, Permit, gate};
use crate::domain::case::{Case, StepState};
use crate::domain::draft::{Action, Draft, Executor};
use crate::domain::ids::{CaseId, CommandId, DraftId, EffectId, SourceName};
use crate::domain::journal::Event;
use crate::domain::person::Actor;
use crate::domain::time::{At, Span};
use crate::ports::{Desk, DeskChange, DeskWrite, PortError};
use crate::telemetry::catalogue::{DESK_CALLS, LIMITS};

/// How soon a held step is asked again.
const HELD_PAUSE: Span = Span::seconds(30);
/// How long a step that departed is looked up and sent again before a person hears that nobody knows.
const PATIENCE: Span = Span::hours(1);
/// The span over which the limits of the contract count.
const MINUTE: Span = Span::minutes(1);

impl Engine {
    /// One step of an action. A step that departed before is looked up by its key before anything is sent.
    pub(super) async fn perform(
        &self,
        id: &CaseId,
        draft: &DraftId,
        phase: Phase,
        effect: &EffectId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        let before = self.folded(id).await?;
        let over = |outcome| {
            let ask = CaseCommand::RecordOutcome {
                effect: effect.clone(),
                draft: draft.clone(),
                phase,
                outcome,
            };
            Ok(Ended::With(vec![Brought::to_case(id, ask, vec![])]))
        };
        let again = |why, after| match before.step(draft, phase) {
            Some(StepState::Going(since)) if self.now() >= since.plus(PATIENCE) => {
                over(Outcome::Unknown { why })
            }
            _ => Ok(Ended::Again(self.next_attempt(attempts, after), why)),
        };
        if matches!(before.step(draft, phase), Some(StepState::Going(_))) {
            match self.look_up(&before, draft, phase, effect).await? {
                Ok(Some(acknowledgement)) => return over(Outcome::Done { acknowledgement }),
                Ok(None) => {}
                Err(PortError::Again { why, after }) => return again(why, after),
                Err(PortError::No { why } | PortError::Unknown { why }) => {
                    return over(Outcome::Unknown { why });
                }
            }
        }
        match self.depart(id, draft, phase, effect).await? {
            (_, Gate::Void(why)) => over(Outcome::Voided { why }),
            (_, Gate::Hold(why)) => self.hold(id, &before, (effect, draft), (phase, why)).await,
            (case, Gate::Permit(permit)) => match self.send(&case, &permit).await? {
                Ok(acknowledgement) => over(Outcome::Done { acknowledgement }),
                Err(PortError::No { why }) if why.starts_with("target moved") => {
                    over(Outcome::Voided { why })
                }
                Err(PortError::No { why }) => over(Outcome::Refused { why }),
                // The next attempt looks it up first: it may have arrived.
                Err(PortError::Again { why, after }) => again(why, after),
                Err(PortError::Unknown { why }) => again(why, None),
            },
        }
    }

    /// The gate and the departure in one transaction: after a pause or an undo is committed, nothing departs.
    async fn depart(
        &self,
        id: &CaseId,
        draft: &DraftId,
        phase: Phase,
        effect: &EffectId,
    ) -> Result<(Case, Gate), EngineError> {
        let policy = self.policy();
        let mut turn = self.store.begin(&id.stream()).await?;
        let mut case = turn.case(id).await?;
        let board = turn.board().await?;
        let now = self.now();
        let queue = case.verdict.as_ref().map(|verdict| verdict.queue.as_str());
        let departures = turn.departures(At(now.0 - MINUTE.0), queue).await?;
        let ctx = Context {
            now,
            installation: &self.settings.installation,
            policy: &policy,
            asked_under: None,
            pinned: board.policy == Some(policy.digest()),
            paused: board.pause.map(|(_, _, reason)| reason),
            standing: None,
            wrote_ticket: false,
            next_number: 0,
            first_asks: FirstAsks::default(),
            departures,
        };
        let answer = gate(&case, effect, draft, phase, &ctx);
        let going = matches!(case.step(draft, phase), Some(StepState::Going(_)));
        if matches!(answer, Gate::Permit(_)) && !going {
            let event = CaseEvent::Departed {
                draft: draft.clone(),
                phase,
                policy: policy.digest(),
            };
            case.apply(ctx.now, &event);
            let cause = CommandId::new(effect.as_str());
            turn.append(&[Event::Case(event)], &Actor::Countersign, &cause, ctx.now)?;
        }
        turn.commit().await?;
        Ok((case, answer))
    }

    /// A held step stays in the outbox; the journal says once what it waits for.
    async fn hold(
        &self,
        id: &CaseId,
        before: &Case,
        (effect, draft): (&EffectId, &DraftId),
        (phase, why): (Phase, String),
    ) -> Result<Ended, EngineError> {
        if why.starts_with(OVER_LIMIT) {
            self.metrics.count(&LIMITS, ["writes"]);
        }
        let known =
            matches!(before.step(draft, phase), Some(StepState::Held(said)) if *said == why);
        if !known {
            let outcome = Outcome::Held { why: why.clone() };
            let ask = CaseCommand::RecordOutcome {
                effect: effect.clone(),
                draft: draft.clone(),
                phase,
                outcome,
            };
            let key = format!("held:{draft}:{phase}:{}", self.now().0);
            self.store
                .submit(&self.submission(key, Brought::to_case(id, ask, vec![])))
                .await?;
        }
        Ok(Ended::Again(self.now().plus(HELD_PAUSE), why))
    }

    async fn send(
        &self,
        case: &Case,
        permit: &Permit,
    ) -> Result<Result<Acknowledgement, PortError>, EngineError> {
        let draft = drafted(case, permit.draft())?;
        let notice = permit.phase() == Phase::Act
            && matches!(
                draft.action.kind().executor(),
                Executor::RoleNotice | Executor::Page
            );
        if notice {
            // The case is given to the role in the journal; the card in its channel is the notice.
            let reference = format!("given to its role by {}", permit.effect());
            return Ok(Ok(Acknowledgement {
                reference,
                prior: None,
            }));
        }
        let Some(write) = self
            .write(case, draft, permit.phase(), permit.effect())
            .await?
        else {
            let why = "nothing of ours carries this out".into();
            return Ok(Err(PortError::No { why }));
        };
        let (name, desk) = self.desk_of(case)?;
        let span = tracing::info_span!("desk", call = "write", desk = %name);
        let written = desk.write(permit, &write).instrument(span).await;
        let labels = [name.as_str(), "write", result_word(&written)];
        self.metrics.count(&DESK_CALLS, labels);
        Ok(written)
    }

    async fn look_up(
        &self,
        case: &Case,
        draft: &DraftId,
        phase: Phase,
        effect: &EffectId,
    ) -> Result<Result<Option<Acknowledgement>, PortError>, EngineError> {
        let draft = drafted(case, draft)?;
        match self.write(case, draft, phase, effect).await? {
            Some(write) => {
                let (name, desk) = self.desk_of(case)?;
                let span = tracing::info_span!("desk", call = "look_up", desk = %name);
                let found = desk.look_up(&write).instrument(span).await;
                let labels = [name.as_str(), "look_up", result_word(&found)];
                self.metrics.count(&DESK_CALLS, labels);
                Ok(found)
            }
            None => Ok(Ok(None)),
        }
    }

    fn desk_of<'a>(
        &'a self,
        case: &'a Case,
    ) -> Result<(&'a SourceName, &'a Arc<dyn Desk>), EngineError> {
        let ticket = case
            .ticket
            .as_ref()
            .ok_or_else(|| EngineError::Lost("a case without a ticket".into()))?;
        Ok((&ticket.desk, self.desk(&ticket.desk)?))
    }

    /// The write on the desk, its placeholders put back where the customer reads it.
    async fn write(
        &self,
        case: &Case,
        draft: &Draft,
        phase: Phase,
        effect: &EffectId,
    ) -> Result<Option<DeskWrite>, EngineError> {
        let Some(ticket) = &case.ticket else {
            return Ok(None);
        };
        let texts = self.texts(case).await?;
        let people = |_: &crate::domain::ids::RuleName| String::new();
        let lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        let change = match phase {
            Phase::Note => Some(DeskChange::Note(note(case, draft, lens))),
            Phase::Act => {
                let restored = match &draft.action {
                    Action::NotifyCustomer { text } => {
                        let kept = self.placeholders(case).await?;
                        crate::agent::redaction::restore(&lens.text(*text), &kept)
                    }
                    _ => String::new(),
                };
                change(&draft.action, lens, restored)
            }
        };
        let act = phase == Phase::Act;
        Ok(change.map(|change| DeskWrite {
            key: effect.to_string(),
            ticket: ticket.external.clone(),
            thread: ticket.thread.clone(),
            change,
            expect_field: draft.target.field.clone().filter(|_| act),
            expect_last_comment: draft.target.last_public_comment.clone().filter(|_| act),
        }))
    }
}

fn drafted<'a>(case: &'a Case, id: &DraftId) -> Result<&'a Draft, EngineError> {
    case.draft(id)
        .map(|progress| &progress.draft)
        .ok_or_else(|| EngineError::Lost(format!("there is no draft {id}")))
}

fn change(action: &Action, lens: Lens, restored: String) -> Option<DeskChange> {
    match action {
        Action::AddLabel { label } => Some(DeskChange::Label(label.clone())),
        Action::AddInternalNote { text } => Some(DeskChange::Note(lens.text(*text))),
        Action::Assign { queue } => Some(DeskChange::Queue(queue.clone())),
        Action::SetPriority { priority } => Some(DeskChange::Priority(priority.clone())),
        Action::NotifyCustomer { .. } => Some(DeskChange::Reply(restored)),
        Action::RouteCase { .. }
        | Action::PageOncall { .. }
        | Action::Refund { .. }
        | Action::Credit { .. }
        | Action::InvoiceAdjust { .. }
        | Action::SubscriptionCancel { .. } => None,
    }
}

/// The note of phase one: the whole proposal, so that whoever works on the ticket sees it too.
fn note(case: &Case, draft: &Draft, lens: Lens) -> String {
    let face = draft_face(case, draft, lens);
    let mut lines = vec![format!(
        "Countersign proposes (case {}, not decided yet): {}",
        case.number, face.effect
    )];
    lines.extend(
        face.parameters
            .iter()
            .chain(&face.texts)
            .map(|(label, value)| format!("{label}: {value}")),
    );
    lines.push(format!("Why: {}", face.rationale));
    lines.push(format!(
        "Written by {}. Nothing has been done.",
        face.author
    ));
    lines.join("\n")
}
