//! What machines, clocks and customers say to a case: answers in season, twice, late, and about nothing.

use countersign::domain::case::Case;
use countersign::domain::case::command::{CaseCommand, Deadline, Outcome, Proposal};
use countersign::domain::case::event::Phase;
use countersign::domain::draft::Action;
use countersign::domain::evidence::{Ask, Charge, Finding};
use countersign::domain::ids::{BatchId, CardId, ChannelId};
use countersign::domain::model::ModelTask;

use super::alphabet::Said;
use super::key::Sketch;
use super::scopes::Scope;
use super::spot::{Spot, effect_of};
use crate::support::*;

pub fn say(spot: &Spot, scope: &Scope, sketch: &Sketch) -> Vec<Said> {
    let mut said = vec![];
    if scope.reading {
        said.extend(reading(spot, scope).into_iter().map(Said::Told));
        said.extend(gathering(&spot.case, spot).into_iter().map(Said::Told));
    } else {
        said.extend(in_season(spot, scope).into_iter().map(Said::Told));
    }
    if scope.cards {
        said.extend(cards(spot, sketch).into_iter().map(Said::Told));
    }
    said.extend(wakes(sketch).into_iter().map(Said::Told));
    said.extend(steps(&spot.case, sketch));
    said
}

/// The ticket, the customer's messages, and what a reader and models make of them.
fn reading(spot: &Spot, scope: &Scope) -> Vec<CaseCommand> {
    let case = &spot.case;
    let mut said: Vec<CaseCommand> = (scope.tickets)(spot.now)
        .into_iter()
        .map(|ticket| CaseCommand::Open { ticket })
        .collect();
    let message = sealed("more");
    said.push(CaseCommand::AddMessage { message });
    for revision in [case.revision, case.revision.saturating_sub(1)] {
        for signals in scope.signals {
            let view = view(signals.to_vec());
            said.push(CaseCommand::RecordView { revision, view });
        }
        for (category, severity) in scope.verdicts {
            said.push(CaseCommand::RecordVerdict {
                revision,
                verdict: verdict(*category, *severity),
                receipt: receipt(ModelTask::Triage, revision, "ok"),
            });
        }
        for task in [ModelTask::Triage, ModelTask::Draft] {
            said.extend(
                [true, false].map(|lasting| CaseCommand::RecordModelFailure {
                    receipt: receipt(task, revision, "unreadable: nonsense"),
                    lasting,
                }),
            );
        }
        for actions in (scope.drafts)() {
            said.push(drafts(case, revision, actions));
        }
    }
    said
}

/// The customer writes again, and readers, models and connectors say what they are asked for.
fn in_season(spot: &Spot, scope: &Scope) -> Vec<CaseCommand> {
    let (case, revision) = (&spot.case, spot.case.revision);
    let message = sealed("more");
    let mut said = vec![CaseCommand::AddMessage { message }];
    if spot.awaits("redact") {
        let view = view(scope.signals[0].to_vec());
        said.push(CaseCommand::RecordView { revision, view });
    }
    if spot.awaits("triage") {
        let (category, severity) = scope.verdicts[0];
        said.push(CaseCommand::RecordVerdict {
            revision,
            verdict: verdict(category, severity),
            receipt: receipt(ModelTask::Triage, revision, "ok"),
        });
    }
    for ask in case.asking.keys() {
        let findings = answers(ask).swap_remove(0);
        let taken = taken(spot.now, ask.clone(), findings);
        said.push(CaseCommand::RecordEvidence { taken });
    }
    if spot.awaits("draft") {
        let sets = (scope.drafts)().into_iter();
        said.extend(sets.map(|actions| drafts(case, revision, actions)));
    }
    said
}

fn drafts(case: &Case, revision: u32, actions: Vec<Action>) -> CaseCommand {
    let cites: Vec<_> = case.evidence.iter().map(|one| one.id.clone()).collect();
    let propose = |action| Proposal {
        action,
        cites: cites.clone(),
        rationale: sealed("because"),
    };
    CaseCommand::RecordDrafts {
        revision,
        proposals: actions.into_iter().map(propose).collect(),
        receipt: receipt(ModelTask::Draft, revision, "ok"),
    }
}

