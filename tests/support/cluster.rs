//! A PostgreSQL of one test's own, which it may stop and start: nothing else stands on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::postgres;

/// A cluster that a test may stop and start.
pub struct Cluster {
    bin: PathBuf,
    folder: Folder,
    /// Variables of the server, beside those of this process.
    environment: Vec<(&'static str, PathBuf)>,
}

impl Cluster {
    /// Makes one that does not run yet; `None`, said loudly, where there is no PostgreSQL.
    pub fn make() -> Option<Self> {
        let bin = postgres::programs()?;
        let folder = Folder::make();
        let cluster = Self {
            bin,
            folder,
            environment: vec![],
        };
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

    /// A folder that the server may read and write.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a variable for the next start.
    pub fn set(&mut self, name: &'static str, value: PathBuf) {
        self.environment.push((name, value));
    }

    /// Starts it, and waits until it answers.
    pub fn start(&self) {
        self.control(&["start"]);
    }

    /// Stops it as a crash does.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// The address, as `Store::open` takes it.
    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://countersign@localhost/postgres?host={folder}")
    }

    /// The socket that it listens on.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    fn program(&self, name: &str) -> Command {
        postgres::as_server(&self.bin.join(name))
    }

    fn control(&self, arguments: &[&str]) {
        let path: &Path = self.folder.path();
        let options = format!("-k {} -c listen_addresses= -c fsync=off", path.display());
        let done = self
            .program("pg_ctl")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
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
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.stop();
        }
    }
}
