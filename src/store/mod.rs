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
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::domain::board::Board;

mod content;
mod counts;
mod departures;
mod dialect;
mod door;
mod error;
mod inbox;
mod journal;
mod lists;
mod memory;
mod migrate;
mod open;
mod outbox;
mod project;
mod shown;
mod similar;
mod sql;
mod turn;
mod verify;

pub use counts::{Backlog, QueueCounts};
pub use dialect::Dialect;
pub use door::{Receipt, Repeat};
pub use error::StoreError;
pub use inbox::Claimed;
pub use lists::{CaseFilter, CaseLine, CaseOrder, Headline, Page, PendingLine};
pub use memory::Changing;
pub use outbox::{Fence, Leased};
pub use shown::StoredView;
pub use turn::Turn;
pub use verify::{BadRow, Verification};

use open::Rehearsal;
use sql::Pools;

/// The store. Cloning it is cheap and shares the connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pools: Pools,
    /// Counts the commits of this process; whoever waits for work watches it.
    commits: watch::Sender<u64>,
    /// The folded board as of its sequence number. It is checked against the journal before each use.
    board: Mutex<Board>,
    /// Whether the database did not take the last command that a door brought.
    refuses: AtomicBool,
    /// The folder of a rehearsal database, which goes with the store.
    _rehearsal: Option<Rehearsal>,
}

/// A watch on the commits of this process: made before one looks for work, it never misses a commit after that.
pub struct Woken(watch::Receiver<u64>);

impl Woken {
    /// Waits for a commit that happened since this watch was made or last waited.
    ///
    /// Another process's commits do not wake it; look for work at intervals as well.
    pub async fn wait(&mut self) {
        if self.0.changed().await.is_err() {
            // The store is gone: nothing will ever wake this again.
            std::future::pending::<()>().await;
        }
    }
}

impl Store {
    fn over(pools: Pools, rehearsal: Option<Rehearsal>) -> Self {
        Self(Arc::new(Inner {
            pools,
            commits: watch::Sender::new(0),
            board: Mutex::new(Board::default()),
            refuses: AtomicBool::new(false),
            _rehearsal: rehearsal,
        }))
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.pools.dialect()
    }

    /// A watch that the next commit of this process wakes.
    #[must_use]
    pub fn woken(&self) -> Woken {
        Woken(self.0.commits.subscribe())
    }

    /// Waits for what is under way and closes every connection.
    pub async fn close(&self) {
        self.0.pools.close().await;
    }

    fn pools(&self) -> &Pools {
        &self.0.pools
    }

    fn wake(&self) {
        self.0
            .commits
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}
