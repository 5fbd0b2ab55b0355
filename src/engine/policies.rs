//! The policies by digest: the one in force, and those under which open requests were asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::EngineError;
use crate::domain::digest::Digest;
use crate::domain::policy::Policy;
use crate::store::Store;

/// The policies that this process has read.
pub struct Policies {
    in_force: Arc<Policy>,
    earlier: Mutex<BTreeMap<Digest, Arc<Policy>>>,
}

impl Policies {
    /// Begins with the policy in force.
    #[must_use]
    pub fn new(in_force: Policy) -> Self {
        Self {
            in_force: Arc::new(in_force),
            earlier: Mutex::default(),
        }
    }

    /// The policy in force.
    #[must_use]
    pub fn in_force(&self) -> Arc<Policy> {
        Arc::clone(&self.in_force)
    }

    /// The policy with this digest, from memory or from the store; `None` when it was never kept.
    ///
    /// # Errors
    /// When the store cannot be read, or keeps something under this digest that is not that policy.
    pub async fn of(
        &self,
        digest: &Digest,
        store: &Store,
    ) -> Result<Option<Arc<Policy>>, EngineError> {
        if self.in_force.digest() == *digest {
            return Ok(Some(self.in_force()));
        }
        if let Some(known) = self.locked().get(digest) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(canonical) = store.policy(digest).await? else {
            return Ok(None);
        };
        let policy = Policy::restore(&canonical)
            .ok()
            .filter(|policy| policy.digest() == *digest)
            .ok_or_else(|| {
                EngineError::Lost(format!(
                    "the kept policy {} does not match its digest",
                    digest.short()
                ))
            })?;
        let policy = Arc::new(policy);
        self.locked().insert(*digest, Arc::clone(&policy));
        Ok(Some(policy))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<Digest, Arc<Policy>>> {
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
