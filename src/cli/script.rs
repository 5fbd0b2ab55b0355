//! The scripted people of `demo --script`: they click, edit, reject, race, and click without right.

use anyhow::ensure;

use super::demo::send_tickets;
use super::local::MovedClock;
use super::stagehand::{
    AGENT, BILLING, BILLING_TOO, DEPUTY, ENGINEER, FINANCE, GUEST, LEAD, Stagehand,
};
use super::{Ended, audit, case};
use crate::domain::approval::RequestState;
use crate::domain::case::Case;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::time::Span;
use crate::engine::Engine;
use crate::sandbox::Sandbox;

/// Plays the whole script, prints every story, and checks the record.
pub(super) async fn play(
    engine: &Engine,
    sandbox: &Sandbox,
    clock: &MovedClock,
) -> anyhow::Result<Ended> {
    let hand = Stagehand {
        engine,
        sandbox,
        clock,
    };
    scene("The tickets come in through the signed intake.");
    send_tickets(sandbox).await?;
    hand.rest().await?;
    let played = hand.scenes().await;
    hand.stories().await?;
    played?;
    scene("Is the record whole?");
    let verified = audit::verified(engine.store()).await?;
    hand.check().await?;
    Ok(verified)
}

fn scene(title: &str) {
    say!("\n== {title}");
}

impl Stagehand<'_> {
    async fn scenes(&self) -> anyhow::Result<()> {
        self.refunds().await?;
        self.outage().await?;
        self.replies().await?;
        self.lapse().await
    }

    /// Money: low goes straight to billing, medium is approved in a batch, high by the on-call with a reason.
    async fn refunds(&self) -> anyhow::Result<()> {
        scene(
            "A refund in the middle tier: somebody without the right clicks first, then two people race.",
        );
        let asked = self.asked("T-1003", ActionKind::Refund).await?;
        self.click(AGENT, &asked, "approve").await?;
        self.click(GUEST, &asked, "approve").await?;
        let (one, two) = tokio::join!(
            self.click(BILLING, &asked, "approve"),
            self.click(BILLING_TOO, &asked, "approve")
        );
        one?;
        two?;
        self.rest().await?;
        scene("A refund in the highest tier: the on-call of finance gives a reason.");
        let asked = self.asked("T-1004", ActionKind::Refund).await?;
        self.click(FINANCE, &asked, "approve_why").await?;
        self.fill(
            FINANCE,
            &[("why", "Paid twice by mistake; the history bears it out.")],
        )
        .await?;
        self.rest().await?;
        scene("Billing takes the recommendations and says what it does.");
        for (ticket, verb) in [
            ("T-1002", "refunding"),
            ("T-1003", "refunding"),
            ("T-1004", "not_refunding"),
        ] {
            self.work(BILLING, ticket, Role::Billing, verb).await?;
            if verb == "not_refunding" {
                self.fill(
                    BILLING,
                    &[(
                        "why",
                        "The customer has been paid back by bank transfer already.",
                    )],
                )
                .await?;
            }
            self.rest().await?;
        }
        Ok(())
    }

    /// The severity gate: a support lead agrees before anybody is paged.
    async fn outage(&self) -> anyhow::Result<()> {
        scene(
            "An outage of severity 5: the support lead agrees to page, and infrastructure takes it.",
        );
        let asked = self.asked("T-1001", ActionKind::PageOncall).await?;
        self.click(LEAD, &asked, "approve_why").await?;
        self.fill(LEAD, &[("why", "Production is down for everybody.")])
            .await?;
        self.rest().await?;
        self.work(ENGINEER, "T-1001", Role::Infra, "take").await?;
        self.rest().await
    }

    /// Replies: one is approved and goes out, one is changed, one is taken back, one is rejected.
    async fn replies(&self) -> anyhow::Result<()> {
        scene("Replies to customers: approved, changed, taken back and rejected.");
        let waiting = self.waiting(ActionKind::NotifyCustomer).await?;
        ensure!(
            waiting.len() >= 4,
            "four replies should wait, and {} do",
            waiting.len()
        );
        let [approved, changed, undone, rejected] =
            [&waiting[0], &waiting[1], &waiting[2], &waiting[3]];
        self.click(LEAD, approved, "approve").await?;
        self.click(LEAD, changed, "edit").await?;
        self.fill(
            LEAD,
            &[
                (
                    "text",
                    "Thank you for writing. We are looking into it and will tell you more today.",
                ),
                ("why", "Shorter."),
            ],
        )
        .await?;
        self.click(LEAD, undone, "approve").await?;
        self.rest().await?;
        self.click(LEAD, undone, "undo").await?;
        self.click(DEPUTY, rejected, "reject").await?;
        self.fill(
            DEPUTY,
            &[("preset", "wrong_words"), ("why", "It promises too much.")],
        )
        .await?;
        self.rest().await?;
        self.clock.advance(Span::seconds(40));
        self.rest().await
    }

    /// Nobody answers what is left: time neither approves nor rejects, it moves the question on.
    async fn lapse(&self) -> anyhow::Result<()> {
        scene(
            "Four days pass. What nobody decided lapses to the next in the chain; nothing is approved by time.",
        );
        self.clock.advance(Span::days(4));
        self.rest().await
    }

    async fn stories(&self) -> anyhow::Result<()> {
        for case in self.cases().await? {
            scene(&format!("Case {} ({})", case.number, external(&case)));
            for sentence in case::told(self.engine.store(), &case).await? {
                say!("  {sentence}");
            }
        }
        Ok(())
    }

    /// What must be true of this run, whatever the machine: the script fails when one of these does not hold.
    async fn check(&self) -> anyhow::Result<()> {
        let cases = self.cases().await?;
        let states = |state: RequestState| {
            cases
                .iter()
                .flat_map(|case| &case.requests)
                .filter(|asked| asked.state == state)
                .count()
        };
        ensure!(
            cases.len() == self.sandbox.demo_tickets().len(),
            "every ticket becomes one case"
        );
        for state in [
            RequestState::Approved,
            RequestState::Rejected,
            RequestState::Lapsed,
            RequestState::Undone,
        ] {
            ensure!(states(state) > 0, "no request is {state}");
        }
        let writes = self.sandbox.writes();
        let keys: std::collections::BTreeSet<&str> =
            writes.iter().map(|write| write.key.as_str()).collect();
        ensure!(
            keys.len() == writes.len(),
            "a write reached the help desk twice"
        );
        ensure!(
            self.sandbox.violations().is_empty(),
            "{:?}",
            self.sandbox.violations()
        );
        say!(
            "{} cases, {} approved, {} rejected, {} lapsed, {} taken back; {} writes on the help desk, none twice; no money moved.",
            cases.len(),
            states(RequestState::Approved),
            states(RequestState::Rejected),
            states(RequestState::Lapsed),
            states(RequestState::Undone),
            writes.len()
        );
        Ok(())
    }
}

fn external(case: &Case) -> &str {
    case.ticket
        .as_ref()
        .map_or("no ticket", |ticket| ticket.external.as_str())
}
