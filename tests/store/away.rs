//! The database goes away in mid-flight and comes back: nothing is acknowledged that is not stored, and work goes on.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::store::{Repeat, Store};

use crate::folder::Folder;
use crate::life::{NOON, submission};
use crate::postgres;

/// A cluster that a test may stop and start; `None`, said loudly, where there is no PostgreSQL.
struct Cluster {
    bin: PathBuf,
    folder: Folder,
}

impl Cluster {
    fn make() -> Option<Self> {
        let bin = postgres::programs()?;
        let folder = Folder::make();
        let cluster = Self { bin, folder };
        postgres::hand_over(cluster.folder.path());
        let data = cluster.folder.path().join("data");
        let made = cluster
            .program("initdb")
            .args(["--username=countersign", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "-D"])
            .arg(data)
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "initdb failed");
        Some(cluster)
    }

    fn program(&self, name: &str) -> Command {
        postgres::as_server(&self.bin.join(name))
    }

    fn control(&self, arguments: &[&str]) {
        let path = self.folder.path();
        let options = format!("-k {} -c listen_addresses= -c fsync=off", path.display());
        let done = self
            .program("pg_ctl")
            .args(["-w", "-D"])
            .arg(path.join("data"))
            .arg("-l")
            .arg(path.join("log"))
            .args(["-o", &options])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(done.unwrap().success(), "pg_ctl {arguments:?}");
    }

    fn url(&self) -> String {
        let folder: &Path = self.folder.path();
        format!(
            "postgres://countersign@localhost/postgres?host={}",
            folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        if data.join("postmaster.pid").exists() {
            self.control(&["-m", "immediate", "stop"]);
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_in_mid_flight_takes_nothing_and_loses_nothing() {
    let Some(cluster) = Cluster::make() else {
        return;
    };
    cluster.control(&["start"]);
    let store = Store::open(&cluster.url()).await.unwrap();
    let sent = |id: &str, key: &str| submission(id, None, key, key);
    store.submit(&sent("m1", "before")).await.unwrap();
    let turn = store
        .begin(&sent("m1", "before").command.stream())
        .await
        .unwrap();

    cluster.control(&["-m", "immediate", "stop"]);
    assert!(turn.commit().await.is_err(), "a commit without a server");
    for _ in 0..3 {
        let refused = store.submit(&sent("m2", "meanwhile")).await.unwrap_err();
        assert!(refused.is_passing(), "{refused}");
    }
    assert!(store.probe(NOON).await.is_err());

    cluster.control(&["start"]);
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
