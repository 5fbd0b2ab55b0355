//! Logs: what goes where and in which form. A log line names ids, counts, kinds and durations.
use std::io::IsTerminal as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::traces::{self, Traces};

/// In which form log lines are written. They go to standard error, so that output stays clean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogForm {
    /// For people.
    #[default]
    Human,
    /// One JSON object for each line, for collectors.
    Json,
}

/// What is logged unless a filter says otherwise: us from `info`, everybody else from `warn`.
const USUAL: &str = "warn,countersign=info";

/// Starts logging. `filter` is in the syntax of `RUST_LOG`, for example `countersign=debug`. Traces go to the base
/// address `collector`, where one is named and this build has the feature `otel`.
///
/// # Errors
///
/// A sentence, when the filter or the address cannot be used, or logging was started before.
pub fn start(
    form: LogForm,
    filter: Option<&str>,
    collector: Option<&str>,
) -> Result<Traces, String> {
    let (spans, traces) = traces::to(collector)?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(true);
    let lines = match form {
        LogForm::Human => {
            let colours = std::io::stderr().is_terminal();
            lines.with_ansi(colours).compact().boxed()
        }
        LogForm::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(filter_of(filter)?)
        .with(lines)
        .with(spans)
        .try_init()
        .map_err(|error| format!("logging was started before: {error}"))?;
    Ok(traces)
}

fn filter_of(filter: Option<&str>) -> Result<EnvFilter, String> {
    let text = filter.map(str::trim).filter(|text| !text.is_empty());
    EnvFilter::try_new(text.unwrap_or(USUAL)).map_err(|error| {
        format!("the log filter cannot be read ({error}); write for example `countersign=debug`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_taken_or_refused_with_an_example() {
        assert_eq!(
            filter_of(None).unwrap().to_string(),
            "countersign=info,warn"
        );
        assert_eq!(
            filter_of(Some(" ")).unwrap().to_string(),
            "countersign=info,warn"
        );
        assert_eq!(filter_of(Some("debug")).unwrap().to_string(), "debug");
        assert!(
            filter_of(Some("countersign=loud"))
                .unwrap_err()
                .contains("countersign=debug")
        );
    }
}
