//! `countersign policy explain`: why the policy says what it says, for given facts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{Ended, Misuse, print_problems};
use crate::adapters::machine::MachineClock;
use crate::config;
use crate::domain::approval::Course;
use crate::domain::evidence::FactName;
use crate::domain::policy::Policy;
use crate::domain::policy::conditions::provenance_of;
use crate::domain::policy::explain::{CasePath, DraftPath, Explanation, Situation};
use crate::domain::policy::walk::TrialEnd;
use crate::ports::Clock as _;

/// Say why the policy says what it says: for a draft or a case with given facts, the whole path.
#[derive(Args)]
#[command(after_help = "\
Facts are `name=value`: amount=180 (or unconfirmed_amount=180), currency=eur, customer_months=12, customer_tier=gold,
prior_refunds=0, refund_window_open=yes, chargeback_open=no, account_flagged_fraud=no, charge_is_requesters=yes,
severity=2, category=bug, queue=general, confidence=80; and signals=outage,many_affected, model=NAME, prompt=DIGEST,
linked=yes (a person said who asked), asked_at=2026-11-16T10:00. Without an action only the case is looked at.

  countersign policy explain refund amount=180 customer_months=12 chargeback_open=no account_flagged_fraud=no
  countersign policy explain category=bug severity=4")]
pub struct Explain {
    /// The action and the facts, or the path of a JSON file with an object of them.
    #[arg(required = true, value_name = "ACTION, FACT=VALUE or FILE.json")]
    given: Vec<String>,
    /// Another policy folder than that of the manifests.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Explain {
    pub(super) fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let folder = self.policy.as_deref().unwrap_or(manifests);
        let policy = match config::policy_in(folder) {
            Ok(policy) => policy,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let mut given = Vec::new();
        for argument in &self.given {
            given.extend(facts_in(argument)?);
        }
        let situation = match Situation::read(&given, &policy, MachineClock.now()) {
            Ok(situation) => situation,
            Err(unclear) => {
                for one in &unclear {
                    eprintln!("{one}");
                }
                return Ok(Ended::Misused);
            }
        };
        let explanation = policy.explain(&situation);
        match self.format {
            Format::Json => say!("{}", serde_json::to_string_pretty(&explanation)?),
            Format::Text => print(&policy, &situation, &explanation),
        }
        Ok(Ended::Fine)
    }
}

/// The facts of one argument: an action, one fact, or all of a file.
fn facts_in(argument: &str) -> anyhow::Result<Vec<(String, String)>> {
    if let Some((name, value)) = argument.split_once('=') {
        return Ok(vec![(name.trim().to_owned(), value.to_owned())]);
    }
    if !argument.ends_with(".json") {
        return Ok(vec![("action".to_owned(), argument.to_owned())]);
    }
    let text = fs::read_to_string(argument)
        .map_err(|error| Misuse(format!("{argument} cannot be read: {error}")))?;
    let Ok(Value::Object(members)) = serde_json::from_str(&text) else {
        let why = format!(
            "{argument} is not a JSON object of facts: write {{\"action\": \"refund\", \"amount\": 180}}"
        );
        return Err(Misuse(why).into());
    };
    members
        .into_iter()
        .map(|(name, value)| match words_of(&value) {
            Some(words) => Ok((name, words)),
            None => {
                let why =
                    format!("{argument}: `{name}` is no text, number, truth or list of texts");
                Err(Misuse(why).into())
            }
        })
        .collect()
}

