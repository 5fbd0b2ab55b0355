//! Three processes on one PostgreSQL behind a balancer: everything ends as with one, and nothing is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use countersign::domain::case::{Case, StepState};
use countersign::domain::ids::{CaseId, SourceName};
use countersign::sandbox::{NewTicket, Pick, Sandbox};
use countersign::store::Store;
use futures_util::future::join_all;
use serde_json::json;

use crate::bench::Bench;
use crate::fleet::{AT_ONCE, Fleet};
use crate::load::hasten;
use crate::rows::rows;

/// Who approves what stands in which room.
const ROOMS: [(&str, &str); 2] = [("C0REVIEWS1", "U0LEAD0001"), ("C0BILLING1", "U0BILL0001")];

/// Lets effects out as fast as they come, and nobody's time run out: what is compared is not how fast the machine is.
fn unhurried(bench: &Bench) {
    hasten(bench);
    bench.change("manifests/policy/escalation.json", |escalation| {
        for chain in ["infra", "security"] {
            let chain = escalation["chains"][chain].as_object_mut().unwrap();
            chain.remove("sla_minutes");
            chain.insert("sla_hours".to_owned(), json!(24));
        }
    });
}

/// How many tickets come in: some dozens, or as many as `COUNTERSIGN_STORY_TICKETS` says.
fn tickets() -> usize {
    let set = std::env::var("COUNTERSIGN_STORY_TICKETS").ok();
    set.map_or(48, |number| number.parse().unwrap())
}

/// Tickets of every kind that the demonstration has.
fn of_every_kind(sandbox: &Sandbox, number: usize) -> Vec<NewTicket> {
    let kinds = sandbox.demo_tickets().into_iter().cycle();
    let named = |(n, kind): (usize, NewTicket)| NewTicket {
        id: format!("P-{n}"),
        ..kind
    };
    kinds.take(number).enumerate().map(named).collect()
}

/// Whoever may approves everything that asks for nothing but a click, until nothing does any more.
async fn approve_all(fleet: &Fleet) {
    let mut clicked = BTreeSet::new();
    loop {
        let mut fresh = vec![];
        for (room, who) in ROOMS {
            for card in fleet.sandbox.messages(room) {
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
                fleet.sandbox.click(who, room, ts, pick.clone()).await
            });
            // A card may have been brought to its newest state meanwhile; then that button is gone.
            for answered in join_all(clicks).await.into_iter().flatten() {
                assert_eq!(answered.status, 200, "{}", answered.body);
            }
        }
        fleet.quiet().await;
    }
}

/// How each ticket ended, in words without ids and times.
async fn ends(fleet: &Fleet, tickets: &[NewTicket]) -> BTreeMap<String, Vec<String>> {
    let store = Store::open_to_read(&fleet.database.url).await.unwrap();
    let mut ends = BTreeMap::new();
    for ticket in tickets {
        let id = CaseId::of(&SourceName::new("helpdesk"), &ticket.id);
        let case = store.case(&id).await.unwrap().unwrap();
        let mut end = told(&case);
        let writes = fleet.sandbox.writes();
        let written = writes.iter().filter(|write| write.ticket == ticket.id);
        end.extend(written.map(|write| format!("on the desk: {}", write.kind)));
        end.sort();
        ends.insert(ticket.id.clone(), end);
    }
    store.close().await;
    ends
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
    let fleet = Fleet::of(processes, unhurried).await?;
    let tickets = of_every_kind(&fleet.sandbox, tickets());
    fleet.send(&tickets).await;
    fleet.quiet().await;
    approve_all(&fleet).await;
    let ends = ends(&fleet, &tickets).await;
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
    let Some(fleet) = Fleet::of(3, hasten).await else {
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
