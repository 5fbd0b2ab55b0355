//! What the product logs, heard at every level: for the whole process, and kept for each story apart.

use std::cell::RefCell;
use std::io::Write;

thread_local! {
    /// What was logged on this thread. A story has a thread of its own, and everything of it runs there.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

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
        .with_env_filter("countersign=trace,stories=trace")
        .with_ansi(false)
        .with_writer(|| Log)
        .finish();
    drop(tracing::subscriber::set_global_default(subscriber));
    tracing::info!("the log is heard");
}

/// What this story logged. Fails when nothing was heard at all.
pub fn heard() -> String {
    let log = LOGGED.with_borrow(Clone::clone);
    let log = String::from_utf8_lossy(&log).into_owned();
    assert!(log.contains("the log is heard"), "{log}");
    log
}
