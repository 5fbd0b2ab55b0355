//! Lies about who decides what, how often, and bound to what.

use countersign::domain::approval::{Decision, RequestProgress, RequestState, Verb};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::digest::Digest;
use countersign::domain::person::Membership;

use super::super::super::alphabet::{Odd, Said};
use super::{Plant, Taken, approved, asked};
use crate::support::*;

pub const PLANTS: &[Plant] = &[
    ("what is wrong with a click is refused", by_lead, |taken| {
        let Said::Clicked { odd, .. } = &mut taken.step.said else {
            unreachable!()
        };
        *odd = Odd::Guest;
    }),
    (
        "only a member whom the rules name decides",
        by_lead,
        |taken| decision(taken).eligibility.standing.membership = Membership::Guest,
    ),
    (
        "only a member whom the rules name decides",
        by_lead,
        |taken| decision(taken).eligibility.standing.groups.clear(),
    ),
    (
        "nobody decides on what they wrote themselves",
        || {
            let mut world = World::shipped().opened(true, Some(LEAD_TWO.person()));
            world.read_again(vec![]);
            world.triage(verdict(countersign::domain::verdict::Category::HowTo, 2));
            let world = world.gathered(charge()).drafted(vec![reply("so")]);
            Taken::click(world.all_shown(), LEAD, approve())
        },
        |taken| decision(taken).person = LEAD_TWO.person(),
    ),
    ("nobody decides the same question twice", by_lead, |taken| {
        let asked = newest(taken);
        asked.decisions.push(asked.decisions[0].clone());
    }),
    (
        "enough different people stand behind every approval",
        by_lead,
        |taken| {
            let asked = newest(taken);
            let mut against = asked.decisions[0].clone();
            (against.person, against.verb) = (LEAD_TWO.person(), Verb::Reject);
            asked.decisions.push(against);
        },
    ),
    (
        "a question is settled once",
        || Taken::nothing(approved()),
        |taken| newest(taken).state = RequestState::Rejected,
    ),
    (
        "a question is settled once",
        || Taken::nothing(approved()),
        |taken| newest(taken).decisions.clear(),
    ),
    (
        "only a click decides, and time never does",
        by_lead,
        |taken| taken.step.said = Said::TimePasses(taken.before.now),
    ),
    ("whoever is late decides nothing", rejected, |taken| {
        let due = taken.before.case.requests.last().unwrap();
        taken.until(due.request.asking.due_at);
    }),
    ("what is decided is what was shown", by_lead, |taken| {
        decision(taken).subject = Digest::of(b"another");
    }),
    ("what is decided is what was shown", by_lead, |taken| {
        let views = taken.before.case.views.values_mut();
        views.for_each(|view| view.subject = Digest::of(b"another"));
    }),
    (
        "a question stays bound to what it is about",
        || Taken::nothing(asked()),
        |taken| newest(taken).request.subject = Digest::of(b"another"),
    ),
    (
        "a reason stands where the record needs one",
        rejected,
        |taken| decision(taken).preset = None,
    ),
    (
        "a refusal changes nothing but the trace",
        || Taken::click(asked(), STRANGER, approve()),
        |taken| {
            let request = taken.before.case.requests[0].request.id.clone();
            taken.came.trace = Some(CaseEvent::Lapsed {
                request,
                successor: None,
                with: None,
            });
        },
    ),
];

fn by_lead() -> Taken {
    Taken::click(asked(), LEAD, approve())
}

fn rejected() -> Taken {
    Taken::click(asked(), LEAD, reject())
}

/// The decision as the journal has it.
fn decision(taken: &mut Taken) -> &mut Decision {
    let events = taken.came.events.iter_mut();
    let decisions = events.filter_map(|event| match event {
        CaseEvent::Decided { decision, .. } => Some(decision),
        _ => None,
    });
    decisions.last().unwrap()
}

/// The newest question as it is afterwards.
fn newest(taken: &mut Taken) -> &mut RequestProgress {
    taken.after().requests.last_mut().unwrap()
}
