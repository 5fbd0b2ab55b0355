//! What the calls say of the line to Slack: how many there were, and whether it holds.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::client::CallFailed;
use crate::ports::PortError;
use crate::telemetry::catalogue::{LIMITS, SLACK_CALLS, SLACK_TIME};
use crate::telemetry::{Metrics, Stopwatch};

/// How many calls in a row must go unanswered until Slack counts as away: one alone is a hiccup.
const SILENCE: u32 = 3;

/// Slack's word for a limit of its own.
pub(super) const LIMITED: &str = "ratelimited";

/// What Slack says of a token that does not serve any more. Source: Slack, "Errors" of each method.
pub(super) const TOKEN_REFUSED: &[&str] = &[
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "account_inactive",
    "token_expired",
];

/// Slack's error names that are counted apart. Whatever else it may say is counted as `other`.
const COUNTED: &[&str] = &[
    "account_inactive",
    "cannot_dm_bot",
    "channel_not_found",
    "expired_trigger_id",
    "fatal_error",
    "internal_error",
    "invalid_auth",
    "invalid_blocks",
    "is_archived",
    "message_not_found",
    "missing_scope",
    "not_authed",
    "not_in_channel",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "token_expired",
    "token_revoked",
    "user_not_found",
];

/// How the line stands, by the newest calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LineState {
    /// Slack answers.
    Holds,
    /// The last calls went unanswered.
    Away,
    /// Slack refuses the token, with this word.
    TokenRefused(String),
}

/// The line.
#[derive(Default)]
pub(super) struct Line {
    metrics: Metrics,
    unanswered: AtomicU32,
    refused: Mutex<Option<String>>,
}

impl Line {
    /// A line whose calls are counted here.
    pub(super) fn counted(metrics: Metrics) -> Self {
        Self {
            metrics,
            ..Self::default()
        }
    }

    /// Keeps what one call says.
    pub(super) fn heard(&self, method: &str, result: &Result<Value, CallFailed>, watch: Stopwatch) {
        let word = word_of(result);
        self.metrics.count(&SLACK_CALLS, [method, word]);
        self.metrics.observe(&SLACK_TIME, [method], watch.seconds());
        if word == LIMITED {
            self.metrics.count(&LIMITS, ["slack"]);
        }
        let code = result.as_ref().err().and_then(|failed| failed.code.clone());
        let answered = result.is_ok() || code.is_some() || word == "no";
        if !answered {
            self.unanswered.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.unanswered.store(0, Ordering::Relaxed);
        let refused = code.filter(|code| TOKEN_REFUSED.contains(&code.as_str()));
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = refused;
    }

    pub(super) fn state(&self) -> LineState {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match &*refused {
            Some(code) => LineState::TokenRefused(code.clone()),
            None if self.unanswered.load(Ordering::Relaxed) >= SILENCE => LineState::Away,
            None => LineState::Holds,
        }
    }
}

/// What came of a call, as a label.
fn word_of(result: &Result<Value, CallFailed>) -> &'static str {
    let failed = match result {
        Ok(_) => return "ok",
        Err(failed) => failed,
    };
    if let Some(code) = &failed.code {
        let counted = COUNTED.iter().find(|known| *known == code);
        return counted.copied().unwrap_or("other");
    }
    match failed.port {
        PortError::Again { .. } => "again",
        PortError::No { .. } => "no",
        PortError::Unknown { .. } => "unknown",
    }
}
