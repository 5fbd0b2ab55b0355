//! The case on a card: what it is, where it came from, what it says, and where the ticket is.

use super::draft::{model_words, words};
use super::identity;
use super::rich::{Line, Rich};
use super::text::{fit, is_odd, shown};
use crate::domain::card::CaseFace;
use crate::domain::verdict::Signal;

/// The case: what it is, who asked, as much of its text as there is room for, and where the ticket is.
#[must_use]
pub fn whole(case: &CaseFace, most: usize) -> Rich {
    let mut rich = origin(case);
    // The text begins with its subject.
    if !case.text.starts_with(&case.headline) {
        rich = rich.line(Line::begin().text("Subject: ").foreign(&case.headline, 150));
    }
    rich.quote_shown(&fit(&shown(&case.text), most))
        .line(ticket(case))
}

/// The case without its text: number, category, severity, who read it, where it came from.
#[must_use]
pub fn origin(case: &CaseFace) -> Rich {
    let mut rich = Rich::begin()
        .line(Line::begin().bold(&title(case)))
        .line(origin_line(case))
        .line(identity::line(case, 200).unwrap_or_default());
    if !case.signals.is_empty() {
        let seen: Vec<String> = case
            .signals
            .iter()
            .map(|signal| match signal {
                Signal::Instruction => "orders to the machine".to_owned(),
                other => words(other.word()),
            })
            .collect();
        rich = rich.line(
            Line::begin()
                .text("Words in it speak of: ")
                .text(&seen.join(", ")),
        );
    }
    if is_odd(&case.text) || is_odd(&case.headline) {
        rich = rich.line(
            Line::begin()
                .bold("Odd characters: ")
                .text("the ticket has characters that hide, reorder or imitate others."),
        );
    }
    rich
}

/// Where the ticket is.
#[must_use]
pub fn ticket(case: &CaseFace) -> Line {
    match &case.url {
        Some(url) => Line::begin().link("Open the ticket", url),
        None => Line::begin().text("Ticket ").foreign(&case.external, 80),
    }
}

/// Number, category and severity: how people name a case.
#[must_use]
pub fn title(case: &CaseFace) -> String {
    let category = case
        .category
        .map_or_else(|| "not triaged".into(), |category| words(category.word()));
    let severity = case
        .severity
        .map_or_else(String::new, |severity| format!(" · severity {severity}"));
    format!("Case #{} · {category}{severity}", case.number)
}

/// Which model read the ticket, where it came from, and whether the requester is vouched for.
fn origin_line(case: &CaseFace) -> Line {
    Line::begin()
        .text("Read by ")
        .foreign(&model_words(&case.model), 80)
        .text(" · from ")
        .foreign(&case.source, 40)
        .text(if case.requester_verified {
            " · requester verified by the source"
        } else {
            " · requester NOT verified"
        })
}
