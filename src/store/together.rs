//! Commands that come at the same time are stored in one commit: whoever comes while a commit runs waits for the next.
//! They come from the doors, and from effects that were carried out and bring an answer back.
//!
//! Nobody is made to wait for company. One alone is stored at once, and a crowd shares the sync of its disk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::Store;
use super::content::put_contents;
use super::door::{Receipt, Repeat};
use super::error::StoreError;
use super::journal::canonical;
use super::memory::put_memos;
use super::outbox::{Fence, Leased, finish};
use super::sql::{Sql, Tx};
use crate::domain::ids::CommandId;
use crate::domain::journal::Submission;
use crate::domain::time::At;

/// How many commands one commit takes at most.
const TOGETHER: usize = 64;
/// How many may wait: more than connections are served at once, unless callers give up faster than the disk syncs.
const MOST_WAITING: usize = 2_048;

/// Who waits to be stored.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Line>);

#[derive(Default)]
struct Line {
    callers: VecDeque<Caller>,
    /// Whether somebody works the line off.
    served: bool,
}

/// What is to be stored, and who waits until it is.
enum Caller {
    /// A command at a door.
    Door {
        submission: Submission,
        answer: oneshot::Sender<Result<Receipt, StoreError>>,
    },
    /// The end of an effect, with what it brings back.
    Effect {
        lease: Leased,
        brought: Vec<Submission>,
        answer: oneshot::Sender<Result<Fence, StoreError>>,
    },
    /// A small fact.
    Memo {
        memo: Memo,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// A small fact under a name, in place of what was there.
pub(super) struct Memo {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) at: At,
}

/// What a caller hears when its part is committed.
enum Stored {
    Door(Receipt),
    Effect(Fence),
    Memo,
}

impl Caller {
    fn has_gone(&self) -> bool {
        match self {
            Self::Door { answer, .. } => answer.is_closed(),
            Self::Effect { answer, .. } => answer.is_closed(),
            Self::Memo { answer, .. } => answer.is_closed(),
        }
    }

    /// Tells the caller. Whoever has gone meanwhile comes again, and is told of a repeat or of a lost lease.
    fn hear(self, said: Result<Stored, StoreError>) {
        match (self, said) {
            (Self::Door { answer, .. }, Ok(Stored::Door(receipt))) => {
                drop(answer.send(Ok(receipt)))
            }
            (Self::Effect { answer, .. }, Ok(Stored::Effect(fence))) => {
                drop(answer.send(Ok(fence)))
            }
            (Self::Memo { answer, .. }, Ok(Stored::Memo)) => drop(answer.send(Ok(()))),
            (Self::Door { answer, .. }, Err(error)) => drop(answer.send(Err(error))),
            (Self::Effect { answer, .. }, Err(error)) => drop(answer.send(Err(error))),
            (Self::Memo { answer, .. }, Err(error)) => drop(answer.send(Err(error))),
            // What is stored comes in the order of the callers, so that this never happens; the caller hears that
            // nothing came.
            (_, Ok(_)) => {}
        }
    }
}

impl Waiting {
    /// Joins the line; whether nobody works it off yet.
    fn join(&self, caller: Caller) -> Result<bool, StoreError> {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if line.callers.len() >= MOST_WAITING {
            let why = "too many commands wait to be stored".into();
            return Err(StoreError::Busy { why });
        }
        line.callers.push_back(caller);
        Ok(!std::mem::replace(&mut line.served, true))
    }

    /// The next to be stored together, those who have gone left out; with none, the line is served by nobody.
    fn next(&self) -> Vec<Caller> {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        line.callers.retain(|caller| !caller.has_gone());
        let some = line.callers.len().min(TOGETHER);
        line.served = some > 0;
        line.callers.drain(..some).collect()
    }
}

impl Store {
    /// Stores a command together with others that wait.
    pub(super) async fn stored_with_others(
        &self,
        submission: &Submission,
    ) -> Result<Receipt, StoreError> {
        let (answer, answered) = oneshot::channel();
        let submission = submission.clone();
        self.wait_in_line(Caller::Door { submission, answer })?;
        answered.await.unwrap_or_else(|_| Err(ending()))
    }

    /// Says that an effect was carried out, and stores the commands that bring its answer back, in one commit.
    ///
    /// With a lost lease nothing is stored: whoever has the effect now brings the answer.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn done_with(
        &self,
        lease: &Leased,
        answers: &[Submission],
    ) -> Result<Fence, StoreError> {
        let (answer, answered) = oneshot::channel();
        let (lease, brought) = (lease.clone(), answers.to_vec());
        self.wait_in_line(Caller::Effect {
            lease,
            brought,
            answer,
        })?;
        answered.await.unwrap_or_else(|_| Err(ending()))
    }

