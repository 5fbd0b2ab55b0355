//! What Stripe holds: customers, charges, refunds, disputes, invoices, subscriptions, warnings.

use serde_json::{Value, json};

/// All objects, newest last. Times are unix seconds, amounts integer minor units.
#[derive(Clone, Debug, Default)]
pub struct StripeBooks {
    /// Customers.
    pub customers: Vec<Customer>,
    /// Charges.
    pub charges: Vec<Charge>,
    /// Refunds.
    pub refunds: Vec<Refund>,
    /// Disputes.
    pub disputes: Vec<Dispute>,
    /// Invoices.
    pub invoices: Vec<Invoice>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// Ids of charges with an early fraud warning.
    pub fraud_warnings: Vec<String>,
}

/// Source: <https://docs.stripe.com/api/customers/object>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// `cus_...`
    pub id: String,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Unix seconds.
    pub created: i64,
    /// Metadata, as `(name, value)`.
    pub metadata: Vec<(String, String)>,
}

/// Source: <https://docs.stripe.com/api/charges/object>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// `ch_...`
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// Minor units.
    pub amount: i64,
    /// Lower-case ISO code.
    pub currency: String,
    /// Unix seconds.
    pub created: i64,
    /// What it was for.
    pub description: String,
}

/// Source: <https://docs.stripe.com/api/refunds/object>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// `re_...`
    pub id: String,
    /// Charge id.
    pub charge: String,
    /// Minor units.
    pub amount: i64,
    /// Unix seconds.
    pub created: i64,
}

/// Source: <https://docs.stripe.com/api/disputes/object>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// `dp_...`
    pub id: String,
    /// Charge id.
    pub charge: String,
    /// Minor units.
    pub amount: i64,
    /// `needs_response`, `under_review`, `won`, `lost`.
    pub status: String,
    /// Unix seconds.
    pub created: i64,
}

/// Source: <https://docs.stripe.com/api/invoices/object>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// `in_...`
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// Charge id, if it was paid.
    pub charge: Option<String>,
    /// Minor units.
    pub total: i64,
    /// Lower-case ISO code.
    pub currency: String,
    /// `draft`, `open`, `paid`, `void`.
    pub status: String,
    /// Unix seconds.
    pub created: i64,
}

/// Source: <https://docs.stripe.com/api/subscriptions/object>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// `sub_...`
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// `active`, `past_due`, `canceled`.
    pub status: String,
    /// Product name.
    pub plan: String,
    /// Minor units for each period.
    pub amount: i64,
    /// Lower-case ISO code.
    pub currency: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub current_period_end: i64,
}

