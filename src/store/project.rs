//! Projections: the rows that lists, buttons and searches read, made from events alone in the commit of those events.

use std::collections::BTreeMap;

use super::Store;
use super::departures::departure_row;
use super::error::StoreError;
use super::journal::{recorded, signed};
use super::similar::{Example, example_rows};
use super::sql::{Sql, Tx};
use crate::domain::board::BoardEvent;
use crate::domain::case::Case;
use crate::domain::case::event::{CaseEvent, ShownView};
use crate::domain::case::face::shown_view;
use crate::domain::ids::{CardId, CaseId, ChannelId, RequestId, StreamId};
use crate::domain::journal::{Event, Recorded};
use crate::domain::person::Person;
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
        let mut lists = Lists::default();
        lists.follow(case.as_ref(), commit);
        lists.write(tx).await?;
    }
    Ok(())
}

/// What the events of one commit change, of all its streams. Each row is written once, as it is in the end.
#[derive(Default)]
pub(super) struct Lists {
    views: Vec<Sql>,
    cards: BTreeMap<CardId, Sql>,
    departures: Vec<Sql>,
    requests: BTreeMap<RequestId, Sql>,
    people: Vec<Sql>,
    examples: BTreeMap<RequestId, Example>,
    cases: BTreeMap<CaseId, Sql>,
}

impl Lists {
    /// Follows the events of one stream. `case` is folded up to the last of them.
    pub(super) fn follow(&mut self, case: Option<&Case>, commit: &[Placed]) {
        for one in commit {
            let at = one.recorded.at;
            match (&one.recorded.event, case) {
                (Event::Case(CaseEvent::Shown { view }), Some(case)) => {
                    self.views.push(view_row(&case.id, view, at));
                }
                (Event::Case(CaseEvent::CardPosted { card, channel, ts }), _)
                | (Event::Board(BoardEvent::CardPosted { card, channel, ts }), _) => {
                    let row = card_row(&one.recorded, (card, channel, ts));
                    self.cards.insert(card.clone(), row);
                }
                (Event::Case(CaseEvent::Departed { draft, phase, .. }), Some(case)) => {
                    let row = departure_row(case, (draft, *phase), (one.position, at));
                    self.departures.extend(row);
                }
                (Event::Case(event), Some(case)) => self.follow_request(case, event, one.position),
                _ => {}
            }
        }
        if let Some(case) = case.filter(|_| !commit.is_empty())
            && let Some(row) = case_row(case)
        {
            self.cases.insert(case.id.clone(), row);
        }
    }

    fn follow_request(&mut self, case: &Case, event: &CaseEvent, position: i64) {
        let Some(request) = request_of(event) else {
            return;
        };
        if let Some(row) = request_row(case, request) {
            self.requests.insert(request.clone(), row);
        }
        match event {
            CaseEvent::ApproversFound { people, .. } => {
                let row =
                    |person: &Person| Sql::row().text(request.as_str()).text(person.user.as_str());
                self.people.extend(people.iter().map(row));
            }
            CaseEvent::Settled { .. } => {
                if let Some(example) = Example::of(case, request, position) {
                    self.examples.insert(request.clone(), example);
                }
            }
            _ => {}
        }
    }

