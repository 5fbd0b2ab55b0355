//! A turn of the ring: read streams, append what follows, plan effects, finish commands, in one commit.
//!
//! What a turn writes is kept until its commit and then written with few statements, so that commands which are decided
//! together share them as they share the commit.

use std::collections::BTreeMap;

use super::Store;
use super::content::put_contents;
use super::departures::count;
use super::error::StoreError;
use super::held::{Held, Hold, read_ends};
use super::journal::{Fold, after, canonical, fold_board, signed, to_fold, unsigned};
use super::plan::Plans;
use super::project::{Lists, Placed};
use super::sql::{Sql, Tx};
use crate::domain::board::Board;
use crate::domain::case::Case;
use crate::domain::case::context::Departures;
use crate::domain::case::effect::Planned;
use crate::domain::case::refusal::Answer;
use crate::domain::content::Content;
use crate::domain::ids::{CaseId, CommandId, StreamId};
use crate::domain::journal::{AnyEffect, Event};
use crate::domain::person::Actor;
use crate::domain::time::At;

/// A transaction that holds streams: nobody else can append to them until this is committed or dropped.
///
/// It stands at one of them, which is the one that is appended to. Dropped without `commit`, it leaves nothing. Nothing
/// outside the database may be awaited while it lives.
pub struct Turn {
    store: Store,
    tx: Tx,
    held: Vec<Held>,
    /// The place of the stream where it stands.
    here: usize,
    /// Rows of the journal, in the order in which they were appended.
    rows: Vec<Sql>,
    contents: Vec<(StreamId, Content)>,
    plans: Plans,
    answers: BTreeMap<CommandId, String>,
}

impl Store {
    /// Begins a turn on a stream, waiting for whoever holds it.
    ///
    /// # Errors
    /// `Busy` when the stream or the database stays held; `Away`.
    pub async fn begin(&self, stream: &StreamId) -> Result<Turn, StoreError> {
        self.begin_all(vec![Hold::Stream(stream.clone())]).await
    }

    /// Begins a turn on several streams, each named once, waiting for whoever holds one of them. It stands at the
    /// first.
    ///
    /// # Errors
    /// As [`Store::begin`]; `Corrupt` naming the row that does not read.
    pub async fn begin_all(&self, holds: Vec<Hold>) -> Result<Turn, StoreError> {
        let mut tx = self.pools().write().await?;
        let mut names: Vec<StreamId> = holds.iter().map(Hold::stream).collect();
        // Everybody takes them in one order, so that no two turns ever wait for each other.
        names.sort();
        tx.lock(names.iter().map(StreamId::as_str)).await?;
        let held = read_ends(&mut tx, holds).await?;
        Ok(Turn {
            store: self.clone(),
            tx,
            held,
            here: 0,
            rows: vec![],
            contents: vec![],
            plans: Plans::default(),
            answers: BTreeMap::new(),
        })
    }
}

impl Turn {
    /// Stands at another of the held streams from here on.
    ///
    /// # Errors
    /// `Refused` when it is not held.
    pub fn stand_at(&mut self, stream: &StreamId) -> Result<(), StoreError> {
        let place = self.held.iter().position(|held| held.stream == *stream);
        self.here = place.ok_or_else(|| StoreError::Refused {
            why: format!("{stream} is not held by this turn"),
        })?;
        Ok(())
    }

