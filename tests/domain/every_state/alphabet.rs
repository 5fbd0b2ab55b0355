//! Everything that can be said to a case in a state, in season and out of season.

use countersign::domain::case::command::{CaseCommand, Click, Wants, Work, WorkStep};
use countersign::domain::case::event::Phase;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{AppId, DraftId, RequestId, TeamId};
use countersign::domain::person::Membership;
use countersign::domain::time::{At, Span};

use super::key::Sketch;
use super::machines;
use super::scopes::Scope;
use super::spot::Spot;
use crate::support::*;

/// What is asked at the moment of sending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weather {
    Fair,
    Paused,
    Unpinned,
    Flooded,
}

/// One thing that happens, while a policy is in force.
#[derive(Clone, Debug)]
pub struct Step {
    pub said: Said,
    pub policy: usize,
    pub weather: Weather,
}

#[derive(Clone, Debug)]
pub enum Said {
    /// Nothing happens until then.
    TimePasses(At),
    /// A machine or a clock says it.
    Told(CaseCommand),
    /// A person clicks.
    Clicked {
        who: Option<Somebody>,
        odd: Odd,
        command: CaseCommand,
    },
    /// A step of a draft is taken from the outbox; the plan is the place of the event that put it there.
    Sent {
        draft: DraftId,
        phase: Phase,
        plan: u64,
    },
}

/// What is wrong with a click.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Odd {
    Nothing,
    Guest,
    ReadLongAgo,
    NotRead,
    AnotherTeam,
    AnotherApp,
    AnotherSubject,
    AnotherCard,
    AnotherRendering,
    OwnTicket,
    PolicyLost,
}

impl Odd {
    const ALL: [Self; 10] = [
        Self::Guest,
        Self::ReadLongAgo,
        Self::NotRead,
        Self::AnotherTeam,
        Self::AnotherApp,
        Self::AnotherSubject,
        Self::AnotherCard,
        Self::AnotherRendering,
        Self::OwnTicket,
        Self::PolicyLost,
    ];

    pub fn wrote_ticket(self) -> bool {
        self == Self::OwnTicket
    }

    pub fn policy_is_lost(self) -> bool {
        self == Self::PolicyLost
    }

    /// The person as this makes them; nobody where it could not be read who they are.
    fn reads(self, who: Somebody) -> Option<Somebody> {
        match self {
            Self::Guest => Some(Somebody {
                membership: Membership::Guest,
                ..who
            }),
            Self::ReadLongAgo => Some(Somebody {
                age: Span::minutes(10),
                ..who
            }),
            Self::NotRead => None,
            _ => Some(who),
        }
    }
}

/// Everything that can be said, under every policy that can be in force, and in every weather that matters.
pub fn everything(spot: &Spot, scope: &Scope) -> Vec<Step> {
    let sketch = Sketch::of(spot);
    let mut said = machines::say(spot, scope, &sketch);
    said.extend(clicks(spot, scope, &sketch));
    said.extend(works(spot, scope, &sketch));
    let mut steps = vec![];
    for said in said {
        for policy in 0..scope.around.policies.len() {
            for weather in weathers(&said) {
                steps.push(Step {
                    said: said.clone(),
                    policy,
                    weather,
                });
            }
        }
    }
    // Time leans on nothing.
    steps.extend(passing(&sketch).into_iter().map(|at| Step {
        said: Said::TimePasses(at),
        policy: 0,
        weather: Weather::Fair,
    }));
    steps
}

fn weathers(said: &Said) -> Vec<Weather> {
    match said {
        Said::Sent { .. } => vec![
            Weather::Fair,
            Weather::Paused,
            Weather::Unpinned,
            Weather::Flooded,
        ],
        _ => vec![Weather::Fair],
    }
}

/// To the next moment that anything waits for, or to just before it, so that what takes a while can outlive it.
fn passing(sketch: &Sketch) -> Vec<At> {
    let Some(next) = sketch.moments.first() else {
        return vec![];
    };
    let just_before = next.plus(Span::seconds(-10));
    let mut passing = vec![*next];
    if just_before > sketch.now {
        passing.push(just_before);
    }
    passing
}

