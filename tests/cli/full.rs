//! The disk is full under a running server or its database: it takes nothing, says so, lives on, and goes on when there
//! is room.

use std::process::Command;
use std::time::Duration;

use countersign::sandbox::{NewTicket, Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::cluster::Cluster;
use crate::preload;
use crate::rows::rows;
use crate::turning::{card, within};

const REVIEWS: &str = "C0REVIEWS1";

/// Lets no file of a process grow beyond this, or lets them all grow again.
fn limit(process: u32, bytes: &str) {
    let process = process.to_string();
    let size = format!("--fsize={bytes}:");
    let done = Command::new("prlimit")
        .args(["--pid", &process, &size])
        .status();
    assert!(done.unwrap().success());
}

pub async fn asked(address: &str, path: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{address}{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_to_everybody_and_survived() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `prlimit` here, so that no disk was full");
        return;
    }
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    // A write beyond the limit is then an error like that of a full disk, and no signal.
    let running = bench.start_deaf_to("XFSZ", &["serve"], "listens on");
    let address = running.address();
    sandbox.set_bot_url(&address).unwrap();
    sandbox.load_demo_books();
    let tickets = sandbox.demo_tickets();
    let question = tickets.iter().find(|ticket| ticket.id == "T-1013").unwrap();
    assert_eq!(sandbox.send_ticket(question).await.status, 202);
    card(&sandbox, REVIEWS).await;

    let log = std::fs::metadata(bench.path("countersign.db-wal")).unwrap();
    limit(running.id(), &log.len().min(4_096).to_string());
    for _ in 0..3 {
        let refused = sandbox.send_ticket(&tickets[2]).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
    }
    let (status, said) = asked(&address, "/readyz").await;
    assert_eq!(
        (status, said.contains("\"database_takes_nothing\"")),
        (503, true),
        "{said}"
    );
    assert_eq!(asked(&address, "/healthz").await.0, 200);

    limit(running.id(), "unlimited");
    let (status, said) = asked(&address, "/readyz").await;
    let errors = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert_eq!(
        status, 200,
        "a probe finds that there is room: {said}\n{errors}"
    );
    assert_eq!(sandbox.send_ticket(&tickets[2]).await.status, 202);
    let room = "C0BILLING1";
    within("the second ticket's card", || {
        let mut messages = sandbox.messages(room).into_iter();
        messages.find(|message| message.blocks.to_string().contains("cs.approve."))
    })
    .await;
    assert_eq!(running.terminate().0, Some(0));
    let cases = bench.run(&["case", "list"]).exits(0).out;
    assert_eq!(
        cases.lines().count(),
        3,
        "a heading and two cases:\n{cases}"
    );
    bench.run(&["audit", "verify"]).exits(0);
}

/// A question with so many letters that no page of a table has room for it, and no compression makes them few.
fn long(question: &NewTicket) -> NewTicket {
    let mut state = 1_u64;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'a' + u8::try_from((state >> 33) % 26).unwrap())
    };
    let words = (0..4_000).map(|_| [letter(), letter(), letter(), letter(), ' ']);
    let noise: String = words.flatten().collect();
    NewTicket {
        id: "F-2".to_owned(),
        body: format!("{}\n\n{noise}", question.body),
        ..question.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_the_database_server_is_told_to_everybody_and_survived() {
    if !cfg!(target_os = "linux") {
        eprintln!("SKIPPED: only on Linux does a library fill the disk, so that no disk was full");
        return;
    }
    let Some(mut cluster) = Cluster::make() else {
        return;
    };
    let library = preload::built("cli/full/nospace.c", cluster.folder());
    let full = cluster.folder().join("full");
    cluster.set("LD_PRELOAD", library);
    cluster.set("FULL_WHILE", full.clone());
    cluster.start();
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    bench.set("COUNTERSIGN_DATABASE_URL", &cluster.url());
    let running = bench.start(&["serve"], "listens on");
    let address = running.address();
    sandbox.set_bot_url(&address).unwrap();
    sandbox.load_demo_books();
    let tickets = sandbox.demo_tickets();
    let question = tickets.iter().find(|ticket| ticket.id == "T-1013").unwrap();
    assert_eq!(sandbox.send_ticket(question).await.status, 202);
    card(&sandbox, REVIEWS).await;

    std::fs::write(&full, "").unwrap();
    let long = long(question);
    for _ in 0..3 {
        let refused = sandbox.send_ticket(&long).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        let (status, said) = asked(&address, "/readyz").await;
        let told = said.contains("\"database_takes_nothing\"");
        assert_eq!((status, told), (503, true), "{said}");
    }
    assert_eq!(asked(&address, "/healthz").await.0, 200);

    std::fs::remove_file(&full).unwrap();
    let (status, said) = asked(&address, "/readyz").await;
    assert_eq!(status, 200, "a probe finds that there is room: {said}");
    assert_eq!(sandbox.send_ticket(&long).await.status, 202);
    let url = cluster.url();
    for _ in 0..600 {
        if rows(&url, "SELECT case_id FROM cases").await.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(running.terminate().0, Some(0));
    let cases = rows(&url, "SELECT external FROM cases ORDER BY external").await;
    assert_eq!(cases, ["F-2", "T-1013"]);
    bench.run(&["audit", "verify"]).exits(0);
}
