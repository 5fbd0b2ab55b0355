//! What has become of a request, in words: who, what, when, and what follows.

use super::rich::Line;
use super::text::fit;
use crate::domain::approval::{RequestState, Verb};
use crate::domain::card::{ActFace, DecisionFace, RequestFace};
use crate::domain::escalation::Role;
use crate::domain::person::Person;
use crate::domain::time::At;
use crate::slack::verbs::Verb as Button;

/// The lines that stand where the buttons stood; empty while a request waits and nobody has decided.
#[must_use]
pub fn outcome(face: &RequestFace) -> Vec<Line> {
    let mut lines: Vec<Line> = face.decisions.iter().map(decision_line).collect();
    match face.state {
        RequestState::Pending => {
            let approvals = face
                .decisions
                .iter()
                .filter(|decision| decision.verb != Verb::Reject)
                .count();
            if approvals > 0 {
                lines.push(Line::begin().text(&format!(
                    "{approvals} of {} approvals. It still waits.",
                    face.request.asking.quorum
                )));
            }
        }
        RequestState::Approved => lines.extend(act(face)),
        RequestState::Rejected => {
            lines.push(Line::begin().text("Nothing was sent and nothing will be."));
        }
        RequestState::Lapsed => lines.push(lapsed(face)),
        RequestState::Superseded => lines.push(
            Line::begin()
                .bold("Superseded. ")
                .people(&fit(
                    face.why
                        .as_deref()
                        .unwrap_or("A newer draft took its place."),
                    200,
                ))
                .text(" Nothing was sent."),
        ),
        RequestState::Undone => lines.push(
            Line::begin()
                .bold("Taken back. ")
                .people(&fit(face.why.as_deref().unwrap_or_default(), 200))
                .text(" Nothing was sent; it is asked again."),
        ),
    }
    lines
}

/// Who decided what, when and why.
#[must_use]
pub fn decision_line(decision: &DecisionFace) -> Line {
    let what = match decision.verb {
        Verb::Approve => "Approved by ",
        Verb::Edit => "Approved with changes by ",
        Verb::Reject => "Rejected by ",
    };
    let line = Line::begin()
        .bold(what)
        .person(&decision.person)
        .text(", ")
        .time(decision.at);
    if decision.reason.trim().is_empty() {
        return line;
    }
    line.text(" · reason: “")
        .foreign(&decision.reason, 200)
        .text("”")
}

fn lapsed(face: &RequestFace) -> Line {
    if face.left_undone {
        let line = Line::begin()
            .bold("Lapsed. ")
            .text("Nobody decided in time. Nothing was done.");
        return match &face.now_with {
            Some(role) => line.text(&format!(
                " It is said on the card of {role}, which has the case."
            )),
            None => line,
        };
    }
    let line = Line::begin()
        .bold("Lapsed. ")
        .text("Nobody answered by ")
        .time(face.request.asking.due_at)
        .text("; nothing was approved and nothing rejected.");
    match &face.now_with {
        Some(people) => line.text(" Now with ").people(&fit(people, 200)).text("."),
        None => line,
    }
}

