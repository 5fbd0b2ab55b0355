//! Running: step by step until nothing is left, or for as long as the process lives.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Engine, EngineError};
use crate::domain::ids::CommandId;
use crate::store::Dialect;

/// The longest sleep when nothing is known to be due: another process may have put something there.
const IDLE: Duration = Duration::from_millis(500);
/// The pause after the database did not answer.
const STUMBLE: Duration = Duration::from_millis(250);

/// How many decide at once on PostgreSQL: while one waits for the disk, the others read and decide the next commands.
/// SQLite has one writer: there the next commands gather meanwhile, and share a commit.
const DECIDERS: usize = 3;

#[derive(Clone, Copy)]
enum Line {
    Inbox,
    Outbox,
}

impl Engine {
    /// Works until inbox and outbox hold nothing that is due. Returns the number of steps.
    ///
    /// # Errors
    /// When the database does not answer, or when `most` steps were not enough.
    pub async fn settle(&self, most: usize) -> Result<usize, EngineError> {
        for step in 0..most {
            if !(self.step_inbox().await? || self.step_outbox().await?) {
                return Ok(step);
            }
        }
        Err(EngineError::Lost(format!(
            "{most} steps did not come to an end"
        )))
    }

    /// Works for as long as it is polled: commands together as they come, effects side by side, as many at once as the
    /// contract's `max_concurrency`. Stop it by dropping the future: what was under way is taken again when its lease
    /// runs out.
    pub async fn run(&self) {
        let most = self.policy().contract().limits.overall().max_concurrency;
        let effects = (0..most).map(|_| Line::Outbox);
        self.side_by_side(self.deciders().chain(effects)).await;
    }

    /// As [`Engine::run`], for commands alone: what follows from them is planned and stays in the outbox.
    pub async fn run_inbox(&self) {
        self.side_by_side(self.deciders()).await;
    }

    fn deciders(&self) -> impl Iterator<Item = Line> + use<> {
        let many = match self.store.dialect() {
            Dialect::Sqlite => 1,
            Dialect::Postgres => DECIDERS,
        };
        (0..many).map(|_| Line::Inbox)
    }

    /// One task for each, so that they share all processors of the machine. They end with this.
    async fn side_by_side(&self, lines: impl IntoIterator<Item = Line>) {
        let mut workers = JoinSet::new();
        for line in lines {
            let engine = self.clone();
            workers.spawn(async move { engine.work(line).await });
        }
        while let Some(ended) = workers.join_next().await {
            if let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) {
                std::panic::resume_unwind(panic);
            }
        }
    }

    async fn work(&self, line: Line) {
        let mut woken = self.store.woken();
        loop {
            let step = match line {
                Line::Inbox => self.step_inbox().await,
                Line::Outbox => self.step_outbox().await,
            };
            match step {
                Ok(true) => {}
                Ok(false) => {
                    // Whether it was woken or the time ran out, it looks again.
                    let _woken = tokio::time::timeout(IDLE, woken.wait()).await;
                }
                Err(error) => {
                    tracing::error!(%error, "a step failed and will be taken again");
                    tokio::time::sleep(STUMBLE).await;
                }
            }
        }
    }

    /// Works on the inbox until a command of our own has its answer.
    pub(super) async fn work_until_answered(
        &self,
        id: &CommandId,
        patience: Duration,
    ) -> Result<(), EngineError> {
        let answered = async {
            loop {
                if self.store.answer_of(id).await?.is_some() {
                    return Ok(());
                }
                if !Box::pin(self.step_inbox()).await? {
                    self.store.wait_answer(id, IDLE).await?;
                }
            }
        };
        let late = || EngineError::Lost(format!("the command {id} was not answered in time"));
        tokio::time::timeout(patience, answered)
            .await
            .unwrap_or_else(|_| Err(late()))
    }
}
