//! What went out lately: counted by time and by queue, made again from the journal, and the last place taken once.

use countersign::domain::case::context::Departures;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::digest::Digest;
use countersign::domain::draft::{Action, Draft, Origin, Target};
use countersign::domain::escalation::Role;
use countersign::domain::ids::{CommandId, DraftId};
use countersign::domain::journal::Event;
use countersign::domain::person::Actor;
use countersign::domain::time::{At, Span};
use countersign::store::Store;

use crate::bed::on_each;
use crate::life::{Life, NOON};

const MINUTE: Span = Span::minutes(1);

fn departed(life: &Life, draft: usize, phase: Phase) -> Event {
    Event::Case(CaseEvent::Departed {
        draft: DraftId::new(life.id.nth('d', draft)),
        phase,
        policy: Digest::of(b"policy"),
    })
}

/// A second draft, which only tells a role.
fn notice(life: &Life) -> Event {
    let action = Action::RouteCase {
        role: Role::SupportL1,
    };
    Event::Case(CaseEvent::DraftProposed {
        draft: Draft {
            id: DraftId::new(life.id.nth('d', 2)),
            revision: 1,
            action,
            cites: vec![],
            rationale: life.view.sealed,
            origin: Origin::Code,
            target: Target::default(),
        },
    })
}

async fn count(store: &Store, after: At, queue: Option<&str>) -> (u64, u64) {
    let mut turn = store
        .begin(&countersign::domain::ids::StreamId::board())
        .await
        .unwrap();
    let Departures { overall, in_queue } = turn.departures(after, queue).await.unwrap();
    (overall, in_queue)
}

#[tokio::test]
async fn writes_are_counted_by_time_and_queue_and_notices_are_not() {
    on_each(async |bed| {
        let life = Life::of(1, "How do I add a seat");
        life.live(&bed.store, "read", &life.read()).await;
        life.live(&bed.store, "asked", &life.asked()).await;
        life.live(&bed.store, "routed", &[notice(&life)]).await;
        let steps = [
            departed(&life, 1, Phase::Note),
            departed(&life, 1, Phase::Act),
            departed(&life, 2, Phase::Act),
        ];
        life.live(&bed.store, "gone", &steps).await;
        let before = At(NOON.0 - 1);
        for _ in 0..2 {
            assert_eq!(count(&bed.store, before, Some("general")).await, (2, 2));
            assert_eq!(count(&bed.store, before, Some("vip")).await, (2, 0));
            assert_eq!(count(&bed.store, before, None).await, (2, 0));
            assert_eq!(count(&bed.store, NOON, Some("general")).await, (0, 0));
            bed.behind("DELETE FROM departures").await.unwrap();
            assert_eq!(count(&bed.store, before, None).await, (0, 0));
            bed.store.rebuild_projections().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_never_both_take_the_last_place() {
    on_each(async |bed| {
        let mut lives = vec![];
        for n in 0..12 {
            let life = Life::of(n, &format!("case {n}"));
            life.live(&bed.store, "read", &life.read()).await;
            life.live(&bed.store, "asked", &life.asked()).await;
            lives.push(life);
        }
        let mut going = tokio::task::JoinSet::new();
        for (n, life) in lives.into_iter().enumerate() {
            let store = if n % 2 == 0 {
                bed.store.clone()
            } else {
                bed.another().await
            };
            going.spawn(async move {
                let mut turn = store.begin(&life.id.stream()).await.unwrap();
                let after = At(NOON.0 - MINUTE.0);
                let room = turn.departures(after, None).await.unwrap().overall < 5;
                // Long enough for everybody else to count meanwhile, if they could.
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                if room {
                    let gone = [departed(&life, 1, Phase::Note)];
                    let cause = CommandId::new("gone");
                    turn.append(&gone, &Actor::Countersign, &cause, NOON)
                        .unwrap();
                }
                turn.commit().await.unwrap();
                usize::from(room)
            });
        }
        let gone: usize = going.join_all().await.into_iter().sum();
        assert_eq!(gone, 5, "as many as there were places");
    })
    .await;
}
