//! Effects on their way out: planned with the events, leased to one worker at a time, fenced by attempt.

use super::Store;
use super::dialect::Dialect;
use super::error::StoreError;
use super::journal::{parsed, signed, unsigned};
use super::sql::{Row, Sql, Tx};
use crate::domain::case::effect::Planned;
use crate::domain::ids::{EffectId, StreamId};
use crate::domain::journal::AnyEffect;
use crate::domain::time::{At, Span};

/// An effect that this worker may carry out until its lease runs out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leased {
    /// The effect. Its id is the idempotency key towards the outside.
    pub planned: Planned<AnyEffect>,
    /// The stream that it follows from.
    pub stream: StreamId,
    /// How often it was leased, this time included.
    pub attempts: u64,
    /// Who holds it.
    pub owner: String,
    /// Until when.
    pub until: At,
}

/// What a worker is offered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offer {
    /// An effect.
    Leased(Box<Leased>),
    /// Something is due, and every place for it is taken.
    Full,
    /// Nothing is due.
    Nothing,
}

/// How many effects that reach outside may be under way at once, over all processes together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    /// Of all queues.
    pub overall: u32,
    /// Of single queues that have fewer.
    pub queues: Vec<(String, u32)>,
}

/// What everybody who takes a place passes, one at a time, so that two processes never both take the last one.
const TURNSTILE: &str = "places";

/// Whether a lease still was ours when something was said about the effect.
#[must_use = "a lost lease means that somebody else has the effect, and that nothing was changed"]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fence {
    /// It was ours, and what was said is stored.
    Kept,
    /// Somebody else took the effect over, or it is finished; nothing was changed.
    Lost,
}

/// Holds while the lease of the effect `$1` is owner `$2`'s attempt `$3`.
const HELD: &str = "id = $1 AND lease_owner = $2 AND attempts = $3 AND status = 'waiting'";

impl Store {
    /// Leases the most urgent effect that is due and finds a place.
    ///
    /// An effect whose coalescing key is being worked on waits, so that two states of one card never race.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn lease_effect(
        &self,
        worker: &str,
        now: At,
        lease: Span,
        places: &Places,
    ) -> Result<Offer, StoreError> {
        let due = Sql::of(
            "SELECT 1 FROM outbox WHERE status = 'waiting' AND due_at <= $1 \
             AND (lease_owner IS NULL OR lease_until <= $1) LIMIT 1",
        );
        if self.pools().row(due.int(now.0)).await?.is_none() {
            return Ok(Offer::Nothing);
        }
        let mut tx = self.pools().lease().await?;
        tx.lock([TURNSTILE]).await?;
        let until = now.plus(lease);
        let row = tx
            .row(taking(self.dialect(), places, (worker, now, until)))
            .await?;
        if let Some(row) = row {
            tx.commit().await?;
            let leased = leased_of(&row, worker, until)?;
            return Ok(Offer::Leased(Box::new(leased)));
        }
        let waits = Sql::of(
            "SELECT 1 FROM outbox WHERE outward = 1 AND status = 'waiting' AND due_at <= $1 \
             AND (lease_owner IS NULL OR lease_until <= $1) LIMIT 1",
        );
        Ok(match tx.row(waits.int(now.0)).await? {
            Some(_) => Offer::Full,
            None => Offer::Nothing,
        })
    }

    /// Lengthens a lease, for work that takes longer than expected.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn renew(&self, lease: &Leased, until: At) -> Result<Fence, StoreError> {
        let renewed = Sql::of(format!("UPDATE outbox SET lease_until = $4 WHERE {HELD}"));
        let mut tx = self.pools().write().await?;
        let fence = fence(tx.run(held(renewed, lease).int(until.0)).await?);
        tx.commit().await?;
        Ok(fence)
    }

    /// Says that an effect was carried out.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn done(&self, lease: &Leased) -> Result<Fence, StoreError> {
        self.done_with(lease, &[]).await
    }

    /// Gives an effect back, to be tried again from a moment on.
    ///
    /// When a newer state waits under its coalescing key, that one takes its place and this one is done.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn retry(&self, lease: &Leased, due_at: At, why: &str) -> Result<Fence, StoreError> {
        let mut tx = self.pools().write().await?;
        let overtaken = Sql::of(format!(
            "UPDATE outbox SET status = 'done', last_error = $4 WHERE {HELD} AND EXISTS (SELECT 1 FROM outbox o \
             WHERE o.coalesce_key = outbox.coalesce_key AND o.status = 'waiting' AND o.lease_owner IS NULL)"
        ));
        let mut touched = tx.run(held(overtaken, lease).text(why)).await?;
        if let Some(key) = lease.planned.coalesce.as_ref().filter(|_| touched > 0) {
            // The outside asked for patience, and the newer state is sent to the same place.
            let patient = Sql::of(
                "UPDATE outbox SET due_at = $2 WHERE coalesce_key = $1 AND status = 'waiting' AND lease_owner IS NULL AND due_at < $2",
            );
            tx.run(patient.text(key).int(due_at.0)).await?;
        }
        if touched == 0 {
            let released = Sql::of(format!(
                "UPDATE outbox SET lease_owner = NULL, lease_until = NULL, last_error = $4, due_at = $5 WHERE {HELD}"
            ));
            touched = tx
                .run(held(released, lease).text(why).int(due_at.0))
                .await?;
        }
        tx.commit().await?;
        self.wake();
        Ok(fence(touched))
    }

    /// Tries the cards of a stream now that could not be put up and would be tried after a moment; says how many.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn hasten_cards(
        &self,
        stream: &StreamId,
        now: At,
        after: At,
    ) -> Result<u64, StoreError> {
        let hastened = Sql::of(
            "UPDATE outbox SET due_at = $2 WHERE stream = $1 AND status = 'waiting' AND lease_owner IS NULL \
             AND last_error IS NOT NULL AND coalesce_key LIKE 'card:%' AND due_at > $3",
        )
        .text(stream.as_str())
        .int(now.0)
        .int(after.0);
        let touched = self.pools().run(hastened).await?;
        self.wake();
        Ok(touched)
    }

    /// Says that an effect failed for good. Tell its stream so with `done_with` where it must know.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn failed(&self, lease: &Leased, why: &str) -> Result<Fence, StoreError> {
        let given_up = Sql::of(format!(
            "UPDATE outbox SET status = 'failed', last_error = $4 WHERE {HELD}"
        ));
        let touched = self.pools().run(held(given_up, lease).text(why)).await?;
        self.wake();
        Ok(fence(touched))
    }

    /// When the next effect can be leased; `None` when nothing waits.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn next_due(&self) -> Result<Option<At>, StoreError> {
        let asked = Sql::of(
            "SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) FROM outbox WHERE status = 'waiting'",
        );
        match self.pools().row(asked).await? {
            Some(row) => Ok(row.maybe_int(0)?.map(At)),
            None => Ok(None),
        }
    }
}

