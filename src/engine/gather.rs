//! Evidence: one question to one connector, for the requester that the source vouches for.

use tracing::Instrument as _;

use super::effects::{Brought, Ended};
use super::measures::result_word;
use super::{Engine, EngineError};
use crate::agent::redaction::Placeholders;
use crate::domain::approval::{RequestProgress, Route};
use crate::domain::case::Case;
use crate::domain::case::cards::MOST_APPROVERS;
use crate::domain::case::command::{CaseCommand, Silence, Taken};
use crate::domain::content::ContentKind;
use crate::domain::digest::Digest;
use crate::domain::evidence::{Ask, Finding};
use crate::domain::ids::{CaseId, RequestId, SourceName, UserId};
use crate::domain::person::{Membership, Person};
use crate::domain::ticket::Ticket;
use crate::ports::{Fetched, PortError, Subject};
use crate::telemetry::catalogue::{DESK_CALLS, EVIDENCE_CALLS};

/// The name of the one question to a desk.
const TICKET: &str = "ticket";

/// The question to the desk of a case: how does the ticket stand now?
pub(super) fn desk_ask(desk: &SourceName) -> Ask {
    Ask {
        source: desk.clone(),
        query: TICKET.into(),
        subject: None,
    }
}

impl Engine {
    pub(super) async fn gather(&self, id: &CaseId, ask: &Ask) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let Some(ticket) = case
            .ticket
            .as_ref()
            .filter(|_| case.asking.contains_key(ask))
        else {
            return Ok(Ended::With(vec![]));
        };
        let fetched = match self.outside.connectors.get(&ask.source) {
            Some(connector) => {
                let subject = self.subject(&case, ticket).await?;
                let span = tracing::info_span!("evidence", source = %ask.source);
                let fetched = connector.fetch(ask, &subject).instrument(span).await;
                let labels = [ask.source.as_str(), result_word(&fetched)];
                self.metrics.count(&EVIDENCE_CALLS, labels);
                fetched
            }
            None => self.read_desk(ticket).await,
        };
        let (command, contents) = match fetched {
            Ok(fetched) => self.taken(&case, ask, fetched).await?,
            Err(error) => (failure(ask, error), vec![]),
        };
        Ok(Ended::With(vec![Brought::to_case(id, command, contents)]))
    }

    async fn read_desk(&self, ticket: &Ticket) -> Result<Fetched, PortError> {
        let desk = self.desk(&ticket.desk).map_err(|error| PortError::No {
            why: error.to_string(),
        })?;
        let span = tracing::info_span!("desk", call = "read", desk = %ticket.desk);
        let read = desk.read(&ticket.external).instrument(span).await;
        let labels = [ticket.desk.as_str(), "read", result_word(&read)];
        self.metrics.count(&DESK_CALLS, labels);
        let state = read?;
        let body = serde_json::to_string(&state).unwrap_or_default();
        Ok(Fetched {
            bytes: Digest::of(body.as_bytes()),
            body,
            findings: state.into_iter().map(Finding::Target).collect(),
            next: vec![],
        })
    }

    async fn taken(
        &self,
        case: &Case,
        ask: &Ask,
        fetched: Fetched,
    ) -> Result<(CaseCommand, Vec<crate::domain::content::Content>), EngineError> {
        let prior = self.placeholders(case).await?;
        let body = self.seal(
            ContentKind::EvidenceBody,
            self.redactor.redact(&fetched.body, &prior).text,
        );
        let taken = Taken {
            ask: ask.clone(),
            at: self.now(),
            bytes: fetched.bytes,
            body: body.sealed,
            findings: fetched.findings,
            next: fetched.next,
        };
        Ok((CaseCommand::RecordEvidence { taken }, vec![body]))
    }

    /// Who asked. The address goes to a connector only when the source vouches for it.
    async fn subject(&self, case: &Case, ticket: &Ticket) -> Result<Subject, EngineError> {
        let email = if ticket.requester.verified {
            self.requester_email(ticket).await?
        } else {
            None
        };
        let mentions = case
            .view
            .as_ref()
            .map_or_else(Vec::new, |view| view.mentions.clone());
        Ok(Subject {
            email,
            mentions,
            ticket: ticket.external.clone(),
        })
    }

    pub(super) async fn requester_email(
        &self,
        ticket: &Ticket,
    ) -> Result<Option<String>, EngineError> {
        let who = self.store.content(&ticket.requester.who).await?;
        Ok(who.and_then(|content| email_in(&content.text)))
    }

    /// The placeholders of the case so far.
    pub(super) async fn placeholders(&self, case: &Case) -> Result<Placeholders, EngineError> {
        let Some(view) = &case.view else {
            return Ok(Placeholders::default());
        };
        let kept = self.store.content(&view.placeholders).await?;
        Ok(kept
            .and_then(|kept| Placeholders::from_json(&kept.text).ok())
            .unwrap_or_default())
    }

    /// Looks up who can answer a request: for direct messages, and to pass it on at once where too few can. A row
    /// of a batch goes to a channel, so that the case is only told of its people where they do not suffice.
    pub(super) async fn find_approvers(
        &self,
        id: &CaseId,
        request: &RequestId,
        attempts: u64,
    ) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let Some(asked) = case.request(request) else {
            return Ok(Ended::With(vec![]));
        };
        let looked_up = self.who_can_answer(&case, asked).await?;
        // What was read for the asking is no reading at the click: who has left a group since decides nothing.
        self.outside.people.forget();
        let people = match looked_up {
            Ok(people) => people,
            Err(error) => return Ok(self.after(attempts, &error)),
        };
        let asking = &asked.request.asking;
        let enough = people.len() >= usize::try_from(asking.quorum).unwrap_or(usize::MAX);
        if enough && asking.route == Route::BatchReview {
            return Ok(Ended::With(vec![]));
        }
        let command = CaseCommand::RecordApprovers {
            request: request.clone(),
            people,
        };
        Ok(Ended::With(vec![Brought::to_case(id, command, vec![])]))
    }

    /// Full members whom the rule names and who did not write the draft.
    async fn who_can_answer(
        &self,
        case: &Case,
        asked: &RequestProgress,
    ) -> Result<Result<Vec<Person>, PortError>, EngineError> {
        let amount = case
            .draft(&asked.request.draft)
            .and_then(|draft| draft.draft.action.amount());
        let rule = &asked.request.asking.approver_rule;
        let policy = self
            .policies
            .of(&asked.request.policy, &self.store)
            .await?
            .unwrap_or_else(|| self.policy());
        let mut users: Vec<UserId> = policy.users_of(rule, amount);
        for group in policy.groups_of(rule, amount) {
            match self.outside.people.members(&group).await {
                Ok(members) => users.extend(members),
                Err(PortError::No { why }) => {
                    tracing::warn!(%group, %why, "an approver group cannot be read")
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        users.sort();
        users.dedup();
        let asking = &asked.request.asking;
        let most = match asking.route {
            Route::BatchReview => usize::try_from(asking.quorum).unwrap_or(usize::MAX),
            _ => MOST_APPROVERS,
        };
        let installation = &self.settings.installation;
        let mut people = vec![];
        for user in users {
            let person = Person {
                enterprise: installation.enterprise.clone(),
                team: installation.team.clone(),
                user,
            };
            if people.len() >= most || asked.request.authors.contains(&person) {
                continue;
            }
            match self.outside.people.read(&person, &[]).await {
                Ok(read) if read.membership != Membership::Member => {}
                // Whoever cannot be read for good is asked all the same: the click is judged on its own.
                Ok(_) | Err(PortError::No { .. }) => people.push(person),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(people))
    }

    /// The case as the journal has it.
    pub(super) async fn folded(&self, id: &CaseId) -> Result<Case, EngineError> {
        self.store
            .case(id)
            .await?
            .ok_or_else(|| EngineError::Lost(format!("there is no case {id}")))
    }
}

/// Nothing is written by asking, so that an answer that was lost is simply asked for again.
fn failure(ask: &Ask, error: PortError) -> CaseCommand {
    let (why, lasting, after) = match error {
        PortError::No { why } => (why, true, None),
        PortError::Again { why, after } => (why, false, after),
        PortError::Unknown { why } => (why, false, None),
    };
    CaseCommand::RecordEvidenceFailure {
        ask: ask.clone(),
        silence: Silence {
            why,
            lasting,
            after,
        },
    }
}

/// The address in what is kept apart of somebody.
pub(super) fn email_in(who: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Who {
        email: Option<String>,
    }
    serde_json::from_str::<Who>(who).ok()?.email
}
