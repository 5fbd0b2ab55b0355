//! A throwaway PostgreSQL for one test binary: started on first use, gone when the process ends, however it ends.

use std::io::Write as _;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;

/// A database of its own on the cluster of this binary.
pub struct Database {
    /// The address, as `Store::open` takes it.
    pub url: String,
    admin: String,
    name: String,
}

impl Database {
    /// Drops the database, whoever is still connected.
    pub async fn drop(self) {
        run(
            &self.admin,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        )
        .await;
    }
}

/// A fresh database; `None`, said loudly, where there is no PostgreSQL.
///
/// `DATABASE_URL` names a running server, whose user may create databases. Otherwise a cluster is made from the
/// `initdb` and `postgres` that are installed. `COUNTERSIGN_REQUIRE_POSTGRES=1` makes a missing one a failure.
pub async fn database() -> Option<Database> {
    made("template1").await
}

/// The same, with the schema in it already: a copy of one that was migrated once.
pub async fn migrated() -> Option<Database> {
    static MIGRATED: OnceCell<String> = OnceCell::const_new();
    server()?;
    let template = MIGRATED.get_or_init(|| async {
        let template = database().await.unwrap();
        let store = Store::open(&template.url).await.unwrap();
        store.close().await;
        template.name
    });
    made(template.await).await
}

async fn made(template: &str) -> Option<Database> {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let server = server()?;
    let name = format!(
        "t{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let admin = server("postgres");
    run(
        &admin,
        &format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    Some(Database {
        url: server(&name),
        admin,
        name,
    })
}

/// Runs statements on a database.
pub async fn run(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

type Server = Box<dyn Fn(&str) -> String + Send + Sync>;

/// Makes the address of a database on the server of this binary.
fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            if let Ok(url) = std::env::var("DATABASE_URL") {
                return Some(Box::new(move |name: &str| with_database(&url, name)));
            }
            let Some(bin) = programs() else {
                let required =
                    std::env::var("COUNTERSIGN_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
                assert!(
                    !required,
                    "COUNTERSIGN_REQUIRE_POSTGRES is set, and there is no `initdb` here"
                );
                // Not `eprintln!`, which the test harness keeps to itself where the test succeeds.
                let skipped =
                    "\nSKIPPED: no PostgreSQL is installed, so that nothing was tested on it\n";
                drop(std::io::stderr().write_all(skipped.as_bytes()));
                return None;
            };
            let folder = start(&bin);
            Some(Box::new(move |name: &str| {
                format!(
                    "postgres://countersign@localhost/{name}?host={}",
                    folder.display()
                )
            }))
        })
        .as_ref()
}

/// The same address with another database.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..]
        .find('/')
        .map_or(address.len(), |at| host + at);
    let mark = if options.is_empty() { "" } else { "?" };
    format!("{}/{name}{mark}{options}", &address[..end])
}

/// The folder of `initdb` and `postgres`.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Debian and its relatives keep them out of the path, one folder for each version.
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Makes a cluster in a temporary folder and waits until it answers. Gives the folder, which is also its socket's.
fn start(bin: &Path) -> PathBuf {
    static KEPT: OnceLock<Child> = OnceLock::new();
    let folder = std::env::temp_dir().join(format!("countersign-pg-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir(&folder).unwrap();
    let other = other_user();
    hand_over(&folder);
    let made = as_user(other, bin.join("initdb").as_path())
        .args([
            "--username=countersign",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ])
        .arg(folder.join("data"))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "initdb failed");
    // The shell holds one end of a pipe whose other end is this process: when it closes, the cluster goes.
    let keeper = "trap : INT; \"$1\" -D \"$2/data\" -k \"$2\" -c listen_addresses= -c fsync=off -c full_page_writes=off \
                  -c max_connections=400 -c shared_buffers=64MB >\"$2/log\" 2>&1 </dev/null & child=$!; \
                  cat >/dev/null; kill -QUIT $child; wait $child; rm -rf \"$2\"";
    let child = as_user(other, Path::new("sh"))
        .args(["-c", keeper, "keeper"])
        .arg(bin.join("postgres"))
        .arg(&folder)
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(KEPT.set(child));
    wait_for(&folder);
    folder
}

fn wait_for(folder: &Path) {
    let began = Instant::now();
    let ready = || {
        std::fs::read_to_string(folder.join("log"))
            .is_ok_and(|log| log.contains("ready to accept connections"))
    };
    while !ready() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "PostgreSQL did not start: {}",
            std::fs::read_to_string(folder.join("log")).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// PostgreSQL refuses to run as root: the user and group to run it as, where this process is root.
fn other_user() -> Option<(u32, u32)> {
    let number = |flag: &str, name: &[&str]| -> Option<u32> {
        let out = Command::new("id")
            .arg(flag)
            .args(name)
            .stderr(Stdio::null())
            .output()
            .ok()?;
        String::from_utf8(out.stdout).ok()?.trim().parse().ok()
    };
    if number("-u", &[]) != Some(0) {
        return None;
    }
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| Some((number("-u", &[name])?, number("-g", &[name])?)))
}

/// Makes a folder the server's.
pub fn hand_over(folder: &Path) {
    if let Some((user, group)) = other_user() {
        chown(folder, Some(user), Some(group)).unwrap();
    }
}

/// A program run as the server is.
pub fn as_server(program: &Path) -> Command {
    as_user(other_user(), program)
}

fn as_user(other: Option<(u32, u32)>, program: &Path) -> Command {
    let Some((user, group)) = other else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={user}"), format!("--regid={group}")])
        .args(["--clear-groups", "--"])
        .arg(program);
    command
}
