//! The only room that speaks SQL: journal, inbox, outbox, content, and the lists that are projected from them.
//!
//! It knows the words of `domain` and nothing else of ours; it reads no clock, draws no random number and
//! calls nobody outside the database. Every time is a parameter. What both databases understand is written
//! once; where they differ, the difference stands in `dialect.rs` and nowhere else.
//!
//! To add a table: a new numbered step in `migrations/sqlite/` and `migrations/postgres/`, its line in
//! `migrate.rs`, and a test in `tests/store/` that runs on both. To add a projection: write it in
//! `project.rs` from events only, so that `rebuild_projections` can make it again.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::board::Board;

mod condition;
mod content;
mod counts;
mod departures;
mod dialect;
mod door;
mod error;
mod grants;
mod held;
mod inbox;
mod journal;
mod lists;
mod memory;
mod migrate;
mod open;
mod outbox;
mod plan;
mod project;
mod shown;
mod similar;
mod sql;
mod together;
mod turn;
mod verify;
mod wake;

pub use condition::Condition;
pub use counts::{Backlog, QueueCounts};
pub use dialect::Dialect;
pub use door::{Receipt, Repeat};
pub use error::StoreError;
pub use grants::Powers;
pub use held::Hold;
pub use inbox::Claimed;
pub use journal::Fold;
pub use lists::{CaseFilter, CaseLine, CaseOrder, Headline, Page, PendingLine};
pub use memory::Changing;
pub use outbox::{Fence, Leased, Offer, Places};
pub use shown::StoredView;
pub use turn::Turn;
pub use verify::{BadRow, Verification};
pub use wake::Woken;

use open::Rehearsal;
use sql::Pools;
use together::Waiting;
use wake::{Bell, Line};

/// The store. Cloning it is cheap and shares the connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pools: Pools,
    /// Rung at each commit; whoever waits for work hears it.
    bell: Arc<Bell>,
    /// Where other processes share the database: the line to them.
    line: Mutex<Option<Line>>,
    /// The folded board as of its sequence number. It is checked against the journal before each use.
    board: Mutex<Board>,
    /// The commands that wait to be stored together.
    waiting: Waiting,
    /// Whether the database did not take the last command that a door brought.
    refuses: AtomicBool,
    /// The folder of a rehearsal database, which goes with the store.
    _rehearsal: Option<Rehearsal>,
}

impl Store {
    fn over(pools: Pools, rehearsal: Option<Rehearsal>) -> Self {
        Self(Arc::new(Inner {
            pools,
            bell: Arc::default(),
            line: Mutex::default(),
            board: Mutex::new(Board::default()),
            waiting: Waiting::default(),
            refuses: AtomicBool::new(false),
            _rehearsal: rehearsal,
        }))
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.pools.dialect()
    }

    /// A watch that the next commit wakes: of this process, and of every other one that shares a PostgreSQL.
    #[must_use]
    pub fn woken(&self) -> Woken {
        self.0.bell.woken()
    }

    /// Listens to the other processes on this database, and tells them of every commit here. A SQLite file has none.
    async fn connected(self) -> Result<Self, StoreError> {
        if let Pools::Postgres(pool) = self.pools() {
            let line = Line::lay(pool, &self.0.bell).await?;
            *self.line() = Some(line);
        }
        Ok(self)
    }

    fn line(&self) -> MutexGuard<'_, Option<Line>> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for what is under way and closes every connection.
    pub async fn close(&self) {
        let line = self.line().take();
        if let Some(mut line) = line {
            line.cut(&self.0.bell).await;
        }
        self.0.pools.close().await;
    }

    fn pools(&self) -> &Pools {
        &self.0.pools
    }

    fn wake(&self) {
        self.0.bell.ring();
    }
}
