//! What all the stand-ins share: one state behind one lock, the clock, and the client to the bot.

use super::clock::SandboxClock;
use super::desk::Desk;
use super::faults::{Call, Fault, Faults};
use super::slack::Workspace;
use super::stripe::StripeBooks;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// One request to the bot and what came of it, for the page's log.
#[derive(Clone, Debug)]
pub struct BotRequest {
    /// Unix milliseconds.
    pub at: i64,
    /// Path and kind.
    pub what: String,
    /// HTTP status; 0 where there was no answer.
    pub status: u16,
    /// How long the answer took.
    pub ms: u64,
}

/// Everything that changes, behind the one lock.
pub(super) struct State {
    pub slack: Workspace,
    pub stripe: StripeBooks,
    pub desk: Desk,
    pub faults: Faults,
    pub calls: Vec<Call>,
    pub violations: Vec<String>,
    pub bot_url: Option<String>,
    pub bot_log: Vec<BotRequest>,
    pub bot_requests: u64,
}

/// The shared world. Handlers hold it in an `Arc`.
pub(super) struct World {
    state: Mutex<State>,
    pub clock: SandboxClock,
    pub signing_secret: String,
    pub desk_secret: String,
    pub intake_secret: String,
    pub intake_source: String,
    pub rate_limits: bool,
    pub bot_timeout: Duration,
    pub event_retries: Vec<Duration>,
    pub base_url: String,
    pub changed: watch::Sender<u64>,
    pub http: reqwest::Client,
}

/// What a world is made of besides its empty state.
pub(super) struct WorldParts {
    pub clock: SandboxClock,
    pub signing_secret: String,
    pub desk_secret: String,
    pub intake_secret: String,
    pub intake_source: String,
    pub rate_limits: bool,
    pub bot_timeout: Duration,
    pub event_retries: Vec<Duration>,
    pub base_url: String,
    pub bot_url: Option<String>,
}

/// What the bot answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotAnswer {
    /// HTTP status; 0 where the bot did not answer in time or at all.
    pub status: u16,
    /// Body as text.
    pub body: String,
}

impl BotAnswer {
    /// Whether the status is 2xx.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// One request that the stand-ins send to the bot.
pub(super) struct ToBot<'a> {
    pub path: &'a str,
    pub what: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

const LOG_KEPT: usize = 200;

impl World {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one client of this room; every request sets its own timeout"
    )]
    pub fn build(parts: WorldParts) -> io::Result<Self> {
        // A client cannot be built before the process has chosen its TLS provider, although this
        // one never speaks TLS. Somebody else may have chosen already, and then theirs stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(io::Error::other)?;
        let state = State {
            slack: Workspace::fresh(),
            stripe: StripeBooks::default(),
            desk: Desk::default(),
            faults: Faults::default(),
            calls: Vec::new(),
            violations: Vec::new(),
            bot_url: parts.bot_url,
            bot_log: Vec::new(),
            bot_requests: 0,
        };
        Ok(Self {
            state: Mutex::new(state),
            clock: parts.clock,
            signing_secret: parts.signing_secret,
            desk_secret: parts.desk_secret,
            intake_secret: parts.intake_secret,
            intake_source: parts.intake_source,
            rate_limits: parts.rate_limits,
            bot_timeout: parts.bot_timeout,
            event_retries: parts.event_retries,
            base_url: parts.base_url,
            changed: watch::Sender::new(0),
            http,
        })
    }

    /// Unix milliseconds.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads or changes the state without telling the page.
    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.lock())
    }

    /// Changes the state and tells the page.
    pub fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let out = self.with(act);
        self.changed.send_modify(|version| *version += 1);
        out
    }

    /// The fault that waits for this method, if any.
    pub fn take_fault(&self, method: &str) -> Option<Fault> {
        self.with(|state| state.faults.take(method))
    }

    /// Remembers a call that came in.
    pub fn note_call(&self, method: &str, status: u16, error: &str) {
        let at = self.now();
        let call = Call {
            method: method.to_owned(),
            at,
            status,
            error: error.to_owned(),
        };
        self.with(|state| state.calls.push(call));
    }

    /// Sends one request to the bot and waits for its answer, at most `bot_timeout`.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long the bot took is only shown, nothing depends on it"
    )]
    pub async fn ask_bot(&self, request: ToBot<'_>) -> BotAnswer {
        let Some(base) = self.with(|state| state.bot_url.clone()) else {
            return self.log_bot(
                &request.what,
                0,
                0,
                "no bot is connected: call set_bot_url first",
            );
        };
        let began = Instant::now();
        let mut sending = self
            .http
            .post(format!("{}{}", base.trim_end_matches('/'), request.path))
            .timeout(self.bot_timeout)
            .body(request.body);
        for (name, value) in request.headers {
            sending = sending.header(name, value);
        }
        let answer = async {
            let response = sending.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>((status, response.text().await?))
        };
        let (status, body) = answer.await.unwrap_or_else(|error| (0, error.to_string()));
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.log_bot(&request.what, status, ms, &body)
    }

    fn log_bot(&self, what: &str, status: u16, ms: u64, body: &str) -> BotAnswer {
        let at = self.now();
        self.change(|state| {
            state.bot_requests += 1;
            state.bot_log.push(BotRequest {
                at,
                what: what.to_owned(),
                status,
                ms,
            });
            let too_many = state.bot_log.len().saturating_sub(LOG_KEPT);
            state.bot_log.drain(..too_many);
        });
        BotAnswer {
            status,
            body: body.to_owned(),
        }
    }
}
