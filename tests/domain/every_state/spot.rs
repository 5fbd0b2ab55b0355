//! One state of the walk, and how a step leads from it to another.

use std::borrow::Cow;
use std::collections::BTreeSet;

use countersign::domain::approval::RequestProgress;
use countersign::domain::case::command::{CaseCommand, Outcome};
use countersign::domain::case::context::{Context, Departures, FirstAsks, Installation};
use countersign::domain::case::decide::decide;
use countersign::domain::case::effect::{Effect, Planned};
use countersign::domain::case::effects::effects_of;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::{Gate, gate};
use countersign::domain::case::refusal::Refusal;
use countersign::domain::case::{Case, Stage};
use countersign::domain::ids::{AppId, DraftId, EffectId, TeamId};
use countersign::domain::person::Standing;
use countersign::domain::policy::Policy;
use countersign::domain::time::At;

use super::alphabet::{Said, Step, Weather};
use crate::support::*;

/// What stands around every state: the installation, and the policies that can be in force at any moment.
pub struct Around {
    pub installation: Installation,
    pub policies: Vec<Policy>,
    pub first_asks: FirstAsks,
}

impl Around {
    pub fn with(policies: Vec<Policy>) -> Self {
        let installation = Installation {
            enterprise: None,
            team: TeamId::new("T0LOCAL001"),
            app: AppId::new("A1"),
        };
        let first_asks = World::under(policies[0].clone()).first_asks;
        Self {
            installation,
            policies,
            first_asks,
        }
    }

    /// Pause, pin and limits are asked at the moment of sending and remembered by nobody, so they are part of the
    /// step and not of the state. The same holds for the policy in force.
    fn context(&self, now: At, step: &Step, standing: Option<Standing>) -> Context<'_> {
        let flooded = step.weather == Weather::Flooded;
        Context {
            now,
            installation: &self.installation,
            policy: &self.policies[step.policy],
            asked_under: None,
            pinned: step.weather != Weather::Unpinned,
            paused: (step.weather == Weather::Paused).then(|| "fire".into()),
            standing,
            wrote_ticket: false,
            next_number: 7,
            first_asks: self.first_asks.clone(),
            departures: Departures {
                overall: if flooded { 60 } else { 0 },
                in_queue: 0,
            },
        }
    }
}

/// A state: the case, the time, and which calls to models and connectors are under way.
#[derive(Clone)]
pub struct Spot {
    pub case: Case,
    pub now: At,
    pub under_way: BTreeSet<String>,
}

/// What a step came to.
pub struct Came<'a> {
    pub after: Cow<'a, Spot>,
    pub events: Vec<CaseEvent>,
    pub effects: Vec<Planned<Effect>>,
    pub refusal: Option<Refusal>,
    /// What is journalled of a click that was refused.
    pub trace: Option<CaseEvent>,
    /// What the gate said, where it was asked.
    pub gate: Option<Gate>,
}

impl Spot {
    pub fn of(world: World) -> Self {
        let case = world.case;
        let mut under_way: BTreeSet<String> = case.asking.keys().map(asked).collect();
        if case.verdict.is_some() && case.asking.is_empty() && !case.drafted {
            under_way.insert(format!("draft {}", case.revision));
        }
        let now = world.now;
        let mut spot = Self {
            case,
            now,
            under_way,
        };
        spot.show();
        spot
    }

