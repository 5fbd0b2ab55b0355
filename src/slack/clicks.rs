//! Presses on their way to becoming commands: stored with what they were bound to, then acknowledged.

use super::door::{Door, DoorReply, reply_to};
use super::inbound::payload::Press;
use super::verbs::{Token, Verb};
use crate::domain::case::command::{CaseCommand, Click, Wants, Work, WorkStep};
use crate::domain::case::refusal::{Refusal, RefusalCode};
use crate::domain::content::Content;
use crate::domain::digest::Digest;
use crate::domain::ids::CommandId;
use crate::domain::journal::{Command, ReplyTo, Submission};
use crate::domain::person::{Actor, Person};
use crate::store::{StoreError, StoredView};

/// A command to a case with everything that goes into the inbox beside it.
pub(super) struct Asked {
    pub key: String,
    pub person: Person,
    pub ask: CaseCommand,
    pub contents: Vec<Content>,
    pub reply_to: Option<ReplyTo>,
}

impl Door {
    pub(super) async fn press(&self, press: Press) -> DoorReply {
        let Some(token) = Token::parse(&press.value) else {
            return DoorReply::done();
        };
        let stored = match self.parts.store.view(&token.view).await {
            Err(error) => return DoorReply::of_store(&error),
            Ok(None) => return self.say(&reply_to(&press), unknown()).await,
            Ok(Some(stored)) => stored,
        };
        if token.verb.opens_modal() {
            return self.open(&press, &token, &stored).await;
        }
        let person = self.person(&press.sender);
        let wants = match token.verb {
            Verb::Undo => Wants::Undo,
            _ => Wants::Approve { reason: None },
        };
        let step = match token.verb.billing() {
            Some(answer) => WorkStep::Answer {
                answer,
                words: None,
            },
            None => WorkStep::Take,
        };
        let Some(ask) = self.ask(&token, &stored, &person, wants, step) else {
            return self.say(&reply_to(&press), unknown()).await;
        };
        let asked = Asked {
            key: format!("press:{}:{}:{token}", person.user, press.action_ts),
            person,
            ask,
            contents: vec![],
            reply_to: Some(reply_to(&press)),
        };
        match self.commit(&stored, asked).await {
            Ok(_) => DoorReply::done(),
            Err(error) => DoorReply::of_store(&error),
        }
    }

    /// The command of a click: on a request what is wanted, on an escalation the step.
    pub(super) fn ask(
        &self,
        token: &Token,
        stored: &StoredView,
        person: &Person,
        wants: Wants,
        step: WorkStep,
    ) -> Option<CaseCommand> {
        let app = self.parts.settings.app.clone();
        let of_escalation = token.verb.of_escalation();
        match (&stored.shown.request, &stored.shown.escalation) {
            (Some(request), _) if !of_escalation => Some(CaseCommand::Click(Click {
                person: person.clone(),
                app,
                request: request.clone(),
                view: token.view.clone(),
                view_digest: stored.shown.digest,
                subject_prefix: token.subject_prefix.clone(),
                wants,
            })),
            (_, Some(escalation)) if of_escalation => Some(CaseCommand::Work(Work {
                person: person.clone(),
                app,
                escalation: escalation.clone(),
                view: token.view.clone(),
                subject_prefix: token.subject_prefix.clone(),
                step,
            })),
            _ => None,
        }
    }

    pub(super) async fn commit(
        &self,
        stored: &StoredView,
        asked: Asked,
    ) -> Result<CommandId, StoreError> {
        let digest = Digest::of(asked.key.as_bytes());
        let submission = Submission {
            id: CommandId::new(format!("slack.{}", digest.prefix())),
            key: format!("slack:{digest}"),
            origin: digest,
            actor: Actor::Person {
                person: asked.person,
            },
            at: self.parts.clock.now(),
            command: Command::Case {
                case: stored.case.clone(),
                ask: asked.ask,
            },
            contents: asked.contents,
            reply_to: asked.reply_to,
        };
        Ok(self.parts.store.submit(&submission).await?.command)
    }
}

pub(super) fn unknown() -> Refusal {
    Refusal::new(
        RefusalCode::Unknown,
        "This button belongs to nothing that stands here any more; your click changed nothing.",
        "Open the case with /triage show and its number.",
    )
}
