//! The board's decisions: which events follow from a command, and which effects from an event.

use super::{
    BATCH_MINUTES, BATCH_ROWS, Batch, BatchRow, Board, BoardCommand, BoardEffect, BoardEvent,
};
use crate::domain::case::cards::{notice_of, noticed};
use crate::domain::case::effect::Planned;
use crate::domain::ids::{BatchId, CaseId, EffectId, RequestId, RuleName};
use crate::domain::time::{At, Span};

impl Board {
    /// Folds one event that happened at a moment.
    pub fn apply(&mut self, at: At, event: &BoardEvent) {
        self.seq += 1;
        match event {
            BoardEvent::BatchOpened {
                batch,
                rule,
                closes_at,
            } => self.batches.push(Batch {
                id: batch.clone(),
                rule: rule.clone(),
                rows: vec![],
                closes_at: *closes_at,
                closed: false,
            }),
            BoardEvent::RowAdded { batch, row } => {
                if let Some(batch) = self.batch_mut(batch) {
                    batch.rows.push(row.clone());
                }
            }
            BoardEvent::BatchClosed { batch } => {
                if let Some(batch) = self.batch_mut(batch) {
                    batch.closed = true;
                }
            }
            BoardEvent::Paused { by, reason } => {
                self.pause = Some((by.clone(), at, reason.clone()))
            }
            BoardEvent::Resumed { .. } => self.pause = None,
            BoardEvent::PolicyActivated { policy, .. } => self.policy = Some(*policy),
            BoardEvent::CardPosted { .. } | BoardEvent::CardFailed { .. } => {}
        }
    }

    /// The events that follow from a command; none from one that is late or repeated.
    #[must_use]
    pub fn decide(&self, command: &BoardCommand, now: At) -> Vec<BoardEvent> {
        match command {
            BoardCommand::JoinBatch {
                case,
                request,
                rule,
            } => self.join(case, request, rule, now),
            BoardCommand::CloseBatch { batch } => match self.batch(batch) {
                Some(open) if !open.closed => vec![BoardEvent::BatchClosed {
                    batch: batch.clone(),
                }],
                _ => vec![],
            },
            BoardCommand::RecordCardPosted { card, channel, ts } => vec![BoardEvent::CardPosted {
                card: card.clone(),
                channel: channel.clone(),
                ts: ts.clone(),
            }],
            BoardCommand::RecordCardFailed { card, why } => {
                vec![BoardEvent::CardFailed {
                    card: card.clone(),
                    why: why.clone(),
                }]
            }
            BoardCommand::Pause { by, reason } => {
                vec![BoardEvent::Paused {
                    by: by.clone(),
                    reason: reason.clone(),
                }]
            }
            BoardCommand::Resume { by, reason } if self.pause.is_some() => {
                vec![BoardEvent::Resumed {
                    by: by.clone(),
                    reason: reason.clone(),
                }]
            }
            BoardCommand::Resume { .. } => vec![],
            BoardCommand::ActivatePolicy { policy, .. } if self.policy == Some(*policy) => vec![],
            BoardCommand::ActivatePolicy { policy, by } => {
                vec![BoardEvent::PolicyActivated {
                    policy: *policy,
                    by: by.clone(),
                }]
            }
        }
    }

    fn join(
        &self,
        case: &CaseId,
        request: &RequestId,
        rule: &RuleName,
        now: At,
    ) -> Vec<BoardEvent> {
        let already = self
            .batches
            .iter()
            .any(|batch| batch.rows.iter().any(|row| row.request == *request));
        if already {
            return vec![];
        }
        let open = self.batches.iter().rev().find(|batch| {
            batch.rule == *rule
                && !batch.closed
                && batch.rows.len() < BATCH_ROWS
                && now < batch.closes_at
        });
        let (id, rows, mut events) = match open {
            Some(batch) => (batch.id.clone(), batch.rows.len(), vec![]),
            None => {
                let id = BatchId::new(format!("batch.{}", self.batches.len() + 1));
                let closes_at = now.plus(Span::minutes(BATCH_MINUTES));
                let opened = BoardEvent::BatchOpened {
                    batch: id.clone(),
                    rule: rule.clone(),
                    closes_at,
                };
                (id, 0, vec![opened])
            }
        };
        let number = u32::try_from(rows + 1).unwrap_or(u32::MAX);
        let row = BatchRow {
            number,
            case: case.clone(),
            request: request.clone(),
        };
        events.push(BoardEvent::RowAdded {
            batch: id.clone(),
            row,
        });
        if rows + 1 == BATCH_ROWS {
            events.push(BoardEvent::BatchClosed { batch: id });
        }
        events
    }

