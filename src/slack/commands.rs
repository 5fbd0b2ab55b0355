//! `/triage`: read-only answers for the sender alone, straight from the store.

use serde_json::json;

use super::blocks::draft::{action_words, words};
use super::blocks::kit;
use super::blocks::limits;
use super::blocks::rich::{Line, Rich};
use super::case_answers::{show, why};
use super::door::{Door, DoorReply};
use super::inbound::payload::Slash;
use crate::domain::case::face::{Lens, texts_of};
use crate::domain::ids::RuleName;
use crate::domain::money::Money;
use crate::domain::person::{Person, Standing};
use crate::domain::time::Span;
use crate::ports::PersonReading;
use crate::store::{CaseFilter, CaseLine, CaseOrder, Headline, Page, PendingLine, StoreError};

/// A card that is tried again within this time anyway is left to it: Slack may have asked for patience.
const SOON: Span = Span::minutes(5);
/// How many lines a list shows.
const LINES: u32 = 15;

pub(super) type Blocks = Vec<serde_json::Value>;

impl Door {
    pub(super) async fn slash(&self, slash: &Slash) -> DoorReply {
        let person = self.person(&slash.sender);
        let mut said = slash.text.split_whitespace();
        let (word, rest) = (said.next().unwrap_or("help"), said.next());
        if word != "help"
            && let Err(refusal) = self.may_read(&person).await
        {
            let line = Line::begin().text(&format!("{} {}", refusal.sentence, refusal.next_step));
            return ephemeral(vec![Rich::begin().line(line).done("cs.no.0")]);
        }
        let answer = match word {
            "status" => self.status().await,
            "queue" => self.queue().await,
            "mine" => self.mine(&person).await,
            "show" => self.case(rest, false).await,
            "why" => self.case(rest, true).await,
            "help" => Ok(help(None)),
            other => Ok(help(Some(other))),
        };
        match answer {
            Ok(blocks) => ephemeral(blocks),
            Err(error) => {
                tracing::error!(%error, "a slash command could not be answered");
                let words = "The database does not answer at the moment. Try again in a minute.";
                ephemeral(vec![
                    Rich::begin()
                        .line(Line::begin().text(words))
                        .done("cs.no.0"),
                ])
            }
        }
    }

    async fn queue(&self) -> Result<Blocks, StoreError> {
        let filter = CaseFilter {
            open: true,
            order: CaseOrder::DueFirst,
            ..CaseFilter::default()
        };
        let page = Page {
            skip: 0,
            most: LINES + 1,
        };
        let cases = self.parts.store.cases(&filter, page).await?;
        let more = cases.len() > LINES as usize;
        let lines = cases.iter().take(LINES as usize).map(case_line);
        Ok(listed(
            "Open cases, earliest deadline first",
            lines.collect(),
            more,
        ))
    }

    async fn mine(&self, person: &Person) -> Result<Blocks, StoreError> {
        let store = &self.parts.store;
        let page = Page {
            skip: 0,
            most: LINES + 1,
        };
        let rules = self.rules_of(person).await;
        let waiting = store.waiting_for(&rules, Some(&person.user), page).await?;
        let filter = CaseFilter {
            open: true,
            taken_by: Some(person.user.clone()),
            order: CaseOrder::DueFirst,
            ..CaseFilter::default()
        };
        let taken = store.cases(&filter, page).await?;
        let more = waiting.len() > LINES as usize;
        let lines = waiting.iter().take(LINES as usize).map(pending_line);
        let mut blocks = listed("Waiting for your decision", lines.collect(), more);
        if !taken.is_empty() {
            let lines: Vec<Line> = taken.iter().take(LINES as usize).map(case_line).collect();
            let rich = Rich::begin()
                .line(Line::begin().bold("Taken by you"))
                .bullets(lines);
            blocks.push(rich.done("cs.taken.0"));
        }
        Ok(blocks)
    }

