//! One turn of the ring: read a stream, append what follows, plan its effects, finish its command, in one commit.

use super::Store;
use super::content::put_content;
use super::departures::count;
use super::error::StoreError;
use super::journal::{after, canonical, fold_board, folded_case, head, recorded, signed, unsigned};
use super::outbox::plan;
use super::project::{Placed, project};
use super::sql::{Sql, Tx};
use crate::domain::board::Board;
use crate::domain::case::Case;
use crate::domain::case::context::Departures;
use crate::domain::case::effect::Planned;
use crate::domain::case::refusal::Answer;
use crate::domain::content::Content;
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, CommandId, StreamId};
use crate::domain::journal::{AnyEffect, Event, Link, Recorded};
use crate::domain::person::Actor;
use crate::domain::time::At;

/// A transaction that holds one stream: nobody else can append to it until this is committed or dropped.
///
/// Dropped without `commit`, it leaves nothing. Nothing outside the database may be awaited while it lives.
pub struct Turn {
    store: Store,
    tx: Tx,
    stream: StreamId,
    seq: u64,
    hash: Digest,
    /// The case of this stream up to `seq`, once somebody asked for it.
    case: Option<Case>,
    appended: Vec<Placed>,
}

impl Store {
    /// Begins a turn on a stream, waiting for whoever holds it.
    ///
    /// # Errors
    /// `Busy` when the stream or the database stays held; `Away`.
    pub async fn begin(&self, stream: &StreamId) -> Result<Turn, StoreError> {
        let mut tx = self.pools().write().await?;
        if let Some(lock) = tx.dialect().lock_stream() {
            tx.rows(Sql::of(lock).text(stream.as_str())).await?;
        }
        let (seq, hash) = head(&mut tx, stream).await?;
        Ok(Turn {
            store: self.clone(),
            tx,
            stream: stream.clone(),
            seq,
            hash,
            case: None,
            appended: vec![],
        })
    }
}

