//! The way of traces out of this process. Without the feature `otel` there is none.

/// What carries traces to their collector, where one is named.
#[derive(Default)]
pub struct Traces {
    #[cfg(feature = "otel")]
    collector: Option<super::otlp::Collector>,
}

/// The layer that hears our spans.
#[cfg(feature = "otel")]
type Hearing = Option<super::spans::SpanLayer>;
/// Nothing hears them.
#[cfg(not(feature = "otel"))]
type Hearing = Option<tracing_subscriber::layer::Identity>;

/// The layer and the way to a collector, where one is named.
///
/// # Errors
/// A sentence, when the address is none that is spoken to.
#[cfg(feature = "otel")]
pub(super) fn to(collector: Option<&str>) -> Result<(Hearing, Traces), String> {
    let Some(base) = collector else {
        return Ok((None, Traces::default()));
    };
    let (layer, collector) = super::otlp::to(base)?;
    let collector = Some(collector);
    Ok((Some(layer), Traces { collector }))
}

/// No layer and no way: somebody who names a collector hears that this build knows none.
///
/// # Errors
/// None.
#[cfg(not(feature = "otel"))]
pub(super) fn to(collector: Option<&str>) -> Result<(Hearing, Traces), String> {
    if collector.is_some() {
        eprintln!(
            "countersign: OTEL_EXPORTER_OTLP_ENDPOINT is set, and this build sends no traces; build it with `--features otel`"
        );
    }
    Ok((None, Traces::default()))
}

impl Traces {
    /// Sends traces for as long as it is polled.
    pub async fn ship(&mut self) {
        #[cfg(feature = "otel")]
        if let Some(collector) = &mut self.collector {
            collector.ship().await;
        }
        std::future::pending::<()>().await;
    }

    /// Sends what is still there, at the end.
    pub async fn flush(&mut self) {
        #[cfg(feature = "otel")]
        if let Some(collector) = &mut self.collector {
            collector.flush().await;
        }
    }
}
