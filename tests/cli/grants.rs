//! An owner and an application on PostgreSQL, set up word for word as `docs/OPERATING.md` says.

use countersign::sandbox::{Sandbox, SandboxConfig};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::bench::Bench;
use crate::postgres;
use crate::roles::sharing;
use crate::turning::{card, within};

const PAGE: &str = include_str!("../../docs/OPERATING.md");

/// The blocks after the heading of the page: what an administrator says to the server, and what the owner types.
fn blocks() -> (&'static str, &'static str) {
    let after = PAGE
        .split_once("### An owner and an application")
        .unwrap()
        .1;
    let mut blocks = after.split("```").skip(1).step_by(2);
    let statements = blocks.next().unwrap().strip_prefix("sql\n").unwrap();
    (statements, blocks.next().unwrap().trim())
}

/// The address of the database `countersign` on the same server, as a role with its password.
fn as_role(url: &str, role: &str) -> String {
    let address = postgres::with_database(url, "countersign");
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{role}@{host}")
}

/// What the database says to a statement, as a role.
async fn said(url: &str, statement: &str) -> Result<(), String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let statement = AssertSqlSafe(statement.to_owned());
    let said = sqlx::raw_sql(statement).execute(&mut connection).await;
    said.map(drop).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_works_and_can_only_add_to_the_journal() {
    let Some(spare) = postgres::database().await else {
        return;
    };
    let (statements, command) = blocks();
    for statement in statements.lines() {
        said(&spare.url, statement).await.unwrap();
    }
    let owner = as_role(&spare.url, "countersign_owner:one");
    let app = as_role(&spare.url, "countersign_app:another");

    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    sandbox.load_demo_books();
    let bench = sharing(&sandbox, &app);
    bench
        .run(&["serve"])
        .exits(2)
        .complains("let the owner of the database run `countersign database grant --to ROLE`");

    let words = command.replace(
        "postgres://countersign_owner:one@localhost/countersign",
        &owner,
    );
    let words: Vec<&str> = words.split(' ').skip(1).collect();
    bench
        .run(&words)
        .exits(0)
        .says("can only add to the journal");

    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    assert_eq!(
        sandbox.send_ticket(&sandbox.demo_tickets()[2]).await.status,
        202
    );
    card(&sandbox, "C0BILLING1").await;
    for forbidden in [
        "UPDATE journal SET at = 0",
        "UPDATE journal SET body = body",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TRIGGER journal_never_changes ON journal",
        "CREATE TRIGGER t BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()",
        "DROP TABLE journal",
        "SET session_replication_role = replica",
        "CREATE TABLE journal2 (id int)",
        "DELETE FROM _sqlx_migrations",
        "SET ROLE countersign_owner",
    ] {
        let error = said(&app, forbidden).await.expect_err(forbidden);
        let refused = error.contains("permission denied") || error.contains("must be owner");
        assert!(refused, "{forbidden}: {error}");
    }
    within("the case is worked off under that role", || {
        (!sandbox.writes().is_empty()).then_some(())
    })
    .await;
    assert_eq!(running.terminate().0, Some(0));
    let log = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert!(!log.contains("can disable what protects"), "{log}");
    bench.run(&["audit", "verify"]).exits(0);
    bench
        .run(&["check", "--live"])
        .exits(0)
        .says("is only ever added to");
    each_power_is_told(&bench, &owner).await;
    whoever_owns_it_is_told(&sandbox, &owner).await;
    said(&spare.url, "DROP DATABASE countersign WITH (FORCE)")
        .await
        .unwrap();
    said(&spare.url, "DROP ROLE countersign_app, countersign_owner")
        .await
        .unwrap();
    spare.drop().await;
}

/// What is granted to the application beyond adding to the journal is told by `check --live` until it is taken back.
async fn each_power_is_told(bench: &Bench, owner: &str) {
    for (right, told) in [
        ("UPDATE", "can change what is recorded"),
        ("UPDATE (at)", "can change what is recorded"),
        ("DELETE", "can delete what is recorded"),
        ("TRUNCATE", "can empty the journal"),
        ("TRIGGER", "can put triggers on the journal"),
    ] {
        let grant = format!("GRANT {right} ON journal TO countersign_app");
        said(owner, &grant).await.unwrap();
        bench.run(&["check", "--live"]).exits(0).says(told);
        let revoke = format!("REVOKE {right} ON journal FROM countersign_app");
        said(owner, &revoke).await.unwrap();
    }
    bench
        .run(&["check", "--live"])
        .exits(0)
        .says("is only ever added to");
}

/// The control: the owner can do it all, is told so, and is no role to grant to.
async fn whoever_owns_it_is_told(sandbox: &Sandbox, owner: &str) {
    said(
        owner,
        "BEGIN; ALTER TABLE journal DISABLE TRIGGER ALL; UPDATE journal SET at = at; ROLLBACK",
    )
    .await
    .unwrap();
    let bench = sharing(sandbox, owner);
    bench
        .run(&["check", "--live"])
        .exits(0)
        .says("the database role `countersign_owner` can disable what protects the journal");
    let running = bench.start(&["serve"], "listens on");
    assert_eq!(running.terminate().0, Some(0));
    let log = std::fs::read_to_string(bench.path("errors.txt")).unwrap();
    assert!(
        log.contains("can disable what protects the journal"),
        "{log}"
    );
    let grant = |role| ["database", "grant", "--to", role, "--database", owner];
    bench
        .run(&grant("countersign_owner"))
        .exits(2)
        .complains("name another one");
    bench
        .run(&grant("nobody_at_all"))
        .exits(2)
        .complains("there is no role `nobody_at_all`");
}

#[test]
fn a_file_has_no_roles() {
    let bench = Bench::new();
    bench
        .run(&["database", "grant", "--to", "x", "--database", "a.db"])
        .exits(2)
        .complains("a SQLite file has no roles");
}
