//! The power fails under the real server: of its SQLite files only what was synced survives, and no promise is lost.

mod disk;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use countersign::sandbox::{Sandbox, SandboxConfig};
use countersign::store::Store;

use self::disk::{Record, Syncs, Unsynced};
use crate::bench::Bench;
use crate::folder::Folder;
use crate::load::{Acknowledged, Load, hasten};
use crate::preload;
use crate::rows::rows;
use crate::turning::within;

const TICKETS: usize = 6;

/// What a power cut left, looked at.
struct Found {
    keys: BTreeSet<String>,
    intact: bool,
}

/// Opens what a power cut at a moment leaves, as the next start does.
async fn found(record: &Record<'_>, moment: u64, syncs: Syncs, unsynced: Unsynced) -> Found {
    let folder = Folder::make();
    record.left_at(moment, syncs, unsynced, folder.path());
    let url = format!(
        "sqlite://{}",
        folder.path().join("countersign.db").display()
    );
    let store = Store::open(&url).await.unwrap();
    let verified = store.verify(&mut |_| {}).await.unwrap();
    store.close().await;
    let sound = rows(&url, "PRAGMA integrity_check").await;
    let keys = rows(&url, "SELECT key FROM inbox").await;
    Found {
        keys: keys.into_iter().collect(),
        intact: verified.first_bad.is_none() && sound == ["ok"],
    }
}

/// How much of what had been acknowledged by then is gone, for a power cut right after each acknowledgement.
async fn lost(
    record: &Record<'_>,
    acknowledged: &[Acknowledged],
    syncs: Syncs,
    unsynced: impl Fn(u64) -> Unsynced,
) -> usize {
    let mut lost = 0;
    for last in acknowledged {
        let found = found(record, last.moment, syncs, unsynced(last.moment)).await;
        assert!(found.intact, "after {last:?} with {syncs:?}");
        let by_then = acknowledged.iter().filter(|one| one.moment <= last.moment);
        lost += by_then.filter(|one| !found.keys.contains(&one.key)).count();
    }
    lost
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_loses_nothing_that_was_acknowledged_and_weaker_syncs_would() {
    if !cfg!(target_os = "linux") {
        eprintln!("SKIPPED: only on Linux are writes and syncs recorded, so that no power failed");
        return;
    }
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    hasten(&bench);
    let folder = bench.path("").canonicalize().unwrap();
    let (file, trace) = (folder.join("countersign.db"), folder.join("record"));
    let library = preload::built("cli/power/record.c", &folder);
    bench.set("RECORD_BASE", file.to_str().unwrap());
    bench.set("RECORD_TO", trace.to_str().unwrap());
    bench.set("LD_PRELOAD", library.to_str().unwrap());
    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();

    let written = trace.clone();
    let length = move || std::fs::metadata(&written).unwrap().len();
    let load = Arc::new(Load::from(sandbox, length));
    let sending = tokio::spawn({
        let load = load.clone();
        async move { load.run().await }
    });
    load.let_in(TICKETS);
    within("an answer that went out", || {
        let mut writes = load.sandbox.writes().into_iter();
        writes.find(|write| write.kind == "ticket.reply")
    })
    .await;
    load.let_in(TICKETS);
    tokio::time::sleep(Duration::from_millis(400)).await;
    running.kill();
    bench.set("LD_PRELOAD", "");
    let acknowledged = load.acknowledged();

    let bytes = std::fs::read(&trace).unwrap();
    let record = Record::read(&bytes);
    assert!(record.syncs_of_the_log() > 2 * acknowledged.len());
    assert!(acknowledged.len() > TICKETS, "{}", acknowledged.len());
    let gone = |_| Unsynced::Gone;
    assert_eq!(lost(&record, &acknowledged, Syncs::All, gone).await, 0);
    let torn = lost(&record, &acknowledged, Syncs::All, Unsynced::Tossed).await;
    assert_eq!(
        torn, 0,
        "however the disk ordered and tore what was under way"
    );
    for weaker in [Syncs::BeforeCopying, Syncs::None] {
        let lost = lost(&record, &acknowledged, weaker, gone).await;
        assert!(lost > 0, "the control lost nothing: this test sees nothing");
    }

    for name in ["countersign.db", "countersign.db-wal", "countersign.db-shm"] {
        drop(std::fs::remove_file(folder.join(name)));
    }
    record.left_at(u64::MAX, Syncs::All, Unsynced::Gone, &folder);
    let running = bench.start(&["serve"], "listens on");
    load.sandbox.set_bot_url(&running.address()).unwrap();
    load.answered().await;
    sending.abort();
    assert_eq!(running.terminate().0, Some(0));
    let url = format!("sqlite://{}", file.display());
    load.is_whole(&bench, &url).await;
}
