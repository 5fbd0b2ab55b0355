//! The stand-in for Stripe: read-only books in Stripe's documented shapes.
//!
//! Anything but GET is refused and recorded as a violation, whatever the key may do. Sources are
//! the pages under <https://docs.stripe.com/api>, each named where its shape is written.

pub mod books;
pub(super) mod routes;

use super::Sandbox;
pub use books::StripeBooks;

impl Sandbox {
    /// Changes the books, as Stripe or a person on its dashboard would.
    pub fn stripe<T>(&self, change: impl FnOnce(&mut StripeBooks) -> T) -> T {
        self.world.change(|state| change(&mut state.stripe))
    }

    /// A person refunds on Stripe's dashboard: `amount` in minor units. Answers the refund's id,
    /// or why Stripe would not.
    ///
    /// # Errors
    /// No such charge, or less is left on it.
    pub fn refund_as_human(&self, charge: &str, amount: i64) -> Result<String, String> {
        let now = self.world.now().div_euclid(1000);
        self.world
            .change(|state| state.stripe.refund(charge, amount, now))
    }
}
