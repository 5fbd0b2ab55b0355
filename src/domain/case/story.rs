//! What happened to a case, one sentence for each event that a person would tell.

use super::Case;
use super::event::{CaseEvent, ModelView, Phase};
use super::face::{Lens, draft_face};
use crate::domain::approval::{Assessment, Course, Decision, Request, Route, Verb};
use crate::domain::content::Sealed;
use crate::domain::escalation::Escalation;
use crate::domain::journal::{Event, Recorded};
use crate::domain::person::Person;

/// The story of a case: its events in order, each in a sentence. Renderings and addresses of cards are
/// left out, because they tell nothing that the decisions do not.
#[must_use]
pub fn story(case: &Case, events: &[Recorded<Event>], lens: Lens) -> Vec<String> {
    events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::Case(event) => sentence(case, event, lens),
            Event::Board(_) => None,
        })
        .collect()
}

/// One event in a sentence; `None` for what nobody would tell.
#[must_use]
pub fn sentence(case: &Case, event: &CaseEvent, lens: Lens) -> Option<String> {
    early(event)
        .or_else(|| gathering(event))
        .or_else(|| drafting(case, event, lens))
        .or_else(|| deciding(event, lens))
        .or_else(|| with_role(case, event, lens))
        .or_else(|| acting(event))
}

fn early(event: &CaseEvent) -> Option<String> {
    Some(match event {
        CaseEvent::TicketReceived { number, ticket } => {
            let vouched = if ticket.requester.verified {
                "vouches"
            } else {
                "does not vouch"
            };
            format!(
                "Ticket {} came from {} and became case {number}; the source {vouched} for who asked.",
                ticket.external, ticket.source
            )
        }
        CaseEvent::CustomerWrote { revision, .. } => {
            format!("The customer wrote again (revision {revision}).")
        }
        CaseEvent::Redacted { view, .. } => redacted(view),
        CaseEvent::ModelCalled { receipt } if receipt.outcome != "ok" => {
            format!(
                "A call to the model for {} brought nothing: {}.",
                receipt.task, receipt.outcome
            )
        }
        CaseEvent::Triaged { verdict, .. } => format!(
            "{} triaged it: severity {}, {}, {}% sure, {}.",
            verdict.model,
            verdict.severity,
            verdict.category,
            verdict.confidence,
            verdict.resolution
        ),
        CaseEvent::IdentityNeeded { reason } => reason.clone(),
        CaseEvent::CallAgain { task, .. } => format!("The model is asked again for {task}."),
        CaseEvent::HumanNeeded { why } => format!("The machine could not go on: {why}"),
        _ => return None,
    })
}

fn redacted(view: &ModelView) -> String {
    let replaced: Vec<String> = view
        .replaced
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let replaced = if replaced.is_empty() {
        "nothing".into()
    } else {
        replaced.join(", ")
    };
    let signals: Vec<&str> = view.signals.iter().map(|signal| signal.word()).collect();
    let signals = if signals.is_empty() {
        String::new()
    } else {
        format!(" Signals: {}.", signals.join(", "))
    };
    format!("The text was redacted ({replaced} taken out).{signals}")
}

fn gathering(event: &CaseEvent) -> Option<String> {
    Some(match event {
        CaseEvent::EvidenceTaken { evidence, .. } => {
            let lines = super::face::evidence_face(evidence).lines;
            let found = if lines.is_empty() {
                "nothing".into()
            } else {
                lines.join("; ")
            };
            format!(
                "{} was asked for {}: {found}.",
                evidence.ask.source, evidence.ask.query
            )
        }
        CaseEvent::EvidenceFailed { ask, why, again_at } => {
            let next = if again_at.is_some() {
                "It is asked again."
            } else {
                "It is left out."
            };
            format!(
                "{} did not answer ({}): {why}. {next}",
                ask.source, ask.query
            )
        }
        _ => return None,
    })
}

fn drafting(case: &Case, event: &CaseEvent, lens: Lens) -> Option<String> {
    Some(match event {
        CaseEvent::DraftProposed { draft } => {
            let face = draft_face(case, draft, lens);
            format!(
                "{} drafted {}: {}",
                face.author,
                short(draft.id.as_str()),
                face.effect
            )
        }
        CaseEvent::RiskAssessed { draft, assessment } => {
            assessed(short(draft.as_str()), assessment)
        }
        CaseEvent::NotePlanned { .. } => return None,
        CaseEvent::Declined { draft, reason } => {
            format!(
                "{} stays a proposal on record: {reason}.",
                short(draft.as_str())
            )
        }
        CaseEvent::Cleared { draft, .. } => {
            format!("{} may run without a question.", short(draft.as_str()))
        }
        CaseEvent::ApprovalRequested { request } => requested(request),
        _ => return None,
    })
}

fn assessed(draft: &str, assessment: &Assessment) -> String {
    let because = if assessment.because.is_empty() {
        String::new()
    } else {
        format!(" ({})", assessment.because.join("; "))
    };
    let course = match &assessment.course {
        Course::Never { reason } | Course::RecordOnly { reason } => {
            format!("it is not carried out ({reason})")
        }
        Course::Blocked { reason, role } => format!("it is blocked ({reason}) and goes to {role}"),
        Course::Auto => "it runs".into(),
        Course::ToRole { role } => format!("the case goes to {role}"),
        Course::Ask(asking) => format!("{} decides", asking.approver_rule),
    };
    format!(
        "The rules give {draft} tier {} by {}{because}: {course}.",
        assessment.tier, assessment.rule
    )
}

