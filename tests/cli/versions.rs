//! Two versions on one database: the older goes on with what it knows, says so, and never starts on what is newer.

use std::sync::Arc;

use countersign::sandbox::{Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::full::asked;
use crate::load::{Load, hasten};
use crate::postgres;
use crate::rows::{rows, run};

/// What a newer version would do to the tables that all work goes through.
const NEWER: &str = "ALTER TABLE inbox ADD COLUMN later TEXT; ALTER TABLE outbox ADD COLUMN later TEXT; \
     ALTER TABLE journal ADD COLUMN later TEXT; ALTER TABLE cases ADD COLUMN later TEXT; \
     INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
     SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1;";
/// The newer version that had its columns already and took only them along.
const COLUMNS_ONLY: &str = "DELETE FROM _sqlx_migrations WHERE version = 9999;";
const TICKETS: usize = 2;

async fn beside_a_newer_version(bench: &mut Bench, url: &str) {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    bench.point_at(&sandbox);
    bench.set("COUNTERSIGN_DATABASE_URL", url);
    hasten(bench);
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    let load = Arc::new(Load::from(sandbox, || 0));
    let sending = tokio::spawn({
        let load = load.clone();
        async move { load.run().await }
    });
    load.let_in(TICKETS);
    load.answered().await;

    // It takes table after table while the other one writes to all of them: PostgreSQL may break it off whole.
    while let Err(error) = run(url, NEWER).await {
        assert!(error.contains("deadlock"), "{error}");
    }
    let (status, said) = asked(&running.address(), "/readyz").await;
    assert_eq!((status, said.contains("\"schema\"")), (503, true), "{said}");
    load.let_in(TICKETS);
    load.answered().await;
    bench
        .run(&["serve"])
        .exits(2)
        .complains("written by a newer Countersign (schema step 9999)");
    bench
        .run(&["audit", "verify"])
        .exits(2)
        .complains("start that version");
    running.kill();

    run(url, COLUMNS_ONLY).await.unwrap();
    let running = bench.start(&["serve"], "listens on");
    load.sandbox.set_bot_url(&running.address()).unwrap();
    load.let_in(TICKETS);
    load.answered().await;
    sending.abort();
    assert_eq!(running.terminate().0, Some(0));
    load.is_whole(bench, url).await;
    let ignored = rows(url, "SELECT key FROM inbox WHERE later IS NOT NULL").await;
    assert_eq!(ignored, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_version_on_the_same_file_is_told_and_never_started_upon() {
    let mut bench = Bench::new();
    let url = format!("sqlite://{}", bench.path("countersign.db").display());
    beside_a_newer_version(&mut bench, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_version_on_the_same_server_is_told_and_never_started_upon() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let mut bench = Bench::new();
    beside_a_newer_version(&mut bench, &database.url).await;
    database.drop().await;
}
