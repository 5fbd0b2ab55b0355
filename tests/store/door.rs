//! The door and the inbox: stored once, answered from committed state, worked off in order.

use std::time::Duration;

use countersign::domain::case::refusal::Answer;
use countersign::domain::ids::{CaseId, CommandId};
use countersign::domain::time::{At, Span};
use countersign::store::{Repeat, Store, StoreError};

use crate::bed::on_each;
use crate::life::{NOON, seal, submission};

const LEASE: Span = Span::seconds(30);

async fn claim(store: &Store, now: At) -> Option<String> {
    let claimed = store.next_command("w1", now, LEASE).await.unwrap();
    claimed.map(|claimed| claimed.submission.id.to_string())
}

async fn finish(store: &Store, id: &str) -> Result<(), StoreError> {
    let claimed = CommandId::new(id);
    let mut turn = store.begin(&CaseId::new("c1").stream()).await?;
    turn.finish(
        &claimed,
        &Answer::Recorded {
            sentence: format!("{id} is done"),
        },
    )?;
    turn.commit().await
}

/// PostgreSQL refuses zero characters and SQLite takes them; the store answers alike.
#[tokio::test]
async fn a_zero_character_never_keeps_anything_from_being_stored() {
    on_each(async |bed| {
        let mut sent = submission("m1", None, "k\0", "bytes");
        sent.contents = vec![seal("what\0ever")];
        bed.store.submit(&sent).await.unwrap();
        let sealed = sent.contents[0].sealed;
        let kept = bed.store.content(&sealed).await.unwrap().unwrap();
        assert_eq!(kept.text, "what\u{FFFD}ever");
        assert!(kept.holds());
        let again = bed.store.submit(&sent).await.unwrap();
        assert_eq!(again.repeat, Repeat::Same);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_falls_on_the_key_and_a_contradiction_is_told_apart() {
    on_each(async |bed| {
        let first = bed
            .store
            .submit(&submission("m1", None, "k", "bytes"))
            .await
            .unwrap();
        assert_eq!(
            (first.command.as_str(), first.repeat),
            ("m1", Repeat::First)
        );
        let same = bed
            .store
            .submit(&submission("m2", None, "k", "bytes"))
            .await
            .unwrap();
        assert_eq!((same.command.as_str(), same.repeat), ("m1", Repeat::Same));
        let other = bed
            .store
            .submit(&submission("m3", None, "k", "other bytes"))
            .await
            .unwrap();
        assert_eq!(
            (other.command.as_str(), other.repeat),
            ("m1", Repeat::Different)
        );
        assert_eq!(bed.rows("inbox", &["id"]).await, ["m1"]);
        assert!(
            bed.store
                .content(&seal("m1").sealed)
                .await
                .unwrap()
                .is_some()
        );
        assert!(
            bed.store
                .content(&seal("m2").sealed)
                .await
                .unwrap()
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn a_command_comes_out_as_it_went_in() {
    on_each(async |bed| {
        let sent = submission("m1", Some(&CaseId::new("c1")), "k", "bytes");
        bed.store.submit(&sent).await.unwrap();
        let claimed = bed
            .store
            .next_command("w1", NOON, LEASE)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(claimed.attempts, 1);
        let mut expected = sent;
        expected.contents.clear();
        assert_eq!(claimed.submission, expected);
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_worked_off_in_order_and_streams_do_not_wait_for_each_other() {
    on_each(async |bed| {
        let (one, two) = (CaseId::new("c1"), CaseId::new("c2"));
        for (id, case) in [("a1", &one), ("a2", &one), ("b1", &two)] {
            bed.store
                .submit(&submission(id, Some(case), id, id))
                .await
                .unwrap();
        }
        assert_eq!(claim(&bed.store, NOON).await.as_deref(), Some("a1"));
        assert_eq!(
            claim(&bed.store, NOON).await.as_deref(),
            Some("b1"),
            "a2 waits for a1"
        );
        assert_eq!(claim(&bed.store, NOON).await, None);
        finish(&bed.store, "a1").await.unwrap();
        assert_eq!(claim(&bed.store, NOON).await.as_deref(), Some("a2"));
    })
    .await;
}

#[tokio::test]
async fn a_claim_runs_out_and_the_late_worker_stores_nothing() {
    on_each(async |bed| {
        bed.store
            .submit(&submission("a1", Some(&CaseId::new("c1")), "k", "o"))
            .await
            .unwrap();
        assert_eq!(claim(&bed.store, NOON).await.as_deref(), Some("a1"));
        assert_eq!(claim(&bed.store, NOON.plus(Span(LEASE.0 - 1))).await, None);
        let again = bed
            .store
            .next_command("w2", NOON.plus(LEASE), LEASE)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(again.attempts, 2);
        finish(&bed.store, "a1").await.unwrap();
        let late = finish(&bed.store, "a1").await.unwrap_err();
        assert!(matches!(late, StoreError::Overtaken { .. }), "{late}");
        let answer = bed.store.answer_of(&CommandId::new("a1")).await.unwrap();
        assert_eq!(
            answer,
            Some(Answer::Recorded {
                sentence: "a1 is done".into()
            })
        );
    })
    .await;
}

#[tokio::test]
async fn a_deferred_command_waits_and_holds_its_stream() {
    on_each(async |bed| {
        let one = CaseId::new("c1");
        for id in ["a1", "a2"] {
            bed.store
                .submit(&submission(id, Some(&one), id, id))
                .await
                .unwrap();
        }
        assert_eq!(claim(&bed.store, NOON).await.as_deref(), Some("a1"));
        let later = NOON.plus(Span::seconds(5));
        bed.store
            .defer_command(&CommandId::new("a1"), "w1", later)
            .await
            .unwrap();
        assert_eq!(claim(&bed.store, NOON).await, None);
        assert_eq!(claim(&bed.store, later).await.as_deref(), Some("a1"));
    })
    .await;
}

#[tokio::test]
async fn whoever_waits_for_an_answer_is_woken_by_it() {
    on_each(async |bed| {
        bed.store
            .submit(&submission("a1", Some(&CaseId::new("c1")), "k", "o"))
            .await
            .unwrap();
        let id = CommandId::new("a1");
        assert_eq!(
            bed.store
                .wait_answer(&id, Duration::from_millis(30))
                .await
                .unwrap(),
            None
        );
        let waiting = bed.store.wait_answer(&id, Duration::from_secs(20));
        let (answer, done) = tokio::join!(waiting, finish(&bed.store, "a1"));
        done.unwrap();
        assert!(answer.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_submissions_at_once_are_all_stored_and_one_key_only_once() {
    on_each(async |bed| {
        let mut going = tokio::task::JoinSet::new();
        for n in 0..50 {
            let (store, other) = (bed.store.clone(), bed.another().await);
            going.spawn(async move {
                store
                    .submit(&submission(&format!("m{n}"), None, &format!("k{n}"), "o"))
                    .await
                    .unwrap();
                let receipt = other
                    .submit(&submission(&format!("x{n}"), None, "one key", "o"))
                    .await
                    .unwrap();
                other.close().await;
                receipt.repeat
            });
        }
        let repeats = going.join_all().await;
        assert_eq!(
            repeats
                .iter()
                .filter(|repeat| **repeat == Repeat::First)
                .count(),
            1
        );
        assert_eq!(bed.rows("inbox", &["id"]).await.len(), 51);
    })
    .await;
}
