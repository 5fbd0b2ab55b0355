//! Three processes on one PostgreSQL behind a balancer: everything ends as with one, and nothing is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use countersign::domain::case::{Case, StepState};
use countersign::domain::ids::{CaseId, SourceName};
use countersign::sandbox::{NewTicket, Pick, Sandbox, SandboxConfig};
use countersign::store::Store;
use futures_util::future::join_all;

use crate::balancer::Balancer;
use crate::bench::{Bench, Running};
use crate::load::hasten;
use crate::postgres::{self, Database};
use crate::roles::sharing;
use crate::rows::rows;

/// Who approves what stands in which room.
const ROOMS: [(&str, &str); 2] = [("C0REVIEWS1", "U0LEAD0001"), ("C0BILLING1", "U0BILL0001")];
/// How many people or tickets come at once.
const AT_ONCE: usize = 12;
const PATIENCE: Duration = Duration::from_secs(600);

/// How many tickets come in: some dozens, or as many as `COUNTERSIGN_STORY_TICKETS` says.
fn tickets() -> usize {
    let set = std::env::var("COUNTERSIGN_STORY_TICKETS").ok();
    set.map_or(48, |number| number.parse().unwrap())
}

/// Processes on one database, before stand-ins of their own.
struct Fleet {
    sandbox: Sandbox,
    database: Database,
    benches: Vec<Bench>,
    running: Vec<Running>,
    _balancer: Balancer,
}

