//! What a card says, before any surface renders it: projections of cases and batches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::approval::{Assessment, Request, RequestState, Verb};
use super::case::cards::Notice;
use super::case::event::{Acknowledgement, ShownView};
pub use super::case::link::IdentityFace;
use super::caution::Caution;
use super::content::Sealed;
use super::digest::Digest;
use super::draft::ActionKind;
use super::escalation::{Escalation, EscalationCause, Role};
use super::ids::{
    BatchId, CardId, CaseId, DraftId, EscalationId, EvidenceId, RequestId, RuleName, ViewId,
};
use super::person::Person;
use super::time::At;
use super::verdict::{Category, Severity, Signal};

/// Opened texts by their commitment. A commitment without a text was erased.
pub type Texts = BTreeMap<Sealed, String>;

/// One card with where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// Its id, stable through all its states.
    pub id: CardId,
    /// Where it goes.
    pub to: Destination,
    /// What it says.
    pub body: Body,
}

/// Where a card goes. Which channel a role or a rule has is `workspace.json`'s business.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Destination {
    /// A role's channel.
    Role {
        /// The role.
        role: Role,
    },
    /// A person's direct message.
    Person {
        /// The person.
        person: Person,
    },
    /// The channel where the reviewers of a rule look.
    Reviewers {
        /// The rule.
        rule: RuleName,
    },
}

/// What a card says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Up to ten requests for the same people.
    Batch {
        /// The batch.
        batch: BatchId,
        /// Who may decide, in words.
        people: String,
        /// The rows in order. They never move.
        rows: Vec<RequestFace>,
        /// Whether it takes no more rows.
        closed: bool,
    },
    /// One request, to one person who may decide it, with buttons.
    Approver(Box<RequestFace>),
    /// The same request for the role's channel, without buttons.
    Status(Box<RequestFace>),
    /// A case given to a role.
    Escalation(Box<EscalationFace>),
    /// What stands in for a card that could not be put up.
    Notice(Notice),
}

/// What every card says of its case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseFace {
    /// The case.
    pub id: CaseId,
    /// The number that people call it by.
    pub number: u64,
    /// The redacted subject line.
    pub headline: String,
    /// The redacted text of the whole conversation, newest revision last.
    pub text: String,
    /// How bad it is, once triaged.
    pub severity: Option<Severity>,
    /// What it is about, once triaged.
    pub category: Option<Category>,
    /// What the plain rules saw.
    pub signals: Vec<Signal>,
    /// Which model triaged it.
    pub model: String,
    /// The source it came from.
    pub source: String,
    /// The ticket's id there.
    pub external: String,
    /// Where a person opens the ticket.
    pub url: Option<String>,
    /// Whether the source vouches for the requester.
    pub requester_verified: bool,
    /// What is known of who asked, where the source does not settle it.
    pub identity: Option<IdentityFace>,
    /// The current conversation revision.
    pub revision: u32,
}

/// A draft in words: every parameter, every text in full.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftFace {
    /// The draft.
    pub id: DraftId,
    /// Which action.
    pub kind: ActionKind,
    /// Parameters as label and value, in the order in which they are shown.
    pub parameters: Vec<(String, String)>,
    /// Whole texts as label and text.
    pub texts: Vec<(String, String)>,
    /// Why, in the words of whoever wrote the draft.
    pub rationale: String,
    /// Who wrote it: `builtin 1`, `Countersign's rules`, `edited by <@U..>`.
    pub author: String,
    /// The edited fields as label, before and after, when it is an edit.
    pub changes: Vec<(String, String, String)>,
    /// What would happen, in one sentence. Money actions say that no money moves.
    pub effect: String,
    /// What is touched: one ticket, one customer.
    pub scope: String,
    /// A link to the object in Stripe's dashboard, for money actions.
    pub upstream: Option<String>,
}

/// One evidence in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceFace {
    /// The evidence.
    pub id: EvidenceId,
    /// The connector.
    pub source: String,
    /// The question.
    pub query: String,
    /// When it was taken.
    pub taken_at: At,
    /// What was found, a line each.
    pub lines: Vec<String>,
}

/// A past decision on something similar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SimilarFace {
    /// The number of that case.
    pub number: u64,
    /// Its redacted headline.
    pub headline: String,
    /// What was proposed, in a few words.
    pub proposed: String,
    /// What people made of it: `approved`, `edited`, `rejected: wrong words`.
    pub outcome: String,
}

/// One decision in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionFace {
    /// Who.
    pub person: Person,
    /// What.
    pub verb: Verb,
    /// Why, preset and words.
    pub reason: String,
    /// When.
    pub at: At,
}

/// What has become of the action itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActFace {
    /// Nothing has been sent yet.
    NotYet,
    /// It goes out at this moment unless it is taken back.
    GoesOut {
        /// When.
        at: At,
    },
    /// It is being sent and cannot be taken back any more.
    Going,
    /// It waits: paused, not pinned, over a limit.
    Held {
        /// What it waits for.
        why: String,
    },
    /// It was carried out.
    Done {
        /// What the outside answered.
        acknowledgement: Acknowledgement,
        /// When.
        at: At,
    },
    /// It will not be carried out.
    Voided {
        /// Why.
        why: String,
    },
    /// The outside refused.
    Failed {
        /// Why.
        why: String,
    },
    /// Nobody knows whether it was carried out.
    Unknown {
        /// What is known.
        why: String,
    },
    /// Nothing of ours runs: a role has the case.
    WithRole {
        /// Which role.
        role: Role,
        /// Since when.
        since: At,
        /// Who of the role took it, and when.
        taken: Option<(Person, At)>,
        /// What billing answered last, in words, with who and when.
        answer: Option<(String, Person, At)>,
    },
}

