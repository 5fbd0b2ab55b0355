//! The whole ring behind a real socket: tickets go in, people click in the local workspace, and answers come back.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use countersign::adapters::desks::none::NoDesk;
use countersign::adapters::models::builtin::Builtin;
use countersign::agent::redaction::Redactor;
use countersign::domain::board::BoardCommand;
use countersign::domain::case::command::CaseCommand;
use countersign::domain::case::context::Installation;
use countersign::domain::content::{Content, ContentKind};
use countersign::domain::digest::Digest;
use countersign::domain::ids::{AppId, CaseId, CommandId, SourceName, TeamId};
use countersign::domain::journal::{Command, Submission};
use countersign::domain::person::Actor;
use countersign::domain::ticket::{Requester, Thread, Ticket};
use countersign::domain::time::At;
use countersign::engine::{Engine, Outside, Policies, Settings};
use countersign::ports::{Clock, Desk, Entropy};
use countersign::sandbox::{Message, Sandbox, SandboxConfig};
use countersign::slack::client::SlackClient;
use countersign::slack::desk::SlackDesk;
use countersign::slack::door::{Door, DoorParts, DoorReply};
use countersign::slack::inbound::signature::SignedHeaders;
use countersign::slack::people::SlackPeople;
use countersign::slack::surface::SlackSurface;
use countersign::store::Store;

use crate::outbound::{secrets, settings};

/// The machine's clock, moved ahead by as many milliseconds as a test likes; the workspace lives by it too.
#[derive(Clone, Default)]
struct Wall(Arc<AtomicI64>);

impl Clock for Wall {
    fn now(&self) -> At {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now: i64 = since.unwrap().as_millis().try_into().unwrap();
        At(now + self.0.load(Ordering::SeqCst))
    }
}

/// Salts that differ, one after the other.
#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn salt(&self) -> [u8; 32] {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        *Digest::of(&n.to_be_bytes()).bytes()
    }
}

pub struct Ring {
    pub sandbox: Sandbox,
    pub store: Store,
    pub engine: Engine,
    wall: Wall,
}

impl Ring {
    /// Everything on loopback, with the shipped policy, the offline model and a database in memory.
    pub async fn open() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let wall = Wall::default();
        let seen = wall.clone();
        let config = SandboxConfig {
            clock: Arc::new(move || seen.now().0),
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let store = Store::open("sqlite::memory:").await.unwrap();
        let settings = settings(&sandbox);
        let client = Arc::new(SlackClient::connect(&settings, &secrets()).unwrap());
        let clock: Arc<dyn Clock> = Arc::new(wall.clone());
        let entropy: Arc<dyn Entropy> = Arc::new(Counted::default());
        let people = Arc::new(SlackPeople::of(
            client.clone(),
            store.clone(),
            clock.clone(),
            settings.team.clone(),
        ));
        let surface = Arc::new(SlackSurface::over(client.clone(), settings.clone()));
        let manifests = countersign::config::read(Path::new("manifests")).unwrap();
        let digest = manifests.policy.digest();
        let canonical = manifests.policy.canonical().to_owned();
        store
            .put_policy(&digest, &canonical, clock.now())
            .await
            .unwrap();
        let desk: Arc<dyn Desk> = Arc::new(NoDesk);
        let threads: Arc<dyn Desk> = Arc::new(SlackDesk::over(client.clone()));
        let outside = Outside {
            clock: clock.clone(),
            entropy: entropy.clone(),
            desks: [
                (SourceName::new("none"), desk),
                (SourceName::new("slack"), threads),
            ]
            .into(),
            connectors: [].into(),
            model: Arc::new(Builtin),
            people: people.clone(),
            surface: surface.clone(),
        };
        let installation = Installation {
            enterprise: None,
            team: TeamId::new("T0LOCAL001"),
            app: AppId::new("A0CSIGN001"),
        };
        let engine = Engine::new(
            store.clone(),
            outside,
            Settings {
                installation,
                triage_prompt: countersign::agent::triage::PROMPT.to_owned(),
                draft_prompt: countersign::agent::draft::PROMPT.to_owned(),
            },
            Policies::new(manifests.policy),
            Redactor::new().unwrap(),
        );
        let pinned = Submission {
            id: CommandId::new("pin"),
            key: "pin".into(),
            origin: digest,
            actor: Actor::Countersign,
            at: wall.now(),
            command: Command::Board {
                ask: BoardCommand::ActivatePolicy {
                    policy: digest,
                    by: None,
                },
            },
            contents: vec![],
            reply_to: None,
        };
        store.submit(&pinned).await.unwrap();
        let judged = engine.clone();
        let door = Arc::new(Door::of(DoorParts {
            store: store.clone(),
            client,
            surface,
            people,
            settings,
            signing: secrets().signing,
            clock,
            entropy,
            policy: Arc::new(move || judged.policy()),
        }));
        let url = serve(door).await;
        sandbox.set_bot_url(&url).unwrap();
        let working = engine.clone();
        tokio::spawn(async move { working.run().await });
        Self {
            sandbox,
            store,
            engine,
            wall,
        }
    }

