//! Text that can be erased: the journal holds a salted commitment, the text sits beside it.

use serde::{Deserialize, Serialize};

use super::digest::{Digest, Encoder};
use super::words::closed_set;

closed_set! {
    /// What a piece of content is, for retention and for the reader of an export.
    ContentKind {
        /// A customer's subject line or message as it came.
        TicketText = "ticket_text",
        /// Who asked: name or address.
        Requester = "requester",
        /// The redacted text that models and cards see.
        ModelView = "model_view",
        /// The values that placeholders stand for, as JSON.
        Placeholders = "placeholders",
        /// What a connector returned.
        EvidenceBody = "evidence_body",
        /// A text that would be written or sent.
        DraftText = "draft_text",
        /// Why the model, a rule or a person says so.
        Reason = "reason",
        /// A person's name and address at the time of a decision.
        Standing = "standing",
        /// What a card showed.
        Rendering = "rendering",
    }
}

/// A commitment to a text: SHA-256 over a random salt and the text.
///
/// It says nothing about the text to somebody without the salt, and stays checkable after erasure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub Digest);

/// A text with its salt: what is stored apart from the chain and can be erased.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The commitment that the journal holds.
    pub sealed: Sealed,
    /// What the text is.
    pub kind: ContentKind,
    /// 32 random bytes.
    pub salt: Digest,
    /// The text itself.
    pub text: String,
}

impl Content {
    /// Seals a text under a salt that the caller drew at random. A zero character, which not every database
    /// keeps, becomes the replacement character first, so that the commitment is to what is kept.
    #[must_use]
    pub fn seal(kind: ContentKind, salt: [u8; 32], text: impl Into<String>) -> Self {
        let text = text.into().replace('\0', "\u{FFFD}");
        let salt = Digest::from_bytes(salt);
        let sealed = Self::commitment(kind, &salt, &text);
        Self {
            sealed,
            kind,
            salt,
            text,
        }
    }

    /// Whether salt and text still answer the commitment.
    #[must_use]
    pub fn holds(&self) -> bool {
        Self::commitment(self.kind, &self.salt, &self.text) == self.sealed
    }

    fn commitment(kind: ContentKind, salt: &Digest, text: &str) -> Sealed {
        Sealed(
            Encoder::new("content")
                .text(kind.word())
                .digest(salt)
                .text(text)
                .finish(),
        )
    }
}

/// Customer text never reaches a log through `Debug`.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Content({}, {:?}, {} bytes)",
            self.kind,
            self.sealed.0,
            self.text.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_text_or_salt_breaks_the_commitment() {
        let content = Content::seal(ContentKind::Reason, [7; 32], "fits the policy");
        assert!(content.holds());
        assert!(
            !Content {
                text: "fits".into(),
                ..content.clone()
            }
            .holds()
        );
        assert!(
            !Content {
                salt: Digest::from_bytes([8; 32]),
                ..content
            }
            .holds()
        );
    }

    #[test]
    fn a_zero_character_is_replaced_before_the_commitment_is_made() {
        let content = Content::seal(ContentKind::Reason, [7; 32], "a\0b");
        assert_eq!(content.text, "a\u{FFFD}b");
        assert!(content.holds());
    }

    #[test]
    fn debug_does_not_show_the_text() {
        let content = Content::seal(ContentKind::TicketText, [7; 32], "a private matter");
        assert!(!format!("{content:?}").contains("private"));
    }
}
