//! What runs on this machine alone: the database that commands read, and a configuration on the stand-ins.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};

use super::Misuse;
use crate::adapters::desks::DeskSettings;
use crate::adapters::outside::Base;
use crate::config::{self, Config};
use crate::domain::policy::Problem;
use crate::domain::webhook::WebhookKey;
use crate::ports::Clock;
use crate::sandbox::{NewTicket, Sandbox, SandboxClock, SandboxConfig};
use crate::store::{Store, StoreError};

/// Which database to read.
#[derive(Args, Default)]
pub struct Database {
    /// The database: the path of a SQLite file, or `postgres://...`; otherwise what workspace.json names.
    #[arg(long, value_name = "FILE or URL")]
    database: Option<String>,
}

impl Database {
    /// Opens the database, and makes the file where there is none yet.
    pub(super) async fn open(self, manifests: &Path) -> anyhow::Result<Store> {
        open(&self.url(manifests)?).await
    }

    /// Opens a database that is there, to read it: whoever only reads changes nothing and leaves no empty file.
    pub(super) async fn existing(self, manifests: &Path) -> anyhow::Result<Store> {
        let url = self.url(manifests)?;
        if let Some(file) = file_of(url.expose_secret())
            && !file.exists()
        {
            let sentence = format!(
                "there is no database at {}; name one with --database, or start `countersign serve` first",
                file.display()
            );
            return Err(Misuse(sentence).into());
        }
        opened(Store::open_to_read(url.expose_secret()).await)
    }

    fn url(self, manifests: &Path) -> anyhow::Result<SecretString> {
        match self.database {
            Some(named) if named.contains("://") || named.starts_with("sqlite:") => {
                Ok(SecretString::from(named))
            }
            Some(path) => Ok(SecretString::from(address(Path::new(&path)))),
            None => config::read(manifests)
                .and_then(|read| read.database_url(&config::environment))
                .map_err(|problems| Misuse::of(&problems).into()),
        }
    }
}

/// The address of a SQLite file.
pub(super) fn address(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The file behind an address, where it is one.
fn file_of(url: &str) -> Option<&Path> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split('?').next().unwrap_or(path);
    (path != ":memory:").then(|| Path::new(path))
}

/// Opens a store by its address. The address may hold a password and is never repeated.
///
/// # Errors
/// When the database cannot be reached or is not ours.
pub async fn open(url: &SecretString) -> anyhow::Result<Store> {
    opened(Store::open(url.expose_secret()).await)
}

fn opened(store: Result<Store, StoreError>) -> anyhow::Result<Store> {
    store
        .map_err(of_store)
        .context("the database cannot be opened")
}

/// A database that is not ours, or of another version, is a mistake in the arguments.
pub(super) fn of_store(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::Refused { why } => Misuse(why).into(),
        other => other.into(),
    }
}

/// The secrets of the local workspace. Everybody knows them, and they protect nothing but the rehearsal.
const STRIPE_KEY: &str = "rk_sandbox";

/// A running local workspace with the configuration that points at it.
pub struct Local {
    /// The stand-ins.
    pub sandbox: Sandbox,
    /// The shipped configuration, with every outside address pointed at the stand-ins.
    pub config: Config,
}

/// Starts the local workspace, its books filled, and reads the manifests for it.
///
/// # Errors
/// Every problem of the manifests, or that the port is taken.
pub async fn start(
    clock: &Arc<dyn Clock>,
    manifests: &Path,
    database: &str,
    port: u16,
) -> anyhow::Result<Result<Local, Vec<Problem>>> {
    let settings = SandboxConfig {
        clock: sandbox_clock(clock),
        port,
        ..SandboxConfig::default()
    };
    let sandbox = Sandbox::start(settings)
        .await
        .map_err(|error| anyhow::anyhow!("the local workspace {error}"))?;
    sandbox.load_demo_books();
    Ok(configured(&sandbox, manifests, database).map(|config| Local { sandbox, config }))
}

