//! `/triage status`: whether it runs, under which policy, and what is open.

use super::blocks::draft::{role_words, words};
use super::blocks::kit;
use super::blocks::rich::{Line, Rich};
use super::commands::Blocks;
use super::door::Door;
use crate::domain::case::Stage;
use crate::store::{Backlog, QueueCounts, StoreError};

impl Door {
    pub(super) async fn status(&self) -> Result<Blocks, StoreError> {
        let store = &self.parts.store;
        let now = self.parts.clock.now();
        let counts = store.queue_counts().await?;
        let backlog = store.pending_counts(now).await?;
        let board = store.board().await?;
        let policy = (self.parts.policy)();
        let mut rich = missing(&backlog)
            .into_iter()
            .fold(Rich::begin(), Rich::line);
        rich = match &board.pause {
            Some((by, at, _)) => rich.line(
                Line::begin()
                    .bold("Paused ")
                    .text("by ")
                    .person(by)
                    .text(" since ")
                    .time(*at)
                    .text(". Nothing is written to tickets and nobody is paged."),
            ),
            None => rich.line(Line::begin().text("Running.")),
        };
        rich = rich.line(
            Line::begin()
                .text("Policy in force: ")
                .code(&policy.digest().short()),
        );
        rich = rich.line(Line::begin().text(&format!(
            "Work of the machine: {} commands and {} effects are due, {} effects wait for their time, {} were given up.",
            backlog.commands, backlog.due_effects, backlog.later_effects, backlog.failed_effects
        )));
        let (open, waiting) = open_work(&counts);
        Ok(vec![
            kit::header("cs.title.0", "Countersign · status"),
            rich.done("cs.status.0"),
            open.done("cs.open.0"),
            waiting.done("cs.waiting.0"),
        ])
    }
}

/// That cards are missing in Slack, with one of the reasons.
fn missing(backlog: &Backlog) -> Option<Line> {
    let why = backlog.missing_why.as_ref()?;
    let many = match backlog.missing_cards {
        1 => "A card is missing in Slack".to_owned(),
        n => format!("{n} cards are missing in Slack"),
    };
    let line = Line::begin().bold(&format!("🔴 {many}: "));
    Some(line.foreign(why, 200))
}

/// Where an open case stands, as the status counts it.
pub(super) const fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Reading => "being read",
        Stage::Gathering => "waiting for evidence",
        Stage::Drafting => "being drafted",
        Stage::Waiting => "waiting for a decision",
        Stage::Acting => "decided, and on the way out",
        Stage::WithRole => "with a role",
        Stage::NeedsHuman => "stuck: a person has to go on",
        Stage::Done => "done",
    }
}

/// Every open case under exactly one heading, and apart from them the questions that wait, of which a case
/// may have several.
fn open_work(counts: &QueueCounts) -> (Rich, Rich) {
    let count = |what: String, n: u64| Line::begin().text(&format!("{what}: {n}"));
    let some = |lines: Vec<Line>, none: &str| {
        if lines.is_empty() {
            vec![Line::begin().text(none)]
        } else {
            lines
        }
    };
    let stages = counts
        .stages
        .iter()
        .filter(|(stage, _)| **stage != Stage::WithRole)
        .map(|(stage, n)| count(stage_words(*stage).to_owned(), *n));
    let roles = counts
        .roles
        .iter()
        .map(|(role, n)| count(format!("only with {} now", role_words(*role)), *n));
    let rules = counts
        .rules
        .iter()
        .map(|(rule, n)| count(format!("for {}", words(&rule.to_string())), *n));
    let sum = |all: &mut dyn Iterator<Item = &u64>| all.sum::<u64>();
    let (cases, asked) = (
        sum(&mut counts.stages.values()),
        sum(&mut counts.rules.values()),
    );
    let title = |title: String| Rich::begin().line(Line::begin().bold(&title));
    let open = title(format!("Open cases: {cases}"))
        .bullets(some(stages.chain(roles).collect(), "No case is open."));
    let waiting = title(format!("Questions that wait for a decision: {asked}"))
        .bullets(some(rules.collect(), "None waits."));
    (open, waiting)
}
