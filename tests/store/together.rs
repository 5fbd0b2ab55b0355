//! Group commit: whoever waits together is stored and decided together, and nobody pays for a neighbour.

use countersign::domain::board::BoardEvent;
use countersign::domain::case::refusal::Answer;
use countersign::domain::ids::{CaseId, CommandId, StreamId};
use countersign::domain::journal::{Event, Submission};
use countersign::domain::person::Actor;
use countersign::domain::time::Span;
use countersign::store::{Hold, Receipt, Repeat, Store, StoreError};
use futures_util::future::{join_all, poll_immediate};

use crate::bed::{Bed, on_each};
use crate::life::{Life, NOON, person, submission};

const LEASE: Span = Span::seconds(30);

/// Submits at once. On the one thread of a test all of them are in the line before the first is stored.
async fn at_once(store: &Store, all: &[Submission]) -> Vec<Result<Receipt, StoreError>> {
    join_all(all.iter().map(|one| store.submit(one))).await
}

fn numbered(numbers: std::ops::Range<usize>) -> Vec<Submission> {
    let one = |n: usize| submission(&format!("m{n:03}"), None, &format!("k{n:03}"), "bytes");
    numbers.map(one).collect()
}

async fn stored(bed: &Bed) -> Vec<String> {
    bed.rows("inbox", &["id"]).await
}

#[tokio::test]
async fn a_crowd_is_stored_whole_and_in_its_order() {
    on_each(async |bed| {
        let crowd = numbered(0..150);
        for receipt in at_once(&bed.store, &crowd).await {
            assert_eq!(receipt.unwrap().repeat, Repeat::First);
        }
        let mut claimed = vec![];
        let mut now = NOON;
        while let Some(one) = bed.store.next_command("w", now, LEASE).await.unwrap() {
            let id = one.submission.id;
            let mut turn = bed.store.begin(&StreamId::board()).await.unwrap();
            let sentence = "done".into();
            turn.finish(&id, &Answer::Recorded { sentence }).unwrap();
            turn.commit().await.unwrap();
            claimed.push(id.to_string());
            now = now.plus(Span(1));
        }
        let sent: Vec<String> = crowd.iter().map(|one| one.id.to_string()).collect();
        assert_eq!(claimed, sent);
    })
    .await;
}

