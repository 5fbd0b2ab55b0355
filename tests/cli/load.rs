//! Load that does not give up: a desk and reviewers who send each thing again until the server has acknowledged it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign::domain::digest::Digest;
use countersign::sandbox::{Call, NewTicket, Pick, Sandbox};
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::rows::rows;
use crate::turning::within;

/// Where the questions of customers are reviewed, and by whom.
pub const REVIEWS: &str = "C0REVIEWS1";
const REVIEWERS: [&str; 2] = ["U0LEAD0001", "U0LEAD0002"];
const AGAIN: Duration = Duration::from_millis(10);

/// Something that the server said it has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Acknowledged {
    /// The key under which the server must have stored it.
    pub key: String,
    /// What the clock of the test showed when the acknowledgement had arrived.
    pub moment: u64,
}

/// The load on one server, whichever process that is at the moment.
pub struct Load {
    /// The stand-ins that it is sent from.
    pub sandbox: Sandbox,
    /// How many tickets may have been sent by now.
    allowed: AtomicUsize,
    acknowledged: Mutex<Vec<Acknowledged>>,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Load {
    /// Load from these stand-ins. The clock says where in the test's own order of things an acknowledgement stands.
    pub fn from(sandbox: Sandbox, clock: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self {
            sandbox,
            allowed: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
            clock: Box::new(clock),
        }
    }

    /// Lets the customers send so many more tickets.
    pub fn let_in(&self, tickets: usize) {
        self.allowed.fetch_add(tickets, Ordering::SeqCst);
    }

    /// The ids of the tickets that were let in.
    pub fn tickets(&self) -> impl Iterator<Item = String> {
        (1..=self.allowed.load(Ordering::SeqCst)).map(|number| format!("K-{number}"))
    }

    /// Everything that was acknowledged so far.
    pub fn acknowledged(&self) -> Vec<Acknowledged> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// Sends and clicks for as long as it is polled.
    pub async fn run(&self) {
        let [one, two] = REVIEWERS;
        tokio::join!(
            self.customers(),
            self.reviewer(one, 0),
            self.reviewer(two, 1)
        );
    }

    /// Tickets whose answer takes a click, one after the other.
    async fn customers(&self) {
        let all = self.sandbox.demo_tickets();
        let question = all.iter().find(|ticket| ticket.id == "T-1013").unwrap();
        for number in 1_usize.. {
            while number > self.allowed.load(Ordering::SeqCst) {
                tokio::time::sleep(AGAIN).await;
            }
            let id = format!("K-{number}");
            let ticket = NewTicket {
                id: id.clone(),
                ..question.clone()
            };
            while !self.sandbox.send_ticket(&ticket).await.is_ok() {
                tokio::time::sleep(AGAIN).await;
            }
            self.has(format!("intake/helpdesk/{id}/open"));
        }
    }

    /// A person who approves every second row of every card.
    async fn reviewer(&self, who: &str, parity: usize) {
        let mut approved = BTreeSet::new();
        loop {
            for (ts, action) in approvals(&self.sandbox, REVIEWS) {
                let row: usize = action.rsplit('.').next().unwrap().parse().unwrap();
                if row % 2 != parity || approved.contains(&(ts.clone(), action.clone())) {
                    continue;
                }
                let pick = Pick::action(&action);
                let Ok(payload) = self.sandbox.click_payload(who, REVIEWS, &ts, pick) else {
                    continue;
                };
                if self.sandbox.tell_bot(&payload).await.status == 200 {
                    self.has(key_of(who, &payload));
                    approved.insert((ts, action));
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// How much happened so far: acknowledgements, and calls of the server to the outside.
    pub fn deeds(&self) -> usize {
        self.acknowledged().len() + self.sandbox.calls().len()
    }

    /// Waits until every ticket was answered, for as long as anything happens.
    pub async fn answered(&self) {
        let mut done = 0;
        while self.unanswered() > 0 {
            let more = || Some(self.deeds()).filter(|now| *now > done || self.unanswered() == 0);
            done = within("anything that happens", more).await;
        }
    }

    fn unanswered(&self) -> usize {
        let answered = |id: &String| {
            let ticket = self.sandbox.ticket(id);
            ticket.is_some_and(|ticket| !ticket.replies().is_empty())
        };
        self.tickets().filter(|id| !answered(id)).count()
    }

    /// After the server has ended: nothing acknowledged was lost, nothing was done twice, and the record is whole.
    pub async fn is_whole(&self, bench: &Bench, url: &str) {
        let answered: BTreeSet<String> = rows(
            url,
            "SELECT key FROM inbox WHERE status = 'done' AND answer IS NOT NULL",
        )
        .await
        .into_iter()
        .collect();
        for one in self.acknowledged() {
            assert!(
                answered.contains(&one.key),
                "acknowledged and lost: {one:?}"
            );
        }
        let writes = self.sandbox.writes();
        let mut seen = BTreeSet::new();
        for write in &writes {
            let text = write.document["text"].to_string();
            let first = seen.insert((&write.ticket, &write.kind, text));
            assert!(first, "written twice: {write:?}");
        }
        for id in self.tickets() {
            let replies = self.sandbox.ticket(&id).unwrap().replies().len();
            assert_eq!(replies, 1, "replies on {id}");
        }
        let sent = |call: &&Call| call.method == "desk.writes" && call.status == 200;
        let sent = self.sandbox.calls().iter().filter(sent).count();
        assert!(
            sent <= writes.len(),
            "{sent} writes were sent for {}",
            writes.len()
        );
        let cases = rows(url, "SELECT CAST(count(*) AS text) FROM cases").await;
        assert_eq!(cases, [self.tickets().count().to_string()], "cases");
        bench.run(&["audit", "verify"]).exits(0);
        assert_eq!(self.sandbox.violations(), Vec::<String>::new());
    }

    fn has(&self, key: String) {
        let moment = (self.clock)();
        let mut acknowledged = self.acknowledged.lock().unwrap();
        acknowledged.push(Acknowledged { key, moment });
    }
}

/// Lets effects out as fast as they come: what is tested is not the limits of the contract.
pub fn hasten(bench: &Bench) {
    bench.change("manifests/policy/contract.json", |contract| {
        let limits = &mut contract["limits"];
        limits["rate_limit_per_minute"] = json!(100_000);
        limits["max_concurrency"] = json!(10);
        limits["undo_seconds"] = json!(5);
    });
}

/// Every Approve that stands on a card of a channel: the card's timestamp and the action.
pub fn approvals(sandbox: &Sandbox, channel: &str) -> Vec<(String, String)> {
    let mut standing = vec![];
    for card in sandbox.messages(channel) {
        for (action, ..) in card.controls() {
            if action.starts_with("cs.approve.") {
                standing.push((card.ts.clone(), action));
            }
        }
    }
    standing
}

/// The key of a click: who, when, and what the button carries.
pub fn key_of(who: &str, payload: &Value) -> String {
    let action = &payload["actions"][0];
    let [at, carries] = ["action_ts", "value"].map(|field| action[field].as_str().unwrap());
    let digest = Digest::of(format!("press:{who}:{at}:{carries}").as_bytes());
    format!("slack:{digest}")
}
