//! Commands: what waits is decided and recorded together, in one transaction, each command for itself.

use tracing::Instrument as _;

use super::before::Before;
use super::{Engine, EngineError};
use crate::domain::board::{Board, BoardCommand, BoardEffect};
use crate::domain::case::Case;
use crate::domain::case::command::CaseCommand;
use crate::domain::case::context::{Context, Departures};
use crate::domain::case::decide::decide;
use crate::domain::case::effect::{Effect, Planned};
use crate::domain::case::effects::effects_of;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Answer, Refusal};
use crate::domain::case::told;
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, EffectId};
use crate::domain::journal::{AnyEffect, Command, Event};
use crate::domain::person::Person;
use crate::domain::time::{At, Span};
use crate::store::{Claimed, StoreError, Turn};

/// How long a claimed command is ours before another process may take it.
const LEASE: Span = Span::seconds(20);
/// How many commands are decided in one commit at most.
const TOGETHER: u32 = 32;

impl Engine {
    /// Takes and answers commands that wait, of each stream the oldest, in one commit; `false` when none waits.
    ///
    /// # Errors
    /// When the database does not answer. The commands stay and are taken again.
    pub async fn step_inbox(&self) -> Result<bool, EngineError> {
        let group = self
            .store
            .next_commands(&self.worker, self.now(), LEASE, TOGETHER)
            .await?;
        if group.is_empty() {
            return Ok(false);
        }
        match self.decide_together(&group).await {
            Err(error) if group.len() > 1 && !error.is_away() => {
                tracing::warn!(%error, commands = group.len(), "commands are decided one by one");
                self.decide_alone(&group).await?;
            }
            decided => decided?,
        }
        Ok(true)
    }

    /// Decides each command in a commit of its own, so that one that cannot be decided takes no other with it.
    async fn decide_alone(&self, group: &[Claimed]) -> Result<(), EngineError> {
        let mut decided = Ok(());
        for claimed in group {
            let alone = self.decide_together(std::slice::from_ref(claimed)).await;
            decided = decided.and(alone);
        }
        decided
    }

    /// Decides commands of different streams, in their order: what each needs to know is read first, side by side.
    async fn decide_together(&self, group: &[Claimed]) -> Result<(), EngineError> {
        let spans: Vec<_> = group.iter().map(|one| self.command_span(one)).collect();
        let before = self.before(group, &spans).await?;
        let (holds, before): (Vec<_>, Vec<_>) = before.into_iter().unzip();
        let mut turn = self.store.begin_all(holds).await?;
        let mut board = turn.board().await?;
        let mut decided = vec![];
        for ((claimed, before), span) in group.iter().zip(before).zip(spans) {
            let command = &claimed.submission.command;
            turn.stand_at(&command.stream())?;
            match command {
                Command::Case { case, ask } => {
                    let asked = (case, ask.clone());
                    let known = (before, &board);
                    let deciding = self.decide_case(&mut turn, claimed, asked, known);
                    decided.push(deciding.instrument(span).await?);
                }
                Command::Board { ask } => {
                    span.in_scope(|| self.decide_board(&mut turn, claimed, (ask, &mut board)))?;
                }
            }
        }
        turn.commit().await?;
        for (case, events, now) in decided {
            self.count_events(&case, &events, now);
        }
        Ok(())
    }

    /// Gives what is counted once it is committed: the case as it is then, and what happened to it when.
    async fn decide_case(
        &self,
        turn: &mut Turn,
        claimed: &Claimed,
        (id, ask): (&CaseId, CaseCommand),
        (before, board): (Before, &Board),
    ) -> Result<(Case, Vec<Event>, At), EngineError> {
        let mut case = turn.case(id).await?;
        let policy = self.policy();
        let opens = matches!(ask, CaseCommand::Open { .. }) && case.ticket.is_none();
        let ctx = Context {
            now: self.now(),
            installation: &self.settings.installation,
            policy: &policy,
            asked_under: before.asked_under.as_deref(),
            pinned: board.policy == Some(policy.digest()),
            paused: board.pause.as_ref().map(|(_, _, reason)| reason.clone()),
            standing: before.standing,
            wrote_ticket: before.wrote_ticket,
            next_number: if opens { turn.number("case").await? } else { 0 },
            first_asks: self.first_asks(&case, &ask),
            departures: Departures::default(),
        };
        let (events, answer) = outcome(&case, ask, &ctx);
        turn.put_content(before.who.as_slice())?;
        let now = ctx.now;
        let mut planned = vec![];
        for event in &events {
            case.apply(now, event);
            planned.extend(
                effects_of(event, &case)
                    .into_iter()
                    .map(|row| of_case(id, row)),
            );
        }
        planned.extend(tell(claimed, now));
        let events: Vec<Event> = events.into_iter().map(Event::Case).collect();
        let submission = &claimed.submission;
        turn.append(&events, &submission.actor, &submission.id, now)?;
        turn.plan(&planned)?;
        turn.finish(&submission.id, &answer)?;
        tracing::Span::current().record("number", case.number);
        Ok((case, events, now))
    }

