//! What is kept beside the journal: every policy by its digest, and small facts of the process itself.

use super::Store;
use super::error::StoreError;
use super::sql::Sql;
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

    /// Remembers a small fact under a name, in place of what was there. No customer text, no secret.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn remember(&self, name: &str, value: &str, at: At) -> Result<(), StoreError> {
        let kept = Sql::of(
            "INSERT INTO memos (name, value, at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
        )
        .text(name)
        .text(value)
        .int(at.0);
        self.pools().run(kept).await?;
        Ok(())
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
}
