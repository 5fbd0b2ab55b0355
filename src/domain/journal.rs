//! The envelope of commands, events and effects, and the chain that links events.

use serde::{Deserialize, Serialize};

use super::board::{BoardCommand, BoardEffect, BoardEvent};
use super::case::command::CaseCommand;
use super::case::effect::Effect;
use super::case::event::CaseEvent;
use super::content::Content;
use super::digest::{Digest, Encoder};
use super::ids::{CaseId, ChannelId, CommandId, StreamId, UserId};
use super::person::Actor;
use super::time::At;

/// A command to any stream.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Command {
    /// To a case.
    Case {
        /// Which.
        case: CaseId,
        /// What.
        ask: CaseCommand,
    },
    /// To the board.
    Board {
        /// What.
        ask: BoardCommand,
    },
}

impl Command {
    /// The stream that it goes to.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Case { case, .. } => case.stream(),
            Self::Board { .. } => StreamId::board(),
        }
    }
}

/// Where the answer to a click goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// Who clicked.
    pub user: UserId,
    /// Where; the person's own direct message when absent.
    pub channel: Option<ChannelId>,
    /// The thread in which the click was made, if any.
    pub thread_ts: Option<String>,
}

/// A command as it comes through the one door. It is stored before it is acknowledged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Submission {
    /// Its id.
    pub id: CommandId,
    /// What makes it the same command when it comes again: a repeat falls on this key.
    pub key: String,
    /// The digest of the bytes it came from, to tell a repeat from a contradiction.
    pub origin: Digest,
    /// Who caused it.
    pub actor: Actor,
    /// When our door took it.
    pub at: At,
    /// The command.
    pub command: Command,
    /// The texts that it refers to, stored in the same commit.
    pub contents: Vec<Content>,
    /// Who is told what came of it, for clicks.
    pub reply_to: Option<ReplyTo>,
}

/// An event of any stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Of a case.
    Case(CaseEvent),
    /// Of the board.
    Board(BoardEvent),
}

/// An effect of any stream.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum AnyEffect {
    /// Of a case.
    Case {
        /// Which.
        case: CaseId,
        /// What.
        effect: Effect,
    },
    /// Of the board.
    Board {
        /// What.
        effect: BoardEffect,
    },
    /// Tell the sender of a command what came of it.
    Tell {
        /// Which command.
        command: CommandId,
        /// Who is told, and where.
        reply_to: ReplyTo,
    },
}

/// An event with its place in the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded<E> {
    /// The stream.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub seq: u64,
    /// When it happened, by the clock of the process that recorded it.
    pub at: At,
    /// Who caused it.
    pub actor: Actor,
    /// The command that it followed from.
    pub cause: CommandId,
    /// What happened.
    pub event: E,
    /// The hash of the event before it; all zero for the first.
    pub prev: Digest,
    /// The hash of this one.
    pub hash: Digest,
}

/// The bytes of a row that its hash covers, as they are stored.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The stream.
    pub stream: &'a StreamId,
    /// Its place in the stream.
    pub seq: u64,
    /// When it happened.
    pub at: At,
    /// The actor, as canonical JSON.
    pub actor: &'a str,
    /// The command that it followed from.
    pub cause: &'a CommandId,
    /// The event, as canonical JSON.
    pub body: &'a str,
}

impl Link<'_> {
    /// The hash of this row after the row with the hash `prev`.
    #[must_use]
    pub fn hash(&self, prev: &Digest) -> Digest {
        Encoder::new("journal")
            .digest(prev)
            .text(self.stream.as_str())
            .number(self.seq.try_into().unwrap_or(i64::MAX))
            .number(self.at.0)
            .text(self.actor)
            .text(self.cause.as_str())
            .text(self.body)
            .finish()
    }
}

/// The hash before the first event of a stream.
#[must_use]
pub const fn genesis() -> Digest {
    Digest::from_bytes([0; 32])
}