    /// Moves the clock of the product and of the workspace ahead.
    pub fn pass(&self, seconds: i64) {
        self.wall.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// A ticket comes in. Returns its case.
    pub async fn ticket(&self, external: &str, subject: &str, body: &str) -> CaseId {
        self.ticket_in(None, external, subject, body).await
    }

    /// A ticket comes in from a thread, which it is answered in.
    pub async fn ticket_in(
        &self,
        thread: Option<Thread>,
        external: &str,
        subject: &str,
        body: &str,
    ) -> CaseId {
        let source = SourceName::new("helpdesk");
        let case = CaseId::of(&source, external);
        let seal = |kind, text: &str| {
            let salt = *Digest::of(format!("{external}{kind}{text}").as_bytes()).bytes();
            Content::seal(kind, salt, text)
        };
        let who = seal(
            ContentKind::Requester,
            r#"{"email":"customer@shop.example","name":"A customer"}"#,
        );
        let (subject, body) = (
            seal(ContentKind::TicketText, subject),
            seal(ContentKind::TicketText, body),
        );
        let ticket = Ticket {
            source,
            external: external.to_owned(),
            desk: SourceName::new(if thread.is_some() { "slack" } else { "none" }),
            requester: Requester {
                who: who.sealed,
                has_email: true,
                verified: true,
                author: None,
            },
            subject: subject.sealed,
            body: body.sealed,
            queue: None,
            url: Some(format!("https://desk.example/tickets/{external}")),
            thread,
            received_at: self.wall.now(),
        };
        let submission = Submission {
            id: CommandId::new(format!("open.{external}")),
            key: format!("open/{external}"),
            origin: Digest::of(external.as_bytes()),
            actor: Actor::Source {
                name: "helpdesk".into(),
            },
            at: self.wall.now(),
            command: Command::Case {
                case: case.clone(),
                ask: CaseCommand::Open { ticket },
            },
            contents: vec![who, subject, body],
            reply_to: None,
        };
        self.store.submit(&submission).await.unwrap();
        case
    }

    /// What a person was told about a click in a channel: there, or in the direct message.
    pub async fn told(&self, who: &str, channel: &str) -> Message {
        for _ in 0..200 {
            let here = self.sandbox.messages(channel).into_iter();
            let here = here.filter(|message| message.ephemeral_for.as_deref() == Some(who));
            let direct = self.sandbox.messages(&self.sandbox.dm_of(who)).into_iter();
            if let Some(message) = here.chain(direct).last() {
                return message;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{who} was told nothing");
    }

    /// Looks at a channel until a message in it fits; fails with what is there after ten seconds.
    pub async fn message(&self, channel: &str, fits: impl Fn(&Message) -> bool) -> Message {
        for _ in 0..200 {
            let found = self.sandbox.messages(channel).into_iter().find(&fits);
            if let Some(message) = found {
                return message;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let seen: Vec<String> = self
            .sandbox
            .messages(channel)
            .iter()
            .map(Message::all_text)
            .collect();
        panic!("nothing fits in {channel}; there is: {seen:#?}");
    }
}

async fn serve(door: Arc<Door>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/slack/interactions", post(interaction))
        .route("/slack/commands", post(command))
        .route("/slack/events", post(event))
        .with_state(door);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

fn signed(headers: &HeaderMap) -> SignedHeaders<'_> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    SignedHeaders {
        timestamp: text("x-slack-request-timestamp"),
        signature: text("x-slack-signature"),
    }
}

type Reply = (StatusCode, [(&'static str, &'static str); 1], String);

fn reply(reply: DoorReply) -> Reply {
    let status = StatusCode::from_u16(reply.status).unwrap();
    let kind = [("content-type", "application/json")];
    (status, kind, reply.body.unwrap_or_default())
}

async fn interaction(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> Reply {
    reply(door.interaction(signed(&headers), &body).await)
}

async fn command(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> Reply {
    reply(door.command(signed(&headers), &body).await)
}

async fn event(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> Reply {
    reply(door.event(signed(&headers), &body).await)
}