/// Every open question is answered well, badly, with somebody else's money, or not; and so is one that nobody asked.
fn gathering(case: &Case, spot: &Spot) -> Vec<CaseCommand> {
    let mut said = vec![];
    let nobody_asked = ask("stripe", "everything");
    for ask in case.asking.keys().chain([&nobody_asked]) {
        for findings in answers(ask) {
            let taken = taken(spot.now, ask.clone(), findings);
            said.push(CaseCommand::RecordEvidence { taken });
        }
        for lasting in [true, false] {
            said.push(CaseCommand::RecordEvidenceFailure {
                ask: ask.clone(),
                silence: silent(lasting),
            });
        }
    }
    said
}

fn answers(ask: &Ask) -> Vec<Vec<Finding>> {
    if ask.source.as_str() != "stripe" {
        return vec![vec![Finding::Target(Default::default())]];
    }
    let disputed = Charge {
        dispute_open: true,
        ..charge()
    };
    vec![
        vec![customer(), Finding::Charge(charge())],
        vec![customer(), Finding::Charge(disputed)],
        vec![Finding::NoSingleCustomer { count: 2 }],
        vec![Finding::ForeignCharge],
    ]
}

fn cards(spot: &Spot, sketch: &Sketch) -> Vec<CaseCommand> {
    let card = || CardId::new("card.c1.r1");
    let mut said = vec![
        CaseCommand::RecordCardFailed {
            card: card(),
            why: "away".into(),
        },
        CaseCommand::RecordCardPosted {
            card: card(),
            channel: ChannelId::new("C1"),
            ts: "1.0".into(),
        },
        CaseCommand::RecordShown {
            views: spot.case.views.values().take(1).cloned().collect(),
        },
    ];
    for request in &sketch.requests {
        for people in [vec![], vec![LEAD.person(), LEAD_TWO.person()]] {
            said.push(CaseCommand::RecordApprovers {
                request: request.clone(),
                people,
            });
        }
        said.push(CaseCommand::RecordBatched {
            request: request.clone(),
            batch: BatchId::new("batch.1"),
            row: 1,
        });
    }
    said
}

/// Every deadline, whether it has come, is still to come, or is waited for by nobody any more.
fn wakes(sketch: &Sketch) -> Vec<CaseCommand> {
    let wake = |deadline| CaseCommand::Wake { deadline };
    let of_requests = sketch.requests.iter().map(|request| Deadline::Request {
        request: request.clone(),
    });
    let of_escalations = sketch.escalations.iter().flat_map(|escalation| {
        let escalation = || escalation.clone();
        [
            Deadline::Escalation {
                escalation: escalation(),
            },
            Deadline::Parked {
                escalation: escalation(),
            },
        ]
    });
    of_requests.chain(of_escalations).map(wake).collect()
}

/// Every step that was planned is taken from the outbox, by its plan and by an earlier one, and comes to every end.
fn steps(case: &Case, sketch: &Sketch) -> Vec<Said> {
    let mut said = vec![];
    for draft in &sketch.drafts {
        let progress = case.draft(draft).unwrap();
        for (phase, plan) in [
            (Phase::Note, progress.note_plan),
            (Phase::Act, progress.act_plan),
        ] {
            for plan in [plan, 1] {
                let draft = draft.clone();
                said.push(Said::Sent { draft, phase, plan });
            }
            for (outcome, plan) in outcomes(plan) {
                said.push(Said::Told(CaseCommand::RecordOutcome {
                    effect: effect_of(case, plan),
                    draft: draft.clone(),
                    phase,
                    outcome,
                }));
            }
        }
    }
    said
}

fn outcomes(plan: u64) -> Vec<(Outcome, u64)> {
    let why = || "so it is".to_owned();
    vec![
        (done(), plan),
        (done(), 1),
        (Outcome::Refused { why: why() }, plan),
        (Outcome::Unknown { why: why() }, plan),
    ]
}
