//! The alphabet of the walks in words, and the page that lists it.

use std::collections::BTreeSet;

use countersign::domain::case::StepState;
use countersign::domain::case::command::{CaseCommand, Deadline, Outcome, Wants, WorkStep};
use countersign::domain::case::event::Phase;
use countersign::domain::case::gate::Gate;
use countersign::domain::case::refusal::RefusalCode;

use super::alphabet::{Odd, Said, Step, Weather};
use super::scopes;
use super::spot::{Came, Spot};
use super::walker::Walker;

/// What a step is an instance of.
pub fn words(before: &Spot, step: &Step, came: &Came) -> Vec<&'static str> {
    let mut words = match &step.said {
        Said::TimePasses(_) => vec!["the clock"],
        Said::Told(command) => of_command(command),
        Said::Clicked { odd, command, .. } => {
            let mut words = of_command(command);
            words.push(of_odd(*odd));
            words
        }
        Said::Sent { draft, phase, .. } => {
            let progress = before.case.draft(draft).unwrap();
            let state = match phase {
                Phase::Note => &progress.note,
                Phase::Act => &progress.act,
            };
            let again = matches!(state, StepState::Going(_));
            vec![
                of_weather(step.weather),
                if again { "sent after a crash" } else { "sent" },
            ]
        }
    };
    words.extend(came.gate.as_ref().map(|answer| match answer {
        Gate::Permit(_) => "permitted",
        Gate::Hold(_) => "Outcome::Held",
        Gate::Void(_) => "Outcome::Voided",
    }));
    if step.policy != 0 {
        words.push("another policy");
    }
    words.extend(
        came.refusal
            .as_ref()
            .and_then(|refusal| match refusal.code {
                RefusalCode::Twice => Some("refused as double"),
                RefusalCode::Lapsed => Some("refused as late"),
                RefusalCode::Stale => Some("refused as stale"),
                RefusalCode::OwnDraft => Some("refused as their own"),
                RefusalCode::WrongWorkspace => Some("refused as foreign"),
                _ => None,
            }),
    );
    words
}

fn of_command(command: &CaseCommand) -> Vec<&'static str> {
    match command {
        CaseCommand::Open { .. } => vec!["Open"],
        CaseCommand::AddMessage { .. } => vec!["AddMessage"],
        CaseCommand::RecordView { .. } => vec!["RecordView"],
        CaseCommand::RecordVerdict { .. } => vec!["RecordVerdict"],
        CaseCommand::RecordEvidence { .. } => vec!["RecordEvidence"],
        CaseCommand::RecordEvidenceFailure { .. } => vec!["RecordEvidenceFailure"],
        CaseCommand::RecordDrafts { .. } => vec!["RecordDrafts"],
        CaseCommand::RecordModelFailure { .. } => vec!["RecordModelFailure"],
        CaseCommand::RecordApprovers { .. } => vec!["RecordApprovers"],
        CaseCommand::RecordBatched { .. } => vec!["RecordBatched"],
        CaseCommand::RecordShown { .. } => vec!["RecordShown"],
        CaseCommand::RecordCardPosted { .. } => vec!["RecordCardPosted"],
        CaseCommand::RecordCardFailed { .. } => vec!["RecordCardFailed"],
        CaseCommand::Click(click) => vec!["Click", of_wants(&click.wants)],
        CaseCommand::Work(work) => vec!["Work", of_work(&work.step)],
        CaseCommand::Wake { deadline } => vec!["Wake", of_deadline(deadline)],
        CaseCommand::RecordOutcome { outcome, .. } => vec!["RecordOutcome", of_outcome(outcome)],
    }
}

fn of_wants(wants: &Wants) -> &'static str {
    match wants {
        Wants::Approve { .. } => "Wants::Approve",
        Wants::Reject { .. } => "Wants::Reject",
        Wants::Edit { .. } => "Wants::Edit",
        Wants::Undo => "Wants::Undo",
    }
}

fn of_work(step: &WorkStep) -> &'static str {
    match step {
        WorkStep::Take => "WorkStep::Take",
        WorkStep::Resolve { .. } => "WorkStep::Resolve",
        WorkStep::Answer { .. } => "WorkStep::Answer",
        WorkStep::LinkCustomer { .. } => "WorkStep::LinkCustomer",
    }
}

fn of_deadline(deadline: &Deadline) -> &'static str {
    match deadline {
        Deadline::Request { .. } => "Deadline::Request",
        Deadline::Escalation { .. } => "Deadline::Escalation",
        Deadline::Parked { .. } => "Deadline::Parked",
    }
}

fn of_outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "Outcome::Done",
        Outcome::Held { .. } => "Outcome::Held",
        Outcome::Voided { .. } => "Outcome::Voided",
        Outcome::Refused { .. } => "Outcome::Refused",
        Outcome::Unknown { .. } => "Outcome::Unknown",
    }
}

fn of_odd(odd: Odd) -> &'static str {
    match odd {
        Odd::Nothing => "nothing is wrong",
        Odd::Guest => "a member became a guest",
        Odd::ReadLongAgo => "read long ago",
        Odd::NotRead => "not read",
        Odd::AnotherTeam => "another team",
        Odd::AnotherApp => "another app",
        Odd::AnotherSubject => "another subject",
        Odd::AnotherCard => "another card",
        Odd::AnotherRendering => "another rendering",
        Odd::OwnTicket => "their own ticket",
        Odd::PolicyLost => "a policy that is lost",
    }
}

fn of_weather(weather: Weather) -> &'static str {
    match weather {
        Weather::Fair => "nothing in the way",
        Weather::Paused => "paused",
        Weather::Unpinned => "not pinned",
        Weather::Flooded => "over the limit",
    }
}

/// The variants of an enum of the commands, as its source has them.
fn variants(of: &str) -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(root.join("src/domain/case/command.rs")).unwrap();
    let (_, body) = source.split_once(&format!("pub enum {of} {{")).unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let begins = lines.filter(|line| line.starts_with(char::is_uppercase));
    let name = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap()
            .to_owned()
    };
    begins.map(name).collect()
}

#[test]
fn the_walks_say_every_word_of_the_alphabet_that_the_page_lists() {
    let mut said = BTreeSet::new();
    for scope in scopes::all() {
        said.extend(Walker::a_little(&scope).words);
    }
    let page = include_str!("../../../docs/WALK.md");
    let (_, table) = page.split_once("## The alphabet").unwrap();
    let rows = table.lines().take_while(|line| !line.starts_with("## "));
    let listed = rows.filter_map(|row| row.strip_prefix("| `")?.split('`').next());
    assert_eq!(said, listed.collect());
    let prefixed = ["Wants", "WorkStep", "Deadline", "Outcome"];
    let parts = prefixed.iter().flat_map(|of| {
        let names = variants(of).into_iter();
        names.map(move |name| format!("{of}::{name}"))
    });
    let commands: Vec<String> = variants("CaseCommand").into_iter().chain(parts).collect();
    assert_eq!(commands.len(), 33, "{commands:?}");
    for command in &commands {
        assert!(said.contains(command.as_str()), "no walk says {command}");
    }
}
