//! The register of desks: every kind that a manifest can name, and how each of this room is opened.

pub mod none;
pub mod webhook;

use super::outside::Base;
use crate::domain::webhook::WebhookKey;
use crate::domain::words::closed_set;

closed_set! {
    /// The kinds of desks.
    DeskKind {
        /// The Slack thread that a ticket came from. It lives in the Slack room, which owns the client.
        Slack = "slack",
        /// Any system that takes signed writes over HTTP.
        Webhook = "webhook",
        /// No system that can be written to: people copy and mark as sent.
        None = "none",
    }
}

/// What a desk needs to be opened.
#[derive(Clone, Debug)]
pub enum DeskSettings {
    /// The Slack room opens it.
    Slack,
    /// See [`webhook::WebhookDesk`].
    Webhook {
        /// Where it is.
        base: Base,
        /// Signs what is sent to it.
        key: WebhookKey,
    },
    /// See [`none::NoDesk`].
    None,
}
