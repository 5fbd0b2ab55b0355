//! Cards: what each of them shows, from committed state, and where it goes.

use super::effects::Ended;
use super::{Engine, EngineError};
use crate::domain::board::BoardCommand;
use crate::domain::card::{Body, Card, Destination, RequestFace, SimilarFace, Texts};
use crate::domain::case::Case;
use crate::domain::case::cards::{
    CardKind, Notice, NoticeAbout, NoticeState, kind_of, notice_of, noticed,
};
use crate::domain::case::command::CaseCommand;
use crate::domain::case::face::{Lens, case_face, escalation_face, request_face, texts_of};
use crate::domain::escalation::Role;
use crate::domain::ids::{CardId, CaseId, RequestId, RuleName};
use crate::domain::journal::Command;

/// How many similar decided cases a card shows.
const SIMILAR: usize = 3;

impl Engine {
    /// Brings a card of a case to the newest state.
    pub(super) async fn show_card(
        &self,
        id: &CaseId,
        card: &CardId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let Some(kind) = kind_of(&case, card) else {
            return Ok(Ended::With(vec![]));
        };
        let Some(built) = self.build(&case, &kind, card).await? else {
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
        let missing = noticed(card);
        let shown = missing.as_ref().unwrap_or(card);
        let Some(batch) = board.batches.iter().find(|batch| batch.card() == *shown) else {
            return Ok(Ended::With(vec![]));
        };
        let mut rows = vec![];
        for row in &batch.rows {
            let case = self.folded(&row.case).await?;
            rows.extend(self.face(&case, &row.request).await?);
        }
        let mut built = Card {
            id: shown.clone(),
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
        if missing.is_some() {
            built = self.notice(built, NoticeAbout::Batch).await?;
        }
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

    async fn build(
        &self,
        case: &Case,
        kind: &CardKind,
        card: &CardId,
    ) -> Result<Option<Card>, EngineError> {
        let (to, body) = match kind {
            CardKind::Approver(request, person) => {
                let Some(face) = self.face(case, request).await? else {
                    return Ok(None);
                };
                let person = person.clone();
                (
                    Destination::Person { person },
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
                let role = face.escalation.role;
                (Destination::Role { role }, Body::Escalation(Box::new(face)))
            }
            CardKind::Notice(of) => {
                let missing = noticed(card).unwrap_or_else(|| card.clone());
                let Some(built) = Box::pin(self.build(case, of, &missing)).await? else {
                    return Ok(None);
                };
                let about = match (of.as_ref(), &built.to) {
                    (CardKind::Approver(_, person), _) => {
                        NoticeAbout::Question(person.clone(), case.number)
                    }
                    (CardKind::Status(_), Destination::Role { role }) => {
                        NoticeAbout::Status(*role, case.number)
                    }
                    (_, Destination::Role { role }) => NoticeAbout::Escalation(*role, case.number),
                    _ => return Ok(None),
                };
                return self.notice(built, about).await.map(Some);
            }
        };
        let id = card.clone();
        Ok(Some(Card { id, to, body }))
    }

    /// What stands in for a card: in the channel of the role where a person could not be sent it, with first-line
    /// support where a role could not, and with the reviewers where first-line support could not.
    async fn notice(&self, missing: Card, about: NoticeAbout) -> Result<Card, EngineError> {
        let state = if self.memo(&missing.id).await?.failed.is_none() {
            NoticeState::Stands
        } else if missing.body.waits() {
            NoticeState::Missing
        } else {
            NoticeState::Over
        };
        let to = match (&missing.body, &missing.to) {
            (Body::Approver(face), _) => Destination::Role {
                role: face.request.asking.finally,
            },
            // No rule has the name of a role, so that this is the channel of all other reviewers.
            (
                _,
                Destination::Role {
                    role: Role::SupportL1,
                },
            ) => Destination::Reviewers {
                rule: RuleName::new(Role::SupportL1.word()),
            },
            _ => Destination::Role {
                role: Role::SupportL1,
            },
        };
        Ok(Card {
            id: notice_of(&missing.id),
            to,
            body: Body::Notice(Notice { about, state }),
        })
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
}
