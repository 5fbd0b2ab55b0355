//! The lists of `contract.json`: each line counts for something, and no model talks its way out of a restriction.

use super::Parts;
use super::cells::{Cell, Grid, all_of};
use super::page::{Page, Step, along};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::Provenance;
use crate::domain::policy::conditions::{Outcome, provenance_of};
use crate::domain::policy::contract::{Contract, FILE, List, Listed, Tool};
use crate::domain::policy::problem::Problem;

use Step::{Item, Name};

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let (Some(page), Some(contract)) = (parts.page(FILE), parts.contract) else {
        return Vec::new();
    };
    let mut found = soft(&page, contract);
    for action in ActionKind::ALL.iter().copied().filter(|a| a.is_tool()) {
        found.extend(of_tool(&page, contract, action));
    }
    found
}

/// A condition in a list that restricts lets out whatever does not meet it. Where a mistake cannot be taken back or a
/// customer sees it, what the model says must not do that.
fn soft(page: &Page<'_>, contract: &Contract) -> Vec<Problem> {
    let mut found = Vec::new();
    for (way, list) in contract.lists().into_iter().skip(1) {
        let way: Vec<Step<'_>> = way.iter().map(|name| Name(name)).collect();
        for (i, line) in list.0.iter().enumerate() {
            let Tool::Acts(action) = line.tool else {
                continue;
            };
            if action.reversible() && !action.customer_sees() {
                continue;
            }
            let said = |fact| matches!(provenance_of(fact), Provenance::Model | Provenance::Ticket);
            for condition in line.when.iter().filter(|c| said(c.fact)) {
                let way = along(&way, &[Item(i), Name("when")]);
                let fact = condition.fact;
                let message =
                    format!("`{action}` would get past this list because the model says `{fact}`");
                let fix = "the plain name, or a condition on facts that a connector vouches for";
                found.push(page.problem(page.condition(&way, condition), message, fix));
            }
        }
    }
    found
}

/// Lines on one tool that never count.
fn of_tool(page: &Page<'_>, contract: &Contract, action: ActionKind) -> Vec<Problem> {
    let lists = contract.lists();
    let tool = Tool::Acts(action);
    let lines = lists.iter().flat_map(|(_, list)| &list.0);
    let conditions = lines.filter(|l| l.tool == tool).flat_map(|line| &line.when);
    let grid = match Grid::over(Some(action), conditions) {
        Ok(grid) => grid,
        Err(too_many) => {
            let message = format!("of `{action}`, {too_many}");
            let fix = "fewer conditions, so that it can be proved that every line counts";
            return vec![page.problem(page.name(&[Name("tools")]), message, fix)];
        }
    };
    let cells: Vec<Cell<'_>> = grid.cells().collect();
    let mut found = Vec::new();
    for (index, (way, list)) in lists.iter().enumerate() {
        let way: Vec<Step<'_>> = way.iter().map(|name| Name(name)).collect();
        // In `allow` a line counts where it surely holds, in the lists that restrict where it may hold.
        let counts = |line: &Listed, cell: &Cell<'_>| match all_of(&line.when, &cell.facts()) {
            Outcome::Holds => true,
            Outcome::Fails => false,
            Outcome::Unknown => index > 0 && may_hold(line, cell),
        };
        let mut kept: Vec<&Listed> = list.0.iter().filter(|line| line.tool == tool).collect();
        for (i, line) in list.0.iter().enumerate().filter(|(_, l)| l.tool == tool) {
            let own: Vec<&Cell<'_>> = cells.iter().filter(|cell| counts(line, cell)).collect();
            let others = |cell: &Cell<'_>| kept.iter().any(|o| *o != line && counts(o, cell));
            let at = page.value(&along(&way, &[Item(i)]));
            if own.iter().all(|cell| others(cell)) && !own.is_empty() {
                kept.retain(|other| *other != line);
                let message =
                    format!("`{action}` is in this list already whenever this line holds");
                found.push(page.problem(at, message, "one of the lines"));
            } else if index == 0 && !is_told(line, &lists) && shut(contract, action, &own) {
                let message = format!(
                    "this line never counts: `deny` or `requires_approval` has `{action}` whenever it holds"
                );
                found.push(page.problem(at, message, "it in one of the lists"));
            }
        }
    }
    found
}

fn may_hold(line: &Listed, cell: &Cell<'_>) -> bool {
    let facts = cell.facts();
    line.when
        .iter()
        .all(|c| c.against(&facts) != Outcome::Fails)
}

/// A plain name in `allow` that is plain in another list as well was told when it was read.
fn is_told(line: &Listed, lists: &[(&[&str], &List)]) -> bool {
    line.when.is_empty() && lists.iter().skip(1).any(|(_, list)| list.0.contains(line))
}

/// Whether another list has the tool in all these cells.
fn shut(contract: &Contract, action: ActionKind, cells: &[&Cell<'_>]) -> bool {
    let tool = Tool::Acts(action);
    let shut = |cell: &&&Cell<'_>| {
        let facts = cell.facts();
        contract.deny.perhaps(tool, &facts) || contract.requires_approval.perhaps(tool, &facts)
    };
    !cells.is_empty() && cells.iter().filter(shut).count() == cells.len()
}
