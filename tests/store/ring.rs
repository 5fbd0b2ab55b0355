//! A turn: all of it or nothing, one at a time on a stream, and projections that the journal can make again.

use countersign::domain::approval::Verb;
use countersign::domain::board::{BoardCommand, BoardEvent};
use countersign::domain::card::Texts;
use countersign::domain::case::Stage;
use countersign::domain::ids::{CaseId, CommandId, RequestId, RuleName, StreamId};
use countersign::domain::journal::Event;
use countersign::domain::person::Actor;
use countersign::store::{Store, StoreError};

use crate::bed::{Bed, on_each};
use crate::life::{Life, NOON, person};

async fn append_board(store: &Store, events: &[BoardEvent]) {
    let events: Vec<Event> = events.iter().cloned().map(Event::Board).collect();
    let mut turn = store.begin(&StreamId::board()).await.unwrap();
    turn.append(&events, &Actor::Countersign, &CommandId::new("b"), NOON)
        .unwrap();
    turn.commit().await.unwrap();
}

const PROJECTIONS: &[(&str, &[&str])] = &[
    (
        "views",
        &[
            "view_id",
            "card_id",
            "case_id",
            "request_id",
            "escalation_id",
            "subject",
            "digest",
            "rendering",
            "surface",
            "at",
        ],
    ),
    (
        "cards",
        &["card_id", "stream", "channel", "ts", "updated_at"],
    ),
    (
        "cases",
        &[
            "case_id",
            "number",
            "stage",
            "severity",
            "category",
            "queue",
            "role",
            "headline",
            "waiting_on",
            "taken_by",
            "due_at",
            "opened_at",
            "changed_at",
            "source",
            "external",
        ],
    ),
    (
        "requests",
        &[
            "request_id",
            "case_id",
            "rule",
            "state",
            "tier",
            "action",
            "batch_id",
            "due_at",
            "asked_at",
            "changed_at",
        ],
    ),
    ("request_people", &["request_id", "user_id"]),
    (
        "examples",
        &[
            "position",
            "request_id",
            "case_id",
            "number",
            "action",
            "headline",
            "proposed",
            "outcome",
            "words",
        ],
    ),
];

async fn projections(bed: &Bed) -> Vec<Vec<String>> {
    let mut all = vec![];
    for (table, columns) in PROJECTIONS {
        all.push(bed.rows(table, columns).await);
    }
    all
}

