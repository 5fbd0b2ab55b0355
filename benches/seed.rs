//! Databases with many cases, written by SQL: lists, texts, commands, effects, and a journal that verifies and folds.

use std::time::{Duration, Instant};

use countersign::domain::case::Stage;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::content::{Content, ContentKind, Sealed};
use countersign::domain::digest::Digest;
use countersign::domain::ids::{CaseId, CommandId, SourceName, StreamId};
use countersign::domain::journal::{Link, genesis};
use countersign::domain::person::Actor;
use countersign::domain::ticket::{Requester, Ticket};
use countersign::domain::time::At;
use countersign::store::Store;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::database::Kind;

/// Closed cases of the small and of the large database.
pub const FEW: u64 = 1_000;
pub const MANY: u64 = 1_000_000;
/// Open cases of either, each with a question.
pub const OPEN: u64 = 300;
/// How many cases one statement writes the journals of.
const CASES: u64 = 2_000;

const JOURNAL: &str = "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash) \
     SELECT value->>0, CAST(value->>1 AS bigint), CAST(value->>2 AS bigint), value->>3, value->>4, value->>5, \
     value->>6, value->>7, value->>8 FROM ";
const CONTENT: &str = "INSERT INTO content (sealed, stream, kind, salt, text) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM ";

/// Writes the rows of so many cases over a connection, from lists of them as JSON.
macro_rules! by_json {
    ($connection:expr, $into:expr, $cases:expr, $rows_of:expr, $list:literal) => {{
        let sql = format!("{}{}", $into, $list);
        let mut tx = $connection.begin().await.unwrap();
        for first in (1..=$cases).step_by(CASES as usize) {
            let cases = first..=$cases.min(first + CASES - 1);
            let rows: Vec<Value> = cases.flat_map($rows_of).collect();
            let sql = AssertSqlSafe(sql.clone());
            let written = sqlx::query(sql).bind(Value::Array(rows).to_string());
            written.execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }};
}

/// The row of a case's redacted text: three words that many texts share, and five that few do.
fn content(number: u64) -> Vec<Value> {
    let common = [
        "refund", "charge", "invoice", "payment", "card", "customer", "wrong", "twice",
    ];
    let shared =
        (0..3).map(|n| common[((number * (2 * n + 1) + number / 7) % 8) as usize].to_owned());
    let rare = (1..6).map(|n| format!("seldom{}", (number * (37 * n + 1) + n) % 2_000));
    let text = shared.chain(rare).collect::<Vec<_>>().join(" ");
    let mut salt = [0; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    let content = Content::seal(ContentKind::ModelView, salt, &text);
    let stream = format!("c{number}");
    let (sealed, salt) = (content.sealed.0.to_string(), content.salt.to_string());
    vec![json!([
        sealed,
        stream,
        content.kind.word(),
        salt,
        content.text
    ])]
}

/// The rows of a case that came in and that nobody could go on with: it is done, and as short as a case can be.
fn journal(number: u64) -> Vec<Value> {
    let stream = StreamId::new(format!("c{number}"));
    let sealed = Sealed(genesis());
    let at = At(1_790_000_000_000 + i64::try_from(number).unwrap());
    let ticket = Ticket {
        source: SourceName::new("helpdesk"),
        external: format!("T-{number}"),
        desk: SourceName::new("helpdesk"),
        requester: Requester {
            who: sealed,
            has_email: true,
            verified: true,
            author: None,
        },
        subject: sealed,
        body: sealed,
        queue: None,
        url: None,
        thread: None,
        received_at: at,
    };
    let why = "the database was seeded".to_owned();
    let events = [
        CaseEvent::TicketReceived { number, ticket },
        CaseEvent::HumanNeeded { why },
    ];
    let actor = serde_json_canonicalizer::to_string(&Actor::Countersign).unwrap();
    let cause = CommandId::new(format!("k{number}"));
    let mut prev = genesis();
    let mut rows = vec![];
    for (seq, event) in (1..).zip(events) {
        let body = serde_json_canonicalizer::to_string(&event).unwrap();
        let link = Link {
            stream: &stream,
            seq,
            at,
            actor: &actor,
            cause: &cause,
            body: &body,
        };
        let hash: Digest = link.hash(&prev);
        let kind = ["ticket_received", "human_needed"][rows.len()];
        let (stream, cause) = (stream.as_str(), cause.as_str());
        rows.push(json!([
            stream,
            seq,
            at.0,
            actor,
            cause,
            kind,
            body,
            prev.to_string(),
            hash.to_string()
        ]));
        prev = hash;
    }
    rows
}

/// A database with so many closed cases.
///
/// # Panics
/// When what was written does not verify, or does not fold to what the lists say.
pub async fn seeded(kind: &Kind, name: &str, closed: u64) -> String {
    let url = kind.fresh(name).await;
    Store::open(&url).await.unwrap().close().await;
    let began = Instant::now();
    let script = script(kind, closed);
    if matches!(kind, Kind::Sqlite(_)) {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        by_json!(connection, JOURNAL, closed, journal, "json_each($1)");
        by_json!(connection, CONTENT, closed + OPEN, content, "json_each($1)");
        for part in script {
            let part = sqlx::raw_sql(AssertSqlSafe(part));
            part.execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        by_json!(
            connection,
            JOURNAL,
            closed,
            journal,
            "json_array_elements(CAST($1 AS json))"
        );
        by_json!(
            connection,
            CONTENT,
            closed + OPEN,
            content,
            "json_array_elements(CAST($1 AS json))"
        );
        for part in script {
            let part = sqlx::raw_sql(AssertSqlSafe(part));
            part.execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    }
    let took: Duration = began.elapsed();
    eprintln!("{}: {closed} cases seeded in {took:?}", kind.name());
    let store = Store::open(&url).await.unwrap();
    let last = store
        .case(&CaseId::new(format!("c{closed}")))
        .await
        .unwrap();
    assert_eq!(last.unwrap().stage(), Stage::Done);
    let found = store.verify(&mut |_| {}).await.unwrap();
    assert_eq!(found.first_bad, None);
    assert_eq!(found.rows, 2 * closed);
    store.close().await;
    url
}

/// Closed cases with numbers from 1, and open ones after them, whose texts are there.
fn script(kind: &Kind, closed: u64) -> [String; 2] {
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
    let text = "(SELECT text FROM content WHERE stream = 'c' || i)";
    let at = "1790000000000 + i";
    let rows = [
        "BEGIN;\n".to_owned(),
        into(
            "cases (case_id, number, stage, severity, category, queue, role, headline, waiting_on, taken_by, due_at, opened_at, changed_at, source, external)",
            &format!(
                "'c' || i, i, {}, 2, 'refund_request', 'billing', {}, (SELECT sealed FROM content WHERE stream = 'c' || i), 'billing_reviewers', NULL, {at}, {at}, {at}, 'helpdesk', 'T-' || i",
                state("CASE i % 3 WHEN 0 THEN 'with_role' ELSE 'waiting' END", "'done'"),
                state("'billing'", "NULL"),
            ),
            1,
        ),
        into(
            "requests (request_id, case_id, rule, state, tier, action, batch_id, due_at, asked_at, changed_at)",
            &format!("'c' || i || '.r1', 'c' || i, 'billing_reviewers', {}, 'medium', 'refund', NULL, {at}, {at}, {at}", state("'pending'", "'approved'")),
            1,
        ),
        into("request_people (request_id, user_id)", "'c' || i || '.r1', 'U' || (i % 5)", 1),
        format!(
            "INSERT INTO examples (position, request_id, case_id, number, action, headline, proposed, outcome, words) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {closed}) \
             SELECT i, 'c' || i || '.r1', 'c' || i, i, 'refund', 'A refund', 'recommend a refund', 'approved', {text} FROM n;\n"
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
    ]
    .concat();
    // Nothing else may stand beside what makes PostgreSQL look at its tables.
    [rows, end.to_owned()]
}