    /// A case as this turn sees it; a case without events is empty.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn case(&mut self, id: &CaseId) -> Result<Case, StoreError> {
        let stream = id.stream();
        if let Some(held) = self.held.iter_mut().find(|held| held.stream == stream) {
            return Ok(held.case(&mut self.tx).await?.clone());
        }
        let mut fold = Fold::empty(id);
        fold.read_on(&self.tx.rows(to_fold(&stream)).await?)?;
        Ok(fold.case)
    }

    /// The board as this turn sees it.
    ///
    /// # Errors
    /// As [`Turn::case`].
    pub async fn board(&mut self) -> Result<Board, StoreError> {
        let mut board = self.store.kept_board();
        let rows = self.tx.rows(after(&StreamId::board(), board.seq)).await?;
        fold_board(&mut board, &rows)?;
        self.store.keep_board(&board);
        // What this turn appended may never be committed, and is kept by nobody.
        let ours = self
            .held
            .iter()
            .filter(|held| held.stream == StreamId::board());
        for Placed { recorded, .. } in ours.flat_map(|held| &held.appended) {
            if let Event::Board(event) = &recorded.event {
                board.apply(recorded.at, event);
            }
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

    /// Appends events to the stream where the turn stands and links each to the one before it.
    ///
    /// # Errors
    /// `Refused` when an event is not of this stream.
    pub fn append(
        &mut self,
        events: &[Event],
        actor: &Actor,
        cause: &CommandId,
        at: At,
    ) -> Result<(), StoreError> {
        let actor_text = canonical(actor)?;
        let held = here(&mut self.held, self.here)?;
        for event in events {
            let row = held.append(event, (actor, &actor_text), cause, at)?;
            self.rows.push(row);
        }
        Ok(())
    }

    /// Plans effects. One that waits under the same coalescing key is replaced by the newer state.
    ///
    /// # Errors
    /// `Refused` when the turn holds nothing.
    pub fn plan(&mut self, effects: &[Planned<AnyEffect>]) -> Result<(), StoreError> {
        let stream = &here(&mut self.held, self.here)?.stream;
        self.plans.add(stream, effects);
        Ok(())
    }

    /// Stores texts of the stream where the turn stands.
    ///
    /// # Errors
    /// `Refused` when the turn holds nothing.
    pub fn put_content(&mut self, contents: &[Content]) -> Result<(), StoreError> {
        let stream = &here(&mut self.held, self.here)?.stream;
        let put = contents.iter().map(|text| (stream.clone(), text.clone()));
        self.contents.extend(put);
        Ok(())
    }

    /// Marks a command as done, with its answer. The commit says so when another worker finished it.
    ///
    /// # Errors
    /// `Refused` when the answer cannot be written.
    pub fn finish(&mut self, command: &CommandId, answer: &Answer) -> Result<(), StoreError> {
        self.answers.insert(command.clone(), canonical(answer)?);
        Ok(())
    }

    /// Writes everything, the projections of what was appended included, and commits it.
    ///
    /// # Errors
    /// `Overtaken` when another worker finished one of the commands: nothing is stored. `Busy` and `Away` mean that
    /// nothing is stored, or that it is not known whether it is: take the commands again.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let several = self.held.len() > 1;
        let changed = self
            .held
            .iter_mut()
            .filter(|held| !held.appended.is_empty());
        for held in changed.filter(|held| held.stream != StreamId::board()) {
            held.case(&mut self.tx).await?;
        }
        self.write_journal().await?;
        let texts = self.contents.iter().map(|(stream, text)| (stream, text));
        put_contents(&mut self.tx, texts).await?;
        self.plans.write(&mut self.tx, several).await?;
        write_answers(&mut self.tx, self.answers).await?;
        let mut lists = Lists::default();
        for held in &self.held {
            lists.follow(held.case.as_ref(), &held.appended);
        }
        lists.write(&mut self.tx).await?;
        self.tx.commit().await?;
        self.store.wake();
        Ok(())
    }

    /// Writes what was appended, and notes the place of each row in the whole journal.
    async fn write_journal(&mut self) -> Result<(), StoreError> {
        let head =
            "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash)";
        let rows = std::mem::take(&mut self.rows);
        let returned = self
            .tx
            .many(head, rows, " RETURNING stream, seq, position")
            .await?;
        let mut positions = BTreeMap::new();
        for row in returned {
            positions.insert((row.text(0)?, row.int(1)?), row.int(2)?);
        }
        for Placed { position, recorded } in
            self.held.iter_mut().flat_map(|held| &mut held.appended)
        {
            let place = (recorded.stream.as_str().to_owned(), signed(recorded.seq));
            let given = positions.get(&place);
            *position =
                *given.ok_or_else(|| StoreError::corrupt("the journal", "a row got no place"))?;
        }
        Ok(())
    }
}

/// The stream where a turn stands.
fn here(held: &mut [Held], place: usize) -> Result<&mut Held, StoreError> {
    held.get_mut(place).ok_or_else(|| StoreError::Refused {
        why: "this turn holds no stream".into(),
    })
}

/// Marks commands as done, each with its answer.
async fn write_answers(
    tx: &mut Tx,
    answers: BTreeMap<CommandId, String>,
) -> Result<(), StoreError> {
    let rows = answers
        .iter()
        .map(|(command, answer)| Sql::row().text(command.as_str()).text(answer))
        .collect();
    let head =
        "UPDATE inbox SET status = 'done', answer = done.column2, claimed_until = NULL FROM (";
    let tail = ") AS done WHERE inbox.id = done.column1 AND inbox.status = 'pending' RETURNING id";
    let mut left = answers;
    for row in tx.many(head, rows, tail).await? {
        left.remove(&CommandId::new(row.text(0)?));
    }
    match left.first_key_value() {
        None => Ok(()),
        Some((command, _)) => Err(StoreError::Overtaken {
            what: format!("command {command}"),
        }),
    }
}
