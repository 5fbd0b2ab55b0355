//! One case: its folded state, and the pure functions that move it.
//!
//! `apply` folds an event, `decide` answers a command with events or a refusal, `effects_of` says what
//! follows from an event, `gate` says whether a step may go out now. None of them reads the world.

use std::collections::BTreeMap;

use self::event::{Acknowledgement, ModelView, Phase, ShownView};
use super::approval::{Assessment, RequestProgress, RequestState};
use super::draft::Draft;
use super::escalation::{Escalation, EscalationCause, EscalationProgress};
use super::evidence::{Ask, Evidence};
use super::ids::{CardId, CaseId, DraftId, EffectId, EscalationId, RequestId, ViewId};
use super::ticket::Ticket;
use super::time::{At, Span};
use super::verdict::Verdict;
use super::words::closed_set;

pub mod apply;
pub mod cards;
pub mod command;
pub mod context;
pub mod decide;
pub mod effect;
pub mod effects;
pub mod event;
pub mod face;
mod findings;
pub mod gate;
pub mod judge;
pub mod kept;
pub mod link;
pub mod naming;
pub mod refusal;
pub mod story;
pub mod subject;
mod succession;
pub mod told;
mod words;

/// How often a parked escalation is pinged.
pub const PING: Span = Span::days(1);

/// The folded state of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// How many events were folded.
    pub seq: u64,
    /// The number that people call it by.
    pub number: u64,
    /// The ticket; absent before the first event.
    pub ticket: Option<Ticket>,
    /// The current conversation revision, from 1.
    pub revision: u32,
    /// The customer's messages, the first one being the ticket's body.
    pub messages: Vec<super::content::Sealed>,
    /// The redacted text of the current revision.
    pub view: Option<ModelView>,
    /// The redacted text of the revision before, for cards, while the current one is being read.
    pub earlier_view: Option<ModelView>,
    /// The triage of the current revision.
    pub verdict: Option<Verdict>,
    /// Why nothing personal is looked up, while that is so.
    pub identity_needed: Option<String>,
    /// Who asked, as far as people said so, oldest first. At most the last one holds.
    pub links: Vec<link::Link>,
    /// The evidence, oldest first.
    pub evidence: Vec<Evidence>,
    /// Answers that only led to further questions, whose answers say what was found.
    pub led_on: std::collections::BTreeSet<super::ids::EvidenceId>,
    /// Questions that were asked and are not answered, with how often they failed and when first.
    pub asking: BTreeMap<Ask, Failures>,
    /// Questions that were given up in the current revision: their sources did not answer in time.
    pub unanswered: Vec<Ask>,
    /// When the current revision's evidence was first asked for. What is older is asked again.
    pub gathering_since: Option<At>,
    /// The digests of the prompts behind verdict and drafts of the current revision.
    pub prompts: Vec<super::digest::Digest>,
    /// Model calls used in the current revision.
    pub calls: u32,
    /// Whether the current revision's drafts have come.
    pub drafted: bool,
    /// The drafts, oldest first.
    pub drafts: Vec<DraftProgress>,
    /// The requests, oldest first.
    pub requests: Vec<RequestProgress>,
    /// The escalations, oldest first.
    pub escalations: Vec<(Escalation, EscalationProgress)>,
    /// The renderings that were made, by view.
    pub views: BTreeMap<ViewId, ShownView>,
    /// Where cards stand.
    pub cards: BTreeMap<CardId, (super::ids::ChannelId, String)>,
    /// Why the machine could not go on.
    pub human_needed: Option<String>,
    /// When the first event happened.
    pub opened_at: At,
    /// When the last event happened.
    pub changed_at: At,
}

/// How often a question to a connector has failed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Failures {
    /// How often.
    pub count: u32,
    /// When it was first asked.
    pub since: Option<At>,
}

/// A draft with all that happened to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftProgress {
    /// The draft.
    pub draft: Draft,
    /// What the rules say.
    pub assessment: Option<Assessment>,
    /// The note of phase one.
    pub note: StepState,
    /// The action itself.
    pub act: StepState,
    /// Why it stays a proposal on record, if it does.
    pub declined: Option<String>,
    /// When the rules cleared it to run without a question, if they did.
    pub cleared: Option<At>,
    /// The place of the event that planned the note last; effects of an earlier plan are void.
    pub note_plan: u64,
    /// The place of the event that planned the action last.
    pub act_plan: u64,
}

/// Where one step of an action stands.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum StepState {
    /// Nothing was planned or sent.
    #[default]
    Idle,
    /// It is in the outbox and goes out at or after this moment.
    Due(At),
    /// The gate holds it.
    Held(String),
    /// It was permitted at this moment and is being sent.
    Going(At),
    /// It was carried out at this moment.
    Done(Acknowledgement, At),
    /// It will never be carried out.
    Voided(String),
    /// The outside refused it for good.
    Failed(String),
    /// Nobody knows.
    Unknown(String),
}

