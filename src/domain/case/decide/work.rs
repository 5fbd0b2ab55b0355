//! A click on an escalation: taking it, resolving it, and what billing answers.

use super::standing::standing;
use crate::domain::approval::Tier;
use crate::domain::case::Case;
use crate::domain::case::command::{Work, WorkStep};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::escalation::{BillingAnswer, Escalation, EscalationProgress, Role};

pub(super) fn work(case: &Case, work: &Work, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    let home = ctx.installation.is_home_of(&work.person) && work.app == ctx.installation.app;
    if !home {
        let sentence =
            "This click came from another workspace or app than the one this case belongs to.";
        return Err(Refusal::new(
            Code::WrongWorkspace,
            sentence,
            "Open the card in its own workspace.",
        ));
    }
    let unknown = || {
        let sentence = "This button belongs to nothing that is in this case.";
        Refusal::new(
            Code::Unknown,
            sentence,
            "Open the newest card of this case: /triage show.",
        )
    };
    let (escalation, progress) = case.escalation(&work.escalation).ok_or_else(unknown)?;
    let view = case.views.get(&work.view).ok_or_else(unknown)?;
    if view.escalation.as_ref() != Some(&escalation.id) {
        return Err(unknown());
    }
    of_the_role(escalation, work, ctx)?;
    still_open(progress)?;
    step(escalation, progress, work)
}

fn of_the_role(escalation: &Escalation, work: &Work, ctx: &Context) -> Result<(), Refusal> {
    let standing = standing(ctx, Tier::Low)?;
    let home = &ctx.installation.team;
    ctx.policy
        .may_act_for_role(escalation.role, &work.person, &standing, home)
        .map(|_| ())
        .map_err(|_| {
            let sentence = format!(
                "This case is with {}; your click changed nothing.",
                escalation.role
            );
            Refusal::new(Code::NotYours, sentence, "Ask somebody of that role.")
        })
}

fn still_open(progress: &EscalationProgress) -> Result<(), Refusal> {
    if let Some((by, _)) = &progress.resolved {
        let sentence = format!(
            "<@{}> resolved this already; your click changed nothing.",
            by.user
        );
        return Err(Refusal::new(
            Code::TooLate,
            sentence,
            "Nothing needs to be done.",
        ));
    }
    if progress.lapsed.is_some() {
        let sentence = "Nobody took this in time, and it has moved on; your click changed nothing.";
        return Err(Refusal::new(
            Code::Lapsed,
            sentence,
            "The card says who has it now.",
        ));
    }
    Ok(())
}

fn step(
    escalation: &Escalation,
    progress: &EscalationProgress,
    work: &Work,
) -> Result<Vec<CaseEvent>, Refusal> {
    let id = escalation.id.clone();
    let by = work.person.clone();
    match &work.step {
        WorkStep::Take => match &progress.taken {
            Some((first, _)) if *first == by => {
                let sentence = "You have taken this already; your second click changed nothing.";
                Err(Refusal::new(
                    Code::Twice,
                    sentence,
                    "Nothing needs to be done.",
                ))
            }
            Some((first, _)) => {
                let sentence = format!(
                    "<@{}> took this already; your click changed nothing.",
                    first.user
                );
                Err(Refusal::new(
                    Code::TooLate,
                    sentence,
                    "Speak to them if you want to take over.",
                ))
            }
            None => Ok(vec![CaseEvent::EscalationTaken { escalation: id, by }]),
        },
        WorkStep::Resolve { words } => Ok(vec![CaseEvent::EscalationResolved {
            escalation: id,
            by,
            words: *words,
        }]),
        WorkStep::Answer { answer, words } => {
            if escalation.role != Role::Billing {
                let sentence = "Only a case that is with billing has this answer.";
                return Err(Refusal::new(
                    Code::Unknown,
                    sentence,
                    "Use Take or Resolve.",
                ));
            }
            if *answer != BillingAnswer::Refunding && words.is_none() {
                let sentence = "This answer needs words: the other amount, or why not.";
                return Err(Refusal::new(
                    Code::ReasonMissing,
                    sentence,
                    "Give them and answer again.",
                ));
            }
            let answered = CaseEvent::BillingAnswered {
                escalation: id.clone(),
                by: by.clone(),
                answer: *answer,
                words: *words,
            };
            let ends = *answer == BillingAnswer::NotRefunding;
            let resolved = ends.then_some(CaseEvent::EscalationResolved {
                escalation: id,
                by,
                words: *words,
            });
            Ok(std::iter::once(answered).chain(resolved).collect())
        }
    }
}
