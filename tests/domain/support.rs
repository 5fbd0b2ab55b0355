//! One case under the shipped policy, moved by commands as the engine moves it, without a database.

use countersign::domain::approval::{Request, RequestProgress};
use countersign::domain::case::command::{
    CaseCommand, Click, Outcome, Proposal, Wants, Work, WorkStep,
};
use countersign::domain::case::context::{Context, Departures, FirstAsks, Installation};
use countersign::domain::case::decide::decide;
use countersign::domain::case::effect::{Effect, Planned};
use countersign::domain::case::effects::effects_of;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::{Gate, gate};
use countersign::domain::case::refusal::{Refusal, RefusalCode};
use countersign::domain::case::{Case, StepState};
use countersign::domain::draft::{Action, Draft};
use countersign::domain::escalation::Escalation;
use countersign::domain::evidence::{Charge, Finding};
use countersign::domain::ids::{AppId, CaseId, DraftId, EffectId, EscalationId, RequestId, TeamId};
use countersign::domain::model::ModelTask;
use countersign::domain::person::{Person, Standing};
use countersign::domain::policy::Policy;
use countersign::domain::time::{At, Span};
use countersign::domain::verdict::{Category, Signal, Verdict};

pub use crate::samples::*;

/// One case and everything around it that a decision may lean on.
#[derive(Clone)]
pub struct World {
    pub case: Case,
    pub now: At,
    pub installation: Installation,
    pub policy: Policy,
    pub asked_under: Option<Policy>,
    pub pinned: bool,
    pub paused: Option<String>,
    pub wrote_ticket: bool,
    pub events: Vec<(At, CaseEvent)>,
    pub effects: Vec<Planned<Effect>>,
    pub first_asks: FirstAsks,
    pub departures: Departures,
}

impl World {
    pub fn under(policy: Policy) -> Self {
        Self {
            case: Case::empty(CaseId::new("c1")),
            now: MONDAY,
            installation: Installation {
                enterprise: None,
                team: TeamId::new("T0LOCAL001"),
                app: AppId::new("A1"),
            },
            policy,
            asked_under: None,
            pinned: true,
            paused: None,
            wrote_ticket: false,
            events: vec![],
            effects: vec![],
            first_asks: FirstAsks {
                ticket: vec![ask("workbench", "ticket")],
                customer: vec![ask("stripe", "customer")],
                linked: vec![linked_ask()],
            },
            departures: Departures::default(),
        }
    }

    pub fn shipped() -> Self {
        Self::under(policy(&[]))
    }

