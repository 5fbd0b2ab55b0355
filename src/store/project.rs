//! Projections: the rows that lists, buttons and searches read, made from events alone in the commit of those events.

use super::Store;
use super::departures::put_departure;
use super::error::StoreError;
use super::journal::{recorded, signed};
use super::similar::{headline, normal_words, outcome, proposed};
use super::sql::{Sql, Tx};
use crate::domain::approval::RequestState;
use crate::domain::board::BoardEvent;
use crate::domain::case::Case;
use crate::domain::case::event::{CaseEvent, ShownView};
use crate::domain::case::face::shown_view;
use crate::domain::ids::{CardId, CaseId, ChannelId, RequestId, StreamId};
use crate::domain::journal::{Event, Recorded};
use crate::domain::time::At;

/// An event with its place in the whole journal.
pub(super) struct Placed {
    pub(super) position: i64,
    pub(super) recorded: Recorded<Event>,
}

impl Store {
    /// Empties every projection and makes it again from the journal, in one commit.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` naming the row that does not read.
    pub async fn rebuild_projections(&self) -> Result<(), StoreError> {
        let mut tx = self.pools().write().await?;
        for table in [
            "views",
            "cards",
            "request_people",
            "requests",
            "cases",
            "examples",
            "departures",
        ] {
            tx.run(Sql::of(format!("DELETE FROM {table}"))).await?;
        }
        let streams = tx
            .rows(Sql::of(
                "SELECT DISTINCT stream FROM journal ORDER BY stream",
            ))
            .await?;
        for row in streams {
            rebuild_stream(&mut tx, &StreamId::new(row.text(0)?)).await?;
        }
        tx.commit().await
    }
}

