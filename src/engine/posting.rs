//! Putting a card up: journalled as shown first, posted once, and tried again where Slack refused it.

use super::effects::{Brought, Ended};
use super::{Engine, EngineError};
use crate::domain::card::{Card, Composed};
use crate::domain::case::cards::noticed;
use crate::domain::case::command::CaseCommand;
use crate::domain::content::ContentKind;
use crate::domain::digest::Digest;
use crate::domain::ids::CardId;
use crate::domain::journal::Command;
use crate::domain::time::Span;
use crate::ports::{Address, PortError, Whereabouts};

/// How long the journalling of what is about to be shown may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// How soon a card that Slack refused is tried again: whoever mends the channel or the binding sees it by then.
const RESEND: Span = Span::minutes(15);

/// What is known of a card between two deliveries. It is kept at once, so that a crash or a lost answer
/// never posts a card twice; the journal's own record of the address follows as a command.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Memo {
    /// Whether it was sent and nobody knows the answer, or it stands already.
    sent: bool,
    at: Option<Address>,
    posted: Option<Digest>,
    /// Why it could not be put up the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failed: Option<String>,
}

impl Engine {
    /// Journals what is about to be shown, puts it up, and brings the address back.
    pub(super) async fn put_up(
        &self,
        card: &Card,
        attempts: u64,
        record: impl Fn(Result<Address, String>) -> Command,
    ) -> Result<Ended, EngineError> {
        let composed = self.outside.surface.compose(card);
        let digest = Digest::of(composed.blocks.as_bytes());
        let memo = self.memo(&card.id).await?;
        if memo.posted == Some(digest) {
            return Ok(Ended::With(vec![]));
        }
        if noticed(&card.id).is_some() && !card.body.waits() && !memo.sent {
            return Ok(Ended::With(vec![]));
        }
        self.journal_views(&composed).await?;
        let stands = match (&memo.at, memo.sent) {
            (Some(at), _) => Whereabouts::At(at.clone()),
            (None, true) => Whereabouts::Perhaps,
            (None, false) => Whereabouts::Nowhere,
        };
        self.keep_memo(
            &card.id,
            &Memo {
                sent: true,
                ..memo.clone()
            },
        )
        .await?;
        let delivered = self
            .outside
            .surface
            .deliver(&composed, &card.to, &stands)
            .await;
        Ok(match delivered {
            Ok(address) => {
                let moved = memo.at.as_ref() != Some(&address);
                let memo = Memo {
                    sent: true,
                    at: Some(address.clone()),
                    posted: Some(digest),
                    failed: None,
                };
                self.keep_memo(&card.id, &memo).await?;
                let found = moved.then(|| brought(record(Ok(address))));
                Ended::With(found.into_iter().collect())
            }
            Err(PortError::No { why }) => {
                let failure = brought(record(Err(why.clone())));
                self.refused(card, memo, failure, why).await?
            }
            Err(error @ PortError::Again { .. }) => {
                self.keep_memo(&card.id, &memo).await?;
                self.after(attempts, &error)
            }
            Err(error @ PortError::Unknown { .. }) => self.after(attempts, &error),
        })
    }

    /// Slack refuses a card. It is recorded once for each reason, and tried again for as long as somebody has to
    /// see it.
    async fn refused(
        &self,
        card: &Card,
        memo: Memo,
        failure: Brought,
        why: String,
    ) -> Result<Ended, EngineError> {
        tracing::warn!(card = %card.id, %why, "a card could not be put up");
        let known = memo.failed.as_ref() == Some(&why);
        let failed = Some(why.clone());
        self.keep_memo(&card.id, &Memo { failed, ..memo }).await?;
        if !card.body.waits() {
            return Ok(Ended::With(vec![failure]));
        }
        if !known {
            let key = format!("failed:{}:{}", card.id, self.command_id());
            self.store.submit(&self.submission(key, failure)).await?;
        }
        Ok(Ended::Again(self.now().plus(RESEND), why))
    }

    pub(super) async fn memo(&self, card: &CardId) -> Result<Memo, EngineError> {
        let kept = self.store.recall(&format!("card:{card}")).await?;
        Ok(kept
            .and_then(|(kept, _)| serde_json::from_str(&kept).ok())
            .unwrap_or_default())
    }

    async fn keep_memo(&self, card: &CardId, memo: &Memo) -> Result<(), EngineError> {
        let kept = serde_json::to_string(memo).unwrap_or_default();
        Ok(self
            .store
            .remember(&format!("card:{card}"), &kept, self.now())
            .await?)
    }

    /// Records every new rendering with its case, and waits until it is committed: a click may come at once.
    async fn journal_views(&self, composed: &Composed) -> Result<(), EngineError> {
        for view in &composed.views {
            if self.store.view(&view.view).await?.is_some() {
                continue;
            }
            let rendering = self.seal(ContentKind::Rendering, view.rendering.clone());
            let ask = CaseCommand::RecordShown {
                views: vec![view.shown(&composed.card, rendering.sealed)],
            };
            let brought = Brought::to_case(&view.case, ask, vec![rendering]);
            let key = format!("shown:{}:{}", view.view, self.command_id());
            let submission = self.submission(key, brought);
            let id = submission.id.clone();
            self.store.submit(&submission).await?;
            self.work_until_answered(&id, PATIENCE).await?;
        }
        Ok(())
    }
}

const fn brought(command: Command) -> Brought {
    Brought {
        command,
        contents: vec![],
    }
}