/// Reads the manifests for a local workspace that runs already: once for each start of the bot on it.
///
/// # Errors
/// Every problem of the manifests.
pub fn configured(
    sandbox: &Sandbox,
    manifests: &Path,
    database: &str,
) -> Result<Config, Vec<Problem>> {
    let settings = SandboxConfig::default();
    let secrets = Secrets {
        database: database.to_owned(),
        signing: settings.signing_secret,
        intake: settings.intake_secret,
        desk: settings.desk_secret,
    };
    let config = config::read(manifests)?.resolve(&|name| secrets.of(name))?;
    Ok(pointed_at(sandbox, config, &secrets))
}

/// What the shipped manifests take from the environment, as the local workspace has it.
struct Secrets {
    database: String,
    signing: String,
    intake: String,
    desk: String,
}

impl Secrets {
    fn of(&self, name: &str) -> Option<String> {
        Some(match name {
            "COUNTERSIGN_DATABASE_URL" => self.database.clone(),
            "COUNTERSIGN_SLACK_SIGNING_SECRET" => self.signing.clone(),
            "COUNTERSIGN_SLACK_BOT_TOKEN" => crate::sandbox::TOKEN.to_owned(),
            "COUNTERSIGN_STRIPE_KEY" => STRIPE_KEY.to_owned(),
            "COUNTERSIGN_INTAKE_SECRET" => self.intake.clone(),
            "COUNTERSIGN_DESK_SECRET" => self.desk.clone(),
            _ => return None,
        })
    }
}

fn pointed_at(sandbox: &Sandbox, mut config: Config, secrets: &Secrets) -> Config {
    config.slack.api_url = sandbox.slack_api_url();
    if let Ok(base) = Base::parse(&sandbox.stripe_url()) {
        for connector in &mut config.connectors {
            connector.base = base.clone();
        }
    }
    if let (Ok(base), Ok(key)) = (
        Base::parse(&sandbox.desk_url()),
        WebhookKey::standard(&secrets.desk),
    ) {
        for desk in config.desks.values_mut() {
            if matches!(desk, DeskSettings::Webhook { .. }) {
                *desk = DeskSettings::Webhook {
                    base: base.clone(),
                    key: key.clone(),
                };
            }
        }
    }
    config
}

/// Files a ticket on the stand-in for the help desk, so that notes and replies have somewhere to go. A ticket
/// that is not one is left out: the intake says what is wrong with it.
pub(super) fn file_on_desk(sandbox: &Sandbox, body: &[u8]) {
    #[derive(serde::Deserialize)]
    struct Asker {
        email: Option<String>,
    }
    #[derive(serde::Deserialize)]
    struct Ticket {
        id: String,
        requester: Asker,
        subject: String,
        body: String,
    }
    if let Ok(ticket) = serde_json::from_slice::<Ticket>(body) {
        let email = ticket.requester.email.unwrap_or_default();
        sandbox.file_ticket(&NewTicket::plain(
            &ticket.id,
            &email,
            &ticket.subject,
            &ticket.body,
        ));
    }
}

/// The local workspace lives by the product's clock.
#[must_use]
pub fn sandbox_clock(clock: &Arc<dyn Clock>) -> SandboxClock {
    let clock = Arc::clone(clock);
    Arc::new(move || clock.now().0)
}

/// A clock that stands still until it is moved: for scripted demonstrations and for tests.
pub struct MovedClock(std::sync::atomic::AtomicI64);

impl MovedClock {
    /// Begins at a moment.
    #[must_use]
    pub const fn at(start: crate::domain::time::At) -> Self {
        Self(std::sync::atomic::AtomicI64::new(start.0))
    }

    /// Moves the time.
    pub fn advance(&self, by: crate::domain::time::Span) {
        self.0.fetch_add(by.0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> crate::domain::time::At {
        // Every reading is a millisecond later, so that what happens one after the other has different times.
        crate::domain::time::At(self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
    }
}
