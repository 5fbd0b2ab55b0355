//! What people do and see on the workbench: tickets come in, buttons are pressed, modals are filled in, cards are read.

use countersign::domain::approval::{RequestProgress, RequestState};
use countersign::domain::case::Case;
use countersign::domain::case::cards::{of_escalation, of_request};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::face::Lens;
use countersign::domain::case::story::story;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::ids::{CardId, CaseId, EscalationId, RequestId, RuleName, SourceName};
use countersign::domain::journal::Event;
use countersign::sandbox::{Answered, DeskWrite, Message, NewTicket, Pick};
use countersign::store::{CaseFilter, Page};
use serde_json::Value;

use crate::aloud::aloud;
use crate::workbench::Workbench;

pub const LEAD: &str = "U0LEAD0001";
pub const DEPUTY: &str = "U0LEAD0002";
pub const AGENT: &str = "U0AGENT001";
pub const BILLING: &str = "U0BILL0001";
pub const BILLING_TOO: &str = "U0BILL0002";
pub const FINANCE: &str = "U0FIN00001";
pub const FINANCE_LEAD: &str = "U0FIN00002";
pub const ENGINEER: &str = "U0ENG00001";

pub const SUPPORT_ROOM: &str = "C0SUPPORT1";
pub const BILLING_ROOM: &str = "C0BILLING1";
pub const INFRA_ROOM: &str = "C0INFRA001";
pub const SECURITY_ROOM: &str = "C0SECURIT1";
pub const REVIEWS: &str = "C0REVIEWS1";

/// A request on a case.
#[derive(Clone, Debug)]
pub struct Asked {
    pub case: CaseId,
    pub request: RequestId,
}

/// Where a control stands.
#[derive(Clone, Debug)]
pub struct Spot {
    pub channel: String,
    pub ts: String,
    pub action: String,
}

impl Workbench {
    /// A ticket of the demonstration comes in and is worked on.
    pub async fn ticket(&self, id: &str) {
        let all = self.sandbox.demo_tickets();
        let ticket = all.iter().find(|ticket| ticket.id == id).unwrap();
        self.written(ticket).await;
    }

    /// Any ticket comes in and is worked on.
    pub async fn written(&self, ticket: &NewTicket) {
        let answer = self.sandbox.send_ticket(ticket).await;
        assert!(answer.status < 300, "{} {}", answer.status, answer.body);
        self.settle().await;
    }

    /// All cases, oldest first.
    pub async fn cases(&self) -> Vec<Case> {
        let page = Page {
            skip: 0,
            most: 1_000,
        };
        let lines = self.store().cases(&CaseFilter::default(), page).await;
        let mut cases = vec![];
        for line in lines.unwrap() {
            cases.extend(self.store().case(&line.case).await.unwrap());
        }
        cases.sort_by_key(|case| case.number);
        cases
    }

    /// The case of a ticket of the help desk.
    pub async fn case(&self, ticket: &str) -> Case {
        let id = CaseId::of(&SourceName::new("helpdesk"), ticket);
        let found = self.store().case(&id).await.unwrap();
        found.unwrap_or_else(|| panic!("ticket {ticket} has no case"))
    }

    /// Everything that was recorded about a ticket.
    pub async fn events(&self, ticket: &str) -> Vec<CaseEvent> {
        let id = CaseId::of(&SourceName::new("helpdesk"), ticket);
        let recorded = self.store().events(&id.stream()).await.unwrap();
        recorded
            .into_iter()
            .filter_map(|one| match one.event {
                Event::Case(event) => Some(event),
                Event::Board(_) => None,
            })
            .collect()
    }

    /// What happened to a ticket, in sentences.
    pub async fn story(&self, ticket: &str) -> Vec<String> {
        let case = self.case(ticket).await;
        let texts = self.store().texts(&case.id.stream()).await.unwrap();
        let events = self.store().events(&case.id.stream()).await.unwrap();
        let people = |rule: &RuleName| rule.to_string();
        let lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        let told = story(&case, &events, lens).into_iter();
        told.map(|one| one.sentence).collect()
    }

