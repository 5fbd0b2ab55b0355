//! A decision given at a terminal: bound to the rendering that was printed, like a click.

use anyhow::Context as _;

use super::sheet::short;
use crate::domain::approval::RequestProgress;
use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Click, Wants};
use crate::domain::case::refusal::Answer;
use crate::domain::content::{Content, ContentKind};
use crate::domain::draft::Action;
use crate::domain::ids::{RequestId, UserId};
use crate::domain::journal::Command;
use crate::domain::person::{Actor, Membership, Person, Standing};
use crate::engine::Engine;
use crate::ports::{People, PortError};

/// How many steps a decision may take.
const STEPS: usize = 200;

/// What can be decided at a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Verb {
    /// Do it as it stands.
    Approve,
    /// Do it with the changes of --set.
    Edit,
    /// Do not do it.
    Reject,
    /// Take back what was approved, while it has not gone out.
    Undo,
}

/// A decision as it was typed.
pub(super) struct Spoken {
    pub(super) wants: Wanted,
    pub(super) person: Person,
    pub(super) reason: Option<String>,
}

/// What is wanted, with the whole changed action where something is.
pub(super) enum Wanted {
    Approve,
    Edit(Action, Vec<Content>),
    Reject,
    Undo,
}

/// Somebody of this installation's workspace, by a user id as it was typed.
pub(super) fn somebody(engine: &Engine, typed: &str) -> Person {
    let installation = engine.installation();
    Person {
        enterprise: installation.enterprise.clone(),
        team: installation.team.clone(),
        user: UserId::new(typed.trim()),
    }
}

/// Whether Slack knows the person at all.
///
/// # Errors
/// When Slack does not answer.
pub(super) async fn is_known(people: &dyn People, person: &Person) -> Result<bool, PortError> {
    let reading = people.read(person, &[]).await?;
    Ok(reading.membership != Membership::Unknown)
}

/// Whether the rule of a request names a person. Only to choose which request is meant: the domain asks again.
///
/// # Errors
/// When Slack does not answer.
pub(super) async fn is_theirs(
    engine: &Engine,
    people: &dyn People,
    case: &Case,
    asked: &RequestProgress,
    person: &Person,
) -> Result<bool, PortError> {
    let rule = &asked.request.asking.approver_rule;
    let draft = case.draft(&asked.request.draft);
    let amount = draft.and_then(|draft| draft.draft.action.amount());
    let policy = engine.policy();
    let reading = people.read(person, &policy.groups_of(rule, amount)).await?;
    let standing = Standing {
        membership: reading.membership,
        groups: reading.groups,
        read_at: reading.read_at,
        source: reading.source,
        who: None,
    };
    let home = &engine.installation().team;
    Ok(policy
        .may_decide(rule, amount, person, &standing, home)
        .is_ok())
}

/// The request of a case that is meant by `r2`, or by the whole id.
pub(super) fn named<'a>(case: &'a Case, typed: &str) -> Option<&'a RequestId> {
    let mut all = case.requests.iter().map(|asked| &asked.request.id);
    let typed = typed.trim();
    all.rfind(|id| id.as_str() == typed || short(id.as_str()) == typed)
}

/// Puts the decision through the same door as a click and waits for its answer.
///
/// # Errors
/// When the request was never shown, or the database does not answer.
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
    let sealed = spoken.reason.as_ref();
    let reason = sealed.map(|reason| engine.seal(ContentKind::Reason, reason.clone()));
    let sealed = reason.as_ref().map(|reason| reason.sealed);
    let mut contents: Vec<Content> = reason.into_iter().collect();
    let wants = match &spoken.wants {
        Wanted::Approve => Wants::Approve { reason: sealed },
        Wanted::Edit(action, texts) => {
            contents.extend(texts.iter().cloned());
            Wants::Edit {
                action: action.clone(),
                reason: sealed,
            }
        }
        Wanted::Reject => Wants::Reject {
            preset: None,
            reason: sealed,
        },
        Wanted::Undo => Wants::Undo,
    };
    let click = Click {
        person: spoken.person.clone(),
        app: engine.installation().app.clone(),
        request: request.clone(),
        view: view.view.clone(),
        view_digest: view.digest,
        subject_prefix: view.subject.prefix(),
        wants,
    };
    let command = Command::Case {
        case: case.id.clone(),
        ask: CaseCommand::Click(click),
    };
    let person = spoken.person.clone();
    let id = engine
        .submit(Actor::Person { person }, command, contents)
        .await?;
    engine.settle(STEPS).await?;
    engine
        .store()
        .answer_of(&id)
        .await?
        .context("the decision was not answered")
}
