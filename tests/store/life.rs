//! One case's life in events, for tests that need a journal with something in it.

use countersign::domain::approval::{
    Asking, Assessment, Course, Decision, Request, RequestState, Route, Tier, Verb,
};
use countersign::domain::board::BoardCommand;
use countersign::domain::case::event::{CaseEvent, ModelView, Receipt, ShownView};
use countersign::domain::content::{Content, ContentKind, Sealed};
use countersign::domain::digest::Digest;
use countersign::domain::draft::{Action, Draft, Origin, Target};
use countersign::domain::escalation::Role;
use countersign::domain::ids::*;
use countersign::domain::journal::{Command, Event, Submission};
use countersign::domain::model::ModelTask;
use countersign::domain::person::{Actor, Eligibility, Membership, Person, Standing};
use countersign::domain::ticket::{Requester, Ticket};
use countersign::domain::time::At;
use countersign::domain::verdict::{Category, Resolution, Severity, Verdict};
use countersign::store::Store;

pub const NOON: At = At(1_780_000_000_000);

pub fn seal(text: &str) -> Content {
    Content::seal(
        ContentKind::ModelView,
        *Digest::of(text.as_bytes()).bytes(),
        text,
    )
}

pub fn person(user: &str) -> Person {
    Person {
        enterprise: None,
        team: TeamId::new("T1"),
        user: UserId::new(user),
    }
}

fn ticket(external: &str, body: Sealed) -> Ticket {
    let requester = Requester {
        who: body,
        has_email: true,
        verified: true,
        author: None,
    };
    Ticket {
        source: SourceName::new("helpdesk"),
        external: external.into(),
        desk: SourceName::new("helpdesk"),
        requester,
        subject: body,
        body,
        queue: None,
        url: None,
        thread: None,
        received_at: NOON,
    }
}

/// A case with the redacted text it is about.
pub struct Life {
    pub id: CaseId,
    pub number: u64,
    pub view: Content,
}

/// The receipt of the call that brought the drafts.
fn drafting() -> Receipt {
    Receipt {
        task: ModelTask::Draft,
        revision: 1,
        model: "builtin 1".into(),
        prompt: Digest::of(b"prompt"),
        request: Digest::of(b"request"),
        response: Some(Digest::of(b"response")),
        began_at: NOON,
        ended_at: NOON,
        outcome: "ok".into(),
    }
}

impl Life {
    pub fn of(number: u64, text: &str) -> Self {
        let id = CaseId::of(&SourceName::new("helpdesk"), &number.to_string());
        Self {
            id,
            number,
            view: seal(text),
        }
    }

    pub fn request(&self) -> RequestId {
        RequestId::new(self.id.nth('r', 1))
    }

    /// The ticket, its redaction and its triage.
    pub fn read(&self) -> Vec<Event> {
        let verdict = Verdict {
            severity: Severity::of(2).unwrap(),
            category: Category::HowTo,
            queue: "general".into(),
            confidence: 90,
            resolution: Resolution::ProposeResolution,
            rationale: self.view.sealed,
            signals: vec![],
            model: "builtin 1".into(),
        };
        let view = ModelView {
            text: self.view.sealed,
            placeholders: self.view.sealed,
            replaced: [].into(),
            signals: vec![],
            floor: Severity::MIN,
            language: "en".into(),
            mentions: vec![],
        };
        let ticket = ticket(&self.number.to_string(), self.view.sealed);
        vec![
            Event::Case(CaseEvent::TicketReceived {
                number: self.number,
                ticket,
            }),
            Event::Case(CaseEvent::Redacted { revision: 1, view }),
            Event::Case(CaseEvent::Triaged {
                revision: 1,
                verdict,
            }),
        ]
    }

