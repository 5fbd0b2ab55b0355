//! Processes that share one PostgreSQL wake each other: nothing here looks at intervals, so that only a notice ends
//! a wait.

use std::time::Duration;

use countersign::store::{Store, Woken};

use crate::life::submission;
use crate::postgres::{self, Database};

/// A wait that takes this long will never end. No assertion rests on how fast it ends.
const FOREVER: Duration = Duration::from_secs(30);

/// Two processes on one database, where there is a PostgreSQL.
async fn two() -> Option<(Store, Store, Database)> {
    let database = postgres::migrated().await?;
    let here = Store::open(&database.url).await.unwrap();
    let there = Store::open(&database.url).await.unwrap();
    Some((here, there, database))
}

async fn put(store: &Store, id: &str) {
    let sent = submission(id, None, id, "bytes");
    store.submit(&sent).await.unwrap();
}

async fn wakes(woken: &mut Woken) -> bool {
    tokio::time::timeout(FOREVER, woken.wait()).await.is_ok()
}

async fn over(stores: [Store; 2], database: Database) {
    for store in stores {
        store.close().await;
    }
    database.drop().await;
}

#[tokio::test]
async fn a_commit_of_another_process_wakes_whoever_waits() {
    let Some((here, there, database)) = two().await else {
        return;
    };
    let mut woken = here.woken();
    put(&there, "m1").await;
    assert!(wakes(&mut woken).await);
    put(&there, "m2").await;
    assert!(wakes(&mut woken).await, "and every time");
    over([here, there], database).await;
}

#[tokio::test]
async fn a_process_that_ends_right_after_a_commit_has_told_of_it() {
    let Some((here, there, database)) = two().await else {
        return;
    };
    let mut woken = here.woken();
    put(&there, "m1").await;
    there.close().await;
    assert!(wakes(&mut woken).await);
    over([here, there], database).await;
}

#[tokio::test]
async fn one_s_own_commit_wakes_once_and_not_again_when_the_notice_comes_round() {
    let Some((here, there, database)) = two().await else {
        return;
    };
    let (mut woken, mut elsewhere) = (here.woken(), there.woken());
    put(&here, "m1").await;
    assert!(wakes(&mut woken).await);
    assert!(wakes(&mut elsewhere).await, "the notice has gone round");
    // Notices arrive in their order: after the other's has come, one's own is long behind.
    put(&there, "m2").await;
    assert!(wakes(&mut woken).await, "the other's");
    let again = tokio::time::timeout(Duration::from_millis(200), woken.wait()).await;
    assert!(again.is_err(), "woken by one's own notice");
    over([here, there], database).await;
}

#[tokio::test]
async fn a_line_that_is_cut_is_laid_again() {
    let Some((here, there, database)) = two().await else {
        return;
    };
    let mut woken = here.woken();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE application_name = 'countersign listener' AND datname = current_database()";
    postgres::run(&database.url, cut).await;
    assert!(wakes(&mut woken).await, "what was missed is looked for");
    put(&there, "m1").await;
    assert!(wakes(&mut woken).await);
    over([here, there], database).await;
}
