//! Replies to customers: approved, held, taken back, changed, rejected, overtaken.

use countersign::domain::approval::RequestState;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::{NewTicket, Pick};

use crate::people::*;
use crate::workbench::workbench;

const REPLY: ActionKind = ActionKind::NotifyCustomer;

#[tokio::test]
async fn an_approved_reply_waits_thirty_seconds_and_then_goes_out_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let note = w.wrote("T-1013", "ticket.note");
        assert_eq!(
            note.len(),
            1,
            "phase one: the proposal is an internal note before anybody decides"
        );
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        assert!(w.told(LEAD).concat().contains("Your approval is recorded"));
        w.advance(Span::seconds(25)).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty(), "it is held");
        w.advance(Span::seconds(10)).await;
        w.advance(Span::hours(2)).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        assert_eq!(w.sandbox.ticket("T-1013").unwrap().replies().len(), 1);
        w.reads(REVIEWS, &["Approved by", "<@U0LEAD0001>"]);
        w.glance();
        assert_told!(w.story("T-1013").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn an_undo_within_the_hold_keeps_the_reply_back_and_asks_again() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let due = w.request("T-1013", REPLY).await.request.asking.due_at;
        w.click(LEAD, &asked, "approve").await;
        w.advance(Span::seconds(10)).await;
        w.click(LEAD, &asked, "undo").await;
        assert_eq!(w.state(&asked).await, RequestState::Undone);
        assert!(w.told(LEAD).concat().contains("taken back"));
        let again = w.request("T-1013", REPLY).await;
        assert_eq!(again.state, RequestState::Pending);
        assert_eq!(
            again.request.asking.due_at, due,
            "the time to answer is the old one"
        );
        w.advance(Span::minutes(5)).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn an_undo_after_the_reply_went_out_is_refused() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        let spot = w.spot(LEAD, &asked, "undo").await;
        let pick = Pick::action(&spot.action);
        let kept = w
            .sandbox
            .click_payload(LEAD, &spot.channel, &spot.ts, pick)
            .unwrap();
        w.advance(Span::seconds(40)).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        assert_eq!(w.during(w.sandbox.tell_bot(&kept)).await.status, 200);
        w.settle().await;
        w.expect_refused(RefusalCode::NothingToUndo, 1);
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        assert_eq!(w.told(LEAD).len(), 2, "both clicks were answered");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_changed_reply_counts_as_approval_and_the_changed_words_go_out() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "edit").await;
        let words = "There is no dark mode yet. It is planned for spring.";
        w.fill(LEAD, &[("text", words), ("why", "Shorter")]).await;
        assert_eq!(w.state(&asked).await, RequestState::Superseded);
        let edited = w.request("T-1013", REPLY).await;
        assert_eq!(edited.state, RequestState::Approved);
        w.advance(Span::seconds(40)).await;
        let sent = w.wrote("T-1013", "ticket.reply");
        assert_eq!(sent.len(), 1);
        assert!(sent[0].document.to_string().contains(words));
        w.reads(REVIEWS, &["Superseded", words, "Shorter"]);
        w.glance();
        assert_told!(w.story("T-1013").await.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_rejected_reply_never_goes_out_and_the_reason_is_kept() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(DEPUTY, &asked, "reject").await;
        let empty = w.during(w.sandbox.submit(DEPUTY, &[])).await.unwrap();
        assert!(!empty.errors.is_empty(), "a rejection needs a reason");
        let answers = [("preset", "wrong_words"), ("why", "It promises too much")];
        w.fill(DEPUTY, &answers).await;
        assert_eq!(w.state(&asked).await, RequestState::Rejected);
        w.advance(Span::days(2)).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        w.reads(REVIEWS, &["Rejected by", "It promises too much"]);
        let story = w.story("T-1013").await.join("\n");
        assert!(
            story.contains("because: wrong words, “It promises too much”"),
            "{story}"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_preset_alone_is_reason_enough_for_a_rejection() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "reject").await;
        w.fill(LEAD, &[("preset", "handled_elsewhere")]).await;
        assert_eq!(w.state(&asked).await, RequestState::Rejected);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_customer_who_writes_again_overtakes_the_reply_but_not_the_label() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let reply = w.asked("T-1013", REPLY).await;
        let label = w.asked("T-1013", ActionKind::AddLabel).await;
        let told = w
            .sandbox
            .customer_writes(
                "T-1013",
                "Never mind the dark mode. How do I export my data?",
            )
            .await;
        assert!(told.is_ok(), "{} {}", told.status, told.body);
        w.settle().await;
        assert_eq!(w.state(&reply).await, RequestState::Superseded);
        assert_eq!(w.state(&label).await, RequestState::Pending);
        w.click(LEAD, &label, "approve").await;
        assert_eq!(w.state(&label).await, RequestState::Approved);
        w.told(LEAD);
        w.advance(Span::hours(1)).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        assert_eq!(w.wrote("T-1013", "ticket.label").len(), 1);
        w.reads(REVIEWS, &["Superseded"]);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_customer_who_writes_unheard_during_the_hold_stops_the_reply_at_the_desk() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let reply = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &reply, "approve").await;
        w.told(LEAD);
        assert!(w.sandbox.customer_writes_unheard("T-1013", "Never mind."));
        w.advance(Span::minutes(5)).await;
        assert!(
            w.wrote("T-1013", "ticket.reply").is_empty(),
            "the target has moved"
        );
        let story = w.story("T-1013").await.join("\n");
        assert!(
            story.contains("The reply is not carried out") || story.contains("refused"),
            "{story}"
        );
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_german_ticket_is_answered_in_german() {
    workbench(async |w| {
        let ticket = NewTicket::plain(
            "T-2001",
            "kundin@beispiel.example.org",
            "Benutzer einladen",
            "Guten Tag, wie kann ich einen weiteren Benutzer einladen? Vielen Dank im Voraus.",
        );
        w.written(&ticket).await;
        let asked = w.asked("T-2001", REPLY).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        w.advance(Span::seconds(40)).await;
        let sent = w.wrote("T-2001", "ticket.reply");
        let text = sent[0].document["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(
            text.contains("Guten Tag") || text.contains("Hallo"),
            "{}",
            sent[0].document
        );
        assert!(!text.contains("Hello"), "{text}");
        w.glance();
    })
    .await;
}
