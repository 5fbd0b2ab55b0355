//! `countersign serve`: the bot, until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;
use tokio_util::sync::CancellationToken;

use super::{Ended, Misuse, database, local, print_problems};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::config::Config;
use crate::http::{Endpoints, Server};
use crate::ports::{Clock, Entropy};
use crate::telemetry::LogForm;
use crate::{app, config};

/// Run the bot against your Slack workspace.
#[derive(Args)]
pub struct Serve {
    /// Write logs as JSON lines.
    #[arg(long)]
    json_logs: bool,
    /// What this process does. Any number share one PostgreSQL; a SQLite file takes one process, which does both.
    #[arg(long, value_enum, default_value_t = Role::Both)]
    role: Role,
}

/// What a process does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Role {
    /// Takes in tickets and clicks, and answers them. It decides and sends nothing.
    Web,
    /// Decides and sends. It answers for its health only.
    Worker,
    /// Both.
    Both,
}

impl Serve {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let form = if self.json_logs {
            LogForm::Json
        } else {
            LogForm::Human
        };
        let mut traces = super::start_logging(form).map_err(anyhow::Error::msg)?;
        let read = config::read(manifests).and_then(|read| read.resolve(&config::environment));
        let config = match read {
            Ok(config) => config,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        if let Some(problem) = self.role.misfit(&config) {
            return Err(Misuse(problem.to_owned()).into());
        }
        let stop = CancellationToken::new();
        let stopping = stop.clone();
        let signalled = async move {
            tokio::select! {
                () = stop_signal() => tracing::info!("stopping: what is under way is taken up at the next start"),
                () = stopping.cancelled() => {}
            }
            stopping.cancel();
        };
        let machine: Machine = (Arc::new(MachineClock), Arc::new(MachineEntropy));
        let ended = stop.clone();
        let traced = async {
            tokio::select! {
                () = traces.ship() => {}
                () = ended.cancelled() => traces.flush().await,
            }
        };
        let served = serve(config, self.role, machine, stop);
        let (_, served, ()) = tokio::join!(signalled, served, traced);
        served.map(|()| Ended::Fine)
    }
}

impl Role {
    /// Why a process of this role cannot run on a database, and what to do.
    fn misfit(self, config: &Config) -> Option<&'static str> {
        let alone = config.database_url.expose_secret().starts_with("sqlite");
        (alone && self != Self::Both).then_some(
            "a SQLite file takes one process, which does everything: leave --role out, or let COUNTERSIGN_DATABASE_URL name a PostgreSQL",
        )
    }

    /// What is said after the address.
    const fn said(self) -> &'static str {
        match self {
            Self::Both => "",
            Self::Web => " It takes in; a process with --role worker has to decide and send.",
            Self::Worker => " It decides and sends, and answers for its health only.",
        }
    }
}

/// The clock and the randomness of the machine.
type Machine = (Arc<dyn Clock>, Arc<dyn Entropy>);

async fn serve(
    mut config: Config,
    role: Role,
    (clock, entropy): Machine,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    // Whatever ends the serving ends the waiting for a signal too.
    let _ended = stop.clone().drop_guard();
    // The port first: a second server that finds it taken leaves the database alone.
    let server = Server::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.listen))?;
    let store = local::open(&config.database_url).await?;
    if let Some(warning) = database::looked_at(&store).await? {
        tracing::warn!("{warning}");
    }
    let slack = app::Slack::open(&config, store.clone(), clock, entropy)?;
    let address = server.address();
    let engine = app::engine(&mut config, store.clone(), slack.stage()).await?;
    let endpoints = match role {
        Role::Worker => Endpoints::Health(slack.readiness(&engine)),
        Role::Web | Role::Both => slack.doors(&mut config, &engine).into(),
    };
    let work = async {
        match role {
            Role::Web => std::future::pending().await,
            Role::Worker | Role::Both => engine.run().await,
        }
    };
    tracing::info!(%address, policy = %config.policy.digest(), ?role, "serving");
    say!(
        "Countersign listens on http://{address} under policy {}.{}",
        config.policy.digest().short(),
        role.said()
    );
    tokio::select! {
        () = server.run(endpoints, stop.clone()) => {}
        () = work => {}
    }
    store.close().await;
    Ok(())
}

/// Waits for Ctrl-C or a polite kill.
pub(super) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if let Err(error) = interrupt.await {
        tracing::warn!(%error, "no signal can be waited for");
        std::future::pending::<()>().await;
    }
}
