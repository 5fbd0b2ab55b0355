//! The replies that the offline drafter can write: whole, polite, and promising nothing.

mod de;
mod en;
mod es;
mod fr;

use crate::domain::model::Language;
use crate::domain::money::Money;

/// What a reply is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reply {
    /// Money is asked for by somebody whom the source does not vouch for.
    WhoAreYou,
    /// More than one charge, or none, could be meant.
    WhichCharge,
    /// The charge that is meant has been refunded in full before.
    AlreadyRefunded,
    /// A charge is named that is not among the requester's. It is answered in the same way when there is none.
    NotAmongYours,
    /// A question about a bill.
    Billing,
    /// The end of a subscription is asked for, and it is clear of which.
    Ending,
    /// The end of a subscription is asked for, and it is not clear of which.
    WhichSubscription,
    /// A forgotten password.
    Password,
    /// The message for setting a new password does not arrive.
    ResetMail,
    /// Another problem with signing in.
    Access,
    /// A key or password was posted or leaked.
    LeakedSecret,
    /// Another security incident.
    Incident,
    /// Data is to be deleted or handed over.
    Deletion,
    /// A service is down.
    Outage,
    /// Something does not work.
    Bug,
    /// How to do something.
    HowTo,
    /// A wish.
    Feature,
    /// None of these.
    Other,
}

/// The reply's text in a language.
pub(super) const fn text(reply: Reply, language: Language) -> &'static str {
    match language {
        Language::En => en::text(reply),
        Language::De => de::text(reply),
        Language::Fr => fr::text(reply),
        Language::Es => es::text(reply),
    }
}

/// What the customer is told after a refund, with the slots that reconciliation fills.
pub(super) fn confirmation(amount: Money, language: Language) -> String {
    match language {
        Language::En => format!(
            "Hello,\n\nwe have refunded {amount} to the payment method you used. The reference is {{refund_id}}. Depending on your bank, it should arrive within {{settlement_window}}.\n\nKind regards\nSupport"
        ),
        Language::De => format!(
            "Guten Tag,\n\nwir haben {amount} auf das von Ihnen verwendete Zahlungsmittel erstattet. Die Referenz lautet {{refund_id}}. Je nach Bank sollte der Betrag innerhalb von {{settlement_window}} eintreffen.\n\nMit freundlichen Grüßen\nIhr Support"
        ),
        Language::Fr => format!(
            "Bonjour,\n\nnous avons remboursé {amount} sur le moyen de paiement que vous avez utilisé. La référence est {{refund_id}}. Selon votre banque, le montant devrait arriver sous {{settlement_window}}.\n\nCordialement\nLe support"
        ),
        Language::Es => format!(
            "Hola:\n\nhemos reembolsado {amount} al método de pago que utilizó. La referencia es {{refund_id}}. Según su banco, debería llegar en un plazo de {{settlement_window}}.\n\nUn saludo\nSoporte"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Reply; 18] = [
        Reply::WhoAreYou,
        Reply::WhichCharge,
        Reply::AlreadyRefunded,
        Reply::NotAmongYours,
        Reply::Billing,
        Reply::Ending,
        Reply::WhichSubscription,
        Reply::Password,
        Reply::ResetMail,
        Reply::Access,
        Reply::LeakedSecret,
        Reply::Incident,
        Reply::Deletion,
        Reply::Outage,
        Reply::Bug,
        Reply::HowTo,
        Reply::Feature,
        Reply::Other,
    ];

    #[test]
    fn every_reply_is_whole_in_every_language() {
        for language in Language::ALL {
            for reply in ALL {
                let text = text(reply, *language);
                let length = text.chars().count();
                assert!(
                    (120..=700).contains(&length),
                    "{reply:?} {language}: {length}"
                );
                assert!(
                    !text.contains(['{', '}', '[', ']', '<', '>']),
                    "{reply:?} {language}"
                );
            }
        }
    }
}
