//! The batch card: up to ten rows, each with its whole draft and its own buttons; rows never move.
//!
//! Every row keeps to its own share of Slack's total for a message, so that a new row or a decided row
//! never changes what another row shows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case;
use super::draft::model_words;
use super::facts::{careful, row_facts, sureness, why_line};
use super::rich::{Line, Rich};
use super::text::fit;
use super::{Part, decided, draft, identity, kit, limits, request_buttons};
use crate::domain::approval::RequestState;
use crate::domain::card::RequestFace;

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
        " · no more rows follow"
    } else {
        " · more rows may follow"
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
        let above = index.checked_sub(1).and_then(|above| rows.get(above));
        parts.push(row_part(face, row, above));
    }
    (parts, format!("Countersign: {title}"))
}

/// How much a row says besides its draft.
#[derive(Clone, Copy)]
struct Form {
    divided: bool,
    headline: usize,
    facts: usize,
    why: usize,
    draft: usize,
    lines: usize,
}

/// Everything there is to say.
const FULL: Form = Form {
    divided: true,
    headline: 80,
    facts: 160,
    why: 130,
    draft: ROW_DRAFT,
    lines: 6,
};

/// What a person cannot do without, with room for the facts of money.
const SHORT: Form = Form {
    divided: false,
    headline: 40,
    facts: 130,
    why: 90,
    draft: ROW_DRAFT,
    lines: 4,
};

/// What fits beside the longest draft.
const SHORTEST: Form = Form {
    facts: 60,
    why: 60,
    lines: 2,
    ..SHORT
};

/// From everything down to what a person cannot do without.
const FORMS: [Form; 5] = [
    FULL,
    Form {
        divided: false,
        ..FULL
    },
    SHORT,
    SHORTEST,
    Form {
        draft: ROW_DRAFT / 2,
        ..SHORTEST
    },
];

/// A row in the fullest form that keeps to its share.
fn row_part(face: &RequestFace, row: u32, above: Option<&RequestFace>) -> Part {
    let mut blocks = vec![];
    for form in FORMS {
        blocks = row_blocks(face, row, above, form);
        if limits::weight(&blocks) <= ROW_SHARE {
            break;
        }
    }
    Part::of_request(blocks, face, "batch")
}

fn row_blocks(face: &RequestFace, row: u32, above: Option<&RequestFace>, form: Form) -> Vec<Value> {
    let joined = above.filter(|above| above.case.id == face.case.id);
    let mut rich = Rich::begin();
    let mut title = Line::begin().bold(&format!("{row} · {}", draft::named(&face.draft)));
    match joined {
        Some(_) => title = title.text(&format!(" · case #{}", face.case.number)),
        None => rich = case_head(rich, face, form),
    }
    // Whether the row above is decided by now makes no difference: what warns of its case warns of this row too.
    if joined.is_none_or(|above| above.cautions != face.cautions) {
        rich = rich.line(careful(&face.cautions).unwrap_or_default());
    }
    if face.draft.kind.is_money() {
        title = title.text(" · no money moves by it");
    }
    let shown = draft::put(rich.line(title), &face.draft, form.draft);
    let mut rich = shown.rich;
    if face.state == RequestState::Pending {
        let due = face.request.asking.due_at;
        rich = rich
            .line(Line::begin().foreign(&row_facts(face), form.facts))
            .line(why_line(face, form.why).text(" · due ").time(due));
    }
    for line in decided::outcome(face).into_iter().take(form.lines) {
        rich = rich.line(line);
    }
    let divider = (joined.is_none() && above.is_some() && form.divided)
        .then(|| kit::divider(&format!("cs.case.{row}")));
    divider
        .into_iter()
        .chain([
            rich.done(&format!("cs.row.{row}")),
            request_buttons(face, row, shown.whole),
        ])
        .collect()
}

/// What is said once for the rows of one case that stand together.
fn case_head(rich: Rich, face: &RequestFace, form: Form) -> Rich {
    let mut title = Line::begin().bold(&case::title(&face.case));
    if let Some(sure) = sureness(&face.assessment.facts) {
        title = title.text(&format!(" · {sure}"));
    }
    let mut about = Line::begin()
        .text("“")
        .foreign(&face.case.headline, form.headline)
        .text("” · ");
    about = match &face.case.url {
        Some(url) => about.link("ticket", url),
        None => about.text("ticket ").foreign(&face.case.external, 40),
    };
    rich.line(title)
        .line(about)
        .line(identity::line(&face.case, 0).unwrap_or_default())
}
