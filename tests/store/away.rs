//! The database goes away in mid-flight and comes back: nothing is acknowledged that is not stored, and work goes on.

use std::time::Duration;

use countersign::store::{Repeat, Store};

use crate::cluster::Cluster;
use crate::life::{NOON, submission};

#[tokio::test]
async fn a_server_that_stops_in_mid_flight_takes_nothing_and_loses_nothing() {
    let Some(cluster) = Cluster::make() else {
        return;
    };
    cluster.start();
    let store = Store::open(&cluster.url()).await.unwrap();
    let sent = |id: &str, key: &str| submission(id, None, key, key);
    store.submit(&sent("m1", "before")).await.unwrap();
    let turn = store
        .begin(&sent("m1", "before").command.stream())
        .await
        .unwrap();

    cluster.stop();
    assert!(turn.commit().await.is_err(), "a commit without a server");
    for _ in 0..3 {
        let refused = store.submit(&sent("m2", "meanwhile")).await.unwrap_err();
        assert!(refused.is_passing(), "{refused}");
    }
    assert!(store.probe(NOON).await.is_err());

    cluster.start();
    // Connections that broke are noticed one by one; each attempt is refused or stored whole.
    let mut taken = None;
    for _ in 0..20 {
        if let Ok(receipt) = store.submit(&sent("m2", "meanwhile")).await {
            taken = Some(receipt);
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(
        taken.unwrap().repeat,
        Repeat::First,
        "nothing was kept of the refused ones"
    );
    store.probe(NOON).await.unwrap();
    let again = store.submit(&sent("m3", "before")).await.unwrap();
    assert_eq!(again.repeat, Repeat::Same, "what was acknowledged is there");
    store.close().await;
}
