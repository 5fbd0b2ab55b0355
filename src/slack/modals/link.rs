//! The modal in which somebody of the role says which customer asked, and how that was made sure.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{FieldErrors, WHY, form, typed, why};
use crate::domain::ids::CustomerId;
use crate::slack::blocks::kit::{self, Asks};
use crate::slack::blocks::rich::{Line, Rich};
use crate::slack::verbs::Token;

/// The block id of the field for the customer's id.
pub const CUSTOMER: &str = "customer";

/// The modal.
#[must_use]
pub fn view(token: &Token) -> Value {
    let warning = Rich::begin()
        .line(
            Line::begin()
                .bold("A wrong link gives a stranger somebody else's refund. ")
                .text("Nobody vouches for who wrote this ticket: make sure by a way that the ticket did not bring."),
        )
        .line(Line::begin().text(
            "What Stripe shows of this customer is then read for this case, and drafts are made again. Your name \
             stands with the link, and somebody else approves what follows from it.",
        ));
    let id = Asks {
        block: CUSTOMER,
        label: "Stripe customer id (cus_…)",
        optional: false,
    };
    let blocks = vec![
        warning.done("cs.note.0"),
        kit::text_input(id, "", false),
        why("How did you make sure who asked?", false),
    ];
    form("Link customer", "Link", token, blocks)
}

/// The customer and the sentence.
///
/// # Errors
/// What is missing or has another form, by field.
pub fn read(values: &BTreeMap<String, String>) -> Result<(CustomerId, String), FieldErrors> {
    let mut errors = FieldErrors::new();
    let customer = CustomerId::new(typed(values, CUSTOMER).unwrap_or_default());
    if !customer.is_well_formed() {
        let sentence =
            "This is no customer id: copy it from Stripe. It is cus_ and then letters and digits.";
        errors.insert(CUSTOMER.to_owned(), sentence.to_owned());
    }
    let words = typed(values, WHY).unwrap_or_default();
    if words.is_empty() {
        let sentence = "Write how you made sure: it is what the record will say.";
        errors.insert(WHY.to_owned(), sentence.to_owned());
    }
    if errors.is_empty() {
        Ok((customer, words.to_owned()))
    } else {
        Err(errors)
    }
}
