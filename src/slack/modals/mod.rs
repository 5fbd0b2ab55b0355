//! Modals: what they show, and how what was filled in becomes what a person wants.
//!
//! A modal carries the same `verb.view.subject-prefix` as the button that opened it, so that what is sent
//! from it is bound to what the person was shown on the card.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::blocks::kit::{self, Asks};
use super::blocks::rich::{Line, Rich};
use super::blocks::{approver, decided, draft, escalation, limits};
use super::surface::answer_blocks;
use super::verbs::{Token, Verb};
use crate::domain::approval::{RejectPreset, RequestState, Tier};
use crate::domain::card::{CaseFace, EscalationFace, RequestFace};
use crate::domain::case::command::WorkStep;
use crate::domain::case::refusal::Answer;

pub mod details;
pub mod edit;
pub mod link;

/// What is wrong with what was filled in, by block id.
pub type FieldErrors = BTreeMap<String, String>;

/// The block id of the field for a reason.
pub const WHY: &str = "why";
/// The block id of the choice of a preset reason.
pub const PRESET: &str = "preset";

/// A modal with a button that sends it.
#[must_use]
pub fn form(title: &str, submit: &str, token: &Token, blocks: Vec<Value>) -> Value {
    checked(json!({
        "type": "modal",
        "callback_id": format!("cs.{}", token.verb),
        "private_metadata": token.to_string(),
        "title": kit::plain(title),
        "submit": kit::plain(submit),
        "close": kit::plain("Cancel"),
        "blocks": blocks,
    }))
}

/// A modal that only says something.
#[must_use]
pub fn notice(title: &str, blocks: Vec<Value>) -> Value {
    checked(json!({
        "type": "modal",
        "callback_id": "cs.notice",
        "title": kit::plain(title),
        "close": kit::plain("Close"),
        "blocks": blocks,
    }))
}

/// The last look before a modal goes out: one that Slack would refuse says so instead of not opening.
fn checked(view: Value) -> Value {
    let problems = limits::view_problems(&view);
    if problems.is_empty() {
        return view;
    }
    tracing::warn!(?problems, "a modal was reduced to what Slack takes");
    let words = "This is too large for a Slack window. Nothing can be decided from here.";
    json!({
        "type": "modal",
        "callback_id": "cs.notice",
        "title": kit::plain("Too large for Slack"),
        "close": kit::plain("Close"),
        "blocks": [Rich::begin().line(Line::begin().text(words)).done("cs.reduced.0")],
    })
}

/// What a person is told in place of the modal that was sent.
#[must_use]
pub fn answered(answer: Option<&Answer>) -> Value {
    match answer {
        Some(answer) => {
            let title = match answer {
                Answer::Recorded { .. } => "Recorded",
                Answer::Refused { .. } => "Nothing was changed",
            };
            notice(title, answer_blocks(answer).0)
        }
        None => {
            let words = "Received and stored. The result follows as a direct message.";
            let rich = Rich::begin().line(Line::begin().text(words));
            notice("Received", vec![rich.done("cs.answer.0")])
        }
    }
}

/// The modal that a verb opens for a request, besides details and edit.
#[must_use]
pub fn of_request(face: &RequestFace, token: &Token) -> Value {
    if token.verb == Verb::Reject {
        let line = Line::begin()
            .bold("Then this does not happen: ")
            .foreign(&face.draft.effect, 300);
        let mut blocks = vec![about(&face.case).line(line).done("cs.effect.0")];
        let fitting = RejectPreset::ALL
            .iter()
            .filter(|preset| fits(**preset, face));
        let options: Vec<(&str, String)> = fitting
            .map(|preset| (preset.word(), preset.words().to_owned()))
            .collect();
        let asks = Asks {
            block: PRESET,
            label: "Why not? Choose a reason, or write one below",
            optional: true,
        };
        blocks.push(kit::choice(asks, &options, None));
        blocks.push(why("In your words", true));
        return form("Reject", "Reject", token, blocks);
    }
    let mut blocks = asked(face);
    blocks.push(why("Why do you approve this?", false));
    let label = draft::approve_label(face);
    form(label, label, &token.with(Verb::Approve), blocks)
}

/// What a form is about: the case, and what would happen.
#[must_use]
pub fn asked(face: &RequestFace) -> Vec<Value> {
    vec![
        about(&face.case).done("cs.about.0"),
        approver::what_happens(face).done("cs.effect.0"),
    ]
}

fn about(case: &CaseFace) -> Rich {
    let line = Line::begin().text(&format!("Case #{} · “", case.number));
    Rich::begin().line(line.foreign(&case.headline, 100).text("”"))
}

