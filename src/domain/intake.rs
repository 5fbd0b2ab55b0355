//! Where tickets come from, and how each source proves that a request is its own.

use super::digest::Digest;
use super::ids::SourceName;
use super::webhook::WebhookKey;
use super::words::closed_set;

closed_set! {
    /// The ways in which a source can prove itself, as words of the manifest.
    SourceAuth {
        /// Standard Webhooks: id, timestamp and signature in headers.
        StandardWebhooks = "standard_webhooks",
        /// Zendesk's webhook signature.
        Zendesk = "zendesk",
        /// A token in the `Authorization` header, for sources that cannot sign.
        Bearer = "bearer",
    }
}

/// How a source proves itself, with what it takes to check.
#[derive(Clone, Debug)]
pub enum SourceProof {
    /// Standard Webhooks.
    StandardWebhooks(WebhookKey),
    /// Zendesk's form.
    Zendesk(WebhookKey),
    /// The digest of the token. The token itself is not kept.
    Bearer(Digest),
}

/// A place that tickets come from.
#[derive(Clone, Debug)]
pub struct IntakeSource {
    /// Its name, which is the last part of its address.
    pub name: SourceName,
    /// How it proves itself.
    pub proof: SourceProof,
    /// Whether it vouches for who asked. No ticket can say that of itself.
    pub verifies_requesters: bool,
    /// The desk that its tickets are answered on.
    pub desk: SourceName,
}
