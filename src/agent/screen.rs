//! Looks over what a model wrote before people or the journal get it: no secret, no address of its own.

use super::draft::{Drafted, ProposedAction};
use super::reading::Nonsense;
use super::redaction::kind::Kind;
use super::redaction::{Placeholders, Redactor};
use super::triage::ProposedVerdict;

/// The rules of redaction, with the placeholders of one case.
///
/// A model saw placeholders only, so whatever else it writes of that kind is repeated from somewhere or made up.
pub struct Screen<'a> {
    redactor: &'a Redactor,
    placeholders: &'a Placeholders,
}

impl<'a> Screen<'a> {
    /// The screen of one case.
    #[must_use]
    pub const fn of(redactor: &'a Redactor, placeholders: &'a Placeholders) -> Self {
        Self {
            redactor,
            placeholders,
        }
    }

    /// A verdict whose reason people may read.
    ///
    /// # Errors
    /// [`Nonsense`] when the queue is something that redaction takes out.
    pub fn verdict(&self, verdict: ProposedVerdict) -> Result<ProposedVerdict, Nonsense> {
        Ok(ProposedVerdict {
            queue: self.name(verdict.queue, "queue")?,
            rationale: self.told(&verdict.rationale),
            ..verdict
        })
    }

    /// Drafts whose texts people may read and, where they are for the customer, can be sent as they are.
    ///
    /// # Errors
    /// [`Nonsense`] when a text for the customer holds something that redaction takes out, or a placeholder
    /// that cannot be put back; or when a name is something that redaction takes out.
    pub fn drafts(&self, drafted: Drafted) -> Result<Drafted, Nonsense> {
        let mut drafts = drafted.drafts;
        for draft in &mut drafts {
            draft.rationale = self.told(&draft.rationale);
            self.action(&mut draft.action)?;
        }
        let note = drafted.note.map(|note| self.told(&note));
        Ok(Drafted { drafts, note })
    }

    fn action(&self, action: &mut ProposedAction) -> Result<(), Nonsense> {
        use ProposedAction as P;
        match action {
            P::AddLabel { label } => *label = self.name(std::mem::take(label), "label")?,
            P::Assign { queue } => *queue = self.name(std::mem::take(queue), "queue")?,
            P::AddInternalNote { text } => *text = self.told(text),
            P::NotifyCustomer { text } => *text = self.letter(text, "reply")?,
            P::Refund {
                reason,
                confirmation,
                ..
            } => {
                *reason = self.told(reason);
                *confirmation = self.letter(confirmation, "confirmation")?;
            }
            P::Credit { reason, .. }
            | P::InvoiceAdjust { reason, .. }
            | P::SubscriptionCancel { reason, .. } => *reason = self.told(reason),
            P::SetPriority { .. } => {}
        }
        Ok(())
    }

    /// A text for our own people. What the case does not know gets no number, since that number would stand
    /// for something else as soon as the customer writes again.
    fn told(&self, text: &str) -> String {
        let redacted = self.redactor.redact_ours(text, self.placeholders);
        let mut told = String::with_capacity(text.len());
        let mut at = 0;
        for span in &redacted.spans {
            told.push_str(&text[at..span.start]);
            match span.kind {
                Kind::Hidden | Kind::Lookalike => told.push_str(&span.placeholder),
                _ if self.placeholders.knows(&span.placeholder) => told.push_str(&span.placeholder),
                kind => told.push_str(&format!("({})", kind.label())),
            }
            at = span.end;
        }
        told.push_str(&text[at..]);
        told
    }

    /// A text for the customer. It is sent as it stands, so that nothing in it is merely taken out.
    fn letter(&self, text: &str, what: &str) -> Result<String, Nonsense> {
        let redacted = self.redactor.redact_ours(text, self.placeholders);
        let returns = |placeholder: &str| self.placeholders.value(placeholder).is_some();
        let foreign = redacted
            .spans
            .iter()
            .find(|span| span.kind != Kind::Hidden && !returns(&span.placeholder));
        if let Some(span) = foreign {
            return Err(Nonsense::because(format!(
                "the {what} holds something of the kind `{}`, which this case does not know",
                span.kind
            )));
        }
        let opened = redacted.text.split('[').skip(1);
        let mut bracketed =
            opened.filter_map(|rest| Some(format!("[{}]", rest.split_once(']')?.0)));
        if bracketed.any(|one| self.placeholders.knows(&one) && !returns(&one)) {
            return Err(Nonsense::because(format!(
                "the {what} holds a placeholder that nobody can put back"
            )));
        }
        Ok(redacted.text)
    }

    fn name(&self, name: String, what: &str) -> Result<String, Nonsense> {
        let redacted = self.redactor.redact_ours(&name, self.placeholders);
        match redacted.spans.first() {
            None => Ok(name),
            Some(span) => Err(Nonsense::because(format!(
                "the {what} is of the kind `{}` and no name",
                span.kind
            ))),
        }
    }
}
