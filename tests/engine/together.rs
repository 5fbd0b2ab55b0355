//! Commands that are decided together: in their order, and each for itself.

use countersign::domain::board::BoardCommand;
use countersign::domain::case::command::CaseCommand;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{BatchId, StreamId};
use countersign::domain::journal::Command;
use countersign::domain::time::Span;
use countersign::store::StoreError;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::bed::Bed;

#[tokio::test]
async fn commands_of_different_cases_are_decided_in_one_step() {
    let bed = Bed::under(&[]).await;
    let mut cases = vec![];
    for n in 0..10 {
        cases.push(bed.question(&format!("T-{n}")).await);
    }
    assert!(bed.engine.step_inbox().await.unwrap());
    for (n, case) in cases.iter().enumerate() {
        let case = bed.case(case).await;
        assert_eq!(
            case.number,
            n as u64 + 1,
            "numbers go by the order of coming"
        );
    }
    assert!(!bed.engine.step_inbox().await.unwrap());
    bed.settle().await;
}

/// A row that no version of ours reads, appended past the store.
async fn spoil(database: &str, stream: &StreamId, seq: u64) {
    let mut connection = SqliteConnection::connect(database).await.unwrap();
    let zeroes = Digest::of(b"nothing");
    let sql = format!(
        "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash) \
         VALUES ('{stream}', {seq}, 0, '\"countersign\"', 'x', 'nonsense', '{{\"event\":\"nonsense\"}}', '{zeroes}', '{zeroes}')"
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn one_that_cannot_be_decided_takes_no_neighbour_with_it() {
    let folder = crate::folder::Folder::make();
    let database = format!("sqlite://{}", folder.path().join("engine.db").display());
    let bed = Bed::over(&database).await;
    let mut cases = vec![];
    for n in 0..5 {
        cases.push(bed.question(&format!("T-{n}")).await);
    }
    bed.engine.step_inbox().await.unwrap();
    let spoilt = bed.case(&cases[2]).await;
    spoil(&database, &spoilt.id.stream(), spoilt.seq + 1).await;
    for case in &cases {
        let ask = CaseCommand::AddMessage {
            message: spoilt.ticket.as_ref().unwrap().body,
        };
        let command = Command::Case {
            case: case.clone(),
            ask,
        };
        bed.submit(&format!("more of {case}"), command, vec![])
            .await;
    }
    let board = Command::Board {
        ask: BoardCommand::CloseBatch {
            batch: BatchId::new("none"),
        },
    };
    bed.submit("board", board, vec![]).await;
    let step = bed.engine.step_inbox().await;
    assert!(step.is_err(), "the one that does not read is told");
    let left = bed.store.pending_counts(bed.engine.time()).await.unwrap();
    assert_eq!(left.commands, 1, "the others are decided");
    for case in cases.iter().filter(|case| **case != spoilt.id) {
        assert_eq!(bed.case(case).await.revision, 2);
    }
    let unread = bed.store.case(&spoilt.id).await;
    assert!(matches!(unread, Err(StoreError::Corrupt { .. })));
    bed.clock.advance(Span::minutes(1));
    assert!(
        bed.engine.step_inbox().await.is_err(),
        "it is taken again, alone"
    );
}
