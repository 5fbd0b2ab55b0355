//! The streams that a turn holds: their ends as the turn found them, and what is linked to them.

use std::collections::BTreeMap;

use super::error::StoreError;
use super::journal::{Fold, canonical, head, places_of, read_on, signed, to_fold};
use super::project::Placed;
use super::sql::{Sql, Tx};
use crate::domain::case::Case;
use crate::domain::digest::Digest;
use crate::domain::ids::{CaseId, CommandId, StreamId};
use crate::domain::journal::{Event, Link, Recorded};
use crate::domain::person::Actor;
use crate::domain::time::At;

/// What a turn is to hold.
pub enum Hold {
    /// A stream, of which only the end is looked up.
    Stream(StreamId),
    /// A case that was folded before: only what came after is read.
    Case(Box<Fold>),
}

impl Hold {
    /// The stream.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Stream(stream) => stream.clone(),
            Self::Case(fold) => fold.case.id.stream(),
        }
    }

    /// The case as it was folded before.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        match self {
            Self::Stream(_) => None,
            Self::Case(fold) => Some(&fold.case),
        }
    }
}

/// A stream that a turn holds.
pub(super) struct Held {
    pub(super) stream: StreamId,
    seq: u64,
    hash: Digest,
    /// The case of this stream up to `seq`, once somebody asked for it.
    pub(super) case: Option<Case>,
    pub(super) appended: Vec<Placed>,
}

/// The end of each held stream as it is now.
pub(super) async fn read_ends(tx: &mut Tx, holds: Vec<Hold>) -> Result<Vec<Held>, StoreError> {
    let order: Vec<StreamId> = holds.iter().map(Hold::stream).collect();
    let mut ends = BTreeMap::new();
    let mut folds = vec![];
    for hold in holds {
        match hold {
            Hold::Case(fold) => folds.push(*fold),
            Hold::Stream(stream) => {
                let (seq, hash) = head(tx, &stream).await?;
                ends.insert(stream, (seq, hash, None));
            }
        }
    }
    if !folds.is_empty() {
        let (head, tail) = tx.dialect().rows_after();
        let rows = tx.many(head, places_of(&folds), tail).await?;
        read_on(&mut folds, &rows)?;
        let end = |fold: Fold| (fold.case.seq, fold.hash, Some(fold.case));
        let ended = folds
            .into_iter()
            .map(|fold| (fold.case.id.stream(), end(fold)));
        ends.extend(ended);
    }
    let held = order.into_iter().filter_map(|stream| {
        let (seq, hash, case) = ends.remove(&stream)?;
        Some(Held {
            stream,
            seq,
            hash,
            case,
            appended: vec![],
        })
    });
    Ok(held.collect())
}

impl Held {
    /// The case up to the newest event, read when it is asked for first.
    pub(super) async fn case(&mut self, tx: &mut Tx) -> Result<&Case, StoreError> {
        let case = match self.case.take() {
            Some(case) => case,
            None => {
                let id = CaseId::new(self.stream.as_str());
                let mut fold = Fold::empty(&id);
                fold.read_on(&tx.rows(to_fold(&self.stream)).await?)?;
                // What this turn appended is not in the journal before its commit.
                for Placed { recorded, .. } in &self.appended {
                    if let Event::Case(event) = &recorded.event {
                        fold.case.apply(recorded.at, event);
                    }
                }
                fold.case
            }
        };
        Ok(self.case.insert(case))
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

    /// Links one event to the one before it, and gives its row.
    pub(super) fn append(
        &mut self,
        event: &Event,
        (actor, actor_text): (&Actor, &str),
        cause: &CommandId,
        at: At,
    ) -> Result<Sql, StoreError> {
        let (kind, body) = self.body(event)?;
        let link = Link {
            stream: &self.stream,
            seq: self.seq + 1,
            at,
            actor: actor_text,
            cause,
            body: &body,
        };
        let hash = link.hash(&self.hash);
        let row = row_of(&link, &kind, (&self.hash, &hash));
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
        let position = 0;
        self.appended.push(Placed { position, recorded });
        Ok(row)
    }
}

/// The row of one event.
fn row_of(link: &Link<'_>, kind: &str, (prev, hash): (&Digest, &Digest)) -> Sql {
    Sql::row()
        .text(link.stream.as_str())
        .int(signed(link.seq))
        .int(link.at.0)
        .text(link.actor)
        .text(link.cause.as_str())
        .text(kind)
        .text(link.body)
        .text(prev.to_string())
        .text(hash.to_string())
}
