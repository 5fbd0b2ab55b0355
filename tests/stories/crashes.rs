//! The main stories with a crash at each commit and at each call to the outside: all end as they do without one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::time::Span;
use countersign::ports::Clock as _;
use countersign::sandbox::{NewTicket, Pick};
use serde_json::{Value, json};

use crate::beneath::Beneath;
use crate::ending::ending;
use crate::fuse::claims_and_dies;
use crate::people::*;
use crate::workbench::{Setting, Workbench, setting};

/// A little longer than the longest lease.
const LEASES: Span = Span::seconds(61);
/// At how many steps a story crashes on each database, unless `COUNTERSIGN_EVERY_CRASH` asks for all.
const SAMPLES: u64 = 3;

/// How often a crash is played on a machine that is too slow for it.
const TIMES: usize = 3;

/// A workbench whose bot may end in the middle of anything. What a person does is done again until it is acknowledged.
struct Crashing<'a> {
    w: &'a mut Workbench,
    crashed: bool,
}

impl Crashing<'_> {
    /// Does something, again and again, until no crash comes between.
    async fn through<T>(&mut self, act: impl AsyncFn(&Workbench) -> T) -> T {
        loop {
            let fuse = self.w.fuse().clone();
            if let Some(done) = fuse.burn(act(self.w)).await {
                return done;
            }
            fuse.mend();
            // Every second process that dies had just claimed what comes next.
            if fuse.steps() % 2 == 1 {
                claims_and_dies(self.w.store(), self.w.clock.now(), LEASES).await;
            }
            self.begin_again().await;
        }
    }

    /// Another bot begins, and everything that is due is done once the leases have run out.
    async fn begin_again(&mut self) {
        self.crashed = true;
        loop {
            self.w.restart().await;
            self.w.clock.advance(LEASES);
            match self.w.settled().await {
                Ok(()) => return,
                Err(error) => eprintln!("this machine is too slow, a bot ends for it: {error}"),
            }
        }
    }

    /// A machine that is too slow for the patience of a step makes one more crash of it.
    async fn settle(&mut self) {
        if let Err(error) = self.through(async |w| w.settled().await).await {
            eprintln!("this machine is too slow, a bot ends for it: {error}");
            self.begin_again().await;
        }
    }

    async fn advance(&mut self, by: Span) {
        self.w.clock.advance(by);
        self.settle().await;
    }

    /// A ticket of the demonstration comes in.
    async fn ticket(&mut self, id: &str) {
        let all = self.w.sandbox.demo_tickets();
        self.written(all.iter().find(|ticket| ticket.id == id).unwrap())
            .await;
    }

    async fn written(&mut self, ticket: &NewTicket) {
        let send = async |w: &Workbench| w.sandbox.send_ticket(ticket).await.is_ok();
        while !self.through(send).await {}
        self.settle().await;
    }

    /// Somebody presses a button: the same press until it is acknowledged, as Slack's own repeats are.
    async fn press(&mut self, who: &str, spot: &Spot) {
        let pick = Pick::action(&spot.action);
        let pressed = self
            .w
            .sandbox
            .click_payload(who, &spot.channel, &spot.ts, pick);
        let pressed = pressed.unwrap();
        let send = async |w: &Workbench| w.during(w.sandbox.tell_bot(&pressed)).await.status;
        while self.through(send).await != 200 {}
        self.settle().await;
    }

    async fn click(&mut self, who: &str, ticket: &str, kind: ActionKind, verb: &str) {
        let asked = self.w.asked(ticket, kind).await;
        let spot = self.w.spot(who, &asked, verb).await;
        self.press(who, &spot).await;
    }

    /// Presses a button of the newest open escalation of a ticket at a role.
    async fn work(&mut self, who: &str, ticket: &str, role: Role, verb: &str) {
        let spot = self.w.spot_of_role(ticket, role, verb).await;
        self.press(who, &spot).await;
    }

    async fn fill(&mut self, who: &str, answers: &[(&str, &str)]) {
        let send = async |w: &Workbench| w.during(w.sandbox.submit(who, answers)).await;
        while self.through(send).await.unwrap().status != 200 {}
        self.settle().await;
    }
}

/// How one run ended, whether it crashed, and how many steps it had.
struct Run {
    ended: Vec<String>,
    crashed: bool,
    steps: u64,
}

impl Run {
    /// Whether somebody was told that a window came too late for them, which on a loaded machine is no crash's doing.
    fn was_slow(&self) -> bool {
        let late = |line: &String| line.contains("did not open the window in time");
        self.ended.iter().any(late)
    }
}

