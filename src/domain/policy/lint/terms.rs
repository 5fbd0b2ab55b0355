//! Terms: what is counted in business hours is over within half a year of the calendar that it is counted on.

use super::Parts;
use super::listed::Listed;
use super::page::{Page, Step, along};
use crate::domain::policy::escalation::{Escalations, FILE};
use crate::domain::policy::json::Spot;
use crate::domain::policy::problem::Problem;
use crate::domain::policy::sla::{Clock, Sla};
use crate::domain::policy::ways::Way;

use Step::{Item, Name};

/// The most weeks that a term may take on the wall.
const MOST_WEEKS: i64 = 26;

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let Some(escalations) = parts.escalations else {
        return Vec::new();
    };
    let a_week = escalations.calendar.minutes_a_week();
    let mut found = Vec::new();
    let mut longest = 0;
    for (page, at, sla) in terms(parts, escalations) {
        let weeks = match sla.clock {
            Clock::Wall => 0,
            Clock::Business => sla.span.0 / 60_000 / a_week.max(1),
        };
        if weeks > MOST_WEEKS {
            longest = longest.max(weeks);
            let message = format!("{sla} take {weeks} weeks on the calendar of {FILE}");
            let fix = "a shorter term, or `\"clock\": \"wall\"`";
            found.push(page.problem(at, message, fix));
        }
    }
    // Several of them are one slip, and it is the calendar's.
    if let (Some(page), true) = (parts.page(FILE), found.len() > 2) {
        let count = found.len();
        let message = format!(
            "it is open {a_week} minutes a week, so that {count} terms take up to {longest} weeks"
        );
        let at = page.name(&[Name("calendar")]);
        return vec![page.problem(at, message, "longer opening hours")];
    }
    found
}

/// Every term, with where it is written.
fn terms<'a>(parts: &Parts<'a>, escalations: &'a Escalations) -> Vec<(Page<'a>, Spot, &'a Sla)> {
    let mut found = Vec::new();
    for Listed {
        page, way, list, ..
    } in parts.listed()
    {
        for (i, tier) in list.tiers.iter().enumerate() {
            if let Way::Ask(ask) = &tier.way {
                let way = along(&way, &[Name("tiers"), Item(i)]);
                let at = place(|key| page.name(&along(&way, &[Name(key)])));
                found.push((page, at, &ask.sla));
            }
        }
    }
    if let Some(page) = parts.page(FILE) {
        for (role, chain) in &escalations.chains {
            let way = [Name("chains"), Name(role.word())];
            let at = place(|key| page.name(&along(&way, &[Name(key)])));
            found.push((page, at, &chain.sla));
        }
    }
    found
}

/// Where a term is written: the later of the two, for a name that is not there stands where its object begins.
fn place(of: impl Fn(&str) -> Spot) -> Spot {
    of("sla_hours").max(of("sla_minutes"))
}
