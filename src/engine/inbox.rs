//! One command: read what it needs to know, then decide and record in one transaction.

use std::sync::Arc;

use tracing::Instrument as _;

use super::{Engine, EngineError};
use crate::domain::board::BoardEffect;
use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Click, Deadline, Work, WorkStep};
use crate::domain::case::context::{Context, Departures, FirstAsks};
use crate::domain::case::decide::decide;
use crate::domain::case::effect::{Effect, Planned};
use crate::domain::case::effects::effects_of;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Answer, Refusal};
use crate::domain::case::told;
use crate::domain::content::{Content, ContentKind};
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, CustomerId, EffectId, GroupId};
use crate::domain::journal::{AnyEffect, Command, Event};
use crate::domain::person::{Person, Standing};
use crate::domain::policy::Policy;
use crate::domain::time::Span;
use crate::store::{Claimed, Turn};

/// How long a claimed command is ours before another process may take it.
const LEASE: Span = Span::seconds(20);

/// What was read from outside before the transaction.
#[derive(Default)]
struct Readings {
    standing: Option<Standing>,
    who: Option<Content>,
    email: Option<String>,
}

impl Engine {
    /// Takes and answers one waiting command; `false` when none waits.
    ///
    /// # Errors
    /// When the database does not answer. The command stays and is taken again.
    pub async fn step_inbox(&self) -> Result<bool, EngineError> {
        let Some(claimed) = self
            .store
            .next_command(&self.worker, self.now(), LEASE)
            .await?
        else {
            return Ok(false);
        };
        let span = self.command_span(&claimed);
        self.answer(&claimed).instrument(span).await?;
        Ok(true)
    }

    async fn answer(&self, claimed: &Claimed) -> Result<(), EngineError> {
        match &claimed.submission.command {
            Command::Case { case, ask } => self.case_command(claimed, case, ask.clone()).await?,
            Command::Board { ask } => {
                let ask = ask.clone();
                let mut turn = self
                    .store
                    .begin(&claimed.submission.command.stream())
                    .await?;
                let board = turn.board().await?;
                let events = board
                    .decide(&ask, self.now())
                    .into_iter()
                    .map(Event::Board)
                    .collect();
                self.record_board(&mut turn, board, events, claimed).await?;
                let answer = Answer::Recorded {
                    sentence: "Recorded.".into(),
                };
                turn.finish(&claimed.submission.id, &answer).await?;
                turn.commit().await?;
            }
        }
        Ok(())
    }

    async fn case_command(
        &self,
        claimed: &Claimed,
        id: &CaseId,
        ask: CaseCommand,
    ) -> Result<(), EngineError> {
        let before = self
            .store
            .case(id)
            .await?
            .unwrap_or_else(|| Case::empty(id.clone()));
        let readings = self.read_outside(&before, &ask).await?;
        let asked_under = self.asked_under(&before, &ask).await?;
        let policy = self.policy();

        let mut turn = self.store.begin(&id.stream()).await?;
        let mut case = turn.case(id).await?;
        let board = self.store.board().await?;
        let opens = matches!(ask, CaseCommand::Open { .. }) && case.ticket.is_none();
        let ctx = Context {
            now: self.now(),
            installation: &self.settings.installation,
            policy: &policy,
            asked_under: asked_under.as_deref(),
            pinned: board.policy == Some(policy.digest()),
            paused: board.pause.map(|(_, _, reason)| reason),
            standing: readings.standing,
            wrote_ticket: self.wrote_ticket(&case, readings.email.as_deref()).await?,
            next_number: if opens { turn.number("case").await? } else { 0 },
            first_asks: self.first_asks(&case, &ask),
            departures: Departures::default(),
        };
        let (events, answer) = outcome(&case, ask, &ctx);
        turn.put_content(readings.who.as_slice()).await?;
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
        turn.append(
            &events,
            &claimed.submission.actor,
            &claimed.submission.id,
            now,
        )
        .await?;
        turn.plan(&planned).await?;
        turn.finish(&claimed.submission.id, &answer).await?;
        turn.commit().await?;
        tracing::Span::current().record("number", case.number);
        self.count_events(&case, &events, now);
        Ok(())
    }

