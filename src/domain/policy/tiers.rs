//! The tier files: how risky a draft is, who must look at it, and what may not be decided here at all.

use super::approvers::{BATCH_REVIEWERS, read_currency};
use super::conditions::{Condition, is_truth, provenance_of, read_money, read_when};
use super::escalation::{read_rule_name, read_steps};
use super::json::Node;
use super::reader::{Fields, Sheet};
use super::sla::{Clock, Sla, read_sla};
use crate::domain::approval::{Route, Tier};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, Provenance};
use crate::domain::ids::RuleName;
use crate::domain::money::{Currency, Money};

/// Where the tier file of an action stands.
#[must_use]
pub fn file_of(kind: ActionKind) -> String {
    format!("tiers/{kind}.json")
}

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

/// One tier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TierRule {
    /// The risk class.
    pub tier: Tier,
    /// All of these must hold. Empty only in the last tier.
    pub when: Vec<Condition>,
    /// What follows.
    pub way: Way,
}

/// What no decision can go beyond.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Constraints {
    /// The highest amount.
    pub max_amount: Option<Money>,
    /// How old a charge may be, in days of 24 hours.
    pub refund_window_days: Option<u32>,
}

/// The tiers for one currency, or for an action without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TierList {
    /// The currency that its amounts are in.
    pub currency: Option<Currency>,
    /// At least one, in rising order; the first that holds wins, the last is the highest.
    pub tiers: Vec<TierRule>,
    /// What no decision can go beyond.
    pub constraints: Constraints,
}

/// One tier file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TierFile {
    /// The action.
    pub action: ActionKind,
    /// Words for cards and digests.
    pub risk_tags: Vec<String>,
    /// Facts that, when true, take the case out of our hands.
    pub hard_blocks: Vec<FactName>,
    /// One list, or one for each currency. Never empty.
    pub lists: Vec<TierList>,
}

/// What reading a tier file needs to know of the others.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub action: ActionKind,
    pub names: &'a [RuleName],
}

impl TierFile {
    /// Reads `tiers/<action>.json`.
    pub(super) fn read(sheet: &Sheet, node: &Node, around: Around<'_>) -> Option<Self> {
        const KEYS: &[&str] = &[
            "action_type",
            "currency",
            "currencies",
            "risk_tags",
            "tiers",
            "hard_blocks",
            "constraints",
        ];
        let fields = sheet.object(node, KEYS)?;
        let named = fields.required("action_type");
        if let Some((n, kind)) = named.and_then(|n| {
            Some((
                n,
                sheet.word(n, "an action", ActionKind::ALL, ActionKind::word)?,
            ))
        }) {
            if kind != around.action {
                sheet.note(
                    n.at,
                    format!("`{kind}` does not belong into this file"),
                    format!("`{}`, or move it to `{}`", around.action, file_of(kind)),
                );
            }
        }
        let tags = fields
            .optional("risk_tags")
            .and_then(|n| sheet.some_of(n, "tag"))
            .unwrap_or_default();
        let risk_tags = sheet.each(tags, |n| sheet.text(n).map(str::to_owned));
        let blocks = fields
            .optional("hard_blocks")
            .and_then(|n| sheet.some_of(n, "fact"))
            .unwrap_or_default();
        let hard_blocks = sheet.each(blocks, |n| read_block(sheet, n));
        let lists = match fields.entry("currencies") {
            Some(entry) => {
                for key in ["currency", "tiers", "constraints"] {
                    if let Some(extra) = fields.entry(key) {
                        sheet.note(
                            extra.key_at,
                            format!("`{key}` stands beside `currencies`"),
                            format!("`{key}` inside each currency"),
                        );
                    }
                }
                read_currencies(sheet, &entry.value, around)
            }
            None => {
                let currency = fields.optional("currency").map(|n| read_currency(sheet, n));
                read_list(&fields, currency.flatten(), around).map(|list| vec![list])
            }
        };
        named?;
        Some(Self {
            action: around.action,
            risk_tags,
            hard_blocks,
            lists: lists?,
        })
    }
}

