//! Stripe's answers, as far as they are read. What is not named here is dropped and reaches nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::evidence as found;
use crate::domain::ids::ChargeId;
use crate::domain::money::{Currency, Money};
use crate::domain::time::{At, Span};

/// A page of a list (Stripe API reference, "Pagination").
#[derive(Deserialize)]
pub struct List<T> {
    /// The objects.
    pub data: Vec<T>,
    /// Whether there are more.
    #[serde(default)]
    pub has_more: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            data: vec![],
            has_more: false,
        }
    }
}

/// A customer. Address and name are read for nothing but the comparison with the requester.
#[derive(Deserialize, Serialize)]
pub struct Customer {
    /// `cus_...`
    pub id: String,
    /// Unix seconds.
    pub created: i64,
    /// Compared with the requester's and not passed on.
    #[serde(default, skip_serializing)]
    pub email: Option<String>,
    /// Present and true for a customer that is gone.
    #[serde(default, skip_serializing)]
    pub deleted: bool,
    /// Whether the last invoice was not paid.
    #[serde(default)]
    pub delinquent: Option<bool>,
    /// The account's own notes. Two names are read: `tier` (or `customer_tier`) and `fraud_flag` (or
    /// `flagged_fraud`).
    #[serde(default, skip_serializing)]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// Which customer an answer is about, and whether it is gone: a deleted one says nothing else.
#[derive(Deserialize)]
pub struct Which {
    /// `cus_...`
    pub id: String,
    /// Present and true for a customer that is gone.
    #[serde(default)]
    pub deleted: bool,
}

impl Customer {
    fn note(&self, names: [&str; 2]) -> Option<&str> {
        let notes = self.metadata.as_ref()?;
        let found = names.iter().find_map(|name| notes.get(*name));
        found
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What the rules may know of it.
    #[must_use]
    pub fn finding(&self) -> found::Finding {
        let flag = self.note(["fraud_flag", "flagged_fraud"]);
        let clear = ["false", "no", "0", "none"];
        found::Finding::Customer {
            id: self.id.clone(),
            since: moment(self.created),
            tier: self.note(["tier", "customer_tier"]).map(str::to_owned),
            flagged_fraud: flag
                .is_some_and(|word| !clear.contains(&word.to_ascii_lowercase().as_str())),
        }
    }
}

/// A charge.
#[derive(Clone, Deserialize, Serialize)]
pub struct Charge {
    /// `ch_...` or `py_...`
    pub id: String,
    /// Minor units.
    pub amount: i64,
    /// Minor units.
    #[serde(default)]
    pub amount_refunded: i64,
    /// Lower-case code.
    pub currency: String,
    /// Unix seconds.
    pub created: i64,
    /// Whose it is.
    #[serde(default)]
    pub customer: Option<String>,
    /// The account's own words about it.
    #[serde(default)]
    pub description: Option<String>,
    /// The payment intent that it belongs to; a customer may quote this id instead.
    #[serde(default)]
    pub payment_intent: Option<String>,
    /// Whether it succeeded.
    #[serde(default)]
    pub paid: bool,
    /// Whether it was captured; absent means yes, as for most charges.
    #[serde(default)]
    pub captured: Option<bool>,
    /// `succeeded`, `pending` or `failed`.
    #[serde(default)]
    pub status: Option<String>,
    /// Whether it was ever disputed.
    #[serde(default)]
    pub disputed: bool,
    /// What the account or Stripe reported about fraud.
    #[serde(default)]
    pub fraud_details: Option<BTreeMap<String, String>>,
}

impl Charge {
    /// What the rules may know of it before disputes, refunds and warnings were asked for; those fields
    /// assume the worst that the charge itself allows. `None` when the numbers contradict each other.
    #[must_use]
    pub fn known(&self) -> Option<found::Charge> {
        let sound = self.amount >= 0 && (0..=self.amount).contains(&self.amount_refunded);
        let succeeded = self.status.as_deref().is_none_or(|s| s == "succeeded");
        Some(found::Charge {
            id: super::route::charge_id(&self.id)?,
            amount: Money {
                minor: self.amount,
                currency: Currency::parse(&self.currency)?,
            },
            refunded_minor: self.amount_refunded,
            created: moment(self.created),
            paid: self.paid && succeeded && self.captured.unwrap_or(true),
            dispute_open: self.disputed,
            fraud_warning: self.reported_fraud(),
            refunds: u32::from(self.amount_refunded > 0),
        })
        .filter(|_| sound)
    }

    fn reported_fraud(&self) -> bool {
        let reports = self.fraud_details.iter().flat_map(BTreeMap::values);
        reports.into_iter().any(|word| word == "fraudulent")
    }

