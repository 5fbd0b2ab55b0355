//! Money: currencies that exist and fit each other, limits that leave something, and decisions before billing.

use super::Parts;
use super::currencies::CODES;
use super::listed::Listed;
use super::page::{Page, Step, along};
use crate::domain::approval::Tier;
use crate::domain::ids::RuleName;
use crate::domain::money::Currency;
use crate::domain::policy::approvers;
use crate::domain::policy::json::Spot;
use crate::domain::policy::problem::{Problem, did_you_mean};
use crate::domain::policy::tiers::{TierFile, TierList, TierRule};
use crate::domain::policy::ways::Way;

use Step::{Item, Name};

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for Listed {
        page,
        way,
        file,
        list,
    } in parts.listed()
    {
        found.extend(list.currency.and_then(|currency| {
            let at = match way.as_slice() {
                [] => page.value(&[Name("currency")]),
                way => page.name(way),
            };
            unheard_of(&page, at, currency)
        }));
        found.extend(of_limit(&page, &way, list));
        found.extend(of_routes(&page, &way, file, list));
        found.extend(of_bands(parts, &page, &way, list));
    }
    if let (Some(page), Some(read)) = (parts.page(approvers::FILE), parts.approvers) {
        for (name, rule) in &read.rules {
            let way = [Name("rules"), Name(name.as_str()), Name("currency")];
            let banded = rule.bands().iter().find_map(|band| band.up_to);
            found.extend(banded.and_then(|m| unheard_of(&page, page.value(&way), m.currency)));
        }
    }
    found
}

fn unheard_of(page: &Page<'_>, at: Spot, currency: Currency) -> Option<Problem> {
    let code = currency.code();
    if CODES.contains(&code) {
        return None;
    }
    // Two letters that changed places are a likelier slip than another letter.
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let turned: Vec<&str> = CODES
        .iter()
        .copied()
        .filter(|known| letters(known) == letters(code))
        .collect();
    let near = match turned.as_slice() {
        [] => did_you_mean(code, CODES),
        turned => did_you_mean(code, turned),
    };
    let fix = if near.starts_with("one of") {
        "a code of ISO 4217 such as `usd`".to_owned()
    } else {
        near
    };
    Some(page.problem(at, format!("there is no currency `{code}`"), fix))
}

fn of_limit(page: &Page<'_>, way: &[Step<'_>], list: &TierList) -> Option<Problem> {
    let most = list.constraints.max_amount.filter(|most| most.minor == 0)?;
    let at = page.value(&along(way, &[Name("constraints"), Name("max_amount")]));
    let message = format!("a `max_amount` of {most} stops every draft");
    Some(page.problem(
        at,
        message,
        "the highest amount that may be decided, or leave it out",
    ))
}

/// What the code holds of routes for one tier, held across tiers: a higher one is never freer than a lower one.
fn of_routes(page: &Page<'_>, way: &[Step<'_>], file: &TierFile, list: &TierList) -> Vec<Problem> {
    let mut found = Vec::new();
    for (i, rule) in list.tiers.iter().enumerate() {
        let at = page.value(&along(way, &[Name("tiers"), Item(i), Name("route")]));
        let undecided = matches!(rule.way, Way::ToRole) && file.action.is_money();
        if undecided && rule.tier > Tier::Low {
            let message = format!(
                "a `{}` of tier `{}` would go to its role without anybody's decision",
                file.action, rule.tier
            );
            let fix = "`batch_review` or `named_approver`; only `low` goes to its role undecided";
            found.push(page.problem(at, message, fix));
        }
        let asks = |rule: &&TierRule| matches!(rule.way, Way::Ask(_));
        let lower = list.tiers[..i].iter().find(asks);
        if let (Way::Auto, Some(lower)) = (&rule.way, lower) {
            let message = format!(
                "tier {} ({}) would run by itself although people are asked in tier `{}` below it",
                i + 1,
                rule.tier,
                lower.tier
            );
            found.push(page.problem(at, message, "`batch_review` or `named_approver`"));
        }
    }
    found
}

/// Amount bands count only for amounts in their own currency: in another one all would fall into the last band.
fn of_bands(parts: &Parts<'_>, page: &Page<'_>, way: &[Step<'_>], list: &TierList) -> Vec<Problem> {
    let (Some(read), Some(currency)) = (parts.approvers, list.currency) else {
        return Vec::new();
    };
    let other = |name: &RuleName| {
        let banded = read.rules.get(name)?.bands().iter().find_map(|b| b.up_to)?;
        Some(banded.currency).filter(|c| *c != currency)
    };
    let mut found = Vec::new();
    for (i, tier) in list.tiers.iter().enumerate() {
        let Way::Ask(ask) = &tier.way else {
            continue;
        };
        let asked = std::iter::once(("approver_rule", &ask.approver_rule))
            .chain(ask.escalate_to.iter().map(|name| ("escalate_to", name)));
        for (key, name) in asked {
            let Some(banded) = other(name) else { continue };
            let at = page.value(&along(way, &[Name("tiers"), Item(i), Name(key)]));
            let message = format!(
                "the amount bands of `{name}` are in `{}`, and the amounts here in `{}`",
                banded.code(),
                currency.code()
            );
            let fix = "an approver rule with bands in this currency, or without bands";
            found.push(page.problem(at, message, fix));
        }
    }
    found
}
