//! The floor: a bare server that checks the signature and writes what a click writes, with nothing in between.
//!
//! It decides nothing, reads nothing and keeps no order. Its rows are those that a real click wrote, in the same tables
//! with the same indices, under fresh keys, at the same durability. The second floor does the same with group commit,
//! to show how much of the distance to the floor is the sync alone.

use std::net::SocketAddr;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use subtle::ConstantTimeEq as _;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::load::signature;
use crate::rows::{Rows, Value};

/// How many waiting requests the second floor commits together.
const TOGETHER: usize = 64;
/// Connections to PostgreSQL, as many as the product's.
const CONNECTIONS: u32 = 16;

/// The connections of a floor.
#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Numbers that are new in each database of a run.
static FRESH: AtomicI64 = AtomicI64::new(1_000_000_000);

/// Runs the statements of one click in a transaction that the caller commits.
macro_rules! write_rows {
    ($tx:expr, $rows:expr) => {{
        let number = FRESH.fetch_add(1, Ordering::Relaxed);
        for (sql, values) in $rows.0.iter() {
            let mut query = sqlx::query(*sql);
            for value in values {
                query = match value {
                    Value::Int(value) => query.bind(*value),
                    Value::Text(value) => query.bind(value.as_deref()),
                    Value::Fresh(value) => query.bind(format!("{value}.{number}")),
                    Value::Number => query.bind(number),
                };
            }
            query.execute(&mut *$tx).await.unwrap();
        }
    }};
}

impl Pool {
    async fn open(url: &str) -> Self {
        if url.starts_with("sqlite") {
            let options = SqliteConnectOptions::from_str(url)
                .unwrap()
                .synchronous(SqliteSynchronous::Full);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .test_before_acquire(false)
                .connect_with(options);
            Self::Sqlite(pool.await.unwrap())
        } else {
            let options = PgConnectOptions::from_str(url).unwrap();
            let pool = PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .test_before_acquire(false)
                .connect_with(options);
            Self::Postgres(pool.await.unwrap())
        }
    }

    /// The rows of so many clicks in one commit.
    async fn write(&self, rows: &Rows, clicks: usize) {
        match self {
            Self::Sqlite(pool) => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                for _ in 0..clicks {
                    write_rows!(tx, rows);
                }
                tx.commit().await.unwrap();
            }
            Self::Postgres(pool) => {
                let mut tx = pool.begin().await.unwrap();
                for _ in 0..clicks {
                    write_rows!(tx, rows);
                }
                tx.commit().await.unwrap();
            }
        }
    }

    async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A running floor.
pub struct Floor {
    pub address: SocketAddr,
    pool: Pool,
    served: JoinHandle<()>,
}

#[derive(Clone)]
struct Parts {
    pool: Pool,
    rows: Rows,
    secret: String,
    /// Whoever commits what waits together; without it, each request commits its own.
    together: Option<mpsc::Sender<oneshot::Sender<()>>>,
}

impl Floor {
    /// Serves over a database of our schema.
    pub async fn start(url: &str, rows: Rows, secret: String, together: bool) -> Self {
        let pool = Pool::open(url).await;
        let together = together.then(|| committing(pool.clone(), rows.clone()));
        let parts = Parts {
            pool: pool.clone(),
            rows,
            secret,
            together,
        };
        let router = Router::new()
            .route("/slack/interactions", post(click))
            .with_state(parts);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            pool,
            served,
        }
    }

    /// Ends it.
    pub async fn end(self) {
        self.served.abort();
        drop(self.served.await);
        self.pool.close().await;
    }
}

async fn click(State(parts): State<Parts>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let expected = signature(&parts.secret, header("x-slack-request-timestamp"), &body);
    if !bool::from(
        expected
            .as_bytes()
            .ct_eq(header("x-slack-signature").as_bytes()),
    ) {
        return StatusCode::UNAUTHORIZED;
    }
    match &parts.together {
        None => parts.pool.write(&parts.rows, 1).await,
        Some(queue) => {
            let (committed, wait) = oneshot::channel();
            queue.send(committed).await.unwrap();
            wait.await.unwrap();
        }
    }
    StatusCode::OK
}

/// Commits whatever waits, together, for as long as anybody may come.
fn committing(pool: Pool, rows: Rows) -> mpsc::Sender<oneshot::Sender<()>> {
    let (queue, mut waiting) = mpsc::channel(1_024);
    tokio::spawn(async move {
        let mut group: Vec<oneshot::Sender<()>> = vec![];
        while waiting.recv_many(&mut group, TOGETHER).await > 0 {
            pool.write(&rows, group.len()).await;
            for one in group.drain(..) {
                one.send(()).unwrap();
            }
        }
    });
    queue
}
