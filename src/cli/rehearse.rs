//! `countersign run`: one ticket through the whole flow in the terminal, on a rehearsal database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::decision::Verb;
use super::dialogue::{Dialogue, STEPS, Wish};
use super::terminal::Terminal;
use super::{Ended, case, local, print_problems, record, sheet};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::app::{self, Stage};
use crate::domain::ids::CaseId;
use crate::domain::journal::Submission;
use crate::engine::Engine;
use crate::http::intake::Intake;
use crate::ports::{Clock, Entropy, People};
use crate::sandbox::Sandbox;
use crate::store::Repeat;

/// Take one ticket through the flow in the terminal, on a rehearsal database.
///
/// The stand-ins of the local workspace answer for Slack, Stripe and the help desk, so that nothing outside
/// is written. A case that waits for a decision survives: run the same ticket again to decide it.
#[derive(Args)]
pub struct Run {
    /// The ticket, in the form of manifests/schema/ticket.schema.json; examples are in examples/tickets.
    ticket: PathBuf,
    /// Decide without being prompted: what --request names, or else all that is this user's to decide.
    #[arg(long, value_enum, requires = "person")]
    decide: Option<Verb>,
    /// Who decides: a user id that policy/approvers.json or one of its groups names.
    #[arg(long = "as", value_name = "USER", id = "person")]
    person: Option<String>,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
    /// Which of the open requests is decided, for example r2.
    #[arg(long)]
    request: Option<String>,
    /// What an edit changes, for example amount=20.00; may be given several times.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = change)]
    set: Vec<(String, String)>,
    /// Stay until what was approved has gone out: the time in which it can be taken back passes first.
    #[arg(long)]
    wait: bool,
    /// Write audit_log.json, policy.json, outputs/ and env.json of the case into this folder.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// The rehearsal database.
    #[arg(long, value_name = "FILE", default_value = ".countersign/rehearsal.db")]
    database: PathBuf,
}

/// The engine on its stand-ins, with the case that the ticket became.
struct Rehearsal {
    engine: Engine,
    people: Arc<dyn People>,
    id: CaseId,
    /// The stand-ins live as long as this.
    _sandbox: Sandbox,
}

impl Run {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let body = match std::fs::read(&self.ticket) {
            Ok(body) => body,
            Err(error) => {
                let ticket = self.ticket.display();
                eprintln!("{ticket}: {error}. Name a file with one ticket as JSON.");
                return Ok(Ended::Misused);
            }
        };
        if let Some(folder) = &self.record {
            record::check_folder(folder)?;
        }
        if self.set.is_empty() == (self.decide == Some(Verb::Edit)) {
            eprintln!(
                "An edit and what it changes belong together: --decide edit --set amount=20.00, for example."
            );
            return Ok(Ended::Misused);
        }
        let rehearsal = match self.stage(manifests, &body).await? {
            Ok(rehearsal) => rehearsal,
            Err(ended) => return Ok(ended),
        };
        let ended = self.play(&rehearsal).await;
        rehearsal.engine.store().close().await;
        ended
    }

    /// Opens everything and puts the ticket in; how it ended where that was not possible.
    async fn stage(
        &self,
        manifests: &Path,
        body: &[u8],
    ) -> anyhow::Result<Result<Rehearsal, Ended>> {
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let entropy: Arc<dyn Entropy> = Arc::new(MachineEntropy);
        let url = local::address(&self.database);
        let local = match local::start(&clock, manifests, &url, 0).await? {
            Ok(local) => local,
            Err(problems) => return Ok(Err(print_problems(&problems))),
        };
        let (sandbox, mut config) = (local.sandbox, local.config);
        let Some(source) = config.intake.first() else {
            eprintln!("workspace.json names no source in `intake`; add one.");
            return Ok(Err(Ended::Misused));
        };
        let submission = match Intake::submission_of(source, body, clock.now(), entropy.as_ref()) {
            Ok(submission) => submission,
            Err(problems) => {
                let file = self.ticket.display();
                for problem in problems {
                    match problem.strip_prefix("ticket:") {
                        Some(place) => eprintln!("{file}:{place}"),
                        None => eprintln!("{file}: {problem}"),
                    }
                }
                return Ok(Err(Ended::Misused));
            }
        };
        local::file_on_desk(&sandbox, body);
        if let Some(folder) = self.database.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let store = local::open(&config.database_url).await?;
        let slack = app::Slack::open(&config, store.clone(), Arc::clone(&clock), entropy)?;
        let stage = Stage {
            surface: Arc::new(Terminal),
            ..slack.stage()
        };
        let people = Arc::clone(&stage.people);
        let engine = app::engine(&mut config, store, stage).await?;
        if !taken(&engine, &submission).await? {
            return Ok(Err(Ended::No));
        }
        Ok(Ok(Rehearsal {
            engine,
            people,
            id: CaseId::new(submission.command.stream().as_str()),
            _sandbox: sandbox,
        }))
    }

    /// The ticket's way, the decisions, the story and the record.
    async fn play(self, rehearsal: &Rehearsal) -> anyhow::Result<Ended> {
        let Rehearsal {
            engine, people, id, ..
        } = rehearsal;
        engine.settle(STEPS).await?;
        let wish = Wish {
            decide: self.decide,
            person: self.person,
            reason: self.reason,
            request: self.request,
            set: self.set,
            wait: self.wait,
        };
        let dialogue = Dialogue {
            engine,
            people,
            id,
            wish: &wish,
        };
        let first = dialogue.case().await?;
        let texts = engine.store().texts(&id.stream()).await?;
        say!("{}", sheet::of_case(&first, &texts));
        let ended = dialogue.hold().await?;
        let case = dialogue.case().await?;
        say!("\nWhat happened:");
        for sentence in case::told(engine.store(), &case).await? {
            say!("  {sentence}");
        }
        let (number, database) = (case.number, self.database.display());
        say!("\nSee it again: countersign case show {number} --database {database}");
        if let Some(folder) = &self.record {
            record::write(engine.store(), &case, &engine.policy(), folder).await?;
            say!("\nThe record was written to {}.", folder.display());
        }
        Ok(ended)
    }
}

/// Reads `field=value`.
fn change(typed: &str) -> Result<(String, String), String> {
    let (name, value) = typed
        .split_once('=')
        .ok_or("write the field, `=` and its value, for example amount=20.00")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Puts the ticket in; `false` after saying that another one has its id.
async fn taken(engine: &Engine, submission: &Submission) -> anyhow::Result<bool> {
    let receipt = engine.store().submit(submission).await?;
    let other = receipt.repeat == Repeat::Different;
    if other {
        eprintln!(
            "A ticket with this id and another text was run before. Give it another id, or name another --database."
        );
    }
    Ok(!other)
}
