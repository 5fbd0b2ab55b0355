//! Whether this database can be worked on by this process, and what waits on it: what a probe asks.

use super::Store;
use super::counts::{Backlog, QueueCounts};
use super::error::StoreError;
use super::sql::Sql;
use crate::domain::board::Board;
use crate::domain::time::{At, Span};

/// How long an effect that was given up is told.
const TOLD: Span = Span::hours(24);

/// How the database stands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Whether it takes writes; looked at only after it did not.
    pub takes_writes: bool,
    /// What is open.
    pub queue: QueueCounts,
    /// What the machine still has to do.
    pub backlog: Backlog,
    /// Effects that were given up and were due within the last day.
    pub given_up: u64,
    /// The moment of the newest record, by the clock of the process that made it.
    pub newest: Option<At>,
    /// The pause switch and the policy in force.
    pub board: Board,
}

impl Store {
    /// How the database stands. A handful of indexed reads over what is open.
    ///
    /// # Errors
    /// `Busy` and `Away` where it does not answer; `Refused` where a newer version has changed the
    /// schema meanwhile.
    pub async fn condition(&self, now: At) -> Result<Condition, StoreError> {
        let takes_writes = self.probe(now).await.is_ok();
        super::migrate::look(self.pools()).await?.readable()?;
        let given_up = "SELECT count(*) FROM outbox WHERE status = 'failed' AND due_at > $1";
        let given_up = Sql::of(given_up).int(now.0 - TOLD.0);
        let given_up = match self.pools().row(given_up).await? {
            Some(row) => super::journal::unsigned(row.int(0)?),
            None => 0,
        };
        let newest = Sql::of("SELECT at FROM journal ORDER BY position DESC LIMIT 1");
        let newest = match self.pools().row(newest).await? {
            Some(row) => Some(At(row.int(0)?)),
            None => None,
        };
        Ok(Condition {
            takes_writes,
            queue: self.queue_counts().await?,
            backlog: self.pending_counts(now).await?,
            given_up,
            newest,
            board: self.board().await?,
        })
    }
}
