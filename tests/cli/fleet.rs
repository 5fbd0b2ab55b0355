//! Several processes on one PostgreSQL behind a balancer, with the stand-ins that all of them talk to.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use countersign::sandbox::{NewTicket, Sandbox, SandboxConfig};
use futures_util::future::join_all;

use crate::balancer::Balancer;
use crate::bench::{Bench, Running};
use crate::postgres::{self, Database};
use crate::roles::sharing;
use crate::rows::rows;

/// How many people or tickets come at once.
pub const AT_ONCE: usize = 12;
/// How long everything may stand still while something is open: longer than any lease or pause.
const PATIENCE: Duration = Duration::from_secs(120);

/// Processes on one database, before stand-ins of their own.
pub struct Fleet {
    pub sandbox: Sandbox,
    pub database: Database,
    benches: Vec<Bench>,
    pub running: Vec<Running>,
    _balancer: Balancer,
}

impl Fleet {
    /// So many processes under the shipped policy with a change; `None`, said loudly, where there is no PostgreSQL.
    pub async fn of(processes: usize, change: impl Fn(&Bench)) -> Option<Self> {
        let database = postgres::database().await?;
        let patient = SandboxConfig {
            bot_timeout: Duration::from_secs(30),
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(patient).await.unwrap();
        sandbox.load_demo_books();
        let (mut benches, mut running) = (vec![], vec![]);
        for _ in 0..processes {
            let bench = sharing(&sandbox, &database.url);
            change(&bench);
            running.push(bench.start(&["serve"], "listens on"));
            benches.push(bench);
        }
        let addresses = running.iter().map(Running::address).collect();
        let balancer = Balancer::before(addresses).await;
        sandbox.set_bot_url(&balancer.address).unwrap();
        Some(Self {
            sandbox,
            database,
            benches,
            running,
            _balancer: balancer,
        })
    }

    /// Sends tickets, some at once.
    pub async fn send(&self, tickets: &[NewTicket]) {
        for some in tickets.chunks(AT_ONCE) {
            let sent = join_all(some.iter().map(|one| self.sandbox.send_ticket(one))).await;
            for answer in sent {
                assert_eq!(answer.status, 202, "{}", answer.body);
            }
        }
    }

    /// Waits until nothing is under way and nothing falls due in the next moments, for as long as anything moves.
    pub async fn quiet(&self) {
        let (mut still, mut recorded, mut moved) = (0, String::new(), Instant::now());
        while still < 3 {
            let soon = SystemTime::now() + Duration::from_secs(15);
            let soon = soon.duration_since(SystemTime::UNIX_EPOCH).unwrap();
            let left = format!(
                "SELECT id FROM inbox WHERE status = 'pending' UNION ALL SELECT id FROM outbox WHERE status = 'waiting' \
                 AND (due_at <= {} OR last_error IS NOT NULL OR lease_owner IS NOT NULL)",
                soon.as_millis()
            );
            let left = rows(&self.database.url, &left).await;
            still = if left.is_empty() { still + 1 } else { 0 };
            let newest = "SELECT CAST(max(position) AS text) FROM journal";
            let newest = rows(&self.database.url, newest).await.remove(0);
            if newest != recorded {
                (recorded, moved) = (newest, Instant::now());
            }
            assert!(moved.elapsed() < PATIENCE, "still open: {left:?}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// Each write was made and sent once, each card stands once, and Slack was asked for nothing that it refuses.
    pub fn nothing_was_done_twice(&self) {
        let writes = self.sandbox.writes();
        let mut seen = BTreeSet::new();
        for write in &writes {
            let text = write.document["text"].to_string();
            let first = seen.insert((&write.ticket, &write.kind, text));
            assert!(first, "written twice: {write:?}");
        }
        let calls = self.sandbox.calls();
        let sent = calls
            .iter()
            .filter(|call| call.method == "desk.writes")
            .count();
        assert_eq!(sent, writes.len(), "each write was sent once");
        let mut cards = BTreeSet::new();
        for channel in self.sandbox.channels_with_messages() {
            for message in self.sandbox.messages(&channel) {
                let Some(metadata) = &message.metadata else {
                    continue;
                };
                let card = metadata["event_payload"]["card"].to_string();
                assert!(cards.insert(card.clone()), "stands twice: {card}");
            }
        }
        assert!(!cards.is_empty());
        assert_eq!(self.sandbox.violations(), Vec::<String>::new());
    }

    /// Ends the processes, and looks at the whole record once more.
    pub async fn end(self) {
        for running in self.running {
            assert_eq!(running.terminate().0, Some(0));
        }
        self.benches[0].run(&["audit", "verify"]).exits(0);
        self.database.drop().await;
    }
}