/// Reasons about an amount or a text are for what has one.
fn fits(preset: RejectPreset, face: &RequestFace) -> bool {
    match preset {
        RejectPreset::WrongAmount => face.draft.kind.is_money(),
        RejectPreset::WrongWords => !face.draft.texts.is_empty(),
        _ => true,
    }
}

/// The modal that a verb opens for an escalation, or what stands instead when it is closed.
#[must_use]
pub fn of_escalation(face: &EscalationFace, token: &Token) -> Value {
    if !escalation::is_open(face) {
        let rich = escalation::state(face).line(Line::begin().text("Your click changed nothing."));
        return notice("Closed already", vec![rich.done("cs.answer.0")]);
    }
    let (title, submit, label, optional) = match token.verb {
        Verb::DifferentAmount => (
            "Different amount",
            "Record the answer",
            "Which amount, and why?",
            false,
        ),
        Verb::NotRefunding => ("Not refunding", "Record the answer", "Why not?", false),
        _ => ("Resolve", "Resolve", "How was it resolved?", true),
    };
    let mut rich = about(&face.case);
    if let Some(draft) = &face.draft {
        let name = draft::named(draft);
        rich = rich.line(Line::begin().text("Proposed: ").bold(&name));
    }
    let words = match token.verb.billing() {
        Some(_) => "This records what billing does. No money moves by it: a person acts in Stripe.",
        None => "This closes the case for this channel. Nothing is sent by it.",
    };
    let blocks = vec![
        rich.line(Line::begin().text(words)).done("cs.about.0"),
        why(label, optional),
    ];
    form(title, submit, token, blocks)
}

/// What is shown instead of a form when there is nothing to decide any more.
#[must_use]
pub fn too_late(face: &RequestFace) -> Value {
    let mut rich = Rich::begin().line(Line::begin().bold(decided::state_words(face)));
    for line in decided::outcome(face).into_iter().take(8) {
        rich = rich.line(line);
    }
    rich = rich.line(Line::begin().text("Your click changed nothing."));
    notice("Decided already", vec![rich.done("cs.answer.0")])
}

/// Whether a request still waits for people.
#[must_use]
pub fn waits(face: &RequestFace) -> bool {
    face.state == RequestState::Pending
}

/// The field for a reason.
#[must_use]
pub fn why(label: &str, optional: bool) -> Value {
    let asks = Asks {
        block: WHY,
        label,
        optional,
    };
    kit::text_input(asks, "", true)
}

/// What was typed into a field, without the blanks around it; nothing when only blanks were typed.
#[must_use]
pub fn typed<'a>(values: &'a BTreeMap<String, String>, block: &str) -> Option<&'a str> {
    values
        .get(block)
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

/// A rejection: the preset and the words.
///
/// # Errors
/// Neither was given, or `other` without words.
pub fn rejection(
    values: &BTreeMap<String, String>,
) -> Result<(Option<RejectPreset>, Option<String>), FieldErrors> {
    let preset = typed(values, PRESET).and_then(RejectPreset::from_word);
    let words = typed(values, WHY).map(str::to_owned);
    match (preset, &words) {
        (None, None) => Err(missing("Choose a reason above, or write one here.")),
        (Some(RejectPreset::Other), None) => {
            Err(missing("Write the reason: none was chosen above."))
        }
        _ => Ok((preset, words)),
    }
}

/// The reason of an approval; the high tier needs one.
///
/// # Errors
/// The tier needs a reason and none was typed.
pub fn approval(
    values: &BTreeMap<String, String>,
    tier: Tier,
) -> Result<Option<String>, FieldErrors> {
    match typed(values, WHY) {
        Some(words) => Ok(Some(words.to_owned())),
        None if tier == Tier::High => Err(missing(
            "The high tier needs a reason: it is what the record will say.",
        )),
        None => Ok(None),
    }
}

/// What a modal of an escalation asks for, given the sealed words.
///
/// # Errors
/// Words are needed and none were typed.
pub fn work(
    verb: Verb,
    words: Option<crate::domain::content::Sealed>,
) -> Result<WorkStep, FieldErrors> {
    match verb.billing() {
        Some(_) if words.is_none() => {
            Err(missing("Write it down: it is what the record will say."))
        }
        Some(answer) => Ok(WorkStep::Answer { answer, words }),
        None => Ok(WorkStep::Resolve { words }),
    }
}

fn missing(sentence: &str) -> FieldErrors {
    BTreeMap::from([(WHY.to_owned(), sentence.to_owned())])
}
