//! Replies into the thread that a ticket came from: once, after the hold, and not at all when taken back.

use countersign::domain::ids::ChannelId;
use countersign::domain::ticket::Thread;
use countersign::sandbox::{Fault, Message, Pick};

use crate::ring::Ring;

const LEAD: &str = "U0LEAD0001";
const REVIEWS: &str = "C0REVIEWS1";
const GENERAL: &str = "C0GENERAL1";

/// A question in a thread, with the card and the row on which its reply waits.
async fn asked(ring: &Ring) -> (String, Message, String) {
    let words = "Hello, where can I download all my invoices as PDF? Thank you.";
    let (ts, _) = ring
        .sandbox
        .post_as("U0AGENT001", GENERAL, None, words)
        .await;
    let thread = Thread {
        channel: ChannelId::new(GENERAL),
        ts: ts.clone(),
    };
    ring.ticket_in(Some(thread), "T-1", "How do I export my invoices?", words)
        .await;
    let reply = |message: &Message| message.all_text().contains("Reply to the customer");
    let card = ring.message(REVIEWS, reply).await;
    // The number of the row stands right before its title.
    let text = card.all_text();
    let title = text.find(" · Reply to the customer").unwrap();
    let row: String = text[..title]
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    (ts, card, row.chars().rev().collect())
}

fn replies(ring: &Ring, ts: &str) -> usize {
    let all = ring.sandbox.messages(GENERAL);
    all.iter()
        .filter(|message| message.thread_ts.as_deref() == Some(ts) && message.ts != ts)
        .count()
}

#[tokio::test]
async fn an_approved_reply_goes_into_the_thread_once_even_when_its_answer_is_lost() {
    let ring = Ring::open().await;
    let (ts, card, row) = asked(&ring).await;
    let approve = Pick::action(&format!("cs.approve.{row}"));
    ring.sandbox
        .click(LEAD, REVIEWS, &card.ts, approve)
        .await
        .unwrap();
    ring.message(REVIEWS, |message| {
        message.all_text().contains("unless it is taken back")
    })
    .await;
    assert_eq!(replies(&ring, &ts), 0, "nothing goes out within the hold");
    ring.sandbox.fault("chat.postMessage", Fault::LostAnswer, 1);
    ring.pass(31);
    let sent = ring
        .message(GENERAL, |message| {
            message.thread_ts.as_deref() == Some(&ts) && message.ts != ts
        })
        .await;
    assert!(
        sent.all_text().contains("Kind regards"),
        "{}",
        sent.all_text()
    );
    assert!(
        !sent.text.contains("invoice"),
        "the notification holds nothing of it"
    );
    ring.message(REVIEWS, |message| message.all_text().contains("reference"))
        .await;
    assert_eq!(
        replies(&ring, &ts),
        1,
        "it was looked up and not sent again"
    );
}

#[tokio::test]
async fn what_was_taken_back_within_the_hold_never_goes_out() {
    let ring = Ring::open().await;
    let (ts, card, row) = asked(&ring).await;
    let approve = Pick::action(&format!("cs.approve.{row}"));
    ring.sandbox
        .click(LEAD, REVIEWS, &card.ts, approve)
        .await
        .unwrap();
    let undo = format!("cs.undo.{row}");
    let offers = |message: &Message| message.controls().iter().any(|(id, ..)| *id == undo);
    ring.message(REVIEWS, offers).await;
    ring.sandbox
        .click(LEAD, REVIEWS, &card.ts, Pick::action(&undo))
        .await
        .unwrap();
    ring.message(REVIEWS, |message| message.all_text().contains("Taken back"))
        .await;
    ring.pass(31);
    // The longest that the engine sleeps before it looks for what is due, twice.
    tokio::time::sleep(std::time::Duration::from_millis(1_000)).await;
    assert_eq!(replies(&ring, &ts), 0);
}
