//! The alphabet of the walk: whatever can be said to a case, in season and out of season.

use std::collections::BTreeMap;

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Deadline, Wants, WorkStep};
use countersign::domain::case::event::Phase;
use countersign::domain::draft::Action;
use countersign::domain::escalation::BillingAnswer;
use countersign::domain::ids::{DraftId, EffectId, RequestId};
use countersign::domain::model::ModelTask;
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};
use proptest::prelude::*;

use crate::choices::*;
use crate::support::*;

/// One thing that happens to the case. Numbers choose among what is there, modulo its count, so that a step
/// means something in every state.
#[derive(Clone, Debug)]
pub enum Step {
    Opens {
        verified: bool,
    },
    Writes,
    Reads {
        outage: bool,
    },
    Verdict {
        category: usize,
        severity: u8,
        late: bool,
    },
    ModelFails {
        draft: bool,
        lasting: bool,
    },
    Evidence {
        which: usize,
        disputed: bool,
    },
    EvidenceFails {
        which: usize,
        lasting: bool,
    },
    Drafts {
        which: usize,
        late: bool,
    },
    Click {
        who: usize,
        which: usize,
        wants: usize,
        on: On,
    },
    Works {
        who: usize,
        which: usize,
        step: usize,
    },
    Wakes {
        which: usize,
        escalation: bool,
        parked: bool,
    },
    Sends {
        which: usize,
        note: bool,
    },
    Outcome {
        which: usize,
        note: bool,
        outcome: usize,
        stale: bool,
    },
    Waits {
        minutes: u16,
    },
    TurnsBack {
        minutes: u8,
    },
    Pauses,
    Policy {
        which: usize,
    },
    Approvers {
        which: usize,
    },
    Batched {
        which: usize,
    },
}

/// What a click was made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    TheCard,
    AnotherSubject,
    AnotherRequestsCard,
    AnotherWorkspace,
}

pub fn steps() -> impl Strategy<Value = Step> {
    let n = || 0..64_usize;
    let on = prop_oneof![
        12 => Just(On::TheCard),
        1 => Just(On::AnotherSubject),
        1 => Just(On::AnotherRequestsCard),
        1 => Just(On::AnotherWorkspace),
    ];
    prop_oneof![
        3 => any::<bool>().prop_map(|verified| Step::Opens { verified }),
        2 => Just(Step::Writes),
        3 => any::<bool>().prop_map(|outage| Step::Reads { outage }),
        4 => (n(), 1..6_u8, prop::bool::weighted(0.1)).prop_map(|(category, severity, late)| Step::Verdict { category, severity, late }),
        1 => any::<(bool, bool)>().prop_map(|(draft, lasting)| Step::ModelFails { draft, lasting }),
        4 => (n(), prop::bool::weighted(0.1)).prop_map(|(which, disputed)| Step::Evidence { which, disputed }),
        1 => (n(), any::<bool>()).prop_map(|(which, lasting)| Step::EvidenceFails { which, lasting }),
        5 => (n(), prop::bool::weighted(0.1)).prop_map(|(which, late)| Step::Drafts { which, late }),
        20 => (n(), n(), n(), on).prop_map(|(who, which, wants, on)| Step::Click { who, which, wants, on }),
        4 => (n(), n(), n()).prop_map(|(who, which, step)| Step::Works { who, which, step }),
        9 => (n(), any::<bool>(), any::<bool>()).prop_map(|(which, escalation, parked)| Step::Wakes { which, escalation, parked }),
        8 => (n(), prop::bool::weighted(0.2)).prop_map(|(which, note)| Step::Sends { which, note }),
        5 => (n(), prop::bool::weighted(0.2), n(), prop::bool::weighted(0.2)).prop_map(|(which, note, outcome, stale)| Step::Outcome { which, note, outcome, stale }),
        4 => prop_oneof![Just(1_u16), Just(16), Just(600), Just(6_000)].prop_map(|minutes| Step::Waits { minutes }),
        1 => (0..90_u8).prop_map(|minutes| Step::TurnsBack { minutes }),
        1 => Just(Step::Pauses),
        1 => n().prop_map(|which| Step::Policy { which }),
        1 => n().prop_map(|which| Step::Approvers { which }),
        1 => n().prop_map(|which| Step::Batched { which }),
    ]
}