    /// The batch with this id.
    #[must_use]
    pub fn batch(&self, id: &BatchId) -> Option<&Batch> {
        self.batches.iter().find(|batch| batch.id == *id)
    }

    fn batch_mut(&mut self, id: &BatchId) -> Option<&mut Batch> {
        self.batches.iter_mut().find(|batch| batch.id == *id)
    }

    /// The effects that follow from an event which was just folded, with ids that derive from its place.
    #[must_use]
    pub fn effects_of(&self, at: At, event: &BoardEvent) -> Vec<Planned<BoardEffect>> {
        let planned = |n: usize, effect: BoardEffect, due_at: At| Planned {
            id: EffectId::new(format!("board.{}.{n}", self.seq)),
            coalesce: match &effect {
                BoardEffect::Card { card } => Some(format!("card:{card}")),
                _ => None,
            },
            effect,
            due_at,
            priority: 2,
        };
        match event {
            BoardEvent::BatchOpened {
                batch, closes_at, ..
            } => {
                vec![planned(
                    0,
                    BoardEffect::CloseBatch {
                        batch: batch.clone(),
                    },
                    *closes_at,
                )]
            }
            BoardEvent::RowAdded { batch, row } => {
                let told = BoardEffect::TellCase {
                    case: row.case.clone(),
                    request: row.request.clone(),
                    batch: batch.clone(),
                    row: row.number,
                };
                vec![planned(0, told, at)]
            }
            BoardEvent::BatchClosed { batch } => self
                .batch(batch)
                .map(|batch| planned(0, BoardEffect::Card { card: batch.card() }, at))
                .into_iter()
                .collect(),
            // The notice goes up with the first failure, and says so when the card stands after all.
            BoardEvent::CardPosted { card, .. } | BoardEvent::CardFailed { card, .. }
                if noticed(card).is_none() =>
            {
                let card = notice_of(card);
                vec![planned(0, BoardEffect::Card { card }, at)]
            }
            BoardEvent::CardPosted { .. }
            | BoardEvent::CardFailed { .. }
            | BoardEvent::Paused { .. }
            | BoardEvent::Resumed { .. }
            | BoardEvent::PolicyActivated { .. } => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(board: &mut Board, request: &str, now: At) -> Vec<BoardEvent> {
        let command = BoardCommand::JoinBatch {
            case: CaseId::new("c1"),
            request: RequestId::new(request),
            rule: RuleName::new("batch_reviewers"),
        };
        let events = board.decide(&command, now);
        for event in &events {
            board.apply(now, event);
        }
        events
    }

    #[test]
    fn a_batch_closes_at_ten_rows_and_the_eleventh_opens_another() {
        let mut board = Board::default();
        for n in 1..=11 {
            joined(&mut board, &format!("r{n}"), At(n));
        }
        assert_eq!(
            board
                .batches
                .iter()
                .map(|batch| batch.rows.len())
                .collect::<Vec<_>>(),
            [10, 1]
        );
        assert!(board.batches[0].closed && !board.batches[1].closed);
    }

    #[test]
    fn a_batch_takes_no_rows_after_ten_minutes() {
        let mut board = Board::default();
        joined(&mut board, "r1", At(0));
        joined(&mut board, "r2", At(Span::minutes(BATCH_MINUTES).0));
        assert_eq!(board.batches.len(), 2);
    }

    #[test]
    fn the_same_request_is_never_two_rows() {
        let mut board = Board::default();
        joined(&mut board, "r1", At(0));
        assert!(joined(&mut board, "r1", At(1)).is_empty());
    }
}
