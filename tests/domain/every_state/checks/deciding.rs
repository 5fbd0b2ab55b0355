//! Who decides what, how often, and bound to what.

use std::collections::BTreeSet;

use countersign::domain::approval::{Decision, RequestProgress, RequestState, Tier, Verb};
use countersign::domain::case::Case;
use countersign::domain::case::command::Wants;
use countersign::domain::case::effects::effects_of;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::subject::subject_digest;
use countersign::domain::digest::Digest;
use countersign::domain::draft::{Draft, Origin};
use countersign::domain::ids::DraftId;
use countersign::domain::person::{Membership, Person};

use super::super::alphabet::{Odd, Said};
use super::super::spot::Around;
use super::{Moment, demand};

/// The decisions of a step, each with its request as it is afterwards.
fn decided<'a>(moment: &Moment<'a>) -> Vec<(&'a RequestProgress, &'a Decision)> {
    let case = moment.case();
    let decisions = moment.events().filter_map(|event| match event {
        CaseEvent::Decided { request, decision } => Some((case.request(request)?, decision)),
        _ => None,
    });
    decisions.collect()
}

fn drafted<'a>(case: &'a Case, id: &DraftId) -> &'a Draft {
    &case.draft(id).unwrap().draft
}

pub fn odd_clicks_are_refused(moment: &Moment) -> Result<(), String> {
    let Said::Clicked { odd, .. } = &moment.step.said else {
        return Ok(());
    };
    let click = moment.click();
    let asked = click.and_then(|click| moment.before.case.request(&click.request).zip(Some(click)));
    let harmless = match odd {
        Odd::Nothing => true,
        // A lost policy matters only where the question was put under another one than is in force.
        Odd::PolicyLost => {
            asked.is_some_and(|(asked, _)| asked.request.policy == moment.policy().digest())
        }
        // Whoever wrote the ticket may still take their own decision back.
        Odd::OwnTicket => asked.is_some_and(|(asked, click)| {
            click.wants == Wants::Undo
                && asked
                    .decisions
                    .iter()
                    .any(|one| one.person.is(&click.person))
        }),
        _ => false,
    };
    demand(harmless || moment.came.refusal.is_some(), || {
        format!("{odd:?} was let through")
    })
}

pub fn deciders_are_named(moment: &Moment) -> Result<(), String> {
    let home = &moment.around.installation.team;
    for (asked, decision) in decided(moment) {
        let rule = &asked.request.asking.approver_rule;
        let amount = drafted(moment.case(), &asked.request.draft).action.amount();
        let standing = &decision.eligibility.standing;
        let may = moment
            .policy()
            .may_decide(rule, amount, &decision.person, standing, home);
        let member = standing.membership == Membership::Member && decision.person.team == *home;
        demand(member && may.is_ok(), || {
            format!("{rule} does not name {:?}", decision.person)
        })?;
    }
    Ok(())
}

/// Whoever wrote the ticket, said which customer asked, or edited the draft before.
fn writers(case: &Case, draft: &Draft) -> Vec<Person> {
    let mut writers: Vec<Person> = case
        .ticket
        .iter()
        .filter_map(|one| one.requester.author.clone())
        .collect();
    writers.extend(case.link_behind(&draft.id).map(|link| link.by.clone()));
    let mut draft = draft;
    while let Origin::Edit { editor, of } = &draft.origin {
        writers.push(editor.clone());
        draft = drafted(case, of);
    }
    writers
}

pub fn no_author_decides(moment: &Moment) -> Result<(), String> {
    let case = moment.case();
    for (asked, decision) in decided(moment) {
        let mut judged = drafted(case, &asked.request.draft);
        // An edit is judged by who wrote the draft before it.
        if let (Verb::Edit, Origin::Edit { of, .. }) = (decision.verb, &judged.origin) {
            judged = drafted(case, of);
        }
        let own = writers(case, judged)
            .iter()
            .any(|writer| writer.is(&decision.person));
        demand(!own, || {
            format!("{:?} decided on their own {}", decision.person, judged.id)
        })?;
    }
    Ok(())
}

pub fn nobody_decides_twice(moment: &Moment) -> Result<(), String> {
    for asked in &moment.case().requests {
        let people = people(asked);
        demand(people.len() == asked.decisions.len(), || {
            format!("{} has {:?}", asked.request.id, people)
        })?;
    }
    Ok(())
}

/// Everybody who decided, as different human beings.
pub fn people(asked: &RequestProgress) -> BTreeSet<(&str, &str)> {
    let decisions = asked.decisions.iter();
    decisions
        .map(|one| (one.person.team.as_str(), one.person.user.as_str()))
        .collect()
}

pub fn approvals_have_a_quorum(moment: &Moment) -> Result<(), String> {
    for event in moment.events() {
        let CaseEvent::Settled {
            request,
            state: RequestState::Approved,
            ..
        } = event
        else {
            continue;
        };
        let asked = moment.case().request(request).unwrap();
        let rule = &asked.request.asking.approver_rule;
        let needed = asked
            .request
            .asking
            .quorum
            .max(moment.policy().quorum(rule));
        let against = asked.decisions.iter().any(|one| one.verb == Verb::Reject);
        let enough = people(asked).len() >= needed as usize && !against;
        demand(enough, || {
            format!("{request} takes {needed} and has {:?}", people(asked))
        })?;
    }
    Ok(())
}

