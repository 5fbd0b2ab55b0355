//! `serve --role`: one process takes in, another works, on one PostgreSQL; a SQLite file has one process.

use countersign::sandbox::{Pick, Sandbox, SandboxConfig};

use crate::bench::Bench;
use crate::full::asked;
use crate::postgres;
use crate::rows::rows;
use crate::turning::{card, within};

const BILLING: &str = "C0BILLING1";

/// A bench whose process shares a sandbox and a database with others.
pub fn sharing(sandbox: &Sandbox, database: &str) -> Bench {
    let mut bench = Bench::new();
    bench.point_at(sandbox);
    bench.set("COUNTERSIGN_DATABASE_URL", database);
    bench
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_is_not_split_between_roles() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    for role in ["web", "worker"] {
        bench
            .run(&["serve", "--role", role])
            .exits(2)
            .complains("a SQLite file takes one process")
            .complains("leave --role out");
    }
    assert!(!bench.path("countersign.db").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_takes_in_and_another_decides_and_sends() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    sandbox.load_demo_books();
    let bench = sharing(&sandbox, &database.url);
    let web = bench.start(&["serve", "--role", "web"], "listens on");
    sandbox.set_bot_url(&web.address()).unwrap();

    let ticket = &sandbox.demo_tickets()[2];
    assert_eq!(sandbox.send_ticket(ticket).await.status, 202);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(asked(&web.address(), path).await.0, 200, "{path}");
    }
    let waiting = "SELECT id FROM inbox WHERE status = 'pending'";
    let undecided = async || rows(&database.url, waiting).await.len();
    assert_eq!(undecided().await, 1, "nobody works on what came in");

    let other = sharing(&sandbox, &database.url);
    let worker = other.start(&["serve", "--role", "worker"], "listens on");
    let ts = card(&sandbox, BILLING).await;
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/slack/interactions", 404),
        ("/intake/helpdesk", 404),
    ] {
        assert_eq!(asked(&worker.address(), path).await.0, status, "{path}");
    }

    let pick = Pick::action("cs.approve.");
    let click = sandbox.click("U0BILL0001", BILLING, &ts, pick).await;
    assert_eq!(click.unwrap().status, 200);
    within("the decision of the worker is told", || {
        let told = sandbox.messages(BILLING).into_iter();
        told.filter(|message| message.ephemeral_for.as_deref() == Some("U0BILL0001"))
            .any(|message| message.blocks.to_string().contains("is recorded"))
            .then_some(())
    })
    .await;
    assert_eq!(worker.terminate().0, Some(0));
    assert_eq!(web.terminate().0, Some(0));
    let story = bench.run(&["case", "story", "1"]).exits(0).out;
    assert_eq!(story.matches("(U0BILL0001) approved").count(), 1, "{story}");
    database.drop().await;
}