/// One request with everything a person needs to decide it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestFace {
    /// The case.
    pub case: CaseFace,
    /// The row, in a batch.
    pub row: Option<u32>,
    /// The question.
    pub request: Request,
    /// Where it stands.
    pub state: RequestState,
    /// Why it was superseded or undone, where it was.
    pub why: Option<String>,
    /// Who has it now, after a lapse, in words.
    pub now_with: Option<String>,
    /// Whether it lapsed and was left at that: nobody else was asked, and no card was made for it.
    pub left_undone: bool,
    /// The decisions so far.
    pub decisions: Vec<DecisionFace>,
    /// The draft.
    pub draft: DraftFace,
    /// What the rules say.
    pub assessment: Assessment,
    /// The evidence that the draft leans on, and the rest of what was found.
    pub evidence: Vec<EvidenceFace>,
    /// What must not be missed, the gravest first.
    pub cautions: Vec<Caution>,
    /// The three most similar decided cases.
    pub similar: Vec<SimilarFace>,
    /// Who may decide, in words.
    pub people: String,
    /// What has become of the action.
    pub act: ActFace,
}

/// One escalation with everything the role needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EscalationFace {
    /// The case.
    pub case: CaseFace,
    /// The escalation.
    pub escalation: Escalation,
    /// Who took it.
    pub taken: Option<(Person, At)>,
    /// Who resolved it.
    pub resolved: Option<(Person, At)>,
    /// The words of whoever resolved it.
    pub closing: Option<String>,
    /// What billing answered last, in words, with who and when.
    pub answer: Option<(String, Person, At)>,
    /// Where it went when nobody took it, in words.
    pub now_with: Option<String>,
    /// Why the newer card of the same role was made in which this one goes on, and when.
    pub continued: Option<(EscalationCause, At)>,
    /// What would have been done, and was not, because nobody decided in time.
    pub undecided: Vec<String>,
    /// Whether the chain ends here.
    pub parked: bool,
    /// The draft that it is about.
    pub draft: Option<DraftFace>,
    /// What the rules say of that draft.
    pub assessment: Option<Assessment>,
    /// The decisions on it.
    pub decisions: Vec<DecisionFace>,
    /// The evidence.
    pub evidence: Vec<EvidenceFace>,
    /// What must not be missed, the gravest first.
    pub cautions: Vec<Caution>,
    /// What to do, a line each.
    pub steps: Vec<String>,
}

/// A rendering of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Composed {
    /// The card.
    pub card: CardId,
    /// Block Kit blocks as a JSON array.
    pub blocks: String,
    /// The fallback text for notifications. It holds no customer text.
    pub text: String,
    /// One view for each request or escalation on it.
    pub views: Vec<ComposedView>,
}

/// A view as it was composed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ComposedView {
    /// Its id: derived from card, subject and digest, so that the same rendering is the same view.
    pub view: ViewId,
    /// The case that it belongs to.
    pub case: CaseId,
    /// The request that it shows.
    pub request: Option<RequestId>,
    /// The escalation that it shows.
    pub escalation: Option<EscalationId>,
    /// What is bound.
    pub subject: Digest,
    /// The digest of the rendering with its button values blanked.
    pub digest: Digest,
    /// The rendering: the blocks of this row, card or modal as JSON.
    pub rendering: String,
    /// Where it is shown.
    pub surface: String,
}

impl ComposedView {
    /// Makes a view of a rendering whose button values are blank.
    #[must_use]
    pub fn of(card: &CardId, case: &CaseId, about: About, blanked: String, surface: &str) -> Self {
        let digest = Digest::of(blanked.as_bytes());
        let view = super::digest::Encoder::new("view")
            .text(card.as_str())
            .text(surface)
            .digest(&about.subject)
            .digest(&digest)
            .finish();
        Self {
            view: ViewId::new(format!("v{}", &view.to_string()[..24])),
            case: case.clone(),
            request: about.request,
            escalation: about.escalation,
            subject: about.subject,
            digest,
            rendering: blanked,
            surface: surface.to_owned(),
        }
    }

    /// The value of a button: `verb.view.subject-prefix`, and nothing else.
    #[must_use]
    pub fn button(&self, verb: &str) -> String {
        format!("{verb}.{}.{}", self.view, self.subject.prefix())
    }

    /// The view as it is journalled, its rendering sealed.
    #[must_use]
    pub fn shown(&self, card: &CardId, rendering: Sealed) -> ShownView {
        ShownView {
            view: self.view.clone(),
            card: card.clone(),
            request: self.request.clone(),
            escalation: self.escalation.clone(),
            subject: self.subject,
            digest: self.digest,
            rendering,
            surface: self.surface.clone(),
        }
    }
}

/// What a view is about.
#[derive(Clone, Debug)]
pub struct About {
    /// The request, if it shows one.
    pub request: Option<RequestId>,
    /// The escalation, if it shows one.
    pub escalation: Option<EscalationId>,
    /// What is bound: the request's subject, or the escalation's digest.
    pub subject: Digest,
}