pub fn settled_once(moment: &Moment) -> Result<(), String> {
    use RequestState as S;
    for was in &moment.before.case.requests {
        let now = moment
            .case()
            .request(&was.request.id)
            .map(|asked| asked.state);
        let may = match (was.state, now) {
            (was, Some(now)) if was == now => true,
            (S::Pending, Some(now)) => now != S::Undone,
            // Taken back by a person, or never sent before it expired.
            (S::Approved, Some(now)) => matches!(now, S::Undone | S::Superseded),
            _ => false,
        };
        demand(may, || {
            format!("{} was {} and is {now:?}", was.request.id, was.state)
        })?;
        let kept = moment
            .case()
            .request(&was.request.id)
            .is_some_and(|now| now.decisions.starts_with(&was.decisions));
        demand(kept, || format!("{} lost a decision", was.request.id))?;
    }
    Ok(())
}

pub fn only_clicks_decide(moment: &Moment) -> Result<(), String> {
    let clicked = moment.click().is_some();
    for event in moment.events() {
        let decides = match event {
            CaseEvent::Decided { .. } => true,
            CaseEvent::Settled { state, .. } => {
                matches!(
                    state,
                    RequestState::Approved | RequestState::Rejected | RequestState::Undone
                )
            }
            _ => false,
        };
        demand(clicked || !decides, || format!("{event:?}"))?;
    }
    Ok(())
}

pub fn late_clicks_are_refused(moment: &Moment) -> Result<(), String> {
    let Some(click) = moment.click().filter(|click| click.wants != Wants::Undo) else {
        return Ok(());
    };
    let asked = moment.before.case.request(&click.request);
    let waits = asked.is_some_and(|asked| {
        asked.state == RequestState::Pending && moment.before.now < asked.request.asking.due_at
    });
    demand(waits || moment.came.refusal.is_some(), || {
        format!("{} was decided late", click.request)
    })
}

/// What a request is bound to, computed anew.
pub fn bound(around: &Around, case: &Case, asked: &RequestProgress) -> Option<Digest> {
    let draft = case.draft(&asked.request.draft)?;
    let assessment = draft.assessment.as_ref()?;
    Some(subject_digest(
        &around.installation,
        case,
        &asked.request,
        &draft.draft,
        assessment,
    ))
}

pub fn decided_as_shown(moment: &Moment) -> Result<(), String> {
    let Some(click) = moment.click() else {
        return Ok(());
    };
    for (asked, decision) in decided(moment) {
        let now = bound(moment.around, moment.case(), asked);
        demand(now == Some(decision.subject), || {
            format!("{} is bound to something else", asked.request.id)
        })?;
        let shown = moment
            .before
            .case
            .views
            .get(&click.view)
            .map(|view| view.subject);
        let clicked = moment.before.case.request(&click.request);
        let same = shown.is_some()
            && shown == clicked.and_then(|asked| bound(moment.around, &moment.before.case, asked));
        demand(same, || {
            format!("{} was shown as something else", click.request)
        })?;
    }
    Ok(())
}

pub fn questions_stay_bound(moment: &Moment) -> Result<(), String> {
    for asked in moment.case().pending() {
        let now = bound(moment.around, moment.case(), asked);
        demand(now == Some(asked.request.subject), || {
            format!("{} drifted", asked.request.id)
        })?;
    }
    Ok(())
}

pub fn reasons_stand(moment: &Moment) -> Result<(), String> {
    for (asked, decision) in decided(moment) {
        let stands = match decision.verb {
            Verb::Approve => asked.request.tier != Tier::High || decision.reason.is_some(),
            Verb::Edit => decision.reason.is_some(),
            Verb::Reject => decision.preset.is_some() || decision.reason.is_some(),
        };
        demand(stands, || {
            format!("{:?} of {} has none", decision.verb, asked.request.id)
        })?;
    }
    Ok(())
}

/// A refused click is journalled, and the journal's line about it changes neither the case nor the outside.
pub fn refusals_change_nothing(moment: &Moment) -> Result<(), String> {
    let (Some(refusal), Some(trace)) = (&moment.came.refusal, &moment.came.trace) else {
        return Ok(());
    };
    // The line is the same for everybody, so it is folded for the first one only.
    let first = moment.before.case.requests.first();
    let clicked = moment.click().map(|click| &click.request);
    if first.map(|one| &one.request.id) != clicked {
        return Ok(());
    }
    let mut after = moment.before.case.clone();
    after.apply(moment.before.now, trace);
    let planned = effects_of(trace, &after);
    (after.seq, after.changed_at) = (moment.before.case.seq, moment.before.case.changed_at);
    demand(after == moment.before.case && planned.is_empty(), || {
        format!("{} changed the case", refusal.code)
    })
}
