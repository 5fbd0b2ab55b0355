//! The dashboard that comes along: it is one that Grafana reads, and it asks only for metrics that are there.

use std::collections::BTreeSet;
use std::path::Path;

use countersign::telemetry::catalogue::CATALOGUE;
use regex::Regex;
use serde_json::Value;

fn dashboard() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grafana.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    let panels = dashboard["panels"].as_array().unwrap().iter();
    panels.filter(|panel| panel["type"] != "row")
}

/// Every query of a panel, with the panel's title.
fn queries(dashboard: &Value) -> Vec<(String, String)> {
    let mut found = vec![];
    for panel in panels(dashboard) {
        let title = panel["title"].as_str().unwrap();
        for target in panel["targets"].as_array().unwrap() {
            found.push((
                title.to_owned(),
                target["expr"].as_str().unwrap().to_owned(),
            ));
        }
    }
    found
}

/// The series of a metric as Prometheus keeps them.
fn series() -> BTreeSet<String> {
    let names = CATALOGUE.iter().flat_map(|entry| match entry.kind {
        "histogram" => ["_bucket", "_sum", "_count"]
            .iter()
            .map(|ending| format!("{}{ending}", entry.name))
            .collect(),
        _ => vec![entry.name.to_owned()],
    });
    names.collect()
}

/// What is wrong with a query: a name that is no series, or a label that its metric does not have.
fn wrong(query: &str) -> Vec<String> {
    let name = Regex::new(r"countersign_[a-z_]+").unwrap();
    let by = Regex::new(r"by \(([a-z_, ]+)\)").unwrap();
    let known = series();
    let named: Vec<&str> = name.find_iter(query).map(|found| found.as_str()).collect();
    let mut wrong = vec![];
    if named.is_empty() {
        wrong.push(format!("`{query}` asks for nothing of ours"));
    }
    for one in &named {
        if !known.contains(*one) {
            wrong.push(format!("there is no series `{one}`"));
        }
    }
    let bare = |name: &str| name.trim_end_matches("_bucket").to_owned();
    let labels: BTreeSet<&str> = CATALOGUE
        .iter()
        .filter(|entry| named.iter().any(|one| bare(one) == entry.name))
        .flat_map(|entry| entry.labels.iter().copied())
        .chain(["le", "job", "instance"])
        .collect();
    for group in by.captures_iter(query) {
        for label in group[1].split(", ") {
            if !labels.contains(label) {
                wrong.push(format!("`{label}` is no label of what `{query}` asks for"));
            }
        }
    }
    wrong
}

#[test]
fn the_dashboard_asks_only_for_metrics_and_labels_that_are_there() {
    let dashboard = dashboard();
    let found: Vec<String> = queries(&dashboard)
        .iter()
        .flat_map(|(title, query)| {
            let wrong = wrong(query).into_iter();
            wrong.map(move |wrong| format!("{title}: {wrong}"))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_query_for_something_that_is_not_there_is_found() {
    assert_eq!(wrong("sum(countersign_no_such_thing)").len(), 1);
    assert_eq!(wrong("up").len(), 1);
    assert_eq!(
        wrong("sum by (colour) (countersign_decisions_total)").len(),
        1
    );
    assert_eq!(
        wrong("sum by (verb) (countersign_decisions_total)").len(),
        0
    );
}

#[test]
fn every_metric_is_on_the_dashboard() {
    let all = queries(&dashboard());
    for entry in CATALOGUE {
        let asked = all.iter().any(|(_, query)| query.contains(entry.name));
        assert!(asked, "no panel shows {}", entry.name);
    }
}

/// Source: Grafana, "Dashboard JSON model": the classic form, which is what an import takes.
#[test]
fn the_dashboard_has_the_form_that_an_import_takes() {
    let dashboard = dashboard();
    assert!(
        dashboard["schemaVersion"].as_u64().unwrap() >= 36,
        "the data source is an object since then"
    );
    assert!(
        dashboard["id"].is_null() && dashboard["uid"].is_string() && dashboard["title"].is_string()
    );
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    let source = variables
        .iter()
        .find(|one| one["type"] == "datasource")
        .unwrap();
    assert_eq!(
        (&source["name"], &source["query"]),
        (&"datasource".into(), &"prometheus".into())
    );
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(
            ids.insert(panel["id"].as_u64().unwrap()),
            "an id comes twice: {panel}"
        );
        let edge = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        assert!(edge("x") + edge("w") <= 24, "{panel}");
        for x in edge("x")..edge("x") + edge("w") {
            for y in edge("y")..edge("y") + edge("h") {
                assert!(taken.insert((x, y)), "it covers another panel: {panel}");
            }
        }
    }
    for panel in panels(&dashboard) {
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{panel}");
        assert!(!panel["title"].as_str().unwrap().is_empty());
        let kind = panel["type"].as_str().unwrap();
        assert!(["timeseries", "stat", "table"].contains(&kind), "{kind}");
        let mut refs = BTreeSet::new();
        for target in panel["targets"].as_array().unwrap() {
            assert!(refs.insert(target["refId"].as_str().unwrap()), "{panel}");
        }
    }
}
