//! The machine's own clock and randomness, behind their ports.

use crate::domain::time::At;
use crate::ports::{Clock, Entropy};

/// The machine's wall clock, UTC.
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the product reads the machine's clock"
    )]
    fn now(&self) -> At {
        At(jiff::Timestamp::now().as_millisecond())
    }
}

/// The operating system's random source.
pub struct MachineEntropy;

impl Entropy for MachineEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the product draws randomness"
    )]
    fn salt(&self) -> [u8; 32] {
        let mut salt = [0; 32];
        if let Err(error) = getrandom::fill(&mut salt) {
            // A guessable salt would betray what it hides, so nothing goes on without one.
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
        salt
    }
}
