//! Clicks that are doubled, outdated, forged, replayed, or by people who left, and the exact words that they read.

use countersign::domain::approval::RequestState;
use countersign::domain::case::refusal::{Answer, RefusalCode};
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::Pick;
use serde_json::{Value, json};

use crate::aloud::aloud;
use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// A click that nobody has sent yet.
pub async fn kept(w: &Workbench, who: &str, asked: &Asked, verb: &str) -> Value {
    let spot = w.spot(who, asked, verb).await;
    let pick = Pick::action(&spot.action);
    let made = w.sandbox.click_payload(who, &spot.channel, &spot.ts, pick);
    made.unwrap_or_else(|missing| panic!("{missing}"))
}

/// Sends a click, rightly signed, and lets everything follow.
async fn sent(w: &Workbench, click: &Value) {
    let answered = w.during(w.sandbox.tell_bot(click)).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    w.settle().await;
}

fn value_of(click: &Value) -> String {
    click["actions"][0]["value"].as_str().unwrap().to_owned()
}

fn with_value(click: &Value, value: &str) -> Value {
    let mut forged = click.clone();
    forged["actions"][0]["value"] = json!(value);
    forged
}

/// What was recorded as the answer to a person's last click, as it is told: the sentence, and what to do.
async fn answered(w: &Workbench, who: &str) -> String {
    let last = format!(
        "SELECT answer FROM inbox WHERE actor LIKE '%{who}%' ORDER BY position DESC LIMIT 1"
    );
    let rows = w.beneath().rows(&last).await;
    match serde_json::from_str(&rows[0][0]).unwrap() {
        Answer::Recorded { sentence } => sentence,
        Answer::Refused { refusal } => format!("{}\n{}", refusal.sentence, refusal.next_step),
    }
}

/// What a person read last, under four eyes.
fn read(w: &Workbench, who: &str) -> String {
    w.told(who);
    let channels = w.sandbox.channels_with_messages();
    let all = channels.iter().flat_map(|one| w.sandbox.messages(one));
    let mine = all.filter(|one| one.ephemeral_for.as_deref() == Some(who));
    let last = mine.max_by(|a, b| a.ts.cmp(&b.ts));
    last.map_or_else(String::new, |one| aloud(&one.blocks))
}

/// Sends a click that must change nothing, and fails unless the person reads exactly these words.
async fn refused(w: &Workbench, click: &Value, code: RefusalCode, words: &str) {
    let who = click["user"]["id"].as_str().unwrap();
    sent(w, click).await;
    w.expect_refused(code, 1);
    assert_eq!(w.refusals().await.last(), Some(&code), "{who}");
    assert_eq!(answered(w, who).await, words, "{who}");
    assert_eq!(read(w, who), words, "{who}");
}

