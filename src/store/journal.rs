//! Reading the journal: rows to events, events to the folded case and board.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;
use super::error::StoreError;
use super::sql::{Row, Sql, Tx};
use crate::domain::board::{Board, BoardEvent};
use crate::domain::case::Case;
use crate::domain::case::event::CaseEvent;
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, CommandId, StreamId};
use crate::domain::journal::{Event, Recorded};
use crate::domain::time::At;

const COLUMNS: &str =
    "SELECT stream, seq, at, actor, cause, body, prev_hash, hash, position FROM journal";

impl Store {
    /// The events of a stream, oldest first.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn events(&self, stream: &StreamId) -> Result<Vec<Recorded<Event>>, StoreError> {
        let rows = self.pools().rows(after(stream, 0)).await?;
        rows.iter().map(recorded).collect()
    }

    /// A case, folded from its events; `None` when it has none.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError> {
        let case = self.fold(id).await?.case;
        Ok((case.seq > 0).then_some(case))
    }

    /// A case with its place in the chain, for a turn that follows: the turn reads only what came after it.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn fold(&self, id: &CaseId) -> Result<Fold, StoreError> {
        let mut fold = Fold::empty(id);
        fold.read_on(&self.pools().rows(to_fold(&id.stream())).await?)?;
        Ok(fold)
    }

    /// As [`Store::fold`], for many cases with one statement. They come in the same order; each is named once.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn folds(
        &self,
        ids: impl IntoIterator<Item = &CaseId>,
    ) -> Result<Vec<Fold>, StoreError> {
        let mut folds: Vec<Fold> = ids.into_iter().map(Fold::empty).collect();
        let (head, tail) = self.dialect().rows_after();
        let rows = self.pools().many(head, places_of(&folds), tail).await?;
        read_on(&mut folds, &rows)?;
        Ok(folds)
    }

    /// The case that people call by this number.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn case_by_number(&self, number: u64) -> Result<Option<Case>, StoreError> {
        let asked = Sql::of("SELECT case_id FROM cases WHERE number = $1").int(signed(number));
        match self.pools().row(asked).await? {
            Some(row) => self.case(&CaseId::new(row.text(0)?)).await,
            None => Ok(None),
        }
    }

    /// The board, folded from its events. Only the events since the last call are read.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn board(&self) -> Result<Board, StoreError> {
        let mut board = self.kept_board();
        let rows = self
            .pools()
            .rows(after(&StreamId::board(), board.seq))
            .await?;
        fold_board(&mut board, &rows)?;
        self.keep_board(&board);
        Ok(board)
    }

    /// The last folded board; a fold of committed rows only, and rows never change, so that it never goes wrong.
    pub(super) fn kept_board(&self) -> Board {
        match self.0.board.lock() {
            Ok(board) => board.clone(),
            Err(_) => Board::default(),
        }
    }

    /// Keeps a board that was folded from committed rows only.
    pub(super) fn keep_board(&self, board: &Board) {
        if let Ok(mut kept) = self.0.board.lock()
            && kept.seq < board.seq
        {
            kept.clone_from(board);
        }
    }
}

/// A case, folded up to some place of its stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fold {
    /// The case.
    pub case: Case,
    /// The hash of the last event folded.
    pub(super) hash: Digest,
}

impl Fold {
    pub(super) fn empty(id: &CaseId) -> Self {
        Self {
            case: Case::empty(id.clone()),
            hash: crate::domain::journal::genesis(),
        }
    }

    /// Folds more rows of the stream, which follow in order.
    pub(super) fn read_on(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            self.read_row(row)?;
        }
        Ok(())
    }

    pub(super) fn read_row(&mut self, row: &Row) -> Result<(), StoreError> {
        let stream = self.case.id.stream();
        let name = || row_name(&stream, self.case.seq + 1);
        let event: CaseEvent = parsed(row.str(2)?, name)?;
        let hash = digest(row.str(3)?, name)?;
        self.case.apply(At(row.int(1)?), &event);
        self.hash = hash;
        Ok(())
    }
}