    /// Whether a ticket that names `id` means this charge.
    #[must_use]
    pub fn is_named(&self, id: &str) -> bool {
        self.id == id || self.payment_intent.as_deref() == Some(id)
    }
}

/// A refund on a charge.
#[derive(Deserialize, Serialize)]
pub struct Refund {
    /// `re_...`
    pub id: String,
    /// Minor units.
    pub amount: i64,
    /// The charge.
    #[serde(default)]
    pub charge: Option<String>,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    #[serde(default)]
    pub status: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// Unix seconds.
    #[serde(default)]
    pub created: i64,
}

impl Refund {
    /// Whether the money went or goes back.
    #[must_use]
    pub fn counts(&self) -> bool {
        !matches!(self.status.as_deref(), Some("failed" | "canceled"))
    }
}

/// A dispute on a charge.
#[derive(Deserialize, Serialize)]
pub struct Dispute {
    /// `dp_...` or `du_...`
    pub id: String,
    /// Minor units.
    #[serde(default)]
    pub amount: i64,
    /// The charge.
    #[serde(default)]
    pub charge: Option<String>,
    /// `needs_response`, `under_review`, `won`, `lost` and the `warning_` forms.
    pub status: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// Unix seconds.
    #[serde(default)]
    pub created: i64,
}

impl Dispute {
    /// Whether it is still open. A word that is not known to be an end counts as open.
    #[must_use]
    pub fn open(&self) -> bool {
        !matches!(
            self.status.as_str(),
            "won" | "lost" | "warning_closed" | "charge_refunded" | "prevented"
        )
    }

    /// Whether the bank has taken the money back already.
    #[must_use]
    pub fn lost(&self) -> bool {
        self.status == "lost"
    }
}

/// An early fraud warning on a charge.
#[derive(Deserialize, Serialize)]
pub struct FraudWarning {
    /// `issfr_...`
    pub id: String,
    /// The charge.
    #[serde(default)]
    pub charge: Option<String>,
    /// The kind of fraud.
    #[serde(default)]
    pub fraud_type: Option<String>,
    /// Unix seconds.
    #[serde(default)]
    pub created: i64,
}

/// A subscription. Until API version 2025-03-31 the period stood on it, since then on its items.
#[derive(Deserialize, Serialize)]
pub struct Subscription {
    /// `sub_...`
    pub id: String,
    /// Whose it is.
    #[serde(default)]
    pub customer: Option<String>,
    /// Stripe's status word.
    pub status: String,
    /// Unix seconds.
    #[serde(default)]
    pub current_period_end: Option<i64>,
    /// Whether it ends with the period.
    #[serde(default)]
    pub cancel_at_period_end: bool,
    /// What is subscribed to.
    #[serde(default, skip_serializing)]
    pub items: Option<List<SubscriptionItem>>,
}

/// One item of a subscription.
#[derive(Deserialize)]
pub struct SubscriptionItem {
    /// Unix seconds.
    #[serde(default)]
    pub current_period_end: Option<i64>,
}

impl Subscription {
    /// What the rules may know of it; `None` without a period.
    #[must_use]
    pub fn finding(&self) -> Option<found::Finding> {
        let items = self.items.iter().flat_map(|list| &list.data);
        let latest = items.filter_map(|item| item.current_period_end).max();
        Some(found::Finding::Subscription {
            id: self.id.clone(),
            status: self.status.clone(),
            period_end: moment(self.current_period_end.or(latest)?),
        })
    }
}

/// An invoice.
#[derive(Deserialize, Serialize)]
pub struct Invoice {
    /// `in_...`
    pub id: String,
    /// The number that the customer sees.
    #[serde(default)]
    pub number: Option<String>,
    /// Whose it is.
    #[serde(default)]
    pub customer: Option<String>,
    /// Stripe's status word.
    #[serde(default)]
    pub status: Option<String>,
    /// Minor units.
    pub total: i64,
    /// Lower-case code.
    pub currency: String,
    /// Unix seconds.
    #[serde(default)]
    pub created: i64,
}

impl Invoice {
    /// What the rules may know of it; `None` with an unknown currency.
    #[must_use]
    pub fn finding(&self) -> Option<found::Finding> {
        Some(found::Finding::Invoice {
            id: self.id.clone(),
            status: self.status.clone().unwrap_or_else(|| "draft".to_owned()),
            total: Money {
                minor: self.total,
                currency: Currency::parse(&self.currency)?,
            },
        })
    }
}

/// Whether an object that Stripe listed for a charge is on that charge.
#[must_use]
pub fn is_on(charge: Option<&str>, asked: &ChargeId) -> bool {
    charge == Some(asked.as_str())
}

fn moment(seconds: i64) -> At {
    At(0).plus(Span::seconds(seconds))
}
