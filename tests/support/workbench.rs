//! The whole product on one bench: the bot as `main` builds it, the local workspace, a clock and a database per test.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use countersign::app;
use countersign::cli::local::{MovedClock, configured, sandbox_clock};
use countersign::domain::board::BoardCommand;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::digest::Digest;
use countersign::domain::ids::CommandId;
use countersign::domain::journal::{Command, Event, Submission};
use countersign::domain::person::Actor;
use countersign::domain::time::{At, Span};
use countersign::engine::{Engine, EngineError};
use countersign::http::Server;
use countersign::ports::{Clock, Entropy};
use countersign::sandbox::{Sandbox, SandboxConfig};
use countersign::store::Store;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::beneath::{Beneath, Named, copy};
use crate::folder::Folder;
use crate::fuse::Fuse;
use crate::log::{listen, repeats_nothing_of};

/// A Monday morning, so that business hours run.
pub const MONDAY: At = At(1_795_424_400_000);
/// How many steps a handful of tickets may take: more is a loop.
const STEPS: usize = 20_000;

/// Salts that differ, one after the other, and are the same in each run.
#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn salt(&self) -> [u8; 32] {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        *Digest::of(&n.to_be_bytes()).bytes()
    }
}

/// What is changed before the bot starts.
pub struct Setting {
    folder: Folder,
    begins: At,
}

/// The shipped manifests in a folder of their own.
pub fn setting() -> Setting {
    let folder = Folder::make();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests"),
        &folder.path().join("manifests"),
    );
    let begins = MONDAY;
    Setting { folder, begins }
}

/// Plays a story on the shipped manifests on both databases, and fails on whatever it left unread.
pub async fn workbench(story: impl AsyncFn(&mut Workbench)) {
    setting().play(story).await;
}

impl Setting {
    /// Changes a document of the policy.
    pub fn policy(self, file: &str, edit: impl FnOnce(&mut Value)) -> Self {
        self.manifest(&format!("policy/{file}"), edit)
    }

    /// Changes any manifest.
    pub fn manifest(self, file: &str, edit: impl FnOnce(&mut Value)) -> Self {
        edited(&self.folder, file, edit);
        self
    }

    /// Begins the story at another moment than that Monday morning.
    pub fn begin(mut self, moment: At) -> Self {
        self.begins = moment;
        self
    }

    /// Plays a story on SQLite and then on PostgreSQL, and fails on whatever it left unread.
    pub async fn play(self, story: impl AsyncFn(&mut Workbench)) {
        Box::pin(self.play_on(Beneath::file(), &story)).await;
        if let Some(server) = Beneath::server().await {
            Box::pin(self.play_on(server, &story)).await;
        }
    }

    /// Plays a story on one database, and fails on whatever it left unread.
    pub async fn play_on(&self, beneath: Beneath, story: impl AsyncFn(&mut Workbench)) {
        let _named = Named(beneath.name());
        drop(rustls::crypto::ring::default_provider().install_default());
        listen();
        let clock = Arc::new(MovedClock::at(self.begins));
        let seen: Arc<dyn Clock> = clock.clone();
        let sandbox = Sandbox::start(SandboxConfig {
            clock: sandbox_clock(&seen),
            event_retries: vec![Duration::ZERO],
            ..SandboxConfig::default()
        });
        let sandbox = sandbox.await.unwrap();
        sandbox.load_demo_books();
        let entropy: Arc<dyn Entropy> = Arc::new(Counted::default());
        let folder = Folder::make();
        copy(self.folder.path(), folder.path());
        let fuse = Fuse::sound();
        let parts = (clock.clone(), entropy.clone(), &fuse);
        let app = App::start(&folder, &beneath.url(), &sandbox, parts).await;
        let mut bench = Workbench {
            sandbox,
            clock,
            entropy,
            fuse,
            app,
            folder,
            beneath,
            refused: RefCell::default(),
            failed: RefCell::default(),
        };
        story(&mut bench).await;
        bench.finish().await;
    }
}

