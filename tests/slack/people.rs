//! Who people are: read from Slack, kept for a moment, and forgotten by every process as soon as one hears of a change.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countersign::domain::ids::{GroupId, TeamId};
use countersign::domain::person::Membership;
use countersign::domain::time::At;
use countersign::ports::{Clock, People, PortError};
use countersign::sandbox::Fault;
use countersign::slack::client::SlackClient;
use countersign::slack::people::SlackPeople;
use countersign::store::{Changing, Store};

use crate::outbound::workspace;
use crate::samples::{NOON, person};

/// A clock that tests move.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

async fn database() -> Store {
    Store::open("sqlite::memory:").await.unwrap()
}

/// What one process knows of people.
fn people_of(client: &Arc<SlackClient>, store: &Store, hand: &Arc<Hand>) -> SlackPeople {
    let home = TeamId::new("T0LOCAL001");
    SlackPeople::of(client.clone(), store.clone(), hand.clone(), home)
}

#[tokio::test]
async fn a_change_that_one_process_hears_of_is_forgotten_by_all() {
    let (sandbox, client, _) = workspace().await;
    let hand = Arc::new(Hand(AtomicI64::new(NOON.0)));
    let store = database().await;
    let ours = people_of(&client, &store, &hand);
    let theirs = people_of(&client, &store, &hand);
    let billing = [GroupId::new("S0BILLING1")];
    let who = person("U0BILL0001");
    for people in [&ours, &theirs] {
        assert_eq!(people.read(&who, &billing).await.unwrap().groups, billing);
    }

    sandbox.remove_from_group("S0BILLING1", "U0BILL0001");
    // Nobody has heard of it: what was read a moment ago counts for half a minute.
    assert_eq!(ours.read(&who, &billing).await.unwrap().groups, billing);

    store.count_change(Changing::People).await.unwrap();
    for people in [&ours, &theirs] {
        assert_eq!(people.read(&who, &billing).await.unwrap().groups, []);
    }
}

#[tokio::test]
async fn nobody_is_believed_while_the_database_does_not_say_whether_people_changed() {
    let (_sandbox, client, _) = workspace().await;
    let hand = Arc::new(Hand(AtomicI64::new(NOON.0)));
    let store = database().await;
    let people = people_of(&client, &store, &hand);
    people.read(&person("U0BILL0001"), &[]).await.unwrap();
    store.close().await;
    let unsure = people.read(&person("U0BILL0001"), &[]).await;
    assert!(matches!(unsure, Err(PortError::Again { .. })));
}

#[tokio::test]
async fn people_are_read_at_the_click_and_served_for_a_while_when_slack_is_away() {
    let (sandbox, client, _) = workspace().await;
    let hand = Arc::new(Hand(AtomicI64::new(NOON.0)));
    let people = people_of(&client, &database().await, &hand);
    let billing = [GroupId::new("S0BILLING1"), GroupId::new("S0FINANCE1")];
    let read = people.read(&person("U0BILL0001"), &billing).await.unwrap();
    assert_eq!(read.membership, Membership::Member);
    assert_eq!(read.groups, [GroupId::new("S0BILLING1")]);
    assert_eq!((read.source.as_str(), read.read_at), ("slack", NOON));

    let asked = sandbox.calls().len();
    hand.0.fetch_add(30_000, Ordering::SeqCst);
    people.read(&person("U0BILL0001"), &billing).await.unwrap();
    assert_eq!(
        sandbox.calls().len(),
        asked,
        "thirty seconds are fresh enough"
    );

    sandbox.fault("users.info", Fault::ServerError, 2);
    hand.0.fetch_add(60_000, Ordering::SeqCst);
    let old = people.read(&person("U0BILL0001"), &billing).await.unwrap();
    assert_eq!((old.source.as_str(), old.read_at), ("slack (cached)", NOON));
    hand.0.fetch_add(300_000, Ordering::SeqCst);
    let gone = people.read(&person("U0BILL0001"), &billing).await;
    assert!(matches!(gone, Err(PortError::Again { .. })));
}

#[tokio::test]
async fn guests_bots_leavers_and_strangers_are_not_members() {
    let (_sandbox, client, _) = workspace().await;
    let hand = Arc::new(Hand(AtomicI64::new(NOON.0)));
    let people = people_of(&client, &database().await, &hand);
    for (user, expected) in [
        ("U0LEAD0001", Membership::Member),
        ("U0GUEST001", Membership::Guest),
        ("U0ULTRA001", Membership::Guest),
        ("U0GONE0001", Membership::Deactivated),
        ("U0STRANG01", Membership::Foreign),
        ("U0CSIGN001", Membership::Bot),
        ("U0NOBODY01", Membership::Unknown),
    ] {
        let read = people.read(&person(user), &[]).await.unwrap();
        assert_eq!(read.membership, expected, "{user}");
    }
    let mut foreign = person("U0LEAD0001");
    foreign.team = TeamId::new("T0OTHER001");
    assert_eq!(
        people.read(&foreign, &[]).await.unwrap().membership,
        Membership::Foreign
    );
    let members = people.members(&GroupId::new("S0BILLING1")).await.unwrap();
    assert_eq!(members.len(), 2);
}
