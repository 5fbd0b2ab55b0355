//! What becomes of every matter: it is waited for, it is with somebody, and it is one matter.

use std::collections::BTreeSet;

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Deadline};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::{Case, Stage, StepState};
use countersign::domain::draft::Origin;
use countersign::domain::escalation::{Escalation, EscalationCause, Role};
use countersign::domain::time::At;

use super::super::alphabet::Said;
use super::{Moment, demand};

fn wakes(moment: &Moment, deadline: &Deadline, at: Option<At>) -> bool {
    moment.came.effects.iter().any(|row| {
        let same = matches!(&row.effect, Effect::Wake { deadline: one } if one == deadline);
        same && at.is_none_or(|at| row.due_at == at)
    })
}

pub fn questions_are_waited_for(moment: &Moment) -> Result<(), String> {
    for event in moment.events() {
        let CaseEvent::ApprovalRequested { request } = event else {
            continue;
        };
        let id = &request.id;
        let deadline = Deadline::Request {
            request: id.clone(),
        };
        let waited = wakes(moment, &deadline, Some(request.asking.due_at));
        let find = Effect::FindApprovers {
            request: id.clone(),
        };
        let looked = moment.came.effects.iter().any(|row| row.effect == find);
        demand(waited && looked, || {
            format!("{id} is waited for: {waited}, people are looked for: {looked}")
        })?;
    }
    Ok(())
}

pub fn escalations_are_waited_for(moment: &Moment) -> Result<(), String> {
    for event in moment.events() {
        let (id, waited) = match event {
            CaseEvent::Escalated { escalation } => {
                let deadline = Deadline::Escalation {
                    escalation: escalation.id.clone(),
                };
                let due = escalation.due_at;
                (
                    &escalation.id,
                    due.is_some() && wakes(moment, &deadline, due),
                )
            }
            CaseEvent::EscalationLapsed {
                escalation,
                successor: None,
            }
            | CaseEvent::Reminded { escalation } => {
                let deadline = Deadline::Parked {
                    escalation: escalation.clone(),
                };
                (escalation, wakes(moment, &deadline, None))
            }
            _ => continue,
        };
        demand(waited, || format!("{id} is waited for by nobody"))?;
    }
    Ok(())
}

pub fn only_a_ticket_opens(moment: &Moment) -> Result<(), String> {
    let opens = matches!(moment.step.said, Said::Told(CaseCommand::Open { .. }));
    let there = moment.before.case.ticket.is_some();
    demand(there || opens || moment.came.events.is_empty(), || {
        format!("{:?} of no case", moment.came.events)
    })
}

/// Whether something still waits for a deadline.
fn waits(case: &Case, deadline: &Deadline) -> bool {
    let given = |id, parked: bool| {
        case.escalation(id).is_some_and(|(_, progress)| {
            progress.is_open() && progress.taken.is_none() && progress.parked == parked
        })
    };
    match deadline {
        Deadline::Request { request } => case
            .request(request)
            .is_some_and(|one| one.state == RequestState::Pending),
        Deadline::Escalation { escalation } => given(escalation, false),
        Deadline::Parked { escalation } => given(escalation, true),
    }
}

/// Whoever waits is answered: it moves on, or the deadline is waited for again.
pub fn no_deadline_is_lost(moment: &Moment) -> Result<(), String> {
    let Said::Told(CaseCommand::Wake { deadline }) = &moment.step.said else {
        return Ok(());
    };
    if !waits(&moment.before.case, deadline) {
        return demand(moment.came.refusal.is_some(), || {
            "a deadline of nobody did something".into()
        });
    }
    demand(moment.came.refusal.is_none(), || {
        format!("{deadline:?} was refused")
    })?;
    let again = wakes(moment, deadline, None);
    let early = moment
        .events()
        .any(|event| matches!(event, CaseEvent::WokenEarly { .. }));
    let moved = !waits(moment.case(), deadline);
    demand(again || moved, || format!("{deadline:?} was lost"))?;
    demand(!(early && moved), || {
        format!("{deadline:?} came early and was acted on")
    })
}

pub fn drafts_are_followed(case: &Case) -> Result<(), String> {
    for progress in &case.drafts {
        let id = &progress.draft.id;
        let given = case
            .escalations
            .iter()
            .any(|(one, _)| one.draft.as_ref() == Some(id));
        let asked = case.request_of(id).is_some();
        let ruled = progress.declined.is_some() || progress.cleared.is_some();
        demand(given || asked || ruled, || {
            format!("nothing became of {id}")
        })?;
    }
    Ok(())
}

pub fn money_is_with_billing(case: &Case) -> Result<(), String> {
    for asked in &case.requests {
        let draft = &asked.request.draft;
        let money = case
            .draft(draft)
            .is_some_and(|one| one.draft.action.kind().is_money());
        let given = case.escalations.iter().any(|(one, _)| {
            one.role == Role::Billing && one.request.as_ref() == Some(&asked.request.id)
        });
        let approved = asked.state == RequestState::Approved;
        demand(!(money && approved) || given, || {
            format!("{draft} is approved and with nobody")
        })?;
    }
    Ok(())
}

