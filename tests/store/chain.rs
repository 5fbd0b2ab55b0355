//! The journal: append-only, chained, and verified against what is really in the rows.

use countersign::domain::approval::Verb;
use countersign::domain::ids::StreamId;
use countersign::domain::journal::genesis;

use crate::bed::{Bed, on_each};
use crate::life::Life;

async fn first_bad(bed: &Bed) -> Option<String> {
    let found = bed.store.verify(&mut |_| {}).await.unwrap();
    found
        .first_bad
        .map(|bad| format!("{}: {}", bad.row, bad.why))
}

/// Takes the triggers away, as somebody with the database in hand would.
async fn unguard(bed: &Bed) {
    let drops = if bed.is_sqlite() {
        "DROP TRIGGER journal_never_changes; DROP TRIGGER journal_never_forgets; DROP TRIGGER journal_never_replaces"
    } else {
        "DROP TRIGGER journal_never_changes ON journal; DROP TRIGGER journal_never_empties ON journal"
    };
    bed.behind(drops).await.unwrap();
}

#[tokio::test]
async fn each_event_is_linked_to_the_one_before_it() {
    on_each(async |bed| {
        let life = Life::of(1, "My reports are empty since Monday");
        life.live_all(&bed.store, Verb::Approve).await;
        let events = bed.store.events(&life.id.stream()).await.unwrap();
        let mut before = genesis();
        for (n, event) in events.iter().enumerate() {
            assert_eq!(event.seq, n as u64 + 1);
            assert_eq!(event.prev, before);
            before = event.hash;
        }
        assert_eq!(events.len(), 13);
        let found = bed.store.verify(&mut |_| {}).await.unwrap();
        assert_eq!((found.rows, found.streams, found.texts), (13, 1, 1));
        assert_eq!(found.first_bad, None);
    })
    .await;
}

#[tokio::test]
async fn a_recorded_event_is_neither_changed_nor_deleted() {
    on_each(async |bed| {
        Life::of(1, "one").live_all(&bed.store, Verb::Approve).await;
        let mut attacks = vec!["UPDATE journal SET body = '{}' WHERE seq = 1", "DELETE FROM journal WHERE seq = 13"];
        if bed.is_sqlite() {
            attacks.push("INSERT OR REPLACE INTO journal SELECT position, stream, seq, 0, actor, cause, kind, body, prev_hash, hash FROM journal");
        } else {
            attacks.push("TRUNCATE journal");
        }
        for attack in attacks {
            let said = bed.behind(attack).await.unwrap_err();
            assert!(said.contains("the journal is append-only"), "{attack}: {said}");
        }
        assert_eq!(first_bad(bed).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_changed_row_is_found_and_named() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        unguard(bed).await;
        bed.behind("UPDATE journal SET body = replace(body, 'batch_reviewers', 'everybody_there') WHERE seq = 6").await.unwrap();
        let bad = first_bad(bed).await.unwrap();
        assert_eq!(bad, format!("journal row {}/6: its content does not give its hash", life.id));
    })
    .await;
}

#[tokio::test]
async fn every_column_that_says_something_is_covered() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        unguard(bed).await;
        for (column, other) in [
            ("at", "at + 1"),
            ("actor", "'{\"by\":\"source\",\"name\":\"x\"}'"),
            ("cause", "'another'"),
            ("kind", "'decided'"),
            ("prev_hash", "hash"),
            ("hash", "prev_hash"),
        ] {
            bed.behind("CREATE TABLE kept AS SELECT * FROM journal").await.unwrap();
            bed.behind(&format!("UPDATE journal SET {column} = {other} WHERE seq = 2")).await.unwrap();
            let bad = first_bad(bed).await.unwrap_or_default();
            assert!(bad.starts_with(&format!("journal row {}/2: ", life.id)), "{column}: {bad}");
            let back = format!("UPDATE journal SET {column} = (SELECT {column} FROM kept WHERE seq = 2) WHERE seq = 2");
            bed.behind(&back).await.unwrap();
            bed.behind("DROP TABLE kept").await.unwrap();
            assert_eq!(first_bad(bed).await, None, "{column}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_row_and_a_changed_text_are_found() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        bed.behind("UPDATE content SET text = 'another text'")
            .await
            .unwrap();
        let bad = first_bad(bed).await.unwrap();
        assert!(bad.contains("does not answer the commitment"), "{bad}");
        unguard(bed).await;
        bed.behind("DELETE FROM journal WHERE seq = 4")
            .await
            .unwrap();
        let bad = first_bad(bed).await.unwrap();
        assert_eq!(
            bad,
            format!("journal row {}/5: the row before it is missing", life.id)
        );
    })
    .await;
}

#[tokio::test]
async fn an_erased_text_leaves_verification_green() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        bed.behind("UPDATE content SET text = NULL, erased_at = 5")
            .await
            .unwrap();
        assert_eq!(first_bad(bed).await, None);
        assert_eq!(bed.store.content(&life.view.sealed).await.unwrap(), None);
        assert!(bed.store.case(&life.id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_row_that_does_not_read_is_named() {
    on_each(async |bed| {
        let life = Life::of(1, "one");
        life.live_all(&bed.store, Verb::Approve).await;
        unguard(bed).await;
        bed.behind("UPDATE journal SET body = '{\"event\":\"never_heard_of\"}' WHERE seq = 3")
            .await
            .unwrap();
        let said = bed.store.case(&life.id).await.unwrap_err().to_string();
        assert!(
            said.starts_with(&format!("journal row {}/3 cannot be read", life.id)),
            "{said}"
        );
        assert!(
            bed.store
                .events(&StreamId::board())
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}
