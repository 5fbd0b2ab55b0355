//! How a story names things and people, and how often it says what happens over and over.

use countersign::domain::card::Texts;
use countersign::domain::case::event::{Acknowledgement, CaseEvent, Phase};
use countersign::domain::case::face::Lens;
use countersign::domain::case::story::{sentence, story};
use countersign::domain::digest::Digest;
use countersign::domain::draft::Action;
use countersign::domain::ids::{CommandId, DraftId, RuleName, StreamId};
use countersign::domain::journal::{Event, Recorded};
use countersign::domain::person::Actor;
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::sentences::said;
use crate::support::*;

#[test]
fn two_of_a_kind_can_be_told_apart() {
    let world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![reply("one"), reply("two"), label("billing")]);
    let replies: Vec<DraftId> = world
        .case
        .drafts
        .iter()
        .filter(|one| matches!(one.draft.action, Action::NotifyCustomer { .. }))
        .map(|one| one.draft.id.clone())
        .collect();
    let sent = |draft: &DraftId| CaseEvent::Performed {
        draft: draft.clone(),
        phase: Phase::Act,
        acknowledgement: Acknowledgement {
            reference: "W-7".into(),
            prior: None,
        },
    };
    let tell = |world: &World, at: usize| said(world, &sent(&replies[at])).unwrap();
    assert_eq!(
        tell(&world, 0),
        "The reply was sent to the customer (workbench: W-7)."
    );
    assert_eq!(
        tell(&world, 1),
        "The second reply was sent to the customer (workbench: W-7)."
    );
}

#[test]
fn who_decided_is_told_by_name_while_the_name_is_kept_and_by_id_always() {
    let mut world = World::asking_reply(policy(&[]));
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    let who = sealed("who it is");
    for asked in &mut world.case.requests {
        for decision in &mut asked.decisions {
            decision.eligibility.standing.who = Some(who);
        }
    }
    let decided = world.events.iter().find_map(|(_, event)| match event {
        CaseEvent::Decided { .. } => Some(event.clone()),
        _ => None,
    });
    let tell = |texts: &Texts| {
        let people = |rule: &RuleName| rule.to_string();
        let lens = Lens {
            texts,
            similar: &[],
            people: &people,
        };
        sentence(&world.case, decided.as_ref().unwrap(), lens).unwrap()
    };
    let name = r#"{"name":"Support Lead","email":"lead@example.com"}"#.to_owned();
    let kept = tell(&[(who, name)].into());
    assert!(
        kept.starts_with("@Support Lead (U0LEAD0001) approved the reply"),
        "{kept}"
    );
    assert!(!kept.contains("example.com"));
    let erased = tell(&Texts::new());
    assert!(
        erased.starts_with("@U0LEAD0001 approved the reply"),
        "{erased}"
    );
}

fn journalled(event: CaseEvent) -> Recorded<Event> {
    Recorded {
        stream: StreamId::new("c1"),
        seq: 1,
        at: MONDAY,
        actor: Actor::Countersign,
        cause: CommandId::new("k1"),
        event: Event::Case(event),
        prev: Digest::from_bytes([0; 32]),
        hash: Digest::from_bytes([0; 32]),
    }
}

#[test]
fn what_happens_over_and_over_is_told_once_with_how_often() {
    let world = World::shipped()
        .opened(true, None)
        .read(vec![Signal::Money])
        .triaged(Category::RefundRequest, 2);
    let failed = |again: bool| CaseEvent::EvidenceFailed {
        ask: ask("stripe", "charges"),
        why: "Stripe answered 500".into(),
        again_at: again.then_some(world.now),
    };
    let other = CaseEvent::HumanNeeded {
        why: "no model".into(),
    };
    let events = [
        failed(true),
        other,
        failed(true),
        failed(true),
        failed(false),
    ];
    let recorded: Vec<Recorded<Event>> = events
        .into_iter()
        .enumerate()
        .map(|(n, event)| Recorded {
            at: world.now.plus(Span::minutes(i64::try_from(n).unwrap())),
            ..journalled(event)
        })
        .collect();
    let (texts, people) = (Texts::new(), |rule: &RuleName| rule.to_string());
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    let told: Vec<String> = story(&world.case, &recorded, lens)
        .into_iter()
        .map(|one| one.sentence)
        .collect();
    assert_eq!(
        told,
        [
            "stripe did not answer about charges (Stripe answered 500) and is asked again \
             (3 times, until 2026-11-16 09:03 UTC).",
            "The machine could not go on: no model.",
            "stripe did not answer about charges (Stripe answered 500) and is asked no more; \
             what it would have said counts as unknown.",
        ]
    );
}
