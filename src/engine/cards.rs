//! Cards: composed from committed state, journalled as shown, then put up.

use super::effects::{Brought, Ended};
use super::{Engine, EngineError};
use crate::domain::board::BoardCommand;
use crate::domain::card::{Body, Card, Composed, Destination, RequestFace, SimilarFace, Texts};
use crate::domain::case::Case;
use crate::domain::case::cards::{CardKind, kind_of};
use crate::domain::case::command::CaseCommand;
use crate::domain::case::face::{Lens, case_face, escalation_face, request_face, texts_of};
use crate::domain::content::ContentKind;
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, CaseId, RequestId, RuleName};
use crate::domain::journal::Command;
use crate::ports::{Address, PortError, Whereabouts};

/// How many similar decided cases a card shows.
const SIMILAR: usize = 3;
/// How long the journalling of what is about to be shown may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// What is known of a card between two deliveries. It is kept at once, so that a crash or a lost answer
/// never posts a card twice; the journal's own record of the address follows as a command.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
struct Memo {
    /// Whether it was sent and nobody knows the answer, or it stands already.
    sent: bool,
    at: Option<Address>,
    posted: Option<Digest>,
}

impl Engine {
    /// Brings a card of a case to the newest state.
    pub(super) async fn show_card(
        &self,
        id: &CaseId,
        card: &CardId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let Some(built) = self.build(&case, card).await? else {
            return Ok(Ended::With(vec![]));
        };
        self.put_up(&built, attempts, |posted| match posted {
            Ok(at) => Command::Case {
                case: id.clone(),
                ask: CaseCommand::RecordCardPosted {
                    card: card.clone(),
                    channel: at.channel,
                    ts: at.ts,
                },
            },
            Err(why) => Command::Case {
                case: id.clone(),
                ask: CaseCommand::RecordCardFailed {
                    card: card.clone(),
                    why,
                },
            },
        })
        .await
    }

    /// Brings a batch's card to the newest state.
    pub(super) async fn show_batch(
        &self,
        card: &CardId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        let board = self.store.board().await?;
        let Some(batch) = board.batches.iter().find(|batch| batch.card() == *card) else {
            return Ok(Ended::With(vec![]));
        };
        let mut rows = vec![];
        for row in &batch.rows {
            let case = self.folded(&row.case).await?;
            rows.extend(self.face(&case, &row.request).await?);
        }
        let built = Card {
            id: card.clone(),
            to: Destination::Reviewers {
                rule: batch.rule.clone(),
            },
            body: Body::Batch {
                batch: batch.id.clone(),
                people: self.policy().names_for_people(&batch.rule, None),
                rows,
                closed: batch.closed,
            },
        };
        self.put_up(&built, attempts, |posted| match posted {
            Ok(at) => Command::Board {
                ask: BoardCommand::RecordCardPosted {
                    card: card.clone(),
                    channel: at.channel,
                    ts: at.ts,
                },
            },
            Err(why) => Command::Board {
                ask: BoardCommand::RecordCardFailed {
                    card: card.clone(),
                    why,
                },
            },
        })
        .await
    }

    async fn build(&self, case: &Case, card: &CardId) -> Result<Option<Card>, EngineError> {
        let Some(kind) = kind_of(case, card) else {
            return Ok(None);
        };
        let (to, body) = match &kind {
            CardKind::Approver(request, person) => {
                let Some(face) = self.face(case, request).await? else {
                    return Ok(None);
                };
                (
                    Destination::Person {
                        person: person.clone(),
                    },
                    Body::Approver(Box::new(face)),
                )
            }
            CardKind::Status(request) => {
                let Some(face) = self.face(case, request).await? else {
                    return Ok(None);
                };
                let role = face.request.asking.finally;
                (Destination::Role { role }, Body::Status(Box::new(face)))
            }
            CardKind::Escalation(id) => {
                let texts = self.texts(case).await?;
                let people = self.people_words(case);
                let lens = Lens {
                    texts: &texts,
                    similar: &[],
                    people: &people,
                };
                let Some(face) = escalation_face(case, id, lens) else {
                    return Ok(None);
                };
                (
                    Destination::Role {
                        role: face.escalation.role,
                    },
                    Body::Escalation(Box::new(face)),
                )
            }
        };
        Ok(Some(Card {
            id: card.clone(),
            to,
            body,
        }))
    }

    /// One request as a person sees it now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn request_face(
        &self,
        case: &Case,
        request: &RequestId,
    ) -> Result<Option<RequestFace>, EngineError> {
        self.face(case, request).await
    }

    async fn face(
        &self,
        case: &Case,
        request: &RequestId,
    ) -> Result<Option<RequestFace>, EngineError> {
        let texts = self.texts(case).await?;
        let similar = self.similar(case, request, &texts).await?;
        let people = self.people_words(case);
        Ok(request_face(
            case,
            request,
            Lens {
                texts: &texts,
                similar: &similar,
                people: &people,
            },
        ))
    }

    pub(super) async fn texts(&self, case: &Case) -> Result<Texts, EngineError> {
        Ok(self.store.texts_of(texts_of(case)).await?)
    }

    fn people_words(&self, case: &Case) -> impl Fn(&RuleName) -> String + Send + Sync + use<> {
        let policy = self.policy();
        let amount = case
            .drafts
            .iter()
            .rev()
            .find_map(|draft| draft.draft.action.amount());
        move |rule| policy.names_for_people(rule, amount)
    }

    async fn similar(
        &self,
        case: &Case,
        request: &RequestId,
        texts: &Texts,
    ) -> Result<Vec<SimilarFace>, EngineError> {
        let drafted = case
            .request(request)
            .and_then(|asked| case.draft(&asked.request.draft));
        let Some(kind) = drafted.map(|draft| draft.draft.action.kind()) else {
            return Ok(vec![]);
        };
        let nobody = |_: &RuleName| String::new();
        let text = case_face(
            case,
            Lens {
                texts,
                similar: &[],
                people: &nobody,
            },
        )
        .text;
        Ok(self.store.similar(&text, kind, &case.id, SIMILAR).await?)
    }

    /// Journals what is about to be shown, puts it up, and brings the address back.
    async fn put_up(
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
        let brought = |command| Brought {
            command,
            contents: vec![],
        };
        Ok(
            match self
                .outside
                .surface
                .deliver(&composed, &card.to, &stands)
                .await
            {
                Ok(address) => {
                    let moved = memo.at.as_ref() != Some(&address);
                    let memo = Memo {
                        sent: true,
                        at: Some(address.clone()),
                        posted: Some(digest),
                    };
                    self.keep_memo(&card.id, &memo).await?;
                    Ended::With(
                        moved
                            .then(|| brought(record(Ok(address))))
                            .into_iter()
                            .collect(),
                    )
                }
                Err(PortError::No { why }) => {
                    tracing::warn!(card = %card.id, %why, "a card could not be put up");
                    self.keep_memo(&card.id, &memo).await?;
                    Ended::With(vec![brought(record(Err(why)))])
                }
                Err(error @ PortError::Again { .. }) => {
                    self.keep_memo(&card.id, &memo).await?;
                    self.after(attempts, &error)
                }
                Err(error @ PortError::Unknown { .. }) => self.after(attempts, &error),
            },
        )
    }

    async fn memo(&self, card: &CardId) -> Result<Memo, EngineError> {
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
