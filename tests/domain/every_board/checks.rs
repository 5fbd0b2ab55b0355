//! What must hold at every step of the walk over the board.

use std::collections::BTreeSet;

use countersign::domain::board::{
    BATCH_MINUTES, BATCH_ROWS, Batch, Board, BoardCommand, BoardEffect, BoardEvent,
};
use countersign::domain::case::cards::{notice_of, noticed};
use countersign::domain::ids::{CardId, RequestId};
use countersign::domain::time::Span;

use super::{Came, Spot, Step};

/// Whether a sentence holds of a step.
pub type Holds = fn(&Spot, &Step, &Came) -> bool;

pub const CHECKS: &[(&str, Holds)] = &[
    ("a request is one row, once", each_request_is_one_row),
    ("rows are numbered and never move", rows_never_move),
    (
        "a batch takes no rows after its time, when it is closed, or beyond ten",
        full_batches_take_nothing,
    ),
    ("a batch with ten rows is closed", |_, _, came| {
        came.after
            .board
            .batches
            .iter()
            .all(|one| one.closed || one.rows.len() < BATCH_ROWS)
    }),
    (
        "a batch that is open and in time is used",
        open_batches_are_used,
    ),
    (
        "an open batch is closed in its time",
        new_batches_are_closed_by_time,
    ),
    ("each row is told to its case", rows_are_told),
    (
        "each closed batch gets its card, once",
        closed_batches_get_their_card,
    ),
    (
        "a card that fails or comes back is noticed",
        cards_are_noticed,
    ),
    (
        "only pause and resume change the pause",
        only_its_switch_changes_the_pause,
    ),
    ("a policy is activated once", policies_are_activated_once),
    ("no two effects share an id", |before, _, came| {
        let begins = format!("board.{}.", before.board.seq);
        let ids: BTreeSet<_> = came.effects.iter().map(|row| row.id.as_str()).collect();
        let seq = before.board.seq + came.events.len() as u64;
        ids.len() == came.effects.len()
            && came.after.board.seq == seq
            && !ids.iter().any(|id| id.starts_with(&begins))
    }),
];

pub fn rows(board: &Board) -> Vec<(&Batch, u32, &RequestId)> {
    let batches = board.batches.iter();
    batches
        .flat_map(|batch| {
            batch
                .rows
                .iter()
                .map(move |row| (batch, row.number, &row.request))
        })
        .collect()
}

fn each_request_is_one_row(before: &Spot, step: &Step, came: &Came) -> bool {
    let (was, is) = (rows(&before.board), rows(&came.after.board));
    let distinct: BTreeSet<_> = is.iter().map(|(_, _, request)| request).collect();
    let joined = match step {
        Step::Told(BoardCommand::JoinBatch { request, rule, .. }) => {
            is.iter().any(|(batch, _, one)| {
                *one == request && (batch.rule == *rule || was.iter().any(|(_, _, old)| old == one))
            })
        }
        _ => is.len() == was.len(),
    };
    distinct.len() == is.len() && joined
}

fn rows_never_move(before: &Spot, _: &Step, came: &Came) -> bool {
    let kept = before.board.batches.iter().all(|was| {
        let now = came.after.board.batch(&was.id);
        now.is_some_and(|now| {
            now.rows.starts_with(&was.rows)
                && now.closes_at == was.closes_at
                && (now.closed || !was.closed)
        })
    });
    let numbered = came.after.board.batches.iter().all(|batch| {
        let numbers: Vec<_> = batch.rows.iter().map(|row| row.number as usize).collect();
        numbers == (1..=batch.rows.len()).collect::<Vec<_>>()
    });
    kept && numbered
}

fn full_batches_take_nothing(before: &Spot, _: &Step, came: &Came) -> bool {
    came.after.board.batches.iter().all(|now| {
        let was = before.board.batch(&now.id);
        let took = was.is_some_and(|was| was.rows.len() < now.rows.len());
        let open = was.is_some_and(|was| !was.closed && before.now < was.closes_at);
        now.rows.len() <= BATCH_ROWS && (open || !took)
    })
}

/// A second batch is opened only where the rule has none that takes rows.
fn open_batches_are_used(before: &Spot, _: &Step, came: &Came) -> bool {
    came.events.iter().all(|event| match event {
        BoardEvent::BatchOpened { rule, .. } => before.board.batches.iter().all(|one| {
            one.rule != *rule
                || one.closed
                || one.rows.len() == BATCH_ROWS
                || one.closes_at <= before.now
        }),
        _ => true,
    })
}

fn new_batches_are_closed_by_time(before: &Spot, _: &Step, came: &Came) -> bool {
    came.events.iter().all(|event| match event {
        BoardEvent::BatchOpened {
            batch, closes_at, ..
        } => {
            let close = BoardEffect::CloseBatch {
                batch: batch.clone(),
            };
            *closes_at == before.now.plus(Span::minutes(BATCH_MINUTES))
                && came
                    .effects
                    .iter()
                    .any(|row| row.effect == close && row.due_at == *closes_at)
        }
        _ => true,
    })
}

fn rows_are_told(_: &Spot, _: &Step, came: &Came) -> bool {
    came.events.iter().all(|event| match event {
        BoardEvent::RowAdded { batch, row } => {
            let told = BoardEffect::TellCase {
                case: row.case.clone(),
                request: row.request.clone(),
                batch: batch.clone(),
                row: row.number,
            };
            came.effects.iter().any(|one| one.effect == told)
        }
        _ => true,
    })
}

fn closed_batches_get_their_card(before: &Spot, _: &Step, came: &Came) -> bool {
    came.events.iter().all(|event| match event {
        BoardEvent::BatchClosed { batch } => {
            let card = CardId::new(format!("card.{batch}"));
            let shown = came.effects.iter().any(|row| {
                row.effect == BoardEffect::Card { card: card.clone() }
                    && row.coalesce == Some(format!("card:{card}"))
            });
            shown && before.board.batch(batch).is_none_or(|was| !was.closed)
        }
        _ => true,
    })
}

/// A notice stands where a card could not; nothing stands in for a notice.
fn cards_are_noticed(_: &Spot, step: &Step, came: &Came) -> bool {
    let Step::Told(
        BoardCommand::RecordCardFailed { card, .. } | BoardCommand::RecordCardPosted { card, .. },
    ) = step
    else {
        return true;
    };
    let notice = BoardEffect::Card {
        card: notice_of(card),
    };
    let noticed_now = came.effects.iter().any(|row| row.effect == notice);
    came.events.len() == 1 && noticed_now == noticed(card).is_none() && came.effects.len() <= 1
}

fn only_its_switch_changes_the_pause(before: &Spot, step: &Step, came: &Came) -> bool {
    let (was, is) = (&before.board.pause, &came.after.board.pause);
    match step {
        Step::Told(BoardCommand::Pause { by, reason }) => {
            *is == Some((by.clone(), before.now, reason.clone()))
        }
        Step::Told(BoardCommand::Resume { .. }) => {
            is.is_none() && came.events.is_empty() == was.is_none()
        }
        _ => was == is,
    }
}

fn policies_are_activated_once(before: &Spot, step: &Step, came: &Came) -> bool {
    let (was, is) = (before.board.policy, came.after.board.policy);
    match step {
        Step::Told(BoardCommand::ActivatePolicy { policy, .. }) => {
            is == Some(*policy) && came.events.is_empty() == (was == is)
        }
        _ => was == is,
    }
}
