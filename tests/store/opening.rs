//! Opening: what is somebody else's is left alone, and whoever only reads writes nothing.

use countersign::store::{Store, StoreError};

use crate::bed::{Bed, on_each};

/// What is said about a database that is not taken.
async fn refused(opened: Result<Store, StoreError>) -> String {
    match opened.err() {
        Some(StoreError::Refused { why }) => why,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// A fresh database with these statements run on it, before any store sees it.
async fn on_each_fresh(statements: &'static str, test: impl AsyncFn(&Bed)) {
    crate::bed::on_each_untouched(async |bed: &Bed| {
        if !statements.is_empty() {
            bed.behind(statements).await.unwrap();
        }
        test(bed).await;
    })
    .await;
}

#[tokio::test]
async fn a_database_of_somebody_else_is_refused_and_left_as_it_was() {
    let theirs = "CREATE TABLE invoices (id INTEGER); INSERT INTO invoices VALUES (7)";
    on_each_fresh(theirs, async |bed| {
        let before = bed.file();
        for opened in [
            Store::open(&bed.url).await,
            Store::open_to_read(&bed.url).await,
        ] {
            let why = refused(opened).await;
            assert!(
                why.contains("`invoices`") && why.contains("name another"),
                "{why}"
            );
        }
        assert_eq!(bed.file(), before, "not a byte was changed");
        assert_eq!(bed.rows("invoices", &["id"]).await, ["7"]);
        assert!(bed.behind("SELECT 1 FROM journal").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_migrations_of_another_program_are_not_taken_for_ours() {
    on_each(async |bed| {
        bed.behind("UPDATE _sqlx_migrations SET version = 20250101000000 WHERE version = 1")
            .await
            .unwrap();
        let why = refused(Store::open(&bed.url).await).await;
        assert!(why.contains("belongs to something else"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn a_newer_schema_is_refused_by_writers_and_readers() {
    on_each(async |bed| {
        bed.behind("UPDATE _sqlx_migrations SET version = 9000 WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
            .await
            .unwrap();
        for opened in [
            Store::open(&bed.url).await,
            Store::open_to_read(&bed.url).await,
        ] {
            let why = refused(opened).await;
            assert!(why.contains("newer Countersign (schema step 9000)"), "{why}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_schema_is_told_to_readers_and_brought_up_to_date_by_writers() {
    on_each(async |bed| {
        let back = "DROP TABLE departures; DROP INDEX outbox_places; ALTER TABLE outbox DROP COLUMN outward; \
                    DELETE FROM _sqlx_migrations WHERE version > 3";
        bed.behind(back).await.unwrap();
        let why = refused(Store::open_to_read(&bed.url).await).await;
        assert!(
            why.contains("older Countersign") && why.contains("serve"),
            "{why}"
        );
        assert_eq!(bed.rows("_sqlx_migrations", &["version"]).await.len(), 3);
        bed.another().await.close().await;
        assert_eq!(bed.rows("_sqlx_migrations", &["version"]).await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_reader_reads_and_cannot_write() {
    on_each(async |bed| {
        let reader = Store::open_to_read(&bed.url).await.unwrap();
        assert_eq!(reader.board().await.unwrap().policy, None);
        let written = reader
            .remember("a", "b", countersign::domain::time::At(1))
            .await;
        assert!(written.is_err(), "a reader wrote");
        reader.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_database_is_told_to_readers_and_stays_empty() {
    on_each_fresh("", async |bed| {
        let why = refused(Store::open_to_read(&bed.url).await).await;
        assert!(why.contains("holds nothing of Countersign's yet"), "{why}");
        assert!(bed.behind("SELECT 1 FROM journal").await.is_err());
    })
    .await;
}