/// Replays one stream commit by commit: the events of one commit share their cause.
async fn rebuild_stream(tx: &mut Tx, stream: &StreamId) -> Result<(), StoreError> {
    let rows = tx.rows(super::journal::after(stream, 0)).await?;
    let placed = rows
        .iter()
        .map(|row| {
            Ok(Placed {
                position: row.int(8)?,
                recorded: recorded(row)?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut case =
        (*stream != StreamId::board()).then(|| Case::empty(CaseId::new(stream.as_str())));
    for commit in placed.chunk_by(|one, next| one.recorded.cause == next.recorded.cause) {
        for one in commit {
            if let (Some(case), Event::Case(event)) = (&mut case, &one.recorded.event) {
                case.apply(one.recorded.at, event);
            }
        }
        project(tx, case.as_ref(), commit).await?;
    }
    Ok(())
}

/// Writes what the events of one commit change. `case` is folded up to the last of them.
pub(super) async fn project(
    tx: &mut Tx,
    case: Option<&Case>,
    commit: &[Placed],
) -> Result<(), StoreError> {
    for one in commit {
        let at = one.recorded.at;
        match (&one.recorded.event, case) {
            (Event::Case(CaseEvent::Shown { view }), Some(case)) => {
                put_view(tx, &case.id, view, at).await?;
            }
            (Event::Case(CaseEvent::CardPosted { card, channel, ts }), _)
            | (Event::Board(BoardEvent::CardPosted { card, channel, ts }), _) => {
                put_card(tx, &one.recorded, (card, channel, ts)).await?;
            }
            (Event::Case(CaseEvent::Departed { draft, phase, .. }), Some(case)) => {
                put_departure(tx, case, (draft, *phase), (one.position, at)).await?;
            }
            (Event::Case(event), Some(case)) => {
                if let Some(request) = request_of(event) {
                    put_request(tx, case, request).await?;
                }
                if let CaseEvent::Settled { request, .. } = event {
                    put_example(tx, case, request, one.position).await?;
                }
            }
            _ => {}
        }
    }
    match case {
        Some(case) if case.ticket.is_some() => put_case(tx, case).await,
        _ => Ok(()),
    }
}

/// The request whose row an event changes.
const fn request_of(event: &CaseEvent) -> Option<&RequestId> {
    match event {
        CaseEvent::ApprovalRequested { request } => Some(&request.id),
        CaseEvent::ApproversFound { request, .. }
        | CaseEvent::Batched { request, .. }
        | CaseEvent::Decided { request, .. }
        | CaseEvent::Settled { request, .. }
        | CaseEvent::Lapsed { request, .. } => Some(request),
        _ => None,
    }
}

async fn put_view(tx: &mut Tx, case: &CaseId, view: &ShownView, at: At) -> Result<(), StoreError> {
    // The same rendering shown again keeps the moment at which it was shown first.
    tx.run(
        Sql::of(
            "INSERT INTO views (view_id, card_id, case_id, request_id, escalation_id, subject, digest, rendering, surface, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (view_id) DO NOTHING",
        )
        .text(view.view.as_str())
        .text(view.card.as_str())
        .text(case.as_str())
        .maybe_text(view.request.as_ref().map(RequestId::as_str))
        .maybe_text(view.escalation.as_ref().map(|id| id.as_str()))
        .text(view.subject.to_string())
        .text(view.digest.to_string())
        .text(view.rendering.0.to_string())
        .text(&view.surface)
        .int(at.0),
    )
    .await?;
    Ok(())
}

async fn put_card(
    tx: &mut Tx,
    recorded: &Recorded<Event>,
    (card, channel, ts): (&CardId, &ChannelId, &String),
) -> Result<(), StoreError> {
    tx.run(
        Sql::of(
            "INSERT INTO cards (card_id, stream, channel, ts, updated_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (card_id) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, updated_at = excluded.updated_at",
        )
        .text(card.as_str())
        .text(recorded.stream.as_str())
        .text(channel.as_str())
        .text(ts)
        .int(recorded.at.0),
    )
    .await?;
    Ok(())
}

async fn put_case(tx: &mut Tx, case: &Case) -> Result<(), StoreError> {
    let Some(ticket) = &case.ticket else {
        return Ok(());
    };
    let open = case.open_escalations().last();
    let role = open.map(|(escalation, _)| escalation.role.word());
    let questions = case.pending().map(|one| {
        let asking = &one.request.asking;
        (asking.due_at, asking.approver_rule.as_str())
    });
    let untaken = case
        .open_escalations()
        .filter(|(_, progress)| progress.taken.is_none())
        .filter_map(|(escalation, _)| Some((escalation.due_at?, escalation.role.word())));
    // The deadline and the people are of one and the same question: the one that runs out first.
    let first = questions.chain(untaken).min_by_key(|(due_at, _)| *due_at);
    let waiting_on = first.map(|(_, who)| who).or(role);
    let due_at = first.map(|(due_at, _)| due_at);
    let verdict = case.verdict.as_ref();
    let queue = verdict
        .map(|verdict| verdict.queue.as_str())
        .or(ticket.queue.as_deref());
    tx.run(
        Sql::of(
            "INSERT INTO cases (case_id, number, stage, severity, category, queue, role, headline, waiting_on, taken_by, \
             due_at, opened_at, changed_at, source, external) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             ON CONFLICT (case_id) DO UPDATE SET stage = excluded.stage, severity = excluded.severity, \
             category = excluded.category, queue = excluded.queue, role = excluded.role, headline = excluded.headline, \
             waiting_on = excluded.waiting_on, taken_by = excluded.taken_by, due_at = excluded.due_at, changed_at = excluded.changed_at",
        )
        .text(case.id.as_str())
        .int(signed(case.number))
        .text(case.stage().word())
        .maybe_int(verdict.map(|verdict| verdict.severity.level().into()))
        .maybe_text(verdict.map(|verdict| verdict.category.word()))
        .maybe_text(queue)
        .maybe_text(role)
        .maybe_text(shown_view(case).map(|view| view.text.0.to_string()))
        .maybe_text(waiting_on)
        .maybe_text(open.and_then(|(_, progress)| progress.taken.as_ref()).map(|(person, _)| person.user.as_str()))
        .maybe_int(due_at.map(|at| at.0))
        .int(case.opened_at.0)
        .int(case.changed_at.0)
        .text(ticket.source.as_str())
        .text(&ticket.external),
    )
    .await?;
    Ok(())
}

async fn put_request(tx: &mut Tx, case: &Case, id: &RequestId) -> Result<(), StoreError> {
    let Some(progress) = case.request(id) else {
        return Ok(());
    };
    let request = &progress.request;
    let action = case
        .draft(&request.draft)
        .map_or("", |draft| draft.draft.action.kind().word());
    tx.run(
        Sql::of(
            "INSERT INTO requests (request_id, case_id, rule, state, tier, action, batch_id, due_at, asked_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (request_id) DO UPDATE SET state = excluded.state, batch_id = excluded.batch_id, changed_at = excluded.changed_at",
        )
        .text(id.as_str())
        .text(case.id.as_str())
        .text(request.asking.approver_rule.as_str())
        .text(progress.state.word())
        .text(request.tier.word())
        .text(action)
        .maybe_text(progress.batch.as_ref().map(|(batch, _)| batch.as_str()))
        .int(request.asking.due_at.0)
        .int(request.asked_at.0)
        .int(progress.changed_at.0),
    )
    .await?;
    for person in &progress.approvers {
        tx.run(
            Sql::of("INSERT INTO request_people (request_id, user_id) VALUES ($1, $2) ON CONFLICT (request_id, user_id) DO NOTHING")
                .text(id.as_str())
                .text(person.user.as_str()),
        )
        .await?;
    }
    Ok(())
}

/// Keeps a decided draft with the redacted text it answered, or what became of one that is kept already.
async fn put_example(
    tx: &mut Tx,
    case: &Case,
    id: &RequestId,
    position: i64,
) -> Result<(), StoreError> {
    let (Some(progress), Some(view)) = (case.request(id), &case.view) else {
        return Ok(());
    };
    let Some(draft) = case.draft(&progress.request.draft) else {
        return Ok(());
    };
    let kept = matches!(
        progress.state,
        RequestState::Approved | RequestState::Rejected | RequestState::Undone
    );
    let asked = Sql::of("SELECT text FROM content WHERE sealed = $1 AND text IS NOT NULL")
        .text(view.text.0.to_string());
    let (true, Some(row)) = (kept, tx.row(asked).await?) else {
        return Ok(());
    };
    let text = row.text(0)?;
    tx.run(
        Sql::of(
            "INSERT INTO examples (position, request_id, case_id, number, action, headline, proposed, outcome, words) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (request_id) DO UPDATE SET outcome = excluded.outcome",
        )
        .int(position)
        .text(id.as_str())
        .text(case.id.as_str())
        .int(signed(case.number))
        .text(draft.draft.action.kind().word())
        .text(headline(&text))
        .text(proposed(&draft.draft.action))
        .text(outcome(progress, &draft.draft))
        .text(normal_words(&text).join(" ")),
    )
    .await?;
    Ok(())
}
