//! The tier files: how risky a draft is, who must look at it, and what may not be decided here at all.

use super::approvers::read_currency;
use super::conditions::{Condition, is_truth, provenance_of, read_money, read_when};
use super::facts::can_be_known;
use super::forms::tiers as forms;
use super::json::{Node, Spot};
use super::reader::{Fields, Sheet};
use super::ways::{Way, read_way};
use crate::domain::approval::Tier;
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, Provenance};
use crate::domain::ids::RuleName;
use crate::domain::money::{Currency, Money};

/// Days for which a charge may be refunded.
pub const WINDOW: std::ops::RangeInclusive<i64> = 1..=3_650;

/// Where the tier file of an action stands.
#[must_use]
pub fn file_of(kind: ActionKind) -> String {
    format!("tiers/{kind}.json")
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
        let fields = sheet.form(node, &forms::FORM)?;
        fields.layout();
        let named = fields.required("action_type").and_then(|n| {
            let kind = sheet.word(n, "an action", ActionKind::ALL, ActionKind::word)?;
            if kind == around.action {
                return Some(kind);
            }
            let message = format!("`{kind}` does not belong into this file");
            let fix = format!("`{}`, or move it to `{}`", around.action, file_of(kind));
            sheet.refuse(n.at, message, fix)
        });
        let tags = fields
            .optional("risk_tags")
            .and_then(|n| sheet.some_of(n, "tag"))
            .unwrap_or_default();
        let risk_tags = sheet.each(tags, |n| sheet.text(n).map(str::to_owned));
        let blocks = fields
            .optional("hard_blocks")
            .and_then(|n| sheet.some_of(n, "fact"))
            .unwrap_or_default();
        let hard_blocks = sheet.each(blocks, |n| read_block(sheet, n, around.action));
        let lists = match fields.entry("currencies") {
            Some(entry) => {
                for key in ["currency", "tiers", "constraints"] {
                    if let Some(extra) = fields.entry(key) {
                        sheet.note(
                            extra.key_at,
                            format!("`{key}` stands beside `currencies`"),
                            "what belongs to a currency inside that currency",
                        );
                    }
                }
                read_currencies(sheet, &entry.value, around)
            }
            None => {
                let currency = fields.optional("currency").and_then(|n| {
                    // An unreadable code is told once; the amounts are still read for their own problems.
                    read_currency(sheet, n).or_else(|| Currency::parse("usd"))
                });
                read_list(&fields, currency, around).map(|list| vec![list])
            }
        };
        Some(Self {
            action: named?,
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
                &sheet.form(&entry.value, &forms::LIST)?,
                Some(currency),
                around,
            )
        })
        .collect();
    let mut lists = lists.into_iter().collect::<Option<Vec<TierList>>>()?;
    lists.sort_by_key(|list| list.currency);
    Some(lists)
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
            read_constraints(sheet, n, currency, around.action)
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
    let windowed = tiers
        .iter()
        .flat_map(|t| &t.when)
        .any(|c| c.fact == FactName::RefundWindowOpen);
    if windowed && constraints.is_some_and(|c| c.refund_window_days.is_none()) {
        let message = "`refund_window_open` is asked for, but no window is declared";
        sheet.note(
            fields.at(),
            message,
            "`\"constraints\": { \"refund_window_days\": 90 }` as well",
        );
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
    let fields = sheet.form(node, &forms::TIER)?;
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
    let when = fields.entry("when").map_or(Some(Vec::new()), |entry| {
        let when = read_when(sheet, &entry.value, currency)?;
        if !is_last {
            refuse_soft_conditions(sheet, &entry.value, &when, around.action);
        }
        for condition in &when {
            refuse_unknowable(sheet, entry.key_at, condition.fact, around.action)?;
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

fn read_block(sheet: &Sheet, node: &Node, action: ActionKind) -> Option<FactName> {
    let truths: Vec<FactName> = FactName::ALL
        .iter()
        .copied()
        .filter(|f| is_truth(*f))
        .collect();
    let fact = sheet.word(
        node,
        "a fact that is true or false",
        &truths,
        FactName::word,
    )?;
    refuse_unknowable(sheet, node.at, fact, action).map(|()| fact)
}

/// A fact that an action can never have would send every draft to the last tier.
fn refuse_unknowable(sheet: &Sheet, at: Spot, fact: FactName, action: ActionKind) -> Option<()> {
    if can_be_known(fact, action) {
        return Some(());
    }
    let message = format!("`{fact}` is never known for `{action}`");
    sheet.refuse(at, message, "a fact that this action has")
}

fn read_constraints(
    sheet: &Sheet,
    node: &Node,
    currency: Option<Currency>,
    action: ActionKind,
) -> Option<Constraints> {
    let fields = sheet.form(node, &forms::CONSTRAINTS)?;
    if fields.entries().is_empty() {
        let fix = "`max_amount` or `refund_window_days`, or leave it out";
        return sheet.refuse(node.at, "no constraint is named", fix);
    }
    let max_amount = fields.optional("max_amount").map(|n| {
        if action.is_money() && action != ActionKind::SubscriptionCancel {
            return read_money(sheet, n, currency);
        }
        sheet.refuse(n.at, format!("`{action}` has no amount"), "nothing here")
    });
    let window = fields.optional("refund_window_days").map(|n| {
        refuse_unknowable(sheet, n.at, FactName::RefundWindowOpen, action)?;
        let days = sheet.whole(n, WINDOW)?;
        u32::try_from(days).ok()
    });
    Some(Constraints {
        max_amount: max_amount.map_or(Some(None), |m| m.map(Some))?,
        refund_window_days: window.map_or(Some(None), |w| w.map(Some))?,
    })
}
