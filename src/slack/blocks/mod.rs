//! Cards as Block Kit blocks: pure and deterministic, the same card gives the same bytes and the same views.

use serde_json::{Value, json};

use self::kit::Look;
use self::rich::Rich;
use crate::domain::card::{About, Body, Card, Composed, ComposedView, RequestFace};
use crate::domain::ids::{CardId, CaseId};
use crate::slack::verbs::Verb;

pub mod approver;
pub mod batch;
pub mod case;
pub mod decided;
pub mod draft;
pub mod escalation;
pub mod facts;
pub mod found;
pub mod identity;
pub mod kit;
pub mod limits;
pub mod notice;
pub mod rich;
pub mod text;

/// Some blocks of a card that belong to one view, or to none.
pub struct Part {
    /// The blocks. The value of a button is its verb until [`seal`] has run.
    pub blocks: Vec<Value>,
    /// What the view is about, if these blocks are one.
    pub about: Option<(CaseId, About)>,
    /// Where it is shown: the word that is journalled.
    pub surface: &'static str,
}

impl Part {
    /// Blocks that belong to no view: headers and lines between rows.
    #[must_use]
    pub fn frame(blocks: Vec<Value>) -> Self {
        Self {
            blocks,
            about: None,
            surface: "frame",
        }
    }

    /// The blocks of one request.
    #[must_use]
    pub fn of_request(blocks: Vec<Value>, face: &RequestFace, surface: &'static str) -> Self {
        Self {
            blocks,
            about: Some((
                face.case.id.clone(),
                About {
                    request: Some(face.request.id.clone()),
                    escalation: None,
                    subject: face.request.subject,
                },
            )),
            surface,
        }
    }
}

/// Renders a card. Whatever the texts are, Slack takes the result.
#[must_use]
pub fn compose(card: &Card) -> Composed {
    let (parts, text) = match &card.body {
        Body::Batch {
            rows,
            people,
            closed,
            ..
        } => batch::parts(rows, people, *closed),
        Body::Approver(face) => approver::parts(face),
        Body::Status(face) => approver::status(face),
        Body::Escalation(face) => escalation::parts(face),
        Body::Notice(notice) => notice::parts(notice),
    };
    let composed = assemble(&card.id, parts, text.clone());
    if composed.1.is_empty() {
        return composed.0;
    }
    tracing::warn!(card = %card.id, problems = ?composed.1, "a card was reduced to what Slack takes");
    assemble(&card.id, vec![reduced()], text).0
}

/// What stands where a card would break a limit. It has no buttons: what cannot be read cannot be approved.
fn reduced() -> Part {
    let words = rich::Line::begin()
        .bold("This card is too large for Slack. ")
        .text("Open the case with /triage show and its number; nothing can be decided from here.");
    Part::frame(vec![Rich::begin().line(words).done("cs.reduced.0")])
}

fn assemble(card: &CardId, parts: Vec<Part>, text: String) -> (Composed, Vec<String>) {
    let mut blocks = vec![];
    let mut views = vec![];
    for part in parts {
        let (sealed, view) = seal(card, part);
        blocks.extend(sealed);
        views.extend(view);
    }
    let problems = limits::message_problems(&blocks);
    let composed = Composed {
        card: card.clone(),
        blocks: Value::Array(blocks).to_string(),
        text,
        views,
    };
    (composed, problems)
}

/// Makes the view of a part and lets its buttons carry it.
#[must_use]
pub fn seal(card: &CardId, part: Part) -> (Vec<Value>, Option<ComposedView>) {
    let Some((case, about)) = part.about else {
        return (part.blocks, None);
    };
    let mut blanked = Value::Array(part.blocks.clone());
    each_button(&mut blanked, &mut |button| button["value"] = json!(""));
    let view = ComposedView::of(card, &case, about, blanked.to_string(), part.surface);
    let mut blocks = Value::Array(part.blocks);
    each_button(&mut blocks, &mut |button| {
        if let Some(verb) = button["value"].as_str() {
            button["value"] = json!(view.button(verb));
        }
    });
    let Value::Array(blocks) = blocks else {
        return (vec![], None);
    };
    (blocks, Some(view))
}

fn each_button(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(all) => {
            for one in all {
                each_button(one, change);
            }
        }
        Value::Object(map) => {
            if map.get("type").is_some_and(|kind| kind == "button") && map.contains_key("value") {
                change(value);
                return;
            }
            for inner in map.values_mut() {
                each_button(inner, change);
            }
        }
        _ => {}
    }
}

/// The buttons of a request in its state.
#[must_use]
pub fn request_buttons(face: &RequestFace, row: u32, whole: bool) -> Value {
    let approve = draft::approve_label(face);
    let buttons: Vec<Value> = decided::verbs(face, whole)
        .into_iter()
        .map(|verb| match verb {
            Verb::Approve => kit::button(verb, row, approve, Look::Primary),
            Verb::ApproveWhy => kit::button(verb, row, &format!("{approve}…"), Look::Primary),
            Verb::Edit => kit::button(verb, row, "Edit", Look::Quiet),
            Verb::Reject => kit::button(verb, row, "Reject", Look::Danger),
            Verb::Undo => kit::button(verb, row, "Undo", Look::Danger),
            _ if !whole => kit::button(verb, row, "Read to approve", Look::Primary),
            _ => kit::button(verb, row, "Details", Look::Quiet),
        })
        .collect();
    kit::actions(&format!("cs.do.{row}"), &buttons)
}
