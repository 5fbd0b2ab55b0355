//! One effect: taken from the outbox under a lease, carried out, and ended together with its answer.

use std::convert::Infallible;
use std::time::Duration;

use tracing::Instrument as _;

use super::spans::BROUGHT;
use super::{Engine, EngineError};
use crate::domain::board::BoardEffect;
use crate::domain::case::command::CaseCommand;
use crate::domain::case::effect::Effect;
use crate::domain::content::Content;
use crate::domain::ids::{CaseId, EffectId};
use crate::domain::journal::{AnyEffect, Command, Submission};
use crate::domain::person::Actor;
use crate::domain::time::{At, Span};
use crate::ports::PortError;
use crate::store::{Fence, Leased, Offer, Places};
use crate::telemetry::catalogue::LIMITS;

/// How long an effect is ours before another process may take it. While it is being carried out, that is lengthened.
const LEASE: Span = Span::seconds(15);
/// How often it is lengthened.
const RENEWAL: Duration = Duration::from_secs(5);
/// The pause after a first failure; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Span = Span::seconds(2);
const LONGEST_PAUSE: Span = Span::minutes(5);

/// How an effect ended.
pub(super) enum Ended {
    /// It is over, and this is what it brings back.
    With(Vec<Brought>),
    /// It did not happen; it is tried again not before this moment.
    Again(At, String),
    /// It is over for good, without anything to record.
    Failed(String),
}

/// A command that an effect brings back, with its texts.
pub(super) struct Brought {
    pub(super) command: Command,
    pub(super) contents: Vec<Content>,
}

impl Brought {
    pub(super) fn to_case(case: &CaseId, ask: CaseCommand, contents: Vec<Content>) -> Self {
        Self {
            command: Command::Case {
                case: case.clone(),
                ask,
            },
            contents,
        }
    }
}

impl Engine {
    /// Takes and carries out one effect that is due; `false` when none is.
    ///
    /// # Errors
    /// When the database does not answer. The lease runs out, and the effect is taken again.
    pub async fn step_outbox(&self) -> Result<bool, EngineError> {
        let offer = self
            .store
            .lease_effect(&self.worker, self.now(), LEASE, &self.places())
            .await?;
        let leased = match offer {
            Offer::Leased(leased) => leased,
            Offer::Full => {
                self.metrics.count(&LIMITS, ["concurrency"]);
                return Ok(false);
            }
            Offer::Nothing => return Ok(false),
        };
        let span = self.effect_span(&leased);
        self.attempt(&leased).instrument(span).await?;
        Ok(true)
    }

    async fn attempt(&self, leased: &Leased) -> Result<(), EngineError> {
        let ended = tokio::select! {
            ended = self.carry_out(leased) => ended,
            never = self.renewing(leased) => match never {},
        };
        self.count_end(&leased.planned.effect, &ended);
        self.end(leased, ended?).await
    }

    /// How many effects may be under way at once under the policy in force.
    fn places(&self) -> Places {
        let policy = self.policy();
        let limits = &policy.contract().limits;
        let owned = |(queue, most): (&str, u32)| (queue.to_owned(), most);
        Places {
            overall: limits.overall().max_concurrency,
            queues: limits.narrow_queues().map(owned).collect(),
        }
    }

    /// Lengthens a lease for as long as this is polled. It never ends.
    async fn renewing(&self, leased: &Leased) -> Infallible {
        loop {
            tokio::time::sleep(RENEWAL).await;
            let until = self.now().plus(LEASE);
            if let Err(error) = self.store.renew(leased, until).await {
                tracing::warn!(%error, effect = %leased.planned.id, "a lease was not lengthened");
            }
        }
    }

