//! Who may: from this workspace, a full member, read freshly, not the author, and named by the rules.

use crate::domain::approval::{Course, RequestProgress, Tier};
use crate::domain::case::context::Context;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::{Case, judge};
use crate::domain::ids::{AppId, RuleName};
use crate::domain::money::Money;
use crate::domain::person::{Eligibility, Membership, Person, Standing};
use crate::domain::policy::Policy;
use crate::domain::time::Span;

/// How old a reading of a person may be for the high tier.
const FRESH: Span = Span::seconds(30);
/// How old it may be for the tiers below, when Slack does not answer.
const SERVES: Span = Span::minutes(5);

/// Clicks count in the workspace and the app that the installation is.
pub(super) fn from_home(person: &Person, app: &AppId, ctx: &Context) -> Result<(), Refusal> {
    if ctx.installation.is_home_of(person) && *app == ctx.installation.app {
        return Ok(());
    }
    let sentence =
        "This click came from another workspace or app than the one this case belongs to.";
    Err(Refusal::new(
        Code::WrongWorkspace,
        sentence,
        "Open the card in its own workspace.",
    ))
}

/// The person's standing, if it was read, is a member's, and is fresh enough for the tier.
pub(super) fn standing<'a>(ctx: &'a Context, tier: Tier) -> Result<&'a Standing, Refusal> {
    let cannot_tell = || {
        let sentence =
            "Slack did not say whether you may decide this, so your click changed nothing.";
        Refusal::new(Code::CannotTell, sentence, "Try again in a minute.")
    };
    let standing = ctx.standing.as_ref().ok_or_else(cannot_tell)?;
    let most = if tier == Tier::High { FRESH } else { SERVES };
    match standing.membership {
        Membership::Member if ctx.now.since(standing.read_at) > most => Err(cannot_tell()),
        Membership::Member => Ok(standing),
        Membership::Unknown => Err(cannot_tell()),
        other => {
            let sentence = format!(
                "Only full members of this workspace decide here; your account is {}.",
                kind(other)
            );
            Err(Refusal::new(
                Code::NotAMember,
                sentence,
                "Ask a member who is named on the card.",
            ))
        }
    }
}

const fn kind(membership: Membership) -> &'static str {
    match membership {
        Membership::Guest => "a guest account",
        Membership::Bot => "a bot",
        Membership::Deactivated => "deactivated",
        Membership::Foreign => "from another workspace",
        Membership::Member | Membership::Unknown => "not known",
    }
}

/// Whoever wrote the ticket or the draft leaves the decision to others.
pub(super) fn not_own(authors: &[Person], person: &Person, ctx: &Context) -> Result<(), Refusal> {
    if !ctx.wrote_ticket && !authors.iter().any(|author| author.is(person)) {
        return Ok(());
    }
    let sentence = "You wrote this ticket or this draft, or said which customer asked, so somebody else has to decide it.";
    Err(Refusal::new(
        Code::OwnDraft,
        sentence,
        "Ask another approver who is named on the card.",
    ))
}

/// Whether the person may decide, under the policy of the request and under the one in force.
pub(super) fn eligible(
    case: &Case,
    progress: &RequestProgress,
    person: &Person,
    standing: &Standing,
    ctx: &Context,
) -> Result<Eligibility, Refusal> {
    let rule = &progress.request.asking.approver_rule;
    let amount = amount(case, progress);
    let asked = asked_under(progress, ctx)?;
    let eligibility = named(asked, (rule, amount), person, standing, ctx)?;
    named(ctx.policy, (rule, amount), person, standing, ctx)?;
    Ok(eligibility)
}

/// Whether a rule of a policy names the person for an amount.
pub(super) fn named(
    policy: &Policy,
    (rule, amount): (&RuleName, Option<Money>),
    person: &Person,
    standing: &Standing,
    ctx: &Context,
) -> Result<Eligibility, Refusal> {
    policy
        .may_decide(rule, amount, person, standing, &ctx.installation.team)
        .map_err(|_| {
            let who = policy.names_for_people(rule, amount);
            let sentence = format!("This is for {who} to decide; your click changed nothing.");
            Refusal::new(Code::NotYours, sentence, "Ask one of them.")
        })
}

fn amount(case: &Case, progress: &RequestProgress) -> Option<Money> {
    case.draft(&progress.request.draft)?.draft.action.amount()
}

/// The policy under which a request was asked. When it cannot be read, nobody can tell who may decide.
fn asked_under<'a>(progress: &RequestProgress, ctx: &'a Context) -> Result<&'a Policy, Refusal> {
    let known = std::iter::once(ctx.policy).chain(ctx.asked_under);
    known
        .into_iter()
        .find(|policy| policy.digest() == progress.request.policy)
        .ok_or_else(|| changed("The policy under which this was asked cannot be read here."))
}

/// Whether the rules still put this draft to people, at no higher tier, and this person among them.
pub(super) fn still_allowed(
    case: &Case,
    progress: &RequestProgress,
    person: &Person,
    standing: &Standing,
    ctx: &Context,
) -> Result<(), Refusal> {
    let request = &progress.request;
    let assessment = case
        .draft(&request.draft)
        .and_then(|draft| judge::assess(ctx.policy, case, &draft.draft, ctx.now));
    // While a new message of the customer is being read there is no verdict to judge by; what does not
    // depend on that message may be decided, and the gate waits for the reading.
    let Some(assessment) = assessment else {
        return Ok(());
    };
    if !judge::permits(&assessment) {
        return Err(changed("The rules do not allow this any more."));
    }
    if assessment.tier > request.tier {
        return Err(changed(
            "The rules put this into a higher tier now than when it was asked.",
        ));
    }
    match &assessment.course {
        Course::Ask(asking) if request.policy != ctx.policy.digest() => {
            let rule = &request.asking.approver_rule;
            if asking.approver_rule == *rule || asking.then.contains(rule) {
                return Ok(());
            }
            let amount = amount(case, progress);
            let rule = &asking.approver_rule;
            named(ctx.policy, (rule, amount), person, standing, ctx).map(|_| ())
        }
        _ => Ok(()),
    }
}

fn changed(sentence: &str) -> Refusal {
    Refusal::new(
        Code::PolicyChanged,
        format!("{sentence} Your click changed nothing."),
        "Nothing is sent; when its time runs out, the question moves on.",
    )
}