    /// Writes the rows; the caller commits.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let examples = example_rows(tx, self.examples.into_values().collect()).await?;
        for (head, rows, tail) in [
            (
                // The same rendering shown again keeps the moment at which it was shown first.
                "INSERT INTO views (view_id, card_id, case_id, request_id, escalation_id, subject, digest, rendering, surface, at)",
                self.views,
                " ON CONFLICT (view_id) DO NOTHING",
            ),
            (
                "INSERT INTO cards (card_id, stream, channel, ts, updated_at)",
                self.cards.into_values().collect(),
                " ON CONFLICT (card_id) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, updated_at = excluded.updated_at",
            ),
            (
                "INSERT INTO departures (position, at, queue)",
                self.departures,
                "",
            ),
            (
                "INSERT INTO requests (request_id, case_id, rule, state, tier, action, batch_id, due_at, asked_at, changed_at)",
                self.requests.into_values().collect(),
                " ON CONFLICT (request_id) DO UPDATE SET state = excluded.state, batch_id = excluded.batch_id, changed_at = excluded.changed_at",
            ),
            (
                "INSERT INTO request_people (request_id, user_id)",
                self.people,
                " ON CONFLICT (request_id, user_id) DO NOTHING",
            ),
            (
                "INSERT INTO examples (position, request_id, case_id, number, action, headline, proposed, outcome, words)",
                examples,
                " ON CONFLICT (request_id) DO UPDATE SET outcome = excluded.outcome",
            ),
            (
                "INSERT INTO cases (case_id, number, stage, severity, category, queue, role, headline, waiting_on, taken_by, \
                 due_at, opened_at, changed_at, source, external)",
                self.cases.into_values().collect(),
                " ON CONFLICT (case_id) DO UPDATE SET stage = excluded.stage, severity = excluded.severity, \
                 category = excluded.category, queue = excluded.queue, role = excluded.role, headline = excluded.headline, \
                 waiting_on = excluded.waiting_on, taken_by = excluded.taken_by, due_at = excluded.due_at, changed_at = excluded.changed_at",
            ),
        ] {
            tx.many(head, rows, tail).await?;
        }
        Ok(())
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

fn view_row(case: &CaseId, view: &ShownView, at: At) -> Sql {
    Sql::row()
        .text(view.view.as_str())
        .text(view.card.as_str())
        .text(case.as_str())
        .maybe_text(view.request.as_ref().map(RequestId::as_str))
        .maybe_text(view.escalation.as_ref().map(|id| id.as_str()))
        .text(view.subject.to_string())
        .text(view.digest.to_string())
        .text(view.rendering.0.to_string())
        .text(&view.surface)
        .int(at.0)
}

fn card_row(
    recorded: &Recorded<Event>,
    (card, channel, ts): (&CardId, &ChannelId, &String),
) -> Sql {
    Sql::row()
        .text(card.as_str())
        .text(recorded.stream.as_str())
        .text(channel.as_str())
        .text(ts)
        .int(recorded.at.0)
}

fn case_row(case: &Case) -> Option<Sql> {
    let ticket = case.ticket.as_ref()?;
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
    let row = Sql::row()
        .text(case.id.as_str())
        .int(signed(case.number))
        .text(case.stage().word())
        .maybe_int(verdict.map(|verdict| verdict.severity.level().into()))
        .maybe_text(verdict.map(|verdict| verdict.category.word()))
        .maybe_text(queue)
        .maybe_text(role)
        .maybe_text(shown_view(case).map(|view| view.text.0.to_string()))
        .maybe_text(waiting_on)
        .maybe_text(
            open.and_then(|(_, progress)| progress.taken.as_ref())
                .map(|(person, _)| person.user.as_str()),
        )
        .maybe_int(due_at.map(|at| at.0))
        .int(case.opened_at.0)
        .int(case.changed_at.0)
        .text(ticket.source.as_str())
        .text(&ticket.external);
    Some(row)
}

fn request_row(case: &Case, id: &RequestId) -> Option<Sql> {
    let progress = case.request(id)?;
    let request = &progress.request;
    let action = case
        .draft(&request.draft)
        .map_or("", |draft| draft.draft.action.kind().word());
    let row = Sql::row()
        .text(id.as_str())
        .text(case.id.as_str())
        .text(request.asking.approver_rule.as_str())
        .text(progress.state.word())
        .text(request.tier.word())
        .text(action)
        .maybe_text(progress.batch.as_ref().map(|(batch, _)| batch.as_str()))
        .int(request.asking.due_at.0)
        .int(request.asked_at.0)
        .int(progress.changed_at.0);
    Some(row)
}
