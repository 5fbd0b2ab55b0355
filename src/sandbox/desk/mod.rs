//! The stand-in for a help desk: it sends tickets, and takes signed writes with idempotency keys.
//!
//! It holds the server side of the `webhook` desk protocol. Everything it knows of the protocol is
//! in `routes.rs`; what a ticket is, in `ticket.rs`; what a test does with it, here.

pub(super) mod routes;
pub mod ticket;

use super::Sandbox;
use super::signing::webhook_signature;
use super::world::{BotAnswer, ToBot, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use ticket::{DeskTicket, DeskWrite, Entry, EntryKind, NewTicket};

/// Tickets, and every write by its key.
#[derive(Default)]
pub(super) struct Desk {
    pub tickets: Vec<DeskTicket>,
    pub writes: Vec<DeskWrite>,
    pub answers: BTreeMap<String, Value>,
    counter: u64,
}

impl Desk {
    fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    pub fn ticket_mut(&mut self, id: &str) -> Option<&mut DeskTicket> {
        self.tickets.iter_mut().find(|ticket| ticket.id == id)
    }

    /// Adds an entry, and moves the mark of the last public comment where the customer sees it.
    pub fn add_entry(
        &mut self,
        id: &str,
        kind: EntryKind,
        text: &str,
        stamp: (i64, Option<&str>),
    ) -> Option<String> {
        let reference = format!("E-{:05}", self.count());
        let ticket = self.ticket_mut(id)?;
        let entry = Entry {
            id: reference.clone(),
            kind,
            text: text.to_owned(),
            at: stamp.0,
            key: stamp.1.map(str::to_owned),
        };
        ticket.entries.push(entry);
        if kind != EntryKind::InternalNote {
            ticket.last_public_comment_id = Some(reference.clone());
        }
        Some(reference)
    }
}

/// Takes a ticket in, without telling the bot. One that is there already stays as it is.
fn file(world: &World, new: &NewTicket) {
    let now = world.now();
    world.change(|state| {
        if state.desk.ticket_mut(&new.id).is_none() {
            state.desk.tickets.push(DeskTicket::from_new(new));
            state
                .desk
                .add_entry(&new.id, EntryKind::Customer, &new.body, (now, None));
        }
    });
}

/// Posts a document to the bot's intake, signed as Standard Webhooks say.
async fn post_intake(world: &World, document: &Value, secret: Option<&str>) -> BotAnswer {
    let number = world.with(|state| state.desk.count());
    let id = format!("msg_{number:08}");
    let timestamp = world.now().div_euclid(1000).to_string();
    let body = document.to_string();
    let signature = webhook_signature(
        secret.unwrap_or(&world.intake_secret),
        &id,
        &timestamp,
        &body,
    );
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signature),
    ];
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let path = format!("/intake/{}", world.intake_source);
    world
        .ask_bot(ToBot {
            path: &path,
            what: "ticket".to_owned(),
            headers,
            body,
        })
        .await
}

/// Files a ticket and sends it.
pub(super) async fn send(world: &World, new: &NewTicket) -> BotAnswer {
    file(world, new);
    post_intake(world, &new.json(), None).await
}

impl Sandbox {
    /// Files a ticket on the desk and sends it to `<bot>/intake/<source>`. Sent again, it is the same
    /// document under a new delivery id, as when a desk repeats itself.
    pub async fn send_ticket(&self, new: &NewTicket) -> BotAnswer {
        send(&self.world, new).await
    }

    /// Files a ticket on the desk without sending it.
    pub fn file_ticket(&self, new: &NewTicket) {
        file(&self.world, new);
    }

    /// Sends any document to the intake, rightly signed, or with another secret.
    pub async fn send_intake(&self, document: &Value, secret: Option<&str>) -> BotAnswer {
        post_intake(&self.world, document, secret).await
    }

    /// The customer writes again: the desk has the new comment, and the intake gets the ticket once
    /// more with the new text as `body` and the comment's id as `comment_id`.
    pub async fn customer_writes(&self, ticket: &str, text: &str) -> BotAnswer {
        let Some((comment, mut document)) = self.add_comment(ticket, text) else {
            return BotAnswer {
                status: 0,
                body: format!("no ticket {ticket}"),
            };
        };
        if let Some(map) = document.as_object_mut() {
            map.insert("body".to_owned(), json!(text));
            map.insert("comment_id".to_owned(), json!(comment));
        }
        post_intake(&self.world, &document, None).await
    }

    /// The customer writes again and nobody tells the bot, as when a webhook is late.
    pub fn customer_writes_unheard(&self, ticket: &str, text: &str) -> bool {
        self.add_comment(ticket, text).is_some()
    }

    fn add_comment(&self, ticket: &str, text: &str) -> Option<(String, Value)> {
        let now = self.world.now();
        self.world.change(|state| {
            let comment = state
                .desk
                .add_entry(ticket, EntryKind::Customer, text, (now, None))?;
            let found = state.desk.ticket_mut(ticket)?;
            let requester = json!({"email": found.email, "name": found.name});
            Some((
                comment,
                json!({"id": found.id, "requester": requester, "subject": found.subject}),
            ))
        })
    }

    /// Somebody changes a ticket on the desk itself.
    pub fn change_ticket(&self, ticket: &str, change: impl FnOnce(&mut DeskTicket)) -> bool {
        self.world
            .change(|state| state.desk.ticket_mut(ticket).map(change).is_some())
    }

    /// All tickets of the desk.
    pub fn tickets(&self) -> Vec<DeskTicket> {
        self.world.with(|state| state.desk.tickets.clone())
    }

    /// One ticket of the desk.
    pub fn ticket(&self, id: &str) -> Option<DeskTicket> {
        self.world.with(|state| state.desk.ticket_mut(id).cloned())
    }

    /// Every write that the desk carried out, in order. A repeat under the same key is not one.
    pub fn writes(&self) -> Vec<DeskWrite> {
        self.world.with(|state| state.desk.writes.clone())
    }
}
