//! `GET /metrics`: what this process counted, and what stands in the database at this moment.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::health::{Look, Readiness};
use super::reply::refuse;
use crate::domain::time::Span;
use crate::store::Condition;
use crate::telemetry::catalogue::{
    BUILD, DATABASE_UP, INBOX_AGE, INBOX_DEPTH, MISSING_CARDS, OPEN_CASES, OUTBOX_AGE,
    OUTBOX_DEPTH, PAUSED, PENDING, REQUEST_TIME, REQUESTS, SLA_LEFT, TROUBLE, WITH_ROLE,
};
use crate::telemetry::metrics::CONTENT_TYPE;
use crate::telemetry::{Reading, Stopwatch};

/// The page. The database is read once for it; what is counted while requests run costs the database nothing.
pub(super) async fn page(State(readiness): State<Readiness>) -> Response {
    let look = readiness.look().await;
    match readiness.metrics().page(&readings(&look)) {
        Ok(page) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], page).into_response(),
        Err(_) => {
            let said = "the page could not be written; ask again";
            refuse(StatusCode::INTERNAL_SERVER_ERROR, &[said])
        }
    }
}

/// Counts a request by the pattern of its address and by its status, and how long its answer took.
pub(super) async fn counted(
    State(readiness): State<Readiness>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let watch = Stopwatch::start();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    let metrics = readiness.metrics();
    metrics.count(&REQUESTS, [route, response.status().as_str()]);
    metrics.observe(&REQUEST_TIME, [route], watch.seconds());
    response
}

fn readings(look: &Look) -> Vec<Reading> {
    let up = look.condition.is_some();
    let mut readings = vec![
        Reading::of(&BUILD, [env!("CARGO_PKG_VERSION")], 1.0),
        Reading::of(&DATABASE_UP, [], f64::from(u8::from(up))),
    ];
    let troubles = look.troubles.iter();
    readings.extend(troubles.map(|one| Reading::of(&TROUBLE, [one.cause.word()], 1.0)));
    if let Some(condition) = &look.condition {
        readings.extend(of_backlog(condition, look));
        readings.extend(of_queue(condition, look));
    }
    readings
}

fn of_backlog(condition: &Condition, look: &Look) -> [Reading; 8] {
    let backlog = &condition.backlog;
    let age = |since: Option<_>| since.map_or(0.0, |since| seconds(look.now.since(since)).max(0.0));
    let paused = u8::from(condition.board.pause.is_some());
    [
        Reading::of(&INBOX_DEPTH, [], number(backlog.commands)),
        Reading::of(&INBOX_AGE, [], age(backlog.oldest_command)),
        Reading::of(&OUTBOX_DEPTH, ["due"], number(backlog.due_effects)),
        Reading::of(&OUTBOX_DEPTH, ["later"], number(backlog.later_effects)),
        Reading::of(&OUTBOX_DEPTH, ["given_up"], number(backlog.failed_effects)),
        Reading::of(&OUTBOX_AGE, [], age(backlog.oldest_effect)),
        Reading::of(&MISSING_CARDS, [], number(backlog.missing_cards)),
        Reading::of(&PAUSED, [], f64::from(paused)),
    ]
}

fn of_queue<'a>(condition: &'a Condition, look: &'a Look) -> impl Iterator<Item = Reading> + 'a {
    let queue = &condition.queue;
    let stages = queue.stages.iter();
    let roles = queue.roles.iter();
    let rules = queue.rules.iter();
    let soonest = queue.soonest.iter();
    stages
        .map(|(stage, n)| Reading::of(&OPEN_CASES, [stage.word()], number(*n)))
        .chain(roles.map(|(role, n)| Reading::of(&WITH_ROLE, [role.word()], number(*n))))
        .chain(rules.map(|(rule, n)| Reading::of(&PENDING, [rule.as_str()], number(*n))))
        .chain(soonest.map(|(rule, due)| {
            let left = seconds(due.since(look.now));
            Reading::of(&SLA_LEFT, [rule.as_str()], left)
        }))
}

fn number(n: u64) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

fn seconds(span: Span) -> f64 {
    let whole = Duration::from_millis(span.0.unsigned_abs()).as_secs_f64();
    if span.0 < 0 { -whole } else { whole }
}
