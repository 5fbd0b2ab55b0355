//! The page of metrics and its description: every metric is documented, and every documented metric is there.

use std::collections::BTreeSet;
use std::path::Path;

use countersign::domain::time::Span;
use countersign::http::trouble::Cause;
use countersign::telemetry::catalogue::CATALOGUE;

use crate::door::{Door, bytes, plain};

fn doc(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::read_to_string(docs.join(name)).unwrap()
}

async fn page(door: &Door) -> String {
    let asked = door.client.get(format!("{}/metrics", door.address)).send();
    let answered = asked.await.unwrap();
    assert_eq!(answered.status().as_u16(), 200);
    let form = answered.headers()["content-type"].to_str().unwrap();
    assert!(form.starts_with("application/openmetrics-text"), "{form}");
    answered.text().await.unwrap()
}

/// The value of a line of the page.
fn value(page: &str, series: &str) -> Option<f64> {
    let rest = page.lines().find_map(|line| line.strip_prefix(series))?;
    rest.trim().parse().ok()
}

#[test]
fn the_page_of_metrics_is_the_catalogue() {
    let page = doc("METRICS.md");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `countersign_"));
    let described: BTreeSet<String> = rows.map(str::to_owned).collect();
    let declared: BTreeSet<String> = CATALOGUE
        .iter()
        .map(|entry| {
            let labels: Vec<String> = entry.labels.iter().map(|one| format!("`{one}`")).collect();
            let labels = match labels.is_empty() {
                true => "-".to_owned(),
                false => labels.join(", "),
            };
            let (name, kind, help) = (entry.name, entry.kind, entry.help);
            format!("| `{name}` | {kind} | {labels} | {help} |")
        })
        .collect();
    assert_eq!(described, declared, "docs/METRICS.md and the catalogue");
}

#[test]
fn every_reason_of_readyz_is_described_with_its_code() {
    let page = doc("OPERATING.md");
    for cause in Cause::ALL {
        let row = format!(
            "| `{cause}` | {} |",
            if cause.stops() { "503" } else { "200" }
        );
        assert!(
            page.contains(&row),
            "docs/OPERATING.md lacks a row that begins with {row}"
        );
    }
}

#[tokio::test]
async fn what_waits_is_on_the_page_with_its_age() {
    let door = Door::open().await;
    assert_eq!(
        value(&page(&door).await, "countersign_inbox_commands"),
        Some(0.0)
    );
    let (status, _) = door.signed(&bytes(&plain())).await;
    assert_eq!(status, 202);
    door.advance(Span::seconds(90));
    let page = page(&door).await;
    for (series, expected) in [
        ("countersign_database_up", 1.0),
        ("countersign_inbox_commands", 1.0),
        ("countersign_inbox_oldest_seconds", 90.0),
        ("countersign_trouble{code=\"inbox_late\"}", 1.0),
        (
            "countersign_http_requests_total{route=\"/intake/{source}\",status=\"202\"}",
            1.0,
        ),
        (
            "countersign_http_requests_total{route=\"/metrics\",status=\"200\"}",
            1.0,
        ),
    ] {
        assert_eq!(value(&page, series), Some(expected), "{series}\n{page}");
    }
}

#[tokio::test]
async fn without_a_database_the_page_says_so_and_still_has_what_was_counted() {
    let door = Door::open().await;
    door.store.close().await;
    assert_eq!(door.signed(&bytes(&plain())).await.0, 503);
    let page = page(&door).await;
    let lost = "countersign_http_requests_total{route=\"/intake/{source}\",status=\"503\"}";
    for (series, expected) in [
        ("countersign_database_up", Some(0.0)),
        ("countersign_trouble{code=\"database_away\"}", Some(1.0)),
        ("countersign_inbox_commands", None),
        (lost, Some(1.0)),
    ] {
        assert_eq!(value(&page, series), expected, "{series}\n{page}");
    }
}

#[tokio::test]
async fn addresses_that_nobody_gave_out_are_counted_as_one() {
    let door = Door::open().await;
    for path in ["/", "/cases/secret-words", "/metrics/x"] {
        let asked = door.client.get(format!("{}{path}", door.address)).send();
        assert_eq!(asked.await.unwrap().status().as_u16(), 404);
    }
    let page = page(&door).await;
    let series = "countersign_http_requests_total{route=\"other\",status=\"404\"}";
    assert_eq!(value(&page, series), Some(3.0), "{page}");
    assert!(!page.contains("secret-words"), "{page}");
}
