//! Verification: every link of every stream is hashed again, and every text is held against its commitment.

use serde::Deserialize;

use super::Store;
use super::content::content_of;
use super::error::StoreError;
use super::journal::{parsed, unsigned};
use super::sql::{Row, Sql};
use crate::domain::digest::Digest;
use crate::domain::ids::{CommandId, StreamId};
use crate::domain::journal::{Link, genesis};
use crate::domain::time::At;

/// How many rows are in memory at a time.
const AT_ONCE: i64 = 500;

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Verification {
    /// Journal rows that were hashed.
    pub rows: u64,
    /// Streams that they belong to.
    pub streams: u64,
    /// Texts that were held against their commitments.
    pub texts: u64,
    /// The first thing that is wrong; nothing after it was read.
    pub first_bad: Option<BadRow>,
}

/// A row that is not what was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRow {
    /// The row, in words: `journal row <stream>/<seq>` or `content <commitment>`.
    pub row: String,
    /// What is wrong with it.
    pub why: String,
}

/// Where a verification stands in the journal.
struct Chain {
    stream: String,
    seq: i64,
    hash: Digest,
}

impl Store {
    /// Hashes every row again and reports the first that does not hold. `progress` hears the rows read so far.
    ///
    /// Rows cut off at the end of a stream leave no trace in the chain itself; only a checkpoint shows those.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn verify(
        &self,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Verification, StoreError> {
        let mut found = Verification::default();
        self.verify_journal(&mut found, progress).await?;
        if found.first_bad.is_none() {
            self.verify_content(&mut found, progress).await?;
        }
        Ok(found)
    }

    async fn verify_journal(
        &self,
        found: &mut Verification,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), StoreError> {
        let mut chain = Chain {
            stream: String::new(),
            seq: 0,
            hash: genesis(),
        };
        loop {
            let asked = Sql::of(
                "SELECT stream, seq, at, actor, cause, kind, body, prev_hash, hash FROM journal \
                 WHERE (stream, seq) > ($1, $2) ORDER BY stream, seq LIMIT $3",
            )
            .text(&chain.stream)
            .int(chain.seq)
            .int(AT_ONCE);
            let rows = self.pools().rows(asked).await?;
            for row in &rows {
                if let Err(bad) = chain.follow(row, found)? {
                    found.first_bad = Some(bad);
                    return Ok(());
                }
            }
            progress(found.rows);
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn verify_content(
        &self,
        found: &mut Verification,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), StoreError> {
        let mut last = String::new();
        loop {
            let asked = Sql::of(
                "SELECT sealed, kind, salt, text FROM content WHERE sealed > $1 AND text IS NOT NULL ORDER BY sealed LIMIT $2",
            )
            .text(&last)
            .int(AT_ONCE);
            let rows = self.pools().rows(asked).await?;
            for row in &rows {
                last = row.text(0)?;
                found.texts += 1;
                if !content_of(row).is_ok_and(|content| content.holds()) {
                    found.first_bad = Some(BadRow {
                        row: format!("content {last}"),
                        why: "the text does not answer the commitment in the journal".into(),
                    });
                    return Ok(());
                }
            }
            progress(found.rows + found.texts);
            if rows.is_empty() {
                return Ok(());
            }
        }
    }
}

impl Chain {
    /// Takes the next row; `Ok(Err(..))` says what is wrong with it.
    fn follow(
        &mut self,
        row: &Row,
        found: &mut Verification,
    ) -> Result<Result<(), BadRow>, StoreError> {
        let stream = row.text(0)?;
        let seq = row.int(1)?;
        if stream != self.stream {
            found.streams += 1;
            *self = Self {
                stream: stream.clone(),
                seq: 0,
                hash: genesis(),
            };
        }
        found.rows += 1;
        let wrong = self.wrong(row, seq)?;
        self.seq = seq;
        if let Some(hash) = Digest::parse(&row.text(8)?) {
            self.hash = hash;
        }
        Ok(match wrong {
            Some(why) => Err(BadRow {
                row: super::journal::row_name(&StreamId::new(stream), unsigned(seq)),
                why: why.into(),
            }),
            None => Ok(()),
        })
    }

    fn wrong(&self, row: &Row, seq: i64) -> Result<Option<&'static str>, StoreError> {
        if seq != self.seq + 1 {
            return Ok(Some("the row before it is missing"));
        }
        if row.text(7)? != self.hash.to_string() {
            return Ok(Some("it does not name the hash of the row before it"));
        }
        let (actor, body) = (row.text(3)?, row.text(6)?);
        let link = Link {
            stream: &StreamId::new(self.stream.as_str()),
            seq: unsigned(seq),
            at: At(row.int(2)?),
            actor: &actor,
            cause: &CommandId::new(row.text(4)?),
            body: &body,
        };
        if link.hash(&self.hash).to_string() != row.text(8)? {
            return Ok(Some("its content does not give its hash"));
        }
        // The kind is a copy for searching, and the only column that the hash does not cover.
        if !tag(&body).is_ok_and(|kind| row.text(5).is_ok_and(|stored| stored == kind)) {
            return Ok(Some("its kind is not the one of its event"));
        }
        Ok(None)
    }
}

/// The `event` tag of an event's JSON.
pub(super) fn tag(body: &str) -> Result<String, StoreError> {
    #[derive(Deserialize)]
    struct Tagged {
        event: String,
    }
    parsed::<Tagged>(body, || "an event".into()).map(|tagged| tagged.event)
}
