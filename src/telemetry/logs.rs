//! Logs: what goes where and in which form. A log line names ids, counts, kinds and durations.
use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::util::SubscriberInitExt as _;

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

/// Starts logging. `filter` is in the syntax of `RUST_LOG`, for example `countersign=debug`.
///
/// # Errors
///
/// A sentence, when the filter cannot be read or logging was started before.
pub fn start(form: LogForm, filter: Option<&str>) -> Result<(), String> {
    let filter = filter_of(filter)?;
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(true);
    let started = match form {
        LogForm::Human => {
            let colours = std::io::stderr().is_terminal();
            lines.with_ansi(colours).compact().finish().try_init()
        }
        LogForm::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    started.map_err(|error| format!("logging was started before: {error}"))
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
