//! The one door: commands are stored with their texts before they are acknowledged, and answered from committed state.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Store;
use super::error::StoreError;
use super::journal::parsed;
use super::sql::Sql;
use crate::domain::case::refusal::Answer;
use crate::domain::digest::Digest;
use crate::domain::ids::CommandId;
use crate::domain::journal::Submission;
use crate::domain::time::At;

/// How often an answer is looked for when another process may be the one that gives it.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How many digests a probe writes: more than a page of PostgreSQL holds, which takes small rows for a long time on a
/// disk that has no room for one more page.
const BULK: u32 = 512;

/// What became of a submission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The command under this key: ours, or the one that was there before.
    pub command: CommandId,
    /// Whether it was there before.
    pub repeat: Repeat,
}

/// Whether a key was seen before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Repeat {
    /// It is new, and stored now.
    First,
    /// The same bytes came before; nothing was stored.
    Same,
    /// Other bytes came under this key before; nothing was stored.
    Different,
}

impl Store {
    /// Stores a command with its texts, in one commit with whatever else waits to be stored. Acknowledge only after
    /// this has returned. A caller that goes away before its commit begins leaves nothing.
    ///
    /// # Errors
    /// `Busy` and `Away` mean that nothing is stored: answer 503 and let the sender come again.
    pub async fn submit(&self, submission: &Submission) -> Result<Receipt, StoreError> {
        let receipt = self.stored_with_others(submission).await;
        let failed = matches!(receipt, Err(StoreError::Away { .. }));
        self.0.refuses.store(failed, Ordering::Relaxed);
        receipt
    }

    /// Whether the database answers. When it did not take the last command (its disk may be full), a row is written, to
    /// see whether it takes anything again: nobody who is sent away would ever find out.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn probe(&self, now: At) -> Result<(), StoreError> {
        self.pools().row(Sql::of("SELECT 1")).await?;
        if self.0.refuses.load(Ordering::Relaxed) {
            self.remember("probe", &bulk(now), now).await?;
            self.0.refuses.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// What came of a command, once it is done.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` when the stored answer does not read.
    pub async fn answer_of(&self, command: &CommandId) -> Result<Option<Answer>, StoreError> {
        let asked = Sql::of("SELECT answer FROM inbox WHERE id = $1 AND answer IS NOT NULL")
            .text(command.as_str());
        match self.pools().row(asked).await? {
            Some(row) => parsed(&row.text(0)?, || format!("inbox {command}")).map(Some),
            None => Ok(None),
        }
    }

    /// Waits for what comes of a command, at most this long.
    ///
    /// # Errors
    /// As [`Store::answer_of`].
    pub async fn wait_answer(
        &self,
        command: &CommandId,
        patience: Duration,
    ) -> Result<Option<Answer>, StoreError> {
        let waiting = async {
            let mut woken = self.woken();
            loop {
                if let Some(answer) = self.answer_of(command).await? {
                    return Ok(answer);
                }
                // A timeout here only means that no commit of this process came; the next look tells.
                drop(tokio::time::timeout(LOOK_AGAIN, woken.wait()).await);
            }
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(answer) => answer.map(Some),
            Err(_) => self.answer_of(command).await,
        }
    }

    /// Takes the waiting `Tell` of a command out of the outbox: whoever answers a person directly claims it first.
    ///
    /// `false` means that it is not there yet, is being sent, or was sent: do not say that the matter is answered here.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn claim_tell(&self, command: &CommandId) -> Result<bool, StoreError> {
        let taken = Sql::of(
            "UPDATE outbox SET status = 'done' WHERE tells = $1 AND status = 'waiting' AND lease_owner IS NULL",
        )
        .text(command.as_str());
        Ok(self.pools().run(taken).await? > 0)
    }
}

/// Words of a probe, which no compression makes few.
fn bulk(now: At) -> String {
    let word = |n| Digest::of(format!("{} {n}", now.0).as_bytes()).to_string();
    (0..BULK).map(word).collect()
}
