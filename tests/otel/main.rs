//! Traces: a story told to a stand-in for a collector, over OTLP as it stands on the wire.

#[path = "../support/aloud.rs"]
mod aloud;
#[path = "../support/beneath.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod beneath;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/fuse.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod fuse;
#[path = "../support/log.rs"]
mod log;
#[path = "../support/people.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod people;
#[path = "../support/postgres.rs"]
#[expect(dead_code, reason = "the tests of the store use the rest")]
mod postgres;
#[path = "../support/repeated.rs"]
mod repeated;
#[path = "../support/workbench.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod workbench;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use countersign::domain::draft::ActionKind;
use countersign::domain::ids::{CaseId, SourceName};
use countersign::domain::time::Span;
use countersign::telemetry::spans::{root_of, trace_of};
use countersign::telemetry::{self, LogForm};
use serde_json::Value;

use people::LEAD;
use workbench::setting;

type Heard = Arc<Mutex<Vec<Value>>>;

/// A collector that keeps what it is sent; its base address.
async fn collector(heard: Heard) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let keep = async |State(heard): State<Heard>, axum::Json(body): axum::Json<Value>| {
        heard.lock().unwrap().push(body);
        axum::Json(serde_json::json!({}))
    };
    let router = axum::Router::new()
        .route("/v1/traces", post(keep))
        .with_state(heard);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Every span that was sent, once: what was on its way when the sending stopped is sent again.
fn spans(heard: &Heard) -> Vec<Value> {
    let mut all = vec![];
    for body in heard.lock().unwrap().iter() {
        let scope = &body["resourceSpans"][0]["scopeSpans"][0];
        for span in scope["spans"].as_array().unwrap() {
            if !all.contains(span) {
                all.push(span.clone());
            }
        }
    }
    all
}

fn text<'a>(span: &'a Value, field: &str) -> &'a str {
    span[field].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_case_is_one_trace_from_the_ticket_over_the_card_and_the_click_to_the_effect() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let heard = Heard::default();
    let base = collector(heard.clone()).await;
    let mut traces =
        telemetry::start(LogForm::Json, Some("countersign=info"), Some(&base)).unwrap();
    let words = Mutex::new(vec![]);
    let stage = setting();
    let story = stage.play_on(
        beneath::Beneath::file(),
        async |w: &mut workbench::Workbench| {
            w.ticket("T-1013").await;
            // Another process takes up what this one began: nothing of a trace is kept in memory.
            w.restart().await;
            let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
            w.click(LEAD, &asked, "approve").await;
            w.told(LEAD);
            w.advance(Span::minutes(10)).await;
            assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
            let texts = w.store().texts(&w.case("T-1013").await.id.stream()).await;
            let texts = texts
                .unwrap()
                .into_values()
                .filter(|text| !text.starts_with('['));
            words.lock().unwrap().extend(texts);
            w.glance();
        },
    );
    tokio::select! {
        () = story => {}
        () = traces.ship() => unreachable!("it ships for as long as it is polled"),
    }
    traces.flush().await;

    let all = spans(&heard);
    let case = CaseId::of(&SourceName::new("helpdesk"), "T-1013");
    let (trace, root) = (
        hex::encode(trace_of(case.as_str())),
        hex::encode(root_of(case.as_str())),
    );
    let of_case: Vec<&Value> = all
        .iter()
        .filter(|span| text(span, "traceId") == trace)
        .collect();
    let ids: BTreeMap<&str, &str> = of_case
        .iter()
        .map(|span| (text(span, "spanId"), text(span, "name")))
        .collect();
    assert_eq!(ids.len(), of_case.len(), "no span has the id of another");
    assert_eq!(ids.get(root.as_str()), Some(&"command open"));
    for span in &of_case {
        let (id, parent) = (text(span, "spanId"), text(span, "parentSpanId"));
        assert!(
            id == root || ids.contains_key(parent),
            "nobody is above {span}"
        );
        let time = |field: &str| text(span, field).parse::<u128>().unwrap();
        assert!(
            time("startTimeUnixNano") <= time("endTimeUnixNano"),
            "{span}"
        );
    }
    let names: BTreeSet<&str> = ids.values().copied().collect();
    for name in [
        "effect triage",
        "model",
        "command record_verdict",
        "effect gather",
        "effect draft",
        "effect card",
        "slack chat.postMessage",
        "command click",
        "effect perform",
        "desk",
        "command record_outcome",
        "effect tell",
    ] {
        assert!(names.contains(name), "there is no `{name}` among {names:?}");
    }
    let parent_of = |name: &str| {
        let span = of_case
            .iter()
            .find(|span| text(span, "name") == name)
            .unwrap();
        ids[text(span, "parentSpanId")]
    };
    assert_eq!(parent_of("command record_verdict"), "effect triage");
    assert_eq!(parent_of("command record_outcome"), "effect perform");
    assert_eq!(parent_of("slack chat.postMessage"), "effect card");
    assert_eq!(parent_of("command click"), "command open");

    let wire = Value::from(heard.lock().unwrap().clone()).to_string();
    let texts = words.into_inner().unwrap();
    assert!(texts.len() > 5);
    let repeated = repeated::repeated(&wire, &texts);
    assert!(repeated.is_empty(), "{repeated:#?}");
    assert!(
        wire.contains(r#""key":"countersign.number","value":{"intValue":"1"}"#),
        "the number is said"
    );
}

#[tokio::test]
async fn an_address_that_is_not_beside_this_process_is_refused_with_what_to_write() {
    let refused = telemetry::start(LogForm::Json, None, Some("https://collector.example.com"));
    let said = refused.err().unwrap();
    assert!(said.contains("http://127.0.0.1:4318"), "{said}");
}