#[tokio::test]
async fn a_turn_that_is_dropped_leaves_nothing() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        {
            let mut turn = bed.store.begin(&life.id.stream()).await.unwrap();
            assert_eq!(turn.number("cases").await.unwrap(), 1);
            turn.put_content(std::slice::from_ref(&life.view)).unwrap();
            turn.append(
                &life.read(),
                &Actor::Countersign,
                &CommandId::new("m1"),
                NOON,
            )
            .unwrap();
            let seen = turn.case(&life.id).await.unwrap().seq;
            assert_eq!(seen, 3, "the turn itself sees them");
        }
        assert_eq!(bed.store.case(&life.id).await.unwrap(), None);
        assert_eq!(bed.store.content(&life.view.sealed).await.unwrap(), None);
        for table in ["journal", "content", "outbox", "cases", "counters"] {
            assert!(bed.rows(table, &["1"]).await.is_empty(), "{table}");
        }
        let mut turn = bed.store.begin(&life.id.stream()).await.unwrap();
        assert_eq!(turn.number("cases").await.unwrap(), 1, "no gap");
        turn.commit().await.unwrap();
        let mut turn = bed.store.begin(&life.id.stream()).await.unwrap();
        assert_eq!(turn.number("cases").await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_case_and_its_number_are_found_after_a_restart() {
    on_each(async |bed| {
        let life = Life::of(7, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        let other = bed.another().await;
        let case = other.case_by_number(7).await.unwrap().unwrap();
        assert_eq!(Some(case), bed.store.case(&life.id).await.unwrap());
        assert_eq!(other.case_by_number(8).await.unwrap(), None);
        assert_eq!(other.case(&CaseId::new("c0")).await.unwrap(), None);
        let texts = Texts::from([(life.view.sealed, "one".to_owned())]);
        assert_eq!(other.texts(&life.id.stream()).await.unwrap(), texts);
        assert_eq!(other.texts_of([life.view.sealed]).await.unwrap(), texts);
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_turn_folds_what_it_has_appended() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        let mut turn = bed.store.begin(&life.id.stream()).await.unwrap();
        assert_eq!(turn.case(&life.id).await.unwrap().seq, 0);
        turn.append(
            &life.read(),
            &Actor::Countersign,
            &CommandId::new("m1"),
            NOON,
        )
        .unwrap();
        let case = turn.case(&life.id).await.unwrap();
        assert_eq!((case.seq, case.number), (3, 1));
        turn.commit().await.unwrap();
        assert_eq!(bed.store.case(&life.id).await.unwrap(), Some(case));
    })
    .await;
}

#[tokio::test]
async fn an_event_of_another_kind_of_stream_is_refused() {
    on_each(async |bed| {
        let mut turn = bed.store.begin(&StreamId::board()).await.unwrap();
        let said = turn.append(
            &Life::of(1, "one").read(),
            &Actor::Countersign,
            &CommandId::new("m"),
            NOON,
        );
        assert!(matches!(said, Err(StoreError::Refused { .. })));
    })
    .await;
}

#[tokio::test]
async fn the_kept_board_follows_other_processes_and_forgets_what_was_dropped() {
    on_each(async |bed| {
        let paused = BoardEvent::Paused {
            by: person("U1"),
            reason: "a bad night".into(),
        };
        assert_eq!(bed.store.board().await.unwrap().seq, 0);
        {
            let mut turn = bed.store.begin(&StreamId::board()).await.unwrap();
            let event = Event::Board(paused.clone());
            turn.append(&[event], &Actor::Countersign, &CommandId::new("b"), NOON)
                .unwrap();
            assert!(turn.board().await.unwrap().pause.is_some());
        }
        assert!(
            bed.store.board().await.unwrap().pause.is_none(),
            "what was dropped is not kept"
        );
        let other = bed.another().await;
        append_board(&other, &[paused]).await;
        assert!(bed.store.board().await.unwrap().pause.is_some());
        append_board(
            &other,
            &[BoardEvent::Resumed {
                by: person("U1"),
                reason: "day".into(),
            }],
        )
        .await;
        let board = bed.store.board().await.unwrap();
        assert_eq!((board.seq, board.pause), (2, None));
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_board_takes_its_own_decisions_through_a_turn() {
    on_each(async |bed| {
        let join = BoardCommand::JoinBatch {
            case: CaseId::new("c1"),
            request: RequestId::new("c1.r1"),
            rule: RuleName::new("batch_reviewers"),
        };
        for expected in [2, 0] {
            let mut turn = bed.store.begin(&StreamId::board()).await.unwrap();
            let events = turn.board().await.unwrap().decide(&join, NOON);
            assert_eq!(events.len(), expected);
            let events: Vec<Event> = events.into_iter().map(Event::Board).collect();
            turn.append(&events, &Actor::Countersign, &CommandId::new("b"), NOON)
                .unwrap();
            turn.commit().await.unwrap();
        }
        assert_eq!(bed.store.board().await.unwrap().batches.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn turns_on_one_stream_take_turns() {
    on_each(async |bed| {
        let mut going = tokio::task::JoinSet::new();
        for n in 0..20 {
            let store = if n % 2 == 0 {
                bed.store.clone()
            } else {
                bed.another().await
            };
            going.spawn(async move {
                let mut turn = store.begin(&StreamId::board()).await.unwrap();
                let seen = turn.board().await.unwrap().seq;
                let event = Event::Board(BoardEvent::Resumed {
                    by: person("U1"),
                    reason: format!("{seen}"),
                });
                turn.append(&[event], &Actor::Countersign, &CommandId::new("b"), NOON)
                    .unwrap();
                turn.commit().await.unwrap();
                seen
            });
        }
        let mut seen = going.join_all().await;
        seen.sort_unstable();
        assert_eq!(
            seen,
            (0..20).collect::<Vec<u64>>(),
            "each turn saw all turns before it"
        );
        assert_eq!(bed.store.verify(&mut |_| {}).await.unwrap().first_bad, None);
    })
    .await;
}

#[tokio::test]
async fn the_journal_makes_every_projection_again() {
    on_each(async |bed| {
        Life::of(1, "The export is slow").live_all(&bed.store, Verb::Approve).await;
        Life::of(2, "Where is my invoice").live_all(&bed.store, Verb::Reject).await;
        let open = Life::of(3, "How do I add a seat");
        open.live(&bed.store, "read", &open.read()).await;
        open.live(&bed.store, "asked", &open.asked()).await;
        let before = projections(bed).await;
        assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
        bed.behind("DELETE FROM cards; DELETE FROM examples; UPDATE cases SET stage = 'done'; UPDATE requests SET state = 'pending'")
            .await
            .unwrap();
        assert_ne!(projections(bed).await, before);
        bed.store.rebuild_projections().await.unwrap();
        assert_eq!(projections(bed).await, before);
        let stage = bed.store.case_line(3).await.unwrap().unwrap().stage;
        assert_eq!(stage, Stage::Waiting);
    })
    .await;
}

#[tokio::test]
async fn a_rehearsal_is_one_database_and_never_two() {
    let one = Store::open("sqlite::memory:").await.unwrap();
    let two = Store::open("sqlite::memory:").await.unwrap();
    let life = Life::of(1, "one");
    let turn = one.begin(&StreamId::board()).await.unwrap();
    assert_eq!(
        one.case(&life.id).await.unwrap(),
        None,
        "a read does not wait for a turn"
    );
    drop(turn);
    life.live_all(&one, Verb::Approve).await;
    assert!(one.case(&life.id).await.unwrap().is_some());
    assert!(two.case(&life.id).await.unwrap().is_none());
}

#[tokio::test]
async fn an_address_that_is_no_database_is_refused_with_a_sentence() {
    let said = Store::open("mysql://localhost/x")
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        said.contains("starts with `sqlite://` or `postgres://`"),
        "{said}"
    );
    let folder = crate::folder::Folder::make();
    let missing = format!("sqlite://{}/no/such/folder.db", folder.path().display());
    assert!(Store::open(&missing).await.err().unwrap().is_passing());
}
