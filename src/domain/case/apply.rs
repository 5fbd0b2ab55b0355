//! Folding: what each event makes of a case. Total, and blind to the world.

use super::event::{CaseEvent, Phase};
use super::{Case, DraftProgress, Failures, StepState};
use crate::domain::approval::{Request, RequestProgress, RequestState};
use crate::domain::draft::{Draft, Origin};
use crate::domain::evidence::Ask;
use crate::domain::ids::{DraftId, RequestId};
use crate::domain::model::ModelTask;
use crate::domain::time::At;

mod escalations;

impl Case {
    /// Folds one event that happened at a moment.
    pub fn apply(&mut self, at: At, event: &CaseEvent) {
        if self.seq == 0 {
            self.opened_at = at;
        }
        self.seq += 1;
        self.changed_at = at;
        match event {
            CaseEvent::TicketReceived { .. }
            | CaseEvent::CustomerWrote { .. }
            | CaseEvent::Redacted { .. }
            | CaseEvent::ModelCalled { .. }
            | CaseEvent::Triaged { .. }
            | CaseEvent::HumanNeeded { .. } => self.apply_reading(event),
            CaseEvent::IdentityNeeded { .. } | CaseEvent::CustomerLinked { .. } => {
                self.apply_identity(at, event);
            }
            CaseEvent::EvidenceAsked { .. }
            | CaseEvent::EvidenceTaken { .. }
            | CaseEvent::EvidenceFailed { .. } => self.apply_evidence(at, event),
            CaseEvent::DraftProposed { draft } => {
                let by_model = matches!(draft.origin, Origin::Model { .. });
                self.drafted |= by_model && draft.revision == self.revision;
                self.drafts.push(DraftProgress::of(draft.clone()));
            }
            CaseEvent::RiskAssessed { .. }
            | CaseEvent::NotePlanned { .. }
            | CaseEvent::Cleared { .. }
            | CaseEvent::Declined { .. }
            | CaseEvent::Departed { .. }
            | CaseEvent::Held { .. }
            | CaseEvent::Voided { .. }
            | CaseEvent::Performed { .. }
            | CaseEvent::PerformFailed { .. }
            | CaseEvent::OutcomeUnknown { .. } => self.apply_step(at, event),
            CaseEvent::ApprovalRequested { .. }
            | CaseEvent::ApproversFound { .. }
            | CaseEvent::Batched { .. }
            | CaseEvent::Decided { .. }
            | CaseEvent::Settled { .. }
            | CaseEvent::Lapsed { .. } => self.apply_request(at, event),
            CaseEvent::Escalated { .. }
            | CaseEvent::EscalationTaken { .. }
            | CaseEvent::EscalationResolved { .. }
            | CaseEvent::BillingAnswered { .. }
            | CaseEvent::EscalationLapsed { .. }
            | CaseEvent::Reminded { .. } => self.apply_escalation(at, event),
            CaseEvent::Shown { view } => {
                self.views.insert(view.view.clone(), view.clone());
            }
            CaseEvent::CardPosted { card, channel, ts } => {
                self.cards
                    .insert(card.clone(), (channel.clone(), ts.clone()));
            }
            CaseEvent::CallAgain { .. }
            | CaseEvent::WokenEarly { .. }
            | CaseEvent::CardFailed { .. }
            | CaseEvent::ClickRefused { .. } => {}
        }
    }

    fn apply_reading(&mut self, event: &CaseEvent) {
        match event {
            CaseEvent::TicketReceived { number, ticket } => {
                self.number = *number;
                self.revision = 1;
                self.messages = vec![ticket.body];
                self.ticket = Some(ticket.clone());
            }
            CaseEvent::CustomerWrote { revision, message } => {
                self.revision = *revision;
                self.messages.push(*message);
                self.earlier_view = self.view.take().or_else(|| self.earlier_view.take());
                self.verdict = None;
                self.calls = 0;
                self.drafted = false;
                self.prompts.clear();
                self.asking.clear();
                self.gathering_since = None;
                self.identity_needed = None;
                self.human_needed = None;
            }
            CaseEvent::Redacted { view, .. } => self.view = Some(view.clone()),
            CaseEvent::ModelCalled { receipt } if receipt.revision == self.revision => {
                self.calls += 1;
                self.drafted |= receipt.task == ModelTask::Draft && receipt.outcome == "ok";
                self.prompts.push(receipt.prompt);
            }
            CaseEvent::Triaged { verdict, .. } => self.verdict = Some(verdict.clone()),
            CaseEvent::HumanNeeded { why } => self.human_needed = Some(why.clone()),
            _ => {}
        }
    }

    fn apply_evidence(&mut self, at: At, event: &CaseEvent) {
        match event {
            CaseEvent::EvidenceAsked { asks } => {
                self.gathering_since = Some(at);
                self.unanswered.clear();
                self.ask(at, asks);
            }
            CaseEvent::EvidenceTaken { evidence, next } => {
                self.asking.remove(&evidence.ask);
                self.evidence.push(evidence.clone());
                if evidence.findings.is_empty() && !next.is_empty() {
                    self.led_on.insert(evidence.id.clone());
                }
                self.ask(at, next);
            }
            CaseEvent::EvidenceFailed {
                ask,
                again_at: Some(_),
                ..
            } => {
                if let Some(failures) = self.asking.get_mut(ask) {
                    failures.count += 1;
                }
            }
            CaseEvent::EvidenceFailed {
                ask,
                again_at: None,
                ..
            } => {
                self.asking.remove(ask);
                self.unanswered.push(ask.clone());
            }
            _ => {}
        }
    }

