//! How a story ended, in lines that can be compared: what became of everything, whenever and however often it was
//! tried.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use countersign::domain::case::Case;
use countersign::domain::case::StepState;
use countersign::sandbox::DeskTicket;
use regex::Regex;

use crate::workbench::Workbench;

/// Times of day, digests of what holds a time or a salt, and the desk's own numbers, which count what it is asked:
/// a crash makes things later, and nothing else of them.
static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"\d{1,2}:\d{2}(:\d{2})?|\d+ (seconds|minutes)|<!date[^>]*>";
    Regex::new(&format!(r"{time}|\b[0-9a-f]{{12}}\b|\b[EW]-\d{{5}}\b")).unwrap()
});

/// What is there at the end of a story. Two runs ended alike when these lines are the same.
pub async fn ending(w: &Workbench) -> Vec<String> {
    let mut lines = vec![];
    for ticket in w.sandbox.tickets() {
        lines.extend(on_the_desk(&ticket));
    }
    for case in w.cases().await {
        lines.extend(decided(&case));
        let external = &case.ticket.as_ref().unwrap().external;
        let told: BTreeSet<String> = w.story(external).await.into_iter().collect();
        lines.extend(
            told.into_iter()
                .map(|sentence| format!("story: {sentence}")),
        );
    }
    lines.extend(in_slack(w));
    let mut lines: Vec<String> = lines
        .iter()
        .map(|line| MOMENT.replace_all(line, "(a moment)").into_owned())
        .collect();
    lines.sort();
    lines
}

fn on_the_desk(ticket: &DeskTicket) -> Vec<String> {
    let DeskTicket {
        id,
        status,
        priority,
        queue,
        labels,
        ..
    } = ticket;
    let mut lines = vec![format!(
        "desk {id}: {status} {priority:?} {queue:?} {labels:?}"
    )];
    let entries = ticket.entries.iter();
    lines.extend(entries.map(|entry| format!("desk {id}, {}: {}", entry.kind.name(), entry.text)));
    lines
}

/// Requests, escalations and steps, each with where it stands.
fn decided(case: &Case) -> Vec<String> {
    let id = case.number;
    let mut lines = vec![format!(
        "case {id}: {} {:?}",
        case.stage(),
        case.human_needed
    )];
    for progress in &case.requests {
        let request = &progress.request;
        let kind = case.draft(&request.draft).unwrap().draft.action.kind();
        let decisions = progress.decisions.iter();
        let by: Vec<String> = decisions
            .map(|one| format!("{} {}", one.person.user, one.verb))
            .collect();
        let (tier, state) = (request.tier, progress.state);
        lines.push(format!("case {id} asks {kind}: {tier} {state:?} by {by:?}"));
    }
    for (escalation, progress) in &case.escalations {
        let taken = progress.taken.is_some();
        let (role, cause, open) = (escalation.role, escalation.cause, progress.is_open());
        lines.push(format!(
            "case {id}: {role} {cause} open {open}, taken {taken}, {:?}",
            progress.answer.as_ref().map(|one| one.0)
        ));
    }
    for progress in &case.drafts {
        let kind = progress.draft.action.kind();
        let (note, act) = (standing(&progress.note), standing(&progress.act));
        lines.push(format!("case {id}: {kind}, note {note}, act {act}"));
    }
    lines
}

const fn standing(step: &StepState) -> &'static str {
    match step {
        StepState::Idle => "idle",
        StepState::Due(_) => "due",
        StepState::Held(_) => "held",
        StepState::Going(_) => "going",
        StepState::Done(..) => "done",
        StepState::Voided(_) => "void",
        StepState::Failed(_) => "failed",
        StepState::Unknown(_) => "unknown",
    }
}

/// How a message begins that tells people what became of their own click.
const OWN_CLICK: &str = "Countersign: your click";

/// Every message for everybody, each as often as it stands; what one person was told, once. What became of a click is
/// told in the modal that it was made in, or as a message where nobody could fill that modal any more: one or the
/// other.
fn in_slack(w: &Workbench) -> Vec<String> {
    let mut open = vec![];
    let mut told = BTreeSet::new();
    for message in w.everything() {
        let text = message.all_text();
        match message.ephemeral_for {
            Some(who) => drop(told.insert(format!("told {who}: {text}"))),
            None if text.starts_with(OWN_CLICK) => {}
            None => open.push(format!("in {}: {text}", message.channel)),
        }
    }
    open.extend(told);
    open
}
