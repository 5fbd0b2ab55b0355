//! `countersign audit verify`, on a whole record and on one that somebody changed.

use crate::bench::Bench;

const DATABASE: &str = ".countersign/rehearsal.db";

#[tokio::test]
async fn a_changed_row_is_named_and_the_answer_is_no() {
    let bench = Bench::new();
    bench.run(&["run", "examples/tickets/refund.json"]).exits(0);
    let verify = ["audit", "verify", "--database", DATABASE];
    bench.run(&verify).exits(0).says("The record is whole");

    let file = bench.path(DATABASE);
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    for change in [
        "drop trigger journal_never_changes",
        "update journal set body = replace(body, 'refund_request', 'question') where kind = 'triaged'",
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    pool.close().await;
    bench
        .run(&verify)
        .exits(1)
        .says("NOT whole")
        .says("The first bad row is");
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let bench = Bench::new();
    for arguments in [&["audit", "verify"][..], &["case", "list"]] {
        bench
            .run(arguments)
            .exits(2)
            .complains("there is no database at countersign.db");
    }
    assert!(!bench.path("countersign.db").exists());
}