impl Fleet {
    async fn of(processes: usize) -> Option<Self> {
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
            hasten(&bench);
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

    /// Tickets of every kind that the demonstration has.
    fn tickets(&self, number: usize) -> Vec<NewTicket> {
        let kinds = self.sandbox.demo_tickets().into_iter().cycle();
        let named = |(n, kind): (usize, NewTicket)| NewTicket {
            id: format!("P-{n}"),
            ..kind
        };
        kinds.take(number).enumerate().map(named).collect()
    }

    async fn send(&self, tickets: &[NewTicket]) {
        for some in tickets.chunks(AT_ONCE) {
            let sent = join_all(some.iter().map(|one| self.sandbox.send_ticket(one))).await;
            for answer in sent {
                assert_eq!(answer.status, 202, "{}", answer.body);
            }
        }
    }

    /// Whoever may approves everything that asks for nothing but a click, until nothing does any more.
    async fn approve_all(&self) {
        let mut clicked = BTreeSet::new();
        loop {
            let mut fresh = vec![];
            for (room, who) in ROOMS {
                for card in self.sandbox.messages(room) {
                    let all = card.controls().into_iter();
                    let approve = all.filter(|(action, ..)| action.starts_with("cs.approve."));
                    for (action, value, _) in approve {
                        if clicked.insert((card.ts.clone(), action.clone(), value)) {
                            fresh.push((who, room, card.ts.clone(), Pick::action(&action)));
                        }
                    }
                }
            }
            if fresh.is_empty() {
                return;
            }
            for some in fresh.chunks(AT_ONCE) {
                let clicks = some.iter().map(async |(who, room, ts, pick)| {
                    self.sandbox.click(who, room, ts, pick.clone()).await
                });
                // A card may have been brought to its newest state meanwhile; then that button is gone.
                for answered in join_all(clicks).await.into_iter().flatten() {
                    assert_eq!(answered.status, 200, "{}", answered.body);
                }
            }
            self.quiet().await;
        }
    }

    /// Waits until nothing is under way and nothing falls due in the next moments.
    async fn quiet(&self) {
        let began = SystemTime::now();
        let mut still = 0;
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
            assert!(began.elapsed().unwrap() < PATIENCE, "still open: {left:?}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// How each ticket ended, in words without ids and times.
    async fn ends(&self, tickets: &[NewTicket]) -> BTreeMap<String, Vec<String>> {
        let store = Store::open_to_read(&self.database.url).await.unwrap();
        let mut ends = BTreeMap::new();
        for ticket in tickets {
            let id = CaseId::of(&SourceName::new("helpdesk"), &ticket.id);
            let case = store.case(&id).await.unwrap().unwrap();
            let mut end = told(&case);
            let writes = self.sandbox.writes();
            let written = writes.iter().filter(|write| write.ticket == ticket.id);
            end.extend(written.map(|write| format!("on the desk: {}", write.kind)));
            end.sort();
            ends.insert(ticket.id.clone(), end);
        }
        store.close().await;
        ends
    }

    fn nothing_was_done_twice(&self) {
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

    async fn end(self) {
        for running in self.running {
            assert_eq!(running.terminate().0, Some(0));
        }
        self.benches[0].run(&["audit", "verify"]).exits(0);
        self.database.drop().await;
    }
}

fn told(case: &Case) -> Vec<String> {
    let verdict = case.verdict.as_ref().unwrap();
    let mut told = vec![
        format!("{:?}", case.stage()),
        format!("severity {:?} in {}", verdict.severity, verdict.queue),
    ];
    for draft in &case.drafts {
        let kind = draft.draft.action.kind();
        let tier = draft
            .assessment
            .as_ref()
            .map(|one| (one.tier, one.rule.clone()));
        let steps = [&draft.note, &draft.act].map(step);
        told.push(format!("{kind:?} {tier:?} {steps:?}"));
    }
    for asked in &case.requests {
        let asking = &asked.request.asking;
        told.push(format!(
            "asked {:?}: {:?}",
            asking.approver_rule, asked.state
        ));
    }
    for (given, progress) in &case.escalations {
        let went_on = progress.continued.is_some();
        told.push(format!("{:?} {:?} {went_on}", given.role, given.cause));
    }
    told
}

const fn step(step: &StepState) -> &'static str {
    match step {
        StepState::Idle => "idle",
        StepState::Due(_) => "due",
        StepState::Held(_) => "held",
        StepState::Going(_) => "going",
        StepState::Done(..) => "done",
        StepState::Voided(_) => "voided",
        StepState::Failed(_) => "failed",
        StepState::Unknown(_) => "unknown",
    }
}

/// So many processes, all tickets, every approval.
async fn played(processes: usize) -> Option<BTreeMap<String, Vec<String>>> {
    let fleet = Fleet::of(processes).await?;
    let tickets = fleet.tickets(tickets());
    fleet.send(&tickets).await;
    fleet.quiet().await;
    fleet.approve_all().await;
    let ends = fleet.ends(&tickets).await;
    fleet.nothing_was_done_twice();
    let cases = "SELECT CAST(count(*) AS text) FROM cases";
    let cases = rows(&fleet.database.url, cases).await;
    assert_eq!(cases, [tickets.len().to_string()]);
    fleet.end().await;
    Some(ends)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_three_processes_every_case_ends_as_with_one() {
    let Some(of_one) = played(1).await else {
        return;
    };
    let of_three = played(3).await.unwrap();
    for (ticket, end) in &of_one {
        assert_eq!(Some(end), of_three.get(ticket), "{ticket}");
    }
    let writes = of_one.values().flatten();
    let writes = writes
        .filter(|line| line.starts_with("on the desk"))
        .count();
    assert!(writes >= of_one.len() / 2, "{writes} writes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_dozen_clicks_at_once_on_three_processes_are_one_decision() {
    let Some(fleet) = Fleet::of(3).await else {
        return;
    };
    let demo = fleet.sandbox.demo_tickets();
    let refund = demo.iter().find(|ticket| ticket.id == "T-1003").unwrap();
    fleet.send(std::slice::from_ref(refund)).await;
    let ts = crate::turning::card(&fleet.sandbox, "C0BILLING1").await;
    let mut payloads = vec![];
    for n in 0..24 {
        let who = ["U0BILL0001", "U0BILL0002"][n % 2];
        let pick = Pick::action("cs.approve.");
        let made = fleet.sandbox.click_payload(who, "C0BILLING1", &ts, pick);
        payloads.push(made.unwrap());
        // Two clicks of one person in one millisecond would be one.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let told = join_all(payloads.iter().map(|one| fleet.sandbox.tell_bot(one))).await;
    for answer in told {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    fleet.quiet().await;
    let counted = async |kind: &str| {
        let query = format!("SELECT CAST(count(*) AS text) FROM journal WHERE kind = '{kind}'");
        rows(&fleet.database.url, &query).await.remove(0)
    };
    assert_eq!(counted("decided").await, "1");
    assert_eq!(counted("click_refused").await, "23");
    fleet.nothing_was_done_twice();
    fleet.end().await;
}
