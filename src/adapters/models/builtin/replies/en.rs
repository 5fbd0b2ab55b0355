//! The replies in English.

use super::Reply;

pub(super) const fn text(reply: Reply) -> &'static str {
    match reply {
        Reply::WhoAreYou => {
            "Hello,\n\nthank you for your message. Before we can look into payments, we need to be sure that we are writing to the owner of the account. Please write to us again from the e-mail address that the account is registered with, and tell us the invoice number or the date and amount in question. Please do not send card numbers or passwords.\n\nKind regards\nSupport"
        }
        Reply::WhichCharge => {
            "Hello,\n\nthank you for your message. We want to look at exactly the right payment and could not tell from your message which one you mean. Please send us the invoice number, or the date and the exact amount as they stand on your statement, and say whether you ask for all of it or a part. Please do not send card numbers.\n\nKind regards\nSupport"
        }
        Reply::AlreadyRefunded => {
            "Hello,\n\nthank you for your message. The payment that you name shows as refunded in full on our side. Depending on the bank, it can take several working days until a refund is visible on a statement. If it is still missing after ten working days, please send us the date and amount as they stand on your statement, and we will look into it with you.\n\nKind regards\nSupport"
        }
        Reply::NotAmongYours => {
            "Hello,\n\nthank you for your message. We looked for the payment you name among the payments of the account that belongs to your e-mail address, and it is not there. If you also pay from another account, please write to us from the address that account is registered with. If you do not recognise a payment on your statement, your bank can tell you more about it. We speak about payments only with the owner of the account. Please do not send card numbers.\n\nKind regards\nSupport"
        }
        Reply::Billing => {
            "Hello,\n\nthank you for your question about your bill. It is with our billing team. If you have not done so yet, it helps to send the invoice number and the period that you are asking about. Please do not send card numbers.\n\nKind regards\nSupport"
        }
        Reply::Ending => {
            "Hello,\n\nwe are sorry that it has come to this, and sorry for the time you had to wait. Your wish to end the subscription is with our billing team. Until you read here that it has ended, nothing has changed on your account. If there is anything that they should know, for example from which day on it should end, just answer this message. You do not need to send card or account numbers.\n\nKind regards\nSupport"
        }
        Reply::WhichSubscription => {
            "Hello,\n\nwe are sorry that you want to leave us, and we have noted your wish. To make sure that we end the right subscription, please write to us from the e-mail address that the account is registered with, name the plan or workspace, and tell us whether it should end now or with the period that is already paid.\n\nKind regards\nSupport"
        }
        Reply::Password => {
            "Hello,\n\nyou can set a new password yourself: open the sign-in page, choose \"Forgot password\" and enter the e-mail address of your account. You will get a message with a link that works once. If nothing arrives within a few minutes, please look in your spam folder and check that it is the address you registered with. We never need your password, so please do not send it to us. If it still does not work, just answer this message.\n\nKind regards\nSupport"
        }
        Reply::ResetMail => {
            "Hello,\n\nthank you for telling us, and sorry that the reset message does not reach you. Please check that you ask for it with the address your account is registered with, and that no filter and no mail system of your company holds it back. So that we can look for it on our side, please tell us when you last asked for one and whether you can still read mail at that address. We never need your password or a code, so please do not send them to us.\n\nKind regards\nSupport"
        }
        Reply::Access => {
            "Hello,\n\nthank you for telling us that you cannot get in. We are looking into it. It helps us to know when it last worked, whether colleagues are affected too, and the exact wording of the message you see. Please do not send passwords or verification codes; nobody from our team will ask you for them.\n\nKind regards\nSupport"
        }
        Reply::LeakedSecret => {
            "Hello,\n\nthank you for telling us. A key or password that others may have seen should be treated as known. Please revoke it and create a new one right away, replace it wherever it is in use, and look through your recent activity for anything you do not recognise. Please do not send the new one to us. We treat this as a security matter.\n\nKind regards\nSupport"
        }
        Reply::Incident => {
            "Hello,\n\nthank you for reporting this so promptly. We treat it as a security matter. In the meantime, please change your password from a device you trust, sign out all other sessions, and switch on two-step verification if it is off. Please keep any suspicious messages and tell us when you first noticed this. Do not send us passwords or codes.\n\nKind regards\nSupport"
        }
        Reply::Deletion => {
            "Hello,\n\nwe have received your request about your personal data. Before anything is done, it has to be certain that it comes from the owner of the account, so please write from the address that the account is registered with. If you only mean a part of your data, please tell us which. Please do not send copies of documents unless we ask for them.\n\nKind regards\nSupport"
        }
        Reply::Outage => {
            "Hello,\n\nthank you for letting us know. We take it seriously and are looking into it. If you can, please tell us since when you have seen it, which area is affected, how many people cannot work, and the exact error message. Please answer in this ticket, so that everything stays in one place.\n\nKind regards\nSupport"
        }
        Reply::Bug => {
            "Hello,\n\nthank you for reporting this; it should not happen. So that we can reproduce it, please tell us which steps lead to it, what you expected, what you saw instead, and which browser or app version you use. A screenshot helps, as long as it shows no personal data. Please answer in this ticket, so that everything stays in one place.\n\nKind regards\nSupport"
        }
        Reply::HowTo => {
            "Hello,\n\nthank you for your question. It is with our support team. To give you the exact steps, it helps to know which page or screen you are on and what you want to achieve in the end. If you have an error message in front of you, please send its wording along.\n\nKind regards\nSupport"
        }
        Reply::Feature => {
            "Hello,\n\nthank you for the suggestion. We have noted it in this ticket. We cannot say yet whether or when it will be built, but requests like yours help to decide what comes next. If you like, tell us what you want to get done with it and how you manage today; that makes your request more useful.\n\nKind regards\nSupport"
        }
        Reply::Other => {
            "Hello,\n\nthank you for your message. We have received it, and a colleague has it in front of them. If you can, please add what you would like us to do and, if it is about a particular order, invoice or page, which one. Please do not send passwords or card numbers.\n\nKind regards\nSupport"
        }
    }
}