    fn ask(&mut self, at: At, asks: &[Ask]) {
        for ask in asks {
            self.asking.insert(
                ask.clone(),
                Failures {
                    count: 0,
                    since: Some(at),
                },
            );
        }
    }

    fn apply_step(&mut self, at: At, event: &CaseEvent) {
        match event {
            CaseEvent::RiskAssessed { draft, assessment } => {
                self.with_draft(draft, |progress| {
                    progress.assessment = Some(assessment.clone())
                });
            }
            CaseEvent::NotePlanned { draft } => {
                self.set_step(draft, Phase::Note, StepState::Due(at))
            }
            CaseEvent::Cleared { draft, not_before } => {
                self.with_draft(draft, |progress| progress.cleared = Some(at));
                self.set_step(draft, Phase::Act, StepState::Due(*not_before));
            }
            CaseEvent::Declined { draft, reason } => {
                self.with_draft(draft, |progress| progress.declined = Some(reason.clone()));
            }
            CaseEvent::Departed { draft, phase, .. } => {
                self.set_step(draft, *phase, StepState::Going(at))
            }
            CaseEvent::Held { draft, phase, why } => {
                self.set_step(draft, *phase, StepState::Held(why.clone()))
            }
            CaseEvent::Voided { draft, phase, why } => {
                self.set_step(draft, *phase, StepState::Voided(why.clone()))
            }
            CaseEvent::Performed {
                draft,
                phase,
                acknowledgement,
            } => {
                self.set_step(draft, *phase, StepState::Done(acknowledgement.clone(), at));
            }
            CaseEvent::PerformFailed { draft, phase, why } => {
                self.set_step(draft, *phase, StepState::Failed(why.clone()));
            }
            CaseEvent::OutcomeUnknown { draft, phase, why } => {
                self.set_step(draft, *phase, StepState::Unknown(why.clone()));
            }
            _ => {}
        }
    }

    fn apply_request(&mut self, at: At, event: &CaseEvent) {
        match event {
            CaseEvent::ApprovalRequested { request } => {
                self.requests.push(RequestProgress::of(request.clone()));
            }
            CaseEvent::ApproversFound { request, people } => {
                self.with_request(request, |progress| progress.approvers.clone_from(people));
            }
            CaseEvent::Batched {
                request,
                batch,
                row,
            } => {
                self.with_request(request, |progress| {
                    progress.batch = Some((batch.clone(), *row))
                });
            }
            CaseEvent::Decided { request, decision } => {
                self.with_request(request, |progress| {
                    progress.decisions.push(decision.clone())
                });
            }
            CaseEvent::Settled { .. } => self.settle(at, event),
            CaseEvent::Lapsed {
                request,
                successor,
                with,
            } => self.with_request(request, |progress| {
                progress.state = RequestState::Lapsed;
                progress.successor.clone_from(successor);
                progress.with.clone_from(with);
                progress.changed_at = at;
            }),
            _ => {}
        }
    }

    fn settle(&mut self, at: At, event: &CaseEvent) {
        let CaseEvent::Settled {
            request,
            state,
            why,
            successor,
            not_before,
        } = event
        else {
            return;
        };
        self.with_request(request, |progress| {
            progress.state = *state;
            progress.superseded.clone_from(why);
            progress.successor.clone_from(successor);
            progress.changed_at = at;
        });
        let asked = self.request(request);
        let Some(draft) = asked.map(|progress| progress.request.draft.clone()) else {
            return;
        };
        match (state, not_before) {
            (RequestState::Approved, Some(due)) => {
                self.set_step(&draft, Phase::Act, StepState::Due(*due));
            }
            (RequestState::Undone, _) => self.set_step(&draft, Phase::Act, StepState::Idle),
            _ => {}
        }
    }

    fn with_draft(&mut self, id: &DraftId, change: impl FnOnce(&mut DraftProgress)) {
        if let Some(progress) = self
            .drafts
            .iter_mut()
            .find(|progress| progress.draft.id == *id)
        {
            change(progress);
        }
    }

    fn set_step(&mut self, id: &DraftId, phase: Phase, state: StepState) {
        let plan = matches!(state, StepState::Due(_)).then_some(self.seq);
        self.with_draft(id, |progress| match phase {
            Phase::Note => {
                progress.note = state;
                progress.note_plan = plan.unwrap_or(progress.note_plan);
            }
            Phase::Act => {
                progress.act = state;
                progress.act_plan = plan.unwrap_or(progress.act_plan);
            }
        });
    }

    fn with_request(&mut self, id: &RequestId, change: impl FnOnce(&mut RequestProgress)) {
        if let Some(progress) = self
            .requests
            .iter_mut()
            .find(|progress| progress.request.id == *id)
        {
            change(progress);
        }
    }
}

impl DraftProgress {
    fn of(draft: Draft) -> Self {
        Self {
            draft,
            assessment: None,
            note: StepState::Idle,
            act: StepState::Idle,
            declined: None,
            cleared: None,
            note_plan: 0,
            act_plan: 0,
        }
    }
}

impl RequestProgress {
    fn of(request: Request) -> Self {
        Self {
            changed_at: request.asked_at,
            request,
            state: RequestState::Pending,
            decisions: vec![],
            approvers: vec![],
            batch: None,
            superseded: None,
            successor: None,
            with: None,
        }
    }
}
