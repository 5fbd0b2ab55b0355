//! What this process counts, and the page that Prometheus reads.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter as Count;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge as Level;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::catalogue::{CATALOGUE, Counter, Entry, Gauge, Measure, Spread};

/// The form of the page. Source: OpenMetrics 1.0, "Text Format".
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Vec<(&'static str, String)>;
type Levels = Family<Labels, Level<f64, AtomicU64>>;
type Spreads = Family<Labels, Histogram, Within>;

/// The counters of this process. Cloning shares them. Counting takes a lock in memory and nothing else: no request
/// costs the database anything for being counted.
#[derive(Clone)]
pub struct Metrics(Arc<Kept>);

struct Kept {
    registry: Registry,
    counts: BTreeMap<&'static str, Family<Labels, Count>>,
    spreads: BTreeMap<&'static str, Spreads>,
}

/// Makes histograms with these upper bounds.
#[derive(Clone, Copy)]
struct Within(&'static [f64]);

impl MetricConstructor<Histogram> for Within {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// What stands at the moment of a scrape: a gauge with its labels and its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    name: &'static str,
    labels: Labels,
    value: f64,
}

impl Reading {
    /// A gauge as it stands.
    #[must_use]
    pub fn of<const N: usize>(gauge: &Measure<Gauge, N>, labels: [&str; N], value: f64) -> Self {
        Self {
            name: gauge.name,
            labels: labelled(gauge.labels, labels),
            value,
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut kept = Kept {
            registry: Registry::default(),
            counts: BTreeMap::new(),
            spreads: BTreeMap::new(),
        };
        for entry in CATALOGUE {
            match entry.kind {
                "counter" => {
                    let family = Family::default();
                    kept.registry
                        .register(registered(entry), entry.help, family.clone());
                    kept.counts.insert(entry.name, family);
                }
                "histogram" => {
                    let family = Spreads::new_with_constructor(Within(entry.bounds));
                    kept.registry
                        .register(registered(entry), entry.help, family.clone());
                    kept.spreads.insert(entry.name, family);
                }
                _ => {}
            }
        }
        Self(Arc::new(kept))
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Counts one.
    pub fn count<const N: usize>(&self, counter: &Measure<Counter, N>, labels: [&str; N]) {
        self.add(counter, labels, 1);
    }

    /// Counts some.
    pub fn add<const N: usize>(
        &self,
        counter: &Measure<Counter, N>,
        labels: [&str; N],
        more: usize,
    ) {
        if let Some(family) = self.0.counts.get(counter.name) {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            family
                .get_or_create(&labelled(counter.labels, labels))
                .inc_by(more);
        }
    }

    /// Puts a value among the others, in the unit that the name ends with.
    pub fn observe<const N: usize>(
        &self,
        spread: &Measure<Spread, N>,
        labels: [&str; N],
        value: f64,
    ) {
        if let Some(family) = self.0.spreads.get(spread.name) {
            family
                .get_or_create(&labelled(spread.labels, labels))
                .observe(value);
        }
    }

    /// The page: what this process counted, and what stands now.
    ///
    /// # Errors
    /// Never in practice: it is written into memory.
    pub fn page(&self, now: &[Reading]) -> Result<String, std::fmt::Error> {
        let mut page = String::new();
        encode_registry(&mut page, &self.0.registry)?;
        encode_registry(&mut page, &standing(now))?;
        encode_eof(&mut page)?;
        Ok(page)
    }
}

/// The readings as metrics of their own, made for one page: a label that is gone is not there any more.
fn standing(now: &[Reading]) -> Registry {
    let mut registry = Registry::default();
    for entry in CATALOGUE.iter().filter(|entry| entry.kind == "gauge") {
        let levels = Levels::default();
        for reading in now.iter().filter(|reading| reading.name == entry.name) {
            if reading.labels.is_empty() {
                let level = Level::<f64, AtomicU64>::default();
                level.set(reading.value);
                registry.register(entry.name, entry.help, level);
            } else {
                levels.get_or_create(&reading.labels).set(reading.value);
            }
        }
        // A family without a member is left out of the page.
        registry.register(entry.name, entry.help, levels);
    }
    registry
}

/// The encoder adds the ending of a counter itself.
fn registered(entry: &Entry) -> &'static str {
    entry.name.strip_suffix("_total").unwrap_or(entry.name)
}

fn labelled<const N: usize>(names: [&'static str; N], values: [&str; N]) -> Labels {
    let owned = values.into_iter().map(str::to_owned);
    names.into_iter().zip(owned).collect()
}

/// Measures how long something took. It tells nobody what time it is.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a measured duration decides nothing; it only appears on the page of metrics"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been running, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::{DECISION_TIME, DECISIONS, INBOX_DEPTH, PENDING};
    use super::*;

    #[test]
    fn the_page_says_what_was_counted_and_what_stands() {
        let metrics = Metrics::default();
        metrics.clone().count(&DECISIONS, ["approve", "medium"]);
        metrics.add(&DECISIONS, ["approve", "medium"], 2);
        metrics.observe(&DECISION_TIME, ["medium"], 61.0);
        let now = [
            Reading::of(&INBOX_DEPTH, [], 3.0),
            Reading::of(&PENDING, ["a \"rule\""], 1.0),
        ];
        let page = metrics.page(&now).unwrap();
        for line in [
            "# TYPE countersign_decisions counter",
            "countersign_decisions_total{verb=\"approve\",tier=\"medium\"} 3",
            "countersign_decision_seconds_bucket{le=\"60.0\",tier=\"medium\"} 0",
            "countersign_decision_seconds_bucket{le=\"300.0\",tier=\"medium\"} 1",
            "countersign_inbox_commands 3.0",
            "countersign_requests_pending{rule=\"a \\\"rule\\\"\"} 1.0",
        ] {
            assert!(
                page.lines().any(|one| one == line),
                "{line} is not in\n{page}"
            );
        }
        assert!(page.ends_with("# EOF\n"));
        let next = metrics.page(&[]).unwrap();
        assert!(!next.contains("inbox_commands 3"), "{next}");
        assert!(next.contains("} 3\n"), "{next}");
    }
}