    /// The approver rules that name a person, whatever the amount.
    async fn rules_of(&self, person: &Person) -> Vec<RuleName> {
        let policy = (self.parts.policy)();
        let reading = self.parts.people.read(person, &policy.all_groups()).await;
        let Ok(reading) = reading else {
            return vec![];
        };
        let standing = standing(reading);
        let home = &self.parts.settings.team;
        let named = |rule: &RuleName, amount: Option<Money>| {
            policy
                .may_decide(rule, amount, person, &standing, home)
                .is_ok()
        };
        let rules = policy.approvers().rules.iter();
        rules
            .filter(|(name, rule)| {
                named(name, None) || rule.bands().iter().any(|band| named(name, band.up_to))
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    async fn case(&self, number: Option<&str>, reasons: bool) -> Result<Blocks, StoreError> {
        let number = number.and_then(|text| text.trim_start_matches('#').parse::<u64>().ok());
        let Some(number) = number else {
            return Ok(help(Some("a case number is missing")));
        };
        let store = &self.parts.store;
        let Some(case) = store.case_by_number(number).await? else {
            let line = Line::begin().text(&format!("There is no case #{number}."));
            return Ok(vec![Rich::begin().line(line).done("cs.no.0")]);
        };
        let texts = store.texts_of(texts_of(&case)).await?;
        let policy = (self.parts.policy)();
        let people = |rule: &RuleName| policy.names_for_people(rule, None);
        let lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        if reasons {
            return Ok(why(&case, lens));
        }
        let mut blocks = show(&case, lens);
        let now = self.parts.clock.now();
        let stream = case.id.stream();
        let hastened = store.hasten_cards(&stream, now, now.plus(SOON)).await?;
        if hastened > 0 {
            let line = Line::begin().text("Its missing cards are put up again now.");
            blocks.push(Rich::begin().line(line).done("cs.again.0"));
        }
        Ok(blocks)
    }
}

/// What was read about a person, as the policy wants it. Nothing of it is kept.
fn standing(reading: PersonReading) -> Standing {
    Standing {
        membership: reading.membership,
        groups: reading.groups,
        read_at: reading.read_at,
        source: reading.source,
        who: None,
    }
}

fn case_line(case: &CaseLine) -> Line {
    let category = case
        .category
        .map_or("not triaged", |category| category.word());
    let mut line = Line::begin()
        .bold(&format!("#{}", case.number))
        .text(&format!(
            " · {} · {}",
            words(category),
            words(case.stage.word())
        ));
    if let Some(waiting_on) = &case.waiting_on {
        line = line.text(" · for ").foreign(&words(waiting_on), 60);
    }
    if let Some(due) = case.due_at {
        line = line.text(" · due ").time(due);
    }
    headline(line, &case.headline)
}

fn pending_line(request: &PendingLine) -> Line {
    let line = Line::begin()
        .bold(&format!("#{}", request.number))
        .text(&format!(
            " · {} · {} tier · due ",
            action_words(request.action),
            request.tier
        ))
        .time(request.due_at);
    headline(line, &request.headline)
}

fn headline(line: Line, headline: &Headline) -> Line {
    match headline {
        Headline::Text(words) => line.text(" · “").foreign(words, 80).text("”"),
        Headline::NotRead | Headline::Erased => line.text(&format!(" · {headline}")),
    }
}

fn listed(title: &str, mut lines: Vec<Line>, more: bool) -> Blocks {
    if lines.is_empty() {
        lines.push(Line::begin().text("Nothing."));
    }
    if more {
        lines.push(Line::begin().aside(&format!("and more than these {LINES}")));
    }
    vec![
        kit::header("cs.title.0", title),
        Rich::begin().bullets(lines).done("cs.list.0"),
    ]
}

fn help(unknown: Option<&str>) -> Blocks {
    let mut rich = Rich::begin();
    if let Some(unknown) = unknown {
        rich = rich.line(
            Line::begin()
                .text("I do not understand: ")
                .foreign(unknown, 60),
        );
    }
    let commands = [
        ("/triage status", "whether it runs, and what is open"),
        ("/triage queue", "open cases, the earliest deadline first"),
        (
            "/triage mine",
            "what waits for your decision, and what you took",
        ),
        (
            "/triage show 12",
            "case #12: the ticket, the drafts, the decisions",
        ),
        (
            "/triage why 12",
            "case #12: which rules and facts led there",
        ),
        ("/triage help", "this list"),
    ];
    let lines = commands.map(|(command, what)| Line::begin().code(command).text(" ").text(what));
    vec![
        rich.line(Line::begin().text("Only you see the answers."))
            .bullets(lines)
            .done("cs.help.0"),
    ]
}

/// An answer that only the sender sees. What Slack would refuse is cut from the end, and that is said.
fn ephemeral(mut blocks: Blocks) -> DoorReply {
    let mut cut = false;
    while !limits::message_problems(&blocks).is_empty() && blocks.len() > 1 {
        blocks.pop();
        cut = true;
    }
    if cut {
        let line = Line::begin().aside("There is more than fits into one message.");
        blocks.push(Rich::begin().line(line).done("cs.more.0"));
    }
    DoorReply::says(&json!({
        "response_type": "ephemeral",
        "text": "Countersign's answer",
        "blocks": blocks,
    }))
}
