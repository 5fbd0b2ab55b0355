//! The page's API: one snapshot, a stream that says when it is stale, and what a person may do.

mod acts;
mod assets;
mod snapshot;

use super::world::World;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// All routes of the page.
pub(super) fn routes(stop: CancellationToken) -> Router<Arc<World>> {
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{name}", get(assets::asset))
        .route("/ui/state", get(state))
        .route("/ui/events", get(move |world| events(world, stop)))
        .route("/ui/click", post(acts::click))
        .route("/ui/submit", post(acts::submit))
        .route("/ui/close", post(acts::close))
        .route("/ui/slash", post(acts::slash))
        .route("/ui/message", post(acts::message))
        .route("/ui/home", post(acts::home))
}

async fn state(Shared(world): Shared<Arc<World>>, RawQuery(query): RawQuery) -> Response {
    let pairs = super::form::decode(&query.unwrap_or_default());
    let who = pairs
        .into_iter()
        .find(|(name, _)| name == "as")
        .map(|(_, value)| value);
    let who = who.unwrap_or_else(|| "U0LEAD0001".to_owned());
    axum::Json(snapshot::of(&world, &who)).into_response()
}

/// At most this many events a second go out, however much happens.
const CALM: Duration = Duration::from_millis(60);
/// A comment now and then, so that a dead connection is noticed.
const BEAT: Duration = Duration::from_secs(15);

/// `GET /ui/events`: one `changed` at the beginning and one after every change.
async fn events(Shared(world): Shared<Arc<World>>, stop: CancellationToken) -> Response {
    let changes = futures_util::stream::unfold(
        (world.changed.subscribe(), true),
        |(mut changed, first)| async move {
            if first {
                return Some((CHANGED, (changed, false)));
            }
            tokio::time::sleep(CALM).await;
            match tokio::time::timeout(BEAT, changed.changed()).await {
                Ok(Ok(())) => Some((CHANGED, (changed, false))),
                Ok(Err(_)) => None,
                Err(_) => Some((": still here\n\n", (changed, false))),
            }
        },
    );
    let until = stop.cancelled_owned();
    let lines = changes
        .take_until(until)
        .map(|line| Ok::<_, Infallible>(Bytes::from_static(line.as_bytes())));
    let head = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (head, Body::from_stream(lines)).into_response()
}

const CHANGED: &str = "event: changed\ndata: {}\n\n";
