//! The board: commands that come late or twice change nothing.

use countersign::domain::board::{BATCH_MINUTES, Board, BoardCommand, BoardEffect};
use countersign::domain::ids::{BatchId, CaseId, RequestId, RuleName};
use countersign::domain::time::Span;

use crate::support::*;

fn join(request: &str, rule: &str) -> BoardCommand {
    BoardCommand::JoinBatch {
        case: CaseId::new("c1"),
        request: RequestId::new(request),
        rule: RuleName::new(rule),
    }
}

fn tell(board: &mut Board, command: &BoardCommand) -> Vec<BoardEffect> {
    let events = board.decide(command, MONDAY);
    let mut effects = vec![];
    for event in events {
        board.apply(MONDAY, &event);
        effects.extend(board.effects_of(MONDAY, &event));
    }
    effects.into_iter().map(|planned| planned.effect).collect()
}

#[test]
fn a_row_tells_its_case_and_a_batch_closes_by_time() {
    let mut board = Board::default();
    let effects = tell(&mut board, &join("c1.r1", "batch_reviewers"));
    assert!(matches!(
        effects.as_slice(),
        [
            BoardEffect::CloseBatch { .. },
            BoardEffect::TellCase { row: 1, .. }
        ]
    ));
    let batch = board.batches[0].clone();
    assert_eq!(batch.closes_at, MONDAY.plus(Span::minutes(BATCH_MINUTES)));
    let close = BoardCommand::CloseBatch {
        batch: batch.id.clone(),
    };
    assert!(matches!(
        tell(&mut board, &close).as_slice(),
        [BoardEffect::Card { .. }]
    ));
    assert!(tell(&mut board, &close).is_empty());
    let unknown = BoardCommand::CloseBatch {
        batch: BatchId::new("batch.9"),
    };
    assert!(tell(&mut board, &unknown).is_empty());
    tell(&mut board, &join("c1.r2", "batch_reviewers"));
    assert_eq!(board.batches.len(), 2);
    assert_eq!(board.batch(&batch.id).unwrap().rows.len(), 1);
}

#[test]
fn each_rule_has_batches_of_its_own() {
    let mut board = Board::default();
    tell(&mut board, &join("c1.r1", "batch_reviewers"));
    tell(&mut board, &join("c1.r2", "billing_reviewers"));
    assert_eq!(board.batches.len(), 2);
}

#[test]
fn a_pause_lasts_until_somebody_resumes_and_a_policy_is_activated_once() {
    let mut board = Board::default();
    let by = LEAD.person();
    let resume = BoardCommand::Resume {
        by: by.clone(),
        reason: "over".into(),
    };
    assert!(board.decide(&resume, MONDAY).is_empty());
    let pause = BoardCommand::Pause {
        by,
        reason: "fire".into(),
    };
    tell(&mut board, &pause);
    assert!(board.pause.is_some());
    tell(&mut board, &resume);
    assert!(board.pause.is_none());
    let policy = policy(&[]).digest();
    let activate = BoardCommand::ActivatePolicy { policy, by: None };
    assert_eq!(board.decide(&activate, MONDAY).len(), 1);
    tell(&mut board, &activate);
    assert!(board.decide(&activate, MONDAY).is_empty());
}