pub struct Walk {
    pub world: World,
    pub policies: Vec<Policy>,
    /// What each settled request was.
    pub settled: BTreeMap<RequestId, RequestState>,
}

impl Walk {
    pub fn happen(&mut self, step: &Step) {
        let command = match step {
            Step::Waits { minutes } => {
                self.world.later(Span::minutes((*minutes).into()));
                return;
            }
            Step::TurnsBack { minutes } => {
                self.world.later(Span::minutes(-i64::from(*minutes)));
                return;
            }
            Step::Pauses => {
                let paused = self.world.paused.is_none();
                self.world.paused = paused.then(|| "fire".into());
                return;
            }
            Step::Policy { which } => {
                let next = self.policies[which % self.policies.len()].clone();
                self.world.policy = next;
                return;
            }
            Step::Sends { which, note } => return self.sends(*which, *note),
            Step::Click {
                who,
                which,
                wants,
                on,
            } => {
                return self.clicks(*who, *which, *wants, *on);
            }
            Step::Works { who, which, step } => return self.works(*who, *which, *step),
            other => self.machine(other),
        };
        if let Some(command) = command {
            drop(self.world.tell(command));
        }
    }

    /// What connectors, models, clocks and the outbox say.
    fn machine(&self, step: &Step) -> Option<CaseCommand> {
        let case = &self.world.case;
        let revision = |late: bool| case.revision - u32::from(late && case.revision > 1);
        Some(match step {
            Step::Opens { verified } => CaseCommand::Open {
                ticket: ticket(*verified, None, self.world.now),
            },
            Step::Writes => CaseCommand::AddMessage {
                message: sealed("more"),
            },
            Step::Reads { outage } => CaseCommand::RecordView {
                revision: case.revision,
                view: view(if *outage {
                    vec![Signal::Outage]
                } else {
                    vec![]
                }),
            },
            Step::Verdict {
                category,
                severity,
                late,
            } => CaseCommand::RecordVerdict {
                revision: revision(*late),
                verdict: verdict(Category::ALL[category % Category::ALL.len()], *severity),
                receipt: receipt(ModelTask::Triage, revision(*late), "ok"),
            },
            Step::ModelFails { draft, lasting } => {
                let task = if *draft {
                    ModelTask::Draft
                } else {
                    ModelTask::Triage
                };
                CaseCommand::RecordModelFailure {
                    receipt: receipt(task, case.revision, "unreadable: nonsense"),
                    lasting: *lasting,
                }
            }
            Step::Evidence { which, disputed } => self.evidence(*which, *disputed)?,
            Step::EvidenceFails { which, lasting } => CaseCommand::RecordEvidenceFailure {
                ask: pick(case.asking.keys().cloned(), *which)?,
                silence: silent(*lasting),
            },
            Step::Drafts { which, late } => CaseCommand::RecordDrafts {
                revision: revision(*late),
                proposals: self.proposals(*which),
                receipt: receipt(ModelTask::Draft, revision(*late), "ok"),
            },
            Step::Wakes {
                which,
                escalation,
                parked,
            } => CaseCommand::Wake {
                deadline: self.deadline(*which, *escalation, *parked)?,
            },
            Step::Outcome {
                which,
                note,
                outcome,
                stale,
            } => {
                let draft = pick(&case.drafts, *which)?.draft.id.clone();
                let phase = if *note { Phase::Note } else { Phase::Act };
                let effect = if *stale {
                    EffectId::new("c1.1.0")
                } else {
                    self.world.effect(&draft, phase)
                };
                CaseCommand::RecordOutcome {
                    effect,
                    draft,
                    phase,
                    outcome: an_outcome(*outcome),
                }
            }
            Step::Approvers { which } => CaseCommand::RecordApprovers {
                request: pick(&case.requests, *which)?.request.id.clone(),
                people: vec![LEAD.person()],
            },
            Step::Batched { which } => CaseCommand::RecordBatched {
                request: pick(&case.requests, *which)?.request.id.clone(),
                batch: countersign::domain::ids::BatchId::new("batch.1"),
                row: 1,
            },
            _ => return None,
        })
    }