fn read_currencies(sheet: &Sheet, node: &Node, around: Around<'_>) -> Option<Vec<TierList>> {
    let map = sheet.map(node)?;
    if map.entries().is_empty() {
        return sheet.refuse(
            node.at,
            "no currency is named",
            "at least one, for example `\"usd\": { \"tiers\": [...] }`",
        );
    }
    let lists: Vec<Option<TierList>> = map
        .entries()
        .iter()
        .map(|entry| {
            let Some(currency) = Currency::parse(&entry.key).filter(|c| c.code() == entry.key)
            else {
                return sheet.refuse(
                    entry.key_at,
                    format!("`{}` is not a currency code", entry.key),
                    "three lower-case letters such as `usd`",
                );
            };
            read_list(
                &sheet.object(&entry.value, &["tiers", "constraints"])?,
                Some(currency),
                around,
            )
        })
        .collect();
    lists.into_iter().collect()
}

fn read_list(
    fields: &Fields<'_>,
    currency: Option<Currency>,
    around: Around<'_>,
) -> Option<TierList> {
    let sheet = fields.sheet();
    let constraints = fields
        .optional("constraints")
        .map_or(Some(Constraints::default()), |n| {
            read_constraints(sheet, n, currency)
        });
    let items = fields
        .required("tiers")
        .and_then(|n| sheet.some_of(n, "tier"))?;
    let mut tiers: Vec<TierRule> = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let is_last = i + 1 == items.len();
        let Some(rule) = read_tier(sheet, item, (currency, is_last), around) else {
            continue;
        };
        if let Some(before) = tiers.last().filter(|before| before.tier > rule.tier) {
            let message = format!(
                "`{}` stands after `{}`; the last tier is where the unknown goes, so it must be the highest",
                rule.tier, before.tier
            );
            sheet.note(item.at, message, "the tiers in rising order");
        }
        tiers.push(rule);
    }
    (tiers.len() == items.len()).then_some(TierList {
        currency,
        tiers,
        constraints: constraints?,
    })
}

fn read_tier(
    sheet: &Sheet,
    node: &Node,
    (currency, is_last): (Option<Currency>, bool),
    around: Around<'_>,
) -> Option<TierRule> {
    const KEYS: &[&str] = &[
        "tier",
        "when",
        "route",
        "approver_rule",
        "sla_minutes",
        "sla_hours",
        "clock",
        "escalate_to",
        "decide_in",
    ];
    let fields = sheet.object(node, KEYS)?;
    if let Some(entry) = fields.entry("decide_in") {
        sheet.note(
            entry.key_at,
            "the page for decisions outside Slack does not exist yet",
            "nothing here",
        );
    }
    let tier = fields
        .required("tier")
        .and_then(|n| sheet.word(n, "a tier", Tier::ALL, Tier::word));
    if fields.entry("when").is_none() && !is_last {
        sheet.note(
            node.at,
            "a tier without `when` holds always, so the tiers after it never count",
            "a `when`, or make it the last tier",
        );
    }
    let when = fields.optional("when").map_or(Some(Vec::new()), |n| {
        let when = read_when(sheet, n, currency)?;
        if !is_last {
            refuse_soft_conditions(sheet, n, &when, around.action);
        }
        Some(when)
    });
    let way = read_way(&fields, around);
    Some(TierRule {
        tier: tier?,
        when: when?,
        way: way?,
    })
}

/// A condition in any tier but the last lowers risk, so the model's word may stand in it only where
/// a mistake can be taken back and no customer sees it.
fn refuse_soft_conditions(sheet: &Sheet, node: &Node, when: &[Condition], action: ActionKind) {
    if action.reversible() && !action.customer_sees() {
        return;
    }
    let soft = |c: &&Condition| {
        matches!(
            provenance_of(c.fact),
            Provenance::Model | Provenance::Ticket
        )
    };
    for condition in when.iter().filter(soft) {
        let message = format!(
            "`{}` is what the model says, and it would lower the risk of `{action}`",
            condition.fact
        );
        sheet.note(
            node.at,
            message,
            "a condition on facts that a connector vouches for, or this one in the last tier only",
        );
    }
}

