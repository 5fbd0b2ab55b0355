//! Commands on their way to a decision: claimed under a lease, in order within each stream.

use super::Store;
use super::error::StoreError;
use super::journal::{parsed, unsigned};
use super::sql::{Row, Sql};
use crate::domain::digest::Digest;
use crate::domain::ids::CommandId;
use crate::domain::journal::Submission;
use crate::domain::time::{At, Span};

/// A command that this worker may decide now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// The command as it came. Its texts are in the content already, so that `contents` is empty.
    pub submission: Submission,
    /// How often it was claimed, this time included.
    pub attempts: u64,
}

impl Store {
    /// Claims the oldest command whose stream has nothing older to decide, until the lease runs out.
    ///
    /// # Errors
    /// As [`Store::next_commands`].
    pub async fn next_command(
        &self,
        worker: &str,
        now: At,
        lease: Span,
    ) -> Result<Option<Claimed>, StoreError> {
        let mut one = self.next_commands(worker, now, lease, 1).await?;
        Ok(one.pop())
    }

    /// Claims commands of different streams, at most `most`, until the lease runs out: of each stream the oldest, and
    /// none while another of its commands is claimed. The oldest first.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn next_commands(
        &self,
        worker: &str,
        now: At,
        lease: Span,
        most: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        // `claimed_until` alone says whether somebody works on a row, so that an expired claim is no claim.
        let claim = Sql::of(
            "UPDATE inbox SET claimed_by = $1, claimed_until = $2, attempts = attempts + 1 WHERE position IN (\
             SELECT i.position FROM inbox i WHERE i.status = 'pending' \
             AND (i.claimed_until IS NULL OR i.claimed_until <= $3) \
             AND NOT EXISTS (SELECT 1 FROM inbox o WHERE o.stream = i.stream AND o.status = 'pending' \
             AND (o.position < i.position OR (o.position > i.position AND o.claimed_until > $3))) \
             ORDER BY i.position LIMIT $4",
        )
        .and(self.dialect().skip_locked())
        .and(") RETURNING id, key, origin, actor, at, body, reply_to, attempts, position")
        .text(worker)
        .int(now.plus(lease).0)
        .int(now.0)
        .int(most.into());
        let mut tx = self.pools().lease().await?;
        let rows = tx.rows(claim).await?;
        if rows.is_empty() {
            return Ok(vec![]);
        }
        tx.commit().await?;
        in_order(&rows)
    }

    /// Gives a claimed command back, to be claimed again from a moment on (by anybody).
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn defer_command(
        &self,
        command: &CommandId,
        worker: &str,
        until: At,
    ) -> Result<(), StoreError> {
        let given_back = Sql::of(
            "UPDATE inbox SET claimed_until = $3 WHERE id = $1 AND claimed_by = $2 AND status = 'pending'",
        )
        .text(command.as_str())
        .text(worker)
        .int(until.0);
        self.pools().run(given_back).await?;
        Ok(())
    }
}

/// The claimed commands, the oldest first. A row that does not read takes no other with it.
fn in_order(rows: &[Row]) -> Result<Vec<Claimed>, StoreError> {
    let mut placed = vec![];
    let mut unread = None;
    for row in rows {
        match claimed_of(row) {
            Ok(claimed) => placed.push((row.int(8)?, claimed)),
            Err(error) => unread = Some(error),
        }
    }
    match unread {
        Some(error) if placed.is_empty() => return Err(error),
        Some(error) => tracing::error!(%error, "a command cannot be decided"),
        None => {}
    }
    placed.sort_by_key(|(position, _)| *position);
    Ok(placed.into_iter().map(|(_, one)| one).collect())
}

fn claimed_of(row: &Row) -> Result<Claimed, StoreError> {
    let id = CommandId::new(row.text(0)?);
    let name = || format!("inbox {id}");
    let origin = Digest::parse(&row.text(2)?)
        .ok_or_else(|| StoreError::corrupt(name(), "its origin is not a digest"))?;
    let reply_to = row.maybe_text(6)?;
    Ok(Claimed {
        submission: Submission {
            key: row.text(1)?,
            origin,
            actor: parsed(&row.text(3)?, name)?,
            at: At(row.int(4)?),
            command: parsed(&row.text(5)?, name)?,
            contents: vec![],
            reply_to: reply_to.map(|text| parsed(&text, name)).transpose()?,
            id: id.clone(),
        },
        attempts: unsigned(row.int(7)?),
    })
}
