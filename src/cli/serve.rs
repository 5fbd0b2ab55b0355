//! `countersign serve`: the bot, until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Ended, local, print_problems};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::config::Config;
use crate::http::Server;
use crate::ports::{Clock, Entropy};
use crate::telemetry::LogForm;
use crate::{app, config};

/// Run the bot against your Slack workspace.
#[derive(Args)]
pub struct Serve {
    /// Write logs as JSON lines.
    #[arg(long)]
    json_logs: bool,
}

impl Serve {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let form = if self.json_logs {
            LogForm::Json
        } else {
            LogForm::Human
        };
        super::start_logging(form).map_err(anyhow::Error::msg)?;
        let read = config::read(manifests).and_then(|read| read.resolve(&config::environment));
        let config = match read {
            Ok(config) => config,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let stop = CancellationToken::new();
        let stopping = stop.clone();
        let signalled = async move {
            tokio::select! {
                () = stop_signal() => tracing::info!("stopping: what is under way is taken up at the next start"),
                () = stopping.cancelled() => {}
            }
            stopping.cancel();
        };
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let entropy: Arc<dyn Entropy> = Arc::new(MachineEntropy);
        let (_, served) = tokio::join!(signalled, serve(config, clock, entropy, stop));
        served.map(|()| Ended::Fine)
    }
}

async fn serve(
    mut config: Config,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    // Whatever ends the serving ends the waiting for a signal too.
    let _ended = stop.clone().drop_guard();
    // The port first: a second server that finds it taken leaves the database alone.
    let server = Server::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.listen))?;
    let store = local::open(&config.database_url).await?;
    let slack = app::Slack::open(&config, store.clone(), clock, entropy)?;
    let address = server.address();
    let engine = app::engine(&mut config, store.clone(), slack.stage()).await?;
    let doors = slack.doors(&mut config, &engine);
    tracing::info!(%address, policy = %config.policy.digest(), "serving");
    say!(
        "Countersign listens on http://{address} under policy {}.",
        config.policy.digest().short()
    );
    tokio::select! {
        () = server.run(doors, stop.clone()) => {}
        () = engine.run() => {}
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
