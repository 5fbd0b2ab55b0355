//! Stripe's state.

/// The books.
#[derive(Default)]
pub(super) struct StripeBooks {}