#[tokio::test]
async fn one_that_cannot_be_stored_takes_no_neighbour_with_it() {
    on_each(async |bed| {
        bed.store
            .submit(&submission("taken", None, "k", "bytes"))
            .await
            .unwrap();
        let mut crowd = numbered(0..9);
        // Its id is another command's, which no key conflict explains.
        crowd.insert(4, submission("taken", None, "another key", "bytes"));
        let receipts = at_once(&bed.store, &crowd).await;
        for (place, receipt) in receipts.iter().enumerate() {
            match receipt {
                Ok(receipt) => assert_eq!(receipt.repeat, Repeat::First),
                Err(StoreError::Refused { .. }) => assert_eq!(place, 4),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(receipts.iter().filter(|one| one.is_ok()).count(), 9);
        assert_eq!(stored(bed).await.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn repeats_within_one_commit_are_told_apart() {
    on_each(async |bed| {
        let sent = [
            submission("m1", None, "k", "bytes"),
            submission("m2", None, "k", "bytes"),
            submission("m3", None, "k", "other bytes"),
            submission("m1", None, "k", "bytes"),
        ];
        let receipts = at_once(&bed.store, &sent).await;
        let repeats: Vec<Repeat> = receipts
            .into_iter()
            .map(|receipt| {
                let receipt = receipt.unwrap();
                assert_eq!(receipt.command.as_str(), "m1");
                receipt.repeat
            })
            .collect();
        assert_eq!(
            repeats,
            [Repeat::First, Repeat::Same, Repeat::Different, Repeat::Same]
        );
        assert_eq!(stored(bed).await, ["m1"]);
    })
    .await;
}

#[tokio::test]
async fn callers_that_go_away_leave_nothing_and_hold_nobody_up() {
    on_each(async |bed| {
        let crowd = numbered(0..20);
        let mut waiting = vec![];
        for one in &crowd {
            let mut asked = Box::pin(bed.store.submit(one));
            assert!(poll_immediate(&mut asked).await.is_none(), "it waits");
            waiting.push(asked);
        }
        let mut staying = vec![];
        for (place, asked) in waiting.into_iter().enumerate() {
            if place % 2 == 1 {
                staying.push(asked);
            }
        }
        for receipt in join_all(staying).await {
            assert_eq!(receipt.unwrap().repeat, Repeat::First);
        }
        let odd: Vec<String> = (0..20)
            .filter(|n| n % 2 == 1)
            .map(|n| format!("m{n:03}"))
            .collect();
        assert_eq!(stored(bed).await, odd);
    })
    .await;
}

#[tokio::test]
async fn callers_that_go_away_during_the_commit_break_nothing_off() {
    on_each(async |bed| {
        let crowd = numbered(0..20);
        // On SQLite this turn keeps the commit from beginning; on PostgreSQL they are stored meanwhile.
        let turn = bed.store.begin(&StreamId::board()).await.unwrap();
        let mut waiting = vec![];
        for one in &crowd {
            let mut asked = Box::pin(bed.store.submit(one));
            assert!(poll_immediate(&mut asked).await.is_none(), "it waits");
            waiting.push(asked);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        waiting.truncate(7);
        drop(turn);
        for receipt in join_all(waiting).await {
            assert_eq!(receipt.unwrap().repeat, Repeat::First);
        }
        let left = stored(bed).await;
        assert_eq!(left.len(), 20, "what was being stored is stored: {left:?}");
    })
    .await;
}

fn resumed(reason: String) -> Event {
    let by = person("U1");
    Event::Board(BoardEvent::Resumed { by, reason })
}

/// A turn over these cases, with what each of them has lived so far appended once more.
async fn live_together(store: &Store, lives: &[&Life]) -> Result<(), StoreError> {
    let mut holds = vec![Hold::Stream(StreamId::board())];
    for life in lives {
        holds.push(Hold::Case(Box::new(store.fold(&life.id).await?)));
    }
    let mut turn = store.begin_all(holds).await?;
    let cause = CommandId::new("together");
    let seen = turn.board().await?.seq;
    turn.append(
        &[resumed(seen.to_string())],
        &Actor::Countersign,
        &cause,
        NOON,
    )?;
    for life in lives {
        turn.stand_at(&life.id.stream())?;
        let before = turn.case(&life.id).await?.seq;
        turn.append(&life.read(), &Actor::Countersign, &cause, NOON)?;
        assert_eq!(turn.case(&life.id).await?.seq, before + 3);
    }
    turn.commit().await
}

#[tokio::test]
async fn a_turn_over_several_streams_is_all_or_nothing() {
    on_each(async |bed| {
        let lives: Vec<Life> = (1..6).map(|n| Life::of(n, &format!("case {n}"))).collect();
        let lives: Vec<&Life> = lives.iter().collect();
        live_together(&bed.store, &lives).await.unwrap();
        let mut holds = vec![];
        for life in &lives {
            assert_eq!(bed.store.case(&life.id).await.unwrap().unwrap().seq, 3);
            holds.push(Hold::Stream(life.id.stream()));
        }
        let mut turn = bed.store.begin_all(holds).await.unwrap();
        turn.append(
            &lives[0].asked(),
            &Actor::Countersign,
            &CommandId::new("m"),
            NOON,
        )
        .unwrap();
        let sentence = "nobody asked".into();
        turn.finish(&CommandId::new("nothing"), &Answer::Recorded { sentence })
            .unwrap();
        let said = turn.commit().await;
        assert!(
            matches!(said, Err(StoreError::Overtaken { .. })),
            "{said:?}"
        );
        assert_eq!(bed.store.case(&lives[0].id).await.unwrap().unwrap().seq, 3);
        let mut turn = bed.store.begin(&lives[0].id.stream()).await.unwrap();
        let elsewhere = turn.stand_at(&lives[1].id.stream());
        assert!(matches!(elsewhere, Err(StoreError::Refused { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn turns_over_the_same_streams_never_wait_for_each_other() {
    on_each(async |bed| {
        let mut going = tokio::task::JoinSet::new();
        for n in 0..16 {
            let store = bed.another().await;
            going.spawn(async move {
                let mut lives: Vec<Life> = (1..6).map(|n| Life::of(n, "text")).collect();
                if n % 2 == 0 {
                    lives.reverse();
                }
                let lives: Vec<&Life> = lives.iter().collect();
                let lived = live_together(&store, &lives).await;
                store.close().await;
                lived
            });
        }
        for lived in going.join_all().await {
            lived.unwrap();
        }
        assert_eq!(bed.store.board().await.unwrap().seq, 16);
        for n in 1..6 {
            let case = CaseId::new(Life::of(n, "text").id.as_str());
            assert_eq!(bed.store.case(&case).await.unwrap().unwrap().seq, 48);
        }
        assert_eq!(bed.store.verify(&mut |_| {}).await.unwrap().first_bad, None);
    })
    .await;
}

#[tokio::test]
async fn of_each_stream_the_oldest_is_claimed_with_those_of_others() {
    on_each(async |bed| {
        let (one, two) = (CaseId::new("c1"), CaseId::new("c2"));
        for (id, case) in [
            ("a1", &one),
            ("a2", &one),
            ("b1", &two),
            ("a3", &one),
            ("b2", &two),
        ] {
            bed.store
                .submit(&submission(id, Some(case), id, id))
                .await
                .unwrap();
        }
        let claim = async |worker: &str| -> Vec<String> {
            let claimed = bed
                .store
                .next_commands(worker, NOON, LEASE, 10)
                .await
                .unwrap();
            claimed
                .iter()
                .map(|one| one.submission.id.to_string())
                .collect()
        };
        assert_eq!(claim("w1").await, ["a1", "b1"]);
        assert!(
            claim("w2").await.is_empty(),
            "their streams are being worked on"
        );
    })
    .await;
}
