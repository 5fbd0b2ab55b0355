//! What a scripted person can do: find a case, click a button, fill in a modal, wait for the bot.

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::demo::PATIENCE;
use super::local::MovedClock;
use super::sheet::short;
use crate::domain::approval::RequestProgress;
use crate::domain::case::Case;
use crate::domain::case::cards::{of_escalation, of_request};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{CardId, CaseId, RequestId, SourceName};
use crate::engine::Engine;
use crate::sandbox::{Pick, Sandbox};
use crate::store::{CaseFilter, Page};

/// Somebody of the local workspace: user id, and the role that people read.
#[derive(Clone, Copy)]
pub(super) struct Player(pub(super) &'static str, pub(super) &'static str);

pub(super) const LEAD: Player = Player("U0LEAD0001", "The support lead");
pub(super) const DEPUTY: Player = Player("U0LEAD0002", "The deputy support lead");
pub(super) const AGENT: Player = Player("U0AGENT001", "The support agent");
pub(super) const BILLING: Player = Player("U0BILL0001", "The billing reviewer");
pub(super) const BILLING_TOO: Player = Player("U0BILL0002", "The second billing reviewer");
pub(super) const FINANCE: Player = Player("U0FIN00001", "The finance on-call");
pub(super) const ENGINEER: Player = Player("U0ENG00001", "The infrastructure engineer");
pub(super) const GUEST: Player = Player("U0GUEST001", "A guest");

const PLAYERS: [Player; 8] = [
    LEAD,
    DEPUTY,
    AGENT,
    BILLING,
    BILLING_TOO,
    FINANCE,
    ENGINEER,
    GUEST,
];

/// Everybody on the stage.
pub(super) struct Stagehand<'a> {
    pub(super) engine: &'a Engine,
    pub(super) sandbox: &'a Sandbox,
    pub(super) clock: &'a MovedClock,
}

/// A request that waits.
pub(super) struct Asked {
    case: CaseId,
    request: RequestId,
}

impl Stagehand<'_> {
    pub(super) async fn cases(&self) -> anyhow::Result<Vec<Case>> {
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

    pub(super) async fn case(&self, ticket: &str) -> anyhow::Result<Case> {
        let id = CaseId::of(&SourceName::new("helpdesk"), ticket);
        self.engine
            .store()
            .case(&id)
            .await?
            .with_context(|| format!("ticket {ticket} has no case"))
    }

    /// The open request of a ticket for an action.
    pub(super) async fn asked(&self, ticket: &str, kind: ActionKind) -> anyhow::Result<Asked> {
        let case = self.case(ticket).await?;
        open(&case, kind)
            .next()
            .with_context(|| format!("nothing of the kind {kind} waits on ticket {ticket}"))
    }

    pub(super) async fn waiting(&self, kind: ActionKind) -> anyhow::Result<Vec<Asked>> {
        Ok(self
            .cases()
            .await?
            .iter()
            .flat_map(|case| open(case, kind).collect::<Vec<_>>())
            .collect())
    }

    /// Clicks a button of a request, on the newest card that shows it to this person.
    pub(super) async fn click(&self, who: Player, asked: &Asked, verb: &str) -> anyhow::Result<()> {
        let case = self
            .engine
            .store()
            .case(&asked.case)
            .await?
            .context("the case is gone")?;
        let progress = case
            .request(&asked.request)
            .context("the request is gone")?;
        let card = card_for(&case, progress, who.0)?;
        let row = progress.batch.as_ref().map_or(0, |(_, row)| *row);
        let button = verb.replace('_', " ");
        let request = short(asked.request.as_str());
        say!(
            "  {} clicks {button} on case {}, {request}.",
            who.1,
            case.number
        );
        self.press(who, &card, &format!("cs.{verb}.{row}")).await
    }

    pub(super) async fn work(
        &self,
        who: Player,
        ticket: &str,
        role: Role,
        verb: &str,
    ) -> anyhow::Result<()> {
        let case = self.case(ticket).await?;
        let escalation = case
            .open_escalations()
            .filter(|(escalation, _)| escalation.role == role)
            .last();
        let (escalation, _) =
            escalation.with_context(|| format!("{role} does not have ticket {ticket}"))?;
        let button = verb.replace('_', " ");
        say!("  {} clicks {button} on case {}.", who.1, case.number);
        let card = of_escalation(&case, &escalation.id).pop();
        let card = card.context("the escalation stands on no card")?;
        self.press(who, &card, &format!("cs.{verb}.0")).await
    }

    async fn press(&self, who: Player, card: &CardId, action: &str) -> anyhow::Result<()> {
        let standing = self.engine.store().card(card).await?;
        let (channel, ts) = standing.with_context(|| format!("{card} does not stand anywhere"))?;
        let answer = self
            .sandbox
            .click(who.0, channel.as_str(), &ts, Pick::action(action))
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
    pub(super) async fn fill(&self, who: Player, answers: &[(&str, &str)]) -> anyhow::Result<()> {
        let sent = self
            .sandbox
            .submit(who.0, answers)
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
    pub(super) async fn rest(&self) -> anyhow::Result<()> {
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
        self.answers();
        Ok(())
    }

    /// Prints what single people were told since the last time.
    fn answers(&self) {
        for message in self.sandbox.unread_messages() {
            let Some(who) = &message.ephemeral_for else {
                continue;
            };
            let name = name_of(who);
            say!("  {name} reads: {}", words(&message.blocks).join(" "));
            self.sandbox.mark_read(&message.channel, &message.ts);
        }
    }
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

/// The texts of blocks, in order. People are named by their parts in the play.
fn words(blocks: &Value) -> Vec<&str> {
    match blocks {
        Value::Array(items) => items.iter().flat_map(words).collect(),
        Value::Object(members) => {
            let all = members.iter();
            all.flat_map(|(key, value)| match value.as_str() {
                Some(text) if key == "text" => text.split_whitespace().collect(),
                Some(user) if key == "user_id" => vec![name_of(user)],
                _ => words(value),
            })
            .collect()
        }
        _ => vec![],
    }
}

fn name_of(user: &str) -> &str {
    let player = PLAYERS.iter().find(|player| player.0 == user);
    player.map_or(user, |player| player.1)
}
