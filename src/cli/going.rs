//! The end of `countersign run`: what goes out later, what still waits for people, and waiting for the first of these.

use std::time::Duration;

use super::dialogue::{Dialogue, STEPS};
use super::sheet::{minute, short};
use crate::adapters::machine::MachineClock;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::case::{Case, StepState};
use crate::domain::time::At;
use crate::ports::Clock as _;

/// How often it is looked again whether what was due has gone out.
const ROUNDS: usize = 20;
/// How long after its time it is looked.
const A_MOMENT: Duration = Duration::from_millis(100);

impl Dialogue<'_> {
    /// Stays until the undo time of what was approved is over, and carries it out.
    pub(super) async fn wait_out(&self) -> anyhow::Result<()> {
        for _ in 0..ROUNDS {
            let case = self.case().await?;
            let due = case.requests.iter().filter_map(|one| going_out(&case, one));
            let Some(at) = due.max() else {
                return Ok(());
            };
            let now = MachineClock.now();
            if now < at {
                say!(
                    "\nWaiting until {}, while it can be taken back.",
                    moment(at)
                );
            }
            let left = u64::try_from(at.since(now).0).unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(left) + A_MOMENT).await;
            self.engine.settle(STEPS).await?;
        }
        Ok(())
    }

    /// What waits still: for people, and for its time.
    pub(super) async fn left_open(&self) -> anyhow::Result<()> {
        let case = self.case().await?;
        let mut waiting = vec![];
        for asked in &case.requests {
            let Some(face) = self.engine.request_face(&case, &asked.request.id).await? else {
                continue;
            };
            if let Some(at) = going_out(&case, asked) {
                say!(
                    "\n{} This goes out after {} unless it is taken back (--decide undo). Run the same ticket again then, or with --wait now, to see it go.",
                    face.draft.effect,
                    moment(at)
                );
            }
            if asked.state == RequestState::Pending {
                waiting.push(line(asked, &face.draft.effect, &face.people));
            }
        }
        if !waiting.is_empty() {
            say!("\nLeft open, until somebody runs the same ticket again:");
            waiting.iter().for_each(|line| say!("  {line}"));
        }
        Ok(())
    }
}

/// When an approved action goes out, while it has not.
pub(super) fn going_out(case: &Case, asked: &RequestProgress) -> Option<At> {
    let draft = case.draft(&asked.request.draft)?;
    match draft.act {
        StepState::Due(at) if asked.state == RequestState::Approved => Some(at),
        _ => None,
    }
}

/// A moment in UTC, to the second.
fn moment(at: At) -> String {
    let at = at.rfc3339();
    format!("{} UTC", at.get(..19).unwrap_or(&at).replace('T', " "))
}

fn line(asked: &RequestProgress, effect: &str, people: &str) -> String {
    let due = minute(asked.request.asking.due_at);
    format!(
        "{}  {effect} For {people}, due {due}.",
        short(asked.request.id.as_str())
    )
}
