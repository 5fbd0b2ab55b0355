//! The conversation of `countersign run`: what waits is printed, a decision is typed or taken from the arguments.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use anyhow::Context as _;

use super::Ended;
use super::decision::{self, Spoken, Verb, is_theirs, submit};
use super::sheet::{minute, short};
use super::terminal::request_text;
use crate::domain::approval::RequestProgress;
use crate::domain::card::ActFace;
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
            None => self.theirs(&case, &person).await?,
        };
        if chosen.is_empty() {
            say!("\nNothing waits for a decision.");
            return Ok(Ended::No);
        }
        let reason = self.wish.reason.clone();
        let spoken = Spoken {
            verb,
            person,
            reason,
        };
        let mut ended = Ended::Fine;
        for request in chosen {
            self.print(&request).await?;
            if !self.submit(&request, &spoken).await? {
                ended = Ended::No;
            }
        }
        Ok(ended)
    }

    /// The open requests that this person may decide. Where there are none, the first open one: its answer says
    /// who may, and the journal keeps that somebody without the right tried.
    async fn theirs(&self, case: &Case, person: &Person) -> anyhow::Result<Vec<RequestId>> {
        let mut theirs = vec![];
        for asked in case.pending() {
            if is_theirs(self.engine, self.people.as_ref(), case, asked, person).await? {
                theirs.push(asked.request.id.clone());
            }
        }
        if theirs.is_empty() {
            theirs.extend(case.pending().next().map(|asked| asked.request.id.clone()));
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
            match self.typed_decision()? {
                Typed::Gone => return Ok(ended),
                Typed::Later => drop(passed_over.insert(request)),
                Typed::Decided(spoken) => {
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

    fn typed_decision(&self) -> anyhow::Result<Typed> {
        let verb = loop {
            match typed("\napprove, reject or later? ")?.as_deref() {
                None => return Ok(Typed::Gone),
                Some("approve" | "a") => break Verb::Approve,
                Some("reject" | "r") => break Verb::Reject,
                Some("later" | "l" | "") => return Ok(Typed::Later),
                Some(_) => say!("Type approve, reject or later; Ctrl-D leaves all of it open."),
            }
        };
        let person = match &self.wish.person {
            Some(person) => Some(person.clone()),
            None => typed("as which user (an id)? ")?,
        };
        let Some(person) = person.filter(|person| !person.is_empty()) else {
            return Ok(Typed::Later);
        };
        let reason = match &self.wish.reason {
            Some(reason) => Some(reason.clone()),
            None => typed("why? ")?,
        };
        Ok(Typed::Decided(Spoken {
            verb,
            person: decision::somebody(self.engine, &person),
            reason: reason.filter(|reason| !reason.is_empty()),
        }))
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

    /// What waits still: for people, and for its time.
    async fn left_open(&self) -> anyhow::Result<()> {
        let case = self.case().await?;
        let mut waiting = vec![];
        for asked in &case.requests {
            if let Some(face) = self.engine.request_face(&case, &asked.request.id).await? {
                if let ActFace::GoesOut { at } = face.act {
                    say!(
                        "{} goes out at {} UTC unless it is taken back; run the same ticket again after that to see it go.",
                        short(asked.request.draft.as_str()),
                        at.rfc3339().get(..19).unwrap_or_default().replace('T', " ")
                    );
                }
                if case
                    .pending()
                    .any(|open| open.request.id == asked.request.id)
                {
                    waiting.push(line(asked, &face.draft.effect, &face.people));
                }
            }
        }
        if !waiting.is_empty() {
            say!("\nLeft open, until somebody runs the same ticket again:");
            waiting.iter().for_each(|line| say!("  {line}"));
        }
        Ok(())
    }
}

fn line(asked: &RequestProgress, effect: &str, people: &str) -> String {
    let due = minute(asked.request.asking.due_at);
    format!(
        "{}  {effect} For {people}, due {due}.",
        short(asked.request.id.as_str())
    )
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

/// What came from the keyboard.
enum Typed {
    /// The keyboard is gone: a pipe ended, or Ctrl-D.
    Gone,
    /// Not now.
    Later,
    /// A decision.
    Decided(Spoken),
}

/// A line from the keyboard; `None` when there is none any more.
fn typed(question: &str) -> anyhow::Result<Option<String>> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        say!("");
        return Ok(None);
    }
    Ok(Some(line.trim().to_owned()))
}
