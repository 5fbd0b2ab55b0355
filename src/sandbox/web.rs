//! All routes of the local workspace, behind one guard: this machine only, bodies of bounded size.

use super::slack::{response_urls, web_api};
use super::world::World;
use super::{desk, stripe, ui};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// No request that the product or the page sends is larger.
const LARGEST_BODY: usize = 1024 * 1024;

/// The whole router.
pub(super) fn router(world: Arc<World>, stop: CancellationToken) -> Router {
    Router::new()
        .merge(ui::routes(stop))
        .route("/slack/api/{method}", any(web_api::call))
        .route("/slack/response/{id}", post(response_urls::answer))
        .route("/stripe/v1/{*path}", any(stripe::routes::call))
        .route("/desk/writes", post(desk::routes::write))
        .route("/desk/writes/{key}", get(desk::routes::look_up))
        .route("/desk/tickets/{id}", get(desk::routes::ticket))
        .layer(axum::middleware::from_fn(only_this_machine))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(world)
}

/// The listener is on 127.0.0.1, and a browser can still be sent here under another name. A request
/// that names another host, or comes from a page of another origin, is refused.
async fn only_this_machine(request: Request, next: Next) -> Response {
    if comes_from_here(request.headers()) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "The local workspace answers this machine only.",
    )
        .into_response()
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let named = |origin: &str| origin.strip_prefix("http://").is_some_and(is_here);
    text(header::HOST).is_none_or(is_here) && text(header::ORIGIN).is_none_or(named)
}

fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_here() {
        assert!(is_here("127.0.0.1:8080") && is_here("localhost"));
        assert!(!is_here("example.com:80") && !is_here("127.0.0.1.example.com"));
    }
}
