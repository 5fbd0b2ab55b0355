//! The escalation card: a case that a role has, with what to do, and for money the answers that billing gives.

use serde_json::Value;

use super::case;
use super::decided::{billing_says, decision_line};
use super::draft;
use super::facts::{careful, in_force};
use super::kit::{self, Look};
use super::rich::{Line, Rich};
use super::text::fit;
use super::{Part, found, limits};
use crate::domain::card::{About, DraftFace, EscalationFace, IdentityFace};
use crate::domain::escalation::{EscalationCause, Role};
use crate::domain::person::Person;
use crate::domain::time::At;
use crate::slack::verbs::Verb;

/// How many characters draft, evidence and conversation may take, from plenty to little.
const ROOMS: [(usize, usize, usize); 3] =
    [(5_000, 1_500, 1_200), (5_000, 400, 150), (1_500, 400, 150)];

/// The parts of the card and its fallback text.
#[must_use]
pub fn parts(face: &EscalationFace) -> (Vec<Part>, String) {
    let title = title(face);
    let mut blocks = vec![];
    for room in ROOMS {
        blocks = drawn(face, &title, room);
        if limits::message_problems(&blocks).is_empty() {
            break;
        }
    }
    let part = Part {
        blocks,
        about: Some((
            face.case.id.clone(),
            About {
                request: None,
                escalation: Some(face.escalation.id.clone()),
                subject: face.escalation.subject(),
            },
        )),
        surface: "escalation",
    };
    (vec![part], format!("Countersign: {title}"))
}

fn drawn(face: &EscalationFace, title: &str, room: (usize, usize, usize)) -> Vec<Value> {
    let header = kit::header("cs.title.0", title);
    if let Some((cause, at)) = face.continued {
        return vec![header, continued(face, cause, at).done("cs.state.0")];
    }
    let mut blocks = vec![header];
    // What became of it stands first; while it is open, it stands with the buttons.
    let state = state(face).done("cs.state.0");
    let open = is_open(face);
    blocks.extend((!open).then(|| state.clone()));
    blocks.push(why(face).done("cs.why.0"));
    if let Some(draft) = &face.draft {
        let mut rich = Rich::begin();
        if !draft::is_said_by_its_effect(draft.kind) {
            rich = proposed(face, draft, room.0);
        }
        for decision in face.decisions.iter().take(4) {
            rich = rich.line(decision_line(decision));
        }
        blocks.extend(rich.done_if_any("cs.draft.0"));
    }
    // What was read by the time a case is routed is only the beginning.
    let routed = face.escalation.cause == EscalationCause::Routed;
    if !face.evidence.is_empty() && !routed {
        blocks.push(found::evidence(&face.evidence, room.1).done("cs.evidence.0"));
    }
    blocks.push(case::whole(&face.case, room.2).done("cs.case.0"));
    blocks.extend(open.then_some(state));
    let buttons = buttons(face);
    if !buttons.is_empty() {
        blocks.push(kit::actions("cs.do.0", &buttons));
    }
    blocks
}

/// What was proposed, whole.
fn proposed(face: &EscalationFace, draft: &DraftFace, most: usize) -> Rich {
    let lead = match face.escalation.cause {
        EscalationCause::Blocked => "Proposed, and blocked: ",
        EscalationCause::UnknownOutcome => "Sent, and the answer was lost: ",
        _ if draft.kind.is_money() => "Recommended: ",
        _ => "Proposed, and not done: ",
    };
    let rich = Rich::begin().line(Line::begin().bold(&format!("{lead}{}", draft::named(draft))));
    draft::explain_slots(draft::put(rich, draft, most).rich, draft)
}

fn title(face: &EscalationFace) -> String {
    let state = if face.resolved.is_some() {
        "Resolved"
    } else if face.continued.is_some() {
        "Continued"
    } else if face.now_with.is_some() {
        "Moved on"
    } else if face.taken.is_some() {
        "Taken"
    } else {
        "For you to take"
    };
    let about = match &face.draft {
        Some(draft) if draft.kind.is_money() => draft::named(draft),
        _ => face
            .case
            .category
            .map_or_else(|| "not triaged".into(), |one| draft::words(one.word())),
    };
    format!(
        "{} · {state} · {about} · case #{}",
        draft::role_words(face.escalation.role),
        face.case.number
    )
}