    /// The newest request of a ticket for an action, whatever has become of it.
    pub async fn request(&self, ticket: &str, kind: ActionKind) -> RequestProgress {
        let case = self.case(ticket).await;
        let found = case.requests.iter().rev().find(|progress| {
            let draft = case.draft(&progress.request.draft).unwrap();
            draft.draft.action.kind() == kind
        });
        let found = found.unwrap_or_else(|| panic!("{ticket} never asked about {kind}"));
        found.clone()
    }

    /// The request of a ticket for an action, which must wait.
    pub async fn asked(&self, ticket: &str, kind: ActionKind) -> Asked {
        let progress = self.request(ticket, kind).await;
        assert_eq!(progress.state, RequestState::Pending, "{ticket} {kind}");
        Asked {
            case: self.case(ticket).await.id,
            request: progress.request.id,
        }
    }

    /// Where a request stands now.
    pub async fn state(&self, asked: &Asked) -> RequestState {
        let case = self.store().case(&asked.case).await.unwrap().unwrap();
        case.request(&asked.request).unwrap().state
    }

    /// Where a person sees a button of a request: on the batch's card, or on the person's own.
    pub async fn spot(&self, who: &str, asked: &Asked, verb: &str) -> Spot {
        let case = self.store().case(&asked.case).await.unwrap().unwrap();
        let progress = case.request(&asked.request).unwrap();
        let all = of_request(&case, &asked.request);
        let own = all.iter().find(|card| card.as_str().ends_with(who));
        let card = own.or_else(|| all.first()).expect("it stands on no card");
        let row = progress.batch.as_ref().map_or(0, |(_, row)| *row);
        self.spot_on(card, format!("cs.{verb}.{row}")).await
    }

    async fn spot_on(&self, card: &CardId, action: String) -> Spot {
        let standing = self.store().card(card).await.unwrap();
        let (channel, ts) = standing.unwrap_or_else(|| panic!("{card} does not stand anywhere"));
        Spot {
            channel: channel.as_str().to_owned(),
            ts,
            action,
        }
    }

    /// Presses a button, through the signed HTTP request that Slack would send. Nothing is settled afterwards.
    pub async fn press(&self, who: &str, spot: &Spot) -> Answered {
        let pick = Pick::action(&spot.action);
        let pressed = self.sandbox.click(who, &spot.channel, &spot.ts, pick);
        let answered = self.during(pressed).await;
        answered.unwrap_or_else(|missing| panic!("{who}: {missing}"))
    }

    /// Presses a button of a request, and lets everything follow.
    pub async fn click(&self, who: &str, asked: &Asked, verb: &str) {
        let spot = self.spot(who, asked, verb).await;
        let answered = self.press(who, &spot).await;
        assert_eq!(answered.status, 200, "{}", answered.body);
        self.settle().await;
    }

    /// The newest open escalation of a ticket at a role.
    async fn with_role(&self, ticket: &str, role: Role) -> EscalationId {
        let case = self.case(ticket).await;
        let open = case.open_escalations().filter(|(one, _)| one.role == role);
        let (escalation, _) = open
            .last()
            .unwrap_or_else(|| panic!("{role} does not have {ticket}"));
        escalation.id.clone()
    }

    /// Where a button of the newest open escalation of a ticket at a role stands.
    pub async fn spot_of_role(&self, ticket: &str, role: Role, verb: &str) -> Spot {
        let escalation = self.with_role(ticket, role).await;
        self.spot_of(ticket, &escalation, verb).await
    }

    async fn spot_of(&self, ticket: &str, id: &EscalationId, verb: &str) -> Spot {
        let card = of_escalation(&self.case(ticket).await, id).pop().unwrap();
        self.spot_on(&card, format!("cs.{verb}.0")).await
    }

    /// Presses a button of the newest open escalation of a ticket at a role.
    pub async fn work(&self, who: &str, ticket: &str, role: Role, verb: &str) {
        let escalation = self.with_role(ticket, role).await;
        self.work_on(who, ticket, &escalation, verb).await;
    }

