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
        Reply::Billing => {
            "Hello,\n\nthank you for your question about your bill. We have passed it on to our billing team, who will check your account and answer you here. If you have not done so yet, it helps to send the invoice number and the period that you are asking about. Please do not send card numbers.\n\nKind regards\nSupport"
        }
        Reply::WhichSubscription => {
            "Hello,\n\nwe are sorry that you want to leave us, and we have noted your wish. To make sure that we end the right subscription, please write to us from the e-mail address that the account is registered with, name the plan or workspace, and tell us whether it should end now or with the period that is already paid.\n\nKind regards\nSupport"
        }
        Reply::Password => {
            "Hello,\n\nyou can set a new password yourself: open the sign-in page, choose \"Forgot password\" and enter the e-mail address of your account. You will get a message with a link that works once. If nothing arrives within a few minutes, please look in your spam folder and check that it is the address you registered with. We never need your password, so please do not send it to us. If it still does not work, just answer this message.\n\nKind regards\nSupport"
        }
        Reply::Access => {
            "Hello,\n\nthank you for telling us that you cannot get in. We are having your account's sign-in checked. It helps us to know when it last worked, whether colleagues are affected too, and the exact wording of the message you see. Please do not send passwords or verification codes; nobody from our team will ask you for them.\n\nKind regards\nSupport"
        }
        Reply::LeakedSecret => {
            "Hello,\n\nthank you for telling us. A key or password that others may have seen should be treated as known. Please revoke it and create a new one right away, replace it wherever it is in use, and look through your recent activity for anything you do not recognise. We have removed it from our copy of your message. Please do not send the new one to us. Our security team has been informed.\n\nKind regards\nSupport"
        }
        Reply::Incident => {
            "Hello,\n\nthank you for reporting this so promptly. We have passed it on to our security team. In the meantime, please change your password from a device you trust, sign out all other sessions, and switch on two-step verification if it is off. Please keep any suspicious messages and tell us when you first noticed this. Do not send us passwords or codes.\n\nKind regards\nSupport"
        }
        Reply::Deletion => {
            "Hello,\n\nwe have received your request about your personal data and passed it on to the colleagues who handle such requests. They will first confirm that it comes from the owner of the account, and then tell you what happens and when. If you only mean a part of your data, please tell us which. Please do not send copies of documents unless we ask for them.\n\nKind regards\nSupport"
        }
        Reply::Outage => {
            "Hello,\n\nthank you for letting us know. We are treating this with the highest priority and our engineers have been asked to look at it. If you can, please tell us since when you have seen it, which area is affected, how many people cannot work, and the exact error message. We will keep you informed in this ticket.\n\nKind regards\nSupport"
        }
        Reply::Bug => {
            "Hello,\n\nthank you for reporting this; it should not happen. So that we can reproduce it, please tell us which steps lead to it, what you expected, what you saw instead, and which browser or app version you use. A screenshot helps, as long as it shows no personal data. We have recorded the problem and will come back to you here.\n\nKind regards\nSupport"
        }
        Reply::HowTo => {
            "Hello,\n\nthank you for your question. A colleague is going to answer it for your account. To give you the exact steps, it helps to know which page or screen you are on and what you want to achieve in the end. If you have an error message in front of you, please send its wording along.\n\nKind regards\nSupport"
        }
        Reply::Feature => {
            "Hello,\n\nthank you for the suggestion. We have recorded it for our product team. We cannot say yet whether or when it will be built, but requests like yours help to decide what comes next. If you like, tell us what you want to get done with it and how you manage today; that makes your request more useful.\n\nKind regards\nSupport"
        }
        Reply::Other => {
            "Hello,\n\nthank you for your message. We have received it and a colleague is going to read it. If you can, please add what you would like us to do and, if it is about a particular order, invoice or page, which one. Please do not send passwords or card numbers.\n\nKind regards\nSupport"
        }
    }
}
