//! What a command needs to know before its transaction: its case so far, and what was read outside.

use std::sync::Arc;

use tracing::{Instrument as _, Span};

use super::gather::email_in;
use super::{Engine, EngineError};
use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Click, Deadline, Work, WorkStep};
use crate::domain::case::context::FirstAsks;
use crate::domain::content::{Content, ContentKind};
use crate::domain::ids::{CaseId, CustomerId, GroupId};
use crate::domain::journal::Command;
use crate::domain::person::{Person, Standing};
use crate::domain::policy::Policy;
use crate::store::{Claimed, Hold};

/// What is known of a command before its transaction.
#[derive(Default)]
pub(super) struct Before {
    /// Who asks, read just now.
    pub(super) standing: Option<Standing>,
    /// The name and address in it, to be kept apart.
    pub(super) who: Option<Content>,
    /// The policy under which the question was asked.
    pub(super) asked_under: Option<Arc<Policy>>,
    /// Whether whoever asks wrote the ticket.
    pub(super) wrote_ticket: bool,
    /// The address of whoever asks, to be held against the ticket's.
    email: Option<String>,
}

impl Engine {
    /// Reads what each of these commands needs to know, and says what their turn is to hold. Their cases are read
    /// together, and so are the authors of their tickets; each command is of another stream.
    pub(super) async fn before(
        &self,
        group: &[Claimed],
        spans: &[Span],
    ) -> Result<Vec<(Hold, Before)>, EngineError> {
        let cases = group.iter().filter_map(|one| asked_of(one));
        let mut folds = self
            .store
            .folds(cases.map(|(case, _)| case))
            .await?
            .into_iter();
        let reading = group.iter().zip(spans).map(|(claimed, span)| {
            let fold = asked_of(claimed).and_then(|(_, ask)| Some((folds.next()?, ask)));
            let reading = async move {
                let Some((fold, ask)) = fold else {
                    let stream = claimed.submission.command.stream();
                    return Ok((Hold::Stream(stream), Before::default()));
                };
                let before = self.read_outside(&fold.case, ask).await?;
                Ok::<_, EngineError>((Hold::Case(Box::new(fold)), before))
            };
            reading.instrument(span.clone())
        });
        let mut read = futures_util::future::try_join_all(reading).await?;
        self.compare_authors(&mut read).await?;
        Ok(read)
    }

    /// The person who clicks, read before the transaction: the account, and exactly the groups concerned.
    async fn read_outside(&self, case: &Case, ask: &CaseCommand) -> Result<Before, EngineError> {
        let asked_under = self.asked_under(case, ask).await?;
        let unread = Before {
            asked_under,
            ..Before::default()
        };
        let Some((person, groups)) = self.clicker(case, ask) else {
            return Ok(unread);
        };
        let reading = match self.outside.people.read(person, &groups).await {
            Ok(reading) => reading,
            Err(error) => {
                tracing::warn!(%error, "a person could not be read; the click is refused");
                return Ok(unread);
            }
        };
        let who = serde_json::json!({ "name": reading.name, "email": reading.email });
        let who = self.seal(ContentKind::Standing, who.to_string());
        let standing = Standing {
            membership: reading.membership,
            groups: reading.groups,
            read_at: reading.read_at,
            source: reading.source,
            who: Some(who.sealed),
        };
        Ok(Before {
            standing: Some(standing),
            who: Some(who),
            email: reading.email,
            ..unread
        })
    }

    fn clicker<'a>(&self, case: &Case, ask: &'a CaseCommand) -> Option<(&'a Person, Vec<GroupId>)> {
        let policy = self.policy();
        match ask {
            CaseCommand::Click(Click {
                person, request, ..
            }) => {
                let asked = case.request(request)?;
                let amount = case
                    .draft(&asked.request.draft)
                    .and_then(|draft| draft.draft.action.amount());
                Some((
                    person,
                    policy.groups_of(&asked.request.asking.approver_rule, amount),
                ))
            }
            CaseCommand::Work(work) => {
                let (escalation, _) = case.escalation(&work.escalation)?;
                Some((&work.person, policy.role_groups(escalation.role)))
            }
            _ => None,
        }
    }

    async fn asked_under(
        &self,
        case: &Case,
        ask: &CaseCommand,
    ) -> Result<Option<Arc<Policy>>, EngineError> {
        let request = match ask {
            CaseCommand::Click(click) => Some(&click.request),
            CaseCommand::Wake {
                deadline: Deadline::Request { request },
            } => Some(request),
            _ => None,
        };
        match request.and_then(|request| case.request(request)) {
            Some(asked) => self.policies.of(&asked.request.policy, &self.store).await,
            None => Ok(None),
        }
    }

    /// An e-mail can exclude somebody, never include: whoever wrote the ticket does not decide on it.
    async fn compare_authors(&self, read: &mut [(Hold, Before)]) -> Result<(), EngineError> {
        let author = |(hold, before): &(Hold, Before)| {
            before.email.as_ref()?;
            Some(hold.case()?.ticket.as_ref()?.requester.who)
        };
        let texts = self.store.texts_of(read.iter().filter_map(author)).await?;
        for one in read {
            let author = author(one).and_then(|who| email_in(texts.get(&who)?));
            let before = &mut one.1;
            before.wrote_ticket = author
                .zip(before.email.as_ref())
                .is_some_and(|(author, email)| author.eq_ignore_ascii_case(email));
        }
        Ok(())
    }

    pub(super) fn first_asks(&self, case: &Case, ask: &CaseCommand) -> FirstAsks {
        let Some(ticket) = &case.ticket else {
            return FirstAsks::default();
        };
        let policy = self.policy();
        let desk = super::gather::desk_ask(&ticket.desk);
        let reads_tickets = policy
            .contract()
            .may_read(crate::domain::policy::contract::ReadTool::Tickets);
        let reads_stripe = policy
            .contract()
            .may_read(crate::domain::policy::contract::ReadTool::Stripe);
        let linked = linked_customer(case, ask);
        let connectors = || self.outside.connectors.values().filter(|_| reads_stripe);
        FirstAsks {
            ticket: if reads_tickets { vec![desk] } else { vec![] },
            customer: connectors().flat_map(|one| one.first()).collect(),
            linked: linked.map_or_else(Vec::new, |customer| {
                connectors().flat_map(|one| one.linked(customer)).collect()
            }),
        }
    }
}

/// The case that a command is for, and what it asks of it.
const fn asked_of(claimed: &Claimed) -> Option<(&CaseId, &CaseCommand)> {
    match &claimed.submission.command {
        Command::Case { case, ask } => Some((case, ask)),
        Command::Board { .. } => None,
    }
}

/// The customer whom somebody is about to link, or the one who is linked.
fn linked_customer<'a>(case: &'a Case, ask: &'a CaseCommand) -> Option<&'a CustomerId> {
    match ask {
        CaseCommand::Work(Work {
            step: WorkStep::LinkCustomer { customer, .. },
            ..
        }) => Some(customer),
        _ => case.link().map(|link| &link.customer),
    }
}
