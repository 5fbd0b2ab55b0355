//! A person says which customer asked: who may say so, what is read then, and when it turns out not to hold.

use super::asking::superseded;
use super::reading::spent;
use super::standing::not_own;
use crate::domain::approval::RequestState;
use crate::domain::case::command::Taken;
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::{Case, DraftProgress};
use crate::domain::content::Sealed;
use crate::domain::draft::Origin;
use crate::domain::escalation::{Escalation, EscalationCause};
use crate::domain::evidence::{Ask, Finding};
use crate::domain::ids::CustomerId;
use crate::domain::person::{Eligibility, Person};

/// Somebody of the role that has the case names the customer. What the source knows of that customer is read, and then
/// drafts are made again.
pub(super) fn link(
    case: &Case,
    escalation: &Escalation,
    (by, eligibility): (&Person, Eligibility),
    (customer, words): (&CustomerId, Option<Sealed>),
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let author = case
        .ticket
        .as_ref()
        .and_then(|ticket| ticket.requester.author.as_ref());
    not_own(author.map_or(&[], std::slice::from_ref), by, ctx)?;
    waits_for_identity(case, by)?;
    at_rest(case, ctx)?;
    if !customer.is_well_formed() {
        let sentence = "This is no customer of Stripe: its id is cus_ and then letters and digits.";
        let next = "Copy the id from the customer's page in Stripe.";
        return Err(Refusal::new(Code::NoCustomer, sentence, next));
    }
    let words = words.ok_or_else(|| {
        let sentence = "It takes a sentence on how you made sure who asked.";
        Refusal::new(Code::ReasonMissing, sentence, "Write it and link again.")
    })?;
    let asks = ctx.first_asks.linked.clone();
    if asks.is_empty() {
        let sentence = "No source about customers may be read here, so a link would show nothing.";
        let next = "Look the customer up in Stripe and go on by hand.";
        return Err(Refusal::new(Code::NoCustomer, sentence, next));
    }
    let linked = CaseEvent::CustomerLinked {
        customer: customer.clone(),
        by: by.clone(),
        words,
        revision: case.revision,
        escalation: escalation.id.clone(),
        eligibility,
    };
    Ok(vec![linked, CaseEvent::EvidenceAsked { asks }])
}

/// A link is made where it is needed, and once.
fn waits_for_identity(case: &Case, by: &Person) -> Result<(), Refusal> {
    if let Some(link) = case.link() {
        let done =
            "Nothing needs to be done. If it is wrong, reject what was drafted and go on by hand.";
        if link.by.is(by) {
            let sentence = format!(
                "You have linked {} to this case already; this changed nothing.",
                link.customer
            );
            return Err(Refusal::new(Code::Twice, sentence, done));
        }
        let sentence = format!(
            "<@{}> linked {} to this case already; this changed nothing.",
            link.by.user, link.customer
        );
        return Err(Refusal::new(Code::TooLate, sentence, done));
    }
    if case.identity_needed.is_some() {
        return Ok(());
    }
    if case.verdict.is_none() {
        return Err(not_yet(
            "The customer has written again and the case is being read; nothing was linked.",
        ));
    }
    let sentence = "This case does not wait to hear who asked; nothing was linked.";
    Err(Refusal::new(
        Code::IdentityKnown,
        sentence,
        "Nothing needs to be done.",
    ))
}

/// Nothing of the revision is under way that the link would overtake, and it can still lead somewhere.
fn at_rest(case: &Case, ctx: &Context) -> Result<(), Refusal> {
    let given_up = case.human_needed.is_some()
        && case.escalations.iter().any(|(escalation, _)| {
            escalation.cause == EscalationCause::NeedsHuman && escalation.draft.is_none()
        });
    if !case.asking.is_empty() || !(case.drafted || given_up) {
        return Err(not_yet(
            "This case is still being worked on; nothing was linked.",
        ));
    }
    if spent(case, ctx) {
        let sentence = "The model calls of this conversation are used up, so nothing would be drafted from a link.";
        let next = "Look the customer up in Stripe and go on by hand.";
        return Err(Refusal::new(Code::NotYet, sentence, next));
    }
    let decided = case.requests.iter().any(|asked| {
        asked.state == RequestState::Approved
            && case
                .draft(&asked.request.draft)
                .is_some_and(|draft| draft.draft.action.kind().is_money() && of_now(case, draft))
    });
    if decided {
        let sentence = "Money was recommended and approved for this already, so nothing is drafted a second time.";
        let next = "Go on with that recommendation.";
        return Err(Refusal::new(Code::TooLate, sentence, next));
    }
    Ok(())
}

fn not_yet(sentence: &str) -> Refusal {
    Refusal::new(Code::NotYet, sentence, "Try again in a minute.")
}

fn of_now(case: &Case, draft: &DraftProgress) -> bool {
    draft.draft.revision == case.revision
}

/// The questions about what answers the customer that stood before the link: the new drafts take their place. What is
/// internal and can be taken back stays, and so does what the rules themselves asked for.
pub(super) fn outdated(case: &Case) -> Vec<CaseEvent> {
    let Some(link) = case.link() else {
        return vec![];
    };
    let before = |draft: &DraftProgress| case.link_behind(&draft.draft.id) != Some(link);
    case.pending()
        .filter(|asked| {
            case.draft(&asked.request.draft).is_some_and(|draft| {
                of_now(case, draft)
                    && before(draft)
                    && draft.draft.target.revision.is_some()
                    && draft.draft.origin != Origin::Code
            })
        })
        .map(|asked| {
            superseded(
                asked,
                "A customer was linked since, and drafts were made again.",
                None,
            )
        })
        .collect()
}

/// Why an answer does not bear the link out, if it does not: it is about somebody else, or about nobody.
pub(super) fn contradiction(case: &Case, taken: &Taken) -> Option<String> {
    let link = case.link()?;
    taken.findings.iter().find_map(|finding| match finding {
        Finding::Customer { id, .. } if id != link.customer.as_str() => {
            Some("the answer is about another customer".to_owned())
        }
        Finding::NoSingleCustomer { count } => Some(format!("{count} customers answer to it")),
        _ => None,
    })
}

/// What else follows when a question is given up: a link that nothing bears out falls, and can be made again.
pub(super) fn fallen(case: &Case, ask: &Ask, why: &str) -> Option<CaseEvent> {
    let link = case.link().filter(|_| !case.link_is_confirmed())?;
    let of_link = |ask: &Ask| ask.subject.as_deref() == Some(link.customer.as_str());
    let others = case.asking.keys().any(|open| open != ask && of_link(open));
    (of_link(ask) && !others).then(|| CaseEvent::IdentityNeeded {
        reason: format!(
            "The link to {} does not hold: {}. The customer can be linked again.",
            link.customer,
            why.trim_end_matches('.')
        ),
    })
}