fn read_way(fields: &Fields<'_>, around: Around<'_>) -> Option<Way> {
    let sheet = fields.sheet();
    let at = fields.required("route")?;
    let route = sheet.word(at, "a route", Route::ALL, Route::word)?;
    let kind = around.action;
    if kind == ActionKind::PageOncall && route != Route::NamedApprover {
        return sheet.refuse(
            at.at,
            format!("`{route}` would page somebody without a named person's decision"),
            "`named_approver`",
        );
    }
    if kind.is_money() && route == Route::AutoExecute {
        return sheet.refuse(
            at.at,
            format!("`{kind}` moves money, and nothing of ours ever runs for it"),
            "`to_role`",
        );
    }
    if matches!(route, Route::AutoExecute | Route::ToRole) {
        for key in [
            "approver_rule",
            "sla_minutes",
            "sla_hours",
            "clock",
            "escalate_to",
        ] {
            if let Some(entry) = fields.entry(key) {
                sheet.note(
                    entry.key_at,
                    format!("`{key}` means nothing here: `{route}` asks nobody"),
                    "nothing here, or a route that asks people",
                );
            }
        }
        return Some(if route == Route::AutoExecute {
            Way::Auto
        } else {
            Way::ToRole
        });
    }
    let rule = match (fields.optional("approver_rule"), route) {
        (Some(n), _) => read_rule_name(sheet, n, around.names),
        (None, Route::BatchReview) => Some(RuleName::new(BATCH_REVIEWERS)),
        (None, _) => sheet.refuse(
            fields.at(),
            "it does not say who may decide",
            "`approver_rule` with a name from approvers.json",
        ),
    };
    // A page that waits for business hours is no page.
    let usual = if kind == ActionKind::PageOncall {
        Clock::Wall
    } else {
        Clock::Business
    };
    let sla = read_sla(fields, usual);
    let steps = fields
        .optional("escalate_to")
        .map_or(Some(Vec::new()), |n| {
            let steps = read_steps(sheet, n, around.names)?;
            match rule.as_ref().filter(|rule| steps.contains(rule)) {
                Some(rule) => sheet.refuse(
                    n.at,
                    format!("`{rule}` would follow itself: the escalation goes round"),
                    "other approver rules",
                ),
                None => Some(steps),
            }
        });
    Some(Way::Ask(AskRule {
        route,
        approver_rule: rule?,
        sla: sla?,
        escalate_to: steps?,
    }))
}

fn read_block(sheet: &Sheet, node: &Node) -> Option<FactName> {
    let truths: Vec<FactName> = FactName::ALL
        .iter()
        .copied()
        .filter(|f| is_truth(*f))
        .collect();
    sheet.word(
        node,
        "a fact that is true or false",
        &truths,
        FactName::word,
    )
}

fn read_constraints(sheet: &Sheet, node: &Node, currency: Option<Currency>) -> Option<Constraints> {
    let fields = sheet.object(node, &["max_amount", "refund_window_days"])?;
    if fields.entries().is_empty() {
        return sheet.refuse(
            node.at,
            "no constraint is named",
            "`max_amount` or `refund_window_days`, or leave it out",
        );
    }
    let max_amount = fields
        .optional("max_amount")
        .map(|n| read_money(sheet, n, currency));
    let window = fields
        .optional("refund_window_days")
        .map(|n| sheet.whole(n, 1..=3_650));
    Some(Constraints {
        max_amount: max_amount.map_or(Some(None), |m| m.map(Some))?,
        refund_window_days: window
            .map_or(Some(None), |w| w.map(|days| u32::try_from(days).ok()))?,
    })
}
