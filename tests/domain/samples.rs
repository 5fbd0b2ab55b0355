//! People, policies and the small values that cases are made of.

use countersign::domain::case::command::{Outcome, Silence, Taken, Wants, WorkStep};
use countersign::domain::case::event::{Acknowledgement, ModelView, Receipt, ShownView};
use countersign::domain::content::Sealed;
use countersign::domain::digest::Digest;
use countersign::domain::draft::Action;
use countersign::domain::evidence::{Ask, Charge, Finding};
use countersign::domain::ids::{
    CardId, ChargeId, CustomerId, EnterpriseId, EscalationId, GroupId, RequestId, SourceName,
    TeamId, UserId, ViewId,
};
use countersign::domain::model::ModelTask;
use countersign::domain::money::{Currency, Money};
use countersign::domain::person::{Membership, Person, Standing};
use countersign::domain::policy::{Documents, Policy};
use countersign::domain::ticket::{Requester, Ticket};
use countersign::domain::time::{At, Span};
use countersign::domain::verdict::{Category, Resolution, Severity, Signal, Verdict};

/// Monday 16 November 2026, 10:00 in Berlin.
pub const MONDAY: At = At(1_794_819_600_000);

pub const LEAD: Somebody = Somebody::of("U0LEAD0001", &["S0LEADS001"]);
pub const LEAD_TWO: Somebody = Somebody::of("U0LEAD0002", &["S0LEADS001"]);
pub const BILLING: Somebody = Somebody::of("U0BILL0001", &["S0BILLING1"]);
pub const BILLING_TWO: Somebody = Somebody::of("U0BILL0002", &["S0BILLING1"]);
pub const FINANCE: Somebody = Somebody::of("U0FIN00001", &["S0FINANCE1"]);
pub const FINANCE_LEAD: Somebody = Somebody::of("U0FIN00002", &["S0FINANCE1"]);
pub const AGENT: Somebody = Somebody::of("U0AGENT001", &["S0SUPPORT1"]);
pub const STRANGER: Somebody = Somebody::of("U0OTHER001", &[]);

/// Somebody who clicks, as Slack would describe them.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    pub user: &'static str,
    pub groups: &'static [&'static str],
    pub membership: Membership,
    /// How old the reading of this person is.
    pub age: Span,
    pub enterprise: Option<&'static str>,
}

