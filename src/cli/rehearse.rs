//! `countersign run`: one ticket through the whole flow in the terminal, on a rehearsal database.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::decision::{Spoken, Verb, submit};
use super::terminal::{Terminal, request_text};
use super::{Ended, case, local, print_problems, record};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::app::{self, Stage};
use crate::domain::approval::RequestState;
use crate::domain::case::Case;
use crate::domain::case::refusal::Answer;
use crate::domain::ids::CaseId;
use crate::engine::Engine;
use crate::http::intake::Intake;
use crate::ports::{Clock, Entropy};
use crate::store::Repeat;

/// How many steps one ticket may take before a person is asked.
const STEPS: usize = 2_000;

/// Take one ticket through the flow in the terminal, on a rehearsal database.
///
/// The stand-ins of the local workspace answer for Slack, Stripe and the help desk, so that nothing outside
/// is written. A case that waits for a decision survives: run the same ticket again to decide it.
#[derive(Args)]
pub struct Run {
    /// The ticket, in the form of manifests/schema/ticket.schema.json.
    ticket: PathBuf,
    /// Decide what is asked without being prompted.
    #[arg(long, value_enum, requires = "person")]
    decide: Option<Verb>,
    /// Who decides: a user id that policy/approvers.json or one of its groups names.
    #[arg(long = "as", value_name = "USER")]
    person: Option<String>,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
    /// Write audit_log.json, policy.json, outputs/ and env.json of the case into this folder.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// The rehearsal database.
    #[arg(long, value_name = "FILE", default_value = ".countersign/rehearsal.db")]
    database: PathBuf,
}

impl Run {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let body = match std::fs::read(&self.ticket) {
            Ok(body) => body,
            Err(error) => {
                eprintln!(
                    "{}: {error}. Name a file with one ticket as JSON.",
                    self.ticket.display()
                );
                return Ok(Ended::Misused);
            }
        };
        if let Some(folder) = self.database.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let entropy: Arc<dyn Entropy> = Arc::new(MachineEntropy);
        let url = format!("sqlite://{}", self.database.display());
        let local = match local::start(&clock, manifests, &url, 0).await? {
            Ok(local) => local,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let (sandbox, mut config) = (local.sandbox, local.config);
        let Some(source) = config.intake.first() else {
            eprintln!("workspace.json names no source in `intake`; add one.");
            return Ok(Ended::Misused);
        };
        let submission = match Intake::submission_of(source, &body, clock.now(), entropy.as_ref()) {
            Ok(submission) => submission,
            Err(problems) => {
                problems
                    .iter()
                    .for_each(|problem| eprintln!("{}: {problem}", self.ticket.display()));
                return Ok(Ended::Misused);
            }
        };
        local::file_on_desk(&sandbox, &body);
        let store = local::open(&config.database_url).await?;
        let slack = app::Slack::open(&config, Arc::clone(&clock), entropy)?;
        let stage = Stage {
            surface: Arc::new(Terminal),
            ..slack.stage()
        };
        let engine = app::engine(&mut config, store, stage).await?;
        let receipt = engine.store().submit(&submission).await?;
        if receipt.repeat == Repeat::Different {
            eprintln!(
                "A ticket with this id and another text was run before. Give it another id, or another --database."
            );
            return Ok(Ended::No);
        }
        let id = CaseId::new(submission.command.stream().as_str());
        let ended = self.decide_all(&engine, &id).await?;
        let case = folded(&engine, &id).await?;
        if let Some(folder) = &self.record {
            record::write(engine.store(), &case, &engine.policy(), folder).await?;
            println!("The record was written to {}.", folder.display());
        }
        engine.store().close().await;
        Ok(ended)
    }

    /// Prints the case, then one decision after the other until nothing waits or nobody decides.
    async fn decide_all(&self, engine: &Engine, id: &CaseId) -> anyhow::Result<Ended> {
        engine.settle(STEPS).await?;
        let first = folded(engine, id).await?;
        let texts = engine.store().texts(&id.stream()).await?;
        case::show(&first, &texts);
        let mut ended = Ended::Fine;
        let mut passed_over = std::collections::BTreeSet::new();
        loop {
            let case = folded(engine, id).await?;
            let next = case
                .pending()
                .map(|asked| asked.request.id.clone())
                .find(|asked| !passed_over.contains(asked));
            let Some(request) = next else { break };
            if let Some(face) = engine.request_face(&case, &request).await? {
                println!("\n{}", request_text(&face));
            }
            passed_over.insert(request.clone());
            let Some(spoken) = self.ask()? else {
                println!("Left open. Run the same ticket again to decide it.");
                continue;
            };
            let answer = submit(engine, &case, &request, &spoken).await?;
            match answer {
                Answer::Recorded { sentence } => println!("{sentence}"),
                Answer::Refused { refusal } => {
                    println!("Refused: {} {}", refusal.sentence, refusal.next_step);
                    ended = Ended::No;
                }
            }
            engine.settle(STEPS).await?;
        }
        let case = folded(engine, id).await?;
        println!("\nWhat happened:");
        for sentence in case::told(engine.store(), &case).await? {
            println!("  {sentence}");
        }
        let waiting = case
            .requests
            .iter()
            .filter(|asked| asked.state == RequestState::Pending)
            .count();
        println!("{waiting} decisions wait.");
        Ok(ended)
    }

    /// The decision from the arguments, or typed; `None` to leave it open.
    fn ask(&self) -> anyhow::Result<Option<Spoken>> {
        if let (Some(verb), Some(person)) = (self.decide, &self.person) {
            return Ok(Some(Spoken {
                verb,
                person: person.clone(),
                reason: self.reason.clone(),
            }));
        }
        let Some(verb) = typed("approve, reject or leave? ")? else {
            return Ok(None);
        };
        let verb = match verb.as_str() {
            "approve" | "a" => Verb::Approve,
            "reject" | "r" => Verb::Reject,
            _ => return Ok(None),
        };
        let person = match &self.person {
            Some(person) => person.clone(),
            None => typed("as which user (an id)? ")?.unwrap_or_default(),
        };
        let reason = match &self.reason {
            Some(reason) => Some(reason.clone()),
            None => typed("why? ")?,
        };
        Ok(Some(Spoken {
            verb,
            person,
            reason,
        }))
    }
}

fn typed(question: &str) -> anyhow::Result<Option<String>> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    let line = line.trim().to_owned();
    Ok((read > 0 && !line.is_empty()).then_some(line))
}

async fn folded(engine: &Engine, id: &CaseId) -> anyhow::Result<Case> {
    engine
        .store()
        .case(id)
        .await?
        .context("the case is not there")
}
