//! `/triage` in the local workspace: every word of it, and who gets an answer.

use crate::clicking::batch_card;
use crate::ring::Ring;

const LEAD: &str = "U0LEAD0001";
const REVIEWS: &str = "C0REVIEWS1";

#[tokio::test]
async fn slash_commands_answer_the_sender_and_unknown_ones_get_help() {
    let ring = Ring::open().await;
    batch_card(&ring).await;
    for (text, words) in [
        ("status", "Open cases"),
        ("queue", "#1"),
        ("mine", "#1"),
        ("show 1", "invoices"),
        ("show #1", "invoices"),
        ("why 1", "Triage"),
        ("show 77", "no case #77"),
        ("show", "case number is missing"),
        ("dance", "I do not understand"),
        ("", "/triage status"),
    ] {
        let answer = ring.sandbox.slash(LEAD, REVIEWS, text).await;
        assert_eq!(answer.status, 200, "{text}");
        let told = ring.sandbox.messages(REVIEWS);
        let last = told
            .iter()
            .rfind(|message| message.ephemeral_for.as_deref() == Some(LEAD))
            .unwrap_or_else(|| panic!("/triage {text} said nothing"));
        assert!(
            last.all_text().contains(words),
            "/triage {text}: {}",
            last.all_text()
        );
    }
    ring.sandbox.slash("U0GUEST001", REVIEWS, "queue").await;
    let told = ring.sandbox.messages(REVIEWS);
    let guest = told
        .iter()
        .rfind(|message| message.ephemeral_for.as_deref() == Some("U0GUEST001"));
    assert!(guest.is_some_and(|message| message.all_text().contains("full members")));
}
