//! What connectors bring, and what follows when they bring nothing.

use super::link::{contradiction, fallen};
use super::out_of_place;
use crate::domain::case::Case;
use crate::domain::case::command::{Silence, Taken};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::Refusal;
use crate::domain::evidence::{Ask, Evidence, Finding};
use crate::domain::ids::EvidenceId;
use crate::domain::time::Span;

/// How long a silent source is asked again before tiering goes on without it.
const PATIENCE: Span = Span::minutes(15);
/// The pause before the first repeat; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Span = Span::seconds(15);
const LONGEST_PAUSE: Span = Span::minutes(3);

pub(super) fn record_evidence(case: &Case, taken: Taken) -> Result<Vec<CaseEvent>, Refusal> {
    if !case.asking.contains_key(&taken.ask) {
        return Err(out_of_place("that question is not open"));
    }
    if let Some(why) = contradiction(case, &taken) {
        return Ok(given_up(case, taken.ask, why));
    }
    // What was read for an earlier revision may have changed since, so it is read again.
    let fresh = |e: &Evidence| case.gathering_since.is_none_or(|since| e.taken_at >= since);
    let known = |ask: &Ask| {
        *ask == taken.ask
            || case.asking.contains_key(ask)
            || case.evidence.iter().any(|e| e.ask == *ask && fresh(e))
    };
    let mut next: Vec<Ask> = vec![];
    for ask in taken.next {
        if !known(&ask) && !next.contains(&ask) {
            next.push(ask);
        }
    }
    let ambiguous = taken.findings.iter().find_map(|finding| match finding {
        Finding::NoSingleCustomer { count } => Some(*count),
        _ => None,
    });
    let evidence = Evidence {
        id: EvidenceId::new(case.id.nth('v', case.evidence.len() + 1)),
        ask: taken.ask,
        taken_at: taken.at,
        bytes: taken.bytes,
        body: taken.body,
        findings: taken.findings,
    };
    let unknown = ambiguous
        .filter(|_| case.identity_needed.is_none())
        .map(|count| CaseEvent::IdentityNeeded {
            reason: match count {
                0 => "no customer answers to who asked.".into(),
                count => format!("{count} customers answer to who asked; it takes exactly one."),
            },
        });
    let taken = CaseEvent::EvidenceTaken { evidence, next };
    Ok(unknown.into_iter().chain([taken]).collect())
}

/// A source that wants to be left alone for longer than it is waited for is left out at once.
pub(super) fn record_evidence_failure(
    case: &Case,
    ask: Ask,
    silence: Silence,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let Some(failures) = case.asking.get(&ask) else {
        return Err(out_of_place("that question is not open"));
    };
    let gives_up = failures.since.unwrap_or(ctx.now).plus(PATIENCE);
    let pause = Span((FIRST_PAUSE.0 << failures.count.min(8)).min(LONGEST_PAUSE.0));
    let alone = ctx.now.plus(silence.after.unwrap_or(Span(0)));
    let waits = !silence.lasting && ctx.now < gives_up && alone <= gives_up;
    let again_at = waits.then(|| ctx.now.plus(pause).min(gives_up).max(alone));
    let why = silence.why;
    if again_at.is_none() {
        return Ok(given_up(case, ask, why));
    }
    Ok(vec![CaseEvent::EvidenceFailed { ask, why, again_at }])
}

/// A question that stays without an answer, and what falls with it.
fn given_up(case: &Case, ask: Ask, why: String) -> Vec<CaseEvent> {
    let fallen = fallen(case, &ask, &why);
    let failed = CaseEvent::EvidenceFailed {
        ask,
        why,
        again_at: None,
    };
    fallen.into_iter().chain([failed]).collect()
}
