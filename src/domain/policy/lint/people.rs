//! People: each named once, of the workspace that decides, and enough of them for the quorum.

use super::Parts;
use super::page::{Page, Step, along};
use crate::domain::ids::TeamId;
use crate::domain::policy::approvers::FILE;
use crate::domain::policy::json::Spot;
use crate::domain::policy::people::{NamedUser, People};
use crate::domain::policy::problem::Problem;

use Step::{Item, Name};

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let (Some(page), Some(read)) = (parts.page(FILE), parts.approvers) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, rule) in &read.rules {
        let way = [Name("rules"), Name(name.as_str())];
        let banded = page.name(&along(&way, &[Name("amount_bands")])) != page.value(&way);
        for (i, band) in rule.bands().iter().enumerate() {
            let way = match banded {
                true => along(&way, &[Name("amount_bands"), Item(i)]),
                false => way.to_vec(),
            };
            found.extend(of_people(&page, &way, &band.people, &read.team));
            let may = able(&band.people, &read.team);
            let named = band.people.users.len();
            let quorum = rule.quorum as usize;
            // Where too few are named, the reader told so; strangers are told one by one.
            let enough_named = (2..=named).contains(&quorum);
            if band.people.groups.is_empty() && may < quorum && enough_named {
                let message = format!("{quorum} people must approve, but only {may} of these may");
                let fix = "a lower `quorum` or more `users` of this workspace";
                found.push(page.problem(page.value(&way), message, fix));
            }
        }
    }
    for (role, people) in &read.roles {
        let way = [Name("roles"), Name(role.word())];
        found.extend(of_people(&page, &way, people, &read.team));
    }
    found.extend(of_people(
        &page,
        &[Name("operators")],
        &read.operators,
        &read.team,
    ));
    found
}

/// How many distinct users may decide: those of the workspace itself.
fn able(people: &People, team: &TeamId) -> usize {
    let own = people.users.iter().filter(|user| user.team == *team);
    let mut ids: Vec<_> = own.map(|user| &user.id).collect();
    ids.sort();
    ids.dedup();
    ids.len()
}

fn of_people(page: &Page<'_>, way: &[Step<'_>], people: &People, team: &TeamId) -> Vec<Problem> {
    let mut found = Vec::new();
    let at = |key: &'static str, i: usize| page.value(&along(way, &[Name(key), Item(i)]));
    for (i, user) in people.users.iter().enumerate() {
        if user.team != *team {
            let message = format!(
                "`{}` is of another workspace, and only people of `{team}` may decide",
                user.id
            );
            found.push(page.problem(at("users", i), message, "somebody of this workspace"));
        }
        let same = |other: &NamedUser| other.id == user.id && other.team == user.team;
        if people.users[..i].iter().any(same) {
            found.push(twice(page, at("users", i), user.id.as_str()));
        }
    }
    for (i, group) in people.groups.iter().enumerate() {
        if people.groups[..i].iter().any(|other| other.id == group.id) {
            found.push(twice(page, at("groups", i), group.id.as_str()));
        }
    }
    found
}

fn twice(page: &Page<'_>, at: Spot, id: &str) -> Problem {
    page.problem(
        at,
        format!("`{id}` is named twice here, and counts once"),
        "it once",
    )
}