impl Somebody {
    const fn of(user: &'static str, groups: &'static [&'static str]) -> Self {
        Self {
            user,
            groups,
            membership: Membership::Member,
            age: Span(0),
            enterprise: None,
        }
    }

    pub fn person(&self) -> Person {
        Person {
            enterprise: self.enterprise.map(EnterpriseId::new),
            team: TeamId::new("T0LOCAL001"),
            user: UserId::new(self.user),
        }
    }

    pub fn standing(&self, now: At) -> Standing {
        Standing {
            membership: self.membership,
            groups: self.groups.iter().map(|id| GroupId::new(*id)).collect(),
            read_at: now.plus(Span(-self.age.0)),
            source: "slack".into(),
            who: None,
        }
    }
}

/// The shipped folder with texts replaced: `(file, from, to)`. Each `from` must be there.
pub fn policy(changes: &[(&str, &str, &str)]) -> Policy {
    Policy::load(&documents(changes)).unwrap()
}

pub fn documents(changes: &[(&str, &str, &str)]) -> Documents {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/policy");
    let mut documents = Documents::new();
    for folder in ["", "tiers"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                documents.insert(name.to_owned(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    for (file, from, to) in changes {
        let text = documents.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    documents
}

/// `mode: apply`, as the story of automatic execution has it.
pub const APPLY: (&str, &str, &str) = ("contract.json", "propose_only", "apply");
pub const CLASSIFY: (&str, &str, &str) = ("contract.json", "propose_only", "classify_only");
/// Two support leads must agree.
pub const TWO_LEADS: (&str, &str, &str) = (
    "approvers.json",
    r#""batch_reviewers": {"#,
    r#""batch_reviewers": { "quorum": 2,"#,
);

pub fn sealed(text: &str) -> Sealed {
    Sealed(Digest::of(text.as_bytes()))
}

pub fn usd(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::parse("usd").unwrap(),
    }
}

pub fn refund(minor: i64) -> Action {
    Action::Refund {
        charge: ChargeId::new("ch_1"),
        amount: usd(minor),
        reason: sealed("charged twice"),
        confirmation: sealed("it is on its way"),
    }
}

pub fn reply(text: &str) -> Action {
    Action::NotifyCustomer { text: sealed(text) }
}

pub fn label(word: &str) -> Action {
    Action::AddLabel { label: word.into() }
}

pub fn approve() -> Wants {
    Wants::Approve {
        reason: Some(sealed("it fits")),
    }
}

pub fn reject() -> Wants {
    Wants::Reject {
        preset: Some(countersign::domain::approval::RejectPreset::AgainstPolicy),
        reason: None,
    }
}

pub fn edit(action: Action) -> Wants {
    Wants::Edit {
        action,
        reason: Some(sealed("better so")),
    }
}

pub fn done() -> Outcome {
    Outcome::Done {
        acknowledgement: Acknowledgement {
            reference: "ok-1".into(),
            prior: None,
        },
    }
}

pub fn ask(source: &str, query: &str) -> Ask {
    Ask {
        source: SourceName::new(source),
        query: query.into(),
        subject: None,
    }
}

/// The question about the customer whom somebody linked.
pub fn linked_ask() -> Ask {
    Ask {
        subject: Some("cus_1".into()),
        ..ask("stripe", "linked_customer")
    }
}

pub fn link(words: Option<&str>) -> WorkStep {
    WorkStep::LinkCustomer {
        customer: CustomerId::new("cus_1"),
        words: words.map(sealed),
    }
}

pub fn taken(at: At, ask: Ask, findings: Vec<Finding>) -> Taken {
    Taken {
        bytes: Digest::of(ask.query.as_bytes()),
        body: sealed(&ask.query),
        ask,
        at,
        findings,
        next: vec![],
    }
}

pub fn customer() -> Finding {
    Finding::Customer {
        id: "cus_1".into(),
        since: MONDAY.plus(Span::days(-400)),
        tier: None,
        flagged_fraud: false,
    }
}

/// A charge of 900.00 that can be refunded.
pub fn charge() -> Charge {
    Charge {
        id: ChargeId::new("ch_1"),
        amount: usd(90_000),
        refunded_minor: 0,
        created: MONDAY.plus(Span::days(-5)),
        paid: true,
        dispute_open: false,
        fraud_warning: false,
        refunds: 0,
    }
}

pub fn ticket(verified: bool, author: Option<Person>, now: At) -> Ticket {
    Ticket {
        source: SourceName::new("web"),
        external: "T-1".into(),
        desk: SourceName::new("workbench"),
        requester: Requester {
            who: sealed("who"),
            has_email: true,
            verified,
            author,
        },
        subject: sealed("subject"),
        body: sealed("body"),
        queue: None,
        url: None,
        thread: None,
        received_at: now,
    }
}

pub fn view(signals: Vec<Signal>) -> ModelView {
    ModelView {
        text: sealed("redacted"),
        placeholders: sealed("placeholders"),
        replaced: Default::default(),
        signals,
        floor: Severity::MIN,
        language: "en".into(),
        mentions: vec![],
    }
}

pub fn verdict(category: Category, severity: u8) -> Verdict {
    Verdict {
        severity: Severity::of(severity).unwrap(),
        category,
        queue: "general".into(),
        confidence: 90,
        resolution: Resolution::ProposeResolution,
        rationale: sealed("why"),
        signals: vec![],
        model: "builtin".into(),
    }
}

pub fn receipt(task: ModelTask, revision: u32, outcome: &str) -> Receipt {
    Receipt {
        task,
        revision,
        model: "builtin".into(),
        prompt: Digest::of(task.word().as_bytes()),
        request: Digest::of(b"request"),
        response: None,
        began_at: MONDAY,
        ended_at: MONDAY,
        outcome: outcome.into(),
    }
}

pub fn view_of(shown: &str) -> ViewId {
    ViewId::new(format!("v.{shown}"))
}

pub fn shown(
    of: &str,
    request: Option<RequestId>,
    escalation: Option<EscalationId>,
    subject: Digest,
) -> ShownView {
    ShownView {
        view: view_of(of),
        card: CardId::new(format!("card.{of}")),
        request,
        escalation,
        subject,
        digest: Digest::of(of.as_bytes()),
        rendering: sealed(of),
        surface: "batch".into(),
    }
}

/// A source that does not answer.
pub fn silent(lasting: bool) -> Silence {
    Silence {
        why: "away".into(),
        lasting,
        after: None,
    }
}