/// Why the role has it, and what it can do.
fn why(face: &EscalationFace) -> Rich {
    let cause = match face.escalation.cause {
        EscalationCause::Routed => "The routing rules sent this case here.",
        EscalationCause::Paged => "This role is paged, after an approval.",
        EscalationCause::Recommended => {
            "A recommendation that the rules send straight to billing, without a decision before it."
        }
        EscalationCause::ApprovedRecommendation => "A recommendation that a person approved.",
        EscalationCause::Blocked => "A rule blocks this: nobody can approve it here.",
        EscalationCause::ChainExhausted => "Nobody in the chain of approvers answered in time.",
        EscalationCause::NeedsHuman => "The machine could not finish. A person has to.",
        EscalationCause::Unanswered => "Nobody took this in time where it was before.",
        EscalationCause::UnknownOutcome => {
            "A write was sent and its answer was lost. Look before anything is sent again."
        }
    };
    let mut rich = Rich::begin().line(Line::begin().bold(cause)).line(
        Line::begin()
            .text("Rule: ")
            .foreign(&in_force(&face.escalation.rule), 150),
    );
    if money(face) {
        rich = rich.line(if face.answer.is_none() {
            Line::begin()
                .bold("No money has moved.")
                .text(" Countersign cannot move any: a person acts in Stripe.")
        } else {
            Line::begin().text("Countersign itself moves no money: a person acts in Stripe.")
        });
    }
    let rich = rich.line(careful(&face.cautions).unwrap_or_default());
    if is_open(face) {
        rich.foreign_bullets(&face.steps, 900)
    } else {
        rich
    }
}

fn money(face: &EscalationFace) -> bool {
    face.draft
        .as_ref()
        .is_some_and(|draft| draft.kind.is_money())
}

/// What stands where a card stood that only said where the case belongs, after a newer one took its place.
fn continued(face: &EscalationFace, cause: EscalationCause, at: At) -> Rich {
    let line = Line::begin()
        .bold("Continued in the newer card")
        .text(" of this case in this channel (")
        .text(&draft::words(cause.word()))
        .text(", ")
        .time(at)
        .text("). Nothing needs to be done here.");
    let rich = Rich::begin().line(line);
    let rich = match &face.taken {
        Some((by, at)) => rich.line(taken(by, *at)),
        None => rich,
    };
    rich.line(case::ticket(&face.case))
}

fn taken(by: &Person, at: At) -> Line {
    Line::begin()
        .bold("Taken by ")
        .person(by)
        .text(", ")
        .time(at)
}

/// Since when it is here, who took it, what was answered, and how it ended.
#[must_use]
pub fn state(face: &EscalationFace) -> Rich {
    let mut rich = Rich::begin();
    let mut line = Line::begin()
        .text("Here since ")
        .time(face.escalation.since);
    if let (Some(due), None) = (face.escalation.due_at, &face.taken)
        && !face.parked
    {
        line = line.text(" · moves on if nobody takes it by ").time(due);
    }
    rich = rich.line(line);
    if let Some((by, at)) = &face.taken {
        let line = taken(by, *at);
        let earlier = *at < face.escalation.since;
        rich = rich.line(if earlier {
            line.text(", on the card that this one continues")
        } else {
            line
        });
    }
    if let Some((words, by, at)) = &face.answer {
        rich = rich.line(billing_says(words, by, *at));
    }
    if let Some((by, at)) = &face.resolved {
        let line = Line::begin()
            .bold("Resolved by ")
            .person(by)
            .text(", ")
            .time(*at);
        rich = rich.line(match &face.closing {
            Some(words) => line.text(": ").foreign(words, 300),
            None => line,
        });
    }
    for effect in &face.undecided {
        let line = Line::begin().bold("Nobody decided in time, so it was not done: ");
        rich = rich.line(line.foreign(effect, 200));
    }
    if let Some(people) = &face.now_with {
        rich = rich.line(Line::begin().bold("Now with ").people(&fit(people, 200)));
    }
    if face.parked {
        rich = rich.line(
            Line::begin()
                .text("The chain ends here: it stays, and this channel is reminded daily."),
        );
    }
    rich
}

/// Whether the role can still do something with it.
#[must_use]
pub fn is_open(face: &EscalationFace) -> bool {
    face.resolved.is_none() && face.now_with.is_none() && face.continued.is_none()
}

fn buttons(face: &EscalationFace) -> Vec<Value> {
    if !is_open(face) {
        return vec![];
    }
    let mut buttons = vec![];
    if face.taken.is_none() {
        buttons.push(kit::button(Verb::Take, 0, "Take", Look::Primary));
    }
    if money(face) && face.escalation.role == Role::Billing {
        buttons.push(kit::button(Verb::Refunding, 0, "Refunding", Look::Quiet));
        buttons.push(kit::button(
            Verb::DifferentAmount,
            0,
            "Different amount…",
            Look::Quiet,
        ));
        buttons.push(kit::button(
            Verb::NotRefunding,
            0,
            "Not refunding…",
            Look::Quiet,
        ));
    }
    if let Some(IdentityFace::Needed { .. }) = face.case.identity {
        let label = "Link customer…";
        buttons.push(kit::button(Verb::LinkCustomer, 0, label, Look::Quiet));
    }
    buttons.push(kit::button(Verb::Resolve, 0, "Resolve…", Look::Quiet));
    buttons
}
