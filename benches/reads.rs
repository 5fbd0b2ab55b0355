//! What people read, at a thousand and at a million cases: the same reads on two databases, in turns.

use std::hint::black_box;
use std::time::{Duration, Instant};

use countersign::domain::draft::ActionKind;
use countersign::domain::ids::{CaseId, RuleName, UserId};
use countersign::domain::time::At;
use countersign::store::{CaseFilter, CaseOrder, Page, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::database::Kind;
use crate::report::{Report, Spread, cells};

/// Closed cases of the small and of the large database.
const FEW: u64 = 1_000;
const MANY: u64 = 1_000_000;
/// Open cases of either, each with a question.
const OPEN: u64 = 300;
const ROUNDS: usize = 9;
const TIMES: u32 = 20;
const PAGE: Page = Page { skip: 0, most: 11 };

/// The reads, with the words for each.
const READS: [&str; 6] = [
    "status: what is open, and what the machine has to do",
    "queue: the first open cases by deadline",
    "mine: what waits for me and for my rules",
    "one case by its number",
    "similar decided cases, for a text of common words",
    "similar decided cases, for a text of rare words",
];

/// Measures on each database.
pub async fn measured(report: &mut Report) {
    report.part(
        "Reads that a person waits for",
        &format!(
            "Two databases with {OPEN} open cases each, the one with {FEW} closed cases and the other with {MANY}, their requests, decided \
             drafts, texts, commands and effects, written by SQL. Milliseconds, median over {ROUNDS} rounds of {TIMES} reads, warm; \
             the ratio is of the large one to the small one in the same round."
        ),
    );
    for kind in Kind::each() {
        let few = seeded(&kind, "few", FEW).await;
        let many = seeded(&kind, "many", MANY).await;
        let mut table = vec![cells(&[kind.name(), "at 1,000", "at 1,000,000", "ratio"])];
        for (which, words) in READS.iter().enumerate() {
            let (mut small, mut large) = (vec![], vec![]);
            for _ in 0..ROUNDS {
                small.push(timed(&few, which).await);
                large.push(timed(&many, which).await);
            }
            let ratio = Spread::of(large.iter().zip(&small).map(|(large, small)| large / small));
            table.push(vec![
                (*words).to_owned(),
                Spread::of(small).digits(2),
                Spread::of(large).digits(2),
                ratio.digits(2),
            ]);
        }
        report.table(&table);
        few.close().await;
        many.close().await;
        kind.remove("few").await;
        kind.remove("many").await;
    }
}

async fn timed(store: &Store, which: usize) -> f64 {
    read(store, which).await;
    let began = Instant::now();
    for _ in 0..TIMES {
        read(store, which).await;
    }
    began.elapsed().as_secs_f64() * 1_000.0 / f64::from(TIMES)
}

async fn read(store: &Store, which: usize) {
    let similar = async |words: &str| {
        let found = store
            .similar(words, ActionKind::Refund, &CaseId::new("none"), 3)
            .await
            .unwrap();
        assert_eq!(found.len(), 3);
        black_box(found);
    };
    match which {
        0 => {
            let open = store.queue_counts().await.unwrap();
            assert_eq!(open.stages.values().sum::<u64>(), OPEN);
            black_box(store.pending_counts(At(1_800_000_000_000)).await.unwrap());
            black_box(store.board().await.unwrap());
        }
        1 => {
            let filter = CaseFilter {
                open: true,
                order: CaseOrder::DueFirst,
                ..CaseFilter::default()
            };
            assert_eq!(store.cases(&filter, PAGE).await.unwrap().len(), 11);
        }
        2 => {
            let rules = [RuleName::new("billing_reviewers")];
            let me = UserId::new("U1");
            assert_eq!(
                store
                    .waiting_for(&rules, Some(&me), PAGE)
                    .await
                    .unwrap()
                    .len(),
                11
            );
        }
        3 => assert!(store.case_line(17).await.unwrap().is_some()),
        4 => {
            similar("seldom1 seldom2 refund charge invoice payment card customer wrong twice").await
        }
        _ => similar("seldom17 seldom444 seldom1023 seldom1999").await,
    }
}

/// A database with so many closed cases.
async fn seeded(kind: &Kind, name: &str, closed: u64) -> Store {
    let url = kind.fresh(name).await;
    Store::open(&url).await.unwrap().close().await;
    let began = Instant::now();
    let script = script(kind, closed);
    if matches!(kind, Kind::Sqlite(_)) {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(script))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(script))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
    let took: Duration = began.elapsed();
    eprintln!("{}: {closed} cases seeded in {took:?}", kind.name());
    Store::open(&url).await.unwrap()
}

