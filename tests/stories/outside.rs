//! Every call to Slack meets every fault: it is tried again, mended or told, and nothing says done before it is.

use countersign::domain::approval::RequestState;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::{Fault, Pick};

use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// What goes wrong in passing: it is over after a call or two. No answer at all takes ten real seconds, and is left
/// to the two stories that add it.
fn passing() -> Vec<Fault> {
    vec![
        Fault::LostAnswer,
        Fault::ServerError,
        Fault::RateLimited { retry_after: 30 },
        error("ratelimited"),
        error("internal_error"),
        error("token_revoked"),
        error("account_inactive"),
    ]
}

fn error(name: &str) -> Fault {
    Fault::Error(name.to_owned())
}

/// Lets enough time pass for every repeat.
async fn patience(w: &Workbench) {
    for _ in 0..8 {
        w.advance(Span::minutes(3)).await;
    }
}

/// The cards in the room of the reviewers.
fn cards(w: &Workbench) -> usize {
    let all = w.sandbox.messages(REVIEWS);
    let cards = all.iter().filter(|one| one.ephemeral_for.is_none());
    cards.count()
}

#[tokio::test]
async fn a_card_is_brought_to_its_newest_state_whatever_happens_to_the_update() {
    let mut faults = passing();
    faults.push(Fault::Timeout);
    for fault in faults {
        workbench(async |w| {
            w.ticket("T-1013").await;
            let asked = w.asked("T-1013", REPLY).await;
            w.sandbox.fault("chat.update", fault.clone(), 2);
            w.click(LEAD, &asked, "approve").await;
            assert!(!w.read(REVIEWS).contains("Done "), "{fault:?}");
            patience(w).await;
            w.told(LEAD);
            assert_eq!(cards(w), 1, "{fault:?}");
            w.reads(REVIEWS, &["Approved by", "Done "]);
            assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1, "{fault:?}");
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_card_that_slack_cannot_update_any_more_is_posted_anew_once() {
    for name in [
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
    ] {
        workbench(async |w| {
            w.ticket("T-1013").await;
            let asked = w.asked("T-1013", REPLY).await;
            w.sandbox.fault("chat.update", error(name), 1);
            w.click(LEAD, &asked, "approve").await;
            patience(w).await;
            w.told(LEAD);
            assert_eq!(cards(w), 2, "{name}");
            w.reads(REVIEWS, &["Approved by", "Done "]);
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_card_that_slack_refuses_to_take_is_announced_and_tried_again() {
    for name in [
        "msg_too_long",
        "invalid_blocks",
        "not_in_channel",
        "channel_not_found",
        "is_archived",
    ] {
        workbench(async |w| {
            w.sandbox.fault("chat.postMessage", error(name), 2);
            w.ticket("T-1013").await;
            w.asked("T-1013", REPLY).await;
            let status = w.types(LEAD, "status").await;
            assert!(status.contains("missing in Slack"), "{name}: {status}");
            patience(w).await;
            let asked = w.asked("T-1013", REPLY).await;
            w.click(LEAD, &asked, "approve").await;
            assert_eq!(w.state(&asked).await, RequestState::Approved, "{name}");
            w.told(LEAD);
            assert_eq!(cards(w), 1, "{name}");
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_question_reaches_its_person_once_whatever_happens_to_the_opening_of_the_direct_message()
{
    for fault in passing() {
        workbench(async |w| {
            w.sandbox.fault("conversations.open", fault.clone(), 1);
            w.ticket("T-1004").await;
            patience(w).await;
            let direct = w.sandbox.messages(&w.sandbox.dm_of(FINANCE));
            assert_eq!(direct.len(), 1, "{fault:?}");
            assert_eq!(w.sandbox.clear_faults(), 0, "{fault:?}");
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_click_whose_person_or_group_cannot_be_read_decides_nothing_and_is_told_so() {
    for method in ["users.info", "usergroups.users.list"] {
        for fault in passing() {
            workbench(async |w| {
                w.ticket("T-1013").await;
                let asked = w.asked("T-1013", REPLY).await;
                w.during(w.sandbox.tell_group_change("S0LEADS001")).await;
                w.sandbox.fault(method, fault.clone(), 1);
                w.click(LEAD, &asked, "approve").await;
                assert_eq!(w.state(&asked).await, RequestState::Pending, "{fault:?}");
                w.expect_refused(RefusalCode::CannotTell, 1);
                assert_eq!(w.told(LEAD).len(), 1, "{method} {fault:?}");
                w.click(LEAD, &asked, "approve").await;
                assert_eq!(w.state(&asked).await, RequestState::Approved, "{fault:?}");
                w.told(LEAD);
                w.glance();
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_request_whose_people_cannot_be_looked_up_at_once_is_asked_later_and_never_dropped() {
    for fault in passing() {
        workbench(async |w| {
            w.sandbox.fault("usergroups.users.list", fault.clone(), 1);
            w.sandbox.fault("users.info", fault.clone(), 1);
            w.ticket("T-1013").await;
            patience(w).await;
            let asked = w.asked("T-1013", REPLY).await;
            w.click(LEAD, &asked, "approve").await;
            assert_eq!(w.state(&asked).await, RequestState::Approved, "{fault:?}");
            w.told(LEAD);
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_window_that_slack_does_not_open_is_told_to_whoever_clicked_and_opens_at_the_next_click()
{
    let mut faults = passing();
    faults.extend([Fault::Timeout, error("expired_trigger_id")]);
    for fault in faults {
        workbench(async |w| {
            w.ticket("T-1013").await;
            let asked = w.asked("T-1013", REPLY).await;
            let spot = w.spot(LEAD, &asked, "reject").await;
            w.sandbox.fault("views.open", fault.clone(), 1);
            let pick = Pick::action(&spot.action);
            let pressed = w.sandbox.click(LEAD, &spot.channel, &spot.ts, pick);
            let answered = w.during(pressed).await.unwrap();
            let told = w.told(LEAD).join(" ");
            assert_eq!(answered.status, 200, "{fault:?}");
            assert!(
                told.contains("did not open the window"),
                "{fault:?}: {told}"
            );
            assert_eq!(w.state(&asked).await, RequestState::Pending);
            assert_eq!(w.press(LEAD, &spot).await.status, 200);
            assert!(w.sandbox.modal_of(LEAD).is_some(), "{fault:?}");
            w.glance();
        })
        .await;
    }
}

#[tokio::test]
async fn a_clicker_is_told_whatever_happens_to_the_answer() {
    let mut faults = passing();
    faults.extend(["user_not_in_channel", "channel_not_found", "no_permission"].map(error));
    for fault in faults {
        workbench(async |w| {
            w.ticket("T-1013").await;
            let asked = w.asked("T-1013", REPLY).await;
            w.sandbox.fault("chat.postEphemeral", fault.clone(), 1);
            w.click(LEAD, &asked, "approve").await;
            patience(w).await;
            let told = w.told(LEAD).join(" ") + &w.direct(LEAD);
            assert!(
                told.contains("Your approval is recorded"),
                "{fault:?}: {told}"
            );
            w.glance();
        })
        .await;
    }
}