fn requested(request: &Request) -> String {
    let how = match request.asking.route {
        Route::BatchReview => "in a batch",
        _ => "directly",
    };
    let more = if request.asking.quorum > 1 {
        format!(", {} people needed", request.asking.quorum)
    } else {
        String::new()
    };
    format!(
        "{} asked {} {how} about {}, due {}{more}.",
        short(request.id.as_str()),
        request.asking.approver_rule,
        short(request.draft.as_str()),
        minute(request.asking.due_at)
    )
}

fn deciding(event: &CaseEvent, lens: Lens) -> Option<String> {
    Some(match event {
        CaseEvent::Decided { request, decision } => {
            decided(short(request.as_str()), decision, lens)
        }
        CaseEvent::ClickRefused {
            person, verb, code, ..
        } => {
            format!(
                "{} clicked {verb}, which changed nothing: {}.",
                name(person),
                code.word().replace('_', " ")
            )
        }
        CaseEvent::Settled {
            request,
            state,
            why,
            successor,
            ..
        } => {
            let next = successor.as_ref().map_or_else(String::new, |next| {
                format!(" {} took its place.", short(next.as_str()))
            });
            let request = short(request.as_str());
            match why {
                Some(why) => format!("{request} is {state}: {why}{next}"),
                None => format!("{request} is {state}.{next}"),
            }
        }
        CaseEvent::Lapsed { request, successor } => {
            let next = successor.as_ref().map_or_else(
                || "No approver is left in the chain.".to_owned(),
                |next| format!("{} took its place.", short(next.as_str())),
            );
            format!(
                "{} lapsed; nothing was approved and nothing rejected. {next}",
                short(request.as_str())
            )
        }
        _ => return None,
    })
}

fn with_role(case: &Case, event: &CaseEvent, lens: Lens) -> Option<String> {
    let said = |words: &Option<Sealed>| {
        words.map_or_else(String::new, |words| format!(" ({})", lens.text(words)))
    };
    Some(match event {
        CaseEvent::Escalated { escalation } => {
            format!(
                "The case was given to {} ({}: {}).{}",
                escalation.role,
                escalation.cause.word().replace('_', " "),
                escalation.rule.trim_end_matches('.'),
                continuing(case, escalation)
            )
        }
        CaseEvent::EscalationTaken { by, .. } => format!("{} took the case.", name(by)),
        CaseEvent::EscalationResolved { by, words, .. } => {
            format!("{} resolved it{}.", name(by), said(words))
        }
        CaseEvent::BillingAnswered {
            by, answer, words, ..
        } => {
            format!(
                "{} of billing answered: {}{}.",
                name(by),
                answer.word().replace('_', " "),
                said(words)
            )
        }
        CaseEvent::EscalationLapsed { successor, .. } => match successor {
            Some(_) => "Nobody took the case in time; it goes to the next role.".into(),
            None => {
                "Nobody took the case in time; it stays where it is and is pinged daily.".into()
            }
        },
        CaseEvent::Reminded { .. } => "The role was reminded.".into(),
        _ => return None,
    })
}

/// What a new card of a role does to the one that only said where the case belongs.
fn continuing(case: &Case, escalation: &Escalation) -> String {
    if escalation.succeeds.is_empty() {
        return String::new();
    }
    let keeps = case
        .taken_before(escalation)
        .map_or_else(String::new, |(by, _)| {
            format!(" {} works on it already.", name(&by))
        });
    format!(" This goes on from the earlier card.{keeps}")
}

fn decided(request: &str, decision: &Decision, lens: Lens) -> String {
    let verb = match decision.verb {
        Verb::Approve => "approved",
        Verb::Edit => "approved with changes",
        Verb::Reject => "rejected",
    };
    let preset = decision
        .preset
        .map(|preset| preset.word().replace('_', " "));
    let words = decision.reason.map(|reason| lens.text(reason));
    let reason: Vec<String> = preset.into_iter().chain(words).collect();
    let reason = if reason.is_empty() {
        String::new()
    } else {
        format!(", because: {}", reason.join(": "))
    };
    format!(
        "{} {verb} {request} as {}{reason}.",
        name(&decision.person),
        decision.eligibility.matched
    )
}

fn acting(event: &CaseEvent) -> Option<String> {
    let what = |draft: &str, phase: &Phase| match phase {
        Phase::Note => format!("the note on {}", short(draft)),
        Phase::Act => short(draft).to_owned(),
    };
    Some(match event {
        CaseEvent::Held { draft, phase, why } => {
            format!("{} is held: {why}.", capital(&what(draft.as_str(), phase)))
        }
        CaseEvent::Voided { draft, phase, why } => {
            format!("{} is void: {why}.", capital(&what(draft.as_str(), phase)))
        }
        CaseEvent::Performed {
            draft,
            phase,
            acknowledgement,
        } => {
            format!(
                "{} was carried out ({}).",
                capital(&what(draft.as_str(), phase)),
                acknowledgement.reference
            )
        }
        CaseEvent::PerformFailed { draft, phase, why } => {
            format!(
                "{} was refused: {why}.",
                capital(&what(draft.as_str(), phase))
            )
        }
        CaseEvent::OutcomeUnknown { draft, phase, why } => {
            format!(
                "Nobody knows whether {} was carried out: {why}.",
                what(draft.as_str(), phase)
            )
        }
        CaseEvent::CardFailed { why, .. } => format!("A card could not be put up: {why}."),
        _ => return None,
    })
}

/// `c12ab.d1` as `d1`.
fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

fn name(person: &Person) -> String {
    format!("@{}", person.user)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn minute(at: crate::domain::time::At) -> String {
    at.rfc3339()
        .get(..16)
        .map_or_else(String::new, |text| text.replace('T', " "))
}
