//! How the database stands, as a probe sees it, on both databases.

use countersign::domain::board::{BoardEffect, BoardEvent};
use countersign::domain::case::effect::Planned;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{CardId, CommandId, EffectId, StreamId};
use countersign::domain::journal::{AnyEffect, Event};
use countersign::domain::person::Actor;
use countersign::domain::time::Span;
use countersign::store::StoreError;

use crate::bed::on_each;
use crate::life::NOON;

#[tokio::test]
async fn an_empty_database_has_nothing_to_do_and_nothing_newest() {
    on_each(async |bed| {
        let condition = bed.store.condition(NOON).await.unwrap();
        assert!(condition.takes_writes);
        assert_eq!(condition.newest, None);
        assert_eq!(condition.given_up, 0);
        assert_eq!(condition.backlog.oldest_effect, None);
        assert!(condition.queue.soonest.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_newest_record_and_the_oldest_effect_are_known_by_their_moments() {
    on_each(async |bed| {
        let due = |id: &str, due_at| Planned {
            id: EffectId::new(id),
            effect: AnyEffect::Board {
                effect: BoardEffect::Card {
                    card: CardId::new(id),
                },
            },
            due_at,
            priority: 1,
            coalesce: None,
        };
        let policy = Digest::of(b"a policy");
        let event = Event::Board(BoardEvent::PolicyActivated { policy, by: None });
        let mut turn = bed.store.begin(&StreamId::board()).await.unwrap();
        turn.append(&[event], &Actor::Countersign, &CommandId::new("k1"), NOON)
            .unwrap();
        let late = NOON.plus(Span::minutes(1));
        turn.plan(&[due("b", late), due("a", NOON)]).unwrap();
        turn.commit().await.unwrap();
        let condition = bed.store.condition(late).await.unwrap();
        assert_eq!(condition.newest, Some(NOON));
        assert_eq!(condition.board.policy, Some(policy));
        assert_eq!(condition.backlog.due_effects, 2);
        assert_eq!(condition.backlog.oldest_effect, Some(NOON));
    })
    .await;
}

#[tokio::test]
async fn a_schema_that_a_newer_version_made_meanwhile_is_noticed_by_a_running_process() {
    on_each(async |bed| {
        bed.store.condition(NOON).await.unwrap();
        bed.behind(
            "UPDATE _sqlx_migrations SET version = 9000 WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
        )
        .await
        .unwrap();
        match bed.store.condition(NOON).await {
            Err(StoreError::Refused { why }) => assert!(why.contains("newer Countersign"), "{why}"),
            other => panic!("it went unnoticed: {other:?}"),
        }
    })
    .await;
}