    /// Takes a step.
    pub fn step<'a>(&'a self, around: &Around, step: &Step) -> Came<'a> {
        match &step.said {
            Said::TimePasses(until) => {
                let mut after = self.clone();
                after.now = *until;
                Came::stays(Cow::Owned(after))
            }
            Said::Sent { draft, phase, plan } => self.sent(around, step, (draft, *phase, *plan)),
            Said::Told(command) => self.told(around, step, command.clone(), None),
            Said::Clicked { who, command, .. } => {
                let standing = who.map(|who| who.standing(self.now));
                self.told(around, step, command.clone(), standing)
            }
        }
    }

    fn told<'a>(
        &'a self,
        around: &Around,
        step: &Step,
        command: CaseCommand,
        standing: Option<Standing>,
    ) -> Came<'a> {
        let mut ctx = around.context(self.now, step, standing);
        if let Said::Clicked { odd, command, .. } = &step.said {
            ctx.wrote_ticket = odd.wrote_ticket();
            ctx.asked_under = self
                .asked(command)
                .filter(|_| !odd.policy_is_lost())
                .and_then(|asked| {
                    let digest = asked.request.policy;
                    around.policies.iter().find(|one| one.digest() == digest)
                });
        }
        let answered = answered(&command);
        let click = match &command {
            CaseCommand::Click(click) => Some(click.clone()),
            _ => None,
        };
        match decide(&self.case, command, &ctx) {
            Ok(events) => self.followed(events, answered),
            Err(refusal) => Came {
                trace: click.map(|click| CaseEvent::ClickRefused {
                    verb: click.wants.word().to_owned(),
                    person: click.person,
                    request: Some(click.request),
                    view: Some(click.view),
                    code: refusal.code,
                }),
                refusal: Some(refusal),
                ..Came::stays(Cow::Borrowed(self))
            },
        }
    }

    fn asked(&self, command: &CaseCommand) -> Option<&RequestProgress> {
        match command {
            CaseCommand::Click(click) => self.case.request(&click.request),
            _ => None,
        }
    }

    /// The engine takes a step of a draft from the outbox: the gate, and what the gate's answer leads to.
    fn sent<'a>(&'a self, around: &Around, step: &Step, row: (&DraftId, Phase, u64)) -> Came<'a> {
        let (draft, phase, plan) = row;
        let effect = effect_of(&self.case, plan);
        let ctx = around.context(self.now, step, None);
        let answer = gate(&self.case, &effect, draft, phase, &ctx);
        let outcome = match &answer {
            Gate::Permit(permit) => {
                let departed = CaseEvent::Departed {
                    draft: draft.clone(),
                    phase,
                    policy: *permit.policy(),
                };
                let gate = Some(answer);
                return Came {
                    gate,
                    ..self.followed(vec![departed], None)
                };
            }
            Gate::Hold(why) => Outcome::Held { why: why.clone() },
            Gate::Void(why) => Outcome::Voided { why: why.clone() },
        };
        let command = CaseCommand::RecordOutcome {
            effect,
            draft: draft.clone(),
            phase,
            outcome,
        };
        Came {
            gate: Some(answer),
            ..self.told(around, step, command, None)
        }
    }

    /// The state after some events, with every card that they call for shown.
    fn followed(&self, events: Vec<CaseEvent>, answered: Option<String>) -> Came<'_> {
        let mut after = self.clone();
        if let Some(call) = answered {
            after.under_way.remove(&call);
        }
        let mut effects = vec![];
        for event in &events {
            after.case.apply(self.now, event);
            effects.extend(effects_of(event, &after.case));
        }
        after
            .under_way
            .extend(effects.iter().filter_map(|row| call(&row.effect)));
        let case = &after.case;
        after.under_way.retain(|call| is_awaited(case, call));
        after.show();
        Came {
            after: Cow::Owned(after),
            events,
            effects,
            refusal: None,
            trace: None,
            gate: None,
        }
    }

    /// Every request and every escalation has a card. What comes of clicks on what was never shown is a step too.
    fn show(&mut self) {
        let case = &self.case;
        let asked = case.requests.iter().map(|one| {
            let id = &one.request.id;
            shown(id.as_str(), Some(id.clone()), None, one.request.subject)
        });
        let given = case.escalations.iter().map(|(one, _)| {
            let id = &one.id;
            shown(id.as_str(), None, Some(id.clone()), one.subject())
        });
        let new: Vec<_> = asked
            .chain(given)
            .filter(|view| !case.views.contains_key(&view.view))
            .collect();
        for view in new {
            self.case.views.insert(view.view.clone(), view);
        }
    }

    /// Whether an answer of this kind is awaited.
    pub fn awaits(&self, call: &str) -> bool {
        self.under_way.iter().any(|one| one.starts_with(call))
    }

    /// Whether nothing is open any more: nobody is asked, no role has anything, nothing is on its way out.
    pub fn is_over(&self) -> bool {
        self.case.ticket.is_some() && self.case.stage() == Stage::Done && self.under_way.is_empty()
    }
}

impl<'a> Came<'a> {
    fn stays(after: Cow<'a, Spot>) -> Self {
        Self {
            after,
            events: vec![],
            effects: vec![],
            refusal: None,
            trace: None,
            gate: None,
        }
    }
}

/// An effect of the plan that an event at this place made.
pub fn effect_of(case: &Case, plan: u64) -> EffectId {
    EffectId::new(format!("{}.{plan}.0", case.id))
}

/// A call to our own reader, a model or a connector, as a word.
fn call(effect: &Effect) -> Option<String> {
    match effect {
        Effect::Redact { revision } => Some(format!("redact {revision}")),
        Effect::Triage { revision } => Some(format!("triage {revision}")),
        Effect::Draft { revision } => Some(format!("draft {revision}")),
        Effect::Gather { ask } => Some(asked(ask)),
        _ => None,
    }
}

fn asked(ask: &countersign::domain::evidence::Ask) -> String {
    let subject = ask.subject.as_deref().unwrap_or_default();
    format!("gather {} {} {subject}", ask.source, ask.query)
}

/// The call that a command brings the answer to.
fn answered(command: &CaseCommand) -> Option<String> {
    match command {
        CaseCommand::RecordView { revision, .. } => Some(format!("redact {revision}")),
        CaseCommand::RecordVerdict { receipt, .. }
        | CaseCommand::RecordDrafts { receipt, .. }
        | CaseCommand::RecordModelFailure { receipt, .. } => {
            Some(format!("{} {}", receipt.task.word(), receipt.revision))
        }
        CaseCommand::RecordEvidence { taken } => Some(asked(&taken.ask)),
        CaseCommand::RecordEvidenceFailure { ask, .. } => Some(asked(ask)),
        _ => None,
    }
}

/// What is under way for an earlier revision brings nothing any more.
fn is_awaited(case: &Case, call: &str) -> bool {
    call.starts_with("gather") && case.asking.keys().any(|ask| asked(ask) == *call)
        || call.ends_with(&format!(" {}", case.revision)) && !call.starts_with("gather")
}
