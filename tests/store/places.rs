//! Places: how many effects that reach outside are under way at once, over all processes on one database.

use countersign::domain::case::effect::{Effect, Planned};
use countersign::domain::ids::{CardId, CaseId, EffectId};
use countersign::domain::journal::AnyEffect;
use countersign::domain::time::{At, Span};
use countersign::store::{Fence, Leased, Offer, Places, Store};

use crate::bed::{Bed, on_each};
use crate::life::NOON;

const LEASE: Span = Span::seconds(15);

fn of(case: &str, id: &str, effect: Effect) -> Planned<AnyEffect> {
    Planned {
        id: EffectId::new(id),
        effect: AnyEffect::Case {
            case: CaseId::new(case),
            effect,
        },
        due_at: NOON,
        priority: 2,
        coalesce: None,
    }
}

/// So many calls of a model, and one card, of a case.
async fn planned(store: &Store, case: &str, calls: usize) {
    let call = |n| {
        of(
            case,
            &format!("{case}.call.{n}"),
            Effect::Triage { revision: 1 },
        )
    };
    let mut effects: Vec<_> = (0..calls).map(call).collect();
    let card = CardId::new(format!("card.{case}"));
    effects.push(of(case, &format!("{case}.card"), Effect::Card { card }));
    let mut turn = store.begin(&CaseId::new(case).stream()).await.unwrap();
    turn.plan(&effects).unwrap();
    turn.commit().await.unwrap();
}

fn places(overall: u32, queues: &[(&str, u32)]) -> Places {
    let owned = |(queue, most): &(&str, u32)| ((*queue).to_owned(), *most);
    Places {
        overall,
        queues: queues.iter().map(owned).collect(),
    }
}

async fn take(store: &Store, worker: &str, now: At, places: &Places) -> Option<Leased> {
    match store
        .lease_effect(worker, now, LEASE, places)
        .await
        .unwrap()
    {
        Offer::Leased(leased) => Some(*leased),
        Offer::Full | Offer::Nothing => None,
    }
}

/// Everything that is to be had, by name.
async fn all(store: &Store, worker: &str, now: At, places: &Places) -> Vec<String> {
    let mut all = vec![];
    while let Some(one) = take(store, worker, now, places).await {
        all.push(one.planned.id.to_string());
    }
    all
}

/// A case in a queue, as the list of cases has it.
async fn in_queue(bed: &Bed, case: &str, number: u32, queue: &str) {
    let row = format!(
        "INSERT INTO cases (case_id, number, stage, queue, opened_at, changed_at, source, external) \
         VALUES ('{case}', {number}, 'triaged', '{queue}', 1, 1, 'helpdesk', '{case}')"
    );
    bed.behind(&row).await.unwrap();
}

#[tokio::test]
async fn what_reaches_outside_waits_for_a_place_and_nothing_else_does() {
    on_each(async |bed| {
        planned(&bed.store, "c1", 3).await;
        let two = places(2, &[]);
        let first = take(&bed.store, "w1", NOON, &two).await.unwrap();
        let rest = all(&bed.store, "w1", NOON, &two).await;
        assert_eq!(rest, ["c1.call.1", "c1.card"]);
        let full = bed.store.lease_effect("w1", NOON, LEASE, &two).await;
        assert_eq!(full.unwrap(), Offer::Full);
        assert_eq!(bed.store.done(&first).await.unwrap(), Fence::Kept);
        assert_eq!(all(&bed.store, "w1", NOON, &two).await, ["c1.call.2"]);
    })
    .await;
}

#[tokio::test]
async fn two_processes_share_the_places_on_a_server() {
    on_each(async |bed| {
        if bed.is_sqlite() {
            return;
        }
        planned(&bed.store, "c1", 6).await;
        let (other, three) = (bed.another().await, places(3, &[]));
        assert!(take(&bed.store, "w1", NOON, &three).await.is_some());
        assert!(take(&other, "w2", NOON, &three).await.is_some());
        let rest = all(&bed.store, "w1", NOON, &three).await;
        assert_eq!(rest, ["c1.call.2", "c1.card"]);
        assert!(take(&other, "w2", NOON, &three).await.is_none());
        // Whoever died gives its places back when its leases have run out.
        let later = NOON.plus(LEASE);
        let again = all(&other, "w2", later, &three).await;
        let calls = again.iter().filter(|id| id.contains("call")).count();
        assert_eq!((calls, again.len()), (3, 4), "{again:?}");
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_file_has_one_process_and_what_a_dead_one_held_takes_no_place() {
    on_each(async |bed| {
        if !bed.is_sqlite() {
            return;
        }
        planned(&bed.store, "c1", 4).await;
        let two = places(2, &[]);
        assert_eq!(all(&bed.store, "dead", NOON, &two).await.len(), 3);
        let rest = all(&bed.store, "risen", NOON, &two).await;
        assert_eq!(rest, ["c1.call.2", "c1.call.3"]);
    })
    .await;
}

#[tokio::test]
async fn a_queue_with_fewer_places_waits_and_lets_the_others_pass() {
    on_each(async |bed| {
        in_queue(bed, "c1", 1, "vip").await;
        in_queue(bed, "c2", 2, "general").await;
        planned(&bed.store, "c1", 3).await;
        planned(&bed.store, "c2", 3).await;
        let four = places(4, &[("vip", 1), ("other", 1)]);
        let got = all(&bed.store, "w1", NOON, &four).await;
        let of_vip = got.iter().filter(|id| id.starts_with("c1.call")).count();
        let of_general = got.iter().filter(|id| id.starts_with("c2.call")).count();
        assert_eq!((of_vip, of_general, got.len()), (1, 3, 6), "{got:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_come_at_once_the_last_place_is_taken_once() {
    on_each(async |bed| {
        planned(&bed.store, "c1", 40).await;
        let mut going = tokio::task::JoinSet::new();
        for n in 0..12 {
            // A file has one process with many hands, a server many processes.
            let (store, worker) = if bed.is_sqlite() {
                (bed.store.clone(), "w".to_owned())
            } else {
                (bed.another().await, format!("w{n}"))
            };
            going.spawn(async move { all(&store, &worker, NOON, &places(7, &[])).await });
        }
        let all = going.join_all().await.concat();
        assert_eq!(all.len(), 8, "seven calls and the card: {all:?}");
    })
    .await;
}