pub fn lapses_are_with_somebody(case: &Case) -> Result<(), String> {
    for asked in &case.requests {
        let draft = case.draft(&asked.request.draft).unwrap();
        let small = draft.draft.action.kind().is_housekeeping();
        let goes_on = asked.successor.is_some() || asked.with.is_some();
        let lapsed = asked.state == RequestState::Lapsed;
        demand(!lapsed || goes_on || small, || {
            format!("{} lapsed to nobody", asked.request.id)
        })?;
    }
    Ok(())
}

/// While something is open, people are asked, a role has it, a step is on its way, or a call is under way.
pub fn never_silent(moment: &Moment) -> Result<(), String> {
    let after = &moment.came.after;
    let case = &after.case;
    if case.ticket.is_none() {
        return Ok(());
    }
    let moving = |step: &StepState| {
        matches!(
            step,
            StepState::Due(_) | StepState::Held(_) | StepState::Going(_)
        )
    };
    let held = case.pending().next().is_some()
        || case.open_escalations().next().is_some()
        || case.drafts.iter().any(|one| moving(&one.act))
        || !after.under_way.is_empty();
    let done = case.stage() == Stage::Done;
    demand(held || done, || {
        format!("it is {} and nothing happens any more", case.stage())
    })?;
    let open = case.pending().next().is_some() || case.open_escalations().next().is_some();
    demand(!(done && open), || {
        "it is done and something is open".into()
    })
}

/// A draft and its edits are one matter: at most one question about it waits.
pub fn one_question_per_lineage(case: &Case) -> Result<(), String> {
    let mut waiting = BTreeSet::new();
    for asked in case.pending() {
        let mut root = &asked.request.draft;
        while let Some(Origin::Edit { of, .. }) = case.draft(root).map(|draft| &draft.draft.origin)
        {
            root = of;
        }
        demand(waiting.insert(root), || {
            format!("two questions about {root} wait")
        })?;
    }
    Ok(())
}

/// What only says where a case belongs is open at most once for a role, and never beside something that
/// was made later, because that took its place. The routing itself is not even made beside anything.
pub fn routing_stands_alone(case: &Case) -> Result<(), String> {
    let open: Vec<_> = case.open_escalations().map(|(one, _)| one).collect();
    for (n, routing) in open.iter().enumerate() {
        if !case.only_routes(routing) {
            continue;
        }
        let beside = |others: &[&Escalation]| others.iter().any(|one| one.role == routing.role);
        demand(!beside(&open[n + 1..]), || {
            format!("{} was not succeeded", routing.id)
        })?;
        let only = routing.cause == EscalationCause::Routed;
        demand(!(only && beside(&open[..n])), || {
            format!("{} tells nothing new", routing.id)
        })?;
    }
    Ok(())
}

/// Housekeeping that nobody decided makes a card only where nobody ever had the case in their hands.
pub fn small_things(moment: &Moment) -> Result<(), String> {
    moment
        .events()
        .try_for_each(|event| small_things_wake_nobody(&moment.before.case, moment.case(), event))
}

pub fn small_things_wake_nobody(
    before: &Case,
    case: &Case,
    event: &CaseEvent,
) -> Result<(), String> {
    let CaseEvent::Escalated { escalation } = event else {
        return Ok(());
    };
    let draft = escalation.draft.as_ref().and_then(|id| case.draft(id));
    let small = draft.is_some_and(|one| one.draft.action.kind().is_housekeeping());
    // Where too few can be asked at all, it is not time that ran out, and somebody has to know.
    let asked = escalation.request.as_ref().and_then(|id| case.request(id));
    let ran_out = asked.is_some_and(|asked| asked.state == RequestState::Lapsed);
    let exhausted = escalation.cause == EscalationCause::ChainExhausted;
    let untouched =
        before.escalations.is_empty() && before.requests.iter().all(|one| one.decisions.is_empty());
    demand(!(small && ran_out && exhausted) || untouched, || {
        format!("{escalation:?}")
    })
}

/// Money of a customer whom a person named goes to nobody before somebody else has decided.
pub fn two_behind_money(moment: &Moment) -> Result<(), String> {
    moment
        .events()
        .try_for_each(|event| two_stand_behind_money(moment.case(), event))
}

pub fn two_stand_behind_money(case: &Case, event: &CaseEvent) -> Result<(), String> {
    let CaseEvent::Escalated { escalation } = event else {
        return Ok(());
    };
    let draft = escalation
        .draft
        .as_ref()
        .filter(|_| escalation.cause == EscalationCause::Recommended);
    let word = draft.and_then(|draft| case.link_behind(draft));
    demand(word.is_none(), || {
        format!(
            "{} went to {} on the word of one person",
            escalation.id, escalation.role
        )
    })
}