    /// What follows stands on the board for the commands after it, also in the same commit.
    fn decide_board(
        &self,
        turn: &mut Turn,
        claimed: &Claimed,
        (ask, board): (&BoardCommand, &mut Board),
    ) -> Result<(), EngineError> {
        let now = self.now();
        let mut planned: Vec<Planned<AnyEffect>> = vec![];
        let mut events = vec![];
        for event in board.decide(ask, now) {
            board.apply(now, &event);
            planned.extend(board.effects_of(now, &event).into_iter().map(of_board));
            events.push(Event::Board(event));
        }
        let submission = &claimed.submission;
        turn.append(&events, &submission.actor, &submission.id, now)?;
        turn.plan(&planned)?;
        let answer = Answer::Recorded {
            sentence: "Recorded.".into(),
        };
        turn.finish(&submission.id, &answer)?;
        Ok(())
    }
}

impl EngineError {
    /// Whether the database is away, so that nothing else would go through either.
    const fn is_away(&self) -> bool {
        matches!(self, Self::Store(StoreError::Away { .. }))
    }
}

/// The events, and what the sender is told. A refused click is itself an event.
fn outcome(case: &Case, ask: CaseCommand, ctx: &Context) -> (Vec<CaseEvent>, Answer) {
    let trace = trace_of(&ask);
    match decide(case, ask, ctx) {
        Ok(events) => {
            let sentence = told::sentence(&events, ctx);
            (events, Answer::Recorded { sentence })
        }
        Err(refusal) => (
            trace
                .map(|trace| trace.refused(&refusal))
                .into_iter()
                .collect(),
            Answer::Refused { refusal },
        ),
    }
}

/// What the journal keeps of a click that changed nothing.
struct Trace {
    person: Person,
    verb: String,
    request: Option<crate::domain::ids::RequestId>,
    view: crate::domain::ids::ViewId,
}

impl Trace {
    fn refused(self, refusal: &Refusal) -> CaseEvent {
        CaseEvent::ClickRefused {
            person: self.person,
            verb: self.verb,
            request: self.request,
            view: Some(self.view),
            code: refusal.code,
        }
    }
}

fn trace_of(ask: &CaseCommand) -> Option<Trace> {
    match ask {
        CaseCommand::Click(click) => Some(Trace {
            person: click.person.clone(),
            verb: click.wants.word().into(),
            request: Some(click.request.clone()),
            view: click.view.clone(),
        }),
        CaseCommand::Work(work) => Some(Trace {
            person: work.person.clone(),
            verb: work.step.word().into(),
            request: None,
            view: work.view.clone(),
        }),
        _ => None,
    }
}

/// Every click is answered; the door may take the answer first.
fn tell(claimed: &Claimed, now: crate::domain::time::At) -> Option<Planned<AnyEffect>> {
    let reply_to = claimed.submission.reply_to.clone()?;
    Some(Planned {
        id: EffectId::new(format!("tell.{}", claimed.submission.id)),
        effect: AnyEffect::Tell {
            command: claimed.submission.id.clone(),
            reply_to,
        },
        due_at: now,
        priority: 0,
        coalesce: None,
    })
}

fn of_case(case: &CaseId, row: Planned<Effect>) -> Planned<AnyEffect> {
    Planned {
        id: row.id,
        effect: AnyEffect::Case {
            case: case.clone(),
            effect: row.effect,
        },
        due_at: row.due_at,
        priority: row.priority,
        coalesce: row.coalesce,
    }
}

fn of_board(row: Planned<BoardEffect>) -> Planned<AnyEffect> {
    Planned {
        id: row.id,
        effect: AnyEffect::Board { effect: row.effect },
        due_at: row.due_at,
        priority: row.priority,
        coalesce: row.coalesce,
    }
}

/// The digest that tells a repeat of one of our own commands from a contradiction.
pub(super) fn own_origin(key: &str) -> Digest {
    Digest::of(key.as_bytes())
}
