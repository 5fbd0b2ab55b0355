//! The named-approver card, everything in one screen, and its status copy without buttons.

use serde_json::Value;

use super::batch::{case_title, origin_line};
use super::decided::{outcome, state_words};
use super::draft::{self, fact_line, words};
use super::kit;
use super::rich::{Line, Rich};
use super::text::{fit, is_odd, shown};
use super::{Part, limits, request_buttons};
use crate::domain::approval::RequestState;
use crate::domain::card::{CaseFace, EvidenceFace, RequestFace, SimilarFace};
use crate::domain::verdict::Signal;

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
        (draft, whole) = (shown.rich, shown.whole);
    }
    let draft = draft::changes(draft, &face.draft, room.changes);
    let mut blocks = vec![
        kit::header("cs.title.0", title),
        what_happens(face).done("cs.effect.0"),
    ];
    blocks.extend(draft.done_if_any("cs.draft.0"));
    blocks.extend([
        case(&face.case, room.case).done("cs.case.0"),
        rule(face).done("cs.rule.0"),
        evidence(&face.evidence, room.evidence).done("cs.evidence.0"),
        similar(&face.similar, room.similar).done("cs.similar.0"),
    ]);
    blocks.extend(standing(face).done_if_any("cs.state.0"));
    blocks.push(request_buttons(face, 0, whole));
    blocks
}

/// The status copy for the role's channel: who is asked for what, until when, and what came of it.
#[must_use]
pub fn status(face: &RequestFace) -> (Vec<Part>, String) {
    let title = title(face);
    let mut rich = what_happens(face);
    rich = rich.line(Line::begin().aside(&fit(&draft::rule_line(face), 300)));
    let state = standing(face).line(Line::begin().aside(if face.state == RequestState::Pending {
        "A status copy: the people named above have the buttons in their direct messages."
    } else {
        "A status copy."
    }));
    let blocks = vec![
        kit::header("cs.title.0", &title),
        rich.done("cs.effect.0"),
        case(&face.case, 300).done("cs.case.0"),
        state.done("cs.state.0"),
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

/// What will happen, before anything else.
#[must_use]
pub fn what_happens(face: &RequestFace) -> Rich {
    let rich = Rich::begin()
        .line(Line::begin().bold(&fit(&shown(&face.draft.effect).replace('\n', " "), 300)))
        .line(
            Line::begin()
                .text("Touches: ")
                .foreign(&face.draft.scope, 150),
        );
    let rich = match draft::careful(&face.cautions) {
        Some(warnings) => rich.line(Line::begin().bold(&format!("Careful: {warnings}."))),
        None => rich,
    };
    match &face.draft.upstream {
        Some(url) => rich.line(Line::begin().link("Look at it in Stripe", url)),
        None => rich,
    }
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
                .foreign(draft::rule_name(face), 120),
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
            .text("Bound to subject ")
            .code(&face.request.subject.short())
            .text(" under policy ")
            .code(&face.request.policy.short()),
    )
}

/// What was found, by source, within so many characters.
#[must_use]
pub fn evidence(all: &[EvidenceFace], most: usize) -> Rich {
    let rich = Rich::begin().line(Line::begin().bold("Evidence"));
    if all.is_empty() {
        return rich.line(Line::begin().text("None was gathered."));
    }
    let mut lines: Vec<String> = vec![];
    for one in all.iter().filter(|one| !one.lines.is_empty()) {
        lines.push(format!("{}: {}", one.source, one.lines.join("; ")));
    }
    let mut nothing: Vec<String> = vec![];
    // A list of charges is answered charge by charge.
    let charges = lines.iter().any(|line| line.contains(": charge "));
    let empty = all.iter().filter(|one| one.lines.is_empty());
    for one in empty.filter(|one| !(charges && one.query == "charges")) {
        let asked = words(&one.query);
        if !nothing.contains(&asked) {
            nothing.push(asked);
        }
    }
    if !nothing.is_empty() {
        lines.push(format!("looked for and not found: {}", nothing.join(", ")));
    }
    let read = all.iter().map(|one| one.taken_at).min();
    let rich = match read {
        Some(at) => rich.line(Line::begin().text("Read-only, read ").time(at).text(".")),
        None => rich,
    };
    rich.foreign_bullets(&lines, most)
}

/// What people made of similar drafts.
#[must_use]
pub fn similar(all: &[SimilarFace], most: usize) -> Rich {
    let rich = Rich::begin().line(Line::begin().bold("Similar decisions"));
    if all.is_empty() {
        return rich.line(Line::begin().text("None so far."));
    }
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            format!(
                "#{} {}: {}. {}",
                one.number,
                fit(&one.headline, 70),
                fit(&one.proposed, 80),
                one.outcome
            )
        })
        .collect();
    rich.foreign_bullets(&lines, most)
}

/// The case: what it is, who asked, where the ticket is, and as much of its text as there is room for.
#[must_use]
pub fn case(case: &CaseFace, most: usize) -> Rich {
    let mut rich = Rich::begin()
        .line(Line::begin().bold(&case_title(case)))
        .line(origin_line(case));
    // The text begins with its subject; where there is no room for the text, the subject stands for it.
    if most == 0 || !case.text.starts_with(&case.headline) {
        rich = rich.line(Line::begin().text("Subject: ").foreign(&case.headline, 150));
    }
    if !case.signals.is_empty() {
        let seen: Vec<String> = case
            .signals
            .iter()
            .map(|signal| match signal {
                Signal::Instruction => "orders to the machine".to_owned(),
                other => words(other.word()),
            })
            .collect();
        rich = rich.line(
            Line::begin()
                .text("Words in it speak of: ")
                .text(&seen.join(", ")),
        );
    }
    if is_odd(&case.text) || is_odd(&case.headline) {
        rich = rich.line(
            Line::begin()
                .bold("Odd characters: ")
                .text("the ticket has characters that hide, reorder or imitate others."),
        );
    }
    if most > 0 {
        rich = rich.quote_shown(&fit(&shown(&case.text), most));
    }
    match &case.url {
        Some(url) => rich.line(Line::begin().link("Open the ticket", url)),
        None => rich.line(Line::begin().text("Ticket ").foreign(&case.external, 80)),
    }
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
