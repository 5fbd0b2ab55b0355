//! Cards in the terminal: the same faces as in Slack, as plain text, and a view for each that was printed.

use async_trait::async_trait;

use crate::domain::card::{
    About, Body, Card, Composed, ComposedView, Destination, EscalationFace, RequestFace,
};
use crate::domain::case::refusal::Answer;
use crate::domain::digest::Encoder;
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
                let subject = Encoder::new("escalation")
                    .text(face.escalation.id.as_str())
                    .finish();
                let about = About {
                    request: None,
                    escalation: Some(face.escalation.id.clone()),
                    subject,
                };
                views.push(ComposedView::of(
                    &card.id,
                    &face.case.id,
                    about,
                    text,
                    "terminal",
                ));
            }
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
    let mut lines = vec![
        format!("{} asks {}", face.request.id, face.people),
        format!("  would do   {}", face.draft.effect),
    ];
    for (label, value) in face.draft.parameters.iter().chain(&face.draft.texts) {
        lines.push(format!("  {label}: {}", value.replace('\n', "\n    ")));
    }
    for (label, before, after) in &face.draft.changes {
        lines.push(format!("  changed    {label}: {before} -> {after}"));
    }
    lines.push(format!("  because    {}", face.draft.rationale));
    lines.push(format!(
        "  tier       {} by {}",
        face.assessment.tier, face.assessment.rule
    ));
    lines.extend(
        face.assessment
            .because
            .iter()
            .map(|because| format!("             {because}")),
    );
    if !face.assessment.risk_tags.is_empty() {
        lines.push(format!(
            "  risk       {}",
            face.assessment.risk_tags.join(", ")
        ));
    }
    for evidence in &face.evidence {
        lines.extend(evidence.lines.iter().map(|line| {
            format!(
                "  evidence   {} {}: {line}",
                evidence.source, evidence.query
            )
        }));
    }
    for similar in &face.similar {
        lines.push(format!(
            "  similar    case {}: {} -> {}",
            similar.number, similar.proposed, similar.outcome
        ));
    }
    lines.push(format!("  due        {}", face.request.asking.due_at));
    lines.push(format!(
        "  bound to   subject {}, policy {}",
        face.request.subject.short(),
        face.request.policy.short()
    ));
    lines.join("\n")
}

fn escalation_text(face: &EscalationFace) -> String {
    let mut lines = vec![format!(
        "{}: with {} ({})",
        face.escalation.id, face.escalation.role, face.escalation.cause
    )];
    lines.extend(
        face.draft
            .iter()
            .map(|draft| format!("  about      {}", draft.effect)),
    );
    lines.extend(face.steps.iter().map(|step| format!("  to do      {step}")));
    lines.join("\n")
}
