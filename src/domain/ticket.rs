//! What a customer asked, in our words, from any source.

use serde::{Deserialize, Serialize};

use super::content::Sealed;
use super::ids::{ChannelId, SourceName};
use super::person::Person;
use super::time::At;
use super::words::closed_set;

/// Who asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Requester {
    /// A JSON object `{"email": .., "name": ..}`, sealed.
    pub who: Sealed,
    /// Whether there is an address at all to look a customer up by.
    pub has_email: bool,
    /// Whether the source vouches for the address (a property of the source, never of a ticket).
    pub verified: bool,
    /// The author, when the ticket was written in our own Slack workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Person>,
}

/// The Slack thread that a ticket came from and is answered in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Thread {
    /// The channel.
    pub channel: ChannelId,
    /// The timestamp of the first message.
    pub ts: String,
}

/// A ticket as it came, its texts sealed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// The intake source, as named in `workspace.json`.
    pub source: SourceName,
    /// The id that the source gave it.
    pub external: String,
    /// The desk that it is answered on.
    pub desk: SourceName,
    /// Who asked.
    pub requester: Requester,
    /// The subject line.
    pub subject: Sealed,
    /// The first message.
    pub body: Sealed,
    /// The queue it was in when it came, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Where a person opens it, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The thread, for tickets from Slack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
    /// When our door took it.
    pub received_at: At,
}

closed_set! {
    /// A field of a ticket that an action may write.
    TicketField {
        /// Who owns the ticket.
        Assignee = "assignee",
        /// The queue it waits in.
        Queue = "queue",
        /// Its priority.
        Priority = "priority",
    }
}

/// The state of a ticket on its desk, as far as our actions touch it.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct TicketState {
    /// Current values of the writable fields; a field without a value is absent.
    pub fields: std::collections::BTreeMap<TicketField, String>,
    /// The id of the last comment that the customer can see, if the desk has such ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_public_comment: Option<String>,
}
