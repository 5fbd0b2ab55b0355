//! Databases to measure on: SQLite files, and a PostgreSQL of this run, both as durable as in production.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::folder::Folder;

#[path = "../tests/support/postgres.rs"]
#[expect(
    dead_code,
    reason = "its clusters are for tests and do not sync; only how to find and run the programs is of use"
)]
mod programs;

/// A kind of database, with a place for as many databases as are asked for.
pub enum Kind {
    /// Files in a folder.
    Sqlite(Folder),
    /// A cluster of this run.
    Postgres(Cluster),
}

/// A PostgreSQL that syncs as a real one does. It goes with this value.
pub struct Cluster {
    server: Child,
    folder: Folder,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is the fast shutdown; it was started in a process of its own.
        drop(
            Command::new("kill")
                .args(["-INT", &self.server.id().to_string()])
                .status(),
        );
        drop(self.server.wait());
    }
}

impl Kind {
    /// The embedded kind.
    pub fn sqlite() -> Self {
        Self::Sqlite(Folder::make())
    }

    /// Each kind that is installed.
    pub fn each() -> Vec<Self> {
        let mut kinds = vec![Self::sqlite()];
        match programs::programs() {
            Some(bin) => kinds.push(Self::Postgres(Cluster::start(&bin))),
            None => eprintln!("No PostgreSQL is installed: only SQLite is measured."),
        }
        kinds
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// The address of a database that is not there yet. On PostgreSQL it is made now.
    pub async fn fresh(&self, name: &str) -> String {
        if let Self::Postgres(cluster) = self {
            cluster
                .run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await;
            cluster.run(&format!("CREATE DATABASE {name}")).await;
        }
        self.url(name)
    }

    /// A copy of a database that nobody has open.
    pub async fn copy(&self, from: &str, to: &str) -> String {
        match self {
            Self::Sqlite(_) => {
                self.remove(to).await;
                std::fs::copy(self.file(from), self.file(to)).unwrap();
            }
            Self::Postgres(cluster) => {
                cluster
                    .run(&format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"))
                    .await;
                cluster
                    .run(&format!("CREATE DATABASE {to} TEMPLATE {from}"))
                    .await;
                // What the copy left to be written would otherwise be written while something is measured.
                cluster.run("CHECKPOINT").await;
            }
        }
        self.url(to)
    }

    /// Removes a database, whoever has it open.
    pub async fn remove(&self, name: &str) {
        match self {
            Self::Sqlite(_) => {
                for side in ["", "-wal", "-shm"] {
                    let file = format!("{}{side}", self.file(name).display());
                    drop(std::fs::remove_file(file));
                }
            }
            Self::Postgres(cluster) => {
                cluster
                    .run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        let Self::Sqlite(folder) = self else {
            panic!("only SQLite keeps a database in a file");
        };
        folder.path().join(format!("{name}.db"))
    }

    fn url(&self, name: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("sqlite://{}", self.file(name).display()),
            Self::Postgres(cluster) => cluster.url(name),
        }
    }
}

impl Cluster {
    fn start(bin: &std::path::Path) -> Self {
        let folder = Folder::make();
        programs::hand_over(folder.path());
        let made = programs::as_server(&bin.join("initdb"))
            .args([
                "--username=countersign",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(folder.path().join("data"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        // Everything that makes a commit durable stays as PostgreSQL ships it.
        let server = programs::as_server(&bin.join("postgres"))
            .arg("-D")
            .arg(folder.path().join("data"))
            .arg("-k")
            .arg(folder.path())
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "shared_buffers=256MB",
                "-c",
                "max_wal_size=4GB",
            ])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self { server, folder };
        let began = Instant::now();
        while !cluster.folder.path().join(".s.PGSQL.5432").exists() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "PostgreSQL did not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(300));
        cluster
    }

    fn url(&self, name: &str) -> String {
        format!(
            "postgres://countersign@localhost/{name}?host={}",
            self.folder.path().display()
        )
    }

    async fn run(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
}