#[tokio::test]
async fn a_double_click_is_one_decision_and_the_second_click_is_told_so() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let first = kept(w, LEAD, &asked, "approve").await;
        w.advance(Span::seconds(1)).await;
        let second = kept(w, LEAD, &asked, "approve").await;
        assert_ne!(first["actions"][0]["action_ts"], second["actions"][0]["action_ts"]);
        sent(w, &first).await;
        assert_eq!(read(w, LEAD), "Your approval is recorded. It goes out as the card says.");
        let words = "You have decided this already; your second click changed nothing.\nNothing needs to be done.";
        refused(w, &second, RefusalCode::Twice, words).await;
        w.advance(Span::minutes(2)).await;
        assert_eq!(w.request("T-1013", REPLY).await.decisions.len(), 1);
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_second_reads_who_was_first_and_when() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let late = kept(w, DEPUTY, &asked, "approve").await;
        w.click(LEAD, &asked, "approve").await;
        let at = w.request("T-1013", REPLY).await.decisions[0].at.rfc3339();
        let words = format!(
            "<@U0LEAD0001> approved this at {} UTC; your click changed nothing.\nNothing needs to be done.",
            &at[11..19]
        );
        refused(w, &late, RefusalCode::TooLate, &words).await;
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_card_that_the_customer_has_overtaken_decides_nothing() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let old = kept(w, LEAD, &asked, "approve").await;
        let again = "Never mind the dark mode. How do I export my data?";
        assert!(w.sandbox.customer_writes("T-1013", again).await.is_ok());
        w.settle().await;
        assert_eq!(w.state(&asked).await, RequestState::Superseded);
        let words = "The customer wrote again. Your click changed nothing.\nDecide on the newest card of this case.";
        refused(w, &old, RefusalCode::Superseded, words).await;
        w.advance(Span::minutes(5)).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn who_left_the_group_a_second_ago_decides_nothing() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = kept(w, DEPUTY, &asked, "approve").await;
        w.sandbox.remove_from_group("S0LEADS001", DEPUTY);
        w.advance(Span::seconds(1)).await;
        let words = "This is for members of @support-leads to decide; your click changed nothing.\nAsk one of them.";
        refused(w, &click, RefusalCode::NotYours, words).await;
        // The control: the same click again, once the group has them back.
        w.sandbox.add_to_group("S0LEADS001", DEPUTY);
        w.advance(Span::seconds(31)).await;
        let again = kept(w, DEPUTY, &asked, "approve").await;
        sent(w, &again).await;
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.told(DEPUTY);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn who_is_not_a_full_member_of_this_workspace_decides_nothing() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.sandbox.deactivate(DEPUTY);
        let not_a_member = |kind: &str| {
            format!(
                "Only full members of this workspace decide here; your account is {kind}.\n\
                 Ask a member who is named on the card."
            )
        };
        let elsewhere = "This click came from another workspace or app than the one this case belongs to.\n\
                         Open the card in its own workspace.";
        for (who, code, words) in [
            (DEPUTY, RefusalCode::NotAMember, not_a_member("deactivated")),
            ("U0GUEST001", RefusalCode::NotAMember, not_a_member("a guest account")),
            ("U0CSIGN001", RefusalCode::NotAMember, not_a_member("a bot")),
            ("U0STRANG01", RefusalCode::WrongWorkspace, elsewhere.to_owned()),
        ] {
            let click = kept(w, who, &asked, "approve").await;
            sent(w, &click).await;
            w.expect_refused(code, 1);
            assert_eq!(answered(w, who).await, words, "{who}");
            assert_eq!(w.state(&asked).await, RequestState::Pending, "{who}");
        }
        let now = w.engine().time();
        let failed = w.store().pending_counts(now).await.unwrap().failed_effects;
        w.expect_failed(failed);
        assert!(failed <= 3, "those who have left, strangers and bots cannot be written to");
        w.told("U0CSIGN001");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn somebody_of_another_team_who_claims_to_be_the_lead_decides_nothing() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = kept(w, LEAD, &asked, "approve").await;
        let mut connected = click.clone();
        connected["user"]["team_id"] = json!("T0OTHER001");
        let words = "This click came from another workspace or app than the one this case belongs to.\n\
                     Open the card in its own workspace.";
        refused(w, &connected, RefusalCode::WrongWorkspace, words).await;
        let mut foreign = click.clone();
        foreign["team"]["id"] = json!("T0OTHER001");
        let answer = w.during(w.sandbox.tell_bot(&foreign)).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains("another workspace"), "{}", answer.body);
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_button_with_the_rendering_of_another_row_decides_neither() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        w.ticket("T-1003").await;
        let reply = w.asked("T-1013", REPLY).await;
        let label = w.asked("T-1013", ActionKind::AddLabel).await;
        let other = w.asked("T-1003", ActionKind::AddLabel).await;
        let click = kept(w, LEAD, &reply, "approve").await;
        let value = value_of(&click);
        let (_, subject) = value.rsplit_once('.').unwrap();
        for row in [&label, &other] {
            let theirs = value_of(&kept(w, LEAD, row, "approve").await);
            let (front, _) = theirs.rsplit_once('.').unwrap();
            // Their rendering with our subject, as if the one had been shown and the other were meant.
            let forged = with_value(&click, &format!("{front}.{subject}"));
            let words = "What you were shown is not what stands now; your click changed nothing.\n\
                         Read the newest card of this case and decide there.";
            refused(w, &forged, RefusalCode::Stale, words).await;
            assert_eq!(w.state(row).await, RequestState::Pending);
        }
        assert_eq!(w.state(&reply).await, RequestState::Pending);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_button_that_nobody_made_is_told_so_and_stored_nowhere() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = kept(w, LEAD, &asked, "approve").await;
        let value = value_of(&click);
        let (_, subject) = value.rsplit_once('.').unwrap();
        let nobodys = with_value(&click, &format!("approve.v{}.{subject}", "0".repeat(24)));
        sent(w, &nobodys).await;
        let words = "This button belongs to nothing that stands here any more; your click changed nothing.\n\
                     Open the case with /triage show and its number.";
        assert_eq!(read(w, LEAD), words);
        for garbage in ["", "approve", "become_admin.v.0", "approve..", "\u{0}"] {
            sent(w, &with_value(&click, garbage)).await;
        }
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_approval_without_its_reason_does_not_decide_the_highest_tier() {
    workbench(async |w| {
        w.ticket("T-1004").await;
        let asked = w.asked("T-1004", ActionKind::Refund).await;
        let click = kept(w, FINANCE, &asked, "approve_why").await;
        let quick = value_of(&click).replace("approve_why", "approve");
        let words = "A reason is required here: it is what the record will say in two years.\n\
                     Give a reason and decide again.";
        refused(
            w,
            &with_value(&click, &quick),
            RefusalCode::ReasonMissing,
            words,
        )
        .await;
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_was_taken_back_is_not_given_again_by_replaying_it() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = kept(w, LEAD, &asked, "approve").await;
        sent(w, &click).await;
        w.click(LEAD, &asked, "undo").await;
        assert_eq!(w.state(&asked).await, RequestState::Undone);
        // The same body, signed afresh each time, as somebody could who holds the secret: the trigger is the same.
        for _ in 0..3 {
            w.advance(Span::minutes(4)).await;
            sent(w, &click).await;
        }
        let again = w.asked("T-1013", REPLY).await;
        assert_ne!(again.request, asked.request);
        assert!(w.request("T-1013", REPLY).await.decisions.is_empty());
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        assert_eq!(
            w.told(LEAD).len(),
            2,
            "the approval and its undoing are answered, and nothing else"
        );
        // As another click it is answered, and changes nothing either.
        let mut renewed = click.clone();
        renewed["actions"][0]["action_ts"] = json!("1795425000.000001");
        let words = "<@U0LEAD0001> took it back before it went out. Your click changed nothing.\n\
                     Decide on the newest card of this case.";
        refused(w, &renewed, RefusalCode::Superseded, words).await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_modal_that_is_sent_twice_rejects_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "reject").await;
        let answers = [("preset", "not_supported")];
        let send = || w.sandbox.submit(LEAD, &answers);
        let both = w.during(async { tokio::join!(send(), send()) }).await;
        assert_eq!((both.0.unwrap().status, both.1.unwrap().status), (200, 200));
        w.settle().await;
        assert_eq!(w.state(&asked).await, RequestState::Rejected);
        assert_eq!(w.request("T-1013", REPLY).await.decisions.len(), 1);
        w.told(LEAD);
        w.glance();
    })
    .await;
}
