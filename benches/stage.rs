//! The product on the local workspace, as `serve` builds it, with tickets that wait for a click.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::adapters::machine::{MachineClock, MachineEntropy};
use countersign::app;
use countersign::cli::local::{configured, sandbox_clock};
use countersign::domain::ids::RuleName;
use countersign::engine::Engine;
use countersign::http::Server;
use countersign::ports::{Clock, Entropy};
use countersign::sandbox::{NewTicket, Pick, RawRequest, Sandbox, SandboxConfig};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::folder::Folder;

/// The rule that billing's questions wait for.
pub const RULE: &str = "billing_reviewers";
/// Where billing's questions are asked, and who may answer them.
const BILLING_ROOM: &str = "C0BILLING1";
const BILLING: [&str; 2] = ["U0BILL0001", "U0BILL0002"];
/// How many tickets are on their way at once while a stage is prepared.
const AT_ONCE: usize = 16;

/// The local workspace and the shipped manifests, with the limits of a minute out of the way.
pub struct Stage {
    pub sandbox: Sandbox,
    folder: Folder,
}

/// A bot over one database.
pub struct Bot {
    pub engine: Engine,
    pub address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl Stage {
    /// Starts the local workspace.
    pub async fn set() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let config = SandboxConfig {
            clock: sandbox_clock(&clock),
            bot_timeout: Duration::from_secs(30),
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        sandbox.load_demo_books();
        let folder = Folder::make();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
        copy(&shipped, &folder.path().join("manifests"));
        let contract = folder.path().join("manifests/policy/contract.json");
        let mut document: Value =
            serde_json::from_slice(&std::fs::read(&contract).unwrap()).unwrap();
        document["limits"]["rate_limit_per_minute"] = 100_000.into();
        std::fs::write(&contract, document.to_string()).unwrap();
        Self { sandbox, folder }
    }

    /// The manifests of this stage.
    pub fn manifests(&self) -> PathBuf {
        self.folder.path().join("manifests")
    }

    /// What the local workspace signs with.
    pub fn secret() -> String {
        SandboxConfig::default().signing_secret
    }

    /// Starts a bot over a database. It answers at its doors and works on nothing by itself.
    pub async fn bot(&self, url: &str) -> Bot {
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let entropy: Arc<dyn Entropy> = Arc::new(MachineEntropy);
        let mut config = configured(&self.sandbox, &self.manifests(), url).unwrap();
        let store = countersign::store::Store::open(url).await.unwrap();
        let slack = app::Slack::open(&config, store.clone(), clock, entropy).unwrap();
        let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = server.address();
        self.sandbox
            .set_bot_url(&format!("http://{address}"))
            .unwrap();
        let engine = app::engine(&mut config, store, slack.stage())
            .await
            .unwrap();
        let doors = slack.doors(&mut config, &engine);
        let stop = CancellationToken::new();
        let served = tokio::spawn(server.run(doors, stop.clone()));
        Bot {
            engine,
            address,
            stop,
            served,
        }
    }

    /// Sends so many refunds in the middle tier through the signed intake, and works until each waits for billing.
    /// Gives the time from the first ticket to the last question.
    pub async fn ask(&self, bot: &Bot, tickets: usize) -> Duration {
        let refund = self
            .sandbox
            .demo_tickets()
            .into_iter()
            .find(|ticket| ticket.id == "T-1003")
            .unwrap();
        let working = bot.work();
        let began = Instant::now();
        let send = async |place: usize| {
            for number in (place..tickets).step_by(AT_ONCE) {
                let id = format!("B-{number}");
                let ticket = NewTicket {
                    url: None,
                    id,
                    ..refund.clone()
                };
                let answer = self.sandbox.send_ticket(&ticket).await;
                assert!((200..300).contains(&answer.status), "{}", answer.body);
            }
        };
        futures_util::future::join_all((0..AT_ONCE).map(send)).await;
        let rule = RuleName::new(RULE);
        let store = bot.engine.store();
        loop {
            let counts = store.queue_counts().await.unwrap();
            let left = store.pending_counts(bot.engine.time()).await.unwrap();
            let asked = counts.rules.get(&rule).copied().unwrap_or(0);
            if asked as usize == tickets && left.commands + left.due_effects == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        working.abort();
        began.elapsed()
    }

    /// The click that approves each question which stands in billing's room, as Slack would send it.
    pub fn clicks(&self) -> Vec<String> {
        let mut bodies = vec![];
        for message in self.sandbox.messages(BILLING_ROOM) {
            for (_, value, _) in message.controls() {
                if value.starts_with("approve.") {
                    let who = BILLING[bodies.len() % BILLING.len()];
                    let pick = Pick::action(&value);
                    let payload = self
                        .sandbox
                        .click_payload(who, BILLING_ROOM, &message.ts, pick);
                    bodies.push(RawRequest::interaction(&payload.unwrap()).body);
                }
            }
        }
        bodies
    }
}

impl Bot {
    /// Works on inbox and outbox until it is aborted.
    pub fn work(&self) -> JoinHandle<()> {
        let engine = self.engine.clone();
        tokio::spawn(async move { engine.run().await })
    }

    /// Works on the inbox alone until it is aborted: what is decided is not carried out.
    pub fn work_inbox(&self) -> JoinHandle<()> {
        let engine = self.engine.clone();
        tokio::spawn(async move { engine.run_inbox().await })
    }

    /// Ends as a process does.
    pub async fn end(self) {
        self.stop.cancel();
        self.served.abort();
        drop(self.served.await);
        self.engine.store().close().await;
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
