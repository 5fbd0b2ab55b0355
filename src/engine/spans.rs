//! The spans of a case: what a command and an effect are called in logs and in traces.
//!
//! The trace of a case follows from its id alone, so that every process finds the same one without asking anybody
//! (docs/adr/0029). Fields are ids, words and numbers; nothing that somebody wrote.

use tracing::Span;
use tracing::field::Empty;

use super::Engine;
use super::measures::effect_word;
use crate::domain::case::command::CaseCommand;
use crate::domain::ids::StreamId;
use crate::domain::journal::{Command, Submission};
use crate::store::{Claimed, Leased};

/// How the key of a command begins that an effect brought back.
pub(super) const BROUGHT: &str = "effect:";

impl Engine {
    /// The deciding of one command. The number of the case is recorded once it is known.
    pub(super) fn command_span(&self, claimed: &Claimed) -> Span {
        let submission = &claimed.submission;
        let waited = self.now().since(submission.at).0;
        tracing::info_span!(
            "command",
            case = case_of(&submission.command.stream()),
            command = %submission.id,
            kind = command_word(&submission.command),
            attempt = claimed.attempts,
            number = Empty,
            waited_ms = waited,
            opens = opens(&submission.command),
            follows = follows(submission),
        )
    }

    /// One attempt at one effect.
    pub(super) fn effect_span(&self, leased: &Leased) -> Span {
        let planned = &leased.planned;
        let waited = self.now().since(planned.due_at).0;
        tracing::info_span!(
            "effect",
            case = case_of(&leased.stream),
            effect = %planned.id,
            kind = effect_word(&planned.effect),
            attempt = leased.attempts,
            waited_ms = waited,
            span = format!("{}:{}", planned.id, leased.attempts),
        )
    }
}

/// The case that a stream is of; nothing for what spans cases.
fn case_of(stream: &StreamId) -> Option<&str> {
    (*stream != StreamId::board()).then(|| stream.as_str())
}

/// The attempt at an effect of the same case that brought a command back, as its span is named; empty where it came in
/// from outside, or from what spans cases, whose spans are in traces of their own.
fn follows(submission: &Submission) -> &str {
    let stream = submission.command.stream();
    let brought = submission.key.strip_prefix(BROUGHT);
    let attempt = brought.and_then(|rest| rest.rsplit_once(':'));
    attempt
        .map(|(attempt, _)| attempt)
        .filter(|attempt| attempt.starts_with(stream.as_str()))
        .unwrap_or_default()
}

const fn opens(command: &Command) -> bool {
    matches!(
        command,
        Command::Case {
            ask: CaseCommand::Open { .. },
            ..
        }
    )
}

const fn command_word(command: &Command) -> &'static str {
    let Command::Case { ask, .. } = command else {
        return "board";
    };
    match ask {
        CaseCommand::Open { .. } => "open",
        CaseCommand::AddMessage { .. } => "add_message",
        CaseCommand::RecordView { .. } => "record_view",
        CaseCommand::RecordVerdict { .. } => "record_verdict",
        CaseCommand::RecordEvidence { .. } => "record_evidence",
        CaseCommand::RecordEvidenceFailure { .. } => "record_evidence_failure",
        CaseCommand::RecordDrafts { .. } => "record_drafts",
        CaseCommand::RecordModelFailure { .. } => "record_model_failure",
        CaseCommand::RecordApprovers { .. } => "record_approvers",
        CaseCommand::RecordBatched { .. } => "record_batched",
        CaseCommand::RecordShown { .. } => "record_shown",
        CaseCommand::RecordCardPosted { .. } => "record_card_posted",
        CaseCommand::RecordCardFailed { .. } => "record_card_failed",
        CaseCommand::Click(_) => "click",
        CaseCommand::Work(_) => "work",
        CaseCommand::Wake { .. } => "wake",
        CaseCommand::RecordOutcome { .. } => "record_outcome",
    }
}
