//! A server over a rehearsal database, spoken to over a real socket.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use countersign::domain::digest::Digest;
use countersign::domain::escalation::Role;
use countersign::domain::ids::{AppId, ChannelId, EnterpriseId, SourceName, TeamId};
use countersign::domain::intake::{IntakeSource, SourceProof};
use countersign::domain::time::{At, Span};
use countersign::domain::webhook::WebhookKey;
use countersign::http::health::Readiness;
use countersign::http::intake::Intake;
use countersign::http::{Bounds, Doors, Server};
use countersign::ports::{Clock, Entropy};
use countersign::slack::client::SlackClient;
use countersign::slack::door::DoorParts;
use countersign::slack::people::SlackPeople;
use countersign::slack::surface::SlackSurface;
use countersign::slack::{self, SlackSecrets, SlackSettings};
use countersign::store::Store;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::{CancellationToken, DropGuard};

pub const NOW: i64 = 1_800_000_000;

/// A clock that a test moves.
pub struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> At {
        At(self.0.load(Ordering::Relaxed))
    }
}

/// Salts that differ and repeat on every run.
#[derive(Default)]
pub struct Counter(AtomicU8);

impl Entropy for Counter {
    fn salt(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::Relaxed); 32]
    }
}

/// A running server.
pub struct Door {
    pub store: Store,
    clock: Arc<Hands>,
    pub readiness: Readiness,
    pub address: String,
    pub client: reqwest::Client,
    pub stop: CancellationToken,
    _end: DropGuard,
}

pub fn standard_key() -> WebhookKey {
    WebhookKey::standard(concat!("whsec_", "c2FuZGJveC1pbnRha2Utc2VjcmV0LTAx")).unwrap()
}

pub fn zendesk_secret() -> &'static [u8] {
    b"a secret that zendesk shows"
}

pub const TOKEN: &str = "a-token-of-enough-length";

fn sources() -> Vec<IntakeSource> {
    let source = |name: &str, proof: SourceProof| IntakeSource {
        name: SourceName::new(name),
        proof,
        verifies_requesters: name != "form",
        desk: SourceName::new("helpdesk"),
    };
    vec![
        source("helpdesk", SourceProof::StandardWebhooks(standard_key())),
        source(
            "zendesk",
            SourceProof::Zendesk(WebhookKey::raw(zendesk_secret()).unwrap()),
        ),
        source("form", SourceProof::Bearer(Digest::of(TOKEN.as_bytes()))),
    ]
}

/// The secret that requests of Slack are signed with here.
pub const SIGNING: &str = "a-signing-secret";

/// The policy that the process works under, by its digest alone.
pub fn policy() -> Digest {
    Digest::of(b"the policy of this process")
}

/// Slack's door, whose own way out leads nowhere.
fn slack(store: &Store, clock: Arc<Hands>, grid: Option<&str>) -> slack::door::Door {
    let manifests = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    let policy = Arc::new(countersign::config::read(&manifests).unwrap().policy);
    let channel = ChannelId::new("C0REVIEWS1");
    let settings = SlackSettings {
        team: TeamId::new("T0LOCAL001"),
        enterprise: grid.map(EnterpriseId::new),
        app: AppId::new("A0CSIGN001"),
        api_url: "http://127.0.0.1:9/slack/api".into(),
        call_timeout: Duration::from_secs(1),
        roles: Role::ALL
            .iter()
            .map(|role| (*role, channel.clone()))
            .collect(),
        reviewers: BTreeMap::new(),
        reviewers_default: channel,
    };
    let secrets = SlackSecrets {
        signing: SIGNING.into(),
        bot_token: concat!("xoxb-", "sandbox").into(),
    };
    let client = Arc::new(SlackClient::connect(&settings, &secrets).unwrap());
    let people = SlackPeople::of(
        client.clone(),
        store.clone(),
        clock.clone(),
        settings.team.clone(),
    );
    slack::door::Door::of(DoorParts {
        store: store.clone(),
        surface: Arc::new(SlackSurface::over(client.clone(), settings.clone())),
        client,
        people: Arc::new(people),
        settings,
        signing: secrets.signing,
        clock,
        entropy: Arc::new(Counter::default()),
        policy: Arc::new(move || policy.clone()),
    })
}

impl Door {
    pub async fn open() -> Self {
        Self::bounded(Bounds::default()).await
    }

    /// A server whose workspace belongs to an enterprise grid.
    pub async fn on_a_grid(enterprise: &str) -> Self {
        Self::built(Bounds::default(), Some(enterprise)).await
    }

    /// A server that lets a connection cost no more than this.
    pub async fn bounded(bounds: Bounds) -> Self {
        Self::built(bounds, None).await
    }

    async fn built(bounds: Bounds, grid: Option<&str>) -> Self {
        crate::install_tls();
        let store = Store::open("sqlite::memory:").await.unwrap();
        let clock = Arc::new(Hands(AtomicI64::new(NOW * 1_000)));
        let readiness = Readiness::of(store.clone(), clock.clone()).under(policy());
        let doors = Doors {
            intake: Intake::of(
                sources(),
                store.clone(),
                clock.clone(),
                Arc::new(Counter::default()),
            ),
            slack: Arc::new(slack(&store, clock.clone(), grid)),
            readiness: readiness.clone(),
        };
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = format!("http://{}", server.address());
        let stop = CancellationToken::new();
        tokio::spawn(server.within(bounds).run(doors, stop.clone()));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            store,
            clock,
            readiness,
            address,
            client,
            _end: stop.clone().drop_guard(),
            stop,
        }
    }

    /// Sends a body to a source with headers, and says what came back.
    pub async fn send(&self, source: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
        let mut request = self
            .client
            .post(format!("{}/intake/{source}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.to_vec()).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a body that is rightly signed by the help desk.
    pub async fn signed(&self, body: &[u8]) -> (u16, String) {
        let signature = standard_key().sign("msg_1", NOW, body);
        let now = NOW.to_string();
        let headers = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", now.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        self.send("helpdesk", &headers, body).await
    }

    /// Moves the time.
    pub fn advance(&self, by: Span) {
        self.clock.0.fetch_add(by.0, Ordering::Relaxed);
    }

    /// How many commands wait in the inbox.
    pub async fn stored(&self) -> u64 {
        self.store.pending_counts(At(0)).await.unwrap().commands
    }
}

/// A ticket with what each one has.
pub fn plain() -> Value {
    json!({"id": "T-1", "requester": {"email": "pat@example.com", "name": "Pat"},
           "subject": "Charged twice", "body": "Please look.\nThank you."})
}

pub fn bytes(ticket: &Value) -> Vec<u8> {
    ticket.to_string().into_bytes()
}

/// The ticket with one member set.
pub fn with(key: &str, value: Value) -> Vec<u8> {
    let mut ticket = plain();
    ticket[key] = value;
    bytes(&ticket)
}