closed_set! {
    /// Where a case stands, for lists and for people.
    Stage {
        /// The ticket is being read.
        Reading = "reading",
        /// Evidence is being gathered.
        Gathering = "gathering",
        /// Drafts are being made.
        Drafting = "drafting",
        /// People are asked.
        Waiting = "waiting",
        /// A decided action is on its way out.
        Acting = "acting",
        /// A role has it.
        WithRole = "with_role",
        /// A person must look because the machine could not go on.
        NeedsHuman = "needs_human",
        /// Nothing is open.
        Done = "done",
    }
}

impl Case {
    /// A case before its first event.
    #[must_use]
    pub fn empty(id: CaseId) -> Self {
        Self {
            id,
            seq: 0,
            number: 0,
            ticket: None,
            revision: 0,
            messages: vec![],
            view: None,
            earlier_view: None,
            verdict: None,
            identity_needed: None,
            links: vec![],
            evidence: vec![],
            led_on: std::collections::BTreeSet::new(),
            asking: BTreeMap::new(),
            unanswered: vec![],
            gathering_since: None,
            prompts: vec![],
            calls: 0,
            drafted: false,
            drafts: vec![],
            requests: vec![],
            escalations: vec![],
            views: BTreeMap::new(),
            cards: BTreeMap::new(),
            human_needed: None,
            opened_at: At(0),
            changed_at: At(0),
        }
    }

    /// The draft with this id.
    #[must_use]
    pub fn draft(&self, id: &DraftId) -> Option<&DraftProgress> {
        self.drafts.iter().find(|progress| progress.draft.id == *id)
    }

    /// The request with this id.
    #[must_use]
    pub fn request(&self, id: &RequestId) -> Option<&RequestProgress> {
        self.requests
            .iter()
            .find(|progress| progress.request.id == *id)
    }

    /// The newest request for a draft.
    #[must_use]
    pub fn request_of(&self, draft: &DraftId) -> Option<&RequestProgress> {
        self.requests
            .iter()
            .rev()
            .find(|progress| progress.request.draft == *draft)
    }

    /// The escalation with this id.
    #[must_use]
    pub fn escalation(&self, id: &EscalationId) -> Option<&(Escalation, EscalationProgress)> {
        self.escalations
            .iter()
            .find(|(escalation, _)| escalation.id == *id)
    }

    /// Whether an effect belongs to the plan of a step that stands. After an undo and a new approval the
    /// first plan's effect may still be in the outbox; only the newest may send.
    #[must_use]
    pub fn planned_by(&self, draft: &DraftId, phase: Phase, effect: &EffectId) -> bool {
        let plan = self.draft(draft).map_or(0, |progress| match phase {
            Phase::Note => progress.note_plan,
            Phase::Act => progress.act_plan,
        });
        plan != 0
            && effect
                .as_str()
                .strip_prefix(&format!("{}.{plan}.", self.id))
                .is_some()
    }

    /// The requests that wait for people.
    pub fn pending(&self) -> impl Iterator<Item = &RequestProgress> {
        self.requests
            .iter()
            .filter(|progress| progress.state == RequestState::Pending)
    }

    /// The escalations that nobody has resolved and that have not moved on.
    pub fn open_escalations(&self) -> impl Iterator<Item = &(Escalation, EscalationProgress)> {
        self.escalations
            .iter()
            .filter(|(_, progress)| progress.is_open())
    }

    /// The step of a draft.
    #[must_use]
    pub fn step(&self, draft: &DraftId, phase: Phase) -> Option<&StepState> {
        self.draft(draft).map(|progress| match phase {
            Phase::Note => &progress.note,
            Phase::Act => &progress.act,
        })
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let moving = |step: &StepState| {
            matches!(
                step,
                StepState::Due(_) | StepState::Held(_) | StepState::Going(_)
            )
        };
        let stuck = |(escalation, _): &(Escalation, EscalationProgress)| {
            matches!(
                escalation.cause,
                EscalationCause::NeedsHuman | EscalationCause::UnknownOutcome
            )
        };
        if self.open_escalations().any(stuck) {
            Stage::NeedsHuman
        } else if self.pending().next().is_some() {
            Stage::Waiting
        } else if self.drafts.iter().any(|draft| moving(&draft.act)) {
            Stage::Acting
        } else if self.human_needed.is_none() && self.verdict.is_none() {
            Stage::Reading
        } else if !self.asking.is_empty() {
            Stage::Gathering
        } else if self.human_needed.is_none() && !self.drafted {
            Stage::Drafting
        } else if self.open_escalations().next().is_some() {
            Stage::WithRole
        } else {
            Stage::Done
        }
    }
}
