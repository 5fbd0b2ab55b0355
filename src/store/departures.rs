//! The writes that went out: a projection of the journal, counted for the limits of the contract.

use super::error::StoreError;
use super::journal::unsigned;
use super::sql::{Sql, Tx};
use crate::domain::case::Case;
use crate::domain::case::context::Departures;
use crate::domain::case::event::Phase;
use crate::domain::case::gate::is_write;
use crate::domain::ids::DraftId;
use crate::domain::time::At;

/// What everybody who counts departures takes in turn, so that two processes never both take the last place.
const TURNSTILE: &str = "departures";

/// The row of a departure, unless it is only a notice to a role, which is no write.
pub(super) fn departure_row(
    case: &Case,
    (draft, phase): (&DraftId, Phase),
    (position, at): (i64, At),
) -> Option<Sql> {
    let progress = case.draft(draft)?;
    if !is_write(progress, phase) {
        return None;
    }
    let queue = case.verdict.as_ref().map(|verdict| verdict.queue.as_str());
    Some(Sql::row().int(position).int(at.0).maybe_text(queue))
}

/// How many went out after a moment, and how many of them from a queue.
pub(super) async fn count(
    tx: &mut Tx,
    after: At,
    queue: Option<&str>,
) -> Result<Departures, StoreError> {
    tx.lock([TURNSTILE]).await?;
    let asked = Sql::of(
        "SELECT count(*), count(CASE WHEN queue = $2 THEN 1 END) FROM departures WHERE at > $1",
    )
    .int(after.0)
    .maybe_text(queue);
    let Some(row) = tx.row(asked).await? else {
        return Ok(Departures::default());
    };
    Ok(Departures {
        overall: unsigned(row.int(0)?),
        in_queue: unsigned(row.int(1)?),
    })
}
