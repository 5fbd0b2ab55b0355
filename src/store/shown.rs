//! What was shown and where it stands: the renderings behind buttons, and the addresses of cards.

use super::Store;
use super::error::StoreError;
use super::sql::Sql;
use crate::domain::case::event::ShownView;
use crate::domain::content::Sealed;
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, CaseId, ChannelId, EscalationId, RequestId, ViewId};
use crate::domain::time::At;

/// A rendering that was shown, as it was journalled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredView {
    /// What was shown.
    pub shown: ShownView,
    /// The case that it belongs to.
    pub case: CaseId,
    /// When it was journalled.
    pub at: At,
}

impl Store {
    /// The rendering behind a button; `None` when we never showed it.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` when the row does not read.
    pub async fn view(&self, id: &ViewId) -> Result<Option<StoredView>, StoreError> {
        let asked = Sql::of(
            "SELECT card_id, case_id, request_id, escalation_id, subject, digest, rendering, surface, at FROM views WHERE view_id = $1",
        )
        .text(id.as_str());
        let Some(row) = self.pools().row(asked).await? else {
            return Ok(None);
        };
        let digest = |column: usize| {
            Digest::parse(&row.text(column)?).ok_or_else(|| {
                StoreError::corrupt(format!("view {id}"), "a digest is not 64 hex digits")
            })
        };
        Ok(Some(StoredView {
            shown: ShownView {
                view: id.clone(),
                card: CardId::new(row.text(0)?),
                request: row.maybe_text(2)?.map(RequestId::new),
                escalation: row.maybe_text(3)?.map(EscalationId::new),
                subject: digest(4)?,
                digest: digest(5)?,
                rendering: Sealed(digest(6)?),
                surface: row.text(7)?,
            },
            case: CaseId::new(row.text(1)?),
            at: At(row.int(8)?),
        }))
    }

    /// What a view showed, as JSON; `None` when it was never shown or was erased.
    ///
    /// # Errors
    /// As [`Store::view`].
    pub async fn rendering(&self, id: &ViewId) -> Result<Option<String>, StoreError> {
        let asked = Sql::of(
            "SELECT c.text FROM views v JOIN content c ON c.sealed = v.rendering WHERE v.view_id = $1",
        )
        .text(id.as_str());
        match self.pools().row(asked).await? {
            Some(row) => row.maybe_text(0),
            None => Ok(None),
        }
    }

    /// Where a card stands: Slack's channel and message timestamp.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn card(&self, id: &CardId) -> Result<Option<(ChannelId, String)>, StoreError> {
        let asked = Sql::of("SELECT channel, ts FROM cards WHERE card_id = $1").text(id.as_str());
        match self.pools().row(asked).await? {
            Some(row) => Ok(Some((ChannelId::new(row.text(0)?), row.text(1)?))),
            None => Ok(None),
        }
    }
}