    pub fn context(&self, standing: Option<Standing>) -> Context<'_> {
        Context {
            now: self.now,
            installation: &self.installation,
            policy: &self.policy,
            asked_under: self.asked_under.as_ref(),
            pinned: self.pinned,
            paused: self.paused.clone(),
            standing,
            wrote_ticket: self.wrote_ticket,
            next_number: 7,
            first_asks: self.first_asks.clone(),
            departures: self.departures,
        }
    }

    /// Decides and folds; effects are kept as the outbox would keep them.
    pub fn tell_as(
        &mut self,
        who: Option<&Somebody>,
        command: CaseCommand,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let standing = who.map(|who| who.standing(self.now));
        let events = decide(&self.case, command, &self.context(standing))?;
        for event in &events {
            self.record(event.clone());
        }
        Ok(events)
    }

    pub fn tell(&mut self, command: CaseCommand) -> Result<Vec<CaseEvent>, Refusal> {
        self.tell_as(None, command)
    }

    pub fn record(&mut self, event: CaseEvent) {
        self.case.apply(self.now, &event);
        self.effects.extend(effects_of(&event, &self.case));
        self.events.push((self.now, event));
    }

    /// What a machine's command was refused with.
    pub fn refused(&mut self, command: CaseCommand) -> RefusalCode {
        self.tell(command).unwrap_err().code
    }

    pub fn later(&mut self, span: Span) -> &mut Self {
        self.now = self.now.plus(span);
        self
    }

    // The way from a ticket to drafts.

    pub fn opened(mut self, verified: bool, author: Option<Person>) -> Self {
        let ticket = ticket(verified, author, self.now);
        self.tell(CaseCommand::Open { ticket }).unwrap();
        self
    }

    pub fn read(mut self, signals: Vec<Signal>) -> Self {
        self.read_again(signals);
        self
    }

    pub fn read_again(&mut self, signals: Vec<Signal>) {
        let view = view(signals);
        let revision = self.case.revision;
        self.tell(CaseCommand::RecordView { revision, view })
            .unwrap();
    }

    pub fn triaged(mut self, category: Category, severity: u8) -> Self {
        self.triage(verdict(category, severity));
        self
    }

    pub fn triage(&mut self, verdict: Verdict) -> Vec<CaseEvent> {
        let revision = self.case.revision;
        let receipt = receipt(ModelTask::Triage, revision, "ok");
        self.tell(CaseCommand::RecordVerdict {
            revision,
            verdict,
            receipt,
        })
        .unwrap()
    }

    /// Every open question is answered: the desk with the ticket, Stripe with a customer and a charge.
    pub fn gathered(mut self, charge: Charge) -> Self {
        self.gather(&charge);
        self
    }

    pub fn gather(&mut self, charge: &Charge) {
        while let Some(ask) = self.case.asking.keys().next().cloned() {
            let findings = if ask.source.as_str() == "stripe" {
                vec![customer(), Finding::Charge(charge.clone())]
            } else {
                vec![Finding::Target(Default::default())]
            };
            let taken = taken(self.now, ask, findings);
            self.tell(CaseCommand::RecordEvidence { taken }).unwrap();
        }
    }

    pub fn drafted(mut self, actions: Vec<Action>) -> Self {
        self.draft(actions);
        self
    }

    pub fn draft(&mut self, actions: Vec<Action>) -> Vec<CaseEvent> {
        let revision = self.case.revision;
        let receipt = receipt(ModelTask::Draft, revision, "ok");
        let cites: Vec<_> = self.case.evidence.iter().map(|e| e.id.clone()).collect();
        let proposals = actions
            .into_iter()
            .map(|action| Proposal {
                action,
                cites: cites.clone(),
                rationale: sealed("because"),
            })
            .collect();
        self.tell(CaseCommand::RecordDrafts {
            revision,
            proposals,
            receipt,
        })
        .unwrap()
    }

    pub fn write_again(&mut self) -> Vec<CaseEvent> {
        let message = sealed("one more thing");
        self.tell(CaseCommand::AddMessage { message }).unwrap()
    }

    /// A question that a support lead answers in a batch: a reply to the customer.
    pub fn asking_reply(policy: Policy) -> Self {
        Self::under(policy)
            .opened(true, None)
            .read(vec![])
            .triaged(Category::HowTo, 2)
            .gathered(charge())
            .drafted(vec![reply("here is how")])
            .all_shown()
    }

    /// A question of billing: a refund of that much of a charge of 900.
    pub fn asking_refund(policy: Policy, minor: i64) -> Self {
        Self::under(policy)
            .opened(true, None)
            .read(vec![Signal::Money])
            .triaged(Category::RefundRequest, 2)
            .gathered(charge())
            .drafted(vec![refund(minor)])
            .all_shown()
    }

    /// An outage, so that the on-call should be paged.
    pub fn asking_page(policy: Policy) -> Self {
        Self::under(policy)
            .opened(true, None)
            .read(vec![Signal::Outage])
            .triaged(Category::Outage, 4)
            .all_shown()
    }

    // Cards and clicks.

    /// A card for every request and escalation, as the engine would journal it.
    pub fn all_shown(mut self) -> Self {
        self.show_all();
        self
    }

    pub fn show_all(&mut self) {
        let requests = self.case.requests.iter().map(|one| {
            let id = &one.request.id;
            shown(id.as_str(), Some(id.clone()), None, one.request.subject)
        });
        let escalations = self.case.escalations.iter().map(|(one, _)| {
            let id = &one.id;
            shown(id.as_str(), None, Some(id.clone()), one.subject())
        });
        let views = requests.chain(escalations).collect();
        self.tell(CaseCommand::RecordShown { views }).unwrap();
    }

    pub fn click_on(&self, who: &Somebody, request: &RequestId, wants: Wants) -> Click {
        let view = &self.case.views[&view_of(request.as_str())];
        Click {
            person: who.person(),
            app: AppId::new("A1"),
            request: request.clone(),
            view: view.view.clone(),
            view_digest: view.digest,
            subject_prefix: view.subject.prefix(),
            wants,
        }
    }

    pub fn click(
        &mut self,
        who: &Somebody,
        request: &RequestId,
        wants: Wants,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        self.show_all();
        let click = self.click_on(who, request, wants);
        self.tell_as(Some(who), CaseCommand::Click(click))
    }

    pub fn work(
        &mut self,
        who: &Somebody,
        escalation: &EscalationId,
        step: WorkStep,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        self.show_all();
        let work = self.work_on(who, escalation, step);
        self.tell_as(Some(who), CaseCommand::Work(work))
    }

    pub fn work_on(&self, who: &Somebody, escalation: &EscalationId, step: WorkStep) -> Work {
        let view = &self.case.views[&view_of(escalation.as_str())];
        Work {
            person: who.person(),
            app: AppId::new("A1"),
            escalation: escalation.clone(),
            view: view.view.clone(),
            subject_prefix: view.subject.prefix(),
            step,
        }
    }

    // What there is.

    pub fn newest(&self) -> &RequestProgress {
        self.case.requests.last().unwrap()
    }

    pub fn newest_id(&self) -> RequestId {
        self.newest().request.id.clone()
    }

    pub fn request(&self) -> Request {
        self.newest().request.clone()
    }

    pub fn asked_draft(&self) -> Draft {
        let id = &self.newest().request.draft;
        self.case.draft(id).unwrap().draft.clone()
    }

    pub fn last_escalation(&self) -> Escalation {
        self.case.escalations.last().unwrap().0.clone()
    }

    pub fn act(&self, draft: &DraftId) -> &StepState {
        self.case.step(draft, Phase::Act).unwrap()
    }

    // Steps towards the outside, as the engine takes them.

    /// The effect of the newest plan of a step.
    pub fn effect(&self, draft: &DraftId, phase: Phase) -> EffectId {
        let wanted = Effect::Perform {
            draft: draft.clone(),
            phase,
        };
        self.effects
            .iter()
            .rev()
            .find(|planned| planned.effect == wanted)
            .map_or(EffectId::new("c1.0.0"), |planned| planned.id.clone())
    }

    pub fn gate(&self, draft: &DraftId, phase: Phase) -> Gate {
        let effect = self.effect(draft, phase);
        gate(&self.case, &effect, draft, phase, &self.context(None))
    }

    /// Permitted steps depart; what is void or held is recorded as such.
    pub fn depart(&mut self, draft: &DraftId, phase: Phase) -> Gate {
        let answer = self.gate(draft, phase);
        match &answer {
            Gate::Permit(_) => self.record(CaseEvent::Departed {
                draft: draft.clone(),
                phase,
                policy: self.policy.digest(),
            }),
            Gate::Hold(why) => {
                let why = why.clone();
                drop(self.outcome(draft, phase, Outcome::Held { why }));
            }
            Gate::Void(why) => {
                let why = why.clone();
                drop(self.outcome(draft, phase, Outcome::Voided { why }));
            }
        }
        answer
    }

    pub fn outcome(
        &mut self,
        draft: &DraftId,
        phase: Phase,
        outcome: Outcome,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let effect = self.effect(draft, phase);
        self.tell(CaseCommand::RecordOutcome {
            effect,
            draft: draft.clone(),
            phase,
            outcome,
        })
    }

    pub fn send(&mut self, draft: &DraftId) -> Vec<CaseEvent> {
        assert!(matches!(self.depart(draft, Phase::Act), Gate::Permit(_)));
        self.outcome(draft, Phase::Act, done()).unwrap()
    }
}
