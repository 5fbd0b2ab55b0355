//! What may leave, when, and how often.

use countersign::domain::approval::{RequestState, Verb};
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::{Gate, is_write};
use countersign::domain::case::{DraftProgress, StepState};
use countersign::domain::draft::{Executor, Origin};
use countersign::domain::policy::contract::Mode;

use super::super::alphabet::{Said, Weather};
use super::deciding::{bound, people};
use super::{Moment, demand};

/// What departed in a step, as it stood before.
fn departed<'a>(moment: &Moment<'a>) -> Vec<(&'a DraftProgress, Phase)> {
    let departed = moment.events().filter_map(|event| match event {
        CaseEvent::Departed { draft, phase, .. } => {
            Some((moment.before.case.draft(draft)?, *phase))
        }
        _ => None,
    });
    departed.collect()
}

fn acted<'a>(moment: &Moment<'a>) -> impl Iterator<Item = &'a DraftProgress> {
    let departed = departed(moment).into_iter();
    departed
        .filter(|(_, phase)| *phase == Phase::Act)
        .map(|(draft, _)| draft)
}

pub fn by_leave_only(moment: &Moment) -> Result<(), String> {
    for progress in acted(moment) {
        let id = &progress.draft.id;
        demand(progress.declined.is_none(), || format!("{id} was declined"))?;
        let Some(asked) = moment.before.case.request_of(id) else {
            demand(progress.cleared.is_some(), || {
                format!("{id} left by nobody's leave")
            })?;
            continue;
        };
        let enough = people(asked).len() >= asked.request.asking.quorum as usize;
        let against = asked.decisions.iter().any(|one| one.verb == Verb::Reject);
        let may = asked.state == RequestState::Approved && enough && !against;
        demand(may, || {
            format!("{id} left and is {} by {:?}", asked.state, people(asked))
        })?;
    }
    Ok(())
}

pub fn replaced_drafts_stay(moment: &Moment) -> Result<(), String> {
    for progress in acted(moment) {
        let id = &progress.draft.id;
        let edited = moment.before.case.drafts.iter().any(|one| {
            let by_edit = matches!(&one.draft.origin, Origin::Edit { of, .. } if of == id);
            by_edit && moment.before.case.request_of(&one.draft.id).is_some()
        });
        demand(!edited, || {
            format!("{id} was edited, and left as it was before")
        })?;
    }
    Ok(())
}

pub fn money_never_moves(moment: &Moment) -> Result<(), String> {
    for progress in &moment.case().drafts {
        let money = progress.draft.action.kind().executor() == Executor::Nothing;
        let still = progress.act == StepState::Idle && progress.act_plan == 0;
        demand(!money || still, || {
            format!("{} is money and is {:?}", progress.draft.id, progress.act)
        })?;
    }
    Ok(())
}

pub fn held_by_the_weather(moment: &Moment) -> Result<(), String> {
    for (progress, phase) in departed(moment) {
        let step = if phase == Phase::Note {
            &progress.note
        } else {
            &progress.act
        };
        // What departed was counted then, and is looked up before it is sent again.
        let counted =
            moment.step.weather == Weather::Flooded && matches!(step, StepState::Going(_));
        let fair = moment.step.weather == Weather::Fair || counted;
        demand(fair || !is_write(progress, phase), || {
            format!("{} left while {:?}", progress.draft.id, moment.step.weather)
        })?;
    }
    Ok(())
}

pub fn classify_only(moment: &Moment) -> Result<(), String> {
    let classifies = moment.policy().contract().mode == Mode::ClassifyOnly;
    demand(!classifies || departed(moment).is_empty(), || {
        "something left".into()
    })
}

pub fn ended_steps_stay(moment: &Moment) -> Result<(), String> {
    for was in &moment.before.case.drafts {
        let now = moment.case().draft(&was.draft.id).unwrap();
        for (was, now) in [(&was.note, &now.note), (&was.act, &now.act)] {
            let ended = matches!(
                was,
                StepState::Done(..) | StepState::Failed(_) | StepState::Unknown(_)
            );
            demand(!ended || was == now, || format!("{was:?} became {now:?}"))?;
            let ends = matches!(
                now,
                StepState::Done(..) | StepState::Failed(_) | StepState::Unknown(_)
            );
            let went = was == now || matches!(was, StepState::Going(_));
            demand(!ends || went, || {
                format!("{was:?} became {now:?} and never departed")
            })?;
        }
    }
    Ok(())
}

pub fn only_the_newest_plan_sends(moment: &Moment) -> Result<(), String> {
    let Said::Sent { draft, phase, plan } = &moment.step.said else {
        return Ok(());
    };
    let progress = moment.before.case.draft(draft).unwrap();
    let newest = match phase {
        Phase::Note => progress.note_plan,
        Phase::Act => progress.act_plan,
    };
    let permitted = matches!(moment.came.gate, Some(Gate::Permit(_)));
    let may = newest == *plan && newest != 0;
    demand(may || !permitted, || {
        format!("plan {plan} of {draft} was sent")
    })
}

pub fn answers_the_last_message(moment: &Moment) -> Result<(), String> {
    for (progress, _) in departed(moment) {
        let answers = progress.draft.target.revision;
        let last = answers.is_none_or(|revision| revision == moment.before.case.revision);
        demand(last, || {
            format!("{} answers revision {answers:?}", progress.draft.id)
        })?;
    }
    Ok(())
}

pub fn leaves_as_approved(moment: &Moment) -> Result<(), String> {
    let case = &moment.before.case;
    for progress in acted(moment) {
        let Some(asked) = case.request_of(&progress.draft.id) else {
            continue;
        };
        let now = bound(moment.around, case, asked);
        let same = now == Some(asked.request.subject)
            && asked.decisions.iter().all(|one| Some(one.subject) == now);
        demand(same, || {
            format!("{} is not what was approved", progress.draft.id)
        })?;
    }
    Ok(())
}

pub fn waits_for_undo(moment: &Moment) -> Result<(), String> {
    for progress in acted(moment) {
        let StepState::Due(at) = &progress.act else {
            continue;
        };
        demand(*at <= moment.before.now, || {
            format!("{} left before {at:?}", progress.draft.id)
        })?;
    }
    let undo = moment.policy().contract().limits.undo;
    for event in moment.events() {
        let CaseEvent::Settled {
            request,
            not_before: Some(at),
            ..
        } = event
        else {
            continue;
        };
        let draft = &moment.case().request(request).unwrap().request.draft;
        let seen = moment
            .case()
            .draft(draft)
            .unwrap()
            .draft
            .action
            .kind()
            .customer_sees();
        demand(!seen || *at >= moment.before.now.plus(undo), || {
            format!("{request} cannot be taken back")
        })?;
    }
    Ok(())
}
