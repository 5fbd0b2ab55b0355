//! What kind of account clicked, and whether that was read freshly enough.

use crate::domain::approval::Tier;
use crate::domain::case::context::Context;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::person::{Membership, Standing};

/// The person's standing, if it was read, is a member's, and is fresh enough for the tier.
pub(super) fn standing(ctx: &Context, tier: Tier) -> Result<Standing, Refusal> {
    let cannot_tell = || {
        let sentence =
            "Slack did not say whether you may decide this, so your click changed nothing.";
        Refusal::new(Code::CannotTell, sentence, "Try again in a minute.")
    };
    let standing = ctx.standing.clone().ok_or_else(cannot_tell)?;
    let stale = standing.source.contains("cached") && tier == Tier::High;
    match standing.membership {
        Membership::Member if stale => Err(cannot_tell()),
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
