//! The outbox: one state per key, one worker per effect, and a fence for whoever comes late.

use countersign::domain::board::BoardEffect;
use countersign::domain::case::effect::Planned;
use countersign::domain::ids::{BatchId, CardId, CommandId, EffectId, StreamId, UserId};
use countersign::domain::journal::{AnyEffect, ReplyTo};
use countersign::domain::time::{At, Span};
use countersign::store::{Fence, Leased, Offer, Places, Store};

use crate::bed::on_each;
use crate::life::{NOON, submission};

const LEASE: Span = Span::seconds(30);

fn card(id: &str, key: Option<&str>, due_at: At, priority: u8) -> Planned<AnyEffect> {
    let effect = AnyEffect::Board {
        effect: BoardEffect::Card {
            card: CardId::new(id),
        },
    };
    Planned {
        id: EffectId::new(id),
        effect,
        due_at,
        priority,
        coalesce: key.map(str::to_owned),
    }
}

async fn plan(store: &Store, effects: &[Planned<AnyEffect>]) {
    let mut turn = store.begin(&StreamId::board()).await.unwrap();
    turn.plan(effects).unwrap();
    turn.commit().await.unwrap();
}

/// Everything that a worker gets, where there are places enough.
async fn lease(store: &Store, worker: &str, now: At) -> Vec<Leased> {
    let mut all = vec![];
    while let Some(one) = one(store, worker, now).await {
        all.push(one);
    }
    all
}

async fn one(store: &Store, worker: &str, now: At) -> Option<Leased> {
    let places = Places {
        overall: 100,
        queues: vec![],
    };
    match store.lease_effect(worker, now, LEASE, &places).await {
        Ok(Offer::Leased(leased)) => Some(*leased),
        Ok(Offer::Nothing) => None,
        other => panic!("{other:?}"),
    }
}

fn ids(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|one| one.planned.id.as_str()).collect()
}

#[tokio::test]
async fn what_is_due_comes_most_urgent_first_and_only_once() {
    on_each(async |bed| {
        let soon = NOON.plus(Span(1));
        plan(
            &bed.store,
            &[
                card("d", None, soon, 0),
                card("c", None, NOON, 3),
                card("b", None, At(1), 1),
                card("a", None, NOON, 1),
            ],
        )
        .await;
        assert_eq!(bed.store.next_due().await.unwrap(), Some(At(1)));
        let leased = lease(&bed.store, "w1", NOON).await;
        assert_eq!(ids(&leased), ["b", "a", "c"]);
        assert_eq!(leased[0].planned, card("b", None, At(1), 1));
        assert!(lease(&bed.store, "w2", NOON).await.is_empty());
        assert_eq!(ids(&lease(&bed.store, "w2", soon).await), ["d"]);
        for one in &leased {
            assert_eq!(bed.store.done(one).await.unwrap(), Fence::Kept);
        }
        assert_eq!(
            bed.store.next_due().await.unwrap(),
            Some(soon.plus(LEASE)),
            "the lease of d"
        );
    })
    .await;
}