impl Turn {
    /// The events of the held stream, those of this turn included.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn events(&mut self) -> Result<Vec<Recorded<Event>>, StoreError> {
        let rows = self.tx.rows(after(&self.stream, 0)).await?;
        rows.iter().map(recorded).collect()
    }

    /// A case as this turn sees it; a case without events is empty.
    ///
    /// # Errors
    /// As [`Turn::events`].
    pub async fn case(&mut self, id: &CaseId) -> Result<Case, StoreError> {
        let ours = id.stream() == self.stream;
        if ours && let Some(case) = &self.case {
            return Ok(case.clone());
        }
        let rows = self.tx.rows(after(&id.stream(), 0)).await?;
        let case = folded_case(id, &rows)?;
        if ours {
            self.case = Some(case.clone());
        }
        Ok(case)
    }

    /// The board as this turn sees it.
    ///
    /// # Errors
    /// As [`Turn::events`].
    pub async fn board(&mut self) -> Result<Board, StoreError> {
        let mut board = self.store.kept_board();
        let rows = self.tx.rows(after(&StreamId::board(), board.seq)).await?;
        fold_board(&mut board, &rows)?;
        // What this turn appended may never be committed, and is kept by nobody.
        if self.stream != StreamId::board() || self.appended.is_empty() {
            self.store.keep_board(&board);
        }
        Ok(board)
    }

    /// The next number of a counter, from 1. A turn that is dropped leaves no gap.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn number(&mut self, counter: &str) -> Result<u64, StoreError> {
        let counted = Sql::of(
            "INSERT INTO counters (name, value) VALUES ($1, 1) \
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        )
        .text(counter);
        match self.tx.row(counted).await? {
            Some(row) => Ok(unsigned(row.int(0)?)),
            None => Err(StoreError::corrupt(
                format!("counter {counter}"),
                "it gave no number",
            )),
        }
    }

    /// The writes that went out after a moment, of all cases and of those in a queue. Nobody else counts until
    /// this turn is over, so that the last place within a limit is taken once.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn departures(
        &mut self,
        after: At,
        queue: Option<&str>,
    ) -> Result<Departures, StoreError> {
        count(&mut self.tx, after, queue).await
    }

    /// Appends events to the held stream and links each to the one before it.
    ///
    /// # Errors
    /// `Refused` when an event is not of this stream; `Busy` and `Away`.
    pub async fn append(
        &mut self,
        events: &[Event],
        actor: &Actor,
        cause: &CommandId,
        at: At,
    ) -> Result<Vec<Recorded<Event>>, StoreError> {
        let actor_text = canonical(actor)?;
        let mut placed = Vec::with_capacity(events.len());
        for event in events {
            let body = self.body(event)?;
            let link = Link {
                stream: &self.stream,
                seq: self.seq + 1,
                at,
                actor: &actor_text,
                cause,
                body: &body.1,
            };
            let hash = link.hash(&self.hash);
            let position = insert(&mut self.tx, &link, &body.0, (&self.hash, &hash)).await?;
            let recorded = Recorded {
                stream: self.stream.clone(),
                seq: self.seq + 1,
                at,
                actor: actor.clone(),
                cause: cause.clone(),
                event: event.clone(),
                prev: self.hash,
                hash,
            };
            if let (Some(case), Event::Case(event)) = (&mut self.case, event) {
                case.apply(at, event);
            }
            self.seq += 1;
            self.hash = hash;
            placed.push(Placed { position, recorded });
        }
        let fresh = placed.iter().map(|one| one.recorded.clone()).collect();
        self.appended.append(&mut placed);
        Ok(fresh)
    }

    /// The tag and the canonical JSON of an event that belongs to this stream.
    fn body(&self, event: &Event) -> Result<(String, String), StoreError> {
        let on_board = self.stream == StreamId::board();
        let body = match event {
            Event::Case(event) if !on_board => canonical(event)?,
            Event::Board(event) if on_board => canonical(event)?,
            _ => {
                return Err(StoreError::Refused {
                    why: format!(
                        "an event of another kind of stream was to be appended to {}",
                        self.stream
                    ),
                });
            }
        };
        Ok((super::verify::tag(&body)?, body))
    }

    /// Plans effects. One that waits under the same coalescing key is replaced by the newer state.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn plan(&mut self, effects: &[Planned<AnyEffect>]) -> Result<(), StoreError> {
        plan(&mut self.tx, &self.stream, effects).await
    }

    /// Stores texts of the held stream.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn put_content(&mut self, contents: &[Content]) -> Result<(), StoreError> {
        put_content(&mut self.tx, &self.stream, contents).await
    }

    /// Marks the command as done, with its answer.
    ///
    /// # Errors
    /// `Overtaken` when another worker finished it: drop the turn; `Busy` and `Away`.
    pub async fn finish(&mut self, command: &CommandId, answer: &Answer) -> Result<(), StoreError> {
        let finished = Sql::of(
            "UPDATE inbox SET status = 'done', answer = $2, claimed_until = NULL WHERE id = $1 AND status = 'pending'",
        )
        .text(command.as_str())
        .text(canonical(answer)?);
        match self.tx.run(finished).await? {
            0 => Err(StoreError::Overtaken {
                what: format!("command {command}"),
            }),
            _ => Ok(()),
        }
    }

    /// Writes the projections of what was appended and commits everything.
    ///
    /// # Errors
    /// `Busy` and `Away` mean that nothing is stored, or that it is not known whether it is: take the command again.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if !self.appended.is_empty() {
            let case = if self.stream == StreamId::board() {
                None
            } else {
                Some(self.case(&CaseId::new(self.stream.as_str())).await?)
            };
            project(&mut self.tx, case.as_ref(), &self.appended).await?;
        }
        self.tx.commit().await?;
        self.store.wake();
        Ok(())
    }
}

/// Inserts one row and gives its place in the whole journal.
async fn insert(
    tx: &mut Tx,
    link: &Link<'_>,
    kind: &str,
    hashes: (&Digest, &Digest),
) -> Result<i64, StoreError> {
    let inserted = Sql::of(
        "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING position",
    )
    .text(link.stream.as_str())
    .int(signed(link.seq))
    .int(link.at.0)
    .text(link.actor)
    .text(link.cause.as_str())
    .text(kind)
    .text(link.body)
    .text(hashes.0.to_string())
    .text(hashes.1.to_string());
    match tx.row(inserted).await? {
        Some(row) => row.int(0),
        None => Err(StoreError::corrupt("the journal", "a row got no place")),
    }
}
