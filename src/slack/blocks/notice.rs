//! What stands in for a card that could not be put up: numbers and roles, and no content.

use super::Part;
use super::draft::role_words;
use super::rich::{Line, Rich};
use crate::domain::case::cards::{Notice, NoticeAbout, NoticeState};

/// The blocks of a notice, and its notification. It is no view: nothing can be decided on it.
#[must_use]
pub fn parts(notice: &Notice) -> (Vec<Part>, String) {
    let (what, open) = match &notice.about {
        NoticeAbout::Escalation(role, number) => (
            Line::begin().bold(&format!(
                "A case for {} waits: #{number}.",
                role_words(*role)
            )),
            Some(number),
        ),
        NoticeAbout::Status(role, number) => (
            Line::begin().bold(&format!(
                "A case of {} waits for a decision: #{number}.",
                role_words(*role)
            )),
            Some(number),
        ),
        NoticeAbout::Question(person, number) => (
            Line::begin()
                .bold(&format!("A decision on case #{number} waits for "))
                .person(person)
                .text(", who could not be sent the question."),
            Some(number),
        ),
        NoticeAbout::Batch => (
            Line::begin().bold("Proposals wait for their reviewers."),
            None,
        ),
    };
    let open = open.map_or_else(
        || "/triage queue".to_owned(),
        |number| format!("/triage show {number}"),
    );
    let rich = Rich::begin().line(what);
    let rich =
        match notice.state {
            NoticeState::Missing => rich
                .line(
                    Line::begin()
                        .text("Slack refused the card where it belongs. Open it with ")
                        .code(&open)
                        .text("."),
                )
                .line(Line::begin().aside(
                    "It is tried again every 15 minutes, and at once when the case is opened.",
                )),
            NoticeState::Stands => {
                rich.line(Line::begin().text("The card stands where it belongs now."))
            }
            NoticeState::Over => rich.line(Line::begin().text("Nothing waits there any more.")),
        };
    let part = Part::frame(vec![rich.done("cs.notice.0")]);
    (vec![part], "Countersign: a card could not be shown".into())
}
