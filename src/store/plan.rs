//! Effects on their way into the outbox: what waits under one key is one row, also within one commit.

use std::collections::HashMap;

use super::error::StoreError;
use super::journal::canonical;
use super::sql::{Sql, Tx};
use crate::domain::case::effect::Planned;
use crate::domain::ids::StreamId;
use crate::domain::journal::AnyEffect;

/// The effects that a turn plans.
#[derive(Default)]
pub(super) struct Plans {
    rows: Vec<(StreamId, Planned<AnyEffect>)>,
    /// The place of the row under each coalescing key.
    keys: HashMap<String, usize>,
}

impl Plans {
    /// Adds effects of a stream. Under a key that is there the row keeps its id and its place, and takes the newer
    /// state and the earlier moment: as it does with a row that waits in the outbox.
    pub(super) fn add(&mut self, stream: &StreamId, effects: &[Planned<AnyEffect>]) {
        for new in effects {
            let there = new.coalesce.as_ref().and_then(|key| self.keys.get(key));
            if let Some((of, old)) = there.and_then(|place| self.rows.get_mut(*place)) {
                of.clone_from(stream);
                old.effect.clone_from(&new.effect);
                old.due_at = old.due_at.min(new.due_at);
                old.priority = old.priority.min(new.priority);
                continue;
            }
            if let Some(key) = &new.coalesce {
                self.keys.insert(key.clone(), self.rows.len());
            }
            self.rows.push((stream.clone(), new.clone()));
        }
    }

    /// Writes them; the caller commits. Those of several streams are written in the order of their keys: everybody then
    /// takes the rows under keys in one order, and no two turns ever wait for each other.
    pub(super) async fn write(mut self, tx: &mut Tx, several: bool) -> Result<(), StoreError> {
        if several {
            self.rows
                .sort_by(|(_, one), (_, other)| one.coalesce.cmp(&other.coalesce));
        }
        let rows = self
            .rows
            .iter()
            .map(|(stream, planned)| row_of(stream, planned));
        tx.many(
            "INSERT INTO outbox (id, stream, body, due_at, priority, coalesce_key, tells, outward)",
            rows.collect::<Result<_, _>>()?,
            " ON CONFLICT (coalesce_key) WHERE status = 'waiting' AND lease_owner IS NULL DO UPDATE SET \
             stream = excluded.stream, body = excluded.body, \
             due_at = CASE WHEN excluded.due_at < outbox.due_at THEN excluded.due_at ELSE outbox.due_at END, \
             priority = CASE WHEN excluded.priority < outbox.priority THEN excluded.priority ELSE outbox.priority END",
        )
        .await?;
        Ok(())
    }
}

fn row_of(stream: &StreamId, planned: &Planned<AnyEffect>) -> Result<Sql, StoreError> {
    let tells = match &planned.effect {
        AnyEffect::Tell { command, .. } => Some(command.as_str()),
        AnyEffect::Case { .. } | AnyEffect::Board { .. } => None,
    };
    let outward = matches!(&planned.effect, AnyEffect::Case { effect, .. } if effect.reaches_out());
    Ok(Sql::row()
        .text(planned.id.as_str())
        .text(stream.as_str())
        .text(canonical(&planned.effect)?)
        .int(planned.due_at.0)
        .int(planned.priority.into())
        .maybe_text(planned.coalesce.as_deref())
        .maybe_text(tells)
        .int(outward.into()))
}