    /// A reply that is put to the reviewers and shown.
    pub fn asked(&self) -> Vec<Event> {
        let draft = DraftId::new(self.id.nth('d', 1));
        let asking = Asking {
            route: Route::BatchReview,
            approver_rule: RuleName::new("batch_reviewers"),
            quorum: 1,
            due_at: NOON.plus(countersign::domain::time::Span::hours(24)),
            then: vec![],
            finally: Role::SupportL1,
        };
        let assessment = Assessment {
            action: countersign::domain::draft::ActionKind::NotifyCustomer,
            tier: Tier::Medium,
            rule: "tickets.notify_customer.json tier 2 (medium)".into(),
            because: vec![],
            facts: [].into(),
            missing: vec![],
            risk_tags: vec![],
            constraints: vec![],
            policy: Digest::of(b"policy"),
            course: Course::Ask(asking.clone()),
        };
        let request = Request {
            id: self.request(),
            draft: draft.clone(),
            asking,
            tier: Tier::Medium,
            policy: Digest::of(b"policy"),
            subject: Digest::of(b"subject"),
            asked_at: NOON,
            authors: vec![],
            follows: None,
        };
        let proposed = Draft {
            id: draft.clone(),
            revision: 1,
            action: Action::NotifyCustomer {
                text: self.view.sealed,
            },
            cites: vec![],
            rationale: self.view.sealed,
            origin: Origin::Model {
                model: "builtin 1".into(),
            },
            target: Target::default(),
        };
        let card = CardId::new(format!("card.{}", self.id));
        vec![
            Event::Case(CaseEvent::ModelCalled {
                receipt: drafting(),
            }),
            Event::Case(CaseEvent::DraftProposed { draft: proposed }),
            Event::Case(CaseEvent::RiskAssessed { draft, assessment }),
            Event::Case(CaseEvent::ApprovalRequested { request }),
            Event::Case(CaseEvent::ApproversFound {
                request: self.request(),
                people: vec![person("U1"), person("U2")],
            }),
            Event::Case(CaseEvent::Batched {
                request: self.request(),
                batch: BatchId::new("batch.1"),
                row: 1,
            }),
            Event::Case(CaseEvent::Shown { view: self.shown() }),
            Event::Case(CaseEvent::CardPosted {
                card,
                channel: ChannelId::new("C1"),
                ts: format!("{}.0", self.number),
            }),
        ]
    }

    pub fn shown(&self) -> ShownView {
        ShownView {
            view: ViewId::new(format!("v{}", self.id)),
            card: CardId::new(format!("card.{}", self.id)),
            request: Some(self.request()),
            escalation: None,
            subject: Digest::of(b"subject"),
            digest: Digest::of(b"rendering"),
            rendering: self.view.sealed,
            surface: "batch".into(),
        }
    }

    /// A person's decision and what it settles.
    pub fn decided(&self, verb: Verb) -> Vec<Event> {
        let standing = Standing {
            membership: Membership::Member,
            groups: vec![],
            read_at: NOON,
            source: "slack".into(),
            who: None,
        };
        let decision = Decision {
            person: person("U1"),
            verb,
            preset: None,
            reason: None,
            eligibility: Eligibility {
                rule: RuleName::new("batch_reviewers"),
                matched: "named user".into(),
                standing,
            },
            view: self.shown().view,
            view_digest: Digest::of(b"rendering"),
            subject: Digest::of(b"subject"),
            at: NOON,
        };
        let state = if verb == Verb::Reject {
            RequestState::Rejected
        } else {
            RequestState::Approved
        };
        let settled = CaseEvent::Settled {
            request: self.request(),
            state,
            why: None,
            successor: None,
            not_before: None,
        };
        vec![
            Event::Case(CaseEvent::Decided {
                request: self.request(),
                decision,
            }),
            Event::Case(settled),
        ]
    }

    /// Appends events in a commit of their own.
    pub async fn live(&self, store: &Store, cause: &str, events: &[Event]) {
        let mut turn = store.begin(&self.id.stream()).await.unwrap();
        turn.put_content(std::slice::from_ref(&self.view)).unwrap();
        turn.append(events, &Actor::Countersign, &CommandId::new(cause), NOON)
            .unwrap();
        turn.commit().await.unwrap();
    }

    /// Lives it to the end.
    pub async fn live_all(&self, store: &Store, verb: Verb) {
        self.live(store, "read", &self.read()).await;
        self.live(store, "asked", &self.asked()).await;
        self.live(store, "decided", &self.decided(verb)).await;
    }
}

/// A command to the board or to a case, told apart by its id.
pub fn submission(id: &str, case: Option<&CaseId>, key: &str, origin: &str) -> Submission {
    let command = match case {
        Some(case) => Command::Case {
            case: case.clone(),
            ask: countersign::domain::case::command::CaseCommand::AddMessage {
                message: seal(id).sealed,
            },
        },
        None => Command::Board {
            ask: BoardCommand::CloseBatch {
                batch: BatchId::new(id),
            },
        },
    };
    Submission {
        id: CommandId::new(id),
        key: key.into(),
        origin: Digest::of(origin.as_bytes()),
        actor: Actor::Source {
            name: "helpdesk".into(),
        },
        at: NOON,
        command,
        contents: vec![seal(id)],
        reply_to: None,
    }
}
