//! The files of the page, embedded in the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

macro_rules! page_files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../page/", $name)))),+]
    };
}

const FILES: &[(&str, &str)] = page_files![
    "index.html",
    "style.css",
    "blocks.css",
    "panes.css",
    "app.js",
    "state.js",
    "net.js",
    "dom.js",
    "emoji.js",
    "text.js",
    "rich.js",
    "forms.js",
    "fields.js",
    "elements.js",
    "blocks.js",
    "face.js",
    "rail.js",
    "stream.js",
    "composer.js",
    "overlay.js",
    "modal.js",
    "desk.js",
    "ledgers.js",
];

/// Nothing from elsewhere, nothing inline, and no other page around this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /`.
pub(super) async fn index() -> Response {
    file("index.html")
}

/// `GET /assets/<name>`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    file(&name)
}

fn file(name: &str) -> Response {
    let Some((_, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    let head = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (head, *text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/page");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut served: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        there.sort();
        served.sort_unstable();
        assert_eq!(served, there);
    }
}
