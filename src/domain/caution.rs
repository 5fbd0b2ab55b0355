//! What somebody in a hurry must not miss before deciding, as a closed set that every surface says in the same words.

use super::words::closed_set;

closed_set! {
    /// A warning that stands at the head of a card, the gravest first.
    Caution {
        /// Nobody vouches for the requester, and nobody linked a customer, which cards say by itself.
        Unvouched = "unvouched",
        /// The ticket names a charge of somebody else. Nothing more is known of it.
        ForeignCharge = "foreign_charge",
        /// Nobody known wrote the ticket.
        NoCustomer = "no_customer",
        /// The address of the requester is that of several customers.
        SeveralCustomers = "several_customers",
        /// A dispute is open on the charge.
        ChargebackOpen = "chargeback_open",
        /// The account or the charge is flagged as fraudulent.
        FlaggedAsFraud = "flagged_as_fraud",
        /// The text addresses the machine.
        GivesOrders = "gives_orders",
    }
}

impl Caution {
    /// The warning as part of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unvouched => "nobody vouches for who asked",
            Self::ForeignCharge => "the ticket names a charge that is not this requester's",
            Self::NoCustomer => "no customer answers to this requester",
            Self::SeveralCustomers => "several customers answer to this requester",
            Self::ChargebackOpen => "a chargeback is open",
            Self::FlaggedAsFraud => "the account is flagged as fraudulent",
            Self::GivesOrders => "the ticket tries to give orders to the machine",
        }
    }
}
