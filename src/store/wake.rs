//! Who hears of a commit: whoever waits in this process, and on PostgreSQL in every other one on the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::error::StoreError;

/// The channel of `LISTEN` and `NOTIFY`. What is told is the listener that it need not reach: the teller's own.
const CHANNEL: &str = "countersign_commits";
/// The pause before listening again after the database did not answer. Workers look at intervals meanwhile.
const PAUSE: Duration = Duration::from_secs(1);
/// How long opening and closing wait for the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// A watch on commits: made before one looks for work, it never misses a commit of this process after that.
pub struct Woken(watch::Receiver<u64>);

impl Woken {
    /// Waits for a commit that happened since this watch was made or last waited.
    ///
    /// Commits of other processes wake it on PostgreSQL, while the connection that listens stands. What must not be
    /// missed is looked for at intervals as well.
    pub async fn wait(&mut self) {
        if self.0.changed().await.is_err() {
            // The store is gone: nothing will ever wake this again.
            std::future::pending::<()>().await;
        }
    }
}

/// The commits of this process, for those who wait here and for those who have to be told elsewhere.
#[derive(Default)]
pub(super) struct Bell {
    heard: watch::Sender<u64>,
    rung: AtomicU64,
    told: AtomicU64,
    untold: Notify,
}

impl Bell {
    pub(super) fn woken(&self) -> Woken {
        Woken(self.heard.subscribe())
    }

    /// Something was committed here.
    pub(super) fn ring(&self) {
        self.rung.fetch_add(1, Ordering::Relaxed);
        self.untold.notify_one();
        self.hear();
    }

    /// Something was committed, here or elsewhere.
    fn hear(&self) {
        self.heard
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells the other processes of every commit so far, however many, in one notice.
    ///
    /// It is a statement of its own after the commit: a `NOTIFY` inside would make all commits of the database wait
    /// for each other (`docs/adr/0019`).
    async fn tell(&self, pool: &PgPool, name: &str) -> Result<(), StoreError> {
        let rung = self.rung.load(Ordering::Relaxed);
        if self.told.load(Ordering::Relaxed) == rung {
            return Ok(());
        }
        let notice = sqlx::query("SELECT pg_notify($1, $2)");
        notice.bind(CHANNEL).bind(name).execute(pool).await?;
        self.told.store(rung, Ordering::Relaxed);
        Ok(())
    }
}

/// The line to the other processes on one PostgreSQL. It is cut when this is dropped.
pub(super) struct Line {
    pool: PgPool,
    /// What this process is called in its own notices, which it does not need to hear.
    name: String,
    tasks: JoinSet<()>,
}

impl Line {
    /// Begins to listen on a connection of its own, and to tell on the connections of the store.
    pub(super) async fn lay(pool: &PgPool, bell: &Arc<Bell>) -> Result<Self, StoreError> {
        let own = alone(pool.connect_options().as_ref().clone());
        // A backend and the moment are one of a kind on a server, whichever machine asks.
        let name = "SELECT pg_backend_pid() || '.' || extract(epoch FROM clock_timestamp())";
        let name: String = sqlx::query_scalar(name).fetch_one(pool).await?;
        let listener = listening(&own).await?;
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, own, Arc::clone(bell), name.clone()));
        tasks.spawn(tell(pool.clone(), Arc::clone(bell), name.clone()));
        Ok(Self {
            pool: pool.clone(),
            name,
            tasks,
        })
    }

    /// Tells what is untold, and cuts the line.
    pub(super) async fn cut(&mut self, bell: &Bell) {
        self.tasks.shutdown().await;
        let told = tokio::time::timeout(PATIENCE, bell.tell(&self.pool, &self.name)).await;
        if !matches!(told, Ok(Ok(()))) {
            tracing::debug!(
                "the last commits were told to nobody; others find them when they look"
            );
        }
    }
}

fn alone(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.application_name("countersign listener"))
}

async fn listening(own: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(own).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Hears the others until the line is cut. A connection that was lost is made again, and what may have been missed
/// meanwhile is looked for.
async fn listen(mut listener: PgListener, own: PgPool, bell: Arc<Bell>, name: String) {
    loop {
        match listener.try_recv().await {
            Ok(Some(notice)) if notice.payload() == name => {}
            Ok(_) => bell.hear(),
            Err(error) => {
                tracing::warn!(%error, "other processes are not heard; they are looked for at intervals");
                drop(listener);
                listener = loop {
                    tokio::time::sleep(PAUSE).await;
                    if let Ok(again) = listening(&own).await {
                        break again;
                    }
                };
                bell.hear();
            }
        }
    }
}

async fn tell(pool: PgPool, bell: Arc<Bell>, name: String) {
    loop {
        bell.untold.notified().await;
        if let Err(error) = bell.tell(&pool, &name).await {
            tracing::debug!(%error, "other processes were not told; they find it when they look");
        }
    }
}
