//! The named-approver card, everything in one screen, and its status copy without buttons.

use serde_json::Value;

use super::case;
use super::decided::{outcome, state_words};
use super::draft::{self, words};
use super::facts::{careful, fact_line, rule_name, why_line};
use super::kit;
use super::rich::{Line, Rich};
use super::text::{fit, one_line};
use super::{Part, found, limits, request_buttons};
use crate::domain::approval::RequestState;
use crate::domain::card::RequestFace;

/// How many characters each part of the card may take.
#[derive(Clone, Copy)]
struct Room {
    draft: usize,
    changes: usize,
    evidence: usize,
    similar: usize,
    case: usize,
}

/// The draft keeps its room longest: everything else can be read in the details as well.
const ROOMS: [Room; 3] = [
    Room {
        draft: 5_000,
        changes: 800,
        evidence: 1_500,
        similar: 700,
        case: 600,
    },
    Room {
        draft: 5_000,
        changes: 200,
        evidence: 400,
        similar: 300,
        case: 150,
    },
    Room {
        draft: 1_500,
        changes: 200,
        evidence: 400,
        similar: 300,
        case: 150,
    },
];

/// The parts of the card and its fallback text.
#[must_use]
pub fn parts(face: &RequestFace) -> (Vec<Part>, String) {
    let title = title(face);
    let mut all = vec![];
    for room in ROOMS {
        all = blocks(face, &title, room);
        if limits::message_problems(&all).is_empty() {
            break;
        }
    }
    let text = format!("Countersign: {title}");
    (vec![Part::of_request(all, face, "approver")], text)
}

fn blocks(face: &RequestFace, title: &str, room: Room) -> Vec<Value> {
    let mut draft = Rich::begin();
    let mut whole = true;
    if !draft::is_said_by_its_effect(face.draft.kind) {
        draft = draft.line(Line::begin().bold("The draft"));
        let shown = draft::put(draft, &face.draft, room.draft);
        (draft, whole) = (draft::explain_slots(shown.rich, &face.draft), shown.whole);
    }
    let draft = draft::changes(draft, &face.draft, room.changes);
    let mut blocks = vec![kit::header("cs.title.0", title)];
    // Who may decide stands with the buttons; what has become of it stands before everything else.
    let waits = face.state == RequestState::Pending;
    let standing = standing(face).done_if_any("cs.state.0");
    blocks.extend(standing.clone().filter(|_| !waits));
    blocks.push(effect(face).done("cs.effect.0"));
    blocks.extend(draft.done_if_any("cs.draft.0"));
    blocks.extend([
        case::whole(&face.case, room.case).done("cs.case.0"),
        rule(face).done("cs.rule.0"),
        found::evidence(&face.evidence, room.evidence).done("cs.evidence.0"),
        found::similar(&face.similar, room.similar).done("cs.similar.0"),
    ]);
    blocks.extend(standing.filter(|_| waits));
    blocks.push(request_buttons(face, 0, whole));
    blocks
}

/// The status copy for the role's channel: who is asked for what, until when, and what came of it.
#[must_use]
pub fn status(face: &RequestFace) -> (Vec<Part>, String) {
    let title = title(face);
    let mut rich = what_happens(face);
    rich = rich.line(why_line(face, 300));
    let state = standing(face).line(Line::begin().aside(if face.state == RequestState::Pending {
        "A status copy: the people named above have the buttons in their direct messages."
    } else {
        "A status copy."
    }));
    let blocks = vec![
        kit::header("cs.title.0", &title),
        state.done("cs.state.0"),
        rich.done("cs.effect.0"),
        case::whole(&face.case, 300).done("cs.case.0"),
    ];
    let text = format!("Countersign: {title}");
    (vec![Part::of_request(blocks, face, "status")], text)
}

fn title(face: &RequestFace) -> String {
    format!(
        "{} · {} · case #{}",
        state_words(face),
        draft::named(&face.draft),
        face.case.number
    )
}

/// What will happen, before anything else, with the place in Stripe where a person can look.
#[must_use]
pub fn what_happens(face: &RequestFace) -> Rich {
    let rich = effect(face);
    match &face.draft.upstream {
        Some(url) => rich.line(Line::begin().link("Open it in Stripe", url)),
        None => rich,
    }
}

fn effect(face: &RequestFace) -> Rich {
    let rich = Rich::begin()
        .line(Line::begin().bold(&fit(&one_line(&face.draft.effect), 300)))
        .line(
            Line::begin()
                .text("Touches: ")
                .foreign(&face.draft.scope, 150),
        );
    rich.line(careful(&face.cautions).unwrap_or_default())
}

/// The rule that asked, the facts it read, the risk, the constraints, and what is bound.
#[must_use]
pub fn rule(face: &RequestFace) -> Rich {
    let assessment = &face.assessment;
    let mut rich = Rich::begin()
        .line(
            Line::begin()
                .bold(&format!("Why you are asked: {} tier", assessment.tier))
                .text(", rule ")
                .foreign(rule_name(face), 120),
        )
        .foreign_bullets(&assessment.because, 500)
        .line(
            Line::begin()
                .text("Facts: ")
                .foreign(&fact_line(&assessment.facts, &assessment.missing), 400),
        );
    if !assessment.risk_tags.is_empty() {
        let tags = words(&assessment.risk_tags.join(", "));
        rich = rich.line(Line::begin().text("Risk: ").foreign(&tags, 120));
    }
    if !assessment.constraints.is_empty() {
        let all = assessment.constraints.join("; ");
        rich = rich.line(Line::begin().text("Constraints: ").foreign(&all, 200));
    }
    rich.line(
        Line::begin()
            .text("Drafted by ")
            .foreign_author(&face.draft.author)
            .text(": ")
            .foreign(&face.draft.rationale, 500),
    )
    .line(
        Line::begin()
            .text("A click counts for exactly this: subject digest ")
            .code(&face.request.subject.short())
            .text(", policy digest ")
            .code(&face.request.policy.short()),
    )
}

/// Who may decide, until when, and what has become of it.
fn standing(face: &RequestFace) -> Rich {
    let asking = &face.request.asking;
    let mut rich = Rich::begin();
    if face.state == RequestState::Pending {
        let mut who = Line::begin()
            .text("Who may decide: ")
            .people(&fit(&face.people, 300))
            .text(" · due ")
            .time(asking.due_at);
        if asking.quorum > 1 {
            who = who.text(&format!(" · {} people must approve", asking.quorum));
        }
        rich = rich.line(who);
    }
    for line in outcome(face).into_iter().take(8) {
        rich = rich.line(line);
    }
    rich
}
