//! What somebody is told whose click did something.

use countersign::domain::case::command::Wants;
use countersign::domain::case::told::sentence;

use crate::support::*;

fn told(world: &mut World, who: &Somebody, wants: Wants) -> String {
    let request = world.newest_id();
    let events = world.click(who, &request, wants).unwrap();
    sentence(&events, &world.context(None))
}

#[test]
fn each_click_that_counts_has_its_sentence() {
    let reply_asked = || World::asking_reply(policy(&[]));
    let refund_asked = || World::asking_refund(policy(&[]), 18_000);
    assert_eq!(
        told(&mut reply_asked(), &LEAD, approve()),
        "Your approval is recorded. It goes out as the card says."
    );
    assert_eq!(
        told(&mut reply_asked(), &LEAD, reject()),
        "Your rejection is recorded."
    );
    assert_eq!(
        told(&mut refund_asked(), &BILLING, approve()),
        "Your approval is recorded. Billing has the case now. No money has moved."
    );
    assert_eq!(
        told(&mut refund_asked(), &BILLING, edit(refund(60_000))),
        "Your edit is recorded. It is not yours to approve, so others are asked."
    );
    assert_eq!(
        told(&mut refund_asked(), &BILLING, edit(refund(9_000))),
        "Your edit is recorded as your approval of the changed draft. Billing has the case now. No money has moved."
    );
    let mut two = World::asking_reply(policy(&[TWO_LEADS]));
    assert_eq!(
        told(&mut two, &LEAD, approve()),
        "Your approval is recorded. Somebody else has to approve it too."
    );
    let mut undone = reply_asked();
    told(&mut undone, &LEAD, approve());
    assert_eq!(
        told(&mut undone, &LEAD, Wants::Undo),
        "It was taken back before it went out, and is asked again."
    );
}

#[test]
fn a_decision_while_writes_are_held_counts_and_says_that_it_waits() {
    let mut paused = World::asking_reply(policy(&[]));
    paused.paused = Some("audit".into());
    assert_eq!(
        told(&mut paused, &LEAD, approve()),
        "Your approval is recorded. Countersign is paused (audit), so it waits until writes are resumed."
    );
    let mut unpinned = World::asking_reply(policy(&[]));
    unpinned.pinned = false;
    assert_eq!(
        told(&mut unpinned, &LEAD, approve()),
        "Your approval is recorded. The policy in force is not the pinned one, so it waits until a policy is pinned."
    );
}
