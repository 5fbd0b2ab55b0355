//! `countersign policy`: which policy this folder is, which one is in force, and who put it there.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::diff::{Compare, print_diff};
use super::explain::Explain;
use super::lint::Lint;
use super::schema::Schema;
use super::sheet::minute;
use super::{Ended, Misuse, local, print_problems};
use crate::adapters::machine::{MachineClock, MachineEntropy};
use crate::config::{self, Manifests};
use crate::domain::board::BoardEvent;
use crate::domain::digest::Digest;
use crate::domain::ids::{StreamId, UserId};
use crate::domain::journal::Event;
use crate::domain::person::{Membership, Person, Standing};
use crate::domain::policy::Policy;
use crate::domain::policy::diff::Diff;
use crate::ports::{Clock as _, PersonReading};
use crate::store::Store;
use crate::{app, ports};

/// The policy that this installation runs.
#[derive(Subcommand)]
pub enum PolicyCommand {
    /// Print the digest of the policy folder.
    Hash,
    /// Put the policy folder in force on this database. A running server takes it at its next start.
    Pin(Pin),
    /// Every policy that was in force on this database: since when, and who put it there.
    Log(Log),
    /// Prove that a policy leaves no input without a tier and has no rule that never counts; name every problem.
    Check(Lint),
    /// Say why the policy says what it says: for a draft or a case with given facts, the whole path.
    Explain(Explain),
    /// Say what changes between two policies, and for which inputs.
    Diff(Compare),
    /// Write the JSON Schemas of all manifests, by which editors check and complete them.
    Schema(Schema),
}

/// Put the policy folder in force.
#[derive(Args)]
pub struct Pin {
    /// Who puts it in force: the id of a user whom the policy in force names under `operators`.
    #[arg(long = "as", value_name = "USER")]
    person: String,
    #[command(flatten)]
    database: local::Database,
}

/// Every policy that was in force.
#[derive(Args)]
pub struct Log {
    #[command(flatten)]
    database: local::Database,
}

impl PolicyCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        match self {
            Self::Hash => match config::read(manifests) {
                Ok(read) => say!("{}", read.policy.digest()),
                Err(problems) => return Ok(print_problems(&problems)),
            },
            Self::Pin(pin) => return pin.run(manifests).await,
            Self::Check(lint) => return Ok(lint.run(manifests)),
            Self::Explain(explain) => return explain.run(manifests),
            Self::Diff(compare) => return compare.run(manifests).await,
            Self::Schema(schema) => return schema.run(manifests),
            Self::Log(log) => {
                let store = log.database.existing(manifests).await?;
                let lines = activations(&store).await?;
                if lines.is_empty() {
                    say!("No policy was put in force on this database yet.");
                }
                lines.iter().for_each(|line| say!("{line}"));
            }
        }
        Ok(Ended::Fine)
    }
}

impl Pin {
    async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let read = match config::read(manifests) {
            Ok(read) => read,
            Err(problems) => return Ok(print_problems(&problems)),
        };
        let digest = read.policy.digest();
        let store = self.database.open(manifests).await?;
        let pinned = store.board().await?.policy;
        if pinned == Some(digest) {
            say!("{digest} is in force already.");
            return Ok(Ended::Fine);
        }
        let before = match &pinned {
            Some(pinned) => Some(kept(&store, pinned).await?),
            None => None,
        };
        // Who may replace a policy is said by the policy that is replaced: nobody edits themselves into it.
        let authority = before.as_ref().unwrap_or(&read.policy);
        let by = operator(&self.person, authority, &read, (manifests, &store)).await?;
        let after = read.policy.canonical();
        store.put_policy(&digest, after, MachineClock.now()).await?;
        if let Some(before) = &before {
            let until = before.digest();
            say!("In force until now: {until}\nIn force from now:  {digest}\n");
            print_diff(&Diff::between(before, &read.policy));
            say!("\nA server that runs holds its writes until it is started again.");
        } else {
            say!("In force from now: {digest}");
        }
        app::pin(&store, digest, Some(by), &MachineClock, &MachineEntropy).await?;
        Ok(Ended::Fine)
    }
}

/// A policy that was in force, as it was kept.
pub(super) async fn kept(store: &Store, digest: &Digest) -> anyhow::Result<Policy> {
    let canonical = store.policy(digest).await?;
    canonical
        .and_then(|canonical| Policy::restore(&canonical).ok())
        .filter(|policy| policy.digest() == *digest)
        .with_context(|| {
            let short = digest.short();
            format!(
                "the policy in force, {short}, is not kept whole in this database; restore a backup"
            )
        })
}

/// The person, if the policy names them as an operator.
///
/// Whoever can run this command with this database says who they are: the name is for the record. An id that the policy
/// names is enough; whether somebody is in a group, only Slack can say.
async fn operator(
    typed: &str,
    policy: &Policy,
    read: &Manifests,
    (manifests, store): (&Path, &Store),
) -> anyhow::Result<Person> {
    let slack = &read.workspace.slack;
    let person = Person {
        enterprise: slack.enterprise.clone(),
        team: slack.team.clone(),
        user: UserId::new(typed.trim()),
    };
    let named = Standing {
        membership: Membership::Member,
        groups: vec![],
        read_at: MachineClock.now(),
        source: "terminal".into(),
        who: None,
    };
    let mut may = policy.may_operate(&person, &named, &slack.team);
    let groups = policy.operator_groups();
    if may.is_err() && !groups.is_empty() {
        let reading = slack_reads((manifests, store), &person, &groups).await?;
        let standing = Standing {
            membership: reading.membership,
            groups: reading.groups,
            read_at: reading.read_at,
            source: reading.source,
            who: None,
        };
        may = policy.may_operate(&person, &standing, &slack.team);
    }
    match may {
        Ok(_) => Ok(person),
        Err(refused) => {
            let user = &person.user;
            Err(Misuse(format!(
                "`{user}` may not put a policy in force. {} Name one of them with --as; nothing was changed.",
                refused.reason
            ))
            .into())
        }
    }
}

async fn slack_reads(
    (manifests, store): (&Path, &Store),
    person: &Person,
    groups: &[crate::domain::ids::GroupId],
) -> anyhow::Result<PersonReading> {
    let config = config::read(manifests)
        .and_then(|read| read.resolve(&config::environment))
        .map_err(|problems| Misuse::of(&problems))?;
    let clock: Arc<dyn ports::Clock> = Arc::new(MachineClock);
    let slack = app::Slack::open(&config, store.clone(), clock, Arc::new(MachineEntropy))?;
    let people = slack.stage().people;
    let reading = people.read(person, groups).await;
    reading.context("Slack does not say who is in the groups of the operators")
}

/// One line for each activation, oldest first.
pub(super) async fn activations(store: &Store) -> anyhow::Result<Vec<String>> {
    let events = store.events(&StreamId::board()).await?;
    let lines = events.iter().filter_map(|recorded| match &recorded.event {
        Event::Board(BoardEvent::PolicyActivated { policy, by }) => {
            let by = by.as_ref().map_or_else(
                || "the first start".to_owned(),
                |person| format!("@{}", person.user),
            );
            Some(format!("{}  {policy}  by {by}", minute(recorded.at)))
        }
        _ => None,
    });
    Ok(lines.collect())
}
