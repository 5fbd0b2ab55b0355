//! The conversation of `countersign run`: what waits is printed, a decision is typed or taken from the arguments.

use std::sync::Arc;

use anyhow::Context as _;

use super::Ended;
use super::changes::Form;
use super::decision::{self, Spoken, Verb, Wanted, is_theirs, submit};
use super::going::going_out;
use super::keyboard::{self, Typed};
use super::sheet::short;
use super::terminal::request_text;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::Case;
use crate::domain::case::refusal::Answer;
use crate::domain::ids::{CaseId, RequestId};
use crate::domain::person::Person;
use crate::engine::Engine;
use crate::ports::People;

/// How many steps one ticket may take before a person is asked.
pub(super) const STEPS: usize = 2_000;

/// What the arguments say of the decision.
pub(super) struct Wish {
    pub(super) decide: Option<Verb>,
    pub(super) person: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) request: Option<String>,
    /// The changes of an edit: field and value.
    pub(super) set: Vec<(String, String)>,
    /// Whether to stay until what was approved has gone out.
    pub(super) wait: bool,
}

/// One case at a terminal.
pub(super) struct Dialogue<'a> {
    pub(super) engine: &'a Engine,
    pub(super) people: &'a Arc<dyn People>,
    pub(super) id: &'a CaseId,
    pub(super) wish: &'a Wish,
}

