//! Every metric that there is: its name, what it counts, and which labels it has.

use std::marker::PhantomData;

/// What only grows while the process lives.
#[derive(Clone, Copy, Debug)]
pub struct Counter;
/// What is read anew at each scrape.
#[derive(Clone, Copy, Debug)]
pub struct Gauge;
/// How values spread over upper bounds.
#[derive(Clone, Copy, Debug)]
pub struct Spread;

/// A metric with a value for each of its `N` labels. Names follow Prometheus, "Metric and label naming".
#[derive(Clone, Copy, Debug)]
pub struct Measure<K, const N: usize> {
    /// The name as Prometheus shows it.
    pub name: &'static str,
    /// The names of its labels.
    pub labels: [&'static str; N],
    /// What it says, as one sentence without its full stop.
    pub help: &'static str,
    /// What kind it is.
    pub(super) kind: PhantomData<K>,
}

/// One line of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name as Prometheus shows it.
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it says.
    pub help: &'static str,
    /// The upper bounds, for a histogram.
    pub(super) bounds: &'static [f64],
}

/// From a click to a few days: how long people take.
const PATIENCE: &[f64] = &[
    10.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 28_800.0, 86_400.0, 259_200.0,
];
/// From a millisecond to the longest that a call may take.
const PROMPTNESS: &[f64] = &[
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Declares the metrics and lists them, so that none is declared and not listed.
macro_rules! catalogue {
    ($($constant:ident: $kind:ident $name:literal [$($label:literal),*] $help:literal $(within $bounds:ident)?;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $help, ".")]
            pub const $constant: Measure<$kind, { <[&str]>::len(&[$($label),*]) }> = Measure {
                name: $name,
                labels: [$($label),*],
                help: $help,
                kind: PhantomData,
            };
        )+

        /// Every metric, in the order of declaration.
        pub const CATALOGUE: &[Entry] = &[$(Entry {
            name: $name,
            kind: catalogue!(@word $kind),
            labels: &[$($label),*],
            help: $help,
            bounds: catalogue!(@bounds $($bounds)?),
        }),+];
    };
    (@word Counter) => { "counter" };
    (@word Gauge) => { "gauge" };
    (@word Spread) => { "histogram" };
    (@bounds $bounds:ident) => { $bounds };
    (@bounds) => { &[] };
}

catalogue! {
    // Of this process: what it did since it started.
    TICKETS: Counter "countersign_tickets_total" ["source"]
        "Tickets that became a case";
    ASSESSED: Counter "countersign_drafts_assessed_total" ["action", "tier", "course"]
        "Drafts that the rules gave a tier and a course";
    DECISIONS: Counter "countersign_decisions_total" ["verb", "tier"]
        "Decisions of people";
    SETTLED: Counter "countersign_requests_settled_total" ["outcome", "tier"]
        "Requests that came to an end, by how";
    DECISION_TIME: Spread "countersign_decision_seconds" ["tier"]
        "From the question to the decision that settled it" within PATIENCE;
    REFUSED: Counter "countersign_refused_clicks_total" ["code"]
        "Clicks that changed nothing, by why";
    ESCALATED: Counter "countersign_escalations_total" ["role"]
        "Cases that were given to a role";
    LAPSED: Counter "countersign_lapses_total" ["what"]
        "Deadlines that ran out";
    STEPS: Counter "countersign_steps_total" ["phase", "end"]
        "Steps of actions towards the outside, by how they ended";
    EFFECTS: Counter "countersign_effects_total" ["effect", "end"]
        "Effects that were carried out, by how the attempt ended";
    LIMITS: Counter "countersign_limits_met_total" ["limit"]
        "Times that a limit kept something waiting or refused it";
    MODEL_CALLS: Counter "countersign_model_calls_total" ["task", "result"]
        "Calls of a model";
    MODEL_CHARACTERS: Counter "countersign_model_characters_total" ["task", "direction"]
        "Characters sent to a model and received from it";
    MODEL_TIME: Spread "countersign_model_call_seconds" ["task"]
        "How long a call of a model took" within PROMPTNESS;
    EVIDENCE_CALLS: Counter "countersign_evidence_calls_total" ["source", "result"]
        "Questions to sources of evidence";
    DESK_CALLS: Counter "countersign_desk_calls_total" ["desk", "call", "result"]
        "Calls of desks";
    SLACK_CALLS: Counter "countersign_slack_calls_total" ["method", "result"]
        "Calls of Slack's Web API";
    SLACK_TIME: Spread "countersign_slack_call_seconds" ["method"]
        "How long a call of Slack's Web API took" within PROMPTNESS;
    REQUESTS: Counter "countersign_http_requests_total" ["route", "status"]
        "Requests that this server answered";
    REQUEST_TIME: Spread "countersign_http_request_seconds" ["route"]
        "How long an answer took" within PROMPTNESS;

    // Of the database: what stands, read when somebody asks. Every process on one database says the same.
    DATABASE_UP: Gauge "countersign_database_up" []
        "1 when the database answered this scrape, else 0 and nothing else of the database is here";
    TROUBLE: Gauge "countersign_trouble" ["code"]
        "1 for each reason that `/readyz` gives";
    INBOX_DEPTH: Gauge "countersign_inbox_commands" []
        "Commands that are not decided";
    INBOX_AGE: Gauge "countersign_inbox_oldest_seconds" []
        "Age of the oldest command that is not decided";
    OUTBOX_DEPTH: Gauge "countersign_outbox_effects" ["state"]
        "Effects: due now, waiting for a later moment, given up";
    OUTBOX_AGE: Gauge "countersign_outbox_oldest_seconds" []
        "How long the effect that has been due the longest has been due";
    MISSING_CARDS: Gauge "countersign_missing_cards" []
        "Cards that could not be put up so far";
    OPEN_CASES: Gauge "countersign_cases_open" ["stage"]
        "Open cases";
    WITH_ROLE: Gauge "countersign_cases_with_role" ["role"]
        "Open cases in which nothing is left but the work of this role";
    PENDING: Gauge "countersign_requests_pending" ["rule"]
        "Requests that wait for people, by approver rule";
    SLA_LEFT: Gauge "countersign_sla_left_seconds" ["rule"]
        "Time until the soonest deadline of the requests that wait; below zero when it has passed";
    PAUSED: Gauge "countersign_paused" []
        "1 while every write is paused";
    BUILD: Gauge "countersign_build_info" ["version"]
        "Always 1; the version of this process";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions_and_none_comes_twice() {
        let mut names: Vec<&str> = CATALOGUE.iter().map(|entry| entry.name).collect();
        for entry in CATALOGUE {
            let name = entry.name;
            assert!(name.starts_with("countersign_"), "{name}");
            assert_eq!(name.ends_with("_total"), entry.kind == "counter", "{name}");
            assert_eq!(
                entry.kind == "histogram",
                !entry.bounds.is_empty(),
                "{name}"
            );
            assert!(entry.bounds.is_sorted(), "{name}");
            assert!(!entry.help.ends_with('.'), "{name}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CATALOGUE.len());
    }
}
