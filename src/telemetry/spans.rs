//! Spans as OpenTelemetry has them: every span of a case in the one trace that follows from the case's id.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The value of a field.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A word.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// A span that is over.
#[derive(Clone, PartialEq, Debug)]
pub struct Finished {
    /// Which trace, as 16 bytes.
    pub trace: [u8; 16],
    /// Which span, as 8 bytes.
    pub span: [u8; 8],
    /// The span that it is part of; `None` for the one that opened the case.
    pub parent: Option<[u8; 8]>,
    /// What it is called.
    pub name: String,
    /// When it began, in nanoseconds of the Unix epoch.
    pub began: u128,
    /// When it ended.
    pub ended: u128,
    /// What it says of itself.
    pub fields: Vec<(&'static str, Value)>,
}

/// Collects our spans and hands them on when they are over. What finds no place is left out: no request waits for it.
pub struct SpanLayer {
    over: mpsc::Sender<Finished>,
    count: Arc<AtomicU64>,
}

impl SpanLayer {
    /// A layer, and where its spans come out. `most` of them wait at once.
    #[must_use]
    pub fn with_room_for(most: usize) -> (Self, mpsc::Receiver<Finished>) {
        let (over, out) = mpsc::channel(most);
        let count = Arc::default();
        (Self { over, count }, out)
    }

    fn any_id(&self, trace: &[u8; 16], now: u128) -> [u8; 8] {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        short(&format!("{trace:?}/{now}/{process}/{count}"))
    }
}

/// The trace of a case.
#[must_use]
pub fn trace_of(case: &str) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&hashed(&format!("trace of {case}"))[..16]);
    id
}

/// The span that opened a case, and that everything else of the case is part of.
#[must_use]
pub fn root_of(case: &str) -> [u8; 8] {
    short(&format!("opening of {case}"))
}

fn short(text: &str) -> [u8; 8] {
    let mut id = [0; 8];
    id.copy_from_slice(&hashed(text)[..8]);
    id
}

fn hashed(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[expect(
    clippy::disallowed_methods,
    reason = "when a span began and ended, for whoever looks at it; nothing is decided by it"
)]
fn now() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos())
}

/// The fields of a span as they come.
#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(field, value)| match value {
            Value::Text(text) if *field == name && !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
    }

    fn flag(&self, name: &str) -> bool {
        let yes = Value::Flag(true);
        self.0
            .iter()
            .any(|(field, value)| *field == name && *value == yes)
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), Value::Text(value.to_owned())));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.push((field.name(), Value::Flag(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.push((field.name(), Value::Number(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        self.0.push((field.name(), Value::Number(value)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .push((field.name(), Value::Text(format!("{value:?}"))));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SpanLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(id).filter(|span| is_ours(span.metadata())) else {
            return;
        };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let around = span.parent().and_then(|parent| {
            let kept = parent.extensions();
            kept.get::<Finished>().map(|kept| (kept.trace, kept.span))
        });
        let began = now();
        let (trace, own, parent) = match (fields.text("case"), around) {
            (Some(case), _) if fields.flag("opens") => (trace_of(case), root_of(case), None),
            (Some(case), _) => {
                let trace = trace_of(case);
                let own = fields.text("span").map(short);
                let parent = fields.text("follows").map_or_else(|| root_of(case), short);
                (
                    trace,
                    own.unwrap_or_else(|| self.any_id(&trace, began)),
                    Some(parent),
                )
            }
            (None, Some((trace, around))) => (trace, self.any_id(&trace, began), Some(around)),
            // What spans cases has a trace for each deed: one for all of them would never end.
            (None, None) if fields.text("kind").is_some() => {
                let own = self.any_id(&[0; 16], began);
                (trace_of(&hex::encode(own)), own, None)
            }
            (None, None) => return,
        };
        let name = match fields.text("kind").or_else(|| fields.text("method")) {
            Some(kind) => format!("{} {kind}", span.name()),
            None => span.name().to_owned(),
        };
        let unsaid = ["span", "follows", "opens"];
        fields.0.retain(|(field, _)| !unsaid.contains(field));
        span.extensions_mut().insert(Finished {
            trace,
            span: own,
            parent,
            name,
            began,
            ended: began,
            fields: fields.0,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(kept) = span.extensions_mut().get_mut::<Finished>()
        {
            let mut fields = Fields::default();
            values.record(&mut fields);
            kept.fields.append(&mut fields.0);
        }
    }

    fn on_close(&self, id: Id, ctx: Context<'_, S>) {
        let finished = ctx
            .span(&id)
            .and_then(|span| span.extensions_mut().remove::<Finished>());
        if let Some(mut finished) = finished {
            finished.ended = now();
            // A full channel means that the collector is slower than we are; the span is left out.
            drop(self.over.try_send(finished));
        }
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("countersign")
}
