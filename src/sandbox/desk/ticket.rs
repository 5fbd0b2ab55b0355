//! A ticket on the desk, what is sent of it, and what was written to it.

use serde_json::{Value, json};

/// A ticket as a customer opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTicket {
    /// The desk's id, for example `T-1001`.
    pub id: String,
    /// The requester's address.
    pub email: String,
    /// The requester's name.
    pub name: String,
    /// Subject line.
    pub subject: String,
    /// First message.
    pub body: String,
    /// Language tag, if the desk knows it.
    pub language: Option<String>,
    /// Queue, if the desk sorted it.
    pub queue: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// When it was opened, RFC 3339.
    pub created_at: Option<String>,
    /// Where a person opens it.
    pub url: Option<String>,
}

impl NewTicket {
    /// A ticket with the four things that each one has.
    pub fn plain(id: &str, email: &str, subject: &str, body: &str) -> Self {
        Self {
            id: id.to_owned(),
            email: email.to_owned(),
            name: "Customer".to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            ..Self::default()
        }
    }

    /// The document that goes to the intake.
    pub fn json(&self) -> Value {
        let mut out = json!({
            "id": self.id, "requester": {"email": self.email, "name": self.name},
            "subject": self.subject, "body": self.body,
        });
        let Some(map) = out.as_object_mut() else {
            return out;
        };
        let optional = [
            ("language", &self.language),
            ("queue", &self.queue),
            ("created_at", &self.created_at),
            ("url", &self.url),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                map.insert(name.to_owned(), json!(value));
            }
        }
        if !self.tags.is_empty() {
            map.insert("tags".to_owned(), json!(self.tags));
        }
        out
    }
}

/// What an entry of a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The customer wrote it.
    Customer,
    /// Only colleagues see it.
    InternalNote,
    /// The customer got it.
    Reply,
}

impl EntryKind {
    /// The name in the page's contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::InternalNote => "internal_note",
            Self::Reply => "reply",
        }
    }
}

/// One entry of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Comment id.
    pub id: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its text.
    pub text: String,
    /// Unix milliseconds.
    pub at: i64,
    /// The idempotency key of the write that made it.
    pub key: Option<String>,
}

/// A ticket as the desk holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskTicket {
    /// The desk's id.
    pub id: String,
    /// Subject line.
    pub subject: String,
    /// The requester's address.
    pub email: String,
    /// The requester's name.
    pub name: String,
    /// `open`, `pending`, `solved`.
    pub status: String,
    /// Priority, if set.
    pub priority: Option<String>,
    /// Owner, if set.
    pub assignee: Option<String>,
    /// Queue, if set.
    pub queue: Option<String>,
    /// Labels, in the order in which they came.
    pub labels: Vec<String>,
    /// The last comment that the customer can see.
    pub last_public_comment_id: Option<String>,
    /// All entries, oldest first.
    pub entries: Vec<Entry>,
}

impl DeskTicket {
    pub(super) fn from_new(new: &NewTicket) -> Self {
        Self {
            id: new.id.clone(),
            subject: new.subject.clone(),
            email: new.email.clone(),
            name: new.name.clone(),
            status: "open".to_owned(),
            priority: Some("normal".to_owned()),
            assignee: None,
            queue: new.queue.clone(),
            labels: new.tags.clone(),
            last_public_comment_id: None,
            entries: Vec::new(),
        }
    }

    /// The answer of `GET /desk/tickets/<id>`.
    pub fn json(&self) -> Value {
        json!({
            "id": self.id, "subject": self.subject, "requester": {"email": self.email, "name": self.name},
            "status": self.status, "priority": self.priority, "assignee": self.assignee,
            "queue": self.queue, "labels": self.labels,
            "last_public_comment_id": self.last_public_comment_id,
        })
    }

    /// The replies that the customer got.
    pub fn replies(&self) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Reply)
            .collect()
    }

    /// The internal notes.
    pub fn notes(&self) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::InternalNote)
            .collect()
    }
}

/// A write that was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskWrite {
    /// The idempotency key.
    pub key: String,
    /// `ticket.note`, `ticket.reply`, `ticket.label`, `ticket.assign`, `ticket.priority`.
    pub kind: String,
    /// The ticket.
    pub ticket: String,
    /// The whole document.
    pub document: Value,
    /// Unix milliseconds.
    pub at: i64,
}
