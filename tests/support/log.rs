//! What the product logs, heard at every level: for the whole process, and kept for each story apart.

use std::cell::RefCell;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::repeated::repeated;
use crate::workbench::Workbench;

thread_local! {
    /// What was logged on this thread. A story has a thread of its own, and everything of it runs there.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Whether the log of this process is heard here. A test may have sent it elsewhere before its first story.
static OURS: AtomicBool = AtomicBool::new(false);

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps what is logged from now on. One subscriber hears the whole process: one for a single thread misses what
/// others asked for first.
pub fn listen() {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("info,countersign=trace,slack_morphism=trace,stories=trace")
        .with_ansi(false)
        .with_writer(|| Log)
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        OURS.store(true, Ordering::Relaxed);
    }
    tracing::info!("the log is heard");
}

/// What this story logged. Fails when nothing was heard at all.
pub fn heard() -> String {
    let log = LOGGED.with_borrow(Clone::clone);
    let log = String::from_utf8_lossy(&log).into_owned();
    assert!(log.contains("the log is heard"), "{log}");
    log
}

/// Fails where the log of this story repeats what the story's customers and colleagues wrote, what was looked up
/// about them, or what stands on the desk.
pub async fn repeats_nothing_of(w: &Workbench) {
    if !OURS.load(Ordering::Relaxed) {
        return;
    }
    let mut texts = vec![];
    for case in w.cases().await {
        let kept = w.store().texts(&case.id.stream()).await.unwrap();
        // What a card showed is put together from the other texts and from our own words.
        texts.extend(kept.into_values().filter(|text| !text.starts_with('[')));
    }
    for ticket in w.sandbox.tickets() {
        texts.extend([ticket.subject, ticket.email, ticket.name]);
        texts.extend(ticket.entries.into_iter().map(|entry| entry.text));
    }
    let found = repeated(&heard(), &texts);
    assert!(
        found.is_empty(),
        "the log repeats what somebody wrote: {found:#?}"
    );
}
