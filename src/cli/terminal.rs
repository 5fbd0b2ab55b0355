//! Cards in the terminal: the same faces as in Slack, as plain text, and a view for each that was printed.

use async_trait::async_trait;

use super::sheet::{Sheet, evidence, minute, short, tier, values};
use crate::domain::card::{
    About, Body, Card, Composed, ComposedView, Destination, EscalationFace, RequestFace,
};
use crate::domain::case::naming::{plain, role_name};
use crate::domain::case::refusal::Answer;
use crate::domain::ids::ChannelId;
use crate::domain::journal::ReplyTo;
use crate::ports::{Address, PortError, Surface, Whereabouts};

/// A surface that prints nothing by itself: `countersign run` prints the rendering that was journalled.
pub struct Terminal;

#[async_trait]
impl Surface for Terminal {
    fn compose(&self, card: &Card) -> Composed {
        let mut views = vec![];
        let mut parts = vec![];
        match &card.body {
            Body::Batch { rows, .. } => {
                for row in rows {
                    let text = request_text(row);
                    parts.push(text.clone());
                    views.push(request_view(card, row, text));
                }
            }
            Body::Approver(face) => {
                let text = request_text(face);
                parts.push(text.clone());
                views.push(request_view(card, face, text));
            }
            Body::Status(face) => parts.push(request_text(face)),
            Body::Escalation(face) => {
                let text = escalation_text(face);
                parts.push(text.clone());
                let about = About {
                    request: None,
                    escalation: Some(face.escalation.id.clone()),
                    subject: face.escalation.subject(),
                };
                views.push(ComposedView::of(
                    &card.id,
                    &face.case.id,
                    about,
                    text,
                    "terminal",
                ));
            }
            // The terminal refuses no card, so that nothing ever has to stand in for one.
            Body::Notice(_) => {}
        }
        Composed {
            card: card.id.clone(),
            blocks: parts.join("\n\n"),
            text: "a card".into(),
            views,
        }
    }

    async fn deliver(
        &self,
        composed: &Composed,
        _: &Destination,
        _: &Whereabouts,
    ) -> Result<Address, PortError> {
        Ok(Address {
            channel: ChannelId::new("terminal"),
            ts: composed.card.to_string(),
        })
    }

    async fn tell(&self, _: &ReplyTo, _: &Answer) -> Result<(), PortError> {
        Ok(())
    }
}

fn request_view(card: &Card, face: &RequestFace, text: String) -> ComposedView {
    let about = About {
        request: Some(face.request.id.clone()),
        escalation: None,
        subject: face.request.subject,
    };
    ComposedView::of(&card.id, &face.case.id, about, text, "terminal")
}

/// A request as a person at a terminal reads it: everything that a card shows.
pub(super) fn request_text(face: &RequestFace) -> String {
    let mut sheet = Sheet::default();
    let request = &face.request;
    let label = format!("Request {}", short(request.id.as_str()));
    sheet.row(&label, &format!("for {} to decide", face.people));
    sheet.row("would do", &face.draft.effect);
    values(&mut sheet, &face.draft.parameters);
    values(&mut sheet, &face.draft.texts);
    for (label, before, after) in &face.draft.changes {
        sheet.row("changed", &format!("{label}: {before} -> {after}"));
    }
    for caution in &face.cautions {
        sheet.row("careful", caution.words());
    }
    sheet.row("because", &face.draft.rationale);
    sheet.row("tier", &tier(&face.assessment));
    if !face.assessment.risk_tags.is_empty() {
        sheet.row("risk", &plain(&face.assessment.risk_tags.join(", ")));
    }
    evidence(&mut sheet, "evidence", &face.evidence);
    for similar in &face.similar {
        let past = format!(
            "case {}: {} -> {}",
            similar.number, similar.proposed, similar.outcome
        );
        sheet.row("similar", &past);
    }
    sheet.row("due", &minute(request.asking.due_at));
    let bound = format!(
        "subject {}, policy {}",
        request.subject.short(),
        request.policy.short()
    );
    sheet.row("bound to", &bound);
    sheet.text()
}

fn escalation_text(face: &EscalationFace) -> String {
    let mut sheet = Sheet::default();
    let (role, cause) = (face.escalation.role, face.escalation.cause);
    let with = format!("{} ({})", role_name(role), plain(cause.word()));
    sheet.row("With", &with);
    if let Some(draft) = &face.draft {
        sheet.row("about", &draft.effect);
    }
    for caution in &face.cautions {
        sheet.row("careful", caution.words());
    }
    for step in &face.steps {
        sheet.row("to do", step);
    }
    sheet.text()
}