/// Marks an effect as carried out, while it is held; the caller commits.
pub(super) async fn finish(tx: &mut Tx, lease: &Leased) -> Result<Fence, StoreError> {
    let finished = Sql::of(format!(
        "UPDATE outbox SET status = 'done', last_error = NULL WHERE {HELD}"
    ));
    Ok(fence(tx.run(held(finished, lease)).await?))
}

/// The statement that leases one effect.
fn taking(dialect: Dialect, places: &Places, (worker, now, until): (&str, At, At)) -> Sql {
    // An effect is under way while its lease runs. A SQLite file has one process: leases of others are of dead ones.
    let ours = match dialect {
        Dialect::Sqlite => " AND o.lease_owner = $1",
        Dialect::Postgres => "",
    };
    let under_way = format!("o.outward = 1 AND o.status = 'waiting' AND o.lease_until > $3{ours}");
    let mut taken = Sql::of(format!(
        "UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1 WHERE position = (\
         SELECT e.position FROM outbox e WHERE e.status = 'waiting' AND e.due_at <= $3 \
         AND (e.lease_owner IS NULL OR e.lease_until <= $3) \
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.coalesce_key = e.coalesce_key AND o.status = 'waiting' \
         AND o.lease_owner IS NOT NULL AND o.position <> e.position) \
         AND (e.outward = 0 OR ((SELECT count(*) FROM outbox o WHERE {under_way}) < $4"
    ))
    .text(worker)
    .int(until.0)
    .int(now.0)
    .int(places.overall.into());
    for (queue, most) in &places.queues {
        let (name, number) = (taken.next(), taken.next() + 1);
        let full = format!(
            " AND NOT ((SELECT c.queue FROM cases c WHERE c.case_id = e.stream) = ${name} \
             AND (SELECT count(*) FROM outbox o JOIN cases c ON c.case_id = o.stream \
             WHERE {under_way} AND c.queue = ${name}) >= ${number})"
        );
        taken = taken.and(&full).text(queue).int((*most).into());
    }
    taken
        .and(")) ORDER BY e.priority, e.due_at, e.position LIMIT 1")
        .and(dialect.skip_locked())
        .and(") RETURNING id, body, due_at, priority, coalesce_key, attempts, stream")
}

fn held(sql: Sql, lease: &Leased) -> Sql {
    sql.text(lease.planned.id.as_str())
        .text(&lease.owner)
        .int(signed(lease.attempts))
}

const fn fence(touched: u64) -> Fence {
    if touched == 0 {
        Fence::Lost
    } else {
        Fence::Kept
    }
}

fn leased_of(row: &Row, owner: &str, until: At) -> Result<Leased, StoreError> {
    let id = EffectId::new(row.text(0)?);
    let name = || format!("outbox {id}");
    Ok(Leased {
        planned: Planned {
            effect: parsed(&row.text(1)?, name)?,
            due_at: At(row.int(2)?),
            priority: u8::try_from(row.int(3)?)
                .map_err(|error| StoreError::corrupt(name(), error))?,
            coalesce: row.maybe_text(4)?,
            id: id.clone(),
        },
        attempts: unsigned(row.int(5)?),
        stream: StreamId::new(row.text(6)?),
        owner: owner.to_owned(),
        until,
    })
}
