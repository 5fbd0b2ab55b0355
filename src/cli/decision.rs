//! A decision given at a terminal: bound to the rendering that was printed, like a click.

use anyhow::Context as _;

use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Click, Wants};
use crate::domain::case::refusal::Answer;
use crate::domain::content::ContentKind;
use crate::domain::ids::{RequestId, UserId};
use crate::domain::journal::Command;
use crate::domain::person::{Actor, Person};
use crate::engine::Engine;

/// How many steps a decision may take.
const STEPS: usize = 200;

/// What can be decided at a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Verb {
    /// Do it as it stands.
    Approve,
    /// Do not do it.
    Reject,
}

/// A decision as it was typed.
pub(super) struct Spoken {
    pub(super) verb: Verb,
    pub(super) person: String,
    pub(super) reason: Option<String>,
}

/// Puts the decision through the same door as a click and waits for its answer.
pub(super) async fn submit(
    engine: &Engine,
    case: &Case,
    request: &RequestId,
    spoken: &Spoken,
) -> anyhow::Result<Answer> {
    let asked = case
        .request(request)
        .context("the request is not there any more")?;
    let view = case
        .views
        .values()
        .rev()
        .find(|view| {
            view.request.as_ref() == Some(request) && view.subject == asked.request.subject
        })
        .context("the request has not been shown yet")?;
    let installation = engine.installation();
    let person = Person {
        enterprise: installation.enterprise.clone(),
        team: installation.team.clone(),
        user: UserId::new(spoken.person.trim()),
    };
    let reason = spoken
        .reason
        .as_ref()
        .map(|reason| engine.seal(ContentKind::Reason, reason.clone()));
    let sealed = reason.as_ref().map(|reason| reason.sealed);
    let click = Click {
        person: person.clone(),
        app: installation.app.clone(),
        request: request.clone(),
        view: view.view.clone(),
        view_digest: view.digest,
        subject_prefix: view.subject.prefix(),
        wants: match spoken.verb {
            Verb::Approve => Wants::Approve { reason: sealed },
            Verb::Reject => Wants::Reject {
                preset: None,
                reason: sealed,
            },
        },
    };
    let command = Command::Case {
        case: case.id.clone(),
        ask: CaseCommand::Click(click),
    };
    let id = engine
        .submit(
            Actor::Person { person },
            command,
            reason.into_iter().collect(),
        )
        .await?;
    engine.settle(STEPS).await?;
    engine
        .store()
        .answer_of(&id)
        .await?
        .context("the decision was not answered")
}
