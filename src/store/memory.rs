//! What is kept beside the journal: every policy by its digest, small facts of the process itself, and how often
//! something changed that several processes remember.

use super::Store;
use super::error::StoreError;
use super::journal::unsigned;
use super::sql::{Sql, Tx};
use super::together::Memo;
use crate::domain::digest::Digest;
use crate::domain::time::At;

impl Store {
    /// Keeps a policy under its digest: the canonical JSON of `{file name: document}`. A known one stays as it is.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn put_policy(
        &self,
        digest: &Digest,
        documents: &str,
        at: At,
    ) -> Result<(), StoreError> {
        let kept = Sql::of(
            "INSERT INTO policies (digest, documents, first_seen_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
        )
        .text(digest.to_string())
        .text(documents)
        .int(at.0);
        self.pools().run(kept).await?;
        Ok(())
    }

    /// The documents of a policy that was ever in force, as they were given to [`Store::put_policy`].
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn policy(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        let asked =
            Sql::of("SELECT documents FROM policies WHERE digest = $1").text(digest.to_string());
        match self.pools().row(asked).await? {
            Some(row) => row.text(0).map(Some),
            None => Ok(None),
        }
    }

    /// Remembers a small fact under a name, in place of what was there, in one commit with whatever else waits to be
    /// stored. No customer text, no secret.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn remember(&self, name: &str, value: &str, at: At) -> Result<(), StoreError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.remembered_with_others(Memo { name, value, at }).await
    }

    /// What was remembered under a name, and when.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn recall(&self, name: &str) -> Result<Option<(String, At)>, StoreError> {
        let asked = Sql::of("SELECT value, at FROM memos WHERE name = $1").text(name);
        match self.pools().row(asked).await? {
            Some(row) => Ok(Some((row.text(0)?, At(row.int(1)?)))),
            None => Ok(None),
        }
    }

    /// Counts one more change of something, for every process on this database.
    ///
    /// # Errors
    /// `Busy` and `Away`: the others do not know of the change.
    pub async fn count_change(&self, of: Changing) -> Result<(), StoreError> {
        let counted = Sql::of(
            "INSERT INTO counters (name, value) VALUES ($1, 1) \
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
        )
        .text(of.word());
        self.pools().run(counted).await?;
        Ok(())
    }

    /// How often something changed so far. What was remembered under another number counts no more.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn changes(&self, of: Changing) -> Result<u64, StoreError> {
        let asked = Sql::of("SELECT value FROM counters WHERE name = $1").text(of.word());
        match self.pools().row(asked).await? {
            Some(row) => Ok(unsigned(row.int(0)?)),
            None => Ok(0),
        }
    }
}

/// Keeps facts, each of another name; the caller commits.
pub(super) async fn put_memos(
    tx: &mut Tx,
    memos: impl IntoIterator<Item = &Memo>,
) -> Result<(), StoreError> {
    let row = |memo: &Memo| Sql::row().text(&memo.name).text(&memo.value).int(memo.at.0);
    tx.many(
        "INSERT INTO memos (name, value, at)",
        memos.into_iter().map(row).collect(),
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
    )
    .await?;
    Ok(())
}

/// What processes remember for a while, until one of them hears of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changing {
    /// Accounts and groups.
    People,
}

impl Changing {
    const fn word(self) -> &'static str {
        match self {
            Self::People => "changes of people",
        }
    }
}