/// Closed cases with numbers from 1, and open ones after them. Every tenth word of a text is one that most texts share.
fn script(kind: &Kind, closed: u64) -> String {
    let all = closed + OPEN;
    let (hex, end) = match kind {
        Kind::Sqlite(_) => ("printf('%064x', i)", "ANALYZE;"),
        Kind::Postgres(_) => ("lpad(to_hex(i), 64, '0')", "VACUUM ANALYZE;"),
    };
    let into = |table: &str, rows: &str, from: u64| {
        format!(
            "INSERT INTO {table} WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {all}) SELECT {rows} FROM n;\n"
        )
    };
    let state =
        |open: &str, done: &str| format!("CASE WHEN i > {closed} THEN {open} ELSE {done} END");
    let common = [
        "refund", "charge", "invoice", "payment", "card", "customer", "wrong", "twice",
    ];
    let shared: Vec<String> = (0..3)
        .map(|n| {
            let arms: Vec<String> = common
                .iter()
                .enumerate()
                .map(|(at, word)| format!("WHEN {at} THEN '{word}'"))
                .collect();
            format!(
                "CASE (i * {} + i / 7) % 8 {} END",
                2 * n + 1,
                arms.join(" ")
            )
        })
        .collect();
    let rare: Vec<String> = (1..6)
        .map(|n| format!("'seldom' || ((i * {} + {n}) % 2000)", 37 * n + 1))
        .collect();
    let words = format!(
        "{} || ' ' || {}",
        shared.join(" || ' ' || "),
        rare.join(" || ' ' || ")
    );
    let at = "1790000000000 + i";
    [
        "BEGIN;\n".to_owned(),
        into(
            "cases (case_id, number, stage, severity, category, queue, role, headline, waiting_on, taken_by, due_at, opened_at, changed_at, source, external)",
            &format!(
                "'c' || i, i, {}, 2, 'billing', 'general', {}, {hex}, 'billing_reviewers', NULL, {at}, {at}, {at}, 'helpdesk', 'T-' || i",
                state("CASE i % 3 WHEN 0 THEN 'with_role' ELSE 'waiting' END", "'done'"),
                state("'billing'", "NULL"),
            ),
            1,
        ),
        into("content (sealed, stream, kind, salt, text)", &format!("{hex}, 'c' || i, 'model_view', {hex}, {words}"), 1),
        into(
            "requests (request_id, case_id, rule, state, tier, action, batch_id, due_at, asked_at, changed_at)",
            &format!("'c' || i || '.r1', 'c' || i, 'billing_reviewers', {}, 'medium', 'refund', NULL, {at}, {at}, {at}", state("'pending'", "'approved'")),
            1,
        ),
        into("request_people (request_id, user_id)", "'c' || i || '.r1', 'U' || (i % 5)", 1),
        format!(
            "INSERT INTO examples (position, request_id, case_id, number, action, headline, proposed, outcome, words) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {closed}) \
             SELECT i, 'c' || i || '.r1', 'c' || i, i, 'refund', 'A refund', 'recommend a refund', 'approved', {words} FROM n;\n"
        ),
        into(
            "inbox (id, stream, key, origin, actor, at, body, status, answer)",
            &format!("'k' || i, 'c' || i, 'key' || i, {hex}, '{{}}', {at}, '{{}}', 'done', '{{}}'"),
            1,
        ),
        into(
            "outbox (id, stream, body, due_at, priority, coalesce_key, status, attempts)",
            &format!("'e' || i, 'c' || i, '{{}}', {at}, 1, 'card:' || i, {}, 1", state("'waiting'", "'done'")),
            1,
        ),
        "COMMIT;\n".to_owned(),
        end.to_owned(),
    ]
    .concat()
}