impl StripeBooks {
    /// A charge by id.
    pub fn charge(&self, id: &str) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.id == id)
    }

    /// What was refunded on a charge so far, in minor units.
    pub fn refunded(&self, charge: &str) -> i64 {
        self.refunds
            .iter()
            .filter(|refund| refund.charge == charge)
            .map(|refund| refund.amount)
            .sum()
    }

    /// Refunds on a charge.
    ///
    /// # Errors
    /// Stripe's sentence where there is no such charge or less is left on it.
    pub fn refund(&mut self, charge: &str, amount: i64, now: i64) -> Result<String, String> {
        let found = self
            .charge(charge)
            .ok_or_else(|| format!("No such charge: '{charge}'"))?;
        let left = found.amount - self.refunded(charge);
        if amount <= 0 || amount > left {
            return Err(format!(
                "Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            ));
        }
        let id = format!("re_{:08}", self.refunds.len() + 1);
        self.refunds.push(Refund {
            id: id.clone(),
            charge: charge.to_owned(),
            amount,
            created: now,
        });
        Ok(id)
    }

    pub(in crate::sandbox) fn customer_json(customer: &Customer) -> Value {
        let metadata: serde_json::Map<String, Value> = customer
            .metadata
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        json!({
            "id": customer.id, "object": "customer", "created": customer.created, "email": customer.email,
            "name": customer.name, "livemode": false, "metadata": metadata, "delinquent": false,
            "currency": "usd", "balance": 0, "description": null, "phone": null,
        })
    }

    pub(in crate::sandbox) fn charge_json(&self, charge: &Charge) -> Value {
        let refunded = self.refunded(&charge.id);
        let dispute = self
            .disputes
            .iter()
            .find(|dispute| dispute.charge == charge.id);
        let owner = self
            .customers
            .iter()
            .find(|customer| customer.id == charge.customer);
        let invoice = self
            .invoices
            .iter()
            .find(|invoice| invoice.charge.as_ref() == Some(&charge.id));
        json!({
            "id": charge.id, "object": "charge", "amount": charge.amount, "amount_captured": charge.amount,
            "amount_refunded": refunded, "refunded": refunded == charge.amount, "captured": true,
            "created": charge.created, "currency": charge.currency, "customer": charge.customer,
            "description": charge.description, "disputed": dispute.is_some(),
            "dispute": dispute.map(|dispute| dispute.id.clone()), "livemode": false, "paid": true,
            "status": "succeeded", "receipt_email": owner.map(|owner| owner.email.clone()),
            "billing_details": {"email": owner.map(|owner| owner.email.clone()), "name": owner.map(|owner| owner.name.clone())},
            "invoice": invoice.map(|invoice| invoice.id.clone()), "metadata": {}, "payment_intent": null,
        })
    }

    pub(in crate::sandbox) fn refund_json(&self, refund: &Refund) -> Value {
        let currency = self
            .charge(&refund.charge)
            .map(|charge| charge.currency.clone());
        json!({
            "id": refund.id, "object": "refund", "amount": refund.amount, "charge": refund.charge,
            "created": refund.created, "currency": currency, "status": "succeeded",
            "reason": "requested_by_customer", "metadata": {}, "payment_intent": null,
        })
    }

    pub(in crate::sandbox) fn dispute_json(&self, dispute: &Dispute) -> Value {
        let currency = self
            .charge(&dispute.charge)
            .map(|charge| charge.currency.clone());
        json!({
            "id": dispute.id, "object": "dispute", "amount": dispute.amount, "charge": dispute.charge,
            "created": dispute.created, "currency": currency, "status": dispute.status, "livemode": false,
            "reason": "fraudulent", "is_charge_refundable": false, "metadata": {},
        })
    }

    pub(in crate::sandbox) fn invoice_json(invoice: &Invoice) -> Value {
        let paid = if invoice.status == "paid" {
            invoice.total
        } else {
            0
        };
        json!({
            "id": invoice.id, "object": "invoice", "customer": invoice.customer, "charge": invoice.charge,
            "total": invoice.total, "amount_due": invoice.total, "amount_paid": paid,
            "amount_remaining": invoice.total - paid, "currency": invoice.currency,
            "status": invoice.status, "created": invoice.created, "livemode": false, "metadata": {},
        })
    }

    pub(in crate::sandbox) fn subscription_json(subscription: &Subscription) -> Value {
        let price = json!({"id": "price_1", "object": "price", "unit_amount": subscription.amount,
            "currency": subscription.currency, "nickname": subscription.plan, "recurring": {"interval": "month", "interval_count": 1}});
        let item = json!({"id": "si_1", "object": "subscription_item", "quantity": 1, "price": price,
            "current_period_end": subscription.current_period_end});
        json!({
            "id": subscription.id, "object": "subscription", "customer": subscription.customer,
            "status": subscription.status, "created": subscription.created, "currency": subscription.currency,
            "current_period_end": subscription.current_period_end, "cancel_at_period_end": false,
            "items": {"object": "list", "data": [item], "has_more": false, "url": "/v1/subscription_items"},
            "livemode": false, "metadata": {},
        })
    }

    pub(in crate::sandbox) fn warning_json(charge: &str, index: usize) -> Value {
        json!({
            "id": format!("issfr_{:08}", index + 1), "object": "radar.early_fraud_warning", "actionable": true,
            "charge": charge, "created": 1_700_000_000, "fraud_type": "made_with_stolen_card", "livemode": false,
        })
    }
}
