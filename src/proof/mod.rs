//! Records that mean something to a stranger: one case as files, its hash chain checked on the way.
//!
//! This room may not open a file, a socket or a database: it takes events, texts and policies as values and gives
//! files back as bytes; whoever asked writes them. Nothing personal goes into a record in clear: a customer's own
//! words, who asked, and the values behind placeholders stay out by their kind.
//!
//! To add a file to the record: one function in `record.rs` and one line in `record`. Signatures, checkpoints and
//! inclusion proofs come as files of their own here.

mod decisions;
mod record;

use std::collections::BTreeMap;

use crate::domain::content::Content;
use crate::domain::ids::StreamId;
use crate::domain::journal::{Event, Link, Recorded, genesis};

pub use self::record::record;

/// What a record is made of.
#[derive(Clone, Copy)]
pub struct Recording<'a> {
    /// All events of the case's stream, in order.
    pub events: &'a [Recorded<Event>],
    /// The texts that the events refer to, with their salts. Erased ones are simply absent.
    pub contents: &'a [Content],
    /// The policy, as RFC 8785 canonical JSON (`Policy::canonical`).
    pub policy: &'a str,
    /// What ran: versions, the model, the kind of database. No secrets, no machine names.
    pub environment: &'a BTreeMap<String, String>,
}

/// The files of a record by path, for example `outputs/verdict.json`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why no record could be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RecordError {
    /// There is nothing to record.
    #[error("the case has no events; check its number")]
    NoEvents,
    /// A link of the chain does not hold.
    #[error("event {seq} of {stream} does not fit the chain; run `countersign audit verify`")]
    BrokenChain {
        /// The stream.
        stream: StreamId,
        /// The first event that does not fit.
        seq: u64,
    },
    /// A text is not what the journal committed to.
    #[error("a text of kind {kind} does not answer its commitment; run `countersign audit verify`")]
    BrokenText {
        /// What kind of text.
        kind: String,
    },
    /// A value could not be written as JSON.
    #[error("a value could not be written as JSON: {why}")]
    Unwritable {
        /// What the writer said.
        why: String,
    },
}

impl From<serde_json::Error> for RecordError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unwritable {
            why: error.to_string(),
        }
    }
}

/// Hashes every link of one stream again.
///
/// # Errors
///
/// `BrokenChain` with the first event that does not fit.
pub fn check_chain(events: &[Recorded<Event>]) -> Result<(), RecordError> {
    let mut before = genesis();
    for (at, event) in (1_u64..).zip(events) {
        let actor = serde_json_canonicalizer::to_string(&event.actor)?;
        let body = body_of(event)?;
        let link = Link {
            stream: &event.stream,
            seq: event.seq,
            at: event.at,
            actor: &actor,
            cause: &event.cause,
            body: &body,
        };
        if event.seq != at || event.prev != before || link.hash(&before) != event.hash {
            return Err(RecordError::BrokenChain {
                stream: event.stream.clone(),
                seq: event.seq,
            });
        }
        before = event.hash;
    }
    Ok(())
}

/// The event as canonical JSON, as the journal stores it.
fn body_of(event: &Recorded<Event>) -> Result<String, serde_json::Error> {
    match &event.event {
        Event::Case(event) => serde_json_canonicalizer::to_string(event),
        Event::Board(event) => serde_json_canonicalizer::to_string(event),
    }
}
