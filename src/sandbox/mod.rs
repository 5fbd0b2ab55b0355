//! The local workspace: faithful stand-ins for Slack, Stripe and a help desk, on loopback only.
//!
//! This room may not use anything of the product (no `crate::` path but its own): what it tests
//! must not be judged by the code under test. It keeps its own table of Slack's limits, its own
//! signatures and its own idea of every answer, each taken from the vendor's documentation.
//!
//! To add a Slack method: one function in `slack/`, one line in `slack/web_api.rs`, and the error
//! names that its page documents. To add a vendor: one folder, one line in `web.rs`, one field in
//! `world.rs`. Everything a test may do is a method of `Sandbox`.

mod cast;
mod clock;
mod desk;
mod faults;
mod form;
mod scenario;
mod signing;
mod slack;
mod stripe;
mod ui;
mod web;
mod world;

pub use cast::{APP, BOT, BOT_USER, TEAM, TOKEN};
pub use clock::{SandboxClock, system_clock};
pub use desk::ticket::{DeskTicket, DeskWrite, Entry, EntryKind, NewTicket};
pub use faults::{Call, Fault};
pub use scenario::{demo_books, demo_tickets};
pub use slack::hands::{Answered, NotThere, Pick, Submitted};
pub use slack::messages::Message;
pub use slack::raw::{RawRequest, Tamper};
pub use slack::view_model::View;
pub use stripe::books;
pub use world::{BotAnswer, BotRequest};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use world::{World, WorldParts};

/// How a sandbox is started.
pub struct SandboxConfig {
    /// The time it lives by.
    pub clock: SandboxClock,
    /// The secret that it signs Slack's requests with.
    pub signing_secret: String,
    /// Where the bot listens, for example `http://127.0.0.1:8080`; may be set later.
    pub bot_url: Option<String>,
    /// Whether Slack's rate limits are enforced.
    pub rate_limits: bool,
    /// Port to listen on, 0 for any.
    pub port: u16,
    /// The secret (`whsec_...`) that the help desk checks writes with.
    pub desk_secret: String,
    /// The secret (`whsec_...`) that the help desk signs tickets with.
    pub intake_secret: String,
    /// The name of the intake source that tickets go to: `/intake/<name>`.
    pub intake_source: String,
    /// How long the bot may take to answer. Slack gives it 3 seconds.
    pub bot_timeout: Duration,
    /// Pauses before an event is sent again. Slack: at once, after a minute, after five minutes.
    pub event_retries: Vec<Duration>,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            clock: system_clock(),
            signing_secret: "sandbox-signing-secret".to_owned(),
            bot_url: None,
            rate_limits: false,
            port: 0,
            desk_secret: webhook_secret("sandbox-desk-secret-0001"),
            intake_secret: webhook_secret("sandbox-intake-secret-01"),
            intake_source: "helpdesk".to_owned(),
            bot_timeout: Duration::from_secs(3),
            event_retries: vec![
                Duration::ZERO,
                Duration::from_secs(60),
                Duration::from_secs(300),
            ],
        }
    }
}

/// Writes 24 or more bytes as a Standard Webhooks secret. What everybody knows protects nothing: the
/// defaults are for tests, and whoever lets others near the machine's ports sets better ones.
fn webhook_secret(words: &str) -> String {
    format!("whsec_{}", STANDARD.encode(words))
}

/// A running local workspace. Dropping it stops it.
pub struct Sandbox {
    world: Arc<World>,
    stop: CancellationToken,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves until the value is dropped.
    ///
    /// # Errors
    /// The port is taken, or `bot_url` is not on this machine.
    #[expect(
        clippy::disallowed_methods,
        reason = "the accept loop ends with the value that started it"
    )]
    pub async fn start(config: SandboxConfig) -> io::Result<Self> {
        if let Some(url) = &config.bot_url {
            check_loopback(url)?;
        }
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let listener = tokio::net::TcpListener::bind(at).await.map_err(|error| {
            let port = config.port;
            let advice = format!(
                "cannot listen on 127.0.0.1:{port} ({error}): choose another port, or 0 for any"
            );
            io::Error::new(error.kind(), advice)
        })?;
        let base_url = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
        let world = Arc::new(World::build(WorldParts {
            clock: config.clock,
            signing_secret: config.signing_secret,
            desk_secret: config.desk_secret,
            intake_secret: config.intake_secret,
            intake_source: config.intake_source,
            rate_limits: config.rate_limits,
            bot_timeout: config.bot_timeout,
            event_retries: config.event_retries,
            base_url,
            bot_url: config.bot_url,
        })?);
        let stop = CancellationToken::new();
        let app = web::router(Arc::clone(&world), stop.clone());
        let stopping = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app)
                .with_graceful_shutdown(stopping)
                .await
            {
                tracing::error!(%error, "the local workspace stopped serving");
            }
        });
        Ok(Self { world, stop })
    }

    /// Where the page is.
    pub fn page_url(&self) -> String {
        format!("{}/", self.world.base_url)
    }

    /// The base of the Slack Web API: a method's name follows after a slash.
    pub fn slack_api_url(&self) -> String {
        format!("{}/slack/api", self.world.base_url)
    }

    /// The base of the Stripe API: `/v1/...` follows.
    pub fn stripe_url(&self) -> String {
        format!("{}/stripe", self.world.base_url)
    }

    /// The base of the help desk: `/writes` and `/tickets/<id>` follow.
    pub fn desk_url(&self) -> String {
        format!("{}/desk", self.world.base_url)
    }

    /// Says where the bot listens.
    ///
    /// # Errors
    /// The address is not on this machine: a sandbox signs requests and sends them nowhere else.
    pub fn set_bot_url(&self, url: &str) -> io::Result<()> {
        check_loopback(url)?;
        self.world
            .change(|state| state.bot_url = Some(url.to_owned()));
        Ok(())
    }

    /// Lets the next `times` calls of a method fail. Slack methods go by their name
    /// (`chat.postMessage`, and `response_url`); Stripe by `stripe` or `stripe.charges`
    /// and so on; the desk by `desk.writes`, `desk.lookup` and `desk.tickets`.
    pub fn fault(&self, method: &str, fault: Fault, times: usize) {
        self.world
            .with(|state| state.faults.add(method, fault, times));
    }

    /// Takes back all faults that were not met yet, and says how many there were.
    pub fn clear_faults(&self) -> usize {
        self.world.with(|state| {
            let waiting = state.faults.waiting();
            state.faults.clear();
            waiting
        })
    }

    /// Every call that came in so far.
    pub fn calls(&self) -> Vec<Call> {
        self.world.with(|state| state.calls.clone())
    }

    /// What the product did that it must never do: writes to Stripe, and tokens that look real.
    pub fn violations(&self) -> Vec<String> {
        self.world.with(|state| state.violations.clone())
    }

    /// What was sent to the bot, the last two hundred.
    pub fn bot_log(&self) -> Vec<BotRequest> {
        self.world.with(|state| state.bot_log.clone())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn check_loopback(url: &str) -> io::Result<()> {
    let parsed = reqwest::Url::parse(url).map_err(io::Error::other)?;
    let here = matches!(parsed.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if here && parsed.scheme() == "http" {
        return Ok(());
    }
    Err(io::Error::other(
        "the local workspace only talks to this machine: use http://127.0.0.1:PORT",
    ))
}
