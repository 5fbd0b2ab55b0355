//! The steps of the schema: released ones never change, no step loses anything, and each keeps what was there.

use std::path::Path;

use countersign::domain::digest::Digest;
use countersign::store::Store;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection as _, PgConnection, SqlSafeStr as _, SqliteConnection};

use crate::bed::{Bed, on_each_untouched};

/// Every released step with the digests of its two texts. To add a step is to add a line; no line is ever changed.
const RELEASED: &[(&str, &str, &str)] = &[
    (
        "0001_journal.sql",
        "f211806298ed4d54468ec5d9efd8d1f09638076371f5429121dc508724fea888",
        "7de64146ccd034f1afa8a48267e61176ffe8fe968b2070384d8c9a9bb313a4f4",
    ),
    (
        "0002_ring.sql",
        "6bd4384c758dca09e8a62bc89b9aac5fe8b9df40d91f32818803742f3f016804",
        "2ff3f17ef18178f3efd81599de65da395a81a1b4c4827cbc90f0d76faeca6c61",
    ),
    (
        "0003_projections.sql",
        "193577a0071939c7972668316b8a0a031d840f3067070a0986946297b314ebcc",
        "a142d8779b7fea2a3d39824091e01873fad66fe16f337610e7f42d6a0da9948a",
    ),
    (
        "0004_departures.sql",
        "7838f98030c3c9b46ac353461323949e3559d6247a26675a1792d3186b734386",
        "3beb109b50b46a9d544ad7de2a1a071aed25271d3006ca8ac64bbc8c0feb5791",
    ),
    (
        "0005_places.sql",
        "5d53ec30c62883f580e9f5fe1b2b9b772a148cd28a26e939409381e1a65295ce",
        "a4f885bedaeecd02a3f2c194013c05bc6b8efb027c1979ad53245ced17993328",
    ),
];

/// What may stand in no step: it loses what was there, changes the past, or asks the database for the time or for luck.
const NEVER: &[&str] = &[
    "drop table",
    "drop column",
    "drop trigger",
    "truncate table",
    "delete from",
    "rename",
    "alter table journal",
    "update journal",
    "disable trigger",
    "now()",
    "current_timestamp",
    "random()",
    "if not exists",
];

/// A row or more for each table that a step made, in the words of both databases.
const SAMPLES: &[&str] = &[
    "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash) VALUES \
     ('case.x', 1, 7, 'a', 'k1', 'opened', '{}', '0000000000000000000000000000000000000000000000000000000000000000', \
     '1111111111111111111111111111111111111111111111111111111111111111')",
    "INSERT INTO inbox (id, stream, key, origin, actor, at, body) VALUES ('k1', 'case.x', 'key', 'o', 'a', 7, '{}'); \
     INSERT INTO outbox (id, stream, body, due_at, priority, coalesce_key) VALUES \
     ('e1', 'case.x', '{\"case\":\"x\",\"effect\":{\"effect\":\"triage\",\"revision\":1},\"of\":\"case\"}', 8, 2, NULL), \
     ('e2', 'case.x', '{\"case\":\"x\",\"effect\":{\"card\":\"c\",\"effect\":\"card\"},\"of\":\"case\"}', 8, 2, 'card:c'); \
     INSERT INTO counters (name, value) VALUES ('case', 41); INSERT INTO memos (name, value, at) VALUES ('m', 'v', 7); \
     INSERT INTO policies (digest, documents, first_seen_at) VALUES ('d', '{}', 7); \
     INSERT INTO content (sealed, stream, kind, salt, text) VALUES ('s', 'case.x', 'k', '00', 'words')",
    "INSERT INTO views (view_id, card_id, case_id, subject, digest, rendering, surface, at) VALUES ('v', 'c', 'x', 's', 'd', 'r', 'u', 7); \
     INSERT INTO cards (card_id, stream, channel, ts, updated_at) VALUES ('c', 'case.x', 'C1', '1.0', 7); \
     INSERT INTO cases (case_id, number, stage, opened_at, changed_at, source, external) VALUES ('x', 41, 'waiting', 7, 8, 'h', 'T-1'); \
     INSERT INTO requests (request_id, case_id, rule, state, tier, action, due_at, asked_at, changed_at) VALUES \
     ('r', 'x', 'lead', 'pending', 'low', 'refund', 9, 7, 7); \
     INSERT INTO request_people (request_id, user_id) VALUES ('r', 'U1'); \
     INSERT INTO examples (position, request_id, case_id, number, action, headline, proposed, outcome, words) VALUES \
     (1, 'r', 'x', 41, 'refund', 'h', 'p', 'approved', 'money back')",
    "INSERT INTO departures (position, at, queue) VALUES (1, 7, 'vip')",
];

