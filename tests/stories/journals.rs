//! A journal of this version for `tests/store/journals/`, which every later version must still fold.

use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::time::Span;

use crate::beneath::Beneath;
use crate::people::*;
use crate::workbench::{Workbench, setting};

/// The columns of the journal, in the order of the lines.
const COLUMNS: [&str; 9] = [
    "stream",
    "seq",
    "at",
    "actor",
    "cause",
    "kind",
    "body",
    "prev_hash",
    "hash",
];

/// Tickets, decisions of every kind, a refused click, a lapse.
async fn eventful(w: &Workbench) {
    for id in ["T-1002", "T-1003", "T-1013"] {
        w.ticket(id).await;
    }
    let refund = w.asked("T-1003", ActionKind::Refund).await;
    w.click(AGENT, &refund, "approve").await;
    w.click(BILLING, &refund, "approve").await;
    w.work(BILLING, "T-1002", Role::Billing, "refunding").await;
    let reply = w.asked("T-1013", ActionKind::NotifyCustomer).await;
    w.click(LEAD, &reply, "approve").await;
    let label = w.asked("T-1013", ActionKind::AddLabel).await;
    w.click(LEAD, &label, "reject").await;
    w.fill(LEAD, &[("preset", "not_supported")]).await;
    w.advance(Span::minutes(2)).await;
    w.advance(Span::days(3)).await;
}

/// `COUNTERSIGN_WRITE_JOURNAL=0.1.0` writes the file of a version that is about to be released. It is never written
/// again.
#[tokio::test]
#[ignore = "writes a file of the repository, once for each release"]
async fn the_journal_of_a_release_is_written() {
    let version = std::env::var("COUNTERSIGN_WRITE_JOURNAL").unwrap();
    let setting = setting();
    let played = setting.play_on(Beneath::file(), async |w| {
        eventful(w).await;
        let columns = COLUMNS
            .map(|name| format!("CAST({name} AS text)"))
            .join(", ");
        let all = format!("SELECT {columns} FROM journal ORDER BY position");
        let rows = w.beneath().rows(&all).await;
        let lines: Vec<String> = rows
            .iter()
            .map(|row| serde_json::to_string(row).unwrap())
            .collect();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/journals");
        std::fs::create_dir_all(folder).unwrap();
        let file = format!("{folder}/{version}.jsonl");
        std::fs::write(file, lines.join("\n") + "\n").unwrap();
        let refusals = w.refusals().await;
        refusals
            .into_iter()
            .for_each(|code| w.expect_refused(code, 1));
        w.glance();
        for who in [LEAD, BILLING, AGENT] {
            w.told(who);
        }
        for message in w.sandbox.unread_messages() {
            w.sandbox.mark_read(&message.channel, &message.ts);
        }
    });
    played.await;
}
