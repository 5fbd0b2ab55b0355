//! The engine on a database in memory, under the shipped policy with some texts changed.

use std::sync::Arc;

use countersign::agent::redaction::Redactor;
use countersign::domain::board::BoardCommand;
use countersign::domain::case::Case;
use countersign::domain::case::command::CaseCommand;
use countersign::domain::case::context::Installation;
use countersign::domain::content::{Content, ContentKind};
use countersign::domain::digest::Digest;
use countersign::domain::ids::{AppId, CaseId, CommandId, SourceName, TeamId};
use countersign::domain::journal::{Command, Submission};
use countersign::domain::person::Actor;
use countersign::domain::policy::Policy;
use countersign::domain::ticket::{Requester, Ticket};
use countersign::engine::{Engine, Outside, Policies, Settings};
use countersign::ports::{Clock as _, Connector, Desk};
use countersign::store::Store;

use crate::outside::{Counted, Hands, Knowing, Nobody, Played, Taking, Wall};
use crate::shipped;

/// How many steps a handful of tickets may take.
const STEPS: usize = 5_000;

/// `(file, from, to)` in the shipped policy.
pub type Change<'a> = (&'a str, &'a str, &'a str);

pub struct Bed {
    pub store: Store,
    pub engine: Engine,
    pub clock: Arc<Hands>,
    pub model: Arc<Played>,
    pub desk: Arc<Taking>,
    pub stripe: Arc<Knowing>,
}

impl Bed {
    pub async fn under(changes: &[Change<'_>]) -> Self {
        Self::with(changes, Played::default()).await
    }

    pub async fn with(changes: &[Change<'_>], model: Played) -> Self {
        Self::built(changes, model, "sqlite::memory:").await
    }

    /// Over a database that the test reaches too.
    pub async fn over(database: &str) -> Self {
        Self::built(&[], Played::default(), database).await
    }

    async fn built(changes: &[Change<'_>], model: Played, database: &str) -> Self {
        let policy = Policy::load(&shipped::changed(changes)).unwrap();
        let digest = policy.digest();
        let store = Store::open(database).await.unwrap();
        let (clock, model) = (Arc::new(Hands::at_noon()), Arc::new(model));
        let (desk, stripe) = (Arc::new(Taking::default()), Arc::new(Knowing::default()));
        let desks: Arc<dyn Desk> = desk.clone();
        let connector: Arc<dyn Connector> = stripe.clone();
        let outside = Outside {
            clock: clock.clone(),
            entropy: Arc::new(Counted::default()),
            desks: [(SourceName::new("desk"), desks)].into(),
            connectors: [(SourceName::new("stripe"), connector)].into(),
            model: model.clone(),
            people: Arc::new(Nobody),
            surface: Arc::new(Wall),
        };
        let settings = Settings {
            installation: Installation {
                enterprise: None,
                team: TeamId::new("T0LOCAL001"),
                app: AppId::new("A0CSIGN001"),
            },
            triage_prompt: countersign::agent::triage::PROMPT.to_owned(),
            draft_prompt: countersign::agent::draft::PROMPT.to_owned(),
        };
        let policies = Policies::new(policy);
        let redactor = Redactor::new().unwrap();
        let engine = Engine::new(store.clone(), outside, settings, policies, redactor);
        let bed = Self {
            store,
            engine,
            clock,
            model,
            desk,
            stripe,
        };
        let pin = BoardCommand::ActivatePolicy {
            policy: digest,
            by: None,
        };
        bed.submit("pin", Command::Board { ask: pin }, vec![]).await;
        bed
    }

    pub async fn submit(&self, key: &str, command: Command, contents: Vec<Content>) {
        let submission = Submission {
            id: CommandId::new(format!("k.{key}")),
            key: key.into(),
            origin: Digest::of(key.as_bytes()),
            actor: Actor::Countersign,
            at: self.clock.now(),
            command,
            contents,
            reply_to: None,
        };
        self.store.submit(&submission).await.unwrap();
    }

    /// A ticket of a verified requester.
    pub async fn ticket(&self, external: &str, subject: &str, body: &str) -> CaseId {
        let source = SourceName::new("helpdesk");
        let case = CaseId::of(&source, external);
        let seal = |kind, text: &str| {
            let salt = *Digest::of(format!("{external}{text}").as_bytes()).bytes();
            Content::seal(kind, salt, text)
        };
        let who = r#"{"email":"customer@shop.example","name":"A customer"}"#;
        let who = seal(ContentKind::Requester, who);
        let subject = seal(ContentKind::TicketText, subject);
        let body = seal(ContentKind::TicketText, body);
        let ticket = Ticket {
            source,
            external: external.to_owned(),
            desk: SourceName::new("desk"),
            requester: Requester {
                who: who.sealed,
                has_email: true,
                verified: true,
                author: None,
            },
            subject: subject.sealed,
            body: body.sealed,
            queue: None,
            url: None,
            thread: None,
            received_at: self.clock.now(),
        };
        let command = Command::Case {
            case: case.clone(),
            ask: CaseCommand::Open { ticket },
        };
        self.submit(external, command, vec![who, subject, body])
            .await;
        case
    }

    /// A question that ends in a label and an answer to the customer.
    pub async fn question(&self, external: &str) -> CaseId {
        let body = "Hello, how do I add a seat to our plan? I cannot find it in the settings.";
        self.ticket(external, "How do I add a seat", body).await
    }

    pub async fn settle(&self) {
        self.engine.settle(STEPS).await.unwrap();
    }

    pub async fn case(&self, id: &CaseId) -> Case {
        self.store.case(id).await.unwrap().unwrap()
    }

    /// How many writes the desk has taken.
    pub fn writes(&self) -> usize {
        self.desk.writes.lock().unwrap().len()
    }
}
