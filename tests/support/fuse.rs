//! Crashes on the workbench: a fuse that blows at the n-th commit or step of a call to the outside, and never else.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use countersign::domain::card::{Card, Composed, Destination};
use countersign::domain::case::event::Acknowledgement;
use countersign::domain::case::gate::Permit;
use countersign::domain::case::refusal::Answer;
use countersign::domain::evidence::Ask;
use countersign::domain::ids::{CustomerId, GroupId, SourceName, UserId};
use countersign::domain::journal::ReplyTo;
use countersign::domain::model::{ModelAnswer, ModelRequest};
use countersign::domain::person::Person;
use countersign::domain::ticket::TicketState;
use countersign::domain::time::{At, Span};
use countersign::engine::Outside;
use countersign::ports::{
    Address, Connector, Desk, DeskWrite, Fetched, Model, People, PersonReading, PortError,
    Register, Subject, Surface, Whereabouts,
};
use countersign::store::{Places, Store, Woken};
use futures_util::FutureExt as _;

/// Counts the commits of the bot, and its calls to the outside twice: before each one, and when its answer has come.
pub struct Fuse {
    steps: AtomicU64,
    /// The step at which it blows.
    last: AtomicU64,
    blown: AtomicBool,
    commits: Mutex<Option<Woken>>,
}

impl Fuse {
    /// A fuse that only counts.
    pub fn sound() -> Arc<Self> {
        Arc::new(Self {
            steps: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
            blown: AtomicBool::new(false),
            commits: Mutex::new(None),
        })
    }

    /// Lets it blow at a step, counted from 0 and from now.
    pub fn blow_at(&self, step: u64) {
        self.steps.store(0, Ordering::SeqCst);
        self.last.store(step, Ordering::SeqCst);
    }

    /// How many steps were counted.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Puts in a sound one.
    pub fn mend(&self) {
        self.last.store(u64::MAX, Ordering::SeqCst);
        self.blown.store(false, Ordering::SeqCst);
    }

    /// Counts the commits of this store from now on.
    pub fn watch(&self, store: &Store) {
        *self.commits.lock().unwrap() = Some(store.woken());
    }

    /// Works until it is done, or until the fuse blows: then what was under way is dropped where it stands.
    pub async fn burn<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        std::future::poll_fn(|context| {
            let polled = work.as_mut().poll(context);
            self.look();
            match polled {
                _ if self.blown() => Poll::Ready(None),
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    fn blown(&self) -> bool {
        self.blown.load(Ordering::SeqCst)
    }

    /// Counts a commit that happened since it was last looked.
    fn look(&self) {
        let mut commits = self.commits.lock().unwrap();
        if commits
            .as_mut()
            .is_some_and(|woken| woken.wait().now_or_never().is_some())
        {
            self.count();
        }
    }

    fn count(&self) {
        if !self.blown() {
            let step = self.steps.fetch_add(1, Ordering::SeqCst);
            let last = self.last.load(Ordering::SeqCst);
            self.blown.store(step == last, Ordering::SeqCst);
        }
    }

    async fn step(&self) {
        self.look();
        self.count();
        if self.blown() {
            std::future::pending::<()>().await;
        }
    }

    /// Carries a call out as one that may crash before it and after it.
    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        self.step().await;
        let answer = call.await;
        self.step().await;
        answer
    }

    /// The same outside, each call of it through this fuse.
    pub fn around(self: &Arc<Self>, outside: Outside) -> Outside {
        Outside {
            desks: each(outside.desks, |desk| Arc::new(self.before(desk))),
            connectors: each(outside.connectors, |one| Arc::new(self.before(one))),
            model: Arc::new(self.before(outside.model)),
            people: Arc::new(self.before(outside.people)),
            surface: Arc::new(self.before(outside.surface)),
            ..outside
        }
    }

    fn before<T: ?Sized>(self: &Arc<Self>, port: Arc<T>) -> Fused<T> {
        let fuse = self.clone();
        Fused { port, fuse }
    }
}

fn each<T: ?Sized>(all: Register<T>, around: impl Fn(Arc<T>) -> Arc<T>) -> Register<T> {
    let wrapped = |(name, port): (SourceName, Arc<T>)| (name, around(port));
    all.into_iter().map(wrapped).collect()
}

/// A port behind a fuse.
struct Fused<T: ?Sized> {
    port: Arc<T>,
    fuse: Arc<Fuse>,
}

#[async_trait]
impl Desk for Fused<dyn Desk> {
    async fn read(&self, ticket: &str) -> Result<Option<TicketState>, PortError> {
        self.fuse.call(self.port.read(ticket)).await
    }

    async fn write(
        &self,
        permit: &Permit,
        write: &DeskWrite,
    ) -> Result<Acknowledgement, PortError> {
        self.fuse.call(self.port.write(permit, write)).await
    }

    async fn look_up(&self, write: &DeskWrite) -> Result<Option<Acknowledgement>, PortError> {
        self.fuse.call(self.port.look_up(write)).await
    }
}

#[async_trait]
impl Connector for Fused<dyn Connector> {
    fn first(&self) -> Vec<Ask> {
        self.port.first()
    }

    fn linked(&self, customer: &CustomerId) -> Vec<Ask> {
        self.port.linked(customer)
    }

    async fn fetch(&self, ask: &Ask, subject: &Subject) -> Result<Fetched, PortError> {
        self.fuse.call(self.port.fetch(ask, subject)).await
    }
}

#[async_trait]
impl Model for Fused<dyn Model> {
    async fn call(&self, request: &ModelRequest) -> Result<ModelAnswer, PortError> {
        self.fuse.call(self.port.call(request)).await
    }
}

#[async_trait]
impl People for Fused<dyn People> {
    async fn read(&self, person: &Person, groups: &[GroupId]) -> Result<PersonReading, PortError> {
        self.fuse.call(self.port.read(person, groups)).await
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<UserId>, PortError> {
        self.fuse.call(self.port.members(group)).await
    }

    fn forget(&self) {
        self.port.forget();
    }
}

#[async_trait]
impl Surface for Fused<dyn Surface> {
    fn compose(&self, card: &Card) -> Composed {
        self.port.compose(card)
    }

    async fn deliver(
        &self,
        composed: &Composed,
        to: &Destination,
        stands: &Whereabouts,
    ) -> Result<Address, PortError> {
        self.fuse
            .call(self.port.deliver(composed, to, stands))
            .await
    }

    async fn tell(&self, to: &ReplyTo, answer: &Answer) -> Result<(), PortError> {
        self.fuse.call(self.port.tell(to, answer)).await
    }
}

/// A process that dies at this moment had just claimed the next command and the next effect.
pub async fn claims_and_dies(store: &Store, at: At, lease: Span) {
    let places = Places {
        overall: 100,
        queues: vec![],
    };
    let claimed = store.next_command("dying", at, lease).await;
    let leased = store.lease_effect("dying", at, lease, &places).await;
    assert!(claimed.is_ok() && leased.is_ok());
}
