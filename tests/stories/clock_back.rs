//! The clock is set back by an hour, under a running bot or between two: nothing is lost and nothing is done twice.

use std::cell::RefCell;

use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::ports::Clock as _;

use crate::ending::ending;
use crate::fuse::claims_and_dies;
use crate::metrics::codes;
use crate::people::*;
use crate::workbench::{Workbench, setting};

const REPLY: ActionKind = ActionKind::NotifyCustomer;
const HOUR: Span = Span::hours(1);
const LEASE: Span = Span::seconds(60);
/// After how many of its steps the story can be interrupted.
const STEPS: usize = 5;

/// What happens when the clock is set back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bot {
    /// It goes on.
    RunsOn,
    /// It had just claimed work when it died, and another one begins.
    Dies,
}

/// Sets the clock back by an hour.
async fn set_back(w: &mut Workbench, bot: Bot) {
    let before = w.clock.now();
    w.clock.advance(Span(-HOUR.0));
    if bot == Bot::Dies {
        claims_and_dies(w.store(), before, LEASE).await;
        w.restart().await;
    }
    assert!(is_told(w).await, "nobody is told that the clock went back");
}

/// Whether `/readyz` says that the clock is behind what is recorded.
async fn is_told(w: &Workbench) -> bool {
    codes(w).await.iter().any(|code| code == "clock_back")
}

/// A reply is drafted, approved and sent; the clock is set back after one of the steps.
async fn reply(w: &mut Workbench, back: Option<(usize, Bot)>) -> Vec<String> {
    let all = w.sandbox.demo_tickets();
    let ticket = all.iter().find(|ticket| ticket.id == "T-1013").unwrap();
    for step in 0..STEPS {
        match step {
            0 => assert!(w.sandbox.send_ticket(ticket).await.is_ok()),
            1 => w.settle().await,
            2 => {
                // Whatever was under way goes on when the clock has caught up.
                w.advance(HOUR).await;
                w.advance(LEASE).await;
                let asked = w.asked("T-1013", REPLY).await;
                let spot = w.spot(LEAD, &asked, "approve").await;
                assert_eq!(w.press(LEAD, &spot).await.status, 200);
            }
            3 => w.settle().await,
            _ => w.advance(Span::seconds(10)).await,
        }
        if let Some((_, bot)) = back.filter(|(after, _)| *after == step) {
            set_back(w, bot).await;
        }
    }
    w.advance(HOUR).await;
    w.advance(LEASE).await;
    // An approval that was decided only now waits for its undo.
    w.advance(LEASE).await;
    assert!(!is_told(w).await, "the clock has caught up");
    assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
    w.told(LEAD);
    w.glance();
    ending(w).await
}

#[tokio::test]
async fn a_clock_that_is_set_back_loses_nothing_and_doubles_nothing() {
    let played = async |back: Option<(usize, Bot)>| {
        let ends = RefCell::new(vec![]);
        let story = async |w: &mut Workbench| {
            let end = reply(w, back).await;
            ends.borrow_mut().push(end);
        };
        setting().play(story).await;
        ends.into_inner()
    };
    let whole = played(None).await;
    for step in 0..STEPS {
        for bot in [Bot::RunsOn, Bot::Dies] {
            let ends = played(Some((step, bot))).await;
            assert_eq!(
                ends, whole,
                "set back after step {step}, and the bot {bot:?}"
            );
        }
    }
}
