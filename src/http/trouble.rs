//! Every reason that `/readyz` can give: a code, a sentence, what to do, and whether requests should go elsewhere.

use serde_json::{Value, json};

use crate::domain::digest::Digest;
use crate::domain::time::{At, Span};
use crate::domain::words::closed_set;
use crate::slack::LineState;
use crate::store::{Condition, StoreError};

/// How long a command may wait before somebody should look.
const INBOX_LATE: Span = Span::minutes(1);
/// How long an effect may be overdue before somebody should look.
const OUTBOX_LATE: Span = Span::minutes(2);
/// How far the clocks of two processes may be apart.
const CLOCKS_APART: Span = Span::seconds(30);

closed_set! {
    /// What is wrong.
    Cause {
        /// The database does not answer.
        DatabaseAway = "database_away",
        /// The database answers and takes nothing.
        DatabaseFull = "database_takes_nothing",
        /// The database is of another version.
        Schema = "schema",
        /// Somebody in this process said to wait.
        Held = "held",
        /// This process runs under another policy than the pinned one.
        NotPinned = "policy_not_pinned",
        /// Every write is paused.
        Paused = "paused",
        /// Slack does not answer.
        SlackAway = "slack_away",
        /// Slack refuses the bot token.
        SlackToken = "slack_token",
        /// Commands wait too long.
        InboxLate = "inbox_late",
        /// Effects are overdue.
        OutboxLate = "outbox_late",
        /// Effects were given up.
        GivenUp = "effects_given_up",
        /// Cards could not be put up.
        MissingCards = "cards_missing",
        /// The clock is behind what is recorded.
        ClockBack = "clock_back",
    }
}

impl Cause {
    /// Whether this process should get no requests meanwhile: what it cannot store it would have to refuse.
    /// Everything else leaves tickets and clicks as safe here as anywhere.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(
            self,
            Self::DatabaseAway | Self::DatabaseFull | Self::Schema | Self::Held
        )
    }

    /// What to do about it.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        match self {
            Self::DatabaseAway => {
                "bring the database back; nothing is acknowledged meanwhile that is not stored"
            }
            Self::DatabaseFull => {
                "make room on the database's disk, or make it writable again; this is noticed at the next look"
            }
            Self::Schema => "start the version of Countersign that the database was written by",
            Self::Held => "wait, or look at the log of this process",
            Self::NotPinned => {
                "look at the difference, then restart this process with the pinned policy, or pin its folder with `countersign policy pin --as USER`"
            }
            Self::Paused => "an operator of the policy ends the pause when its reason has gone",
            Self::SlackAway => "nothing, if Slack has an outage; else look at the way out to it",
            Self::SlackToken => {
                "install the app again, set COUNTERSIGN_SLACK_BOT_TOKEN to the new token, restart"
            }
            Self::InboxLate => {
                "see that a process works on the inbox, and look in its log for a step that fails"
            }
            Self::OutboxLate => {
                "see that a process works on the outbox, and look in its log for what it waits for"
            }
            Self::GivenUp => {
                "look in the log for `an effect ended without success`; it is told for a day"
            }
            Self::MissingCards => {
                "`/triage status` says which and why; correct the channel in workspace.json or the app"
            }
            Self::ClockBack => "set this machine's clock right; deadlines and signatures follow it",
        }
    }
}

/// One reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// Which.
    pub cause: Cause,
    /// A sentence about it, without anything of a customer.
    pub says: String,
}

impl Trouble {
    pub(super) fn of(cause: Cause, says: impl Into<String>) -> Self {
        let says = says.into();
        Self { cause, says }
    }

    pub(super) fn json(&self) -> Value {
        json!({"code": self.cause.word(), "says": self.says, "fix": self.cause.fix()})
    }
}

/// What an error of the database means.
pub(super) fn of_error(error: &StoreError) -> Trouble {
    match error {
        StoreError::Refused { .. } => Trouble::of(
            Cause::Schema,
            "the schema of the database is not the one of this version",
        ),
        _ => Trouble::of(Cause::DatabaseAway, "the database does not answer"),
    }
}

/// What the database says is wrong.
pub(super) fn of_condition(condition: &Condition, policy: Option<Digest>, now: At) -> Vec<Trouble> {
    let mut found = of_work(condition, now);
    if !condition.takes_writes {
        let says = "the database answers and takes nothing";
        found.push(Trouble::of(Cause::DatabaseFull, says));
    }
    if let (Some(pinned), Some(ours)) = (condition.board.policy, policy)
        && pinned != ours
    {
        let says = format!(
            "this process runs under policy {}, and {} is pinned: it holds every write",
            ours.short(),
            pinned.short()
        );
        found.push(Trouble::of(Cause::NotPinned, says));
    }
    if let Some((_, since, _)) = &condition.board.pause {
        let says = format!("every write is paused since {since}");
        found.push(Trouble::of(Cause::Paused, says));
    }
    let ahead = condition.newest.map(|newest| newest.since(now));
    if let Some(ahead) = ahead.filter(|ahead| *ahead > CLOCKS_APART) {
        let seconds = ahead.0 / 1_000;
        let says = format!("this machine's clock is {seconds} s behind the newest record");
        found.push(Trouble::of(Cause::ClockBack, says));
    }
    found
}

/// What waits too long, or waits no more.
fn of_work(condition: &Condition, now: At) -> Vec<Trouble> {
    let backlog = &condition.backlog;
    let mut found = vec![];
    let waited = |since: Option<At>, most: Span| {
        let span = since.map(|since| now.since(since));
        span.filter(|span| *span > most).map(|span| span.0 / 1_000)
    };
    if let Some(seconds) = waited(backlog.oldest_command, INBOX_LATE) {
        let commands = backlog.commands;
        let says = format!("the oldest of {commands} commands waits for {seconds} s");
        found.push(Trouble::of(Cause::InboxLate, says));
    }
    if let Some(seconds) = waited(backlog.oldest_effect, OUTBOX_LATE) {
        let effects = backlog.due_effects;
        let says = format!("the oldest of {effects} effects is overdue by {seconds} s");
        found.push(Trouble::of(Cause::OutboxLate, says));
    }
    if condition.given_up > 0 {
        let says = format!("{} effects were given up within a day", condition.given_up);
        found.push(Trouble::of(Cause::GivenUp, says));
    }
    if backlog.missing_cards > 0 {
        let says = format!("{} cards could not be put up so far", backlog.missing_cards);
        found.push(Trouble::of(Cause::MissingCards, says));
    }
    found
}

/// What the line to Slack says is wrong.
pub(super) fn of_line(line: &LineState) -> Option<Trouble> {
    match line {
        LineState::Holds => None,
        LineState::Away => Some(Trouble::of(
            Cause::SlackAway,
            "the last calls to Slack went unanswered; cards wait and are tried again",
        )),
        LineState::TokenRefused(code) => Some(Trouble::of(
            Cause::SlackToken,
            format!("Slack refuses the bot token (`{code}`); cards wait and are tried again"),
        )),
    }
}