async fn run(
    setting: &Setting,
    beneath: Beneath,
    step: u64,
    story: impl AsyncFn(&mut Crashing<'_>),
) -> Run {
    let run = RefCell::new(None);
    let playing = setting.play_on(beneath, async |w: &mut Workbench| {
        w.fuse().blow_at(step);
        let mut crashing = Crashing { w, crashed: false };
        story(&mut crashing).await;
        let Crashing { w, crashed } = crashing;
        let steps = w.fuse().steps();
        w.fuse().mend();
        written_once(w);
        let ended = ending(w).await;
        w.glance();
        for who in [LEAD, DEPUTY, AGENT, BILLING, FINANCE, ENGINEER] {
            w.told(who);
        }
        run.replace(Some(Run {
            ended,
            crashed,
            steps,
        }));
    });
    playing.await;
    run.into_inner().unwrap()
}

/// Nothing was written on a ticket twice, and nothing was sent to the desk twice.
fn written_once(w: &Workbench) {
    let writes = w.sandbox.writes();
    let mut seen = BTreeSet::new();
    for write in &writes {
        let first = seen.insert((
            &write.ticket,
            write.document.to_string().replace(&write.key, ""),
        ));
        assert!(first, "written twice: {write:?}");
    }
    let calls = w.sandbox.calls().into_iter();
    let sent = calls.filter(|call| call.method == "desk.writes" && call.status == 200);
    assert_eq!(sent.count(), writes.len(), "a write was sent again");
}

/// Plays a story without a crash, and then with one at each step that is asked for, on both databases.
async fn ends_alike(setting: Setting, story: impl AsyncFn(&mut Crashing<'_>)) {
    let every = std::env::var("COUNTERSIGN_EVERY_CRASH").is_ok_and(|set| set == "1");
    for server in [false, true] {
        let Some(beneath) = database(server).await else {
            continue;
        };
        let name = beneath.name();
        let whole = run(&setting, beneath, u64::MAX, &story).await;
        assert!(!whole.crashed && whole.steps > SAMPLES);
        let mut crashes = 0;
        let mut step = if every {
            0
        } else {
            whole.steps / (2 * SAMPLES)
        };
        loop {
            let mut times = 1;
            let run = loop {
                let beneath = database(server).await.unwrap();
                let run = run(&setting, beneath, step, &story).await;
                if times == TIMES || !run.was_slow() {
                    break run;
                }
                times += 1;
            };
            if !run.crashed {
                break;
            }
            crashes += 1;
            same(
                &whole.ended,
                &run.ended,
                &format!("a crash at step {step} on {name}"),
            );
            step += if every { 1 } else { whole.steps / SAMPLES };
        }
        eprintln!("{name}: {} steps, {crashes} crashes, one end", whole.steps);
    }
}

async fn database(server: bool) -> Option<Beneath> {
    if server {
        Beneath::server().await
    } else {
        Some(Beneath::file())
    }
}

fn same(expected: &[String], ended: &[String], after: &str) {
    let lacks: Vec<_> = expected
        .iter()
        .filter(|line| !ended.contains(line))
        .collect();
    let more: Vec<_> = ended
        .iter()
        .filter(|line| !expected.contains(line))
        .collect();
    assert!(
        expected == ended,
        "after {after} it lacks {lacks:#?} and has {more:#?}, {} lines for {}",
        ended.len(),
        expected.len()
    );
}

#[tokio::test]
async fn a_small_refund_ends_alike_wherever_it_crashes() {
    ends_alike(setting(), async |c| {
        c.ticket("T-1002").await;
        c.work(BILLING, "T-1002", Role::Billing, "refunding").await;
    })
    .await;
}

#[tokio::test]
async fn an_approved_refund_ends_alike_wherever_it_crashes() {
    ends_alike(setting(), async |c| {
        c.ticket("T-1003").await;
        c.click(BILLING, "T-1003", ActionKind::Refund, "approve")
            .await;
        c.work(BILLING, "T-1003", Role::Billing, "refunding").await;
    })
    .await;
}

#[tokio::test]
async fn a_reply_that_waits_for_an_undo_ends_alike_wherever_it_crashes() {
    ends_alike(setting(), async |c| {
        c.ticket("T-1013").await;
        c.click(LEAD, "T-1013", ActionKind::NotifyCustomer, "approve")
            .await;
        c.advance(Span::seconds(40)).await;
        assert_eq!(c.w.wrote("T-1013", "ticket.reply").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_page_ends_alike_wherever_it_crashes() {
    ends_alike(setting(), async |c| {
        c.ticket("T-1001").await;
        c.click(LEAD, "T-1001", ActionKind::PageOncall, "approve_why")
            .await;
        c.fill(LEAD, &[("why", "Production is down for everybody")])
            .await;
        c.work(ENGINEER, "T-1001", Role::Infra, "take").await;
    })
    .await;
}

#[tokio::test]
async fn a_lapse_ends_alike_wherever_it_crashes() {
    ends_alike(setting(), async |c| {
        c.ticket("T-1013").await;
        c.advance(Span::hours(9)).await;
        c.click(LEAD, "T-1013", ActionKind::NotifyCustomer, "approve")
            .await;
        c.advance(Span::seconds(40)).await;
    })
    .await;
}

fn apply(contract: &mut Value) {
    contract["outputs"]["mode"] = json!("apply");
}

#[tokio::test]
async fn a_queue_that_is_changed_under_apply_ends_alike_wherever_it_crashes() {
    ends_alike(setting().policy("contract.json", apply), async |c| {
        let lost = NewTicket::plain(
            "T-2101",
            "robin@studio.example.com",
            "Password",
            "I forgot my password.",
        );
        c.written(&lost).await;
        c.click(LEAD, "T-2101", ActionKind::Assign, "approve").await;
    })
    .await;
}
