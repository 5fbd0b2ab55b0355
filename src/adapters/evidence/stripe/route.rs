//! What is ever read from Stripe: a closed list of routes over validated ids. There is no method, for all are GET.

use reqwest::Url;

use crate::adapters::outside::Base;
use crate::domain::ids::ChargeId;

/// A Stripe customer, `cus_...`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerId(String);

impl CustomerId {
    /// Takes a text that has the shape of a customer id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text, &["cus_"]).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes a text that has the shape of a charge id, `ch_...` or (for payments by other means) `py_...`.
#[must_use]
pub fn charge_id(text: &str) -> Option<ChargeId> {
    is_id(text, &["ch_", "py_"]).then(|| ChargeId::new(text))
}

/// Stripe's ids are a prefix and then letters and digits, in all at most 255 characters.
fn is_id(text: &str, prefixes: &[&str]) -> bool {
    let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    text.len() <= 255
        && rest.is_some_and(|rest| {
            !rest.is_empty()
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

/// How many objects one page of a list holds: Stripe's largest.
pub const PAGE: usize = 100;

/// One thing that is read. Source: Stripe API reference, the list endpoints of each object, "Retrieve a charge" and
/// "Retrieve a customer".
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Route {
    /// The customers with exactly this address.
    CustomersByEmail(String),
    /// The customer whom a person linked.
    OneCustomer(CustomerId),
    /// The charges of a customer, newest first.
    ChargesOf(CustomerId),
    /// One charge, whosever it is: what it says is used only when it is the customer's.
    OneCharge(ChargeId),
    /// The subscriptions of a customer, ended ones too.
    SubscriptionsOf(CustomerId),
    /// The invoices of a customer.
    InvoicesOf(CustomerId),
    /// The refunds on a charge.
    RefundsOn(ChargeId),
    /// The disputes on a charge.
    DisputesOn(ChargeId),
    /// Radar's early fraud warnings on a charge.
    FraudWarningsOn(ChargeId),
}

impl Route {
    /// The address.
    #[must_use]
    pub fn url(&self, base: &Base) -> Url {
        let list = |parts: &[&str], name, value| (base.below(parts), name, value);
        let (mut url, name, value) = match self {
            Self::OneCustomer(id) => return base.below(&["v1", "customers", id.as_str()]),
            Self::OneCharge(id) => return base.below(&["v1", "charges", id.as_str()]),
            Self::CustomersByEmail(email) => list(&["v1", "customers"], "email", email.as_str()),
            Self::ChargesOf(id) => list(&["v1", "charges"], "customer", id.as_str()),
            Self::SubscriptionsOf(id) => list(&["v1", "subscriptions"], "customer", id.as_str()),
            Self::InvoicesOf(id) => list(&["v1", "invoices"], "customer", id.as_str()),
            Self::RefundsOn(id) => list(&["v1", "refunds"], "charge", id.as_str()),
            Self::DisputesOn(id) => list(&["v1", "disputes"], "charge", id.as_str()),
            Self::FraudWarningsOn(id) => list(
                &["v1", "radar", "early_fraud_warnings"],
                "charge",
                id.as_str(),
            ),
        };
        let mut query = url.query_pairs_mut();
        query.append_pair(name, value);
        query.append_pair("limit", &PAGE.to_string());
        if let Self::SubscriptionsOf(_) = self {
            query.append_pair("status", "all");
        }
        drop(query);
        url
    }

    /// The permission that the restricted key needs, as Stripe's dashboard calls it.
    #[must_use]
    pub const fn permission(&self) -> &'static str {
        match self {
            Self::CustomersByEmail(_) | Self::OneCustomer(_) => "Customers: Read",
            Self::ChargesOf(_) | Self::OneCharge(_) | Self::RefundsOn(_) => {
                "Charges and Refunds: Read"
            }
            Self::SubscriptionsOf(_) => "Subscriptions: Read",
            Self::InvoicesOf(_) => "Invoices: Read",
            Self::DisputesOn(_) => "Disputes: Read",
            Self::FraudWarningsOn(_) => "Radar early fraud warnings: Read",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_its_prefix_and_nothing_odd() {
        assert!(CustomerId::parse("cus_NffrFeUfNV2Hib").is_some());
        assert!(charge_id("ch_3Q0").is_some() && charge_id("py_1").is_some());
        for bad in [
            "",
            "ch_",
            "ch",
            "cus_1",
            "ch_1/refunds",
            "ch_1?x=1",
            "ch_1 ",
            "ch_é",
            "ch_..",
        ] {
            assert!(charge_id(bad).is_none(), "{bad}");
        }
        assert!(CustomerId::parse("ch_1").is_none());
    }

    #[test]
    fn an_address_goes_into_the_query_and_nowhere_else() {
        let base = Base::parse("http://127.0.0.1:9/stripe").unwrap();
        let url = Route::CustomersByEmail("a+b&limit=1@example.com".into()).url(&base);
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:9/stripe/v1/customers?email=a%2Bb%26limit%3D1%40example.com&limit=100"
        );
    }
}
