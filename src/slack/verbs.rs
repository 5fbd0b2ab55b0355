//! The words on buttons: each names one thing a person can want, and travels as `verb.view.subject-prefix`.

use crate::domain::escalation::BillingAnswer;
use crate::domain::ids::ViewId;
use crate::domain::words::closed_set;

closed_set! {
    /// What a button or a modal asks for.
    Verb {
        /// Approve as it stands, at once.
        Approve = "approve",
        /// Open the modal that asks for the reason of an approval.
        ApproveWhy = "approve_why",
        /// Open the modal with the draft's fields.
        Edit = "edit",
        /// Open the modal that asks for the reason of a rejection.
        Reject = "reject",
        /// Open everything there is to read about a request.
        Details = "details",
        /// Take an approved action back.
        Undo = "undo",
        /// Take an escalation.
        Take = "take",
        /// Open the modal that closes an escalation.
        Resolve = "resolve",
        /// Open the modal that says which customer asked.
        LinkCustomer = "link_customer",
        /// Billing does it.
        Refunding = "refunding",
        /// Open the modal for another amount.
        DifferentAmount = "different_amount",
        /// Open the modal for billing's no.
        NotRefunding = "not_refunding",
    }
}

impl Verb {
    /// What billing answers with this verb.
    #[must_use]
    pub const fn billing(self) -> Option<BillingAnswer> {
        match self {
            Self::Refunding => Some(BillingAnswer::Refunding),
            Self::DifferentAmount => Some(BillingAnswer::DifferentAmount),
            Self::NotRefunding => Some(BillingAnswer::NotRefunding),
            _ => None,
        }
    }

    /// Whether it is said about an escalation, and not about a request.
    #[must_use]
    pub const fn of_escalation(self) -> bool {
        matches!(self, Self::Take | Self::Resolve | Self::LinkCustomer) || self.billing().is_some()
    }

    /// Whether the click opens a modal instead of asking for a change.
    #[must_use]
    pub const fn opens_modal(self) -> bool {
        matches!(
            self,
            Self::ApproveWhy
                | Self::Edit
                | Self::Reject
                | Self::Details
                | Self::Resolve
                | Self::LinkCustomer
                | Self::DifferentAmount
                | Self::NotRefunding
        )
    }
}

/// What a button carries: `verb.view.subject-prefix`, and nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// What is wanted.
    pub verb: Verb,
    /// The rendering that it stood on.
    pub view: ViewId,
    /// The first 128 bits of what is bound, as 32 hex digits.
    pub subject_prefix: String,
}

impl Token {
    /// Reads a button's value; `None` for anything that we never wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (verb, view, prefix) = (parts.next()?, parts.next()?, parts.next()?);
        let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let whole = parts.next().is_none()
            && view.len() == 25
            && view.strip_prefix('v').is_some_and(hex)
            && prefix.len() == 32
            && hex(prefix);
        Some(Self {
            verb: Verb::from_word(verb)?,
            view: ViewId::new(view),
            subject_prefix: prefix.to_owned(),
        })
        .filter(|_| whole)
    }

    /// The same rendering with another verb.
    #[must_use]
    pub fn with(&self, verb: Verb) -> Self {
        Self {
            verb,
            ..self.clone()
        }
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.verb, self.view, self.subject_prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is() {
        let text = format!("approve.v{}.{}", "a1".repeat(12), "0f".repeat(16));
        assert_eq!(Token::parse(&text).unwrap().to_string(), text);
        for bad in [
            String::new(),
            "approve".into(),
            format!("{text}.more"),
            text.replace("approve", "become_admin"),
            text.replace('v', "w"),
            text.replace("0f0f", "0f"),
            text.replace("a1a1", "zz"),
        ] {
            assert_eq!(Token::parse(&bad), None, "{bad}");
        }
    }
}
