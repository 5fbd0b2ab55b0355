//! Traces to a collector: OTLP over HTTP in its JSON form, in batches, and never in anybody's way.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::sync::mpsc::Receiver;

use super::spans::{Finished, SpanLayer, Value};

/// How many spans wait at once until further ones are left out.
const ROOM: usize = 8_192;
/// How many spans go in one request.
const BATCH: usize = 512;
/// How long spans are gathered.
const GATHER: Duration = Duration::from_secs(1);
/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// OTLP's word for a span inside a process. Source: OTLP 1, `trace.proto`, `SpanKind`.
const INTERNAL: u8 = 1;

/// The way to a collector.
pub struct Collector {
    spans: Receiver<Finished>,
    /// What came and was not answered for yet. It is kept here, so that whoever stops polling loses nothing.
    waiting: Vec<Finished>,
    client: reqwest::Client,
    url: String,
}

/// A layer for the subscriber, and the way from it to the collector at this base address.
///
/// # Errors
/// A sentence, when the address is none that is spoken to.
#[expect(
    clippy::disallowed_methods,
    reason = "the one client of this room: with a timeout, no proxy, and no redirect"
)]
pub fn to(base: &str) -> Result<(SpanLayer, Collector), String> {
    if !base.starts_with("http://") {
        return Err(format!(
            "OTEL_EXPORTER_OTLP_ENDPOINT is `{base}`; name a collector beside this process by http://, for example http://127.0.0.1:4318, and let it pass traces on over TLS"
        ));
    }
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| format!("a client for traces could not be set up: {error}"))?;
    let (layer, spans) = SpanLayer::with_room_for(ROOM);
    let url = format!("{}/v1/traces", base.trim_end_matches('/'));
    let waiting = vec![];
    let collector = Collector {
        spans,
        waiting,
        client,
        url,
    };
    Ok((layer, collector))
}

impl Collector {
    /// Sends what comes, for as long as it is polled. A collector that is away loses spans and stops nothing.
    pub async fn ship(&mut self) {
        let mut away = false;
        while self.spans.recv_many(&mut self.waiting, BATCH).await > 0 {
            tokio::time::sleep(GATHER).await;
            self.gather(BATCH);
            let sent = self.send(&self.waiting).await;
            self.waiting.clear();
            // It is told when it begins and when it is over, not for each batch.
            match (&sent, away) {
                (Err(why), false) => {
                    tracing::warn!(%why, "traces do not reach their collector; they are left out");
                }
                (Ok(()), true) => tracing::info!("traces reach their collector again"),
                _ => {}
            }
            away = sent.is_err();
        }
    }

    /// Sends what is still there, at the end. What was on its way when the polling stopped is sent again; a collector
    /// knows a span by its id.
    pub async fn flush(&mut self) {
        self.gather(ROOM);
        if !self.waiting.is_empty()
            && let Err(why) = self.send(&self.waiting).await
        {
            tracing::warn!(%why, "the last traces did not reach their collector");
        }
        self.waiting.clear();
    }

    /// Takes what is there already, up to so many.
    fn gather(&mut self, most: usize) {
        while self.waiting.len() < most
            && let Ok(next) = self.spans.try_recv()
        {
            self.waiting.push(next);
        }
    }

    async fn send(&self, batch: &[Finished]) -> Result<(), String> {
        let answer = self
            .client
            .post(&self.url)
            .json(&request(batch))
            .send()
            .await;
        let answer = answer.map_err(|error| error.without_url().to_string())?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("it answered {status}")),
        }
    }
}

/// The request. Source: OTLP 1, "OTLP/HTTP", "JSON Protobuf Encoding": ids are hex digits, 64-bit numbers are text.
fn request(batch: &[Finished]) -> Json {
    let spans: Vec<Json> = batch.iter().map(span).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": [
            attribute("service.name", &Value::Text("countersign".to_owned())),
            attribute("service.version", &Value::Text(env!("CARGO_PKG_VERSION").to_owned())),
        ]},
        "scopeSpans": [{"scope": {"name": "countersign"}, "spans": spans}],
    }]})
}

fn span(one: &Finished) -> Json {
    let fields: Vec<Json> = one
        .fields
        .iter()
        .map(|(name, value)| attribute(&format!("countersign.{name}"), value))
        .collect();
    let mut span = json!({
        "traceId": hex::encode(one.trace),
        "spanId": hex::encode(one.span),
        "name": one.name,
        "kind": INTERNAL,
        "startTimeUnixNano": one.began.to_string(),
        "endTimeUnixNano": one.ended.to_string(),
        "attributes": fields,
    });
    if let Some(parent) = one.parent {
        span["parentSpanId"] = hex::encode(parent).into();
    }
    span
}

fn attribute(key: &str, value: &Value) -> Json {
    let value = match value {
        Value::Text(text) => json!({"stringValue": text}),
        Value::Number(number) => json!({"intValue": number.to_string()}),
        Value::Flag(flag) => json!({"boolValue": flag}),
    };
    json!({"key": key, "value": value})
}
