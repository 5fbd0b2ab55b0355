//! A click on an escalation: taking it, resolving it, and what billing answers.

use super::link::link;
use super::standing::{from_home, not_own, standing};
use crate::domain::approval::Tier;
use crate::domain::case::Case;
use crate::domain::case::command::{Work, WorkStep};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::content::Sealed;
use crate::domain::escalation::{BillingAnswer, Escalation, EscalationProgress, Role};
use crate::domain::person::{Eligibility, Person};

pub(super) fn work(case: &Case, work: &Work, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    from_home(&work.person, &work.app, ctx)?;
    let (escalation, progress) = found(case, work)?;
    as_shown(case, escalation, work)?;
    let eligibility = of_the_role(escalation, work, ctx)?;
    still_open(case, (escalation, progress))?;
    match &work.step {
        WorkStep::Take => take(escalation, progress, &work.person),
        WorkStep::Resolve { words } => Ok(vec![CaseEvent::EscalationResolved {
            escalation: escalation.id.clone(),
            by: work.person.clone(),
            words: *words,
        }]),
        WorkStep::Answer { answer, words } => {
            let author = case
                .ticket
                .as_ref()
                .and_then(|ticket| ticket.requester.author.as_ref());
            not_own(author.map_or(&[], std::slice::from_ref), &work.person, ctx)?;
            about_money(case, escalation)?;
            said(escalation, progress, &work.person, (*answer, *words))
        }
        WorkStep::LinkCustomer { customer, words } => {
            let by = (&work.person, eligibility);
            link(case, escalation, by, (customer, *words), ctx)
        }
    }
}

fn found<'a>(
    case: &'a Case,
    work: &Work,
) -> Result<(&'a Escalation, &'a EscalationProgress), Refusal> {
    case.views
        .get(&work.view)
        .filter(|view| view.escalation.as_ref() == Some(&work.escalation))
        .and_then(|_| case.escalation(&work.escalation))
        .map(|(escalation, progress)| (escalation, progress))
        .ok_or_else(|| {
            Refusal::new(
                Code::Unknown,
                "This button belongs to nothing that is in this case.",
                "Open the newest card of this case: /triage show.",
            )
        })
}

/// Whether the card that was clicked on said what stands: which escalation, whose, and about what.
fn as_shown(case: &Case, escalation: &Escalation, work: &Work) -> Result<(), Refusal> {
    let now = escalation.subject();
    let shown = case.views.get(&work.view).map(|view| view.subject);
    if shown == Some(now) && now.matches_prefix(&work.subject_prefix) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Stale,
        "What you were shown is not what stands now; your click changed nothing.",
        "Read the newest card of this case and act there.",
    ))
}

fn of_the_role(
    escalation: &Escalation,
    work: &Work,
    ctx: &Context,
) -> Result<Eligibility, Refusal> {
    let standing = standing(ctx, Tier::Low)?;
    let home = &ctx.installation.team;
    ctx.policy
        .may_act_for_role(escalation.role, &work.person, standing, home)
        .map_err(|_| {
            let sentence = format!(
                "This case is with {}; your click changed nothing.",
                escalation.role
            );
            Refusal::new(Code::NotYours, sentence, "Ask somebody of that role.")
        })
}

fn still_open(
    case: &Case,
    (escalation, progress): (&Escalation, &EscalationProgress),
) -> Result<(), Refusal> {
    if progress.is_open() {
        return Ok(());
    }
    if let Some((by, _)) = &progress.resolved {
        return Err(too_late("resolved", by, "Nothing needs to be done."));
    }
    let heir = case.heir(&escalation.id);
    if progress.continued.is_some() {
        return Err(goes_on(heir));
    }
    let now_with = heir.map_or_else(
        || "The card says who has it now.".to_owned(),
        |(next, _)| format!("It is with {} now.", next.role),
    );
    let sentence = "Nobody took this in time, and it has moved on; your click changed nothing.";
    Err(Refusal::new(Code::Lapsed, sentence, now_with))
}

/// A click on the card of what only routed, after a newer card took its place.
fn goes_on(heir: Option<&(Escalation, EscalationProgress)>) -> Refusal {
    let sentence = "This goes on in a newer card of this case; your click changed nothing.";
    let next = match heir {
        Some((_, progress)) if progress.resolved.is_some() => {
            "That one is resolved. Nothing needs to be done.".to_owned()
        }
        Some((next, _)) => format!("Use the newer card, which is with {}.", next.role),
        None => "Use the newest card of this case: /triage show.".to_owned(),
    };
    Refusal::new(Code::Superseded, sentence, next)
}

fn take(
    escalation: &Escalation,
    progress: &EscalationProgress,
    by: &Person,
) -> Result<Vec<CaseEvent>, Refusal> {
    match &progress.taken {
        Some((first, _)) if first.is(by) => Err(twice("taken")),
        Some((first, _)) => {
            let next = "Speak to them if you want to take over.";
            Err(too_late("took", first, next))
        }
        None => Ok(vec![CaseEvent::EscalationTaken {
            escalation: escalation.id.clone(),
            by: by.clone(),
        }]),
    }
}

/// Only what is about money, and is with billing, has billing's answers.
fn about_money(case: &Case, escalation: &Escalation) -> Result<(), Refusal> {
    let money = escalation
        .draft
        .as_ref()
        .and_then(|draft| case.draft(draft))
        .is_some_and(|draft| draft.draft.action.kind().is_money());
    if money && escalation.role == Role::Billing {
        return Ok(());
    }
    let sentence = "Only a money case that is with billing has this answer.";
    Err(Refusal::new(
        Code::Unknown,
        sentence,
        "Use Take or Resolve.",
    ))
}

/// One person of billing answers; they may change their answer until it ends the matter.
fn said(
    escalation: &Escalation,
    progress: &EscalationProgress,
    by: &Person,
    (answer, words): (BillingAnswer, Option<Sealed>),
) -> Result<Vec<CaseEvent>, Refusal> {
    match &progress.answer {
        Some((_, first, _)) if !first.is(by) => {
            let next = "Speak to them if you see it differently.";
            return Err(too_late("answered", first, next));
        }
        Some((before, ..)) if *before == answer && words.is_none() => {
            return Err(twice("answered"));
        }
        _ => {}
    }
    if answer != BillingAnswer::Refunding && words.is_none() {
        return Err(Refusal::new(
            Code::ReasonMissing,
            "This answer needs words: the other amount, or why not.",
            "Give them and answer again.",
        ));
    }
    let (escalation, by) = (escalation.id.clone(), by.clone());
    let ends = (answer == BillingAnswer::NotRefunding).then(|| CaseEvent::EscalationResolved {
        escalation: escalation.clone(),
        by: by.clone(),
        words: None,
    });
    let answered = CaseEvent::BillingAnswered {
        escalation,
        by,
        answer,
        words,
    };
    Ok(std::iter::once(answered).chain(ends).collect())
}

fn too_late(verb: &str, by: &Person, next: &str) -> Refusal {
    let sentence = format!(
        "<@{}> {verb} this already; your click changed nothing.",
        by.user
    );
    Refusal::new(Code::TooLate, sentence, next)
}

fn twice(verb: &str) -> Refusal {
    let sentence = format!("You have {verb} this already; your second click changed nothing.");
    Refusal::new(Code::Twice, sentence, "Nothing needs to be done.")
}