    fn evidence(&self, which: usize, disputed: bool) -> Option<CaseCommand> {
        let ask = pick(self.world.case.asking.keys().cloned(), which)?;
        let charge = countersign::domain::evidence::Charge {
            dispute_open: disputed,
            ..charge()
        };
        let findings = vec![
            customer(),
            countersign::domain::evidence::Finding::Charge(charge),
        ];
        let taken = taken(self.world.now, ask, findings);
        Some(CaseCommand::RecordEvidence { taken })
    }

    fn proposals(&self, which: usize) -> Vec<countersign::domain::case::command::Proposal> {
        let sets = [
            vec![reply("hello")],
            vec![refund(3_000)],
            vec![refund(18_000), reply("hello")],
            vec![refund(60_000)],
            vec![
                label("vip"),
                Action::Assign {
                    queue: "vip".into(),
                },
            ],
            vec![],
        ];
        sets[which % sets.len()]
            .iter()
            .map(|action| countersign::domain::case::command::Proposal {
                action: action.clone(),
                cites: vec![],
                rationale: sealed("because"),
            })
            .collect()
    }

    fn deadline(&self, which: usize, escalation: bool, parked: bool) -> Option<Deadline> {
        let case = &self.world.case;
        if !escalation {
            let request = pick(&case.requests, which)?.request.id.clone();
            return Some(Deadline::Request { request });
        }
        let (escalation, progress) = pick(&case.escalations, which)?;
        let escalation = escalation.id.clone();
        // Mostly the deadline that is really waited for, sometimes the other one.
        let out_of_turn = parked && which.is_multiple_of(5);
        Some(if progress.parked != out_of_turn {
            Deadline::Parked { escalation }
        } else {
            Deadline::Escalation { escalation }
        })
    }

    fn sends(&mut self, which: usize, note: bool) {
        let phase = if note { Phase::Note } else { Phase::Act };
        let drafts = &self.world.case.drafts;
        let planned: Vec<DraftId> = drafts
            .iter()
            .filter(|draft| if note { draft.note_plan } else { draft.act_plan } != 0)
            .map(|draft| draft.draft.id.clone())
            .collect();
        if let Some(draft) = pick(planned, which) {
            drop(self.world.depart(&draft, phase));
        }
    }

    fn clicks(&mut self, who: usize, which: usize, wants: usize, on: On) {
        let Some(asked) = pick(&self.world.case.requests, which).cloned() else {
            return;
        };
        let action = &self
            .world
            .case
            .draft(&asked.request.draft)
            .unwrap()
            .draft
            .action;
        let wants = match wants % 8 {
            0..=3 => approve(),
            4 => reject(),
            5 => edit(edited(action, wants)),
            _ => Wants::Undo,
        };
        let who = somebody(who);
        self.world.asked_under = self
            .policies
            .iter()
            .find(|policy| policy.digest() == asked.request.policy)
            .cloned();
        self.world.show_all();
        let mut click = self.world.click_on(&who, &asked.request.id, wants);
        match on {
            On::TheCard => {}
            On::AnotherSubject => click.subject_prefix = "0".repeat(32),
            On::AnotherRequestsCard => click.view = view_of("c1.e1"),
            On::AnotherWorkspace => {
                click.person.team = countersign::domain::ids::TeamId::new("T0OTHER001");
            }
        }
        drop(self.world.tell_as(Some(&who), CaseCommand::Click(click)));
    }

    fn works(&mut self, who: usize, which: usize, step: usize) {
        let Some(id) = pick(&self.world.case.escalations, which).map(|(one, _)| one.id.clone())
        else {
            return;
        };
        let words = step.is_multiple_of(2).then(|| sealed("so"));
        let answers = BillingAnswer::ALL;
        let step = match step % 8 {
            0 | 1 => WorkStep::Take,
            3 | 4 => WorkStep::LinkCustomer {
                customer: countersign::domain::ids::CustomerId::new(
                    ["cus_1", "cus_1", "cus_1", "ch_1"][step / 8 % 4],
                ),
                words: (step != 4).then(|| sealed("called back")),
            },
            2 => WorkStep::Resolve { words },
            n => WorkStep::Answer {
                answer: answers[(step / 5 + n) % answers.len()],
                words,
            },
        };
        drop(self.world.work(&somebody(who), &id, step));
    }
}