/// The bot, running.
struct App {
    engine: Engine,
    address: String,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

/// Opens the database, again where a machine under load was too slow.
async fn opened(database: &str) -> Store {
    for _ in 0..5 {
        if let Ok(store) = Store::open(database).await {
            return store;
        }
    }
    Store::open(database).await.unwrap()
}

impl App {
    async fn start(
        folder: &Folder,
        database: &str,
        sandbox: &Sandbox,
        (clock, entropy, fuse): (Arc<MovedClock>, Arc<dyn Entropy>, &Arc<Fuse>),
    ) -> Self {
        let manifests = folder.path().join("manifests");
        let mut config = configured(sandbox, &manifests, database).unwrap();
        let store = opened(database).await;
        let slack = app::Slack::open(&config, store.clone(), clock, entropy).unwrap();
        let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = format!("http://{}", server.address());
        sandbox.set_bot_url(&address).unwrap();
        let stage = slack.stage();
        let metrics = stage.metrics.clone();
        let outside = fuse.around(app::outside(&mut config, stage).unwrap());
        fuse.watch(&store);
        let engine = app::engine_towards(&config, store, outside, metrics)
            .await
            .unwrap();
        let doors = slack.doors(&mut config, &engine);
        let stop = CancellationToken::new();
        let served = tokio::spawn(server.run(doors, stop.clone()));
        Self {
            engine,
            address,
            stop,
            served,
        }
    }

    async fn end(&self) {
        self.stop.cancel();
        self.served.abort();
        self.engine.store().close().await;
    }
}

/// The bench during a story.
pub struct Workbench {
    /// The stand-ins.
    pub sandbox: Sandbox,
    pub(crate) clock: Arc<MovedClock>,
    entropy: Arc<dyn Entropy>,
    fuse: Arc<Fuse>,
    app: App,
    folder: Folder,
    beneath: Beneath,
    refused: RefCell<Vec<RefusalCode>>,
    failed: RefCell<u64>,
}

impl Workbench {
    /// The engine of the bot that runs now.
    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// The database of the bot that runs now.
    pub fn store(&self) -> &Store {
        self.app.engine.store()
    }

    /// The address of the bot that runs now.
    pub fn address(&self) -> &str {
        &self.app.address
    }

    /// What lets the bot crash, in stories that are about that.
    pub const fn fuse(&self) -> &Arc<Fuse> {
        &self.fuse
    }

    /// The database beneath this story.
    pub const fn beneath(&self) -> &Beneath {
        &self.beneath
    }

    /// Works until nothing that is due is left.
    pub async fn settle(&self) {
        self.settled().await.unwrap();
    }

    /// The same, with why it could not be done.
    pub async fn settled(&self) -> Result<(), EngineError> {
        self.engine().settle(STEPS).await.map(drop)
    }

    /// Moves the time, and works until nothing that is due is left.
    pub async fn advance(&self, by: Span) {
        self.clock.advance(by);
        self.settle().await;
    }

    /// Moves the time to a moment, and works until nothing that is due is left.
    pub async fn until(&self, moment: At) {
        self.advance(moment.since(self.clock.now())).await;
    }