/// The tables that each step made, with columns that tell the samples apart.
const TABLES: &[&[(&str, &str)]] = &[
    &[("journal", "stream || seq || hash || body")],
    &[
        ("inbox", "id || key || status"),
        ("outbox", "id || body || due_at || status"),
        ("counters", "name || value"),
        ("memos", "name || value || at"),
        ("policies", "digest || documents"),
        ("content", "sealed || kind || text"),
    ],
    &[
        ("views", "view_id || rendering"),
        ("cards", "card_id || channel || ts"),
        ("cases", "case_id || number || stage"),
        ("requests", "request_id || state || due_at"),
        ("request_people", "request_id || user_id"),
        ("examples", "request_id || words || outcome"),
    ],
    &[("departures", "position || queue")],
];

fn folder(dialect: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("migrations/{dialect}"))
}

fn text(dialect: &str, file: &str) -> String {
    std::fs::read_to_string(folder(dialect).join(file)).unwrap()
}

/// What a step says that it must not.
fn faults(step: &str) -> Vec<&'static str> {
    let said: Vec<&str> = step
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(said, _)| said))
        .collect();
    let said = said.join(" ").to_lowercase();
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    let never = NEVER.iter().filter(|never| said.contains(**never));
    never.copied().collect()
}

#[test]
fn a_released_step_is_never_changed_and_every_step_is_released() {
    for (dialect, of) in [("sqlite", 0), ("postgres", 1)] {
        for (n, (file, sqlite, postgres)) in RELEASED.iter().enumerate() {
            assert!(file.starts_with(&format!("{:04}_", n + 1)), "{file}");
            let digest = Digest::of(text(dialect, file).as_bytes()).to_string();
            assert_eq!(digest, [*sqlite, *postgres][of], "{dialect}/{file}");
        }
        let mut there: Vec<String> = std::fs::read_dir(folder(dialect))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let released: Vec<&str> = RELEASED.iter().map(|step| step.0).collect();
        assert_eq!(there, released, "{dialect}");
    }
}

#[test]
fn no_step_loses_anything_or_changes_the_past() {
    for (file, ..) in RELEASED {
        for dialect in ["sqlite", "postgres"] {
            assert_eq!(faults(&text(dialect, file)), [""; 0], "{dialect}/{file}");
        }
    }
    for (bad, fault) in [
        ("DROP   TABLE\ncases;", "drop table"),
        ("UPDATE journal SET at = 1", "update journal"),
        ("ALTER TABLE cases DROP COLUMN role", "drop column"),
        ("SELECT now()", "now()"),
    ] {
        assert_eq!(faults(bad), [fault], "{bad}");
    }
    assert_eq!(faults("-- drop table\nSELECT 1"), [""; 0]);
}

/// Takes the first steps only, as an older version did.
async fn older(bed: &Bed, steps: usize) {
    let dialect = if bed.is_sqlite() {
        "sqlite"
    } else {
        "postgres"
    };
    let taken = RELEASED[..steps]
        .iter()
        .zip(1..)
        .map(|((file, ..), number)| {
            let name = file[5..].trim_end_matches(".sql").to_owned();
            let step = sqlx::AssertSqlSafe(text(dialect, file)).into_sql_str();
            Migration::new(number, name.into(), MigrationType::Simple, step, false)
        });
    let migrator = Migrator::with_migrations(taken.collect());
    if bed.is_sqlite() {
        let mut open = SqliteConnection::connect(&bed.url).await.unwrap();
        migrator.run(&mut open).await.unwrap();
        open.close().await.unwrap();
    } else {
        let mut open = PgConnection::connect(&bed.url).await.unwrap();
        migrator.run(&mut open).await.unwrap();
        open.close().await.unwrap();
    }
}

/// Everything that was put there, table by table.
async fn kept(bed: &Bed, steps: usize) -> Vec<Vec<String>> {
    let mut kept = vec![];
    for (table, columns) in TABLES.iter().take(steps).copied().flatten() {
        kept.push(bed.rows(table, &[columns]).await);
    }
    kept
}

#[tokio::test]
async fn every_step_keeps_what_older_versions_stored() {
    for steps in 1..RELEASED.len() {
        on_each_untouched(async |bed| {
            older(bed, steps).await;
            for sample in SAMPLES.iter().take(steps) {
                bed.behind(sample).await.unwrap();
            }
            let before = kept(bed, steps).await;
            assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
            let store = Store::open(&bed.url).await.unwrap();
            assert_eq!(kept(bed, steps).await, before, "from step {steps}");
            store.close().await;
            if steps > 1 {
                let places = bed.rows("outbox", &["id", "outward"]).await;
                assert_eq!(places, ["e1|1", "e2|0"], "a call of a model takes a place");
            }
        })
        .await;
    }
}