impl Dialogue<'_> {
    /// Decides what the arguments or the keyboard say, and says what is left open.
    pub(super) async fn hold(&self) -> anyhow::Result<Ended> {
        let ended = match self.wish.decide {
            Some(verb) => self.decide(verb).await?,
            None => self.ask().await?,
        };
        if self.wish.wait {
            self.wait_out().await?;
        }
        self.left_open().await?;
        Ok(ended)
    }

    /// The case as it stands.
    pub(super) async fn case(&self) -> anyhow::Result<Case> {
        self.engine
            .store()
            .case(self.id)
            .await?
            .context("the case is not there")
    }

    /// The decision of the arguments, on the request that was named or on those that are this person's to decide.
    async fn decide(&self, verb: Verb) -> anyhow::Result<Ended> {
        let case = self.case().await?;
        let Some(person) = self.wish.person.as_deref() else {
            return Ok(misused("--decide needs --as with the id of a user."));
        };
        let person = decision::somebody(self.engine, person);
        if !decision::is_known(self.people.as_ref(), &person).await? {
            let user = &person.user;
            return Ok(misused(&format!(
                "`{user}` is nobody in this workspace. Name a user by id, as policy/approvers.json does, for example U0LEAD0001."
            )));
        }
        let chosen = match &self.wish.request {
            Some(typed) => match decision::named(&case, typed) {
                Some(request) => vec![request.clone()],
                None => return Ok(misused(&no_such(&case, typed))),
            },
            None => self.theirs(&case, &person, verb).await?,
        };
        if chosen.is_empty() {
            let nothing = match verb {
                Verb::Undo => "Nothing waits to go out that could be taken back.",
                _ => "Nothing waits for a decision.",
            };
            say!("\n{nothing}");
            return Ok(Ended::No);
        }
        if verb == Verb::Edit && chosen.len() > 1 {
            let ids: Vec<&str> = chosen.iter().map(|id| short(id.as_str())).collect();
            let ids = ids.join(", ");
            return Ok(misused(&format!(
                "An edit is of one draft: name one of {ids} with --request."
            )));
        }
        let mut ended = Ended::Fine;
        for request in chosen {
            self.print(&request).await?;
            let wants = match self.wanted(&case, &request, verb).await? {
                Ok(wants) => wants,
                Err(sentence) => return Ok(misused(&sentence)),
            };
            let spoken = Spoken {
                wants,
                person: person.clone(),
                reason: self.wish.reason.clone(),
            };
            if !self.submit(&request, &spoken).await? {
                ended = Ended::No;
            }
        }
        Ok(ended)
    }

    /// What the arguments want of a request; a sentence where an edit cannot be that.
    async fn wanted(
        &self,
        case: &Case,
        request: &RequestId,
        verb: Verb,
    ) -> anyhow::Result<Result<Wanted, String>> {
        Ok(Ok(match verb {
            Verb::Approve => Wanted::Approve,
            Verb::Reject => Wanted::Reject,
            Verb::Undo => Wanted::Undo,
            Verb::Edit => {
                let Some(mut form) = self.form(case, request).await? else {
                    return Ok(Err("The draft is not there any more.".into()));
                };
                let set = |(name, value): &(String, String)| form.set(name, value);
                let read = self.wish.set.iter().try_for_each(set);
                match read.and_then(|()| form.read(self.wish.reason.as_deref())) {
                    Ok((action, texts)) => Wanted::Edit(action, texts),
                    Err(sentence) => return Ok(Err(sentence)),
                }
            }
        }))
    }

    async fn form(&self, case: &Case, request: &RequestId) -> anyhow::Result<Option<Form>> {
        let texts = self.engine.store().texts(&self.id.stream()).await?;
        Ok(Form::of(case, request, &texts))
    }

    /// The requests in question that this person may decide. Where there are none, the first in question: its answer
    /// says who may, and the journal keeps that somebody without the right tried.
    async fn theirs(
        &self,
        case: &Case,
        person: &Person,
        verb: Verb,
    ) -> anyhow::Result<Vec<RequestId>> {
        let asked = case.requests.iter().filter(|asked| match verb {
            Verb::Undo => going_out(case, asked).is_some(),
            _ => asked.state == RequestState::Pending,
        });
        let asked: Vec<&RequestProgress> = asked.collect();
        let mut theirs = vec![];
        for asked in &asked {
            if is_theirs(self.engine, self.people.as_ref(), case, asked, person).await? {
                theirs.push(asked.request.id.clone());
            }
        }
        if theirs.is_empty() {
            theirs.extend(asked.first().map(|asked| asked.request.id.clone()));
        }
        Ok(theirs)
    }

    /// One question after the other, until nothing waits or the keyboard is left.
    async fn ask(&self) -> anyhow::Result<Ended> {
        let mut ended = Ended::Fine;
        let mut passed_over = std::collections::BTreeSet::new();
        loop {
            let case = self.case().await?;
            let next = case
                .pending()
                .map(|asked| asked.request.id.clone())
                .find(|request| !passed_over.contains(request) && self.is_wished(&case, request));
            let Some(request) = next else {
                return Ok(ended);
            };
            self.print(&request).await?;
            let mut form = self.form(&case, &request).await?;
            let (person, reason) = (self.wish.person.as_ref(), self.wish.reason.as_ref());
            match keyboard::decision(form.as_mut(), person, reason)? {
                Typed::Gone => return Ok(ended),
                Typed::Later => drop(passed_over.insert(request)),
                Typed::Decided {
                    verb,
                    person,
                    reason,
                } => {
                    let wants = match (verb, &form) {
                        (Verb::Edit, Some(form)) => match form.read(reason.as_deref()) {
                            Ok((action, texts)) => Wanted::Edit(action, texts),
                            Err(sentence) => {
                                say!("{sentence}");
                                continue;
                            }
                        },
                        (Verb::Approve, _) => Wanted::Approve,
                        _ => Wanted::Reject,
                    };
                    let person = decision::somebody(self.engine, &person);
                    let spoken = Spoken {
                        wants,
                        person,
                        reason,
                    };
                    let recorded = self.submit(&request, &spoken).await?;
                    ended = if recorded { Ended::Fine } else { Ended::No };
                }
            }
        }
    }

    fn is_wished(&self, case: &Case, request: &RequestId) -> bool {
        let wished = self.wish.request.as_deref();
        wished.is_none_or(|typed| decision::named(case, typed) == Some(request))
    }

    async fn print(&self, request: &RequestId) -> anyhow::Result<()> {
        let case = self.case().await?;
        if let Some(face) = self.engine.request_face(&case, request).await? {
            say!("\n{}", request_text(&face));
        }
        Ok(())
    }

    /// Submits a decision and prints its answer; whether it was recorded.
    async fn submit(&self, request: &RequestId, spoken: &Spoken) -> anyhow::Result<bool> {
        let case = self.case().await?;
        let answer = submit(self.engine, &case, request, spoken).await?;
        self.engine.settle(STEPS).await?;
        match answer {
            Answer::Recorded { sentence } => {
                say!("\n{}: {sentence}", short(request.as_str()));
                Ok(true)
            }
            Answer::Refused { refusal } => {
                say!(
                    "\n{}: refused. {} {}",
                    short(request.as_str()),
                    refusal.sentence,
                    refusal.next_step
                );
                Ok(false)
            }
        }
    }
}

fn no_such(case: &Case, typed: &str) -> String {
    let open: Vec<&str> = case
        .pending()
        .map(|asked| short(asked.request.id.as_str()))
        .collect();
    match open.as_slice() {
        [] => format!("There is no request `{typed}`, and none is open."),
        open => format!(
            "There is no request `{typed}`; open are {}.",
            open.join(", ")
        ),
    }
}

fn misused(sentence: &str) -> Ended {
    eprintln!("{sentence}");
    Ended::Misused
}