fn clicks(spot: &Spot, scope: &Scope, sketch: &Sketch) -> Vec<Said> {
    let mut said = vec![];
    for id in &sketch.requests {
        let asked = spot.case.request(id).unwrap();
        let action = &spot.case.draft(&asked.request.draft).unwrap().draft.action;
        let mut wants = vec![approve(), reject(), Wants::Undo];
        wants.push(Wants::Approve { reason: None });
        wants.push(Wants::Reject {
            preset: None,
            reason: None,
        });
        wants.extend((scope.edits)(action).into_iter().map(edit));
        for who in scope.people {
            for wants in &wants {
                said.push(clicked(spot, *who, id, wants.clone(), Odd::Nothing));
            }
        }
        // Two people whom every rule names together say the same, so that either can be read as the other.
        let alike = |one: &&Somebody| one.groups == scope.people[0].groups;
        for who in scope.people.iter().filter(alike) {
            for odd in Odd::ALL {
                let wants = [approve(), Wants::Undo];
                said.extend(wants.map(|wants| clicked(spot, *who, id, wants, odd)));
            }
        }
    }
    said
}

pub fn clicked(spot: &Spot, who: Somebody, request: &RequestId, wants: Wants, odd: Odd) -> Said {
    let view = &spot.case.views[&view_of(request.as_str())];
    let mut click = Click {
        person: who.person(),
        app: AppId::new("A1"),
        request: request.clone(),
        view: view.view.clone(),
        view_digest: view.digest,
        subject_prefix: view.subject.prefix(),
        wants,
    };
    match odd {
        Odd::AnotherTeam => click.person.team = TeamId::new("T0OTHER001"),
        Odd::AnotherApp => click.app = AppId::new("A2"),
        Odd::AnotherSubject => click.subject_prefix = "0".repeat(32),
        Odd::AnotherCard => click.view = view_of("c1.e1"),
        Odd::AnotherRendering => click.view_digest = Digest::of(b"another"),
        _ => {}
    }
    Said::Clicked {
        who: odd.reads(who),
        odd,
        command: CaseCommand::Click(click),
    }
}

fn works(spot: &Spot, scope: &Scope, sketch: &Sketch) -> Vec<Said> {
    let mut said = vec![];
    for id in &sketch.escalations {
        let mut steps = vec![
            WorkStep::Take,
            WorkStep::Resolve { words: None },
            link(None),
            link(Some("called back")),
        ];
        for answer in countersign::domain::escalation::BillingAnswer::ALL {
            for words in [None, Some(sealed("so"))] {
                let answer = *answer;
                steps.push(WorkStep::Answer { answer, words });
            }
        }
        let view = &spot.case.views[&view_of(id.as_str())];
        let work = |who: Somebody, step: &WorkStep| Work {
            person: who.person(),
            app: AppId::new("A1"),
            escalation: id.clone(),
            view: view.view.clone(),
            subject_prefix: view.subject.prefix(),
            step: step.clone(),
        };
        for who in scope.workers {
            said.extend(steps.iter().map(|step| Said::Clicked {
                who: Some(*who),
                odd: Odd::Nothing,
                command: CaseCommand::Work(work(*who, step)),
            }));
        }
        for odd in Odd::ALL {
            // What is wrong with a rendering, a policy or an author binds decisions, and not work.
            if matches!(
                odd,
                Odd::AnotherRendering | Odd::PolicyLost | Odd::OwnTicket
            ) {
                continue;
            }
            let member = scope.workers[0];
            let mut work = work(member, &WorkStep::Take);
            match odd {
                Odd::AnotherTeam => work.person.team = TeamId::new("T0OTHER001"),
                Odd::AnotherApp => work.app = AppId::new("A2"),
                Odd::AnotherSubject => work.subject_prefix = "0".repeat(32),
                Odd::AnotherCard => work.view = view_of("c1.r99"),
                _ => {}
            }
            said.push(Said::Clicked {
                who: odd.reads(member),
                odd,
                command: CaseCommand::Work(work),
            });
        }
    }
    said
}