/// What has become of the action of an approved request.
fn act(face: &RequestFace) -> Option<Line> {
    let money = face.draft.kind.is_money();
    Some(match &face.act {
        ActFace::NotYet if money => {
            Line::begin().text("No money has moved. It goes to billing next.")
        }
        ActFace::NotYet => Line::begin().text("Nothing has been sent yet."),
        ActFace::GoesOut { at } => Line::begin()
            .text("It goes out at ")
            .time(*at)
            .text(" unless it is taken back."),
        ActFace::Going => {
            Line::begin().text("It is going out now and cannot be taken back any more.")
        }
        ActFace::Held { why } => Line::begin()
            .bold("Held: ")
            .foreign(&ended(why), 200)
            .text(" Nothing has been sent."),
        ActFace::Done {
            acknowledgement,
            at,
        } => {
            let line = Line::begin().bold("Done ").time(*at);
            // What a role is given has no reference outside.
            if super::draft::is_said_by_its_effect(face.draft.kind) {
                line.text(". The card in the role's channel says who takes it.")
            } else {
                line.text(" · reference ")
                    .code(&fit(&acknowledgement.reference, 60))
            }
        }
        ActFace::Voided { why } => Line::begin()
            .bold("Not carried out: ")
            .foreign(&ended(why), 200),
        ActFace::Failed { why } => Line::begin()
            .bold("Failed: ")
            .foreign(&ended(why), 200)
            .text(" Nothing was changed; a person has to look."),
        ActFace::Unknown { why } => Line::begin()
            .bold("Outcome unknown: ")
            .foreign(&ended(why), 200)
            .text(" It is not sent again before somebody has looked."),
        ActFace::WithRole {
            answer: Some((words, by, at)),
            ..
        } => billing_says(words, by, *at).text(" Countersign itself moves no money."),
        ActFace::WithRole {
            role, since, taken, ..
        } => with(*role, *since, taken.as_ref(), money),
    })
}

/// Who has it, before billing has said what it does.
fn with(role: Role, since: At, taken: Option<&(Person, At)>, money: bool) -> Line {
    let unmoved = if money { "No money has moved. " } else { "" };
    let line = Line::begin().bold(unmoved).text("With ");
    let line = match taken {
        Some((by, at)) => line.person(by).text(" since ").time(*at),
        None => line
            .text(super::draft::role_words(role))
            .text(" since ")
            .time(since),
    };
    line.text(".")
}

/// A clause with its full stop.
fn ended(clause: &str) -> String {
    format!("{}.", clause.trim_end().trim_end_matches('.'))
}

/// What billing answered: after it, nobody here can say whether money has moved.
#[must_use]
pub fn billing_says(words: &str, by: &Person, at: At) -> Line {
    Line::begin()
        .bold("Billing says: ")
        .foreign(words, 300)
        .text(" (")
        .person(by)
        .text(", ")
        .time(at)
        .text(").")
}

/// The state in a word or two, for headers.
#[must_use]
pub fn state_words(face: &RequestFace) -> &'static str {
    match (face.state, &face.act) {
        (RequestState::Pending, _) => "Approval needed",
        (RequestState::Approved, ActFace::Done { .. }) => "Done",
        (RequestState::Approved, ActFace::Held { .. }) => "Approved, held",
        (RequestState::Approved, ActFace::Voided { .. }) => "Approved, not carried out",
        (RequestState::Approved, ActFace::Failed { .. }) => "Approved, failed",
        (RequestState::Approved, ActFace::Unknown { .. }) => "Approved, outcome unknown",
        (RequestState::Approved, _) if face.draft.kind.is_money() => "Recommended to billing",
        (RequestState::Approved, _) => "Approved",
        (RequestState::Rejected, _) => "Rejected",
        (RequestState::Lapsed, _) => "Lapsed",
        (RequestState::Superseded, _) => "Superseded",
        (RequestState::Undone, _) => "Taken back",
    }
}

/// The verbs that a card offers for a request in its state. `whole` says whether the card shows all of it.
#[must_use]
pub fn verbs(face: &RequestFace, whole: bool) -> Vec<Button> {
    match (face.state, &face.act) {
        (RequestState::Pending, _) => {
            let mut verbs = vec![];
            if whole {
                verbs.push(approve_verb(face));
            }
            verbs.extend([Button::Edit, Button::Reject, Button::Details]);
            verbs
        }
        (RequestState::Approved, ActFace::GoesOut { .. } | ActFace::Held { .. }) => {
            vec![Button::Undo, Button::Details]
        }
        _ => vec![Button::Details],
    }
}

/// Approving at once, or through the modal that asks for the reason which the high tier needs.
#[must_use]
pub fn approve_verb(face: &RequestFace) -> Button {
    if face.request.tier == crate::domain::approval::Tier::High {
        Button::ApproveWhy
    } else {
        Button::Approve
    }
}
