//! Modals on their way out and back: opened from what stands now, and answered from committed state.

use std::time::Duration;

use serde_json::{Value, json};

use super::clicks::{Asked, unknown};
use super::client::Again;
use super::door::{Door, DoorReply, reply_to};
use super::inbound::payload::{OpenView, Press, Sender};
use super::modals::{self, details, edit};
use super::verbs::{Token, Verb};
use crate::domain::card::{RequestFace, Texts};
use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Wants, WorkStep};
use crate::domain::case::face::{Lens, escalation_face, request_face, texts_of};
use crate::domain::case::refusal::{Answer, Refusal, RefusalCode};
use crate::domain::content::{Content, ContentKind, Sealed};
use crate::domain::digest::Digest;
use crate::domain::draft::Action;
use crate::domain::ids::{RequestId, RuleName};
use crate::domain::journal::ReplyTo;
use crate::domain::person::Person;
use crate::store::{StoreError, StoredView};

/// How long a modal waits for what came of it. Slack closes the connection after three seconds.
const ANSWER_PATIENCE: Duration = Duration::from_millis(2_000);
/// How long Slack may take to open a modal: after three seconds the click is no ticket for one any more.
const OPEN_PATIENCE: Duration = Duration::from_millis(1_200);
/// How long opening the details waits for their view to be journalled.
const VIEW_PATIENCE: Duration = Duration::from_millis(800);

/// What a modal needs to be drawn or read.
struct Subject {
    face: RequestFace,
    action: Action,
    texts: Texts,
}

impl Door {
    /// Opens a modal, or turns a page of one. Nothing changes by it.
    pub(super) async fn open(
        &self,
        press: &Press,
        token: &Token,
        stored: &StoredView,
    ) -> DoorReply {
        let person = self.person(&press.sender);
        if let Err(refusal) = self.may_read(&person).await {
            return self.say(&reply_to(press), refusal).await;
        }
        // The verb and what stood on the card must be of one kind, or the value was put together by hand.
        if token.verb.of_escalation() != stored.shown.request.is_none() {
            return self.say(&reply_to(press), unknown()).await;
        }
        let page = page_of(&press.action);
        let view = match &stored.shown.request {
            None if token.verb == Verb::LinkCustomer => Ok(Some(modals::link::view(token))),
            None => self.escalation_modal(stored, token).await,
            Some(request) => {
                self.request_modal(stored, request, token, (&person, page))
                    .await
            }
        };
        let view = match view {
            Err(error) => return DoorReply::of_store(&error),
            Ok(None) => return self.say(&reply_to(press), unknown()).await,
            Ok(Some(view)) => view,
        };
        let (method, body) = match &press.view {
            Some(open) => {
                let mut body = json!({"view_id": open.id, "view": view});
                if !open.hash.is_empty() {
                    body["hash"] = json!(open.hash);
                }
                ("views.update", body)
            }
            None => {
                let trigger = press.sender.trigger.clone().unwrap_or_default();
                ("views.open", json!({"trigger_id": trigger, "view": view}))
            }
        };
        let opening = self.parts.client.write(method, &body, Again::Harmless);
        match tokio::time::timeout(OPEN_PATIENCE, opening).await {
            Ok(Ok(_)) => return DoorReply::done(),
            Ok(Err(failed)) => tracing::warn!(error = %failed.port, "a modal could not be opened"),
            Err(_) => tracing::warn!("Slack did not say in time whether a modal is open"),
        }
        self.say(&reply_to(press), not_opened()).await
    }

    async fn escalation_modal(
        &self,
        stored: &StoredView,
        token: &Token,
    ) -> Result<Option<Value>, StoreError> {
        let store = &self.parts.store;
        let (Some(id), Some(case)) = (&stored.shown.escalation, store.case(&stored.case).await?)
        else {
            return Ok(None);
        };
        let texts = store.texts_of(texts_of(&case)).await?;
        let policy = (self.parts.policy)();
        let people = |rule: &RuleName| policy.names_for_people(rule, None);
        let lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        let face = escalation_face(&case, id, lens);
        Ok(face.map(|face| modals::of_escalation(&face, token)))
    }

