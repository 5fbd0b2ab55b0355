//! `countersign demo`: the real bot against the local workspace, with a dozen tickets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::local::{self, Local, MovedClock};
use super::{Ended, print_problems, script, serve};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::app;
use crate::domain::time::At;
use crate::engine::Engine;
use crate::http::{Doors, Server};
use crate::ports::{Clock, Entropy};
use crate::sandbox::Sandbox;
use crate::telemetry::LogForm;

/// When the scripted demonstration begins: a Monday morning, so that business hours run.
const MONDAY: At = At(1_795_424_400_000);

/// Show everything on this machine, without a key and without a network.
#[derive(Args)]
pub struct Demo {
    /// Let scripted people decide, print every story, check the record, and end.
    #[arg(long)]
    script: bool,
    /// The port of the local workspace's page; 0 takes any that is free.
    #[arg(long, default_value_t = 8484)]
    port: u16,
}

/// The bot and the stand-ins, built and bound, before anything runs.
pub(super) struct Staged {
    pub(super) engine: Engine,
    pub(super) sandbox: Sandbox,
    pub(super) server: Server,
    pub(super) doors: Doors,
}

impl Demo {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        super::start_logging(LogForm::Human).map_err(anyhow::Error::msg)?;
        let folder = std::env::temp_dir().join(format!("countersign-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let ended = self.stage(manifests, &folder).await;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::warn!(%error, "the demonstration's database was left behind");
        }
        ended
    }

    async fn stage(self, manifests: &Path, folder: &Path) -> anyhow::Result<Ended> {
        let database = format!("sqlite://{}", database_in(folder).display());
        let entropy: Arc<dyn Entropy> = Arc::new(MachineEntropy);
        let moved = Arc::new(MovedClock::at(MONDAY));
        let clock: Arc<dyn Clock> = if self.script {
            moved.clone()
        } else {
            Arc::new(MachineClock)
        };
        // The scripted run leaves the page's port alone, so that both can run side by side.
        let port = if self.script { 0 } else { self.port };
        let local = match local::start(&clock, manifests, &database, port).await? {
            Ok(local) => local,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let staged = staged(local, clock, entropy).await?;
        let stop = CancellationToken::new();
        let Staged {
            engine,
            sandbox,
            server,
            doors,
        } = staged;
        let play = async {
            if self.script {
                script::play(&engine, &sandbox, &moved).await
            } else {
                show(&sandbox).await
            }
        };
        let ended = tokio::select! {
            ended = play => ended,
            () = serve::stop_signal() => {
                say!("\nStopped. The demonstration's database is deleted.");
                Ok(if self.script { Ended::Failed } else { Ended::Fine })
            }
            () = server.run(doors, stop) => Ok(Ended::Failed),
            () = engine.run() => Ok(Ended::Failed),
        };
        engine.store().close().await;
        ended
    }
}

fn database_in(folder: &Path) -> PathBuf {
    folder.join("demo.db")
}

/// Builds the bot on a started local workspace.
pub(super) async fn staged(
    local: Local,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> anyhow::Result<Staged> {
    let Local {
        sandbox,
        mut config,
    } = local;
    let store = local::open(&config.database_url).await?;
    let slack = app::Slack::open(&config, store.clone(), clock, entropy)?;
    let server = Server::bind(([127, 0, 0, 1], 0).into())
        .await
        .context("no port is free on this machine")?;
    sandbox.set_bot_url(&format!("http://{}", server.address()))?;
    let engine = app::engine(&mut config, store, slack.stage()).await?;
    let doors = slack.doors(&mut config, &engine);
    Ok(Staged {
        engine,
        sandbox,
        server,
        doors,
    })
}

/// Sends the tickets, then leaves the page to the person, for as long as the demonstration runs.
async fn show(sandbox: &Sandbox) -> anyhow::Result<Ended> {
    say!("The local workspace is at {}", sandbox.page_url());
    say!("It stands in for Slack, Stripe and a help desk. Nothing leaves this machine.");
    send_tickets(sandbox).await?;
    say!("The tickets are in. Choose who you are in the page, and click. Ctrl-C ends it.");
    std::future::pending().await
}

/// Sends the demonstration's tickets through the signed intake.
pub(super) async fn send_tickets(sandbox: &Sandbox) -> anyhow::Result<()> {
    let tickets = sandbox.demo_tickets();
    let bar = ProgressBar::new(tickets.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} tickets {msg}") {
        bar.set_style(style);
    }
    for ticket in &tickets {
        bar.set_message(ticket.subject.clone());
        let answer = sandbox.send_ticket(ticket).await;
        anyhow::ensure!(
            (200..300).contains(&answer.status),
            "the intake refused ticket {} with {}: {}",
            ticket.id,
            answer.status,
            answer.body
        );
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// How long the demonstration waits for the bot to come to rest.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
