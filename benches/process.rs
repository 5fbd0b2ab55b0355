//! The built program as a process: from its start to `/readyz`, and its memory at rest.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign::sandbox::{SandboxConfig, TOKEN};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::database::Kind;
use crate::report::{Report, Spread, cells};
use crate::seed::{MANY, seeded};
use crate::stage::Stage;

const STARTS: usize = 5;
/// How long the process is left alone before it is weighed.
const REST: Duration = Duration::from_secs(3);

/// Measures `countersign serve` on each database.
pub async fn measured(report: &mut Report) {
    report.part(
        "Start and rest",
        &format!(
            "The built program, `countersign serve`, {STARTS} times on a database that is there: from its start to the first 200 of \
             `/readyz`, and its resident memory after {} seconds without a request.",
            REST.as_secs()
        ),
    );
    let mut table = vec![cells(&[
        "database",
        "cases in it",
        "start to ready, ms",
        "memory at rest, MB",
    ])];
    for kind in Kind::each() {
        let stage = Stage::set().await;
        for (cases, words) in [(None, "none"), (Some(MANY), "1,000,000")] {
            let url = match cases {
                Some(cases) => seeded(&kind, "process", cases).await,
                None => kind.fresh("process").await,
            };
            stage.bot(&url).await.end().await;
            let (mut ready, mut memory) = (vec![], vec![]);
            for start in 0..STARTS {
                let (took, megabytes) = started(&stage, &url, start).await;
                ready.push(took.as_secs_f64() * 1_000.0);
                memory.push(megabytes);
            }
            kind.remove("process").await;
            table.push(vec![
                kind.name().to_owned(),
                words.to_owned(),
                Spread::of(ready).digits(0),
                Spread::of(memory).digits(1),
            ]);
        }
    }
    report.table(&table);
}

/// Starts the program once: the time until it was ready, and its memory after its rest.
async fn started(stage: &Stage, url: &str, start: usize) -> (Duration, f64) {
    let port = 18_400 + u16::try_from(start).unwrap();
    point(stage, port);
    let began = Instant::now();
    let mut child = serve(stage, url);
    while !answers(port).await {
        assert!(child.try_wait().unwrap().is_none(), "the server ended");
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the server is not ready"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = began.elapsed();
    tokio::time::sleep(REST).await;
    let megabytes = resident(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    (took, megabytes)
}

/// Points the manifests of a stage at its local workspace.
fn point(stage: &Stage, port: u16) {
    let path = stage.manifests().join("workspace.json");
    let mut document: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    document["listen"] = json!(format!("127.0.0.1:{port}"));
    document["slack"]["api_url"] = json!(stage.sandbox.slack_api_url());
    document["connectors"][0]["base_url"] = json!(stage.sandbox.stripe_url());
    document["desks"][0]["url"] = json!(stage.sandbox.desk_url());
    std::fs::write(&path, document.to_string()).unwrap();
}

fn serve(stage: &Stage, url: &str) -> Child {
    let secrets = SandboxConfig::default();
    let manifests = stage.manifests();
    Command::new(Path::new(env!("CARGO_BIN_EXE_countersign")))
        .arg("serve")
        .current_dir(manifests.parent().unwrap())
        .env_clear()
        .env("COUNTERSIGN_DATABASE_URL", url)
        .env("COUNTERSIGN_SLACK_SIGNING_SECRET", &secrets.signing_secret)
        .env("COUNTERSIGN_SLACK_BOT_TOKEN", TOKEN)
        .env("COUNTERSIGN_INTAKE_SECRET", &secrets.intake_secret)
        .env("COUNTERSIGN_DESK_SECRET", &secrets.desk_secret)
        .env("COUNTERSIGN_STRIPE_KEY", "rk_sandbox")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether `/readyz` says 200.
async fn answers(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)).await else {
        return false;
    };
    let request = "GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let mut answer = String::new();
    let asked = connection.write_all(request.as_bytes()).await;
    asked.is_ok()
        && connection.read_to_string(&mut answer).await.is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

/// Resident memory in megabytes.
fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line
        .and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(f64::NAN);
    kib / 1_024.0
}