#[tokio::test]
async fn waiting_states_of_one_card_are_one_row() {
    on_each(async |bed| {
        let later = NOON.plus(Span(9));
        plan(
            &bed.store,
            &[
                card("old", Some("card:x"), later, 2),
                card("other", Some("card:y"), NOON, 2),
            ],
        )
        .await;
        plan(&bed.store, &[card("new", Some("card:x"), NOON, 0)]).await;
        let leased = lease(&bed.store, "w1", NOON).await;
        assert_eq!(leased.len(), 2);
        assert_eq!(
            leased[0].planned.effect,
            card("new", None, NOON, 0).effect,
            "the newest state at the earliest moment"
        );
        assert_eq!(
            (leased[0].planned.due_at, leased[0].planned.priority),
            (NOON, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn a_newer_state_waits_until_the_older_one_is_through() {
    on_each(async |bed| {
        plan(&bed.store, &[card("old", Some("card:x"), NOON, 2)]).await;
        let old = lease(&bed.store, "w1", NOON).await.remove(0);
        plan(&bed.store, &[card("new", Some("card:x"), NOON, 2)]).await;
        assert!(
            lease(&bed.store, "w2", NOON).await.is_empty(),
            "two states of one card never race"
        );
        assert_eq!(bed.store.done(&old).await.unwrap(), Fence::Kept);
        assert_eq!(ids(&lease(&bed.store, "w2", NOON).await), ["new"]);
    })
    .await;
}

#[tokio::test]
async fn a_retry_gives_way_to_a_newer_state_and_leaves_it_the_patience() {
    on_each(async |bed| {
        plan(&bed.store, &[card("old", Some("card:x"), NOON, 2)]).await;
        let old = lease(&bed.store, "w1", NOON).await.remove(0);
        plan(&bed.store, &[card("new", Some("card:x"), NOON, 2)]).await;
        let later = NOON.plus(Span::seconds(7));
        assert_eq!(
            bed.store.retry(&old, later, "429").await.unwrap(),
            Fence::Kept
        );
        assert!(lease(&bed.store, "w1", NOON).await.is_empty());
        assert_eq!(ids(&lease(&bed.store, "w1", later).await), ["new"]);
    })
    .await;
}

#[tokio::test]
async fn a_retry_comes_back_at_its_moment_with_its_count() {
    on_each(async |bed| {
        plan(&bed.store, &[card("a", Some("card:a"), NOON, 2)]).await;
        let first = lease(&bed.store, "w1", NOON).await.remove(0);
        let later = NOON.plus(Span::seconds(5));
        assert_eq!(
            bed.store.retry(&first, later, "timed out").await.unwrap(),
            Fence::Kept
        );
        assert!(lease(&bed.store, "w1", NOON).await.is_empty());
        let second = lease(&bed.store, "w1", later).await.remove(0);
        assert_eq!((first.attempts, second.attempts), (1, 2));
        assert_eq!(
            bed.store.failed(&second, "refused for good").await.unwrap(),
            Fence::Kept
        );
        assert_eq!(
            bed.rows("outbox", &["status", "last_error"]).await,
            ["failed|refused for good"]
        );
        let backlog = bed.store.pending_counts(later).await.unwrap();
        assert_eq!(
            (
                backlog.due_effects,
                backlog.later_effects,
                backlog.failed_effects
            ),
            (0, 0, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn a_lease_runs_out_and_the_late_worker_is_fenced() {
    on_each(async |bed| {
        plan(&bed.store, &[card("a", None, NOON, 2)]).await;
        let late = lease(&bed.store, "w1", NOON).await.remove(0);
        assert!(
            lease(&bed.store, "w2", NOON.plus(Span(LEASE.0 - 1)))
                .await
                .is_empty()
        );
        // The same worker's name does not get past the fence either: the attempt tells.
        let held = lease(&bed.store, "w1", NOON.plus(LEASE)).await.remove(0);
        let answer = [submission("m1", None, "k", "o")];
        assert_eq!(
            bed.store.done_with(&late, &answer).await.unwrap(),
            Fence::Lost
        );
        assert_eq!(
            bed.store.retry(&late, NOON, "late").await.unwrap(),
            Fence::Lost
        );
        assert_eq!(bed.store.failed(&late, "late").await.unwrap(), Fence::Lost);
        assert_eq!(bed.store.renew(&late, NOON).await.unwrap(), Fence::Lost);
        assert!(
            bed.rows("inbox", &["id"]).await.is_empty(),
            "a lost lease brings no answer"
        );
        assert_eq!(
            bed.store
                .renew(&held, NOON.plus(Span::hours(1)))
                .await
                .unwrap(),
            Fence::Kept
        );
        assert!(
            lease(&bed.store, "w2", NOON.plus(Span::minutes(59)))
                .await
                .is_empty()
        );
        assert_eq!(
            bed.store.done_with(&held, &answer).await.unwrap(),
            Fence::Kept
        );
        assert_eq!(
            bed.rows("inbox", &["id"]).await,
            ["m1"],
            "the answer comes in the commit of `done`"
        );
        assert_eq!(bed.store.done(&held).await.unwrap(), Fence::Lost);
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_told_once_by_whoever_claims_it() {
    on_each(async |bed| {
        let reply_to = ReplyTo {
            user: UserId::new("U1"),
            channel: None,
            thread_ts: None,
        };
        let tell = |n: &str| Planned {
            id: EffectId::new(format!("tell.{n}")),
            effect: AnyEffect::Tell {
                command: CommandId::new(n),
                reply_to: reply_to.clone(),
            },
            due_at: NOON,
            priority: 0,
            coalesce: None,
        };
        assert!(
            !bed.store.claim_tell(&CommandId::new("m1")).await.unwrap(),
            "not decided yet"
        );
        plan(&bed.store, &[tell("m1"), tell("m2")]).await;
        assert!(bed.store.claim_tell(&CommandId::new("m1")).await.unwrap());
        assert!(!bed.store.claim_tell(&CommandId::new("m1")).await.unwrap());
        assert_eq!(ids(&lease(&bed.store, "w1", NOON).await), ["tell.m2"]);
        assert!(
            !bed.store.claim_tell(&CommandId::new("m2")).await.unwrap(),
            "it is being sent"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_never_hold_one_effect_twice() {
    on_each(async |bed| {
        let effects: Vec<_> = (0..60)
            .map(|n| card(&format!("e{n}"), None, NOON, 2))
            .collect();
        plan(&bed.store, &effects).await;
        let mut going = tokio::task::JoinSet::new();
        for n in 0..8 {
            let store = if n % 2 == 0 {
                bed.store.clone()
            } else {
                bed.another().await
            };
            going.spawn(async move {
                let mut mine = vec![];
                while let Some(leased) = one(&store, &format!("w{n}"), NOON).await {
                    mine.push(leased.planned.id);
                }
                mine
            });
        }
        let mut all: Vec<_> = going.join_all().await.concat();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!((count, all.len()), (60, 60));
    })
    .await;
}

#[tokio::test]
async fn closing_a_batch_is_an_effect_like_any_other() {
    on_each(async |bed| {
        let effect = AnyEffect::Board {
            effect: BoardEffect::CloseBatch {
                batch: BatchId::new("batch.1"),
            },
        };
        let planned = Planned {
            id: EffectId::new("board.1.0"),
            effect,
            due_at: NOON,
            priority: 2,
            coalesce: None,
        };
        plan(&bed.store, std::slice::from_ref(&planned)).await;
        let leased = lease(&bed.store, "w1", NOON).await.remove(0);
        assert_eq!(
            (leased.planned, leased.stream),
            (planned, StreamId::board())
        );
    })
    .await;
}