fn words_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            words.map(|words| words.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn print(policy: &Policy, situation: &Situation, explanation: &Explanation) {
    let digest = policy.digest();
    match situation.action {
        Some(action) => say!("A draft of {action} under the policy {}.", digest.short()),
        None => say!("A case under the policy {}.", digest.short()),
    }
    if !situation.assumed.is_empty() {
        say!(
            "Not given, so as in a verdict without opinion: {}.",
            situation.assumed.join(", ")
        );
    }
    if let Some(draft) = &explanation.draft {
        print_lines(draft);
        print_tiers(draft);
        print_missing(draft);
        print_course(policy, situation, draft);
    }
    print_case(&explanation.case);
}

fn print_lines(draft: &DraftPath) {
    say!("\nThe contract, line by line:");
    for tried in &draft.lines {
        let answer = if tried.applies { "yes" } else { "no" };
        say!("  {:<28} {answer:<4} {}", tried.line.question(), tried.why);
    }
    if !draft.checks.is_empty() {
        say!("\nHard blocks and constraints of {}:", draft.file);
        for check in &draft.checks {
            let mark = match check.against {
                Some(true) => "against it",
                Some(false) => "fine",
                None => "unknown",
            };
            say!("  {mark:<11} {}", check.told);
        }
    }
}

fn print_tiers(draft: &DraftPath) {
    say!("\nThe tiers of {}:", draft.file);
    for tier in &draft.tiers {
        let end = match tier.end {
            _ if tier.counts => "this one",
            Some(TrialEnd::Holds) => "holds",
            Some(TrialEnd::Fails) => "no",
            Some(TrialEnd::Unknown) => "cannot be known",
            Some(TrialEnd::TooLow) => "too low",
            None => "not tried",
        };
        say!("  {} ({}, {}): {end}", tier.number, tier.tier, tier.route);
        // Of a tier that was not tried nothing is found out; but where it counts all the same, it is shown why not.
        let looked_at = tier.end.is_some() || tier.counts;
        for condition in tier.conditions.iter().filter(|_| looked_at) {
            let mark = match condition.holds {
                Some(true) => "yes",
                Some(false) => "no",
                None => "?",
            };
            say!("      {mark:<4} {}", condition.told);
        }
    }
    say!(
        "  So it is {} by {}: {}.",
        draft.assessment.tier,
        draft.assessment.rule,
        draft.assessment.because.join("; ")
    );
}

fn print_missing(draft: &DraftPath) {
    if draft.assessment.missing.is_empty() {
        return;
    }
    say!("\nMissing, and asked for:");
    for name in &draft.assessment.missing {
        let says = FactName::WORDS
            .iter()
            .find(|(word, _)| *word == name.word());
        let says = says.map_or("", |(_, says)| says);
        say!("  {name} (from a {}): {says}", provenance_of(*name));
    }
}

fn print_course(policy: &Policy, situation: &Situation, draft: &DraftPath) {
    say!("\nWhat follows:");
    match &draft.assessment.course {
        Course::Never { reason } => say!("  Nothing, ever: {reason}."),
        Course::Blocked { reason, role } => {
            say!("  It goes to the role {role}, and nobody can approve it here: {reason}.");
        }
        Course::RecordOnly { reason } => {
            say!("  The proposal is recorded and nothing is applied: {reason}.");
        }
        Course::Auto => say!("  It runs by itself, fully logged."),
        Course::ToRole { role } => {
            say!("  The complete case goes to the role {role}; nothing of ours runs.");
        }
        Course::Ask(asking) => {
            let asked = policy.escalations().calendar.words(situation.asked_at);
            say!("  People are asked by {}, now: {asked}.", asking.route);
        }
    }
    for (number, step) in (1..).zip(&draft.steps) {
        let quorum = match step.quorum {
            1 => "one of them approves".to_owned(),
            some => format!("{some} of them approve"),
        };
        say!(
            "  {number}. {} ({}), {quorum}, within {}: until {}",
            step.rule,
            step.people,
            step.within,
            step.due
        );
    }
    if let Some(ending) = &draft.ending {
        say!("  When nobody answers, {}.", ending.told);
    }
}

fn print_case(case: &CasePath) {
    say!("\nWhere the case belongs:");
    for tried in &case.tried {
        let answer = if tried.holds { "yes" } else { "no" };
        say!("  {:<40} {answer:<4} {}", tried.rule, tried.told);
    }
    say!(
        "  So it belongs to {} ({}): {}.",
        case.role,
        case.people,
        case.untaken
    );
}
