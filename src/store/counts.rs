//! What is open and what the machine still has to do, in numbers.

use std::collections::BTreeMap;

use super::Store;
use super::error::StoreError;
use super::journal::unsigned;
use super::lists::word;
use super::sql::Sql;
use crate::domain::case::Stage;
use crate::domain::escalation::Role;
use crate::domain::ids::RuleName;
use crate::domain::time::At;

/// What is open, in numbers.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct QueueCounts {
    /// Open cases by stage.
    pub stages: BTreeMap<Stage, u64>,
    /// Open cases in which nothing is left but the work of a role, by that role.
    pub roles: BTreeMap<Role, u64>,
    /// Requests that wait, by approver rule.
    pub rules: BTreeMap<RuleName, u64>,
    /// The soonest deadline of the requests that wait, by approver rule.
    pub soonest: BTreeMap<RuleName, At>,
}

/// What the machine itself still has to do.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Backlog {
    /// Commands that are not decided.
    pub commands: u64,
    /// When the oldest of them came.
    pub oldest_command: Option<At>,
    /// Effects that are due at the asked moment.
    pub due_effects: u64,
    /// Since when the first of them has been due.
    pub oldest_effect: Option<At>,
    /// Effects that wait for a later moment.
    pub later_effects: u64,
    /// Effects that were given up.
    pub failed_effects: u64,
    /// Cards that could not be put up so far; each is tried again.
    pub missing_cards: u64,
    /// Why not, of one of them.
    pub missing_why: Option<String>,
}

impl Store {
    /// What is open, in numbers.
    ///
    /// # Errors
    /// As [`Store::cases`].
    pub async fn queue_counts(&self) -> Result<QueueCounts, StoreError> {
        let stages = "SELECT stage, count(*) FROM cases WHERE stage <> 'done' GROUP BY stage";
        // That it is not done follows from the stage, but SQLite takes the index of open cases only when it is said.
        let roles = "SELECT role, count(*) FROM cases WHERE stage <> 'done' AND stage = 'with_role' AND role IS NOT NULL GROUP BY role";
        let rules = "SELECT rule, count(*), min(due_at) FROM requests WHERE state = 'pending' GROUP BY rule";
        let mut tx = self.pools().snapshot().await?;
        let mut counts = QueueCounts::default();
        for row in tx.rows(Sql::of(stages)).await? {
            counts
                .stages
                .insert(word(&row, 0, Stage::from_word)?, unsigned(row.int(1)?));
        }
        for row in tx.rows(Sql::of(roles)).await? {
            counts
                .roles
                .insert(word(&row, 0, Role::from_word)?, unsigned(row.int(1)?));
        }
        for row in tx.rows(Sql::of(rules)).await? {
            let rule = RuleName::new(row.text(0)?);
            counts.rules.insert(rule.clone(), unsigned(row.int(1)?));
            counts.soonest.insert(rule, At(row.int(2)?));
        }
        Ok(counts)
    }

    /// What the machine itself still has to do at a moment.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn pending_counts(&self, now: At) -> Result<Backlog, StoreError> {
        let mut tx = self.pools().snapshot().await?;
        let mut backlog = Backlog::default();
        let commands = Sql::of("SELECT count(*), min(at) FROM inbox WHERE status = 'pending'");
        if let Some(row) = tx.row(commands).await? {
            backlog.commands = unsigned(row.int(0)?);
            backlog.oldest_command = row.maybe_int(1)?.map(At);
        }
        let waiting = Sql::of(
            "SELECT count(CASE WHEN due_at <= $1 THEN 1 END), count(CASE WHEN due_at > $1 THEN 1 END), \
             min(CASE WHEN due_at <= $1 THEN due_at END) FROM outbox WHERE status = 'waiting'",
        )
        .int(now.0);
        if let Some(row) = tx.row(waiting).await? {
            backlog.due_effects = unsigned(row.int(0)?);
            backlog.later_effects = unsigned(row.int(1)?);
            backlog.oldest_effect = row.maybe_int(2)?.map(At);
        }
        let failed = Sql::of("SELECT count(*) FROM outbox WHERE status = 'failed'");
        if let Some(row) = tx.row(failed).await? {
            backlog.failed_effects = unsigned(row.int(0)?);
        }
        let missing = Sql::of(
            "SELECT count(*), max(last_error) FROM outbox \
             WHERE status = 'waiting' AND last_error IS NOT NULL AND coalesce_key LIKE 'card:%'",
        );
        if let Some(row) = tx.row(missing).await? {
            backlog.missing_cards = unsigned(row.int(0)?);
            backlog.missing_why = row.maybe_text(1)?;
        }
        Ok(backlog)
    }
}
