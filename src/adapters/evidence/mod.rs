//! The register of evidence connectors: every kind that a manifest can name, and how each is opened.

pub mod stripe;

use std::sync::Arc;

use secrecy::SecretString;

use super::outside::Base;
use crate::domain::ids::SourceName;
use crate::domain::words::closed_set;
use crate::ports::Connector;

closed_set! {
    /// The kinds of evidence connectors.
    ConnectorKind {
        /// Stripe's API, read-only.
        Stripe = "stripe",
    }
}

impl ConnectorKind {
    /// The vendor's own address, used where the manifest names none.
    #[must_use]
    pub const fn usual_address(self) -> &'static str {
        match self {
            Self::Stripe => stripe::ADDRESS,
        }
    }
}

/// What a connector needs to be opened.
pub struct ConnectorSettings {
    /// Its name in `workspace.json`, which its evidence carries.
    pub name: SourceName,
    /// Its kind.
    pub kind: ConnectorKind,
    /// Where it is.
    pub base: Base,
    /// The key.
    pub key: SecretString,
}

impl ConnectorSettings {
    /// Whether the key is of the kind that the connector takes, before anything is opened.
    ///
    /// # Errors
    ///
    /// A sentence that says which key to make. It does not repeat this one.
    pub fn check(&self) -> Result<(), String> {
        match self.kind {
            ConnectorKind::Stripe => stripe::check(&self.key),
        }
    }
}

/// Opens a connector. Nothing is sent yet.
///
/// # Errors
///
/// A sentence, when the key or the address cannot be used.
pub fn open(settings: ConnectorSettings) -> Result<Arc<dyn Connector>, String> {
    match settings.kind {
        ConnectorKind::Stripe => Ok(Arc::new(stripe::Stripe::open(settings)?)),
    }
}
