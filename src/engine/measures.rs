//! What the engine counts: events once they are committed, attempts at effects, calls outside. Memory only.

use super::effects::Ended;
use super::{Engine, EngineError};
use crate::domain::approval::{Course, RequestState};
use crate::domain::board::BoardEffect;
use crate::domain::case::Case;
use crate::domain::case::effect::Effect;
use crate::domain::case::event::{CaseEvent, Phase, Receipt};
use crate::domain::ids::RequestId;
use crate::domain::journal::{AnyEffect, Event};
use crate::domain::model::{ModelAnswer, ModelRequest};
use crate::domain::time::{At, Span};
use crate::ports::PortError;
use crate::telemetry::Metrics;
use crate::telemetry::catalogue::{
    ASSESSED, DECISION_TIME, DECISIONS, EFFECTS, ESCALATED, LAPSED, LIMITS, MODEL_CALLS,
    MODEL_CHARACTERS, MODEL_TIME, REFUSED, SETTLED, STEPS, TICKETS,
};

impl Engine {
    /// The same engine, counting here.
    #[must_use]
    pub fn counting(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Counts what a commit brought. `case` stands as it is after it.
    pub(super) fn count_events(&self, case: &Case, events: &[Event], now: At) {
        for event in events {
            if let Event::Case(event) = event {
                self.count_event(case, event, now);
            }
        }
    }

    fn count_event(&self, case: &Case, event: &CaseEvent, now: At) {
        let metrics = &self.metrics;
        match event {
            CaseEvent::TicketReceived { ticket, .. } => {
                metrics.count(&TICKETS, [ticket.source.as_str()]);
            }
            CaseEvent::ModelCalled { receipt } => self.count_call(receipt),
            CaseEvent::RiskAssessed { assessment, .. } => {
                let course = course_word(&assessment.course);
                let labels = [assessment.action.word(), assessment.tier.word(), course];
                metrics.count(&ASSESSED, labels);
            }
            CaseEvent::Decided { request, decision } => {
                let tier = tier_word(case, request);
                metrics.count(&DECISIONS, [decision.verb.word(), tier]);
            }
            CaseEvent::Settled { request, state, .. } => {
                metrics.count(&SETTLED, [state.word(), tier_word(case, request)]);
                if let (RequestState::Approved | RequestState::Rejected, Some(asked)) =
                    (state, case.request(request))
                {
                    let took = seconds(now.since(asked.request.asked_at));
                    metrics.observe(&DECISION_TIME, [asked.request.tier.word()], took);
                }
            }
            CaseEvent::Lapsed { request, .. } => {
                let labels = [RequestState::Lapsed.word(), tier_word(case, request)];
                metrics.count(&SETTLED, labels);
                metrics.count(&LAPSED, ["request"]);
            }
            CaseEvent::EscalationLapsed { .. } => metrics.count(&LAPSED, ["escalation"]),
            CaseEvent::ClickRefused { code, .. } => metrics.count(&REFUSED, [code.word()]),
            CaseEvent::Escalated { escalation } => {
                metrics.count(&ESCALATED, [escalation.role.word()]);
            }
            CaseEvent::HumanNeeded { .. } if self.calls_are_spent(case) => {
                metrics.count(&LIMITS, ["model_calls"]);
            }
            CaseEvent::Performed { phase, .. } => self.count_step(*phase, "performed"),
            CaseEvent::PerformFailed { phase, .. } => self.count_step(*phase, "refused"),
            CaseEvent::OutcomeUnknown { phase, .. } => self.count_step(*phase, "unknown"),
            CaseEvent::Voided { phase, .. } => self.count_step(*phase, "voided"),
            CaseEvent::Held { phase, .. } => self.count_step(*phase, "held"),
            _ => {}
        }
    }

    fn count_step(&self, phase: Phase, end: &str) {
        self.metrics.count(&STEPS, [phase.word(), end]);
    }

    fn count_call(&self, receipt: &Receipt) {
        let outcome = receipt.outcome.as_str();
        let result = match outcome.split(':').next() {
            Some("ok") => "ok",
            Some("unreadable") => "unreadable",
            Some("unknown") => "unknown",
            Some("no") => "no",
            _ => "again",
        };
        let task = receipt.task.word();
        self.metrics.count(&MODEL_CALLS, [task, result]);
        let took = seconds(receipt.ended_at.since(receipt.began_at));
        self.metrics.observe(&MODEL_TIME, [task], took);
    }

    /// Counts what a call of a model moved. What a character costs is for whoever reads the page.
    pub(super) fn count_characters(&self, sent: &ModelRequest, answer: Option<&ModelAnswer>) {
        let task = sent.task.word();
        let texts = [&sent.prompt, &sent.input, &sent.schema];
        let sent = texts.iter().map(|text| text.chars().count()).sum();
        self.metrics.add(&MODEL_CHARACTERS, [task, "sent"], sent);
        let received = answer.map_or(0, |answer| answer.text.chars().count());
        self.metrics
            .add(&MODEL_CHARACTERS, [task, "received"], received);
    }

    fn calls_are_spent(&self, case: &Case) -> bool {
        case.calls >= self.policy().contract().limits.max_model_calls_per_ticket
    }

    /// Counts how an attempt at an effect ended.
    pub(super) fn count_end(&self, effect: &AnyEffect, ended: &Result<Ended, EngineError>) {
        let end = match ended {
            Ok(Ended::With(_)) => "done",
            Ok(Ended::Again(..)) => "again",
            Ok(Ended::Failed(_)) => "given_up",
            Err(_) => "broken_off",
        };
        self.metrics.count(&EFFECTS, [effect_word(effect), end]);
    }
}

/// What came of a call outside, as a label.
pub(super) const fn result_word<T>(result: &Result<T, PortError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(PortError::Again { .. }) => "again",
        Err(PortError::No { .. }) => "no",
        Err(PortError::Unknown { .. }) => "unknown",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a few days are far below what a float holds exactly"
)]
fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1_000.0
}

fn tier_word(case: &Case, request: &RequestId) -> &'static str {
    case.request(request)
        .map_or("unknown", |asked| asked.request.tier.word())
}

const fn course_word(course: &Course) -> &'static str {
    match course {
        Course::Never { .. } => "never",
        Course::Blocked { .. } => "blocked",
        Course::RecordOnly { .. } => "record_only",
        Course::Auto => "auto",
        Course::ToRole { .. } => "to_role",
        Course::Ask(_) => "ask",
    }
}

/// What an effect is called.
pub(super) const fn effect_word(effect: &AnyEffect) -> &'static str {
    match effect {
        AnyEffect::Case { effect, .. } => match effect {
            Effect::Redact { .. } => "redact",
            Effect::Triage { .. } => "triage",
            Effect::Gather { .. } => "gather",
            Effect::Draft { .. } => "draft",
            Effect::FindApprovers { .. } => "find_approvers",
            Effect::JoinBatch { .. } => "join_batch",
            Effect::Card { .. } => "card",
            Effect::Perform { .. } => "perform",
            Effect::Wake { .. } => "wake",
        },
        AnyEffect::Board { effect } => match effect {
            BoardEffect::TellCase { .. } => "tell_case",
            BoardEffect::CloseBatch { .. } => "close_batch",
            BoardEffect::Card { .. } => "card",
        },
        AnyEffect::Tell { .. } => "tell",
    }
}
