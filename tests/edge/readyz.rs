//! What `/readyz` says of each thing that can be wrong: its code, its status, and that it is taken back.

use countersign::domain::board::{BoardEffect, BoardEvent};
use countersign::domain::case::effect::Planned;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{CardId, CommandId, EffectId, StreamId, TeamId, UserId};
use countersign::domain::journal::{AnyEffect, Event};
use countersign::domain::person::{Actor, Person};
use countersign::domain::time::{At, Span};
use countersign::store::{Fence, Offer, Places};
use serde_json::Value;

use crate::door::{Door, NOW};

const BEGINNING: At = At(NOW * 1_000);

/// The status and the codes of the reasons, each of which says what to do.
async fn asked(door: &Door) -> (u16, Vec<String>) {
    let sent = door.client.get(format!("{}/readyz", door.address)).send();
    let answered = sent.await.unwrap();
    let status = answered.status().as_u16();
    let said: Value = serde_json::from_str(&answered.text().await.unwrap()).unwrap();
    let reasons = said["reasons"].as_array().cloned().unwrap_or_default();
    let word = match (status, reasons.is_empty()) {
        (200, true) => "ready",
        (200, false) => "degraded",
        _ => "not ready",
    };
    assert_eq!(said["status"], word, "{said}");
    let code = |reason: &Value| {
        assert!(reason["says"].as_str().unwrap().len() > 15, "{reason}");
        assert!(reason["fix"].as_str().unwrap().len() > 15, "{reason}");
        reason["code"].as_str().unwrap().to_owned()
    };
    (status, reasons.iter().map(code).collect())
}

async fn says(door: &Door, codes: &[&str]) {
    let (status, said) = asked(door).await;
    assert_eq!((status, said.as_slice()), (200, codes_of(codes).as_slice()));
}

fn codes_of(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

async fn happens(door: &Door, event: BoardEvent, at: At) {
    let mut turn = door.store.begin(&StreamId::board()).await.unwrap();
    let cause = CommandId::new("k1");
    let events = [Event::Board(event)];
    turn.append(&events, &Actor::Countersign, &cause, at)
        .unwrap();
    turn.commit().await.unwrap();
}

/// An effect that is due at the beginning.
async fn planned(door: &Door) {
    let card = CardId::new("card.batch.1");
    let effect = BoardEffect::Card { card };
    let effect = Planned {
        id: EffectId::new("e1"),
        effect: AnyEffect::Board { effect },
        due_at: BEGINNING,
        priority: 1,
        coalesce: None,
    };
    let mut turn = door.store.begin(&StreamId::board()).await.unwrap();
    turn.plan(&[effect]).unwrap();
    turn.commit().await.unwrap();
}

fn lead() -> Person {
    Person {
        team: TeamId::new("T0LOCAL001"),
        enterprise: None,
        user: UserId::new("U0LEAD0001"),
    }
}

#[tokio::test]
async fn a_pause_is_told_until_it_is_over() {
    let door = Door::open().await;
    says(&door, &[]).await;
    let (by, reason) = (lead(), "an outage".to_owned());
    let paused = BoardEvent::Paused {
        by: by.clone(),
        reason: reason.clone(),
    };
    happens(&door, paused, BEGINNING).await;
    says(&door, &["paused"]).await;
    happens(&door, BoardEvent::Resumed { by, reason }, BEGINNING).await;
    says(&door, &[]).await;
}

#[tokio::test]
async fn a_process_under_another_policy_than_the_pinned_one_says_so() {
    let door = Door::open().await;
    let pinned = |policy| BoardEvent::PolicyActivated { policy, by: None };
    happens(&door, pinned(Digest::of(b"another")), BEGINNING).await;
    says(&door, &["policy_not_pinned"]).await;
    happens(&door, pinned(crate::door::policy()), BEGINNING).await;
    says(&door, &[]).await;
}

#[tokio::test]
async fn work_that_nobody_does_is_told_after_a_while() {
    let door = Door::open().await;
    planned(&door).await;
    says(&door, &[]).await;
    door.advance(Span::seconds(121));
    says(&door, &["outbox_late"]).await;
    assert_eq!(
        door.signed(&crate::door::bytes(&crate::door::plain()))
            .await
            .0,
        202
    );
    door.advance(Span::seconds(61));
    says(&door, &["inbox_late", "outbox_late"]).await;
}

#[tokio::test]
async fn what_was_given_up_is_told_for_a_day() {
    let door = Door::open().await;
    planned(&door).await;
    let lease = Span::minutes(1);
    let places = Places {
        overall: 1,
        queues: vec![],
    };
    let offer = door.store.lease_effect("w1", BEGINNING, lease, &places);
    let Offer::Leased(leased) = offer.await.unwrap() else {
        panic!("nothing was due");
    };
    let fence = door.store.failed(&leased, "it is gone").await;
    assert_eq!(fence.unwrap(), Fence::Kept);
    says(&door, &["effects_given_up"]).await;
    door.advance(Span::hours(25));
    says(&door, &[]).await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_is_told() {
    let door = Door::open().await;
    let ahead = BEGINNING.plus(Span::hours(1));
    let policy = crate::door::policy();
    let event = BoardEvent::PolicyActivated { policy, by: None };
    happens(&door, event, ahead).await;
    says(&door, &["clock_back"]).await;
    door.advance(Span::hours(1));
    says(&door, &[]).await;
}