/// The places of these folds, to be listed in `Dialect::rows_after`.
pub(super) fn places_of(folds: &[Fold]) -> Vec<Sql> {
    let place = |fold: &Fold| {
        let row = Sql::row().text(fold.case.id.stream().as_str());
        row.int(signed(fold.case.seq))
    };
    folds.iter().map(place).collect()
}

/// Folds rows onto whichever of these folds they belong to.
pub(super) fn read_on(folds: &mut [Fold], rows: &[Row]) -> Result<(), StoreError> {
    let places: BTreeMap<String, usize> = (0..)
        .zip(folds.iter())
        .map(|(place, fold)| (fold.case.id.as_str().to_owned(), place))
        .collect();
    for row in rows {
        let place = places.get(row.str(0)?);
        if let Some(fold) = place.and_then(|place| folds.get_mut(*place)) {
            fold.read_row(row)?;
        }
    }
    Ok(())
}

/// The rows of a stream, oldest first, as far as a fold reads them.
pub(super) fn to_fold(stream: &StreamId) -> Sql {
    Sql::of("SELECT stream, at, body, hash FROM journal WHERE stream = $1 ORDER BY seq")
        .text(stream.as_str())
}

/// The rows of a stream after a sequence number, oldest first.
pub(super) fn after(stream: &StreamId, seq: u64) -> Sql {
    Sql::of(format!(
        "{COLUMNS} WHERE stream = $1 AND seq > $2 ORDER BY seq"
    ))
    .text(stream.as_str())
    .int(signed(seq))
}

/// The last sequence number and hash of a stream.
pub(super) async fn head(tx: &mut Tx, stream: &StreamId) -> Result<(u64, Digest), StoreError> {
    let asked =
        Sql::of("SELECT seq, hash FROM journal WHERE stream = $1 ORDER BY seq DESC LIMIT 1")
            .text(stream.as_str());
    match tx.row(asked).await? {
        Some(row) => {
            let seq = unsigned(row.int(0)?);
            Ok((seq, digest(&row.text(1)?, || row_name(stream, seq))?))
        }
        None => Ok((0, crate::domain::journal::genesis())),
    }
}

/// Reads one row of the journal.
pub(super) fn recorded(row: &Row) -> Result<Recorded<Event>, StoreError> {
    let stream = StreamId::new(row.text(0)?);
    let seq = unsigned(row.int(1)?);
    let name = || row_name(&stream, seq);
    let body = row.text(5)?;
    let event = if stream == StreamId::board() {
        Event::Board(parsed(&body, name)?)
    } else {
        Event::Case(parsed(&body, name)?)
    };
    Ok(Recorded {
        seq,
        at: At(row.int(2)?),
        actor: parsed(&row.text(3)?, name)?,
        cause: CommandId::new(row.text(4)?),
        event,
        prev: digest(&row.text(6)?, name)?,
        hash: digest(&row.text(7)?, name)?,
        stream,
    })
}

/// Folds more rows into a board.
pub(super) fn fold_board(board: &mut Board, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let name = || row_name(&StreamId::board(), board.seq + 1);
        let event: BoardEvent = parsed(&row.text(5)?, name)?;
        board.apply(At(row.int(2)?), &event);
    }
    Ok(())
}

/// The name of a row in an error.
pub(super) fn row_name(stream: &StreamId, seq: u64) -> String {
    format!("journal row {stream}/{seq}")
}

/// A value as RFC 8785 canonical JSON.
pub(super) fn canonical<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| StoreError::Refused {
        why: format!("a value cannot be written as canonical JSON: {error}"),
    })
}

/// A stored value; `Corrupt` naming the row when it does not read.
pub(super) fn parsed<T: DeserializeOwned>(
    text: &str,
    row: impl FnOnce() -> String,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(row(), error))
}

fn digest(text: &str, row: impl FnOnce() -> String) -> Result<Digest, StoreError> {
    Digest::parse(text).ok_or_else(|| StoreError::corrupt(row(), "a hash is not 64 hex digits"))
}

/// Counts as databases hold them.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Counts as we hold them; a negative one cannot have been written by us and reads as none.
pub(super) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