    /// Presses a button of an escalation on its newest card.
    pub async fn work_on(&self, who: &str, ticket: &str, id: &EscalationId, verb: &str) {
        let spot = self.spot_of(ticket, id, verb).await;
        assert_eq!(self.press(who, &spot).await.status, 200);
        self.settle().await;
    }

    /// Fills in the open modal, sends it, and lets everything follow. Returns what the modal says then.
    pub async fn fill(&self, who: &str, answers: &[(&str, &str)]) -> String {
        let sent = self
            .during(self.sandbox.submit(who, answers))
            .await
            .unwrap();
        assert_eq!(
            (sent.status, sent.errors.len()),
            (200, 0),
            "{:?}",
            sent.errors
        );
        self.settle().await;
        self.sandbox
            .modal_of(who)
            .map_or_else(String::new, |modal| modal.all_text())
    }

    /// Reads the messages of a channel that are for everybody, all at once.
    pub fn read(&self, channel: &str) -> String {
        let all = self.sandbox.messages(channel);
        let open = all.iter().filter(|message| message.ephemeral_for.is_none());
        let texts: Vec<String> = open
            .map(|message| {
                self.sandbox.mark_read(channel, &message.ts);
                format!("{}{}", message.all_text(), mentioned(&message.blocks))
            })
            .collect();
        texts.join("\n\n")
    }

    /// Reads a person's direct messages.
    pub fn direct(&self, who: &str) -> String {
        self.read(&self.sandbox.dm_of(who))
    }

    /// Reads a channel and fails unless each of these is said there.
    pub fn reads(&self, channel: &str, parts: &[&str]) {
        let text = self.read(channel);
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in {channel}:\n{text}");
        }
    }

    /// Reads what a person was told under four eyes: the messages that nobody else sees.
    pub fn told(&self, who: &str) -> Vec<String> {
        let mut said = vec![];
        for channel in self.sandbox.channels_with_messages() {
            for message in self.sandbox.messages(&channel) {
                if message.ephemeral_for.as_deref() == Some(who) {
                    self.sandbox.mark_read(&channel, &message.ts);
                    said.push(message.all_text() + &mentioned(&message.blocks));
                }
            }
        }
        said
    }

    /// Types `/triage <text>` in the support channel, and reads the answer, which nobody else may see.
    pub async fn types(&self, who: &str, text: &str) -> String {
        let typed = self.sandbox.slash(who, SUPPORT_ROOM, text);
        let answered = self.during(typed).await;
        assert_eq!(answered.status, 200, "{}", answered.body);
        let answer: Value = serde_json::from_str(&answered.body).unwrap();
        assert_eq!(answer["response_type"], "ephemeral", "{answer}");
        self.told(who);
        aloud(&answer["blocks"])
    }

    /// Everybody has seen the cards that this story is not about.
    pub fn glance(&self) {
        for channel in self.sandbox.channels_with_messages() {
            self.read(&channel);
        }
    }

    /// All messages of the bot, wherever they stand.
    pub fn everything(&self) -> Vec<Message> {
        let channels = self.sandbox.channels_with_messages();
        let all = channels
            .iter()
            .map(|channel| self.sandbox.messages(channel));
        all.flatten().collect()
    }

    /// What was written on a ticket, of one kind, for example `ticket.reply`.
    pub fn wrote(&self, ticket: &str, kind: &str) -> Vec<DeskWrite> {
        let all = self.sandbox.writes().into_iter();
        all.filter(|write| write.ticket == ticket && write.kind == kind)
            .collect()
    }
}

/// The people whom a message names, which its text leaves out.
fn mentioned(blocks: &Value) -> String {
    match blocks {
        Value::Array(all) => all.iter().map(mentioned).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value.as_str() {
                Some(user) if name == "user_id" => format!(" <@{user}>"),
                _ => mentioned(value),
            })
            .collect(),
        _ => String::new(),
    }
}