    async fn carry_out(&self, leased: &Leased) -> Result<Ended, EngineError> {
        let attempts = leased.attempts;
        match &leased.planned.effect {
            AnyEffect::Case { case, effect } => {
                self.case_effect(case, effect, &leased.planned.id, attempts)
                    .await
            }
            AnyEffect::Board {
                effect:
                    BoardEffect::TellCase {
                        case,
                        request,
                        batch,
                        row,
                    },
            } => {
                let ask = CaseCommand::RecordBatched {
                    request: request.clone(),
                    batch: batch.clone(),
                    row: *row,
                };
                Ok(Ended::With(vec![Brought::to_case(case, ask, vec![])]))
            }
            AnyEffect::Board {
                effect: BoardEffect::CloseBatch { batch },
            } => {
                let ask = crate::domain::board::BoardCommand::CloseBatch {
                    batch: batch.clone(),
                };
                Ok(Ended::With(vec![Brought {
                    command: Command::Board { ask },
                    contents: vec![],
                }]))
            }
            AnyEffect::Board {
                effect: BoardEffect::Card { card },
            } => self.show_batch(card, attempts).await,
            AnyEffect::Tell { command, reply_to } => {
                let Some(answer) = self.store.answer_of(command).await? else {
                    return Ok(Ended::Failed("the command has no answer".into()));
                };
                Ok(match self.outside.surface.tell(reply_to, &answer).await {
                    Ok(()) => Ended::With(vec![]),
                    Err(error) => self.after(attempts, &error),
                })
            }
        }
    }

    async fn case_effect(
        &self,
        case: &CaseId,
        effect: &Effect,
        id: &EffectId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        match effect {
            Effect::Redact { revision } => self.redact(case, *revision).await,
            Effect::Triage { revision } => self.triage(case, *revision).await,
            Effect::Draft { revision } => self.draft(case, *revision).await,
            Effect::Gather { ask } => self.gather(case, ask).await,
            Effect::FindApprovers { request } => self.find_approvers(case, request, attempts).await,
            Effect::JoinBatch { request, rule } => {
                let ask = crate::domain::board::BoardCommand::JoinBatch {
                    case: case.clone(),
                    request: request.clone(),
                    rule: rule.clone(),
                };
                Ok(Ended::With(vec![Brought {
                    command: Command::Board { ask },
                    contents: vec![],
                }]))
            }
            Effect::Card { card } if card.as_str().starts_with("card.batch.") => {
                self.show_batch(card, attempts).await
            }
            Effect::Card { card } => self.show_card(case, card, attempts).await,
            Effect::Perform { draft, phase } => {
                self.perform(case, draft, *phase, id, attempts).await
            }
            Effect::Wake { deadline } => {
                let ask = CaseCommand::Wake {
                    deadline: deadline.clone(),
                };
                Ok(Ended::With(vec![Brought::to_case(case, ask, vec![])]))
            }
        }
    }

    async fn end(&self, leased: &Leased, ended: Ended) -> Result<(), EngineError> {
        let (id, attempts) = (&leased.planned.id, leased.attempts);
        let fence = match ended {
            Ended::With(brought) => {
                let keyed =
                    |(n, one)| self.submission(format!("{BROUGHT}{id}:{attempts}:{n}"), one);
                let submissions: Vec<Submission> =
                    brought.into_iter().enumerate().map(keyed).collect();
                self.store.done_with(leased, &submissions).await?
            }
            Ended::Again(at, why) => {
                tracing::info!(effect = %id, attempts, %why, "an effect is tried again");
                self.store.retry(leased, at, &why).await?
            }
            Ended::Failed(why) => {
                tracing::warn!(effect = %id, %why, "an effect ended without success");
                self.store.failed(leased, &why).await?
            }
        };
        if fence == Fence::Lost {
            tracing::info!(effect = %id, attempts, "another worker has taken this effect over");
        }
        Ok(())
    }

    pub(super) fn submission(&self, key: String, brought: Brought) -> Submission {
        Submission {
            id: self.command_id(),
            origin: super::inbox::own_origin(&key),
            key,
            actor: Actor::Countersign,
            at: self.now(),
            command: brought.command,
            contents: brought.contents,
            reply_to: None,
        }
    }

    /// What a failure outside means for an effect that may simply be tried again.
    pub(super) fn after(&self, attempts: u64, error: &PortError) -> Ended {
        match error {
            PortError::No { why } => Ended::Failed(why.clone()),
            PortError::Again { why, after } => {
                Ended::Again(self.now().plus(pause(attempts, *after)), why.clone())
            }
            PortError::Unknown { why } => {
                Ended::Again(self.now().plus(pause(attempts, None)), why.clone())
            }
        }
    }

    /// The moment of the next attempt.
    pub(super) fn next_attempt(&self, attempts: u64, after: Option<Span>) -> At {
        self.now().plus(pause(attempts, after))
    }
}

fn pause(attempts: u64, after: Option<Span>) -> Span {
    let doubled = Span((FIRST_PAUSE.0 << attempts.min(8)).min(LONGEST_PAUSE.0));
    after.map_or(doubled, |after| Span(after.0.max(1_000)))
}
