//! What follows from a tier: nothing is asked, a role gets it, or people decide in time.

use super::approvers::BATCH_REVIEWERS;
use super::escalation::{read_rule_name, read_steps};
use super::reader::Fields;
use super::sla::{Clock, Sla, read_sla};
use super::tiers::Around;
use crate::domain::approval::Route;
use crate::domain::draft::ActionKind;
use crate::domain::ids::RuleName;

/// What follows from a tier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// It runs.
    Auto,
    /// The assembled case goes to a role.
    ToRole,
    /// People are asked.
    Ask(AskRule),
}

impl Way {
    /// The route of which it is the reading.
    #[must_use]
    pub const fn route(&self) -> Route {
        match self {
            Self::Auto => Route::AutoExecute,
            Self::ToRole => Route::ToRole,
            Self::Ask(rule) => rule.route,
        }
    }
}

/// How people are asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskRule {
    /// `batch_review` or `named_approver`.
    pub route: Route,
    /// Who.
    pub approver_rule: RuleName,
    /// How long it may wait.
    pub sla: Sla,
    /// Who follows after a lapse, before the role's chain.
    pub escalate_to: Vec<RuleName>,
}

/// Reads `route` and what belongs to it.
#[must_use]
pub(super) fn read_way(fields: &Fields<'_>, around: Around<'_>) -> Option<Way> {
    let sheet = fields.sheet();
    let at = fields.required("route")?;
    let route = sheet.word(at, "a route", Route::ALL, Route::word)?;
    let kind = around.action;
    if kind == ActionKind::PageOncall && route != Route::NamedApprover {
        let message = format!("`{route}` would page somebody without a named person's decision");
        return sheet.refuse(at.at, message, "`named_approver`");
    }
    if kind.is_money() && route == Route::AutoExecute {
        let message = format!("`{kind}` moves money, and nothing of ours ever runs for it");
        return sheet.refuse(at.at, message, "`to_role`");
    }
    match route {
        Route::AutoExecute => refuse_questions(fields, route).map(|()| Way::Auto),
        Route::ToRole => refuse_questions(fields, route).map(|()| Way::ToRole),
        Route::BatchReview | Route::NamedApprover => {
            read_asking(fields, around, route).map(Way::Ask)
        }
    }
}

/// A route that asks nobody has no use for what belongs to a question.
fn refuse_questions(fields: &Fields<'_>, route: Route) -> Option<()> {
    let mut clean = Some(());
    for key in [
        "approver_rule",
        "sla_minutes",
        "sla_hours",
        "clock",
        "escalate_to",
    ] {
        if let Some(entry) = fields.entry(key) {
            let message = format!("`{key}` means nothing here: `{route}` asks nobody");
            let fix = "nothing here, or a route that asks people";
            clean = fields.sheet().refuse(entry.key_at, message, fix);
        }
    }
    clean
}

fn read_asking(fields: &Fields<'_>, around: Around<'_>, route: Route) -> Option<AskRule> {
    let sheet = fields.sheet();
    let rule = match (fields.optional("approver_rule"), route) {
        (Some(n), _) => read_rule_name(sheet, n, around.names),
        (None, Route::BatchReview) => Some(RuleName::new(BATCH_REVIEWERS)),
        (None, _) => {
            let fix = "`approver_rule` with a name from approvers.json";
            sheet.refuse(fields.at(), "it does not say who may decide", fix)
        }
    };
    // A page that waits for business hours is no page.
    let usual = match around.action {
        ActionKind::PageOncall => Clock::Wall,
        _ => Clock::Business,
    };
    let sla = read_sla(fields, usual);
    let steps = fields
        .optional("escalate_to")
        .map_or(Some(Vec::new()), |n| {
            let steps = read_steps(sheet, n, around.names)?;
            match rule.as_ref().filter(|rule| steps.contains(rule)) {
                Some(rule) => {
                    let message = format!("`{rule}` would follow itself: the escalation is cyclic");
                    sheet.refuse(n.at, message, "other approver rules")
                }
                None => Some(steps),
            }
        });
    Some(AskRule {
        route,
        approver_rule: rule?,
        sla: sla?,
        escalate_to: steps?,
    })
}
