//! The scripted people of `demo --script`: they click, edit, reject, race, and click without right.

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use super::demo::{PATIENCE, send_tickets};
use super::local::MovedClock;
use super::{Ended, audit, case};
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::Case;
use crate::domain::case::cards::{of_escalation, of_request};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{CardId, CaseId, SourceName};
use crate::domain::time::Span;
use crate::engine::Engine;
use crate::sandbox::{Pick, Sandbox};
use crate::store::{CaseFilter, Page};

const LEAD: &str = "U0LEAD0001";
const DEPUTY: &str = "U0LEAD0002";
const AGENT: &str = "U0AGENT001";
const BILLING: &str = "U0BILL0001";
const FINANCE: &str = "U0FIN00001";
const GUEST: &str = "U0GUEST001";

/// Everybody on the stage.
pub struct Stagehand<'a> {
    engine: &'a Engine,
    sandbox: &'a Sandbox,
    clock: &'a MovedClock,
}

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
    println!("\n== {title}");
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
            self.click("U0BILL0002", &asked, "approve")
        );
        (one?, two?);
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
        self.work("U0ENG00001", "T-1001", Role::Infra, "take")
            .await?;
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
                println!("  {sentence}");
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
        println!(
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

    async fn cases(&self) -> anyhow::Result<Vec<Case>> {
        let store = self.engine.store();
        let mut cases = vec![];
        for line in store
            .cases(&CaseFilter::default(), Page { skip: 0, most: 100 })
            .await?
        {
            cases.extend(store.case(&line.case).await?);
        }
        cases.sort_by_key(|case| case.number);
        Ok(cases)
    }

    async fn case(&self, ticket: &str) -> anyhow::Result<Case> {
        let id = CaseId::of(&SourceName::new("helpdesk"), ticket);
        self.engine
            .store()
            .case(&id)
            .await?
            .with_context(|| format!("ticket {ticket} has no case"))
    }

    /// The open request of a ticket for an action.
    async fn asked(&self, ticket: &str, kind: ActionKind) -> anyhow::Result<Asked> {
        let case = self.case(ticket).await?;
        open(&case, kind)
            .next()
            .with_context(|| format!("nothing of the kind {kind} waits on ticket {ticket}"))
    }

    async fn waiting(&self, kind: ActionKind) -> anyhow::Result<Vec<Asked>> {
        Ok(self
            .cases()
            .await?
            .iter()
            .flat_map(|case| open(case, kind).collect::<Vec<_>>())
            .collect())
    }

    /// Clicks a button of a request, on the newest card that shows it to this person.
    async fn click(&self, who: &str, asked: &Asked, verb: &str) -> anyhow::Result<()> {
        let case = self
            .engine
            .store()
            .case(&asked.case)
            .await?
            .context("the case is gone")?;
        let progress = case
            .request(&asked.request)
            .context("the request is gone")?;
        let card = card_for(&case, progress, who)?;
        let row = progress.batch.as_ref().map_or(0, |(_, row)| *row);
        println!("{who} clicks {verb} on {}", asked.request);
        self.press(who, &card, &format!("cs.{verb}.{row}")).await
    }

    async fn work(&self, who: &str, ticket: &str, role: Role, verb: &str) -> anyhow::Result<()> {
        let case = self.case(ticket).await?;
        let escalation = case
            .open_escalations()
            .filter(|(escalation, _)| escalation.role == role)
            .last();
        let (escalation, _) =
            escalation.with_context(|| format!("{role} does not have ticket {ticket}"))?;
        println!("{who} clicks {verb} on {}", escalation.id);
        let card = of_escalation(&case, &escalation.id).pop();
        let card = card.context("the escalation stands on no card")?;
        self.press(who, &card, &format!("cs.{verb}.0")).await
    }

    async fn press(&self, who: &str, card: &CardId, action: &str) -> anyhow::Result<()> {
        let standing = self.engine.store().card(card).await?;
        let (channel, ts) = standing.with_context(|| format!("{card} does not stand anywhere"))?;
        let answer = self
            .sandbox
            .click(who, channel.as_str(), &ts, Pick::action(action))
            .await;
        let answer = answer.map_err(|missing| anyhow::anyhow!("{}", missing.0))?;
        ensure!(
            answer.status == 200,
            "the bot answered {} to a click",
            answer.status
        );
        Ok(())
    }

    /// Fills in the open modal and sends it.
    async fn fill(&self, who: &str, answers: &[(&str, &str)]) -> anyhow::Result<()> {
        let sent = self
            .sandbox
            .submit(who, answers)
            .await
            .map_err(|missing| anyhow::anyhow!("{}", missing.0))?;
        ensure!(
            sent.status == 200 && sent.errors.is_empty(),
            "the modal was refused: {:?}",
            sent.errors
        );
        Ok(())
    }

    /// Waits until nothing that is due is left.
    #[expect(
        clippy::disallowed_methods,
        reason = "the patience of a script is counted on the machine's clock, not on the moved one"
    )]
    async fn rest(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut quiet = 0;
        while quiet < 3 {
            let backlog = self
                .engine
                .store()
                .pending_counts(self.engine.time())
                .await?;
            quiet = if backlog.commands == 0 && backlog.due_effects == 0 {
                quiet + 1
            } else {
                0
            };
            if began.elapsed() > PATIENCE {
                bail!(
                    "the bot did not come to rest: {} commands and {} effects wait",
                    backlog.commands,
                    backlog.due_effects
                );
            }
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        }
        Ok(())
    }
}

/// A request that waits.
pub struct Asked {
    case: CaseId,
    request: crate::domain::ids::RequestId,
}

fn open(case: &Case, kind: ActionKind) -> impl Iterator<Item = Asked> {
    case.pending()
        .filter(move |asked| {
            case.draft(&asked.request.draft)
                .is_some_and(|draft| draft.draft.action.kind() == kind)
        })
        .map(|asked| Asked {
            case: case.id.clone(),
            request: asked.request.id.clone(),
        })
}

/// The card on which this person sees a request: the batch's, or the person's own.
fn card_for(case: &Case, progress: &RequestProgress, who: &str) -> anyhow::Result<CardId> {
    let all = of_request(case, &progress.request.id);
    let own = all
        .iter()
        .find(|card| card.as_str().ends_with(who))
        .or_else(|| all.first());
    own.cloned().context("the request stands on no card")
}

fn external(case: &Case) -> &str {
    case.ticket
        .as_ref()
        .map_or("no ticket", |ticket| ticket.external.as_str())
}
