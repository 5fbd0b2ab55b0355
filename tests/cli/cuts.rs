//! The line to PostgreSQL is cut and the database crashes, again and again under load: nothing acknowledged is lost.

use std::sync::Arc;
use std::time::Duration;

use countersign::sandbox::{Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::cluster::Cluster;
use crate::full::asked;
use crate::load::{Load, hasten};
use crate::wire::Wire;

/// How often each of the two happens.
const TIMES: u64 = 6;

/// Waits until `/readyz` answers with this status, and gives what it says then.
async fn readiness(address: &str, wanted: u16) -> String {
    let mut said = String::new();
    for _ in 0..300 {
        let (status, answer) = asked(address, "/readyz").await;
        if status == wanted {
            return answer;
        }
        said = answer;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("/readyz never answered {wanted}: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_line_and_a_database_that_crashes_lose_nothing_and_are_told() {
    let Some(cluster) = Cluster::make() else {
        return;
    };
    cluster.start();
    let wire = Wire::to(cluster.socket()).await;
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    bench.set("COUNTERSIGN_DATABASE_URL", &wire.url());
    hasten(&bench);
    let running = bench.start(&["serve"], "listens on");
    let address = running.address();
    sandbox.set_bot_url(&address).unwrap();
    let load = Arc::new(Load::from(sandbox, || 0));
    let sending = tokio::spawn({
        let load = load.clone();
        async move { load.run().await }
    });
    for round in 0..TIMES {
        load.let_in(1);
        tokio::time::sleep(Duration::from_millis(150 + round * 97)).await;
        wire.cut();
        if round == 0 {
            let said = readiness(&address, 503).await;
            assert!(said.contains("\"database_away\""), "{said}");
            assert_eq!(asked(&address, "/healthz").await.0, 200);
        }
        wire.mend();
        readiness(&address, 200).await;
    }
    for round in 0..TIMES {
        load.let_in(1);
        tokio::time::sleep(Duration::from_millis(150 + round * 97)).await;
        cluster.stop();
        if round == 0 {
            let said = readiness(&address, 503).await;
            assert!(said.contains("\"database_away\""), "{said}");
        }
        cluster.start();
        readiness(&address, 200).await;
    }
    load.answered().await;
    sending.abort();
    assert_eq!(running.terminate().0, Some(0));
    bench.set("COUNTERSIGN_DATABASE_URL", &cluster.url());
    load.is_whole(&bench, &cluster.url()).await;
}
