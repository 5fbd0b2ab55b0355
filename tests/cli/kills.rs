//! `kill -9` again and again under load, on both databases: nothing acknowledged is lost and nothing is done twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::sandbox::{Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::load::{Load, hasten};
use crate::postgres;

/// How much one life of the server may bring about, at most: acknowledgements, and calls to the outside.
const DEEDS: usize = 23;
/// The longest life of a server: what the one before had claimed may leave it with nothing to do.
const LIFE: Duration = Duration::from_secs(2);

/// How often the server is killed: a few times, or as often as `COUNTERSIGN_KILL_ROUNDS` says.
fn rounds() -> usize {
    let set = std::env::var("COUNTERSIGN_KILL_ROUNDS").ok();
    set.map_or(5, |rounds| rounds.parse().unwrap())
}

/// Lets the server live until it has brought about so much, however fast the machine is.
async fn lives(load: &Load, deeds: usize) {
    let (began, born) = (Instant::now(), load.deeds());
    while load.deeds() < born + deeds && began.elapsed() < LIFE {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn killed_again_and_again(bench: &mut Bench, url: &str) {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    bench.point_at(&sandbox);
    bench.set("COUNTERSIGN_DATABASE_URL", url);
    hasten(bench);
    let load = Arc::new(Load::from(sandbox, || 0));
    let sending = tokio::spawn({
        let load = load.clone();
        async move { load.run().await }
    });
    for round in 0..rounds() {
        let running = bench.start(&["serve"], "listens on");
        load.sandbox.set_bot_url(&running.address()).unwrap();
        load.let_in(1);
        // Lives of many lengths: steps of about the golden section of the longest fall evenly over it.
        lives(&load, round * 14 % DEEDS).await;
        running.kill();
    }
    let running = bench.start(&["serve"], "listens on");
    load.sandbox.set_bot_url(&running.address()).unwrap();
    load.answered().await;
    sending.abort();
    assert_eq!(running.terminate().0, Some(0));
    load.is_whole(bench, url).await;
    let (acknowledged, writes) = (load.acknowledged().len(), load.sandbox.writes().len());
    eprintln!(
        "{} kills, {} tickets, {acknowledged} acknowledgements, {writes} writes on the desk",
        rounds(),
        load.tickets().count()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing_acknowledged_on_a_file() {
    let mut bench = Bench::new();
    let url = format!("sqlite://{}", bench.path("countersign.db").display());
    killed_again_and_again(&mut bench, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing_acknowledged_on_a_server() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let mut bench = Bench::new();
    killed_again_and_again(&mut bench, &database.url).await;
    database.drop().await;
}