    async fn request_modal(
        &self,
        stored: &StoredView,
        request: &RequestId,
        token: &Token,
        (person, page): (&Person, usize),
    ) -> Result<Option<Value>, StoreError> {
        let Some(subject) = self.subject(stored, request).await? else {
            return Ok(None);
        };
        let face = &subject.face;
        if token.verb == Verb::Details {
            let Some(details) = details::of(face) else {
                return Ok(None);
            };
            if modals::waits(face) && page + 1 >= details.count() {
                self.record(stored, &details, person).await?;
            }
            return Ok(Some(details.page(page, token)));
        }
        let current = face.request.subject.matches_prefix(&token.subject_prefix);
        if !modals::waits(face) || !current {
            return Ok(Some(modals::too_late(face)));
        }
        Ok(Some(if token.verb == Verb::Edit {
            edit::view(face, &subject.action, &subject.texts, token)
        } else {
            modals::of_request(face, token)
        }))
    }

    /// Journals the view that the last page of the details is, before anybody can approve from it.
    async fn record(
        &self,
        stored: &StoredView,
        details: &details::Details,
        person: &Person,
    ) -> Result<(), StoreError> {
        let view = &details.view;
        if self.parts.store.view(&view.view).await?.is_some() {
            return Ok(());
        }
        let salt = self.parts.entropy.salt();
        let rendering = Content::seal(ContentKind::Rendering, salt, &*view.rendering);
        let asked = Asked {
            key: format!("shown:{}", view.view),
            person: person.clone(),
            ask: CaseCommand::RecordShown {
                views: vec![view.shown(&details.card, rendering.sealed)],
            },
            contents: vec![rendering],
            reply_to: None,
        };
        let command = self.commit(stored, asked).await?;
        self.parts
            .store
            .wait_answer(&command, VIEW_PATIENCE)
            .await?;
        Ok(())
    }

    /// A request as it stands now.
    async fn subject(
        &self,
        stored: &StoredView,
        request: &RequestId,
    ) -> Result<Option<Subject>, StoreError> {
        let store = &self.parts.store;
        let Some(case) = store.case(&stored.case).await? else {
            return Ok(None);
        };
        let texts = store.texts_of(texts_of(&case)).await?;
        let Some(action) = action_of(&case, request) else {
            return Ok(None);
        };
        let policy = (self.parts.policy)();
        let amount = action.amount();
        let people = |rule: &RuleName| policy.names_for_people(rule, amount);
        let mut lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        let Some(plain) = request_face(&case, request, lens) else {
            return Ok(None);
        };
        let similar = store
            .similar(&plain.case.text, action.kind(), &case.id, 3)
            .await?;
        lens.similar = &similar;
        let face = request_face(&case, request, lens);
        Ok(face.map(|face| Subject {
            face,
            action,
            texts,
        }))
    }

    pub(super) async fn submitted(&self, sender: Sender, view: OpenView) -> DoorReply {
        let Some(token) = Token::parse(&view.metadata) else {
            return DoorReply::done();
        };
        let person = self.person(&sender);
        match self.answer_modal(&person, &view, &token).await {
            Ok(reply) => reply,
            Err(error) => DoorReply::of_store(&error),
        }
    }

