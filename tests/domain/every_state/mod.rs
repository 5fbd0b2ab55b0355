//! Every state that a case can come to, breadth first, with everything that can be said to it there.
//!
//! Each walk is about one matter, with bounds that are stated with it. `COUNTERSIGN_WALK=deep` takes the long ones to
//! their end as well; with `--nocapture` each says how far it came.

use std::collections::{BTreeMap, BTreeSet};

use self::scopes::Scope;
use self::walker::{Found, Walker};

mod alphabet;
pub mod checks;
mod key;
mod machines;
mod reading;
mod scopes;
mod spot;
mod walker;
mod words;

/// The states from which none of these can be reached.
fn cut_off(found: &Found, ends: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut into: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in &found.leads {
        into.entry(*to).or_default().push(*from);
    }
    let mut alive: BTreeSet<usize> = ends.into_iter().collect();
    let mut waiting: Vec<usize> = alive.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        for from in into.get(&at).into_iter().flatten() {
            if alive.insert(*from) {
                waiting.push(*from);
            }
        }
    }
    (0..found.ways.len())
        .filter(|at| !alive.contains(at))
        .collect()
}

/// Walks, and checks that the walk was long enough, came to its end, and can be left from everywhere.
fn walks(scope: &Scope) {
    let found = Walker::walk(scope);
    let states = found.ways.len();
    let no_end = cut_off(&found, found.over.iter().copied());
    let more = if found.finished {
        "and no more"
    } else {
        "and more"
    };
    println!(
        "{}: {states} states {more}; {} transitions and {} refusals; {} states are an end, and from {} one leads only \
         beyond the bounds; {} answered a second time; {} kinds of event, {} of refusal",
        scope.name,
        found.transitions,
        found.refusals,
        found.over.len(),
        no_end.len(),
        found.compared,
        found.events.len(),
        found.codes.len(),
    );
    if std::env::var("COUNTERSIGN_WALK").as_deref() == Ok("short") {
        return;
    }
    let (least, transitions) = scope.floor;
    assert!(
        states >= least && found.transitions >= transitions,
        "the walk has become shorter: {states} states, {} transitions",
        found.transitions
    );
    assert!(
        found.finished || !scope.whole,
        "the walk has no end any more"
    );
    if found.finished {
        let ends = found.over.iter().chain(&found.border);
        let dead = cut_off(&found, ends.copied());
        let way = dead.first().map(|at| &found.ways[*at]);
        assert!(
            dead.is_empty(),
            "{} states lead to no end, the first by {way:?}",
            dead.len()
        );
        assert!(
            no_end.len() * 10 <= states,
            "too much of the walk ends at its bounds only: {}",
            no_end.len()
        );
    }
}

macro_rules! walks {
    ($($name:ident: $scope:expr;)+) => { $(#[test] fn $name() { walks(&$scope); })+ };
}

walks! {
    every_state_on_the_way_to_a_question: scopes::reading();
    every_state_of_a_reply: scopes::reply_to_one_lead();
    every_state_of_a_reply_that_two_must_approve: scopes::reply_to_two_leads();
    every_state_of_a_page: scopes::page();
    every_state_of_a_recommendation: scopes::recommendation();
    every_state_of_little_money: scopes::straight_to_billing();
    every_state_of_a_customer_whom_nobody_vouches_for: scopes::identity();
    every_state_of_what_runs_by_itself: scopes::automatic();
}
