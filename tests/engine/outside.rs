//! What the engine meets outside, as small recordings: a clock that is moved, a model that may be slow or forgetful.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use countersign::adapters::models::builtin::Builtin;
use countersign::domain::card::{Card, Composed, Destination};
use countersign::domain::case::event::Acknowledgement;
use countersign::domain::case::gate::Permit;
use countersign::domain::case::refusal::Answer;
use countersign::domain::digest::Digest;
use countersign::domain::evidence::Ask;
use countersign::domain::ids::{ChannelId, CustomerId, GroupId, SourceName, UserId};
use countersign::domain::journal::ReplyTo;
use countersign::domain::model::{ModelAnswer, ModelRequest, ModelTask};
use countersign::domain::person::Person;
use countersign::domain::ticket::TicketState;
use countersign::domain::time::{At, Span};
use countersign::ports::{
    Address, Clock, Connector, Desk, DeskChange, DeskWrite, Entropy, Fetched, Model, People,
    PersonReading, PortError, Subject, Surface, Whereabouts,
};

pub const NOON: At = At(1_794_826_800_000);

pub struct Hands(AtomicI64);

impl Hands {
    pub fn at_noon() -> Self {
        Self(AtomicI64::new(NOON.0))
    }

    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

#[derive(Default)]
pub struct Counted(AtomicU64);

impl Entropy for Counted {
    fn salt(&self) -> [u8; 32] {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        *Digest::of(&n.to_be_bytes()).bytes()
    }
}

/// The offline model, with what a model outside may do to us.
#[derive(Default)]
pub struct Played {
    /// How long a call takes.
    pub takes: Duration,
    /// A field that verdicts leave out.
    pub forgets: Option<&'static str>,
    /// The queue that verdicts name.
    pub queue: Option<&'static str>,
    /// What it adds to each of its reasons.
    pub adds: Option<&'static str>,
    /// What it adds to each reply to a customer.
    pub signs: Option<&'static str>,
    /// Every request that came.
    pub requests: Mutex<Vec<ModelRequest>>,
    pub at_once: AtOnce,
    pub drafting: AtOnce,
}

/// How many calls are under way, and how many were at most.
#[derive(Default)]
pub struct AtOnce(AtomicUsize, AtomicUsize);

impl AtOnce {
    fn enter(&self) {
        let now = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.1.fetch_max(now, Ordering::SeqCst);
    }

    fn leave(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }

    pub fn peak(&self) -> usize {
        self.1.load(Ordering::SeqCst)
    }
}

impl Played {
    pub fn calls(&self, task: ModelTask) -> usize {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|request| request.task == task)
            .count()
    }
}

#[async_trait]
impl Model for Played {
    async fn call(&self, request: &ModelRequest) -> Result<ModelAnswer, PortError> {
        self.requests.lock().unwrap().push(request.clone());
        let drafts = request.task == ModelTask::Draft;
        self.at_once.enter();
        if drafts {
            self.drafting.enter();
        }
        tokio::time::sleep(self.takes).await;
        self.at_once.leave();
        if drafts {
            self.drafting.leave();
        }
        let mut answer = Builtin.answer(request).unwrap();
        if request.task == ModelTask::Triage {
            let mut verdict: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            let fields = verdict.as_object_mut().unwrap();
            if let Some(field) = self.forgets {
                fields.remove(field).unwrap();
            }
            if let Some(queue) = self.queue {
                fields.insert("queue".into(), queue.into());
            }
            if let Some(words) = self.adds {
                append(&mut verdict, "/rationale", words);
            }
            answer.text = verdict.to_string();
        } else {
            let mut answered: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            for draft in answered["drafts"].as_array_mut().unwrap() {
                append(draft, "/rationale", self.adds.unwrap_or_default());
                append(draft, "/action/text", self.signs.unwrap_or_default());
            }
            answer.text = answered.to_string();
        }
        Ok(answer)
    }
}

/// Adds words to a text, where there is one.
fn append(value: &mut serde_json::Value, at: &str, words: &str) {
    if let Some(serde_json::Value::String(text)) = value.pointer_mut(at) {
        text.push_str(words);
    }
}

/// A desk that takes every write.
#[derive(Default)]
pub struct Taking {
    pub writes: Mutex<Vec<DeskChange>>,
    pub reads: AtomicUsize,
}

#[async_trait]
impl Desk for Taking {
    async fn read(&self, _: &str) -> Result<Option<TicketState>, PortError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        Ok(Some(TicketState::default()))
    }

    async fn write(&self, _: &Permit, write: &DeskWrite) -> Result<Acknowledgement, PortError> {
        self.writes.lock().unwrap().push(write.change.clone());
        Ok(Acknowledgement {
            reference: write.key.clone(),
            prior: None,
        })
    }

    async fn look_up(&self, _: &DeskWrite) -> Result<Option<Acknowledgement>, PortError> {
        Ok(None)
    }
}

/// A source that knows nobody.
#[derive(Default)]
pub struct Knowing(pub AtomicUsize);

#[async_trait]
impl Connector for Knowing {
    fn first(&self) -> Vec<Ask> {
        vec![Ask {
            source: SourceName::new("stripe"),
            query: "customer".into(),
            subject: None,
        }]
    }

    fn linked(&self, _: &CustomerId) -> Vec<Ask> {
        vec![]
    }

    async fn fetch(&self, _: &Ask, _: &Subject) -> Result<Fetched, PortError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Fetched {
            bytes: Digest::of(b"{}"),
            body: "{}".into(),
            findings: vec![],
            next: vec![],
        })
    }
}

pub struct Nobody;

#[async_trait]
impl People for Nobody {
    async fn read(&self, _: &Person, _: &[GroupId]) -> Result<PersonReading, PortError> {
        Err(PortError::No {
            why: "nobody clicks here".into(),
        })
    }

    async fn members(&self, _: &GroupId) -> Result<Vec<UserId>, PortError> {
        Ok(vec![UserId::new("U0LEAD0001")])
    }
}

/// A surface on which cards stand without being looked at.
pub struct Wall;

#[async_trait]
impl Surface for Wall {
    fn compose(&self, card: &Card) -> Composed {
        Composed {
            card: card.id.clone(),
            blocks: format!("{card:?}"),
            text: "A card".into(),
            views: vec![],
        }
    }

    async fn deliver(
        &self,
        composed: &Composed,
        _: &Destination,
        _: &Whereabouts,
    ) -> Result<Address, PortError> {
        Ok(Address {
            channel: ChannelId::new("C1"),
            ts: composed.card.to_string(),
        })
    }

    async fn tell(&self, _: &ReplyTo, _: &Answer) -> Result<(), PortError> {
        Ok(())
    }
}
