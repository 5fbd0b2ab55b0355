//! The batch card: up to ten rows, each with its whole draft and its own buttons; rows never move.
//!
//! Every row keeps to its own share of Slack's total for a message, so that a new row or a decided row
//! never changes what another row shows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::{model_words, row_facts, rule_line, words};
use super::rich::{Line, Rich};
use super::text::fit;
use super::{Part, decided, draft, kit, limits, request_buttons};
use crate::domain::approval::RequestState;
use crate::domain::card::{CaseFace, RequestFace};

/// What one of ten rows may take of Slack's total for a message, the title's part left aside.
const ROW_SHARE: usize = 1_255;
/// The longest draft that a row shows in full, labels included.
pub const ROW_DRAFT: usize = 700;

/// The parts of a batch card and its fallback text.
#[must_use]
pub fn parts(rows: &[RequestFace], people: &str, closed: bool) -> (Vec<Part>, String) {
    let waiting = rows
        .iter()
        .filter(|row| row.state == RequestState::Pending)
        .count();
    let title = if waiting == 0 {
        format!("Review · all {} decided", rows.len())
    } else {
        format!("Review · {waiting} of {} waiting", rows.len())
    };
    let until = rows
        .iter()
        .filter(|row| row.state == RequestState::Pending)
        .map(|row| row.request.asking.due_at)
        .min();
    let mut who = Line::begin()
        .text("Who may decide: ")
        .people(&fit(people, 150));
    if let Some(due) = until {
        who = who.text(" · first one due ").time(due);
    }
    who = who.text(if closed {
        " · this card is complete"
    } else {
        " · more rows may follow, rows never move"
    });
    let models: BTreeSet<String> = rows
        .iter()
        .map(|row| model_words(&row.case.model))
        .collect();
    let models: Vec<String> = models.into_iter().collect();
    let models = Line::begin()
        .text("Read by ")
        .foreign(&models.join(", "), 120);
    let mut parts = vec![Part::frame(vec![
        kit::header("cs.title.0", &title),
        Rich::begin().line(who).line(models).done("cs.who.0"),
    ])];
    for (index, face) in rows.iter().enumerate() {
        let row = face
            .row
            .unwrap_or_else(|| u32::try_from(index + 1).unwrap_or(u32::MAX));
        parts.push(row_part(face, row));
    }
    (parts, format!("Countersign: {title}"))
}

/// How much a row says besides its draft.
#[derive(Clone, Copy)]
struct Form {
    headline: usize,
    facts: usize,
    rule: usize,
    draft: usize,
    lines: usize,
}

/// Everything there is to say.
const FULL: Form = Form {
    headline: 80,
    facts: 160,
    rule: 130,
    draft: ROW_DRAFT,
    lines: 6,
};

/// From everything down to what a person cannot do without.
const FORMS: [Form; 4] = [
    FULL,
    Form { lines: 4, ..FULL },
    Form {
        headline: 40,
        facts: 60,
        rule: 60,
        draft: ROW_DRAFT,
        lines: 2,
    },
    Form {
        headline: 40,
        facts: 60,
        rule: 60,
        draft: ROW_DRAFT / 2,
        lines: 2,
    },
];

/// A row in the fullest form that keeps to its share.
fn row_part(face: &RequestFace, row: u32) -> Part {
    let mut blocks = vec![];
    for form in FORMS {
        blocks = row_blocks(face, row, form);
        if limits::weight(&blocks) <= ROW_SHARE {
            break;
        }
    }
    Part::of_request(blocks, face, "batch")
}

fn row_blocks(face: &RequestFace, row: u32, form: Form) -> Vec<Value> {
    let title = format!(
        "{row} · {} · {}",
        draft::named(&face.draft),
        case_title(&face.case).replacen("Case", "case", 1)
    );
    let mut rich = Rich::begin().line(Line::begin().bold(&fit(&title, 110)));
    let mut about = Line::begin()
        .text("“")
        .foreign(&face.case.headline, form.headline)
        .text("”");
    if let Some(url) = &face.case.url {
        about = about.text(" · ").link("ticket", url);
    }
    if let Some(url) = &face.draft.upstream {
        about = about.text(" · ").link("in Stripe", url);
    }
    rich = rich.line(about);
    // Of the other actions the title and the draft say it all.
    if face.draft.kind.is_money() {
        rich = rich.line(Line::begin().text("A recommendation: no money moves by it."));
    }
    if face.state == RequestState::Pending {
        if let Some(warnings) = draft::careful(&face.cautions) {
            rich = rich.line(Line::begin().bold(&format!("Careful: {warnings}.")));
        }
        let facts = row_facts(&face.assessment.facts, &face.assessment.missing);
        rich = rich
            .line(Line::begin().foreign(&facts, form.facts))
            .line(Line::begin().aside(&fit(&rule_line(face), form.rule)));
    }
    let shown = draft::put(rich, &face.draft, form.draft);
    let mut rich = shown.rich;
    for line in decided::outcome(face).into_iter().take(form.lines) {
        rich = rich.line(line);
    }
    vec![
        rich.done(&format!("cs.row.{row}")),
        request_buttons(face, row, shown.whole),
    ]
}

/// Number, category and severity: how people name a case.
#[must_use]
pub fn case_title(case: &CaseFace) -> String {
    let category = case
        .category
        .map_or_else(|| "not triaged".into(), |category| words(category.word()));
    let severity = case
        .severity
        .map_or_else(String::new, |severity| format!(" · severity {severity}"));
    format!("Case #{} · {category}{severity}", case.number)
}

/// Which model read the ticket, where it came from, and whether the requester is vouched for.
#[must_use]
pub fn origin_line(case: &CaseFace) -> Line {
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