    /// Does something that waits for an answer of the bot: the inbox is worked on meanwhile, the outbox is not.
    pub async fn during<T>(&self, act: impl Future<Output = T>) -> T {
        let over = AtomicBool::new(false);
        let acting = async {
            let done = act.await;
            over.store(true, Ordering::SeqCst);
            done
        };
        let working = async {
            while !over.load(Ordering::SeqCst) {
                if !self.engine().step_inbox().await.unwrap_or(false) {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        };
        tokio::join!(acting, working).0
    }

    /// An operator changes a manifest; the bot reads it when it is started again.
    pub fn change(&self, file: &str, edit: impl FnOnce(&mut Value)) {
        edited(&self.folder, file, edit);
    }

    /// The bot ends, as a process does, and another one begins on the same database.
    pub async fn restart(&mut self) {
        self.app.end().await;
        self.begin_again().await;
    }

    async fn begin_again(&mut self) {
        let parts = (self.clock.clone(), self.entropy.clone(), &self.fuse);
        let database = self.beneath.url();
        self.app = App::start(&self.folder, &database, &self.sandbox, parts).await;
    }

    /// An operator changes a document of the policy and pins the folder; the bot ends and begins again under it.
    pub async fn pins(&mut self, file: &str, edit: impl FnOnce(&mut Value)) {
        self.app.end().await;
        edited(&self.folder, &format!("policy/{file}"), edit);
        let database = self.beneath.url();
        let manifests = self.folder.path().join("manifests");
        let folder = configured(&self.sandbox, &manifests, &database).unwrap();
        let store = Store::open(&database).await.unwrap();
        let (clock, entropy) = (self.clock.as_ref(), self.entropy.as_ref());
        app::pin(&store, folder.policy.digest(), None, clock, entropy)
            .await
            .unwrap();
        store.close().await;
        self.begin_again().await;
    }

    /// Something is said to what spans cases, as a command of an operator is.
    pub async fn tells_the_board(&self, ask: BoardCommand) {
        let id = CommandId::new(format!("story.{}", self.clock.now().0));
        let submission = Submission {
            key: id.to_string(),
            origin: Digest::of(id.as_str().as_bytes()),
            id,
            actor: Actor::Countersign,
            at: self.clock.now(),
            command: Command::Board { ask },
            contents: vec![],
            reply_to: None,
        };
        self.store().submit(&submission).await.unwrap();
        self.settle().await;
    }

    /// Says that refusals of this kind are what the story is about.
    pub fn expect_refused(&self, code: RefusalCode, times: usize) {
        let mut refused = self.refused.borrow_mut();
        refused.extend(std::iter::repeat_n(code, times));
    }

    /// Every click that was refused so far, case by case.
    pub async fn refusals(&self) -> Vec<RefusalCode> {
        let mut refusals = vec![];
        for case in self.cases().await {
            for recorded in self.store().events(&case.id.stream()).await.unwrap() {
                if let Event::Case(CaseEvent::ClickRefused { code, .. }) = recorded.event {
                    refusals.push(code);
                }
            }
        }
        refusals
    }

    /// Says that so many effects end without success in this story.
    pub fn expect_failed(&self, effects: u64) {
        *self.failed.borrow_mut() += effects;
    }

    /// Everything that a story leaves behind must have been looked at.
    async fn finish(self) {
        self.settle().await;
        repeats_nothing_of(&self).await;
        let unread = self.sandbox.unread_messages();
        let unread: Vec<String> = unread
            .iter()
            .map(|message| format!("{}: {}", message.channel, message.all_text()))
            .collect();
        assert!(
            unread.is_empty(),
            "nobody looked at {} messages: {unread:#?}",
            unread.len()
        );
        assert_eq!(self.sandbox.violations(), Vec::<String>::new());
        assert_eq!(self.sandbox.clear_faults(), 0, "a fault was never met");
        let refusals = self.refusals().await;
        let sorted = |codes: &[RefusalCode]| {
            let mut words: Vec<&str> = codes.iter().map(|code| code.word()).collect();
            words.sort_unstable();
            words.join(" ")
        };
        assert_eq!(
            sorted(&refusals),
            sorted(&self.refused.borrow()),
            "refusals that happened, and those that the story expects"
        );
        let backlog = self
            .store()
            .pending_counts(self.engine().time())
            .await
            .unwrap();
        let left = (backlog.commands, backlog.due_effects);
        assert_eq!(left, (0, 0), "commands and effects that wait");
        let expected = *self.failed.borrow();
        assert_eq!(backlog.failed_effects, expected, "effects that failed");
        let verified = self.store().verify(&mut |_| {}).await.unwrap();
        assert_eq!(verified.first_bad, None);
        self.app.end().await;
        let leases = "SELECT id FROM outbox WHERE status = 'waiting' AND lease_owner IS NOT NULL";
        let leases = self.beneath.rows(leases).await;
        assert!(
            leases.is_empty(),
            "leases that nobody gave back: {leases:?}"
        );
        self.beneath.drop().await;
    }
}

/// Changes a manifest of a story's folder.
fn edited(folder: &Folder, file: &str, edit: impl FnOnce(&mut Value)) {
    let path = folder.path().join("manifests").join(file);
    let mut document = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    edit(&mut document);
    std::fs::write(&path, serde_json::to_vec_pretty(&document).unwrap()).unwrap();
}