    async fn answer_modal(
        &self,
        person: &Person,
        view: &OpenView,
        token: &Token,
    ) -> Result<DoorReply, StoreError> {
        let Some(stored) = self.parts.store.view(&token.view).await? else {
            let refusal = unknown();
            return Ok(update(&modals::answered(Some(&Answer::Refused {
                refusal,
            }))));
        };
        let mut contents = vec![];
        let asked = self
            .filled(person, view, (token, &stored), &mut contents)
            .await?;
        let ask = match asked {
            Ok(Some(ask)) => ask,
            Ok(None) => return Ok(DoorReply::done()),
            Err(errors) => {
                return Ok(DoorReply::says(
                    &json!({"response_action": "errors", "errors": errors}),
                ));
            }
        };
        let typed = Digest::of(json!(view.values).to_string().as_bytes());
        let asked = Asked {
            key: format!("modal:{}:{}:{token}:{typed}", person.user, view.id),
            person: person.clone(),
            ask,
            contents,
            reply_to: Some(ReplyTo {
                user: person.user.clone(),
                channel: None,
                thread_ts: None,
            }),
        };
        let command = self.commit(&stored, asked).await?;
        let answer = self
            .parts
            .store
            .wait_answer(&command, ANSWER_PATIENCE)
            .await;
        // The command is stored, so from here on nothing that fails may look like a failure to the person.
        let answer = answer.unwrap_or_else(|error| {
            tracing::warn!(%error, "the answer of a modal could not be read");
            None
        });
        if answer.is_some()
            && let Err(error) = self.parts.store.claim_tell(&command).await
        {
            tracing::warn!(%error, "a person may be told the same thing twice");
        }
        Ok(update(&modals::answered(answer.as_ref())))
    }

    fn seal(&self, words: Option<String>, contents: &mut Vec<Content>) -> Option<Sealed> {
        let content = Content::seal(ContentKind::Reason, self.parts.entropy.salt(), words?);
        let sealed = content.sealed;
        contents.push(content);
        Some(sealed)
    }

    /// What a modal asks for, or what is wrong with it; the texts that it refers to come with it.
    async fn filled(
        &self,
        person: &Person,
        view: &OpenView,
        (token, stored): (&Token, &StoredView),
        contents: &mut Vec<Content>,
    ) -> Result<Result<Option<CaseCommand>, modals::FieldErrors>, StoreError> {
        let values = &view.values;
        let why = modals::typed(values, modals::WHY).map(str::to_owned);
        if token.verb == Verb::LinkCustomer {
            return Ok(modals::link::read(values).map(|(customer, words)| {
                let words = self.seal(Some(words), contents);
                let step = WorkStep::LinkCustomer { customer, words };
                self.ask(token, stored, person, Wants::Undo, step)
            }));
        }
        let Some(request) = &stored.shown.request else {
            let words = self.seal(why, contents);
            return Ok(modals::work(token.verb, words)
                .map(|step| self.ask(token, stored, person, Wants::Undo, step)));
        };
        let Some(subject) = self.subject(stored, request).await? else {
            return Ok(Ok(None));
        };
        let wants = match token.verb {
            Verb::Reject => modals::rejection(values).map(|(preset, words)| Wants::Reject {
                preset,
                reason: self.seal(words, contents),
            }),
            Verb::Edit => {
                let filled = edit::Filled {
                    action: &subject.action,
                    texts: &subject.texts,
                    values,
                    entropy: &*self.parts.entropy,
                };
                filled.read().map(|(action, texts)| {
                    contents.extend(texts);
                    Wants::Edit {
                        action,
                        reason: self.seal(why, contents),
                    }
                })
            }
            _ => modals::approval(values, subject.face.request.tier).map(|words| Wants::Approve {
                reason: self.seal(words, contents),
            }),
        };
        Ok(wants.map(|wants| self.ask(token, stored, person, wants, WorkStep::Take)))
    }
}

fn action_of(case: &Case, request: &RequestId) -> Option<Action> {
    let draft = &case.request(request)?.request.draft;
    Some(case.draft(draft)?.draft.action.clone())
}

/// The page that a button of the details turns to.
fn page_of(action: &str) -> usize {
    let number = action.strip_prefix("cs.page.").unwrap_or("0");
    number.parse().unwrap_or(0)
}

fn update(view: &Value) -> DoorReply {
    DoorReply::says(&json!({"response_action": "update", "view": view}))
}

fn not_opened() -> Refusal {
    Refusal::new(
        RefusalCode::CannotTell,
        "Slack did not open the window in time; nothing was changed.",
        "Click again.",
    )
}