    async fn record_board(
        &self,
        turn: &mut Turn,
        mut board: crate::domain::board::Board,
        events: Vec<Event>,
        claimed: &Claimed,
    ) -> Result<(), EngineError> {
        let now = self.now();
        let mut planned: Vec<Planned<AnyEffect>> = vec![];
        for event in &events {
            if let Event::Board(event) = event {
                board.apply(now, event);
                planned.extend(board.effects_of(now, event).into_iter().map(of_board));
            }
        }
        turn.append(
            &events,
            &claimed.submission.actor,
            &claimed.submission.id,
            now,
        )
        .await?;
        turn.plan(&planned).await?;
        Ok(())
    }

    /// The person who clicks, read before the transaction: the account, and exactly the groups concerned.
    async fn read_outside(&self, case: &Case, ask: &CaseCommand) -> Result<Readings, EngineError> {
        let Some((person, groups)) = self.clicker(case, ask) else {
            return Ok(Readings::default());
        };
        let reading = match self.outside.people.read(person, &groups).await {
            Ok(reading) => reading,
            Err(error) => {
                tracing::warn!(%error, "a person could not be read; the click is refused");
                return Ok(Readings::default());
            }
        };
        let who = serde_json::json!({ "name": reading.name, "email": reading.email });
        let who = self.seal(ContentKind::Standing, who.to_string());
        let standing = Standing {
            membership: reading.membership,
            groups: reading.groups,
            read_at: reading.read_at,
            source: reading.source,
            who: Some(who.sealed),
        };
        Ok(Readings {
            standing: Some(standing),
            who: Some(who),
            email: reading.email,
        })
    }

    fn clicker<'a>(&self, case: &Case, ask: &'a CaseCommand) -> Option<(&'a Person, Vec<GroupId>)> {
        let policy = self.policy();
        match ask {
            CaseCommand::Click(Click {
                person, request, ..
            }) => {
                let asked = case.request(request)?;
                let amount = case
                    .draft(&asked.request.draft)
                    .and_then(|draft| draft.draft.action.amount());
                Some((
                    person,
                    policy.groups_of(&asked.request.asking.approver_rule, amount),
                ))
            }
            CaseCommand::Work(work) => {
                let (escalation, _) = case.escalation(&work.escalation)?;
                Some((&work.person, policy.role_groups(escalation.role)))
            }
            _ => None,
        }
    }

    async fn asked_under(
        &self,
        case: &Case,
        ask: &CaseCommand,
    ) -> Result<Option<Arc<Policy>>, EngineError> {
        let request = match ask {
            CaseCommand::Click(click) => Some(&click.request),
            CaseCommand::Wake {
                deadline: Deadline::Request { request },
            } => Some(request),
            _ => None,
        };
        match request.and_then(|request| case.request(request)) {
            Some(asked) => self.policies.of(&asked.request.policy, &self.store).await,
            None => Ok(None),
        }
    }

    /// An e-mail can exclude somebody, never include: whoever wrote the ticket does not decide on it.
    async fn wrote_ticket(&self, case: &Case, email: Option<&str>) -> Result<bool, EngineError> {
        let (Some(email), Some(ticket)) = (email, &case.ticket) else {
            return Ok(false);
        };
        let author = self.requester_email(ticket).await?;
        Ok(author.is_some_and(|author| author.eq_ignore_ascii_case(email)))
    }

    fn first_asks(&self, case: &Case, ask: &CaseCommand) -> FirstAsks {
        let Some(ticket) = &case.ticket else {
            return FirstAsks::default();
        };
        let policy = self.policy();
        let desk = super::gather::desk_ask(&ticket.desk);
        let reads_tickets = policy
            .contract()
            .may_read(crate::domain::policy::contract::ReadTool::Tickets);
        let reads_stripe = policy
            .contract()
            .may_read(crate::domain::policy::contract::ReadTool::Stripe);
        let linked = linked_customer(case, ask);
        let connectors = || self.outside.connectors.values().filter(|_| reads_stripe);
        FirstAsks {
            ticket: if reads_tickets { vec![desk] } else { vec![] },
            customer: connectors().flat_map(|one| one.first()).collect(),
            linked: linked.map_or_else(Vec::new, |customer| {
                connectors().flat_map(|one| one.linked(customer)).collect()
            }),
        }
    }
}

/// The customer whom somebody is about to link, or the one who is linked.
fn linked_customer<'a>(case: &'a Case, ask: &'a CaseCommand) -> Option<&'a CustomerId> {
    match ask {
        CaseCommand::Work(Work {
            step: WorkStep::LinkCustomer { customer, .. },
            ..
        }) => Some(customer),
        _ => case.link().map(|link| &link.customer),
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