    /// Stores a small fact together with others that wait.
    pub(super) async fn remembered_with_others(&self, memo: Memo) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.wait_in_line(Caller::Memo { memo, answer })?;
        answered.await.unwrap_or_else(|_| Err(ending()))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a caller that goes away must not break off the commit of the others; the task ends with the line"
    )]
    fn wait_in_line(&self, caller: Caller) -> Result<(), StoreError> {
        if self.0.waiting.join(caller)? {
            let store = self.clone();
            tokio::spawn(async move { store.work_the_line_off().await });
        }
        Ok(())
    }

    async fn work_the_line_off(&self) {
        loop {
            let callers = self.0.waiting.next();
            if callers.is_empty() {
                return;
            }
            self.store_all(callers).await;
        }
    }

    /// Stores for these callers in one commit and tells each. One that cannot be stored takes no other with it.
    async fn store_all(&self, callers: Vec<Caller>) {
        match self.commit_for(&callers).await {
            Ok(stored) => {
                for (caller, stored) in callers.into_iter().zip(stored) {
                    caller.hear(Ok(stored));
                }
            }
            Err(error) if callers.len() == 1 || matches!(error, StoreError::Away { .. }) => {
                for caller in callers {
                    caller.hear(Err(error.clone()));
                }
            }
            Err(error) => {
                tracing::warn!(%error, commands = callers.len(), "commands are stored one by one");
                for caller in callers.into_iter().filter(|one| !one.has_gone()) {
                    let alone = self.commit_for(std::slice::from_ref(&caller)).await;
                    let alone = alone.and_then(|mut one| one.pop().ok_or_else(ending));
                    caller.hear(alone);
                }
            }
        }
    }

    async fn commit_for(&self, callers: &[Caller]) -> Result<Vec<Stored>, StoreError> {
        let mut tx = self.pools().write().await?;
        let mut stored = vec![];
        let mut submissions = vec![];
        let mut doors = vec![];
        let mut memos = BTreeMap::new();
        for caller in callers {
            match caller {
                Caller::Door { submission, .. } => {
                    doors.push((stored.len(), submissions.len()));
                    submissions.push(submission);
                    stored.push(Stored::Effect(Fence::Lost));
                }
                Caller::Effect { lease, brought, .. } => {
                    let fence = finish(&mut tx, lease).await?;
                    if fence == Fence::Kept {
                        submissions.extend(brought);
                    }
                    stored.push(Stored::Effect(fence));
                }
                Caller::Memo { memo, .. } => {
                    // Of two under one name the later one stands.
                    memos.insert(memo.name.as_str(), memo);
                    stored.push(Stored::Memo);
                }
            }
        }
        let noted = !memos.is_empty();
        put_memos(&mut tx, memos.into_values()).await?;
        let receipts = put_commands(&mut tx, &submissions).await?;
        let fresh = receipts.iter().any(|one| one.repeat == Repeat::First);
        let ended = stored
            .iter()
            .any(|one| matches!(one, Stored::Effect(Fence::Kept)));
        for (place, receipt) in doors {
            if let (Some(stored), Some(receipt)) = (stored.get_mut(place), receipts.get(receipt)) {
                *stored = Stored::Door(receipt.clone());
            }
        }
        if fresh || ended || noted {
            tx.commit().await?;
        }
        // Nobody waits for a fact.
        if fresh || ended {
            self.wake();
        }
        Ok(stored)
    }
}

fn ending() -> StoreError {
    let why = "the process is ending".into();
    StoreError::Away { why }
}

/// Stores each command unless its key is taken; the caller commits. One receipt for each, in their order.
pub(super) async fn put_commands(
    tx: &mut Tx,
    submissions: &[&Submission],
) -> Result<Vec<Receipt>, StoreError> {
    let rows = submissions.iter().map(|one| row_of(one));
    let head = "INSERT INTO inbox (id, stream, key, origin, actor, at, body, reply_to)";
    let tail = " ON CONFLICT (key) DO NOTHING RETURNING id";
    let stored = tx.many(head, rows.collect::<Result<_, _>>()?, tail).await?;
    let mut fresh = BTreeSet::new();
    for row in stored {
        fresh.insert(row.text(0)?);
    }
    let mut receipts = vec![];
    let mut texts = vec![];
    for submission in submissions {
        if fresh.remove(submission.id.as_str()) {
            let stream = submission.command.stream();
            texts.extend(
                submission
                    .contents
                    .iter()
                    .map(|text| (stream.clone(), text)),
            );
            let (command, repeat) = (submission.id.clone(), Repeat::First);
            receipts.push(Receipt { command, repeat });
        } else {
            receipts.push(there_before(tx, submission).await?);
        }
    }
    put_contents(tx, texts.iter().map(|(stream, text)| (stream, *text))).await?;
    Ok(receipts)
}

fn row_of(submission: &Submission) -> Result<Sql, StoreError> {
    let reply_to = submission.reply_to.as_ref().map(canonical).transpose()?;
    Ok(Sql::row()
        .text(submission.id.as_str())
        .text(submission.command.stream().as_str())
        .text(&submission.key)
        .text(submission.origin.to_string())
        .text(canonical(&submission.actor)?)
        .int(submission.at.0)
        .text(canonical(&submission.command)?)
        .maybe_text(reply_to))
}

/// The command that is stored under the key of this one.
async fn there_before(tx: &mut Tx, submission: &Submission) -> Result<Receipt, StoreError> {
    let there = Sql::of("SELECT id, origin FROM inbox WHERE key = $1").text(&submission.key);
    let Some(row) = tx.row(there).await? else {
        return Err(StoreError::Busy {
            why: "a command under the same key was being stored".into(),
        });
    };
    let same = row.text(1)? == submission.origin.to_string();
    Ok(Receipt {
        command: CommandId::new(row.text(0)?),
        repeat: if same {
            Repeat::Same
        } else {
            Repeat::Different
        },
    })
}
